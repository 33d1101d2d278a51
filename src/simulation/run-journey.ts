// A scenario in, its journey out, where nothing has to be loaded first: the tests' way to a journey.
// The worker does the two halves itself, since they are two files to load.
import type { Journey } from "./journey.ts";
import { type PlayOptions, playJourney } from "./play-journey.ts";
import type { Scenario } from "./scenario.ts";
import { tellJourney } from "./story.ts";

/** Runs a scenario with every request recorded, and tells it. */
export function runJourney(scenario: Scenario, options: PlayOptions = {}): Journey {
  return tellJourney(playJourney(scenario, options));
}
