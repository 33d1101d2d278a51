import { describe, expect, it } from "vitest";
import { logNormal, naturalExp, normalQuantile } from "../../src/kernel/distributions.ts";
import { draw32 } from "../../src/kernel/random.ts";

describe("distributions", () => {
  it("know the normal's quantiles", () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 6);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 6);
  });

  it("know e to a power as the engine's own does", () => {
    for (const x of [-20, -1, -0.001, 0, 0.5, 1, 3, 40])
      expect(naturalExp(x) / Math.exp(x)).toBeCloseTo(1, 11);
  });

  it("draw log-normal values with the mean and variation asked for", () => {
    const values = Array.from({ length: 50_000 }, (_, i) => logNormal(draw32(1, i, 2), 100, 0.5));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeGreaterThan(99);
    expect(mean).toBeLessThan(101);
    expect(Math.sqrt(variance) / mean).toBeCloseTo(0.5, 1);
  });
});
