// What the page and the traffic worker say to each other. One worker holds one run. The page asks, the
// worker answers each question once and in order, so it never runs ahead of the frames that are drawn.
// All times are nanoseconds of simulated time from the run's zero, unless a name says otherwise.
import type { Setting } from "../simulation/settings/setting.ts";
import type { PlannedEdit, TrafficChange } from "../simulation/traffic/changes.ts";
import type { Dots, OUTCOMES } from "../simulation/traffic/dots.ts";
import type { FaultVerb } from "../simulation/traffic/fault.ts";
import type { CacheName, HitCount } from "../simulation/traffic/gauges.ts";
import type { PlaceName } from "../simulation/traffic/places.ts";
import type { TrafficCounters, TrafficResults } from "../simulation/traffic/results.ts";
import type { RunText } from "../simulation/traffic/run-texts.ts";
import type { ServerNow } from "../simulation/traffic/server-now.ts";
import type { TimeBucket } from "../simulation/traffic/time-series.ts";
import type { TrafficSpec } from "../simulation/traffic/traffic-spec.ts";
import type { RunSpec, ToldJourney } from "./protocol.ts";

/** Something that fills: its length now and how much it holds (null for no limit). */
export interface QueueGauge {
  readonly id:
    | "client links"
    | "nginx connections"
    | "accept queue"
    | "left in the queue"
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
  readonly state: "booting" | "idle" | "busy" | "stopped" | "ending";
  /** Requests it serves now. */
  readonly requests: readonly number[];
  /** Of those: requests whose answer nobody waits for any more. */
  readonly unawaited: number;
  /** Share of the last second of simulated time that it was busy, 0 to 1. */
  readonly busy: number;
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
  readonly hits: Readonly<Record<CacheName, HitCount>>;
  readonly server: ServerNow;
  /** Complete buckets that the page has not got yet, and the one that is filling last. By `index`. */
  readonly buckets: readonly TimeBucket[];
  /** Milliseconds of work that the worker spent on this frame. */
  readonly workMs: number;
}

/** A change that was taken, as it is kept in the run and in links. */
export interface TakenChange {
  readonly atNs: number;
  readonly change: TrafficChange;
  /** In words: "gunicorn: --workers 4 → 8 (TTIN, 4 times)". */
  readonly words: string;
  /** The text that it rewrote, if it did. */
  readonly edit: PlannedEdit | null;
}

/** Something that can be broken or mended: "Link to PostgreSQL", "slow by 20 ms", and the whole in words. */
export interface ToldFault {
  readonly fault: FaultVerb;
  readonly target: string;
  readonly verb: string;
  readonly words: string;
}

export interface ListedRequest {
  readonly request: number;
  readonly url: string;
  /** From its first try, ns from the run's zero. */
  readonly startNs: number;
  readonly latencyMs: number;
  readonly status: number | null;
  readonly retries: number;
  /** The numbers of its tries in order; each is opened by its own. */
  readonly tries: readonly number[];
}

/** A text that was typed and is not in the run yet. */
export interface TextDraft {
  readonly path: string;
  readonly text: string;
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
  /** Takes the newest change back: by its opposite, now, or by going on from the moment before it. */
  | { readonly kind: "undo" }
  | {
      readonly kind: "list";
      readonly which: "slowest" | "failed" | "random";
      readonly count: number;
    }
  /** Runs the crowd again from the keyframe before this request, with a recorder on for it. */
  | { readonly kind: "open"; readonly request: number }
  | { readonly kind: "results" }
  /** The texts as they stand, with a draft of one of them, and what the programs say of them. */
  | { readonly kind: "texts"; readonly draft: TextDraft | null }
  /** The run so far against another, in sentences with numbers. */
  | { readonly kind: "compare"; readonly with: TrafficResults }
);

export type FromTrafficWorker = { readonly ticket: number } & (
  | {
      readonly kind: "ready";
      readonly title: string;
      readonly traffic: TrafficSpec;
      readonly seed: number;
      /** What the codes in `Dots.place` and `Dots.outcome` stand for, by index. */
      readonly places: readonly PlaceName[];
      readonly outcomes: typeof OUTCOMES;
      readonly settings: readonly Setting[];
      readonly faults: readonly ToldFault[];
      /** Why it cannot run as it stands; empty when it can. */
      readonly problems: readonly string[];
      readonly frame: TrafficFrame;
    }
  | { readonly kind: "frame"; readonly frame: TrafficFrame }
  | {
      readonly kind: "changed";
      /** Null when nothing was done; `problem` says why. */
      readonly taken: TakenChange | null;
      /** The change that is now as if it had never been made; the frame is of the moment before it. */
      readonly unmade: TakenChange | null;
      readonly problem: string | null;
      readonly changes: readonly TakenChange[];
      readonly settings: readonly Setting[];
      readonly frame: TrafficFrame;
    }
  | { readonly kind: "listed"; readonly requests: readonly ListedRequest[] }
  | { readonly kind: "opened"; readonly told: ToldJourney; readonly request: ListedRequest }
  | {
      readonly kind: "results";
      readonly results: TrafficResults;
      /** All changes of the run, those too that come after the moment shown. */
      readonly changes: readonly TakenChange[];
    }
  | { readonly kind: "compared"; readonly sentences: readonly string[] }
  | {
      readonly kind: "texts";
      readonly texts: readonly RunText[];
      /** What the programs would print that belongs to no line. */
      readonly problems: readonly string[];
    }
  | { readonly kind: "failed"; readonly message: string }
);
