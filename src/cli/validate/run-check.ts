// One comparison with what is known, in a process of its own: a recording of load, or a cell of the grid of
// queueing theory. Its result is a row of a table.
import { readFileSync } from "node:fs";
import "../../simulation/all-parts.ts";
import { meanWaitExponential } from "../../simulation/traffic/erlang.ts";
import { fitOf } from "../../simulation/traffic/load-fit.ts";
import type { LoadRecording } from "../../simulation/traffic/load-recording.ts";
import { playRecording } from "../../simulation/traffic/play-recording.ts";
import { type Cell, type Check, type CheckRow, fine } from "./checks.ts";
import { meanWaitConstantExact } from "./constant-service.ts";
import { runLine } from "./line-model.ts";

const THEORY_TOLERANCE = 0.01;
/** A fifth of the tolerance, so that chance alone does not leave it in any of so many cells. */
const PRECISION = 0.002;
const CUSTOMERS_MAX = 300_000_000;
const SEED = 1;

const percent = (share: number): string =>
  `${share < 0 ? "-" : "+"}${(Math.abs(share) * 100).toFixed(1)} %`;

function checkRecording(file: string): CheckRow {
  const recording = JSON.parse(readFileSync(file, "utf8")) as LoadRecording;
  const { fits, errors, statusError, misses } = fitOf(recording, playRecording(recording));
  const { mean, p50, p90, p95, p99 } = errors;
  const figures = [mean, p50, p90, p95, p99, statusError].map(percent);
  const cells = [recording.load.name, ...figures, misses.join(", ")];
  return { cells, isRight: fits, error: mean };
}

/** Mean time in the system, wait and service together. */
function checkCell({ service, servers, utilisation }: Cell): CheckRow {
  const load = servers * utilisation;
  const isExponential = service === "exponential";
  const wait = isExponential
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
  const figures = [
    expected.toFixed(4),
    mean.toFixed(4),
    fine(error),
    fine(standardError / expected),
  ];
  const cells = [isExponential ? "M/M/c" : "M/D/c", servers, utilisation, ...figures, customers];
  return { cells, isRight: Math.abs(error) <= THEORY_TOLERANCE, error };
}

function runCheck(check: Check): CheckRow {
  return check.kind === "recording" ? checkRecording(check.file) : checkCell(check);
}

process.on("message", (check: Check) => process.send?.(runCheck(check)));
