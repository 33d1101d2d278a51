// Playing a run of traffic: each animation frame asks for the moment that the reader's clock has come to,
// unless the last one is still being computed. So a slow machine runs slower and never falls behind.
import type { StoreApi } from "zustand/vanilla";
import type { TrafficFrame } from "../../worker/traffic-protocol.ts";
import type { Frames } from "../playback/frames.ts";
import type { TrafficState } from "./traffic-state.ts";

/** Numbers, charts and tables change this often, in milliseconds; dots move every frame. */
const REDRAW_MS = 250;
/** Results, with theory and comparison, are asked for this often while the run goes on. */
const RESULTS_MS = 1_000;
/** How fast the run is, is measured over this long. */
const SPEED_MS = 1_000;
/** The longest time between two frames that is caught up with, in milliseconds. */
const GAP_MS_MAX = 100;
/** A frame at 60 a second. */
const FIRST_GAP_MS = 16;
const NS_PER_MS = 1e6;

export interface LoopParts {
  readonly store: StoreApi<TrafficState>;
  readonly frames: Frames;
  frame(): TrafficFrame | null;
  /** Runs to a moment. */
  advance(toNs: number): Promise<unknown>;
  askResults(): Promise<void>;
  redraw(): void;
  /** Every arrival has come and ended. */
  finish(): void;
  fail(error: unknown): void;
}

/** True once every `everyMs`. */
function createPace(everyMs: number): (nowMs: number) => boolean {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    if (nowMs - lastMs < everyMs) return false;
    lastMs = nowMs;
    return true;
  };
}

/** Plays until the store says otherwise or the run is over; the returned function ends it at once. */
export function startTrafficLoop(parts: LoopParts): () => void {
  const { store, frames } = parts;
  const isTimeToDraw = createPace(REDRAW_MS);
  const isTimeForResults = createPace(RESULTS_MS);
  const measure = createSpeedometer(store);
  let isAsking = false;
  let lastMs: number | null = null;

  function ask(frame: TrafficFrame, gapMs: number, nowMs: number): void {
    isAsking = true;
    const wantsResults = isTimeForResults(nowMs);
    parts
      .advance(frame.timeNs + gapMs * NS_PER_MS * store.getState().speed)
      .then(() => (wantsResults ? parts.askResults() : undefined))
      .catch(parts.fail)
      .finally(() => {
        isAsking = false;
      });
  }

  return frames.add((nowMs) => {
    const frame = parts.frame();
    if (!store.getState().isPlaying) return false;
    if (isAsking || frame === null) return true;
    if (frame.done && frame.timeNs >= frame.knownNs) {
      parts.finish();
      return false;
    }
    const gapMs = lastMs === null ? FIRST_GAP_MS : Math.min(GAP_MS_MAX, nowMs - lastMs);
    lastMs = nowMs;
    if (isTimeToDraw(nowMs)) parts.redraw();
    measure(nowMs, frame.timeNs);
    ask(frame, gapMs, nowMs);
    return true;
  });
}

/** Keeps in the store how fast the run is in truth. */
function createSpeedometer(store: StoreApi<TrafficState>): (nowMs: number, timeNs: number) => void {
  let from: { readonly ms: number; readonly ns: number } | null = null;
  return (nowMs, timeNs) => {
    if (from !== null && nowMs - from.ms < SPEED_MS) return;
    if (from !== null && timeNs > from.ns)
      store.setState({ reachedSpeed: (timeNs - from.ns) / NS_PER_MS / (nowMs - from.ms) });
    from = { ms: nowMs, ns: timeNs };
  };
}
