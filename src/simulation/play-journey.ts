// A scenario played from its beginning to its end with everything recorded, ready to be told.
import { createRun, playRun, type Run } from "./run.ts";
import type { Action, Scenario } from "./scenario.ts";

export interface JourneyOptions {
  readonly seed?: number;
  /** Actions taken beside the scenario's own: signals, edits. They fork the run at their time. */
  readonly actions?: readonly Action[];
}

/** The scenario as it is played: with the actions among its own, in the order of their times. */
export function scenarioOfJourney(scenario: Scenario, actions: readonly Action[] = []): Scenario {
  const timeline = [...scenario.timeline, ...actions].sort((left, right) => left.at - right.at);
  return { ...scenario, timeline };
}

/** Plays `scenario` to its end. */
export function playJourney(scenario: Scenario, options: JourneyOptions = {}): Run {
  const run = createRun(scenarioOfJourney(scenario, options.actions), { seed: options.seed });
  playRun(run);
  return run;
}
