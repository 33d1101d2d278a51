// Over a journey that was taken from a run of traffic: which request it is, and the way back.
import { useStore } from "zustand";
import { Icon } from "../widgets/Icon.tsx";
import { backToTraffic } from "./commands.ts";
import { useRun, useSession } from "./session-context.ts";

export function CrowdBanner() {
  const session = useSession();
  const opened = useStore(session.crowd, (crowd) => crowd.opened);
  const spec = useRun((run) => run.spec);
  if (opened === null) return null;
  return (
    <div className="crowd-banner" role="status">
      <span>
        Request <strong>{opened.toLocaleString("en-US")}</strong> of the run, as it ran in the crowd
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
