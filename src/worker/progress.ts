// How far a run has come that takes long, told to the page from time to time: when the page has to end
// it, it can say at which line of the timeline that was.
import { formatSpan } from "../kernel/time.ts";
import type { RunProgress } from "../simulation/run.ts";
import type { Scenario } from "../simulation/scenario.ts";
import { jsonText } from "../simulation/scenario-parts.ts";
import { jsonLines } from "../text/json-lines.ts";
import type { FromWorker } from "./protocol.ts";

/** Between two reports, in milliseconds. */
const PAUSE_MS = 500;

/** Reports the progress of the run that `ticket` asked for. */
export function progressOf(
  scenario: Scenario,
  ticket: number,
  post: (message: FromWorker) => void,
): (progress: RunProgress) => void {
  let next = performance.now() + PAUSE_MS;
  let lines: ReadonlyMap<string, number> | null = null;
  return ({ taken, timeNs }) => {
    const now = performance.now();
    if (now < next) return;
    lines ??= jsonLines(jsonText(scenario.timeline));
    const line = lines.get(`[${Math.max(0, Math.min(taken, scenario.timeline.length) - 1)}]`) ?? 1;
    post({ kind: "at", ticket, place: `timeline:${line}, ${formatSpan(timeNs)} into the run` });
    next = performance.now() + PAUSE_MS;
  };
}
