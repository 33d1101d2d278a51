// The playhead: which step is shown, whether it plays, how fast. Everything on the screen is a function
// of the journey and this number, which is why going back is as exact and as quick as going forward.
import { createStore, type StoreApi } from "zustand/vanilla";

export const speeds = [0.5, 1, 2, 4] as const;
export type Speed = (typeof speeds)[number];

export interface Playhead {
  readonly step: number;
  /** How many steps the journey has. */
  readonly count: number;
  readonly isPlaying: boolean;
  readonly speed: Speed;
}

export type PlayheadStore = StoreApi<Playhead>;

/** A playhead with nothing to play yet. */
export function createPlayhead(): PlayheadStore {
  return createStore<Playhead>(() => ({ step: 0, count: 0, isPlaying: false, speed: 1 }));
}

/** Shows `step`, kept within the journey. */
export function seek(playhead: PlayheadStore, step: number): void {
  const { count, step: shown } = playhead.getState();
  const kept = Math.max(0, Math.min(count - 1, Math.round(step)));
  if (kept !== shown) playhead.setState({ step: kept });
}

/** Moves by `delta` steps and stops playing: a hand on the control outranks the clock. */
export function stepBy(playhead: PlayheadStore, delta: number): void {
  playhead.setState({ isPlaying: false });
  seek(playhead, playhead.getState().step + delta);
}

/** Shows `step` and stops playing. */
export function jumpTo(playhead: PlayheadStore, step: number): void {
  playhead.setState({ isPlaying: false });
  seek(playhead, step);
}

/** Plays or pauses; playing from the end begins again at the start. */
export function togglePlaying(playhead: PlayheadStore): void {
  const { isPlaying, step, count } = playhead.getState();
  if (!isPlaying && step >= count - 1) seek(playhead, 0);
  playhead.setState({ isPlaying: !isPlaying && count > 1 });
}
