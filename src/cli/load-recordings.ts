// Plays recordings of load and prints, one line for each, what clients would have measured.
import { readFileSync } from "node:fs";
import { type LoadRecording, scenarioOfRecording } from "../simulation/traffic/load-recording.ts";
import { playTraffic } from "../simulation/traffic/play.ts";
import { latencySummary } from "../simulation/traffic/results.ts";
import { EXIT_SCENARIO } from "./arguments.ts";

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** What a played recording came to, in the form of a recording's own observation. */
export interface PlayedRecording {
  readonly latencyMs: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly throughputRps: number;
}

/** Plays one recording through the real layers. */
export function playRecording(recording: LoadRecording): PlayedRecording {
  const { scenario, traffic } = scenarioOfRecording(recording);
  const played = playTraffic(scenario, { traffic });
  const { run } = played.traffic;
  const { arrivalMs } = recording.load.draws;
  const seconds = Math.max(1e-3, (run.sim.now - run.zero) / 1e9 - (arrivalMs[0] ?? 0) / 1000);
  const latencyMs = Object.fromEntries(
    Object.entries(latencySummary(played.latencies)).map(([name, ms]) => [name, round(ms)]),
  );
  const ended = played.answered + played.failed;
  return { latencyMs, statuses: played.statuses, throughputRps: round(ended / seconds) };
}

/** Plays them all; a file that is no recording ends the program with what is wrong. */
export function playRecordings(files: readonly string[], json: boolean): void {
  for (const file of files) {
    const played = playRecording(readRecordingOrFail(file));
    const { mean, p50, p90, p95, p99, max } = played.latencyMs;
    process.stdout.write(
      json
        ? `${JSON.stringify(played)}\n`
        : `${file}: mean ${mean} ms, p50 ${p50}, p90 ${p90}, p95 ${p95}, p99 ${p99}, max ${max}; ${JSON.stringify(played.statuses)}\n`,
    );
  }
}

function readRecordingOrFail(file: string): LoadRecording {
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as LoadRecording;
    if (!Array.isArray(value.load?.draws?.arrivalMs))
      throw new Error("load.draws.arrivalMs: missing");
    return value;
  } catch (error) {
    process.stderr.write(`${file}: ${(error as Error).message}; name a recording of family load\n`);
    process.exit(EXIT_SCENARIO);
  }
}
