// Which transitions are taken by the program's scenarios and the recordings' together, counted from
// the journal of each run.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Simulation } from "../../src/kernel/simulation.ts";
import { layers } from "../../src/layers/index.ts";
import { library } from "../../src/scenarios/library.ts";
import { checkScenario } from "../../src/simulation/read-scenario.ts";
import { createRun, playRun } from "../../src/simulation/run.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";

const RECORDINGS = "tests/recordings";

/** Every transition taken, as `machine: transition`. */
export function takenTransitions(): Set<string> {
  const taken = new Set<string>();
  for (const scenario of scenarios()) {
    const run = createRun(scenario, { wants: () => false });
    playRun(run);
    count(run.sim, taken);
  }
  return taken;
}

/** Transitions that nothing takes and that do not say why. */
export function unexplained(taken: ReadonlySet<string>): string[] {
  return layers.flatMap((layer) =>
    layer.views.flatMap(({ machine }) =>
      machine.transitionNames
        .filter((name) => machine.spec.transitions[name].unreached === undefined)
        .map((name) => `${machine.spec.name}: ${name}`)
        .filter((name) => !taken.has(name)),
    ),
  );
}

function* scenarios(): Generator<Scenario> {
  for (const { scenario } of library) yield scenario;
  for (const family of readdirSync(RECORDINGS, { withFileTypes: true })) {
    if (!family.isDirectory() || family.name === "net") continue;
    for (const file of readdirSync(join(RECORDINGS, family.name))) {
      const checked = checkScenario(JSON.parse(readFileSync(join(RECORDINGS, family.name, file), "utf8")));
      if (checked.ok) yield checked.scenario;
    }
  }
}

function count(sim: Simulation, taken: Set<string>): void {
  const seen = new Set<number>();
  for (const row of sim.journal.rows()) seen.add(row.transition);
  for (const { machine, firstTransition } of sim.machines) {
    machine.transitionNames.forEach((name, i) => {
      if (seen.has(firstTransition + i)) taken.add(`${machine.spec.name}: ${name}`);
    });
  }
}
