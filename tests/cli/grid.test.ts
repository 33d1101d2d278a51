import { describe, expect, it } from "vitest";
import { gridOf, pointName, problemOfAxes, readAxis } from "../../src/cli/sweep/grid.ts";

describe("the grid of a sweep", () => {
  it("reads ranges, steps and lists", () => {
    expect(readAxis("workers=1..4")).toEqual({ key: "workers", values: ["1", "2", "3", "4"] });
    expect(readAxis("workers=1..16..5")).toEqual({
      key: "workers",
      values: ["1", "6", "11", "16"],
    });
    expect(readAxis("rate=50,100.5,2..3")).toEqual({
      key: "rate",
      values: ["50", "100.5", "2", "3"],
    });
    expect(readAxis("cache=on,off")).toEqual({ key: "cache", values: ["on", "off"] });
  });

  it("says what is wrong with an axis", () => {
    for (const text of [
      "workers",
      "=3",
      "workers=4..1",
      "workers=1..4..0",
      "workers=1,,2",
      "a=1..99999999",
    ])
      expect(readAxis(text), text).toHaveProperty("problem");
  });

  it("has each value once, and each setting once", () => {
    expect(readAxis("workers=2,1..3,2")).toHaveProperty("values", ["2", "1", "3"]);
    const workers = { key: "workers", values: ["1", "2"] };
    expect(problemOfAxes([workers, { key: "rate", values: ["1"] }])).toBeNull();
    expect(problemOfAxes([workers, workers])).toContain("--set workers is given twice");
    const many = Array.from({ length: 2000 }, (_, i) => String(i));
    expect(
      problemOfAxes([
        { key: "a", values: many },
        { key: "b", values: many },
      ]),
    ).toContain("4000000 points");
  });

  it("knows a point again however its numbers were written", () => {
    expect(pointName({ rate: "1e2" }, 1)).toBe(pointName({ rate: "100.0" }, 1));
    expect(pointName({ spread: "log-normal" }, 1)).toBe("spread=log-normal seed=1");
  });

  it("has every combination, the last axis fastest", () => {
    const points = gridOf([
      { key: "workers", values: ["1", "2"] },
      { key: "rate", values: ["50", "100"] },
    ]);
    expect(points.map((point) => pointName(point, 7))).toEqual([
      "workers=1 rate=50 seed=7",
      "workers=1 rate=100 seed=7",
      "workers=2 rate=50 seed=7",
      "workers=2 rate=100 seed=7",
    ]);
  });
});
