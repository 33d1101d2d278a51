// `npm run -s sweep -- FILE --set workers=1..16 --set rate=50,100 [--seeds 1..3] [--duration S] [--out FILE]`:
// a grid of runs over all cores, one JSON line a run with its settings and seed. With --out the lines are
// added to a file, and what stands there already is not run again. `--part 2/8` runs every eighth point
// from the second on, so that a job scheduler can spread a sweep over machines.
import { parseArgs } from "node:util";
import { withSettings } from "../simulation/settings/settings.ts";
import { EXIT_SCENARIO, failUsage, positiveNumber, scenarioOrFail } from "./arguments.ts";
import { jobsOf, workThrough } from "./processes.ts";
import { openResultLines } from "./result-lines.ts";
import { type Axis, gridOf, type Point, pointName, readAxis } from "./sweep/grid.ts";
import type { PointResult, PointTask } from "./sweep/run-point.ts";

const USAGE = `usage: npm run -s sweep -- FILE --set KEY=VALUES... [--seeds N..M] [--duration S] [--out FILE] [--part K/N] [--jobs N]
       VALUES are 1..16, 1..16..5 (every fifth), or 50,100,200`;

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
  const { values, positionals } = parseOrFail();
  if (positionals.length !== 1) failUsage("name one scenario file", USAGE);
  const axes = (values.set ?? []).map(axisOrFail);
  if (axes.length === 0) failUsage("name at least one setting with --set KEY=VALUES", USAGE);
  const scenario = scenarioOrFail(positionals[0]);
  const grid = gridOf(axes);
  const first = withSettings(scenario, grid[0]);
  if ("problem" in first) failUsage(`--set ${first.problem}`, USAGE);
  const seeds = axisOrFail(`seeds=${values.seeds ?? scenario.seed ?? 1}`).values.map(Number);
  if (seeds.some((seed) => !Number.isInteger(seed)))
    failUsage("--seeds takes whole numbers", USAGE);
  const durationS =
    values.duration === undefined ? null : positiveNumber(values.duration, "--duration", USAGE);
  const all = grid.flatMap((point) => seeds.map((seed) => ({ scenario, point, seed, durationS })));
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

/** Every n-th task from the k-th on, for `--part k/n`. */
function partOf(tasks: readonly PointTask[], part: string | undefined): readonly PointTask[] {
  if (part === undefined) return tasks;
  const [, k, n] = /^(\d+)\/(\d+)$/.exec(part)?.map(Number) ?? [];
  if (k === undefined || k < 1 || n < k)
    return failUsage(`--part takes K/N such as 1/8, got ${part}`, USAGE);
  return tasks.filter((_, i) => i % n === k - 1);
}

/** The names of the runs whose lines are known. */
function namesOf(known: readonly unknown[]): Set<string> {
  const lines = known as readonly { readonly settings?: Point; readonly seed: number }[];
  return new Set(
    lines.flatMap(({ settings, seed }) => (settings ? pointName(settings, seed) : [])),
  );
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

async function runAll({ tasks, out, jobs }: Sweep): Promise<boolean> {
  const lines = openResultLines(out);
  const done = namesOf(lines.known);
  const nameOf = ({ point, seed }: PointTask): string => pointName(point, seed);
  const left = tasks.filter((task) => !done.has(nameOf(task)));
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
