// `npm run -s validate -- [--recordings|--theory] [--jobs N] [--out FILE] [RECORDING...]`: the product against
// what is known. Recordings of load are played through the real layers with the very draws of the recorded run;
// the kernel's queues are compared with Erlang C and Crommelin over a grid. All cores are used; with --out the
// results are added to a file, and what stands there already is not done again. Exit code 1 when a promise is
// not kept.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { answerHelp, EXIT_SCENARIO, failUsage } from "./arguments.ts";
import { jobsOf, workThrough } from "./processes.ts";
import { openResultLines, type ResultLines } from "./result-lines.ts";
import { type Check, type CheckRow, checkName, fine, gridCells } from "./validate/checks.ts";

const FOLDER = "tests/recordings/load";
const USAGE = `usage: npm run -s validate -- [--recordings | --theory] [--jobs N] [--out FILE] [RECORDING...]
Compares the simulator with recorded load tests and with queueing theory; both where neither is asked for.
  --recordings  only the recordings of load
  --theory      only M/M/c and M/D/c (minutes)
  --jobs N      processes at once; as many as there are cores where it is not given
  --out FILE    adds the results to a file; what is there already is not done again
  RECORDING     these files instead of those in ${FOLDER}
Exit code: 0, 1 when a promise is not kept, 2 when the command line is wrong.`;
/** Of the recordings, at least so many must be within every tolerance. */
const FITS_WANTED = 0.8;
const RECORDING_HEAD = "recording | mean | p50 | p90 | p95 | p99 | statuses | out of tolerance";
const THEORY_HEAD =
  "model | servers | utilisation | theory | simulated | error | its standard error | customers";

/** A line of the file of results. */
interface Done {
  readonly check: string;
  readonly row: CheckRow;
}

interface Validation {
  readonly jobs: number;
  readonly lines: ResultLines;
}

async function validateRecordings(files: readonly string[], how: Validation): Promise<boolean> {
  const checks = files.map((file) => ({ kind: "recording", file }) as const);
  const rows = await tabulate(RECORDING_HEAD, checks, how);
  const fitting = rows.filter(({ isRight }) => isRight).length;
  console.log(`\n${fitting} of ${rows.length} recordings are within every tolerance.`);
  return fitting >= FITS_WANTED * rows.length;
}

async function validateTheory(how: Validation): Promise<boolean> {
  const rows = await tabulate(THEORY_HEAD, gridCells(), how);
  const right = rows.filter(({ isRight }) => isRight).length;
  const largest = fine(Math.max(...rows.map(({ error }) => Math.abs(error))));
  console.log(`\n${right} of ${rows.length} are within 1 %; the largest error is ${largest}.`);
  return right === rows.length;
}

/** Does what is not known yet, and prints each row as soon as those before it are there. */
async function tabulate(
  head: string,
  checks: readonly Check[],
  { jobs, lines }: Validation,
): Promise<CheckRow[]> {
  console.log(`| ${head} |\n|${"---|".repeat(head.split("|").length)}`);
  const rows = new Map((lines.known as readonly Done[]).map(({ check, row }) => [check, row]));
  let printed = 0;
  const print = (): void => {
    for (; printed < checks.length; printed++) {
      const row = rows.get(checkName(checks[printed]));
      if (row === undefined) return;
      console.log(`| ${row.cells.join(" | ")} |`);
    }
  };
  print();
  await workThrough<Check, CheckRow>({
    program: new URL("./validate/run-check.ts", import.meta.url),
    tasks: checks.filter((check) => !rows.has(checkName(check))),
    jobs,
    nameOf: checkName,
    take: (check, row) => {
      rows.set(checkName(check), row);
      lines.add({ check: checkName(check), row } satisfies Done);
      print();
    },
  });
  return checks.flatMap((check) => rows.get(checkName(check)) ?? []);
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
      options: {
        recordings: { type: "boolean" },
        theory: { type: "boolean" },
        jobs: { type: "string" },
        out: { type: "string" },
      },
    });
  } catch (error) {
    return failUsage((error as Error).message, USAGE);
  }
}

answerHelp(USAGE);
const { values, positionals } = readArguments();
const missing = positionals.find((file) => !existsSync(file));
if (missing !== undefined) failUsage(`${missing}: no file that can be read`, USAGE);
const both = values.recordings !== true && values.theory !== true;
const wantsRecordings = both || values.recordings === true || positionals.length > 0;
const wantsTheory = positionals.length === 0 && (both || values.theory === true);
const how = { jobs: jobsOf(values.jobs, USAGE), lines: openResultLines(values.out ?? null) };
const files = positionals.length > 0 ? positionals : recordingFiles();
const fits = !wantsRecordings || (await validateRecordings(files, how));
const isRight = !wantsTheory || (await validateTheory(how));
if (!fits || !isRight) process.exitCode = EXIT_SCENARIO;
