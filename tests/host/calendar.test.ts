import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  civilToMs,
  formatHttpDate,
  formatIsoDate,
  formatLogDate,
  parseHttpDate,
  parseIsoDate,
} from "../../src/host/calendar.ts";

describe("the calendar", () => {
  it("writes the dates that programs write", () => {
    const ms = civilToMs(2026, 11, 21, 11 * 60 + 20);
    expect(formatHttpDate(ms)).toBe("Sat, 21 Nov 2026 00:11:20 GMT");
    expect(formatLogDate(ms)).toBe("21/Nov/2026:00:11:20 +0000");
    expect(formatIsoDate(ms)).toBe("2026-11-21 00:11:20");
    expect(formatIsoDate(ms, "/")).toBe("2026/11/21 00:11:20");
  });

  it("agrees with Date over twenty centuries", () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(2999, 11, 31) }), (ms) => {
        expect(formatHttpDate(ms)).toBe(new Date(ms).toUTCString());
        expect(parseHttpDate(formatHttpDate(ms))).toBe(Math.floor(ms / 1000) * 1000);
      }),
    );
  });

  it("reads ISO dates and refuses what is none", () => {
    expect(parseIsoDate("2024-01-01T00:00:00Z")).toBe(1_704_067_200_000);
    expect(parseIsoDate("2024-01-01")).toBe(1_704_067_200_000);
    expect(parseIsoDate("yesterday")).toBeNull();
    expect(parseHttpDate("Sat, 21 Xyz 2026 00:11:20 GMT")).toBeNull();
  });
});
