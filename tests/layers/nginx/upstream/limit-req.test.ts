// The leaky bucket of limit_req, with the worked numbers of nginx.
import { describe, expect, test } from "vitest";
import {
  formatExcess,
  type LimitReqLimit,
  type LimitReqZone,
  type LimitReqZoneState,
  limitRequest,
  parseRate,
} from "../../../../src/layers/nginx/limit-req.ts";

const zone: LimitReqZone = { name: "per_ip", rate: 1000, sizeBytes: 1 << 20 };

function run(limit: LimitReqLimit, times: readonly number[]): string[] {
  const state: LimitReqZoneState = { nodes: new Map() };
  return times.map((ms) => {
    const verdict = limitRequest([limit], [state], ["client"], ms);
    if (verdict.kind === "delayed") return `${verdict.delayMs}`;
    if (verdict.kind === "rejected") return `rejected ${verdict.excess}`;
    return verdict.kind;
  });
}

const times = [0, 10, 20, 30, 40, 1110, 1120];

describe("1 request a second, burst 3", () => {
  test("each request over the rate waits its turn; the fifth finds the bucket full", () => {
    expect(run({ zone, burst: 3000, delay: 0 }, times)).toEqual([
      "passed",
      "990",
      "1980",
      "2970",
      "rejected 3960",
      "2890",
      "rejected 3880",
    ]);
  });

  test("delay=1 lets one pass at once and shortens the others by a second", () => {
    expect(run({ zone, burst: 3000, delay: 1000 }, times)).toEqual([
      "passed",
      "passed",
      "980",
      "1970",
      "rejected 3960",
      "1890",
      "rejected 3880",
    ]);
  });

  test("nodelay gives the same verdicts without waiting", () => {
    expect(run({ zone, burst: 3000, delay: Number.POSITIVE_INFINITY }, times)).toEqual([
      "passed",
      "passed",
      "passed",
      "passed",
      "rejected 3960",
      "passed",
      "rejected 3880",
    ]);
  });
});

describe("several zones", () => {
  const all: LimitReqZone = { name: "all", rate: 2000, sizeBytes: 1 << 20 };
  const perIp: LimitReqZone = { name: "per_ip", rate: 5000, sizeBytes: 1 << 20 };

  test("all must pass, and a rejected request is accounted in none", () => {
    const limits = [
      { zone: perIp, burst: 2000, delay: Number.POSITIVE_INFINITY },
      { zone: all, burst: 1000, delay: Number.POSITIVE_INFINITY },
    ];
    const states = [{ nodes: new Map() }, { nodes: new Map() }];
    const kinds = [0, 1, 2].map((ms) => limitRequest(limits, states, ["ip", "server"], ms));
    expect(kinds.map((verdict) => verdict.kind)).toEqual(["passed", "passed", "rejected"]);
    expect(states[0].nodes.get("ip")).toEqual({ excess: 995, lastMs: 1 });
  });

  test("an empty key is not limited", () => {
    const limits = [{ zone, burst: 0, delay: 0 }];
    const state = { nodes: new Map() };
    expect(limitRequest(limits, [state], [""], 0).kind).toBe("none");
  });
});

test("a zone that is full forgets the key used least recently", () => {
  const tiny: LimitReqZone = { name: "tiny", rate: 1000, sizeBytes: 256 };
  const limits = [{ zone: tiny, burst: 0, delay: 0 }];
  const state: LimitReqZoneState = { nodes: new Map() };
  for (const key of ["a", "b", "c"]) limitRequest(limits, [state], [key], 0);
  expect([...state.nodes.keys()]).toEqual(["b", "c"]);
});

test("rates and excesses as they are written", () => {
  expect(["5r/s", "60r/m", "30r/m", "5", "5r/h", "0r/s"].map(parseRate)).toEqual([
    ...[5000, 1000, 500],
    // Without a unit a rate counts by the second.
    ...[5000, null, null],
  ]);
  expect(formatExcess(3960)).toBe("3.960");
});
