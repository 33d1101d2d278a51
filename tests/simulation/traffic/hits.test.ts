// How often a crowd finds in a cache what it asks for, and the tries of a request that is sent again.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import { hitsOf } from "../../../src/simulation/traffic/gauges.ts";
import { TrafficSession } from "../../../src/simulation/traffic/session.ts";
import type { TrafficSpec } from "../../../src/simulation/traffic/traffic-spec.ts";

const SECOND = 1e9;

function session(id: string, traffic: TrafficSpec): TrafficSession {
  const { scenario } = library.find((entry) => entry.id === id)!;
  return new TrafficSession(scenario, { traffic: { ...scenario.traffic, ...traffic }, seed: 3 });
}

describe("what caches answer", () => {
  it("is counted for names, sessions and pages", () => {
    const run = session("cached-page", { arrivals: { constant: 20 }, durationS: 3, clients: 10 });
    run.advance(5 * SECOND);
    const { dns, tls, nginx } = hitsOf(run.traffic.run);
    // A and AAAA for each of 61; the second one came before the resolver had its answers for the first.
    expect(dns).toEqual({ hits: 118, asked: 122 });
    // Curl, which these clients are, keeps no session from one run of it to the next.
    expect(tls).toEqual({ hits: 0, asked: 61 });
    expect(nginx).toEqual({ hits: 58, asked: 61 });
  });
});

describe("a request that is sent again", () => {
  it("is a request of its own with every try, and each of them can be opened", () => {
    const run = session("retry-storm", {
      arrivals: { constant: 20 },
      durationS: 2,
      giveUpMs: 30,
      retry: { times: 2, afterMs: 100 },
    });
    run.advance(4 * SECOND);
    const tried = run.record.failed.find(({ tries }) => tries === 3)!;
    expect(tried.later).toHaveLength(2);
    for (const request of [tried.request, ...tried.later]) {
      expect(run.record.find(request)).toBe(tried);
      expect(run.open(request)?.requests[0].index).toBe(request);
    }
  });
});
