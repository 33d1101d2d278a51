// Plays recordings of load and prints, one line for each, what clients would have measured.
import { readFileSync } from "node:fs";
import type { LoadRecording } from "../simulation/traffic/load-recording.ts";
import { playRecording } from "../simulation/traffic/play-recording.ts";
import { EXIT_SCENARIO } from "./arguments.ts";

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
    if (typeof value.load?.gunicorn !== "string") throw new Error("load.gunicorn: missing");
    return value;
  } catch (error) {
    process.stderr.write(`${file}: ${(error as Error).message}; name a recording of family load\n`);
    process.exit(EXIT_SCENARIO);
  }
}
