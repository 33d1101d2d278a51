// What happened in each stretch of simulated time, for the charts.

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
