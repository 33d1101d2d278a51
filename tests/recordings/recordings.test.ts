// The simulator against the real programs. Floors only rise: a change that makes a family worse fails
// here, and whoever makes one better writes the new floor down.
import { describe, expect, it } from "vitest";
import { families, scoreFamily } from "./corpus.ts";
import floors from "./floors.json" with { type: "json" };

describe.each(families)("family %s", (family) => {
  const floor = (floors as Record<string, { right: number; logs: number }>)[family];
  const score = scoreFamily(family);

  it("runs every scenario", () => {
    expect(score.scenarios).toBeGreaterThan(0);
    expect(score.crashes).toEqual([]);
  });

  it(`is right in every field for at least ${floor.right} of its requests`, () => {
    expect(score.right).toBeGreaterThanOrEqual(floor.right);
  });

  it(`has at least ${floor.logs} logs right`, () => {
    expect(score.logsRight).toBeGreaterThanOrEqual(floor.logs);
  });
});
