// What went wrong, said where it is seen: links that could not be restored in full, runs that failed.
import { useState } from "react";
import type { Changes } from "../../simulation/edited-scenario.ts";
import type { RunSpec } from "../../worker/protocol.ts";
import { draftKey, keepDraft, readDraft } from "../session/drafts.ts";
import { Icon } from "../widgets/Icon.tsx";
import { toggleFiles } from "./commands.ts";
import { useJourney, useRun, useSession, useView } from "./session-context.ts";

/** What the link could not restore, and what kept the scenario from running as written. */
export function LossNotice() {
  const session = useSession();
  const losses = useRun((run) => run.losses);
  const problems = useJourney()?.problems ?? [];
  if (losses.length === 0 && problems.length === 0) return null;
  return (
    <div className="notice" role="status">
      <Icon name="warning" />
      <ul>
        {[...losses, ...problems].map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {losses.length > 0 && (
        <button type="button" className="button is-plain" onClick={session.dismissLosses}>
          Dismiss
        </button>
      )}
    </div>
  );
}

export function RunFailure({ message }: { readonly message: string }) {
  const session = useSession();
  const spec = useRun((run) => run.spec);
  const changed = Object.keys(spec?.files ?? {});
  async function withoutChanges(): Promise<void> {
    if (spec === null) return;
    keepDraft(localStorage, draftKey(spec), spec.files);
    await session.open({ ...spec, files: {}, actions: [] });
  }
  return (
    <div className="failure" role="alert">
      <h1>This scenario cannot be shown</h1>
      <p>{message}</p>
      {changed.length > 0 && (
        <>
          <p>It has changes to {changed.join(", ")}. They are not lost: Files offers them again.</p>
          <button type="button" className="button" onClick={() => void withoutChanges()}>
            Open it without the changes
          </button>
        </>
      )}
      <p>Choose another scenario above.</p>
    </div>
  );
}

/** Says that changes are kept that the run shown does not have: Files offers them. */
export function DraftNotice() {
  const session = useSession();
  const spec = useRun((run) => run.spec);
  const isFilesOpen = useView((view) => view.file !== null);
  const [isRefused, setIsRefused] = useState(false);
  if (spec === null || isFilesOpen || isRefused) return null;
  const kept = draftIn(spec);
  if (kept === null || JSON.stringify(kept) === JSON.stringify(spec.files)) return null;
  return (
    <div className="notice" role="status">
      <Icon name="info" />
      <p>You changed files of this scenario. This run does not have the changes.</p>
      <button type="button" className="button" onClick={() => toggleFiles({ session })}>
        Look at them
      </button>
      <button type="button" className="button is-plain" onClick={() => setIsRefused(true)}>
        Not now
      </button>
    </div>
  );
}

function draftIn(spec: RunSpec): Changes | null {
  try {
    return readDraft(localStorage, draftKey(spec));
  } catch {
    // A browser may refuse even to name its storage.
    return null;
  }
}
