// What is broken at the moment shown, over the stage, each with the way to mend it.
import type { FaultVerb } from "../../../simulation/traffic/fault.ts";
import type { TakenChange } from "../../../worker/traffic-protocol.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { useTraffic } from "../traffic-context.ts";

export interface Broken {
  readonly words: string;
  readonly mending: FaultVerb;
}

const mendingWords: Readonly<Record<string, string>> = { release: "Release", restart: "Restart" };

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
            {mendingWords[mending.verb] ?? "Mend"}
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
    case "kill":
      for (const key of keysOf(broken, what)) broken.delete(key);
      // What systemd supervises comes back by itself, or its box says that it does not run.
      if (fault.process === "dns resolver")
        broken.set(`${what}:kill`, { words, mending: { verb: "restart", process: fault.process } });
      return;
    default:
      for (const key of keysOf(broken, what)) broken.delete(key);
  }
}

const keysOf = (broken: ReadonlyMap<string, Broken>, what: string): string[] =>
  [...broken.keys()].filter((key) => key.startsWith(`${what}:`));
