// Playing: steps follow one another, faster when asked, and stop at the end or at a chosen event.
import { describe, expect, it } from "vitest";
import { STEP_MS, startClock } from "../../../src/ui/playback/clock.ts";
import { createFrames } from "../../../src/ui/playback/frames.ts";
import {
  createPlayhead,
  jumpTo,
  seek,
  stepBy,
  togglePlaying,
} from "../../../src/ui/playback/playhead.ts";

function playing(count: number, stopsAt: (step: number) => boolean = () => false) {
  let frame: ((nowMs: number) => void) | null = null;
  const frames = createFrames((callback) => {
    frame = callback;
  });
  const playhead = createPlayhead();
  playhead.setState({ count });
  startClock({ playhead, frames, stopsAt });
  const runFrames = (fromMs: number, toMs: number): void => {
    for (let nowMs = fromMs; nowMs <= toMs; nowMs += 16) {
      const callback = frame;
      frame = null;
      callback?.(nowMs);
    }
  };
  return { playhead, runFrames, isAsleep: () => frame === null };
}

describe("the clock", () => {
  it("shows each step for its time, then the next", () => {
    const { playhead, runFrames } = playing(10);
    togglePlaying(playhead);
    runFrames(0, STEP_MS * 2.5);
    expect(playhead.getState().step).toBe(2);
  });

  it("is twice as fast at speed 2", () => {
    const { playhead, runFrames } = playing(10);
    playhead.setState({ speed: 2 });
    togglePlaying(playhead);
    runFrames(0, STEP_MS * 2.4);
    expect(playhead.getState().step).toBe(4);
  });

  it("stops at the end, and asks for no more frames", () => {
    const { playhead, runFrames, isAsleep } = playing(3);
    togglePlaying(playhead);
    runFrames(0, STEP_MS * 9);
    expect(playhead.getState()).toMatchObject({ step: 2, isPlaying: false });
    expect(isAsleep()).toBe(true);
  });

  it("stops at a chosen event", () => {
    const { playhead, runFrames } = playing(10, (step) => step === 4);
    togglePlaying(playhead);
    runFrames(0, STEP_MS * 9);
    expect(playhead.getState()).toMatchObject({ step: 4, isPlaying: false });
  });
});

describe("the playhead", () => {
  it("stays within the journey", () => {
    const { playhead } = playing(5);
    seek(playhead, 99);
    expect(playhead.getState().step).toBe(4);
    stepBy(playhead, -99);
    expect(playhead.getState().step).toBe(0);
  });

  it("stops playing when the reader takes it", () => {
    const { playhead } = playing(5);
    togglePlaying(playhead);
    jumpTo(playhead, 3);
    expect(playhead.getState()).toMatchObject({ step: 3, isPlaying: false });
  });

  it("plays from the start again when it stands at the end", () => {
    const { playhead } = playing(5);
    seek(playhead, 4);
    togglePlaying(playhead);
    expect(playhead.getState()).toMatchObject({ step: 0, isPlaying: true });
  });
});
