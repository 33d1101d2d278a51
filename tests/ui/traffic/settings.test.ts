// Sliders: a setting that is thought of in ratios has a slider that moves in ratios.
import { describe, expect, it } from "vitest";
import type { SettingInput } from "../../../src/simulation/settings/setting.ts";
import {
  LOG_PLACES,
  placeOf,
  valueAt,
  valueText,
} from "../../../src/ui/traffic/panel/setting-scale.ts";

type NumberInput = Extract<SettingInput, { kind: "number" }>;
const workers: NumberInput = {
  kind: "number",
  unit: "workers",
  min: 1,
  max: 64,
  step: 1,
  scale: "linear",
};
const rate: NumberInput = {
  kind: "number",
  unit: "per second",
  min: 1,
  max: 10_000,
  step: 1,
  scale: "log",
};
const time: NumberInput = {
  kind: "number",
  unit: "ms",
  min: 0,
  max: 10_000,
  step: 1,
  scale: "log",
};

describe("a slider", () => {
  it("is its value where values are counted", () => {
    expect(placeOf(4, workers)).toBe(4);
    expect(valueAt(4, workers)).toBe(4);
  });

  it("moves in ratios: the middle of 1 to 10,000 is 100", () => {
    expect(placeOf(100, rate)).toBe(LOG_PLACES / 2);
    expect(valueAt(LOG_PLACES / 2, rate)).toBe(100);
    expect(valueAt(LOG_PLACES, rate)).toBe(10_000);
  });

  it("reaches nothing at its left end where nothing is allowed", () => {
    expect(valueAt(0, time)).toBe(0);
    expect(placeOf(0, time)).toBe(0);
  });

  it("gives whole steps of two figures", () => {
    for (let place = 0; place <= LOG_PLACES; place += 1) {
      const value = valueAt(place, rate);
      expect(Number.isInteger(value) && Number(value.toPrecision(2)) === value).toBe(true);
    }
  });
});

describe("the value beside a slider", () => {
  it("has the unit that a reader says", () => {
    expect(valueText(120, { id: "rate", input: rate })).toBe("120 a second");
    expect(valueText(1_500, { id: "viewMs", input: time })).toBe("1.5 s");
    expect(valueText(4, { id: "workers", input: workers })).toBe("4");
    expect(valueText(true, { id: "cache", input: { kind: "switch" } })).toBe("on");
  });

  it("says what a zero means", () => {
    expect(valueText(0, { id: "giveUpMs", input: time })).toBe("never");
    expect(valueText(0, { id: "viewMs", input: time })).toBe("0 ms");
  });
});
