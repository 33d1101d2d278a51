// `npm run -s sweep -- FILE --set workers=1..16 --set rate=50,100 [--seeds 1..3] [--duration S] [--out FILE]`:
// a grid of runs over all cores, one JSON line a run with its settings and seed. With --out the lines are
// added to a file, and what stands there already is not run again. `--part 2/8` runs every eighth point
// from the second on, so that a job scheduler can spread a sweep over machines.
import { parseArgs } from "node:util";
import type { Scenario } from "../simulation/scenario.ts";
import { withSettings } from "../simulation/settings/settings.ts";
import { DEFAULT_DURATION_S, trafficOf } from "../simulation/traffic/traffic-spec.ts";
import {
  answerHelp,
  EXIT_SCENARIO,
  failUsage,
  positiveNumber,
  scenarioOrFail,
} from "./arguments.ts";
import { jobsOf, workThrough } from "./processes.ts";
import { openResultLines, type ResultLines } from "./result-lines.ts";
import { type Axis, gridOf, type Point, pointName, problemOfAxes, readAxis } from "./sweep/grid.ts";
import type { PointResult, PointTask } from "./sweep/run-point.ts";

const USAGE = `usage: npm run -s sweep -- FILE --set KEY=VALUES... [--seeds N..M] [--duration S] [--out FILE] [--part K/N] [--jobs N]
Runs a grid of settings over all cores and prints one line of JSON a run.
  FILE              a scenario file, or the id of one of the program's own scenarios
  --set KEY=VALUES  VALUES are 1..16, 1..16..5 (every fifth), or 50,100,200; several --set make a grid
  --seeds N..M      every point with each of these seeds; the scenario's own where it is not given
  --duration S      simulated seconds of each run
  --out FILE        adds the lines to a file; runs that are there already are not done again
  --part K/N        every N-th run from the K-th on, to spread a sweep over machines
  --jobs N          processes at once; as many as there are cores where it is not given
Exit code: 0, 1 when a run failed, 2 when the command line is wrong.`;

interface Sweep {
  readonly tasks: readonly PointTask[];
  readonly out: string | null;
  readonly jobs: number;
}

function axisOrFail(text: string): Axis {
  const axis = readAxis(text);
  return "problem" in axis ? failUsage(axis.problem, USAGE) : axis;
}

function readArguments(): Sweep {
  answerHelp(USAGE);
  const { values, positionals } = parseOrFail();
  if (positionals.length !== 1) failUsage("name one scenario file", USAGE);
  const axes = (values.set ?? []).map(axisOrFail);
  if (axes.length === 0) failUsage("name at least one setting with --set KEY=VALUES", USAGE);
  const scenario = scenarioOrFail(positionals[0]);
  const problem = problemOfAxes(axes);
  if (problem !== null) failUsage(problem, USAGE);
  const grid = gridOf(axes);
  refuseValues(scenario, axes, grid[0]);
  const seeds = axisOrFail(`seeds=${values.seeds ?? scenario.seed ?? 1}`).values.map(Number);
  if (seeds.some((seed) => !Number.isInteger(seed)))
    failUsage("--seeds takes whole numbers", USAGE);
  const durationS =
    values.duration === undefined ? null : positiveNumber(values.duration, "--duration", USAGE);
  const [file] = positionals;
  const all = grid.flatMap((point) =>
    seeds.map((seed) => ({ file, scenario, point, seed, durationS })),
  );
  const jobs = jobsOf(values.jobs, USAGE);
  return { tasks: partOf(all, values.part), out: values.out ?? null, jobs };
}

function parseOrFail() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        set: { type: "string", multiple: true },
        seeds: { type: "string" },
        duration: { type: "string" },
        out: { type: "string" },
        part: { type: "string" },
        jobs: { type: "string" },
      },
    });
  } catch (error) {
    return failUsage((error as Error).message, USAGE);
  }
}

