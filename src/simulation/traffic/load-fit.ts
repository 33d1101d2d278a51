// How near a played recording comes to what was measured: the tolerances that the product promises.
import type { LoadRecording } from "./load-recording.ts";
import type { PlayedRecording } from "./play-recording.ts";

export interface LoadFit {
  readonly fits: boolean;
  /** Played over measured, less one, for each figure that is promised. */
  readonly errors: Readonly<Record<"mean" | "p50" | "p90" | "p95" | "p99", number>>;
  /** Requests with another status than measured, as a share of all. */
  readonly statusError: number;
  /** What is out of its tolerance: "p99 +14 %". */
  readonly misses: readonly string[];
}

const MEAN_TOLERANCE = 0.05;
const PERCENTILE_TOLERANCE = 0.1;
const STATUS_TOLERANCE = 0.05;

/** Compares a played recording with its observation. */
export function fitOf(
  { observation }: LoadRecording,
  played: Pick<PlayedRecording, "latencyMs" | "statuses">,
): LoadFit {
  const names = ["mean", "p50", "p90", "p95", "p99"] as const;
  const errors = Object.fromEntries(
    names.map((name) => [name, played.latencyMs[name] / observation.latencyMs[name] - 1]),
  ) as LoadFit["errors"];
  const statusError = statusErrorOf(observation.statuses, played.statuses);
  const misses = names
    .filter(
      (name) => Math.abs(errors[name]) > (name === "mean" ? MEAN_TOLERANCE : PERCENTILE_TOLERANCE),
    )
    .map((name) => `${name} ${signedPercent(errors[name])}`);
  if (statusError > STATUS_TOLERANCE) misses.push(`statuses ${signedPercent(statusError)}`);
  return { fits: misses.length === 0, errors, statusError, misses };
}

/** Half of the summed differences: a request that moved from one status to another counts once. */
function statusErrorOf(
  measured: Readonly<Record<string, number>>,
  played: Readonly<Record<string, number>>,
): number {
  const total = Object.values(measured).reduce((sum, count) => sum + count, 0);
  const names = new Set([...Object.keys(measured), ...Object.keys(played)]);
  const moved = [...names].reduce(
    (sum, name) => sum + Math.abs((measured[name] ?? 0) - (played[name] ?? 0)),
    0,
  );
  return total === 0 ? 0 : moved / 2 / total;
}

function signedPercent(share: number): string {
  return `${share < 0 ? "-" : "+"}${(Math.abs(share) * 100).toFixed(1)} %`;
}
