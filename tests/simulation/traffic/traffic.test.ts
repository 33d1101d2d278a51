// What a crowd does: when it arrives, what it asks for, how long it waits, and how it tries again.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import type { Scenario } from "../../../src/simulation/scenario.ts";
import { playTraffic } from "../../../src/simulation/traffic/play.ts";
import { startTraffic } from "../../../src/simulation/traffic/traffic.ts";
import type { Arrivals, TrafficSpec } from "../../../src/simulation/traffic/traffic-spec.ts";
import { oneView } from "./one-view.ts";

const quick = oneView({ workers: 4, sleepMs: 10 });

/** When requests arrived, ms from the beginning. */
function arrivals(spec: TrafficSpec, scenario: Scenario = quick): number[] {
  const at: number[] = [];
  const traffic = startTraffic(scenario, {
    traffic: spec,
    observer: { arrived: ({ startedAt }) => void at.push((startedAt - traffic.run.zero) / 1e6) },
  });
  traffic.run.sim.runUntil(traffic.end);
  traffic.drain();
  return at;
}

describe("arrivals", () => {
  const during = (kind: Arrivals, durationS = 1): number[] =>
    arrivals({ arrivals: kind, durationS });

  it("come evenly spaced", () => {
    expect(during({ constant: 4 })).toEqual([0, 250, 500, 750, 1000]);
  });

  it("come in bursts", () => {
    expect(during({ bursts: { size: 3, everyMs: 500 } })).toEqual([
      0, 0, 0, 500, 500, 500, 1000, 1000, 1000,
    ]);
  });

  it("come at the very instants of a list", () => {
    expect(arrivals({ arrivals: { atMs: [1.5, 20, 20, 70.25] } })).toEqual([1.5, 20, 20, 70.25]);
  });

  it("come by chance, as often as asked, and the same with every seed's own draws", () => {
    const first = during({ poisson: 100 }, 20);
    expect(first.length).toBeGreaterThan(1900);
    expect(first.length).toBeLessThan(2100);
    expect(during({ poisson: 100 }, 20)).toEqual(first);
  });

  it("come closer together at a higher rate, by the same draws", () => {
    const slow = during({ poisson: 10 }, 10);
    const fast = during({ poisson: 20 }, 5);
    for (const [i, at] of fast.entries()) expect(at).toBeCloseTo(slow[i] / 2, 4);
  });

  it("come from users who wait for their answer, then think", () => {
    const { length } = during({ users: 3, thinkMs: 90, thinking: "constant" }, 10);
    // A turn takes 90 ms of thinking and 10 ms of the view, and a little for the way.
    expect(length).toBeGreaterThan(290);
    expect(length).toBeLessThan(300);
  });

  it("pick from the mix by weight", () => {
    const requests = [
      { weight: 3, request: { url: "http://localhost:8000/" } },
      { weight: 1, request: { url: "http://localhost:8000/missing" } },
    ];
    const { statuses } = playTraffic(quick, {
      traffic: { arrivals: { constant: 100 }, durationS: 10, mix: requests },
    });
    expect(Object.keys(statuses)).toEqual(["200", "404"]);
    expect(statuses["404"]).toBeGreaterThan(200);
    expect(statuses["404"]).toBeLessThan(300);
  });
});

describe("impatient clients", () => {
  const slow = oneView({ workers: 1, sleepMs: 1000 });

  it("give up, and what they asked for is worked on all the same", () => {
    const played = playTraffic(slow, {
      traffic: { arrivals: { atMs: [0, 0, 0] }, giveUpMs: 1500 },
    });
    expect(played.statuses).toEqual({ "200": 1, none: 2 });
    expect(played.traffic.world().gaveUp).toBe(2);
  });

  it("try again with growing pauses, as often as they may", () => {
    const tries: number[] = [];
    const traffic = startTraffic(oneView({ workers: 1, sleepMs: 60_000 }), {
      traffic: {
        arrivals: { atMs: [0] },
        giveUpMs: 1000,
        retry: { times: 3, afterMs: 500, factor: 2 },
      },
    });
    const { sim, zero } = traffic.run;
    let last = -1;
    while (!traffic.done() && sim.step()) {
      for (const [number, { triedAt }] of traffic.world().underWay)
        if (number > last) {
          last = number;
          tries.push((triedAt - zero) / 1e6);
        }
    }
    // 1 s of waiting, then 0.5, 1 and 2 s of pause.
    expect(tries).toEqual([0, 1500, 3500, 6500]);
    expect(traffic.world()).toMatchObject({ arrived: 1, failed: 1, retries: 3, gaveUp: 4 });
  });
});

describe("clients that keep their connections", () => {
  it("shake hands once, and ask again on the open connection", () => {
    const site = library.find((entry) => entry.id === "static-file")!.scenario;
    const spec: TrafficSpec = { arrivals: { constant: 50 }, durationS: 10, clients: 5 };
    const kept = playTraffic(site, { traffic: { ...spec, keepAlive: true } });
    const fresh = playTraffic(site, { traffic: spec });
    expect(kept.statuses).toEqual({ "200": 501 });
    // One round trip of 40 ms is left of four: DNS, TCP and TLS are there already.
    expect(kept.latencies.percentile(0.5)).toBeLessThan(42e6);
    expect(fresh.latencies.percentile(0.5)).toBeGreaterThan(110e6);
    expect(kept.traffic.run.sim.eventCount).toBeLessThan(fresh.traffic.run.sim.eventCount / 2);
  });
});
