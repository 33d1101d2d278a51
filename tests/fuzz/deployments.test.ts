// Random deployments never make the simulator throw or hang, every request ends, the same seed gives the
// same journal, and what is told of it is whole. ROUNDTRIP_FUZZ=2000 tries more seeds,
// ROUNDTRIP_FUZZ_SEED=17 one of them.
import { expect, it } from "vitest";
import { checkScenario } from "../../src/simulation/read-scenario.ts";
import { createRun, playRun, type Run } from "../../src/simulation/run.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";
import { tellJourney } from "../../src/simulation/story.ts";
import { transcript } from "../../src/simulation/transcript.ts";
import { deployment } from "./deployment.ts";
import { diceFrom, seeds } from "./dice.ts";

const EVENTS_MAX = 400_000;
/** Every so many seeds the journey is told as well, which takes longer than the run. */
const TOLD_EACH = 5;

function play(scenario: Scenario): Run {
  const run = createRun(scenario);
  playRun(run);
  return run;
}

function wrongWith(scenario: Scenario, seed: number): string[] {
  const wrong: string[] = [];
  const checked = checkScenario(scenario);
  if (!checked.ok) return [`not a scenario: ${JSON.stringify(checked.problems)}`];
  try {
    const run = play(scenario);
    if (run.sim.eventCount > EVENTS_MAX) wrong.push(`${run.sim.eventCount} events`);
    if (!run.timeline.done()) wrong.push("a request or a visit never ended");
    if (play(scenario).sim.journal.hash !== run.sim.journal.hash) wrong.push("two runs differ");
    if (seed % TOLD_EACH === 0) {
      const told = transcript(tellJourney(run));
      const bad = /^.*(undefined|NaN|\[object).*$/m.exec(told);
      if (bad !== null) wrong.push(bad[0]);
    }
  } catch (error) {
    wrong.push(`throws: ${(error as Error).stack}`);
  }
  return wrong;
}

it("no random deployment throws, hangs or differs from itself", { timeout: 0 }, () => {
  const failures = seeds(1, 150).flatMap((seed) =>
    wrongWith(deployment(diceFrom(seed), seed), seed).map((text) => `seed ${seed}: ${text}`),
  );
  expect(failures).toEqual([]);
});
