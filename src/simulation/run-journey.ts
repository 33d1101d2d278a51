// A scenario in, its journey out: what the interface asks of the engine.
import type { Journey } from "./journey.ts";
import { createRun, playRun } from "./run.ts";
import type { Action, Scenario } from "./scenario.ts";
import { tellJourney } from "./story.ts";

export interface JourneyOptions {
  /** Name of the scenario in links; empty for a file of one's own. */
  readonly id?: string;
  readonly seed?: number;
  /** Actions taken beside the scenario's own: signals, edits. They fork the run at their time. */
  readonly actions?: readonly Action[];
}

/** Runs a scenario with every request recorded, and tells it. */
export function runJourney(scenario: Scenario, options: JourneyOptions = {}): Journey {
  const timeline = [...scenario.timeline, ...(options.actions ?? [])].sort((left, right) => left.at - right.at);
  const run = createRun({ ...scenario, timeline }, { seed: options.seed });
  playRun(run);
  const journey = tellJourney(run);
  return { ...journey, scenario: { ...journey.scenario, id: options.id ?? "" } };
}
