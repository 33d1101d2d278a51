// The keyframes of a watched run: dense while the run is short, thinned when there are too many, and each one
// the very bytes that were written.
import { describe, expect, it } from "vitest";
import type { Keyframe } from "../../../src/kernel/keyframe.ts";
import { library } from "../../../src/scenarios/library.ts";
import { Keyframes } from "../../../src/simulation/traffic/keyframes.ts";
import { startTraffic } from "../../../src/simulation/traffic/traffic.ts";

const scenario = library.find((entry) => entry.id === "json-api")!.scenario;
const KILOBYTE = 1024;

/** A run of so many events with a keyframe every hundred, and each of them as it was when it was taken. */
function taken(keyframes: Keyframes, events: number): Keyframe[] {
  const { run } = startTraffic(scenario, { traffic: { arrivals: { poisson: 60 } }, seed: 1 });
  const all: Keyframe[] = [];
  run.sim.runUntil(run.zero);
  for (let i = 0; i < events; i++) {
    const keyframe = keyframes.takeIfDue(run);
    // Its bytes stand where the next one is written.
    if (keyframe !== null) all.push({ ...keyframe, bytes: keyframe.bytes.slice() });
    run.sim.step();
  }
  return all;
}

const { run: other } = startTraffic(scenario, { traffic: { arrivals: { poisson: 60 } }, seed: 1 });

/** What a run is like that went back to a keyframe: all its bytes, and all that these refer to. */
function gone(keyframe: Keyframe): Keyframe {
  other.sim.restore(keyframe);
  return other.sim.keyframe();
}

/** Those among the taken that are still there, with the bytes that they have now. */
function found(keyframes: Keyframes, all: readonly Keyframe[]): Keyframe[] {
  return all.filter((keyframe) => {
    const kept = keyframes.before(keyframe.now);
    if (kept === null || kept.eventCount !== keyframe.eventCount) return false;
    expect(kept.bytes).toEqual(keyframe.bytes);
    // Those that only keyframes referred to which were dropped are gone.
    for (const [i, one] of kept.references.entries())
      if (one !== undefined) expect(Object.is(one, keyframe.references[i])).toBe(true);
    expect(gone(kept)).toStrictEqual(gone(keyframe));
    expect(kept.journal).toEqual(keyframe.journal);
    return true;
  });
}

describe("keyframes", () => {
  it("are all there, byte for byte, as long as there is room", () => {
    const keyframes = new Keyframes({ everyEvents: 1000 });
    const all = taken(keyframes, 40_000);
    const gaps = all.slice(1).map(({ eventCount }, i) => eventCount - all[i].eventCount);
    // A step handles what it raises for the same instant too.
    for (const gap of gaps) expect(gap).toBeLessThan(1020);
    expect(gaps.length).toBeGreaterThan(40);
    expect(found(keyframes, all)).toHaveLength(all.length);
  });

  it("are fewer, evenly, and the same, whenever there is no room", () => {
    const sizeMax = 128 * KILOBYTE;
    const keyframes = new Keyframes({ everyEvents: 1000, sizeMax });
    const all = taken(keyframes, 40_000);
    const left = found(keyframes, all);
    expect(keyframes.size).toBeLessThanOrEqual(sizeMax);
    expect(keyframes.size).toBeGreaterThan(sizeMax / 3);
    expect(left).toHaveLength(keyframes.count);
    const gaps = left.slice(1).map(({ eventCount }, i) => eventCount - left[i].eventCount);
    // Some have been thinned once more than others: nowhere is the way twice as long as it mostly is.
    const median = gaps.sort((a, b) => a - b)[gaps.length >> 1];
    expect(gaps.at(-1)).toBeLessThan(2.1 * median);
  });

  it("make room even where no two of them have anything in common", () => {
    const keyframes = new Keyframes({ everyEvents: 200, sizeMax: 1 });
    expect(taken(keyframes, 10_000).length).toBeGreaterThan(3);
    expect(keyframes.count).toBe(1);
  });

  it("leave the others alone where some are added between them", () => {
    const keyframes = new Keyframes({ everyEvents: 4000, sizeMax: 640 * KILOBYTE });
    const all = taken(keyframes, 20_000);
    const { run } = startTraffic(scenario, { traffic: { arrivals: { poisson: 60 } }, seed: 1 });
    run.sim.runUntil(run.zero);
    const between: Keyframe[] = [];
    for (let i = 0; i < 20; i++) {
      for (let step = 0; step < 500; step++) run.sim.step();
      keyframes.add(run);
      between.push(run.sim.keyframe());
    }
    expect(found(keyframes, all)).toHaveLength(all.length);
    const left = found(keyframes, between);
    expect(left.length).toBe(keyframes.count - all.length);
    expect(left.length).toBeLessThan(between.length);
    expect(left.at(-1)?.eventCount).toBe(between.at(-1)?.eventCount);
  });
});
