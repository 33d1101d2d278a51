// Two runs side by side in sentences with numbers: what was set otherwise, and what came of it.
import type { TrafficResults } from "./results.ts";

/** Less than this is said to be the same. */
const SAME_SHARE = 0.005;
/** What was measured is compared when the shorter run is at least so long, as a share of the longer. */
const LONG_SHARE = 0.8;

/**
 * What differs in `after`, as seen from `before`. The settings first, then what a visitor feels, once both have
 * run for about as long.
 */
export function compareResults(before: TrafficResults, after: TrafficResults): string[] {
  const settings = settingSentences(before, after);
  const isComparable =
    Math.min(before.timeNs, after.timeNs) >= LONG_SHARE * Math.max(before.timeNs, after.timeNs);
  return [
    ...(settings.length > 0 ? settings : ["Every setting is the same."]),
    ...(isComparable ? measuredSentences(before, after) : []),
    before.seed === after.seed
      ? "Both runs had the same arrivals and the same draws."
      : `The seeds differ (${before.seed} and ${after.seed}), so a part of the difference is chance.`,
  ];
}

function measuredSentences(before: TrafficResults, after: TrafficResults): string[] {
  const times = (["p50", "p95", "p99"] as const).map((name) =>
    change(
      `${name} of the response time`,
      before.latencyMs[name],
      after.latencyMs[name],
      milliseconds,
    ),
  );
  return [
    ...times,
    change("Throughput", before.throughputRps, after.throughputRps, requestsASecond),
    change("Mean length of the queue", before.meanQueueLength, after.meanQueueLength, rounded),
    change(
      "Busy share of the workers",
      before.utilisation * 100,
      after.utilisation * 100,
      percents,
    ),
    ...statusSentences(before, after),
  ];
}

function settingSentences(before: TrafficResults, after: TrafficResults): string[] {
  return after.settings.flatMap((setting) => {
    const old = before.settings.find(({ id }) => id === setting.id);
    if (old === undefined || old.value === setting.value) return [];
    return [`${setting.title}: ${old.value} became ${setting.value}.`];
  });
}

function statusSentences(before: TrafficResults, after: TrafficResults): string[] {
  const names = new Set([
    ...Object.keys(before.counters.statuses),
    ...Object.keys(after.counters.statuses),
  ]);
  return [...names].sort().flatMap((name) => {
    const old = before.counters.statuses[name] ?? 0;
    const now = after.counters.statuses[name] ?? 0;
    if (old === now) return [];
    const what = name === "none" ? "Requests without an answer" : `Answers with status ${name}`;
    return [`${what}: ${old} became ${now}.`];
  });
}

/** A number with its unit. */
type Written = (value: number) => string;

const requestsASecond: Written = (value) => `${rounded(value)} requests a second`;
const percents: Written = (value) => `${rounded(value)} %`;
const milliseconds: Written = (value) =>
  value < 1000 ? `${rounded(value)} ms` : `${rounded(value / 1000)} s`;

function change(what: string, before: number, after: number, written: Written): string {
  const from = written(before);
  if (Math.abs(after - before) <= SAME_SHARE * Math.max(Math.abs(before), Math.abs(after)))
    return `${what}: ${from} in both.`;
  const share = before === 0 ? "" : `, ${percent(after / before - 1)}`;
  return `${what}: ${from} became ${written(after)}${share}.`;
}

function percent(share: number): string {
  const rest = Math.round(Math.abs(share) * 100);
  if (share > 1) return `${rounded(share + 1)} times as much`;
  return rest === 0 ? "less than 1 % apart" : `${rest} % ${share > 0 ? "more" : "less"}`;
}

function rounded(value: number): string {
  const size = Math.abs(value);
  return String(Number(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)));
}
