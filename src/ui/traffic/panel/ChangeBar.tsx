// Stays in sight below the sliders: what can be broken, the way back, and what was done last.
import type { TrafficRun } from "../../session/traffic-run.ts";
import { useTraffic } from "../traffic-context.ts";
import { FaultMenu } from "./FaultMenu.tsx";

export function ChangeBar({ run }: { readonly run: TrafficRun }) {
  const changes = useTraffic(run, (state) => state.changes);
  const notice = useTraffic(run, (state) => state.notice);
  const isRefused = useTraffic(run, (state) => state.isRefused);
  const told = notice ?? changes.at(-1)?.words ?? "";
  return (
    <section className="change-bar" aria-label="Break and undo">
      <div className="change-bar-buttons">
        <FaultMenu run={run} />
        <button
          type="button"
          className="button"
          aria-disabled={changes.length === 0}
          onClick={() => changes.length > 0 && void run.undo()}
        >
          Undo
        </button>
      </div>
      <p className={isRefused ? "change-told is-problem" : "change-told quiet"} role="status">
        {told}
      </p>
    </section>
  );
}
