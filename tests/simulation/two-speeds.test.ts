// Two speeds, one engine: a crowd that nobody looks at does its private work in one go and repeats what it
// has rehearsed. All of it must end when, as and in the order that it does when every request is watched.
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";
import { startTraffic } from "../../src/simulation/traffic/traffic.ts";
import type { TrafficSpec } from "../../src/simulation/traffic/traffic-spec.ts";

interface Played {
  /** Of each request in the order of their ends: number, time, status. */
  readonly ended: readonly string[];
  /** Of every row that both write: which, when, with what value. */
  readonly hash: number;
  readonly events: number;
}

function play(scenario: Scenario, traffic: TrafficSpec, isWatched: boolean): Played {
  const ended: string[] = [];
  const started = startTraffic(scenario, {
    traffic,
    wants: () => isWatched,
    observer: {
      ended: ({ first }, status) => void ended.push(`${first} at ${sim.now}: ${status}`),
    },
  });
  const { sim } = started.run;
  sim.runUntil(started.end);
  started.drain();
  return { ended, hash: sim.journal.commonHash, events: sim.eventCount };
}

function expectTheSame(scenario: Scenario, traffic: TrafficSpec): void {
  const fine = play(scenario, traffic, true);
  const crowd = play(scenario, traffic, false);
  expect(crowd.ended).toEqual(fine.ended);
  expect(crowd.hash).toBe(fine.hash);
  expect(crowd.ended.length).toBeGreaterThan(5);
  expect(crowd.events).toBeLessThanOrEqual(fine.events);
}

const named = (id: string): Scenario => library.find((entry) => entry.id === id)!.scenario;
const atOnce: TrafficSpec = { arrivals: { bursts: { size: 10, everyMs: 300 } }, durationS: 0.7 };
const kept: TrafficSpec = {
  ...{ arrivals: { users: 10, thinkMs: 30 }, durationS: 0.5 },
  ...{ keepAlive: true, clients: 10 },
};

describe("a crowd that nobody looks at", () => {
  it.each(["first-visit", "json-api", "form-post", "login-required", "not-found", "n-plus-one"])(
    "takes the same times when ten come at once: %s",
    (id) => expectTheSame(named(id), atOnce),
  );

  it.each(["json-api", "cached-page", "csrf-behind-tls"])(
    "and over connections that stay open: %s",
    (id) => expectTheSame(named(id), kept),
  );

  it("is interrupted at the same moments: workers that are killed for being too slow", () =>
    expectTheSame(named("worker-timeout"), { arrivals: { poisson: 8 }, durationS: 1 }));

  it("takes turns on too few cores in the same order", () => {
    const { scenario } = library.find((entry) => entry.id === "too-few-workers")!;
    const host = { ...scenario.host, cores: 2 };
    expectTheSame({ ...scenario, host }, { ...kept, arrivals: { poisson: 200 }, durationS: 0.4 });
  });

  it("does far fewer events for a view that only works", () => {
    const scenario = named("json-api");
    const [fine, crowd] = [true, false].map((isWatched) => play(scenario, kept, isWatched).events);
    expect(crowd).toBeLessThan(fine * 0.8);
  });
});
