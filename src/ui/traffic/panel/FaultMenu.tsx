// What can be broken, and mended: each link and each process with its verbs.
import type { ToldFault } from "../../../worker/traffic-protocol.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { Menu } from "../../widgets/Menu.tsx";
import { useTraffic } from "../traffic-context.ts";

export function FaultMenu({ run }: { readonly run: TrafficRun }) {
  const faults = useTraffic(run, (state) => state.faults);
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

function byTarget(
  faults: readonly ToldFault[],
): readonly (readonly [string, readonly ToldFault[]])[] {
  const targets = [...new Set(faults.map(({ target }) => target))];
  return targets.map((target) => [target, faults.filter((each) => each.target === target)]);
}
