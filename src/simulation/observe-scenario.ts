// A scenario in, its observation out: the shortest way through the simulator.
import type { Observation } from "./observation.ts";
import { observeRun } from "./observe.ts";
import { createRun, playRun, timelineRequests } from "./run.ts";
import type { Scenario } from "./scenario.ts";

/** Runs a scenario and observes it as the recordings do. */
export function observeScenario(scenario: Scenario): Observation {
  const run = createRun(scenario);
  playRun(run);
  return observeRun({
    scenario,
    recording: run.recording,
    requests: timelineRequests(run),
    shell: run.state().shell,
    exits: run.host.processes.exits(),
    startMs: run.startMs,
    zero: run.zero,
  });
}
