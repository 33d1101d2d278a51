// What the page and the traffic worker say to each other. One worker holds one run. The page asks, the
// worker answers each question once and in order, so it never runs ahead of the frames that are drawn.
// All times are nanoseconds of simulated time from the run's zero, unless a name says otherwise.
import type { Setting, SettingId, SettingValue } from "../simulation/settings/setting.ts";
import type { FaultVerb } from "../simulation/traffic/fault.ts";
import type { Theory } from "../simulation/traffic/theory.ts";
import type { TimeBucket } from "../simulation/traffic/time-series.ts";
import type { TrafficSpec } from "../simulation/traffic/traffic-spec.ts";
import type { RunSpec, ToldJourney } from "./protocol.ts";

/** Where a request is, drawn as a dot. `Dots.place` holds the index in this order. */
export type DotPlace =
  /** Resolving, connecting, shaking hands, sending: between browser and Nginx. */
  | "link up"
  | "nginx"
  /** In Gunicorn's backlog: `slot` is its position, 0 at the head. */
  | "accept queue"
  /** `slot` is the worker's place among the living workers, in order of pid. */
  | "worker"
  /** In a worker and waiting for the database: `slot` is the connection's place. */
  | "database"
  /** Waiting for a lock of the database. */
  | "lock"
  /** The answer is on its way. */
  | "link down"
  /** Failed or given up; the client waits before it tries again. */
  | "retry pause"
  /** Ended since the last frame: drawn once, by its outcome. */
  | "ended";

export const DOT_PLACES: readonly DotPlace[] = [
  "link up",
  "nginx",
  "accept queue",
  "worker",
  "database",
  "lock",
  "link down",
  "retry pause",
  "ended",
];

/** How a request stands. `Dots.outcome` holds the index in this order. */
export const DOT_OUTCOMES = [
  "under way",
  "retried",
  "answered",
  "redirected",
  "refused",
  "failed",
] as const;

/** At most `dotsMax` requests in columns of equal length; the buffers are the page's own. */
export interface Dots {
  readonly count: number;
  /** Requests under way in all; when it is more than `count` the dots are a sample (every n-th request). */
  readonly inFlight: number;
  readonly request: Uint32Array;
  readonly place: Uint8Array;
  readonly slot: Int16Array;
  /** How far along the place, 0 to 1; 0.5 where nothing is known. */
  readonly progress: Float32Array;
  /** Since it arrived, ms. */
  readonly ageMs: Float32Array;
  readonly outcome: Uint8Array;
}

/** Something that fills: its length now and how much it holds (null for no limit). */
export interface QueueGauge {
  readonly id:
    | "client links"
    | "nginx connections"
    | "accept queue"
    | "thread queue"
    | "busy workers"
    | "busy threads"
    | "database connections"
    | "database locks"
    | "cores";
  readonly length: number;
  readonly max: number | null;
}

/** One of the workers of the application server, in order of pid. */
export interface WorkerGauge {
  readonly pid: number;
  readonly state: "booting" | "idle" | "busy" | "ending";
  /** Requests it serves now. */
  readonly requests: readonly number[];
  /** Share of the last second of simulated time that it was busy, 0 to 1. */
  readonly busy: number;
}

export interface TrafficCounters {
  /** First tries; a retry is counted in `retries` alone. arrived = answered + failed + inFlight. */
  readonly arrived: number;
  /** Got a response, whatever its status. */
  readonly answered: number;
  /** Got none: refused, reset, or given up. */
  readonly failed: number;
  readonly inFlight: number;
  readonly retries: number;
  readonly gaveUp: number;
  /** By status of the last answer; "none" for requests that got no response. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Hits and misses of Nginx's cache. */
  readonly cacheHits: number;
  readonly cacheMisses: number;
}

export interface TrafficFrame {
  readonly timeNs: number;
  /** How far this run has been computed; more than `timeNs` after a seek back. */
  readonly knownNs: number;
  /** Arrivals end here. */
  readonly endNs: number;
  /** Every arrival has come and ended. */
  readonly done: boolean;
  readonly counters: TrafficCounters;
  readonly dots: Dots;
  readonly queues: readonly QueueGauge[];
  readonly workers: readonly WorkerGauge[];
  /** Complete buckets that the page has not got yet, and the one that is filling last. By `index`. */
  readonly buckets: readonly TimeBucket[];
  /** Milliseconds of work that the worker spent on this frame. */
  readonly workMs: number;
}

