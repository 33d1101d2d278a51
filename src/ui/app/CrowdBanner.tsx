// Over a journey that was taken from a run of traffic: which request it is, and the way back.
import { useStore } from "zustand";
import { Icon } from "../widgets/Icon.tsx";
import { backToTraffic } from "./commands.ts";
import { useRun, useSession } from "./session-context.ts";

export function CrowdBanner() {
  const session = useSession();
  const opened = useStore(session.crowd, (crowd) => crowd.opened);
  const tries = useStore(session.crowd, (crowd) => crowd.tries);
  const spec = useRun((run) => run.spec);
  if (opened === null) return null;
  return (
    <div className="crowd-banner" role="status">
      <span>
        Request <strong>{opened.toLocaleString("en-US")}</strong> of the run
        {tries.length > 1 && tryText(tries, opened)}, as it ran in the crowd
      </span>
      <button type="button" className="button" onClick={() => backToTraffic({ session })}>
        <Icon name="back" /> Back to the run <kbd>B</kbd>
      </button>
      <button
        type="button"
        className="button is-plain"
        onClick={() => spec !== null && void session.open(spec)}
      >
        Leave the run
      </button>
    </div>
  );
}

/** What was sent again is one wish of its client: ", try 2 of 4 (first sent as 230)". */
export function tryText(tries: readonly number[], opened: number): string {
  const place = tries.indexOf(opened);
  const first = place === 0 ? "" : ` (first sent as ${tries[0].toLocaleString("en-US")})`;
  return `, try ${place + 1} of ${tries.length}${first}`;
}
