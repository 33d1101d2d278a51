// The part of a link that is about a run of traffic: what goes in comes out, and what is broken says so.
import { describe, expect, it } from "vitest";
import {
  packTraffic,
  type TrafficLink,
  unpackTraffic,
} from "../../../src/ui/session/traffic-link.ts";

const link: TrafficLink = {
  changes: [
    { atNs: 0, change: { kind: "setting", id: "workers", value: 8 } },
    { atNs: 12e9, change: { kind: "fault", fault: { verb: "kill", process: "gunicorn worker" } } },
  ],
  files: { traffic: "{}" },
  seed: 7,
  timeNs: 42_600_123_457,
  pinned: {
    changes: [],
    files: { "/etc/nginx/nginx.conf": "events {}" },
    seed: 7,
    timeNs: 30_000e6,
  },
  opened: 4817,
};

const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the traffic in a link", () => {
  it("restores changes, seed, moment, the pinned run and the request opened", () => {
    expect(unpackTraffic(stored(packTraffic(link)))).toEqual({ link, losses: [] });
  });

  it("is short for a run that nobody touched", () => {
    const untouched = { changes: [], files: {}, seed: null, timeNs: 2e9 };
    expect(packTraffic({ ...untouched, pinned: null, opened: null })).toEqual({ m: 2000 });
  });

  it("restores a moment that is not before the last change", () => {
    const stands = stored(packTraffic({ ...link, pinned: null, timeNs: 12e9 + 1 }));
    expect(unpackTraffic(stands).link.timeNs).toBe(12e9 + 1);
  });

  it("says that changes were left out and keeps the rest", () => {
    const { link: read, losses } = unpackTraffic({ m: 5, c: [[1, { kind: "toString" }]], n: 3 });
    const kept = { changes: [], files: {}, seed: 3, timeNs: 5e6 };
    expect(read).toEqual({ ...kept, pinned: null, opened: null });
    expect(losses).toHaveLength(1);
  });

  it("does without a pinned run that cannot be read, and reads links of before there was one", () => {
    expect(unpackTraffic({ m: 5, p: 3 })).toMatchObject({
      link: { timeNs: 5e6, pinned: null },
      losses: ["The pinned run in this link could not be read and was left out."],
    });
    expect(unpackTraffic({ m: 5, o: 2 }).losses).toEqual([]);
  });

  it.each([[null], ["x"], [[]], [7]])("does not fail on %j", (value) => {
    expect(unpackTraffic(value).losses).toHaveLength(1);
  });

  it("does not run for ever because a link says so", () => {
    expect(unpackTraffic({ m: 1e300 }).link.timeNs).toBe(3600e9);
  });
});
