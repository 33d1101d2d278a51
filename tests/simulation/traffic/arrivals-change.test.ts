// Arrivals that become others while the run goes on: what has come stays, what comes next is of the new
// kind, and of users there are always as many as were asked for.
import { describe, expect, it } from "vitest";
import { TrafficSession } from "../../../src/simulation/traffic/session.ts";
import { startTraffic } from "../../../src/simulation/traffic/traffic.ts";
import type { Arrivals } from "../../../src/simulation/traffic/traffic-spec.ts";
import { oneView } from "./one-view.ts";

const quick = oneView({ workers: 4, sleepMs: 10 });
const SECOND = 1e9;

/** When requests arrived, ms from the beginning, of arrivals that change at whole seconds. */
function during(first: Arrivals, ...later: readonly Arrivals[]): number[] {
  const at: number[] = [];
  const traffic = startTraffic(quick, {
    traffic: { arrivals: first, durationS: later.length + 1 },
    observer: { arrived: ({ startedAt }) => void at.push((startedAt - traffic.run.zero) / 1e6) },
  });
  for (const [i, arrivals] of later.entries()) {
    traffic.run.sim.runUntil(traffic.run.zero + (i + 1) * SECOND - 1);
    traffic.respecify({ arrivals });
  }
  traffic.run.sim.runUntil(traffic.end);
  traffic.drain();
  return at;
}

const since = (times: readonly number[], ms: number): number[] => times.filter((at) => at >= ms);

describe("arrivals that change their kind", () => {
  it("go on with bursts at the multiples of their distance", () => {
    const times = during({ constant: 10 }, { bursts: { size: 2, everyMs: 400 } });
    expect(times.slice(0, 10)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(since(times, 999)).toEqual([1200, 1200, 1600, 1600, 2000, 2000]);
  });

  it("take a new distance of bursts at once", () => {
    const times = during(
      { bursts: { size: 1, everyMs: 600 } },
      { bursts: { size: 1, everyMs: 250 } },
    );
    expect(times).toEqual([0, 600, 1000, 1250, 1500, 1750, 2000]);
  });

  it("leave out of a list what is over", () => {
    const times = during({ constant: 2 }, { atMs: [100, 900, 1100, 1700] });
    expect(times).toEqual([0, 500, 1100, 1700]);
  });

  it("become a rate again after a list that had ended", () => {
    const times = during({ atMs: [10, 20] }, { constant: 4 });
    expect(times.slice(0, 2)).toEqual([10, 20]);
    expect(since(times, 999)).toHaveLength(4);
  });

  it("become users, and chance again, with nobody left behind", () => {
    const users = { users: 5, thinkMs: 90, thinking: "constant" } as const;
    const times = during(users, { constant: 4 }, users);
    expect(since(times, 1010).filter((at) => at < 1990).length).toBeLessThan(10);
    // Five users, each with a turn of 90 ms of thinking, 10 ms of the view, and a little for the way.
    const last = since(times, 2000).length;
    expect(last).toBeGreaterThan(40);
    expect(last).toBeLessThanOrEqual(50);
  });

  it("have as many users as asked for after some were sent away and called back", () => {
    const turn = { thinkMs: 90, thinking: "constant" } as const;
    const times = during({ users: 8, ...turn }, { users: 2, ...turn }, { users: 8, ...turn });
    const counts = [0, 1000, 2000].map(
      (from) => times.filter((at) => at >= from + 100 && at < from + 1000).length,
    );
    expect(counts[1]).toBeLessThanOrEqual(18);
    expect(counts[2]).toBeGreaterThan(60);
    // No user can have more than nine turns of 100 ms, and there are not nine users.
    expect(counts[2]).toBeLessThanOrEqual(72);
  });
});

describe("the text of the traffic", () => {
  const poisson = (durationS: number, rate: number): string =>
    JSON.stringify({ arrivals: { poisson: rate }, durationS });

  it("holds at once, but for how long it goes on", () => {
    const run = new TrafficSession(quick, {
      traffic: { arrivals: { poisson: 10 }, durationS: 4 },
      seed: 3,
    });
    run.advance(SECOND);
    const faster = { kind: "file", path: "traffic", text: poisson(4, 100) } as const;
    expect(run.change(faster)).not.toHaveProperty("problem");
    const longer = { kind: "file", path: "traffic", text: poisson(9, 100) } as const;
    expect(run.change(longer)).toEqual({
      problem: "how long requests arrive is settled when the run begins; restart the run",
    });
  });
});
