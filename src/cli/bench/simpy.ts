// The model "tandem" on SimPy, Debian's package python3-simpy3 where it is installed: `tandem.py` beside
// this file, run by a Python of its own. Its CPU seconds are counted there, without Python's start.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { tandem } from "./tandem-parameters.ts";

/** From the project's folder, where npm runs its scripts. */
const PROGRAM = resolve("src/cli/bench/tandem.py");
/** Debian's own Python sees Debian's packages; another one may have been installed with SimPy. */
const PYTHONS = ["/usr/bin/python3", "python3"];
/** A fifth of the kernel's requests: SimPy takes as long over them as the kernel over five times all. */
const REQUESTS = 40_000;

export interface SimpyRun {
  readonly events: number;
  readonly cpuSeconds: number;
  readonly meanSeconds: number;
}

export type Simpy = (seed: number) => SimpyRun;

/** SimPy, or null when no Python here has it. */
export function findSimpy(): Simpy | null {
  const python = PYTHONS.find((name) => spawnSync(name, ["-c", "import simpy"]).status === 0);
  return python === undefined ? null : (seed) => run(python, seed);
}

function run(python: string, seed: number): SimpyRun {
  const parameters = [PROGRAM, JSON.stringify(tandem), String(REQUESTS)];
  const done = spawnSync(python, parameters, { input: `${seed}\n`, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`SimPy failed: ${done.stderr}`);
  return JSON.parse(done.stdout) as SimpyRun;
}
