// A run so far in numbers: what was counted and measured, small enough to be kept and compared.
import { MILLISECOND, SECOND, type Span } from "../../kernel/time.ts";
import type { Setting } from "../settings/setting.ts";
import { settingsOf } from "../settings/settings.ts";
import { cellStart, type LatencyHistogram } from "./latency-histogram.ts";
import type { TrafficSession } from "./session.ts";
import { type Measured, type Theory, theoryOf } from "./theory.ts";
import type { TimeBucket } from "./time-series.ts";

export interface TrafficCounters {
  /** arrived = answered + failed + inFlight; retries are not arrivals. */
  readonly arrived: number;
  /** Got a response, whatever its status. */
  readonly answered: number;
  /** Got none: refused, reset, or given up. */
  readonly failed: number;
  readonly inFlight: number;
  readonly retries: number;
  /** Tries that clients gave up. */
  readonly gaveUp: number;
  /** By status of the last answer; "none" for requests that got no response. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** Ascending edges in ms; `counts[i]` lies between edge i and edge i+1. */
export interface HistogramTable {
  readonly edgesMs: readonly number[];
  readonly counts: readonly number[];
}

export interface TrafficResults {
  readonly title: string;
  readonly seed: number;
  readonly timeNs: Span;
  /** Of everything that happened: equal runs have equal hashes. */
  readonly hash: string;
  readonly counters: TrafficCounters;
  readonly latencyMs: Readonly<Record<"mean" | "p50" | "p90" | "p95" | "p99" | "max", number>>;
  readonly throughputRps: number;
  /** Mean share of the workers that was busy, 0 to 1. */
  readonly utilisation: number;
  readonly meanQueueLength: number;
  readonly histogram: HistogramTable;
  readonly buckets: readonly TimeBucket[];
  readonly settings: readonly Setting[];
  readonly theory: Theory;
}

/** The counters as they stand at this moment of the run. */
export function countersOf(session: TrafficSession): TrafficCounters {
  const { arrived, answered, failed, retries, gaveUp, statuses } = session.world;
  return {
    arrived,
    answered,
    failed,
    inFlight: arrived - answered - failed,
    retries,
    gaveUp,
    statuses: Object.fromEntries([...statuses].sort()),
  };
}

/**
 * All that was measured up to the moment shown. After a seek back that is up to the end of the last complete
 * bucket before it; the buckets themselves are all that is known of the run.
 */
export function resultsOf(session: TrafficSession): TrafficResults {
  const { run } = session.traffic;
  const { series } = session.record;
  const buckets = [...series.buckets, series.current()].filter(
    ({ fromNs }) => fromNs < session.knownNs,
  );
  const isNewest = session.timeNs >= session.knownNs;
  const past = isNewest ? buckets : buckets.filter(({ toNs }) => toNs <= session.timeNs);
  const histogram = series.histogram(isNewest ? Infinity : past.length);
  const { scenario } = session;
  const counters = countersOf(session);
  const measured = measuredOf(session, past, counters);
  const meanMs = (histogram.mean ?? 0) / MILLISECOND;
  return {
    title: scenario.lesson?.title ?? scenario.name,
    seed: run.sim.seed,
    timeNs: session.timeNs,
    hash: (run.sim.journal.hash >>> 0).toString(16).padStart(8, "0"),
    counters,
    latencyMs: latencySummary(histogram),
    throughputRps: measured.throughputRps,
    utilisation: measured.utilisation,
    meanQueueLength: measured.meanQueueLength,
    histogram: histogramTable(histogram),
    buckets,
    settings: settingsOf(scenario),
    theory: theoryOf(scenario, { ...measured, meanMs }),
  };
}

function measuredOf(
  session: TrafficSession,
  past: readonly TimeBucket[],
  counters: TrafficCounters,
): Omit<Measured, "meanMs"> {
  const gauges = session.gauges();
  const seconds = Math.max(1, Math.min(session.timeNs, session.endNs)) / SECOND;
  return {
    seconds,
    counters,
    throughputRps: (counters.answered + counters.failed) / seconds,
    arrivedPerSecond: counters.arrived / seconds,
    servedPerSecond: gauges.served / seconds,
    queueNow: gauges.acceptQueue + gauges.threadQueue,
    queueMax: gauges.acceptQueueMax,
    slots: gauges.slots,
    utilisation: meanOf(past, (bucket) => bucket.utilisation),
    coreUtilisation: meanOf(past, (bucket) => bucket.coreUtilisation),
    meanQueueLength: meanOf(past, (bucket) => bucket.queueLength),
    meanInFlight: meanOf(past, (bucket) => bucket.inFlight),
  };
}

function meanOf(buckets: readonly TimeBucket[], of: (bucket: TimeBucket) => number): number {
  if (buckets.length === 0) return 0;
  return buckets.reduce((sum, bucket) => sum + of(bucket), 0) / buckets.length;
}

/** Mean and percentiles in ms; zeros when nothing has ended. */
export function latencySummary(histogram: LatencyHistogram): TrafficResults["latencyMs"] {
  const percentile = (p: number): number => (histogram.percentile(p) ?? 0) / MILLISECOND;
  return {
    mean: (histogram.mean ?? 0) / MILLISECOND,
    p50: percentile(0.5),
    p90: percentile(0.9),
    p95: percentile(0.95),
    p99: percentile(0.99),
    max: histogram.max / MILLISECOND,
  };
}

/** Bars of a histogram: eight to each doubling, which is what can be told apart when drawn. */
const CELLS_PER_BAR = 32;

export function histogramTable(histogram: LatencyHistogram): HistogramTable {
  const { cells, counts } = histogram.cells();
  if (cells.length === 0) return { edgesMs: [], counts: [] };
  const first = Math.floor(cells[0] / CELLS_PER_BAR);
  const last = Math.floor(cells[cells.length - 1] / CELLS_PER_BAR);
  const bars = new Array<number>(last - first + 1).fill(0);
  cells.forEach((cell, i) => {
    bars[Math.floor(cell / CELLS_PER_BAR) - first] += counts[i];
  });
  const edgesMs = Array.from(
    { length: bars.length + 1 },
    (_, i) => cellStart((first + i) * CELLS_PER_BAR) / MILLISECOND,
  );
  return { edgesMs, counts: bars };
}
