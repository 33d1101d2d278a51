// The window of time that the waterfall shows, and the step of a moment.
import { describe, expect, it } from "vitest";
import { barsIn, stepAt, windowOf } from "../../../src/ui/session/time-window.ts";
import { fixtureJourney } from "../fixtures/journey.ts";

const journey = fixtureJourney();
const MS = 1_000_000;

describe("the waterfall's window", () => {
  it("is the request of the step", () => {
    expect(windowOf(journey, 5)).toEqual({ fromNs: 0, toNs: 236 * MS });
  });

  it("is the whole journey for a process of its own", () => {
    const steps = journey.steps.map((step) => ({ ...step, request: -1 }));
    expect(windowOf({ ...journey, steps }, 5)).toEqual({ fromNs: 0, toNs: journey.endNs });
  });

  it("cuts bars that reach beyond it", () => {
    const bars = barsIn(journey, { fromNs: 140 * MS, toNs: 160 * MS });
    const django = bars.find(({ lane }) => lane === "Django");
    expect(django).toMatchObject({ fromNs: 140 * MS, toNs: 160 * MS });
    expect(bars.some(({ lane }) => lane === "DNS")).toBe(false);
  });
});

describe("the step of a moment", () => {
  it("is the last one taken by then", () => {
    expect(stepAt(journey, 0)).toBe(0);
    expect(stepAt(journey, 16.5 * MS)).toBe(4);
    expect(stepAt(journey, 999 * MS)).toBe(journey.steps.length - 1);
  });

  it("is never before the first", () => {
    expect(stepAt(journey, -1)).toBe(0);
  });
});
