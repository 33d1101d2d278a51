// The journey as text alone: for a screen reader, a terminal, a handout.
import { Dialog } from "../widgets/Dialog.tsx";
import { CopyButton } from "./CopyButton.tsx";
import type { DialogContentProps } from "./Dialogs.tsx";
import { useJourney, useSession } from "./session-context.ts";

export function TranscriptDialog({ onClose }: DialogContentProps) {
  const journey = useJourney();
  const text = useSession().transcript();
  return (
    <Dialog title="Transcript" onClose={onClose} isWide>
      <div className="copy-row">
        <p>The whole journey in words, {journey?.steps.length ?? 0} steps.</p>
        <CopyButton text={text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable. */}
      <pre className="transcript" tabIndex={0} aria-label="Transcript">
        {text}
      </pre>
    </Dialog>
  );
}
