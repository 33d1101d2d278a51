// Playing: one step after another, each shown long enough to be read. The time between steps is the
// reader's, not the simulation's: a TLS handshake and a dict look-up deserve the same attention.
import type { Frames } from "./frames.ts";
import { type PlayheadStore, seek } from "./playhead.ts";

/** How long a step stays at speed 1: about twelve words at a calm reading pace, and a look. */
export const STEP_MS = 2_400;

export interface ClockOptions {
  readonly playhead: PlayheadStore;
  readonly frames: Frames;
  /** True when playing should end at this step, which a chosen event asked for. */
  readonly stopsAt: (step: number) => boolean;
}

/** Advances the playhead while it plays; the returned function ends it. */
export function startClock({ playhead, frames, stopsAt }: ClockOptions): () => void {
  let shownSinceMs: number | null = null;
  let shownStep = -1;
  let removeTask: (() => void) | null = null;

  function tick(nowMs: number): boolean {
    const { isPlaying, step, count, speed } = playhead.getState();
    if (!isPlaying) return false;
    if (step !== shownStep || shownSinceMs === null) {
      shownStep = step;
      shownSinceMs = nowMs;
      return true;
    }
    if (nowMs - shownSinceMs < STEP_MS / speed) return true;
    seek(playhead, step + 1);
    const isOver = step + 1 >= count - 1 || stopsAt(step + 1);
    if (isOver) playhead.setState({ isPlaying: false });
    return !isOver;
  }

  const unsubscribe = playhead.subscribe((now, before) => {
    if (now.isPlaying === before.isPlaying) return;
    removeTask?.();
    shownSinceMs = null;
    removeTask = now.isPlaying ? frames.add(tick) : null;
  });
  return () => {
    unsubscribe();
    removeTask?.();
  };
}
