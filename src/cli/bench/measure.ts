// Measures two engines on one model in interleaved rounds, in CPU seconds: what else the machine does
// then weighs on both alike, and the ratio holds where absolute figures do not.
import { assert } from "../../kernel/assert.ts";
import { formatHash } from "../../kernel/hash.ts";
import { type ModelOptions, type ModelRun, type Summary, summarise } from "./model.ts";
import type { Simpy } from "./simpy.ts";

export interface Contest {
  readonly options: ModelOptions;
  readonly ours: (options: ModelOptions) => ModelRun;
  readonly simjs: (options: ModelOptions) => ModelRun;
  /** SimPy, where it is installed and has the model. */
  readonly simpy?: Simpy | null;
}

export interface Measurement {
  readonly eventsPerCpuSecond: number;
  readonly simjsEventsPerCpuSecond: number;
  readonly timesSimjs: number;
  /** Null where SimPy is not installed or has no such model. */
  readonly simpyEventsPerCpuSecond: number | null;
  readonly timesSimpy: number | null;
  readonly journalRowsPerCpuSecond: number;
  readonly rounds: number;
  readonly journalHash: string;
  readonly ours: Summary;
  readonly simjs: Summary;
}

interface Timed {
  readonly run: ModelRun;
  readonly cpuSeconds: number;
}

/** Each engine runs so often before it counts, so that the compiler has seen it. */
const WARM_UP_ROUNDS = 3;

/** Runs the engines `rounds` times, in turn, and reports medians. */
export function measure(contest: Contest, rounds: number): Measurement {
  const ours: Timed[] = [];
  const simjs: Timed[] = [];
  const simpyRates: number[] = [];
  const warm = [warmUp(contest.ours, contest.options), warmUp(contest.simjs, contest.options)];
  for (let round = 0; round < rounds; round++) {
    ours.push(timed(() => contest.ours(contest.options)));
    simjs.push(timed(() => contest.simjs(contest.options)));
    const python = contest.simpy?.(contest.options.seed);
    if (python !== undefined) simpyRates.push(python.events / python.cpuSeconds);
  }
  const hashes = new Set([warm[0], ...ours.map((timing) => timing.run)].map((r) => r.journalHash));
  assert(hashes.size === 1, "two runs with the same seed wrote different journals");
  const oursRate = median(ours.map(rate));
  const simjsRate = median(simjs.map(rate));
  const simpyRate = simpyRates.length === 0 ? null : median(simpyRates);
  const first = ours[0].run;
  return {
    eventsPerCpuSecond: Math.round(oursRate),
    simjsEventsPerCpuSecond: Math.round(simjsRate),
    timesSimjs: times(oursRate, simjsRate),
    simpyEventsPerCpuSecond: simpyRate === null ? null : Math.round(simpyRate),
    timesSimpy: simpyRate === null ? null : times(oursRate, simpyRate),
    journalRowsPerCpuSecond: Math.round((oursRate * first.journalRows) / first.events),
    rounds,
    journalHash: formatHash(first.journalHash ?? 0),
    ours: summarise(first),
    simjs: summarise(warm[1]),
  };
}

function times(ours: number, theirs: number): number {
  return Math.round((ours / theirs) * 100) / 100;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Returns the last run, so that one engine of each kind stays alive while others are measured. */
function warmUp(model: (options: ModelOptions) => ModelRun, options: ModelOptions): ModelRun {
  for (let round = 1; round < WARM_UP_ROUNDS; round++) model(options);
  return model(options);
}

function rate(timing: Timed): number {
  return timing.run.events / timing.cpuSeconds;
}

function timed(model: () => ModelRun): Timed {
  const before = process.cpuUsage();
  const run = model();
  const { user, system } = process.cpuUsage(before);
  return { run: { ...run, engine: {} }, cpuSeconds: (user + system) / 1e6 };
}
