// What the programs say of a scenario's texts before any client comes: the server boots as it would, each
// program reads its own files, and what they complain of is collected with file and line. Nothing of
// the timeline happens.
import { SECOND } from "../kernel/time.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { JourneyFile } from "./journey.ts";
import { diagnosticsOf, placeless, scenarioTexts } from "./journey-files.ts";
import { createRun } from "./run.ts";
import type { Scenario } from "./scenario.ts";

export interface Checked {
  /** Every text of the scenario with what is wrong with it. */
  readonly files: readonly JourneyFile[];
  /** What the programs would print that belongs to no line: commands that are not simulated. */
  readonly problems: readonly string[];
}

/** Longer than any of the programs takes to start or to give up. */
const BOOT_NS = 8 * SECOND;
/** A server that only boots has no more to do. */
const EVENTS_MAX = 100_000;

/** Boots `scenario` and collects what its programs say; `found` is what was wrong before that. */
export function checkTexts(scenario: Scenario, found: readonly Diagnostic[] = []): Checked {
  const run = createRun({ ...scenario, timeline: [] }, { keepJournal: false });
  run.sim.runUntil(run.zero + BOOT_NS, EVENTS_MAX);
  run.programs.readUrls();
  const all = diagnosticsOf(run, found).map((each) => withPlace(each, scenario));
  const files = scenarioTexts(scenario, all);
  return { files, problems: [...run.state().notModelled, ...placeless(files, all)] };
}

/** nginx finds unknown variables after it has read everything, and names no line: here it is found. */
function withPlace(diagnostic: Diagnostic, scenario: Scenario): Diagnostic {
  const name = /^\[emerg\] unknown "(\w+)" variable$/.exec(diagnostic.message)?.[1];
  if (diagnostic.file !== "" || name === undefined) return diagnostic;
  const uses = new RegExp(`\\$(?:${name}\\b|\\{${name}\\})`);
  for (const { path, text } of scenarioTexts(scenario, [])) {
    const line = text.split("\n").findIndex((each) => uses.test(each)) + 1;
    if (line > 0)
      return { ...diagnostic, file: path, line, remedy: "(nginx itself names no line here.)" };
  }
  return diagnostic;
}
