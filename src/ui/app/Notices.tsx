// What went wrong, said where it is seen: links that could not be restored in full, runs that failed.
import { Icon } from "../widgets/Icon.tsx";
import { useJourney, useRun, useSession } from "./session-context.ts";

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
  return (
    <div className="failure" role="alert">
      <h1>This scenario cannot be shown</h1>
      <p>{message}</p>
      <p>Choose another scenario above.</p>
    </div>
  );
}
