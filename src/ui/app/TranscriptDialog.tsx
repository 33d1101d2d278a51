// The journey as text alone: for a screen reader, a terminal, a handout.
import { Dialog } from "../widgets/Dialog.tsx";
import { ScrollRegion } from "../widgets/ScrollRegion.tsx";
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
      <ScrollRegion className="transcript" label="Transcript">
        <pre>
          {text.split("\n").map((line, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a text that never changes.
            <span key={number} className="transcript-line">
              {`${line}\n`}
            </span>
          ))}
        </pre>
      </ScrollRegion>
    </Dialog>
  );
}
