// The laws of queueing theory, on the real layers: a crowd, gunicorn's workers, one view. Means are
// compared within three standard errors, which come from the means of batches.
import { describe, expect, it } from "vitest";
import type { Spread } from "../../../src/layers/django/view-spec.ts";
import {
  erlangC,
  meanWaitConstant,
  meanWaitExponential,
} from "../../../src/simulation/traffic/erlang.ts";
import { playTraffic } from "../../../src/simulation/traffic/play.ts";
import { startTraffic } from "../../../src/simulation/traffic/traffic.ts";
import { oneView } from "./one-view.ts";

const SERVICE_S = 100;
/** Long enough that their means hardly depend on each other. */
const BATCHES = 8;

/** Response times in units of the service time, without the beginning, in order of their ends. */
function responseTimes(servers: number, utilisation: number, spread?: Spread): number[] {
  const customers = 5000;
  const rate = (servers * utilisation) / SERVICE_S;
  const times: number[] = [];
  const traffic = startTraffic(oneView({ workers: servers, sleepMs: SERVICE_S * 1000, spread }), {
    traffic: { arrivals: { poisson: rate }, durationS: customers / rate },
    seed: 7,
    observer: {
      ended: ({ startedAt }) => {
        times.push((traffic.run.sim.now - startedAt) / 1e9 / SERVICE_S);
      },
    },
  });
  traffic.run.sim.runUntil(traffic.end);
  return times.slice(Math.floor(times.length / 10));
}

function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const size = Math.floor(values.length / BATCHES);
  const means = Array.from({ length: BATCHES }, (_, i) =>
    meanOf(values.slice(i * size, (i + 1) * size)),
  );
  const mean = meanOf(means);
  const variance = means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (BATCHES - 1);
  return { mean, error: Math.sqrt(variance / BATCHES) };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the formulas", () => {
  it("give the numbers of the tables", () => {
    expect(erlangC(4, 3.2)).toBeCloseTo(0.596432, 6);
    expect(meanWaitExponential(4, 3.2, 1)).toBeCloseTo(0.745541, 6);
    expect(meanWaitExponential(16, 15.2, 1)).toBeCloseTo(0.975241, 6);
    expect(meanWaitConstant(1, 0.7, 1)).toBeCloseTo(1.166667, 6);
    expect(meanWaitConstant(4, 3.2, 1)).toBeCloseTo(0.385434, 6);
  });
});

describe("gunicorn's workers as servers in a line", () => {
  it.each([
    [1, 0.7],
    [4, 0.8],
    [16, 0.8],
  ])("follow Erlang C with %i workers, %f busy", (servers, utilisation) => {
    const { mean, error } = meanAndError(responseTimes(servers, utilisation, "exponential"));
    const expected = 1 + meanWaitExponential(servers, servers * utilisation, 1);
    expect(Math.abs(mean - expected)).toBeLessThan(3 * error);
  });

  it.each([
    [1, 0.7],
    [4, 0.8],
    [16, 0.8],
  ])("follow M/D/c with %i workers, %f busy", (servers, utilisation) => {
    const { mean, error } = meanAndError(responseTimes(servers, utilisation));
    const expected = 1 + meanWaitConstant(servers, servers * utilisation, 1);
    expect(Math.abs(mean - expected)).toBeLessThan(3 * error);
  });
});

describe("a crowd", () => {
  it("obeys Little's law: requests in the system = rate times mean time", () => {
    let area = 0;
    let last = 0;
    let inFlight = 0;
    let total = 0;
    let ended = 0;
    const traffic = startTraffic(oneView({ workers: 2, sleepMs: 1000, spread: "exponential" }), {
      traffic: { arrivals: { poisson: 1.4 }, durationS: 1000 },
      observer: {
        arrived: () => count(1),
        ended: ({ startedAt }) => {
          count(-1);
          total += traffic.run.sim.now - startedAt;
          ended++;
        },
      },
    });
    function count(change: number): void {
      const { now } = traffic.run.sim;
      area += inFlight * (now - last);
      last = now;
      inFlight += change;
    }
    last = traffic.run.zero;
    traffic.run.sim.runUntil(traffic.end);
    traffic.drain();
    const seconds = last - traffic.run.zero;
    const meanInFlight = area / seconds;
    expect(meanInFlight).toBeCloseTo((ended / seconds) * (total / ended), 9);
    expect(ended).toBeGreaterThan(1300);
  });

  it("never waits longer with more workers, under the same arrivals and service times", () => {
    const means = [2, 3, 4, 8].map((workers) => {
      const scenario = oneView({ workers, sleepMs: 1000, spread: "exponential" });
      const played = playTraffic(scenario, {
        traffic: { arrivals: { poisson: 1.6 }, durationS: 300 },
      });
      return played.latencies.mean ?? 0;
    });
    for (let i = 1; i < means.length; i++) expect(means[i]).toBeLessThanOrEqual(means[i - 1]);
    expect(means[0]).toBeGreaterThan(2 * means[3]);
  });
});
