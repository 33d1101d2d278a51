// What queueing theory says beside a run, with worked numbers.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import { theoryOf } from "../../../src/simulation/traffic/theory.ts";

const { scenario } = library.find(({ id }) => id === "json-api")!;
const counters = { arrived: 800, answered: 790, failed: 0, inFlight: 10, retries: 0, gaveUp: 0 };
const fourWorkers = {
  ...{ throughputRps: 200, arrivedPerSecond: 200, utilisation: 0.5, slots: 4 },
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

  it("has no mean for more work than the workers can do, and everybody waits", () => {
    const tooMuch = { ...fourWorkers, utilisation: 1, arrivedPerSecond: 210 };
    const { queue, why } = theoryOf(scenario, tooMuch);
    expect(queue).toMatchObject({ waitProbability: null, meanWaitMs: null, meanMs: null });
    expect(why[0]).toMatch(/^4\.2 erlangs are offered to 4 servers: the queue grows/);
  });

  it("counts by Little's law", () => {
    // 200 a second, each there for 140 ms.
    expect(theoryOf(scenario, fourWorkers).little.product).toBeCloseTo(28, 12);
  });
});
