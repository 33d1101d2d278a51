// The scenario of a journey: the one that was chosen, with the actions taken beside its own.
import type { Action, Scenario } from "./scenario.ts";

/** `scenario` with `actions` among its own, in the order of their times. They fork the run there. */
export function scenarioOfJourney(scenario: Scenario, actions: readonly Action[]): Scenario {
  const timeline = [...scenario.timeline, ...actions].sort((left, right) => left.at - right.at);
  return { ...scenario, timeline };
}
