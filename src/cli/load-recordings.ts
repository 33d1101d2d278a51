// Plays recordings of load and prints, one line for each, what clients would have measured.
import { readFileSync } from "node:fs";
import { type LoadRecording, recordingOf } from "../simulation/traffic/load-recording.ts";
import { playRecording } from "../simulation/traffic/play-recording.ts";
import { EXIT_SCENARIO } from "./arguments.ts";

/** Plays them all; of a file that is no recording it is said what is wrong, and the others are played. */
export function playRecordings(files: readonly string[], json: boolean): void {
  for (const file of files) {
    const recording = readRecording(file);
    if (recording === null) continue;
    const played = playRecording(recording);
    const { mean, p50, p90, p95, p99, max } = played.latencyMs;
    process.stdout.write(
      json
        ? `${JSON.stringify(played)}\n`
        : `${file}: mean ${mean} ms, p50 ${p50}, p90 ${p90}, p95 ${p95}, p99 ${p99}, max ${max}; ${JSON.stringify(played.statuses)}\n`,
    );
  }
}

/** The recording of a file, or null after its problem was told and the exit code set. */
function readRecording(file: string): LoadRecording | null {
  try {
    return recordingOf(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    process.stderr.write(`${file}: ${(error as Error).message}; name a recording of family load\n`);
    process.exitCode = EXIT_SCENARIO;
    return null;
  }
}
