// Which transitions are taken by the program's scenarios and the recordings' together, counted from
// the journal of each run.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine, TransitionSpec } from "../../src/kernel/machine.ts";
import type { Simulation } from "../../src/kernel/simulation.ts";
import { layers } from "../../src/layers/index.ts";
import { library } from "../../src/scenarios/library.ts";
import { checkScenario } from "../../src/simulation/read-scenario.ts";
import { createRun, playRun } from "../../src/simulation/run.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";

const RECORDINGS = "tests/recordings";
/** Scenarios made for what the others leave out. */
const SCENARIOS = "tests/machines/scenarios";

/** Every transition taken, as `machine: transition`. */
export function takenTransitions(): Set<string> {
  const taken = new Set<string>();
  for (const scenario of scenarios()) for (const name of takenBy(scenario)) taken.add(name);
  return taken;
}

/** Every transition that one scenario takes. */
export function takenBy(scenario: Scenario): Set<string> {
  const taken = new Set<string>();
  const run = createRun(scenario, { wants: () => false });
  playRun(run);
  count(run.sim, taken);
  return taken;
}

/** All machines that are shown. */
export const machines: readonly Machine[] = layers.flatMap((layer) =>
  layer.views.map(({ machine }) => machine),
);

/** Transitions that nothing takes and that do not say why. */
export function unexplained(
  taken: ReadonlySet<string>,
  among: readonly Machine[] = machines,
): string[] {
  return namesOf(among, (spec) => spec.unreached === undefined).filter((name) => !taken.has(name));
}

/** Transitions that say why nothing takes them, although something does. */
export function wronglyExcused(
  taken: ReadonlySet<string>,
  among: readonly Machine[] = machines,
): string[] {
  return namesOf(among, (spec) => spec.unreached !== undefined).filter((name) => taken.has(name));
}

function namesOf(
  among: readonly Machine[],
  wanted: (spec: TransitionSpec<string>) => boolean,
): string[] {
  return among.flatMap(({ spec, transitionNames }) =>
    transitionNames
      .filter((name) => wanted(spec.transitions[name]))
      .map((name) => `${spec.name}: ${name}`),
  );
}

/** The scenarios made for this, by file name. */
export function* ownScenarios(): Generator<readonly [string, Scenario]> {
  for (const file of readdirSync(SCENARIOS).sort()) {
    const checked = checkScenario(JSON.parse(readFileSync(join(SCENARIOS, file), "utf8")));
    if (!checked.ok) throw new Error(`${file}: ${JSON.stringify(checked.problems)}`);
    yield [file, checked.scenario];
  }
}

function* scenarios(): Generator<Scenario> {
  for (const { scenario } of library) yield scenario;
  for (const [, scenario] of ownScenarios()) yield scenario;
  for (const family of readdirSync(RECORDINGS, { withFileTypes: true })) {
    if (!family.isDirectory() || family.name === "net") continue;
    for (const file of readdirSync(join(RECORDINGS, family.name))) {
      const checked = checkScenario(
        JSON.parse(readFileSync(join(RECORDINGS, family.name, file), "utf8")),
      );
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
