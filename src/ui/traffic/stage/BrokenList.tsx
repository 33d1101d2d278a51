// What is broken at the moment shown, over the stage, each with the way to mend it.
import type { FaultVerb } from "../../../simulation/traffic/fault.ts";
import type { TakenChange } from "../../../worker/traffic-protocol.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { useTraffic } from "../traffic-context.ts";

interface Broken {
  readonly words: string;
  readonly mending: FaultVerb;
}

export function BrokenList({ run }: { readonly run: TrafficRun }) {
  const changes = useTraffic(run, (state) => state.changes);
  useTraffic(run, ({ version }) => version);
  const broken = brokenAt(changes, run.frame()?.timeNs ?? 0);
  if (broken.length === 0) return null;
  return (
    <ul className="broken-list" aria-label="What is broken">
      {broken.map(({ words, mending }) => (
        <li key={words}>
          <span>{words}</span>
          <button
            type="button"
            className="link-button"
            onClick={() => void run.change({ kind: "fault", fault: mending })}
          >
            {mending.verb === "release" ? "Release" : "Mend"}
            <span className="is-unseen"> {words}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What was broken up to a time and not mended since. What time alone mends is not listed. */
export function brokenAt(changes: readonly TakenChange[], timeNs: number): readonly Broken[] {
  const broken = new Map<string, Broken>();
  for (const { atNs, change, words } of changes)
    if (change.kind === "fault" && atNs <= timeNs) note(broken, change.fault, words);
  return [...broken.values()];
}

/** One fault more: it breaks something, or mends what was broken before. */
function note(broken: Map<string, Broken>, fault: FaultVerb, words: string): void {
  const what = "link" in fault ? fault.link : fault.process;
  switch (fault.verb) {
    case "hold":
      broken.set(`${what}:hold`, { words, mending: { ...fault, verb: "release" } });
      return;
    case "slow":
    case "drop":
      broken.set(`${what}:${fault.verb}`, { words, mending: { verb: "mend", link: fault.link } });
      return;
    case "release":
      broken.delete(`${what}:hold`);
      return;
    default:
      for (const key of [...broken.keys()]) if (key.startsWith(`${what}:`)) broken.delete(key);
  }
}
