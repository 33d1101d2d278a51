// Traffic played from beginning to end with nothing but its counters and one histogram: for the command
// line, sweeps and tests. Memory does not grow with the run.
import type { Scenario } from "../scenario.ts";
import { LatencyHistogram } from "./latency-histogram.ts";
import { startTraffic, type Traffic, type TrafficOptions } from "./traffic.ts";

export interface PlayedTraffic {
  readonly traffic: Traffic;
  readonly arrived: number;
  readonly answered: number;
  readonly failed: number;
  /** Not ended two minutes after the last arrival. */
  readonly inFlight: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly latencies: LatencyHistogram;
}

/** Plays a scenario's traffic, and waits for the answers. */
export function playTraffic(
  scenario: Scenario,
  options: Omit<TrafficOptions, "observer"> = {},
): PlayedTraffic {
  const latencies = new LatencyHistogram();
  const traffic = startTraffic(scenario, {
    ...options,
    observer: {
      ended: ({ startedAt }) => latencies.add(traffic.run.sim.now - startedAt),
    },
  });
  traffic.run.sim.runUntil(traffic.end);
  traffic.drain();
  const { arrived, answered, failed, statuses } = traffic.world();
  return {
    traffic,
    arrived,
    answered,
    failed,
    inFlight: arrived - answered - failed,
    statuses: Object.fromEntries([...statuses].sort()),
    latencies,
  };
}
