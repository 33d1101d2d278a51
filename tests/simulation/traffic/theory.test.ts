// What queueing theory says beside a run, with worked numbers, and whether the words of why are true in
// runs that were made for them.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import { withSettings } from "../../../src/simulation/settings/settings.ts";
import { lossProbability } from "../../../src/simulation/traffic/erlang.ts";
import { resultsOf } from "../../../src/simulation/traffic/results.ts";
import { serviceVariation } from "../../../src/simulation/traffic/service-variation.ts";
import { TrafficSession } from "../../../src/simulation/traffic/session.ts";
import { type Measured, type Theory, theoryOf } from "../../../src/simulation/traffic/theory.ts";

const scenarioOf = (id: string) => library.find((entry) => entry.id === id)!.scenario;
const scenario = scenarioOf("json-api");
const counters = { arrived: 800, answered: 790, failed: 0, inFlight: 10, retries: 0, gaveUp: 0 };
const fourWorkers: Measured = {
  ...{ seconds: 4, throughputRps: 200, arrivedPerSecond: 200, servedPerSecond: 200 },
  ...{ queueNow: 0, queueMax: 2049, utilisation: 0.5, coreUtilisation: 0.2, slots: 4 },
  ...{ meanQueueLength: 0.1, meanInFlight: 28, meanMs: 140 },
  counters: { ...counters, statuses: {} },
};

describe("theory", () => {
  it("takes the time of service from how busy the workers are", () => {
    // Four workers half busy do two seconds of work a second, for 200 requests: 10 ms each.
    const { queue } = theoryOf(scenario, fourWorkers);
    expect(queue).toMatchObject({ servers: 4, serviceMs: 10, erlangs: 2, utilisation: 0.5 });
  });

  it("says by Erlang C how many have to wait, whatever the spread of service times", () => {
    // C(4, 2) = 4/23.
    const { queue } = theoryOf(scenario, fourWorkers);
    expect(queue?.model).toBe("M/D/c");
    expect(queue?.waitProbability).toBeCloseTo(4 / 23, 12);
  });

  it("has no mean for more work than the workers can do, and says by how much the queue grows", () => {
    // Of 220 a second with 20 ms each, four workers do 200.
    const tooMuch = { ...fourWorkers, utilisation: 1, queueNow: 80 };
    const { queue, why } = theoryOf(scenario, tooMuch);
    expect(queue).toMatchObject({ waitProbability: null, meanWaitMs: null, meanMs: null });
    expect(why[0]).toMatch(
      /^4\.4 erlangs are offered to 4 servers: the queue grows .* by 20 a second/,
    );
  });

  it("counts by Little's law", () => {
    // 200 a second, each there for 140 ms.
    expect(theoryOf(scenario, fourWorkers).little.product).toBeCloseTo(28, 12);
  });

  it("turns away in M/M/c/K what finds all places taken", () => {
    // M/M/1/2 at one erlang: each of its three states has a third of the time.
    expect(lossProbability(1, 1, 2)).toBeCloseTo(1 / 3, 12);
    expect(lossProbability(4, 2, 4)).toBeCloseTo(2 / 21, 12);
  });
});

describe("the variation of the service time", () => {
  it("comes from the steps of the view", () => {
    // 28 ms of work varying by half, beside 15 ms that do not vary: 14 / 43.
    expect(serviceVariation(scenarioOf("too-few-workers"), 43)).toBeCloseTo(14 / 43, 3);
    expect(serviceVariation(scenarioOf("slow-third-party"), 405)).toBe(0);
  });

  it("of a mix is that of its parts, and of their difference", () => {
    // 19 pages of 13 ms and one report of 2502 ms: the mean is 137 ms, the deviation 542 ms.
    expect(serviceVariation(scenarioOf("slow-endpoint"), 138)).toBeCloseTo(542 / 138, 1);
  });
});

describe("why a run differs from theory", () => {
  /** Theory of the shop with other settings, after 20 s. */
  function theoryWith(values: Readonly<Record<string, number | string>>): Theory {
    const changed = withSettings(scenarioOf("too-few-workers"), { giveUpMs: 0, ...values });
    if ("problem" in changed) throw new Error(changed.problem);
    const session = new TrafficSession(changed);
    session.advance(20e9);
    return resultsOf(session).theory;
  }
  const words = ({ why }: Theory): string => why.join("\n");

  it("is hardly more than the way there and back where arrivals come by chance", () => {
    const theory = theoryWith({ rate: 80, spread: "exponential" });
    const { meanWaitMs, measuredWaitMs } = theory.queue!;
    expect(Math.abs(measuredWaitMs - meanWaitMs!)).toBeLessThan(0.3 * meanWaitMs!);
    expect(words(theory)).toMatch(
      /[45]\d\.?\d* ms of the mean response are spent neither in the queue/,
    );
  });

  it("is the bursts where requests come together", () => {
    expect(words(theoryWith({ arrivals: "bursts", rate: 60 }))).toMatch(
      /^\d+ ms of waiting were measured, [\d.]+ ms by the formula: bursts arrive together/,
    );
  });

  it("is what users wait for, and their own law holds", () => {
    const theory = theoryWith({ arrivals: "users" });
    expect(theory.queue).toMatchObject({ waitProbability: null, meanWaitMs: null });
    const [, predicted, measured] = /= (\d+) ms; (\d+) ms were measured/.exec(words(theory)) ?? [];
    expect(Number(predicted) / Number(measured)).toBeCloseTo(1, 1);
  });

  it("is the backlog where it is full", () => {
    const theory = theoryWith({ backlog: 8 });
    expect(words(theory)).toMatch(
      /The backlog holds 9: with 13 places in all M\/M\/c\/K turns away 2\d/,
    );
    expect(words(theory)).toContain("most of it before the full backlog");
  });

  it("is who is still there when a run has not ended", () => {
    expect(words(theoryWith({}))).toMatch(
      /Little's law speaks of what has ended: \d+ are still there/,
    );
  });
});

describe("results of a moment gone back to", () => {
  it("are of what had happened until then", () => {
    const session = new TrafficSession(scenarioOf("too-few-workers"));
    session.advance(4e9);
    const then = resultsOf(session);
    session.advance(20e9);
    session.seek(4e9);
    const again = resultsOf(session);
    expect(again.latencyMs).toEqual(then.latencyMs);
    expect(again.theory).toEqual(then.theory);
    expect(again.buckets.length).toBeGreaterThan(then.buckets.length);
  });
});
