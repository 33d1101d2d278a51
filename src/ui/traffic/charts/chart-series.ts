// The charts of a run: what was measured in each stretch of simulated time, as lines. A run that was
// pinned is drawn into the same charts.

import type { HistogramTable, TrafficResults } from "../../../simulation/traffic/results.ts";
import type { TimeBucket } from "../../../simulation/traffic/time-series.ts";
import { countText, millisecondsText, percentText, shortNumber } from "../numbers.ts";
import type { ChartData, ChartLine, LineTint } from "./chart-data.ts";
import type { HistogramBin, HistogramMark } from "./Histogram.tsx";

export const chartIds = [
  "response",
  "waiting",
  "throughput",
  "busy",
  "statuses",
  "database",
  "spread",
] as const;
export type ChartId = (typeof chartIds)[number];

export const chartNames: Readonly<Record<ChartId, string>> = {
  response: "Response time",
  waiting: "Waiting",
  throughput: "Throughput",
  busy: "Busy",
  statuses: "Statuses",
  database: "Database",
  spread: "Spread",
};

interface LineSpec {
  readonly label: string;
  readonly tint: LineTint;
  readonly of: (bucket: TimeBucket) => number | null;
}

interface ChartSpec extends Pick<ChartData, "title" | "unit" | "format" | "least"> {
  readonly lines: (buckets: readonly TimeBucket[]) => readonly LineSpec[];
}

const NS_PER_S = 1e9;

const secondsOf = ({ fromNs, toNs }: TimeBucket): number =>
  Math.max(1e-9, (toNs - fromNs) / NS_PER_S);

const specs: Readonly<Record<Exclude<ChartId, "spread">, ChartSpec>> = {
  response: {
    ...{ title: "Response time", unit: "of the requests that ended then", least: 50 },
    format: millisecondsText,
    lines: () => [
      { label: "p50", tint: "browser", of: ({ p50Ms }) => p50Ms },
      { label: "p95", tint: "gunicorn", of: ({ p95Ms }) => p95Ms },
      { label: "p99", tint: "django", of: ({ p99Ms }) => p99Ms },
    ],
  },
  waiting: {
    ...{ title: "Waiting for a worker", unit: "requests, on average", least: 4 },
    format: shortNumber,
    lines: () => [
      { label: "queue", tint: "gunicorn", of: ({ queueLength }) => queueLength },
      { label: "in flight", tint: "browser", of: ({ inFlight }) => inFlight },
    ],
  },
  throughput: {
    ...{ title: "Throughput", unit: "requests a second", least: 10 },
    format: shortNumber,
    lines: () => [
      { label: "arrive", tint: "browser", of: (bucket) => bucket.arrived / secondsOf(bucket) },
      { label: "end", tint: "nginx", of: ({ throughputRps }) => throughputRps },
    ],
  },
  busy: {
    ...{ title: "Busy", unit: "share of the time", least: 1, format: percentText },
    lines: () => [
      { label: "workers", tint: "gunicorn", of: ({ utilisation }) => utilisation },
      { label: "cores", tint: "network", of: ({ coreUtilisation }) => coreUtilisation },
    ],
  },
  database: {
    ...{ title: "Database connections", unit: "open, on average", least: 10, format: shortNumber },
    lines: () => [
      { label: "open", tint: "database", of: ({ databaseConnections }) => databaseConnections },
    ],
  },
  statuses: {
    ...{ title: "Statuses", unit: "answers a second", least: 10, format: shortNumber },
    lines: (buckets) =>
      statusesIn(buckets).map((status) => ({
        ...{ label: status === "none" ? "no answer" : status, tint: tintOfStatus(status) },
        of: (bucket: TimeBucket) => (bucket.statuses[status] ?? 0) / secondsOf(bucket),
      })),
  },
};

/** Every status of the run, the good ones first. */
export function statusesIn(buckets: readonly TimeBucket[]): readonly string[] {
  return [...new Set(buckets.flatMap(({ statuses }) => Object.keys(statuses)))].sort();
}

const statusTints: Readonly<Record<string, LineTint>> = {
  "429": "gunicorn",
  "499": "dns",
  "503": "database",
  "504": "django",
  none: "network",
};

function tintOfStatus(status: string): LineTint {
  const known = statusTints[status];
  if (known !== undefined) return known;
  return status < "400" ? "nginx" : status < "500" ? "browser" : "error";
}

/** One of the charts over time. */
export function chartOf(
  id: Exclude<ChartId, "spread">,
  buckets: readonly TimeBucket[],
  pinned: readonly TimeBucket[],
): ChartData {
  const { lines, ...rest } = specs[id];
  return {
    ...{ id, ...rest, times: timesOf(buckets) },
    lines: [
      ...linesOf(pinned.length === 0 ? [] : lines(pinned), pinned).map(
        (line): ChartLine => ({ ...line, times: timesOf(pinned), isPinned: true }),
      ),
      ...linesOf(lines(buckets), buckets),
    ],
  };
}

function linesOf(lines: readonly LineSpec[], buckets: readonly TimeBucket[]): readonly ChartLine[] {
  return lines.map(({ label, tint, of }) => ({
    ...{ label, tint, values: buckets.map((bucket) => of(bucket) ?? Number.NaN) },
  }));
}

const timesOf = (buckets: readonly TimeBucket[]): readonly number[] =>
  buckets.map(({ toNs }) => toNs / NS_PER_S);

/** The bars of a histogram: neighbouring ranges put together until there are at most `most`. */
export function binsOf({ edgesMs, counts }: HistogramTable, most: number): readonly HistogramBin[] {
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  if (first === -1) return [];
  const group = Math.max(1, Math.ceil((last - first + 1) / most));
  const bins: HistogramBin[] = [];
  for (let from = first; from <= last; from += group) {
    const to = Math.min(last + 1, from + group);
    const count = counts.slice(from, to).reduce((sum, each) => sum + each, 0);
    bins.push({ fromMs: edgesMs[from], toMs: edgesMs[to], count });
  }
  return bins;
}

export function marksOf({ latencyMs }: TrafficResults): readonly HistogramMark[] {
  return (["p50", "p95", "p99"] as const).map((label) => ({ label, ms: latencyMs[label] }));
}

/** How many requests the bars stand for, as words. */
export function spreadText(bins: readonly HistogramBin[]): string {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  return `${countText(count)} requests by response time`;
}
