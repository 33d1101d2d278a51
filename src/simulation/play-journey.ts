// A scenario played from its beginning to its end with everything recorded, ready to be told.
import { createRun, playRun, type Run, type RunProgress } from "./run.ts";
import type { Action, Scenario } from "./scenario.ts";

export interface PlayOptions {
  /** The scenario's own when none is given. */
  readonly seed?: number;
  /** What the reader does to the run beside the scenario's timeline. They fork the run there. */
  readonly actions?: readonly Action[];
  /** Hears how far the run has come. */
  readonly onProgress?: (progress: RunProgress) => void;
}

/** Plays `scenario` to its end. */
export function playJourney(scenario: Scenario, options: PlayOptions = {}): Run {
  const run = createRun(scenario, options);
  playRun(run, options.onProgress);
  return run;
}
