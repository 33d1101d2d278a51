// A scenario played from its beginning to its end with everything recorded, ready to be told.
import { createRun, playRun, type Run } from "./run.ts";
import type { Scenario } from "./scenario.ts";

/** Plays `scenario` to its end, with its own seed unless another is given. */
export function playJourney(scenario: Scenario, seed?: number): Run {
  const run = createRun(scenario, { seed });
  playRun(run);
  return run;
}
