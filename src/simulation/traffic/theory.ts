// Queueing theory for the current settings, to stand beside what was measured.

export interface Theory {
  /** Little's law on what was measured: requests in the system on average, and rate times mean time. */
  readonly little: {
    readonly meanInFlight: number;
    readonly ratePerSecond: number;
    readonly meanMs: number;
    /** ratePerSecond times meanMs. */
    readonly product: number;
    readonly words: string;
  };
  /** Null when nothing can be said: no workers, no rate, or a load that no queue can bear. */
  readonly queue: {
    /** M/M/c for exponential service, M/D/c (Cosmetatos) for constant. */
    readonly model: "M/M/c" | "M/D/c" | "M/G/c";
    readonly servers: number;
    readonly serviceMs: number;
    /** Offered load in erlangs, and by server. */
    readonly erlangs: number;
    readonly utilisation: number;
    readonly waitProbability: number | null;
    readonly meanWaitMs: number | null;
    readonly meanMs: number | null;
    readonly measuredMeanMs: number | null;
  } | null;
  /** Sentences that say why the two differ, the weightiest first. */
  readonly why: readonly string[];
}
