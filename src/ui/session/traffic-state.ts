// What the screen knows of a run of traffic, as its store holds it. What changes with every frame is not
// here: the store has a version number instead, raised a few times a second.
import type { Setting, SettingId } from "../../simulation/settings/setting.ts";
import type { TrafficResults } from "../../simulation/traffic/results.ts";
import type { TakenChange, TrafficRunSpec } from "../../worker/traffic-protocol.ts";
import type { TrafficAnswer } from "./traffic-client.ts";

/** Simulated seconds for each second of the reader's. */
export const trafficSpeeds = [0.01, 0.1, 0.5, 1, 2, 5, 10, 60] as const;
export type TrafficSpeed = (typeof trafficSpeeds)[number];

export type Fault = TrafficAnswer<"ready">["faults"][number];

export interface TrafficState {
  readonly status: "starting" | "ready" | "failed";
  readonly failure: string | null;
  /** Why it cannot run as it stands. */
  readonly problems: readonly string[];
  readonly spec: TrafficRunSpec | null;
  readonly title: string;
  readonly seed: number;
  readonly isPlaying: boolean;
  readonly speed: TrafficSpeed;
  /** Simulated seconds reached for each second of the reader's, of late. */
  readonly reachedSpeed: number;
  /** Raised when the numbers on the screen should be drawn anew. */
  readonly version: number;
  /** Raised when the time was set by hand: dots then stand at their places at once. */
  readonly jumps: number;
  readonly settings: readonly Setting[];
  /** The settings as they were when this run was begun: the way back of each slider. */
  readonly begunWith: readonly Setting[];
  /** The setting that the reader is at, whose line is shown. */
  readonly attended: SettingId | null;
  readonly faults: readonly Fault[];
  readonly changes: readonly TakenChange[];
  /** What the last change did, or why it did nothing. */
  readonly notice: string | null;
  /** Whether the notice says why something was not done. */
  readonly isRefused: boolean;
  readonly results: TrafficResults | null;
  readonly pinned: TrafficResults | null;
  /** How the pinned run is made again; null for none. */
  readonly pinnedRun: PinnedRun | null;
  readonly differences: readonly string[];
  /** The moment that is being run to, in nanoseconds; null when the run is there. */
  readonly runningToNs: number | null;
}

/** A run and the moment of it that was pinned. */
export interface PinnedRun {
  readonly spec: TrafficRunSpec;
  readonly timeNs: number;
}

/** A run that was not begun. */
export const noTraffic: TrafficState = {
  ...{ status: "starting", failure: null, problems: [], spec: null, title: "", seed: 1 },
  ...{ isPlaying: false, speed: 1, reachedSpeed: 0, version: 0, jumps: 0 },
  ...{ settings: [], begunWith: [], attended: null, faults: [], changes: [], notice: null },
  ...{ isRefused: false },
  ...{ results: null, pinned: null, pinnedRun: null, differences: [], runningToNs: null },
};
