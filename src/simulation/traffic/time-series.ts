// What happened in each stretch of simulated time, for the charts.
import { fromSeconds, type Instant, MILLISECOND, SECOND, type Span } from "../../kernel/time.ts";
import type { Gauges } from "./gauges.ts";
import { LatencyHistogram, type SparseCells } from "./latency-histogram.ts";

/** One stretch of the run. Numbers of nothing (no request ended) are null. */
export interface TimeBucket {
  readonly index: number;
  readonly fromNs: number;
  readonly toNs: number;
  readonly arrived: number;
  readonly answered: number;
  readonly failed: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Of the requests that ended in it, from their arrival, ms. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly meanMs: number | null;
  readonly maxMs: number | null;
  /** Requests that ended, a second. */
  readonly throughputRps: number;
  /** Means over time. */
  readonly queueLength: number;
  readonly inFlight: number;
  /** Share of the workers (or threads) that was busy, 0 to 1. */
  readonly utilisation: number;
  /** Share of the cores that was busy, 0 to 1. */
  readonly coreUtilisation: number;
  readonly databaseConnections: number;
}

/** A stretch that is filling. Its latencies are kept as a histogram, its levels as sums over samples. */
interface Filling {
  arrived: number;
  answered: number;
  failed: number;
  readonly statuses: Map<string, number>;
  samples: number;
  queue: number;
  inFlight: number;
  utilisation: number;
  cores: number;
  database: number;
}

function emptyFilling(): Filling {
  return {
    arrived: 0,
    answered: 0,
    failed: 0,
    statuses: new Map(),
    samples: 0,
    queue: 0,
    inFlight: 0,
    utilisation: 0,
    cores: 0,
    database: 0,
  };
}

/** How long buckets are, so that a run has at most about 120 of them, in seconds. */
const LENGTHS_S = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600];
const BUCKETS_WANTED = 120;

/** The length of a bucket for a run of this length. */
export function bucketLength(durationNs: Span): Span {
  const wanted = durationNs / SECOND / BUCKETS_WANTED;
  return fromSeconds(LENGTHS_S.find((length) => length >= wanted) ?? 3600);
}

export class TimeSeries {
  readonly bucketNs: Span;
  /** Complete buckets. */
  readonly buckets: TimeBucket[] = [];
  /** The latencies of each complete bucket. */
  private readonly cells: SparseCells[] = [];
  private filling = emptyFilling();
  private readonly latencies = new LatencyHistogram();

  constructor(bucketNs: Span) {
    this.bucketNs = bucketNs;
  }

  /** Where the bucket that is filling begins, ns from the run's zero. */
  get fillingFrom(): Instant {
    return this.buckets.length * this.bucketNs;
  }

  arrived(): void {
    this.filling.arrived++;
  }

  ended(status: number | null, latencyNs: Span): void {
    const { filling } = this;
    const key = status === null ? "none" : String(status);
    filling.statuses.set(key, (filling.statuses.get(key) ?? 0) + 1);
    if (status === null) filling.failed++;
    else filling.answered++;
    this.latencies.add(latencyNs);
  }

  /** One look at the levels; looks are evenly spaced. */
  sample(gauges: Gauges): void {
    const { filling } = this;
    filling.samples++;
    filling.queue += gauges.acceptQueue + gauges.threadQueue;
    filling.inFlight += gauges.inFlight;
    filling.utilisation += gauges.slots === 0 ? 0 : Math.min(1, gauges.busySlots / gauges.slots);
    filling.cores += gauges.coresBusy / gauges.cores;
    filling.database += gauges.databaseConnections;
  }

  /** Completes the bucket that is filling. */
  close(): void {
    this.buckets.push(this.current());
    this.cells.push(this.latencies.cells());
    this.filling = emptyFilling();
    this.latencies.clear();
  }

  /** The bucket that is filling, as it stands. */
  current(): TimeBucket {
    const { filling, latencies, bucketNs } = this;
    const mean = (sum: number): number => (filling.samples === 0 ? 0 : sum / filling.samples);
    const ms = (ns: number | null): number | null => (ns === null ? null : ns / MILLISECOND);
    const fromNs = this.fillingFrom;
    return {
      index: this.buckets.length,
      fromNs,
      toNs: fromNs + bucketNs,
      arrived: filling.arrived,
      answered: filling.answered,
      failed: filling.failed,
      statuses: Object.fromEntries([...filling.statuses].sort()),
      p50Ms: ms(latencies.percentile(0.5)),
      p95Ms: ms(latencies.percentile(0.95)),
      p99Ms: ms(latencies.percentile(0.99)),
      meanMs: ms(latencies.mean),
      maxMs: latencies.count === 0 ? null : ms(latencies.max),
      throughputRps: ((filling.answered + filling.failed) * SECOND) / bucketNs,
      queueLength: mean(filling.queue),
      inFlight: mean(filling.inFlight),
      utilisation: mean(filling.utilisation),
      coreUtilisation: mean(filling.cores),
      databaseConnections: mean(filling.database),
    };
  }

  /** Forgets the bucket that is filling and every one that ends after `timeNs`. */
  truncate(timeNs: Instant): void {
    const kept = Math.min(this.buckets.length, Math.floor(timeNs / this.bucketNs));
    this.buckets.length = kept;
    this.cells.length = kept;
    this.filling = emptyFilling();
    this.latencies.clear();
  }

  /** All latencies up to now, or those of the first so many complete buckets. */
  histogram(complete: number = Infinity): LatencyHistogram {
    const all = new LatencyHistogram();
    for (const cells of this.cells.slice(0, complete)) all.addCells(cells);
    if (complete > this.cells.length) all.addCells(this.latencies.cells());
    return all;
  }
}
