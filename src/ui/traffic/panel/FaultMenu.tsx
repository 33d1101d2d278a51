// What can be broken, and mended: each link and each process with its verbs.
import type { FaultVerb } from "../../../simulation/traffic/fault.ts";
import type { ToldFault } from "../../../worker/traffic-protocol.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { Menu } from "../../widgets/Menu.tsx";
import { type Broken, brokenAt } from "../stage/BrokenList.tsx";
import { useTraffic } from "../traffic-context.ts";

export function FaultMenu({ run }: { readonly run: TrafficRun }) {
  const all = useTraffic(run, (state) => state.faults);
  const changes = useTraffic(run, (state) => state.changes);
  useTraffic(run, ({ version }) => version);
  const broken = brokenAt(changes, run.frame()?.timeNs ?? 0);
  const faults = all.filter(({ fault }) => isOffered(fault, broken));
  if (faults.length === 0) return null;
  return (
    <Menu name="Break something…" className="faults" label="Break something…">
      {(close) => (
        <ul className="fault-targets">
          {byTarget(faults).map(([target, own]) => (
            <li key={target}>
              <p className="fault-target">{target}</p>
              <div className="fault-verbs">
                {own.map(({ fault, verb, words }) => (
                  <button
                    key={words}
                    type="button"
                    className="chip-button"
                    title={words}
                    onClick={() => {
                      close();
                      void run.change({ kind: "fault", fault });
                    }}
                  >
                    {verb}
                    <span className="is-unseen"> – {words}</span>
                  </button>
                ))}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Menu>
  );
}

/** Nothing is released or mended that is whole. */
function isOffered(fault: FaultVerb, broken: readonly Broken[]): boolean {
  if (fault.verb !== "release" && fault.verb !== "mend") return true;
  return broken.some(({ mending }) => JSON.stringify(mending) === JSON.stringify(fault));
}

function byTarget(
  faults: readonly ToldFault[],
): readonly (readonly [string, readonly ToldFault[]])[] {
  const targets = [...new Set(faults.map(({ target }) => target))];
  return targets.map((target) => [target, faults.filter((each) => each.target === target)]);
}