/** What the operator does now. Each is an action of the run at its simulated time. */
export type TrafficChange =
  | { readonly kind: "setting"; readonly id: SettingId; readonly value: SettingValue }
  /** New text of a file or command, made to hold as after a reload. */
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "fault"; readonly fault: FaultVerb }
  | { readonly kind: "shell"; readonly command: string };

/** A change that was taken, as it is kept in the run and in links. */
export interface TakenChange {
  readonly atNs: number;
  readonly change: TrafficChange;
  /** In words: "gunicorn: --workers 4 → 8 (TTIN, 4 times)". */
  readonly words: string;
  /** The text that it rewrote, if it did. */
  readonly edit: {
    readonly path: string;
    readonly before: string;
    readonly after: string;
    readonly line: number;
  } | null;
}

export interface ListedRequest {
  readonly request: number;
  readonly url: string;
  /** From its first try, ns from the run's zero. */
  readonly startNs: number;
  readonly latencyMs: number;
  readonly status: number | null;
  readonly retries: number;
}

/** Ascending edges in ms; `counts[i]` lies between edge i and edge i+1. */
export interface LatencyHistogram {
  readonly edgesMs: readonly number[];
  readonly counts: readonly number[];
}

/** A run so far, small enough to keep and to compare with another. */
export interface TrafficResults {
  readonly title: string;
  readonly seed: number;
  readonly timeNs: number;
  readonly hash: string;
  readonly counters: TrafficCounters;
  readonly latencyMs: Readonly<Record<"mean" | "p50" | "p90" | "p95" | "p99" | "max", number>>;
  readonly throughputRps: number;
  /** Mean share of the workers that was busy, 0 to 1. */
  readonly utilisation: number;
  readonly meanQueueLength: number;
  readonly histogram: LatencyHistogram;
  readonly buckets: readonly TimeBucket[];
  readonly settings: readonly Setting[];
  readonly theory: Theory;
}

/** What to run. `changes` are taken at their times while the run goes on: so a link restores a run. */
export interface TrafficRunSpec {
  readonly run: RunSpec;
  /** Null takes the scenario's own traffic, or 200 requests a second for a minute. */
  readonly traffic: TrafficSpec | null;
  readonly changes: readonly { readonly atNs: number; readonly change: TrafficChange }[];
}

export type ToTrafficWorker = { readonly ticket: number } & (
  | { readonly kind: "start"; readonly spec: TrafficRunSpec }
  /** Works towards `toNs` for at most `sliceMs` (8 unless given), then answers with a frame. */
  | {
      readonly kind: "advance";
      readonly toNs: number;
      readonly sliceMs?: number;
      readonly dotsMax?: number;
    }
  /** Shows a moment of the run again; what comes later is kept until something is changed. */
  | { readonly kind: "seek"; readonly timeNs: number; readonly dotsMax?: number }
  /** Takes a change at the current moment; what was computed beyond it is forgotten. */
  | { readonly kind: "change"; readonly change: TrafficChange }
  /** Takes the opposite of the newest change that can be undone, at the current moment. */
  | { readonly kind: "undo" }
  | {
      readonly kind: "list";
      readonly which: "slowest" | "failed" | "random";
      readonly count: number;
    }
  /** Runs the crowd again from the keyframe before this request, with a recorder on for it. */
  | { readonly kind: "open"; readonly request: number }
  | { readonly kind: "results" }
  /** The run so far against another, in sentences with numbers. */
  | { readonly kind: "compare"; readonly with: TrafficResults }
);

export type FromTrafficWorker = { readonly ticket: number } & (
  | {
      readonly kind: "ready";
      readonly title: string;
      readonly traffic: TrafficSpec;
      readonly seed: number;
      readonly settings: readonly Setting[];
      readonly faults: readonly { readonly fault: FaultVerb; readonly words: string }[];
      /** Why it cannot run as it stands; empty when it can. */
      readonly problems: readonly string[];
      readonly frame: TrafficFrame;
    }
  | { readonly kind: "frame"; readonly frame: TrafficFrame }
  | {
      readonly kind: "changed";
      /** Null when nothing was done; `problem` says why. */
      readonly taken: TakenChange | null;
      readonly problem: string | null;
      readonly changes: readonly TakenChange[];
      readonly settings: readonly Setting[];
      readonly frame: TrafficFrame;
    }
  | { readonly kind: "listed"; readonly requests: readonly ListedRequest[] }
  | { readonly kind: "opened"; readonly told: ToldJourney; readonly request: ListedRequest }
  | { readonly kind: "results"; readonly results: TrafficResults }
  | { readonly kind: "compared"; readonly sentences: readonly string[] }
  | { readonly kind: "failed"; readonly message: string }
);