/** Ends when a value can never be: better now than after an hour of other runs. */
function refuseValues(scenario: Scenario, axes: readonly Axis[], first: Point): void {
  for (const { key, values } of axes)
    for (const value of values) {
      const changed = withSettings(scenario, { ...first, [key]: value });
      if ("problem" in changed) failUsage(`--set ${changed.problem}`, USAGE);
    }
}

/** Every n-th task from the k-th on, for `--part k/n`. */
function partOf(tasks: readonly PointTask[], part: string | undefined): readonly PointTask[] {
  if (part === undefined) return tasks;
  const [, k, n] = /^(\d+)\/(\d+)$/.exec(part)?.map(Number) ?? [];
  if (k === undefined || k < 1 || n < k)
    return failUsage(`--part takes K/N such as 1/8, got ${part}`, USAGE);
  return tasks.filter((_, i) => i % n === k - 1);
}

/** A line of results, as far as it tells which run it is of. */
interface KnownLine {
  readonly scenario?: string;
  readonly settings?: Point;
  readonly seed: number;
  readonly durationS: number;
}

/** The runs whose lines are known, each by what it was a run of. */
function doneOf(known: readonly unknown[]): (task: PointTask) => boolean {
  const lines = (known as readonly KnownLine[]).filter(({ settings }) => settings !== undefined);
  const done = new Map<string, KnownLine[]>();
  for (const line of lines) {
    const name = pointName(line.settings ?? {}, line.seed);
    done.set(name, [...(done.get(name) ?? []), line]);
  }
  return ({ file, scenario, point, seed, durationS }) => {
    const seconds = durationS ?? trafficOf(scenario).durationS ?? DEFAULT_DURATION_S;
    const same = done.get(pointName(point, seed)) ?? [];
    return same.some((line) => (line.scenario ?? file) === file && line.durationS === seconds);
  };
}

class Progress {
  private readonly total: number;
  private readonly begun = Date.now();
  private done = 0;

  constructor(total: number) {
    this.total = total;
  }

  advance(): void {
    this.done++;
    if (!process.stderr.isTTY && this.done < this.total) return;
    const width = 30;
    const full = Math.round((this.done / this.total) * width);
    const seconds = (Date.now() - this.begun) / 1000;
    const left = Math.ceil((seconds / this.done) * (this.total - this.done));
    const bar = "█".repeat(full) + "░".repeat(width - full);
    process.stderr.write(`\r${bar} ${this.done}/${this.total} runs, ${left} s left `);
    if (this.done === this.total) process.stderr.write("\n");
  }
}

function openOrFail(out: string | null): ResultLines {
  try {
    return openResultLines(out);
  } catch (error) {
    return failUsage(`--out ${out}: ${(error as Error).message}`, USAGE);
  }
}

async function runAll({ tasks, out, jobs }: Sweep): Promise<boolean> {
  const lines = openOrFail(out);
  const isDone = doneOf(lines.known);
  const nameOf = ({ point, seed }: PointTask): string => pointName(point, seed);
  const left = tasks.filter((task) => !isDone(task));
  if (left.length < tasks.length)
    process.stderr.write(
      `${tasks.length - left.length} of ${tasks.length} runs are done already\n`,
    );
  const progress = new Progress(left.length);
  let isGood = true;
  const take = (task: PointTask, result: PointResult): void => {
    if (result.ok) {
      if (out === null) process.stdout.write(`${JSON.stringify(result.line)}\n`);
      else lines.add(result.line);
    } else {
      isGood = false;
      process.stderr.write(`\n${nameOf(task)}: ${result.problem}\n`);
    }
    progress.advance();
  };
  const program = new URL("./sweep/run-point.ts", import.meta.url);
  await workThrough<PointTask, PointResult>({ program, tasks: left, jobs, nameOf, take });
  return isGood;
}

if (!(await runAll(readArguments()))) process.exitCode = EXIT_SCENARIO;
