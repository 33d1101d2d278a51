// What a run of traffic came to, as the commands print it.
import type { PlayedTraffic } from "../simulation/traffic/play.ts";
import { latencySummary } from "../simulation/traffic/results.ts";

/** Counts, latencies in milliseconds and answers a second of a run of so many simulated seconds. */
export function summaryOf(played: PlayedTraffic, durationS: number) {
  const { run, world } = played.traffic;
  const { retries, gaveUp } = world();
  const latencies = Object.entries(latencySummary(played.latencies));
  return {
    arrived: played.arrived,
    answered: played.answered,
    failed: played.failed,
    inFlight: played.inFlight,
    retries,
    gaveUp,
    statuses: played.statuses,
    latencyMs: Object.fromEntries(latencies.map(([name, ms]) => [name, thousandths(ms)])),
    throughputRps: thousandths(played.answered / durationS),
    events: run.sim.eventCount,
  };
}

export const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
