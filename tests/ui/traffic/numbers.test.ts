// Numbers as the traffic screen writes them.
import { describe, expect, it } from "vitest";
import {
  clockText,
  countText,
  millisecondsText,
  percentText,
  shortNumber,
} from "../../../src/ui/traffic/numbers.ts";

describe("a number on the traffic screen", () => {
  it("is grouped by thousands", () => {
    expect(countText(5112)).toBe("5,112");
  });

  it("has at most three figures where a unit follows", () => {
    expect([0.04123, 38.24, 412.4, 5112].map(shortNumber)).toEqual([
      "0.0412",
      "38.2",
      "412",
      "5,112",
    ]);
  });

  it("takes the unit in which a reader thinks", () => {
    expect([41, 2310, 200_000].map(millisecondsText)).toEqual(["41 ms", "2.31 s", "3.33 min"]);
  });

  it("says that nothing was measured", () => {
    expect([millisecondsText(Number.NaN), percentText(Number.NaN)]).toEqual(["—", "—"]);
  });

  it("is a clock for simulated time", () => {
    expect([42.63, 125].map(clockText)).toEqual(["42.6 s", "2 min 05 s"]);
  });
});
