// What a run of a benchmark model reports, whichever engine ran it.

/** What a model is run with: the same on every engine. */
export interface ModelOptions {
  readonly seed: number;
  /** Customers or requests. */
  readonly count: number;
}

export interface ModelRun {
  /** The model's own events, counted alike on every engine. */
  readonly events: number;
  /** What the model observes, once a customer: a wait or a response time. */
  readonly samples: Float64Array;
  readonly secondsPerUnit: number;
  readonly rejected: number;
  /** Rows in the journal; an engine without one has none. */
  readonly journalRows: number;
  /** Equal in every run with the same options; null without a journal. */
  readonly journalHash: number | null;
  /** The engine itself: V8 forgets what it learnt about a class when its last object dies. */
  readonly engine: object;
}

export interface Summary {
  readonly meanSeconds: number;
  readonly p99Seconds: number;
}

/** Mean and 99th percentile of a run's samples, which end up sorted. */
export function summarise(run: ModelRun): Summary {
  const { samples, secondsPerUnit } = run;
  let sum = 0;
  for (const sample of samples) sum += sample;
  samples.sort();
  return {
    meanSeconds: (sum / samples.length) * secondsPerUnit,
    p99Seconds: samples[Math.ceil(samples.length * 0.99) - 1] * secondsPerUnit,
  };
}
