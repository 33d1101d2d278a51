// A recording of load played through the real layers, in the form of the recording's own observation.
import type { LatencySummary } from "./load-recording.ts";
import { type LoadRecording, MEASURING_MS, scenarioOfRecording } from "./load-recording.ts";
import { playTraffic } from "./play.ts";
import { latencySummary } from "./results.ts";

export interface PlayedRecording {
  readonly latencyMs: Readonly<Record<keyof LatencySummary, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly throughputRps: number;
}

/** Plays one recording: its arrivals, its service times, its configuration. */
export function playRecording(recording: LoadRecording): PlayedRecording {
  const { scenario, traffic } = scenarioOfRecording(recording);
  const played = playTraffic(scenario, { traffic });
  const { run } = played.traffic;
  const firstMs = recording.load.draws?.arrivalMs[0] ?? 0;
  const seconds = Math.max(1e-3, (run.sim.now - run.zero) / 1e9 - firstMs / 1000);
  const { mean, p50, p90, p95, p99, max } = latencySummary(played.latencies);
  const measured = (ms: number): number => rounded(ms + MEASURING_MS);
  return {
    latencyMs: {
      mean: measured(mean),
      p50: measured(p50),
      p90: measured(p90),
      p95: measured(p95),
      p99: measured(p99),
      max: measured(max),
    },
    statuses: played.statuses,
    throughputRps: rounded((played.answered + played.failed) / seconds),
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
