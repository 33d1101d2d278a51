import { describe, expect, it } from "vitest";
import { uniform } from "../../../src/kernel/random.ts";
import {
  cellMiddle,
  cellOf,
  cellStart,
  LatencyHistogram,
} from "../../../src/simulation/traffic/latency-histogram.ts";

describe("the histogram", () => {
  it("takes every duration for one at most 0.25 % away", () => {
    for (let i = 0; i < 20_000; i++) {
      const ns = Math.round(1000 + uniform(1, i, 1) ** 6 * 3.6e12);
      expect(Math.abs(cellMiddle(cellOf(ns)) / ns - 1)).toBeLessThan(0.0025);
    }
  });

  it("puts a duration into the cell that begins at or before it", () => {
    for (const ns of [1, 2, 3, 255, 256, 257, 1e6, 2 ** 40]) {
      const cell = cellOf(ns);
      expect(cellStart(cell)).toBeLessThanOrEqual(ns);
      expect(cellStart(cell + 1)).toBeGreaterThan(ns);
    }
    expect([cellOf(0), cellOf(-5), cellOf(Number.NaN)]).toEqual([0, 0, 0]);
  });

  it("has the value at index floor(p n) of the sorted samples as percentile p", () => {
    const histogram = new LatencyHistogram();
    expect(histogram.percentile(0.5)).toBeNull();
    for (let ms = 1; ms <= 100; ms++) histogram.add(ms * 1e6);
    expect(histogram.percentile(0.5)).toBeCloseTo(51e6, -6);
    expect(histogram.percentile(0.99)).toBe(100e6);
    expect(histogram.mean).toBe(50.5e6);
    histogram.clear();
    expect([histogram.count, histogram.percentile(0.5), histogram.max]).toEqual([0, null, 0]);
  });

  it("can be put together from parts", () => {
    const whole = new LatencyHistogram();
    const sum = new LatencyHistogram();
    const part = new LatencyHistogram();
    for (let i = 0; i < 1000; i++) {
      const ns = Math.round(1e6 * (1 + uniform(2, i, 1) * 50));
      whole.add(ns);
      part.add(ns);
      if (i % 100 === 99) {
        sum.addCells(part.cells());
        part.clear();
      }
    }
    expect(sum.cells()).toEqual(whole.cells());
  });
});
