import { describe, expect, it } from "vitest";
import { draw32, exponential, naturalLog, uniform } from "../../src/kernel/random.ts";

describe("keyed draws", () => {
  it("depend on seed, entity and purpose alone", () => {
    expect(draw32(1, 2, 3)).toBe(draw32(1, 2, 3));
    const others = [draw32(2, 2, 3), draw32(1, 3, 3), draw32(1, 2, 4)];
    for (const other of others) expect(other).not.toBe(draw32(1, 2, 3));
  });

  it("are uniform: mean 1/2 and variance 1/12, within three standard errors", () => {
    const n = 200_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const u = uniform(7, i, 1);
      sum += u;
      squares += u * u;
    }
    const mean = sum / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(3 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(squares / n - mean * mean - 1 / 12)).toBeLessThan(3 * Math.sqrt(1 / 180 / n));
  });

  it("are exponential with the mean asked for", () => {
    const n = 200_000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += exponential(3, i, 9, 4);
    expect(Math.abs(sum / n - 4)).toBeLessThan((3 * 4) / Math.sqrt(n));
  });

  it("do not correlate between neighbouring entities or purposes", () => {
    const n = 100_000;
    let entities = 0;
    let purposes = 0;
    for (let i = 0; i < n; i++) {
      entities += (uniform(5, i, 1) - 0.5) * (uniform(5, i + 1, 1) - 0.5);
      purposes += (uniform(5, i, 1) - 0.5) * (uniform(5, i, 2) - 0.5);
    }
    const threeErrors = 3 / 12 / Math.sqrt(n);
    expect(Math.abs(entities / n)).toBeLessThan(threeErrors);
    expect(Math.abs(purposes / n)).toBeLessThan(threeErrors);
  });
});

describe("naturalLog", () => {
  it.each([1e-12, 0.1, 0.5, 0.7, 1, 1.5, 2, Math.E, 1e6, 1e300])(
    "of %d is within 1e-11 of Math.log",
    (x) => {
      expect(Math.abs(naturalLog(x) - Math.log(x))).toBeLessThan(
        1e-11 * Math.max(1, Math.abs(Math.log(x))),
      );
    },
  );
});
