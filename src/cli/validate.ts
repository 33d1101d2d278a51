// `npm run -s validate -- [--recordings|--theory] [FILE...]`: the product against what is known. Recordings
// of load are played through the real layers with the very draws of the recorded run; the kernel's queues
// are compared with Erlang C and Crommelin over a grid. Exit code 1 when a promise is not kept.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import "../simulation/all-parts.ts";
import { meanWaitExponential } from "../simulation/traffic/erlang.ts";
import { fitOf } from "../simulation/traffic/load-fit.ts";
import type { LoadRecording } from "../simulation/traffic/load-recording.ts";
import { playRecording } from "../simulation/traffic/play-recording.ts";
import { EXIT_SCENARIO, failUsage } from "./arguments.ts";
import { meanWaitConstantExact } from "./validate/constant-service.ts";
import { runLine } from "./validate/line-model.ts";

const USAGE = "usage: npm run -s validate -- [--recordings | --theory] [RECORDING...]";
const FOLDER = "tests/recordings/load";
/** Of the recordings, at least so many must be within every tolerance. */
const FITS_WANTED = 0.8;
const SERVERS = Array.from({ length: 16 }, (_, i) => i + 1);
const UTILISATIONS = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95];
const THEORY_TOLERANCE = 0.01;
/** A fifth of the tolerance, so that chance alone does not leave it in any of so many cells. */
const PRECISION = 0.002;
const CUSTOMERS_MAX = 300_000_000;
const SEED = 1;

const percent = (share: number): string =>
  `${share < 0 ? "-" : "+"}${(Math.abs(share) * 100).toFixed(1)} %`;

const fine = (share: number): string => `${(share * 100).toFixed(2)} %`;

function validateRecordings(files: readonly string[]): boolean {
  console.log("| recording | mean | p50 | p90 | p95 | p99 | statuses | out of tolerance |");
  console.log("|---|---|---|---|---|---|---|---|");
  let fitting = 0;
  for (const file of files) {
    const recording = JSON.parse(readFileSync(file, "utf8")) as LoadRecording;
    const fit = fitOf(recording, playRecording(recording));
    if (fit.fits) fitting++;
    const { mean, p50, p90, p95, p99 } = fit.errors;
    const cells = [mean, p50, p90, p95, p99, fit.statusError].map(percent);
    console.log(`| ${recording.load.name} | ${cells.join(" | ")} | ${fit.misses.join(", ")} |`);
  }
  console.log(`\n${fitting} of ${files.length} recordings are within every tolerance.`);
  return fitting >= FITS_WANTED * files.length;
}

/** Mean time in the system, wait and service together, over the grid. */
function validateTheory(): boolean {
  console.log(
    "| model | servers | utilisation | theory | simulated | error | its standard error | customers |",
  );
  console.log("|---|---|---|---|---|---|---|---|");
  const cells = (["exponential", "constant"] as const).flatMap((service) =>
    SERVERS.flatMap((servers) =>
      UTILISATIONS.map((utilisation) => ({ service, servers, utilisation })),
    ),
  );
  const errors = cells.map(validateCell).map(Math.abs);
  const right = errors.filter((error) => error <= THEORY_TOLERANCE).length;
  const largest = fine(Math.max(...errors));
  console.log(`\n${right} of ${cells.length} are within 1 %; the largest error is ${largest}.`);
  return right === cells.length;
}

interface Cell {
  readonly service: "exponential" | "constant";
  readonly servers: number;
  readonly utilisation: number;
}

function validateCell({ service, servers, utilisation }: Cell): number {
  const load = servers * utilisation;
  const wait =
    service === "exponential"
      ? meanWaitExponential(servers, load, 1)
      : meanWaitConstantExact(servers, load);
  const expected = 1 + wait;
  const { mean, standardError, customers } = runLine({
    servers,
    ratePerSecond: load,
    service,
    seed: SEED,
    precision: PRECISION,
    customersMax: CUSTOMERS_MAX,
  });
  const error = mean / expected - 1;
  const model = service === "exponential" ? "M/M/c" : "M/D/c";
  const errors = [fine(error), fine(standardError / expected)];
  const figures = [expected.toFixed(4), mean.toFixed(4), ...errors, customers];
  console.log(`| ${[model, servers, utilisation, ...figures].join(" | ")} |`);
  return error;
}

function recordingFiles(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(FOLDER, name));
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { recordings: { type: "boolean" }, theory: { type: "boolean" } },
    });
  } catch (error) {
    return failUsage((error as Error).message, USAGE);
  }
}

const { values, positionals } = readArguments();
const both = values.recordings !== true && values.theory !== true;
const wantsRecordings = both || values.recordings === true || positionals.length > 0;
const wantsTheory = positionals.length === 0 && (both || values.theory === true);
const fits =
  !wantsRecordings || validateRecordings(positionals.length > 0 ? positionals : recordingFiles());
const isRight = !wantsTheory || validateTheory();
if (!fits || !isRight) process.exitCode = EXIT_SCENARIO;
