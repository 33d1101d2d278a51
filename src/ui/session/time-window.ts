// Which stretch of time the waterfall shows, and which step belongs to a moment in it.
import type { Journey, JourneyRequest, TimingBar } from "../../simulation/journey.ts";

export interface TimeWindow {
  readonly fromNs: number;
  readonly toNs: number;
}

/**
 * The request that a step belongs to. A process's own step (an import, a reload) counts to the request
 * that was under way before it; null when none was.
 */
export function requestOf(journey: Journey, step: number): JourneyRequest | null {
  const own = journey.steps[step];
  if (own === undefined) return null;
  const before = journey.steps.slice(0, step + 1).findLast(({ request }) => request >= 0);
  // A request taken from a crowd keeps its number, so numbers are no places in the list.
  const request = journey.requests.find(({ index }) => index === before?.request);
  if (request === undefined) return null;
  return own.request >= 0 || own.timeNs <= request.endNs ? request : null;
}

/** The request that the step belongs to, or the whole journey for a process of its own. */
export function windowOf(journey: Journey, step: number): TimeWindow {
  const request = requestOf(journey, step);
  if (request === null) return { fromNs: 0, toNs: Math.max(1, journey.endNs) };
  const times = journey.steps.filter((item) => item.request === request.index);
  const firstNs = Math.min(request.startNs, times[0]?.timeNs ?? request.startNs);
  const lastNs = Math.max(request.endNs, times.at(-1)?.timeNs ?? request.endNs);
  return { fromNs: firstNs, toNs: Math.max(firstNs + 1, lastNs) };
}

/** The bars of the window, cut to it. */
export function barsIn(journey: Journey, { fromNs, toNs }: TimeWindow): readonly TimingBar[] {
  return journey.bars
    .filter((bar) => bar.toNs >= fromNs && bar.fromNs <= toNs)
    .map((bar) => ({
      ...bar,
      fromNs: Math.max(fromNs, bar.fromNs),
      toNs: Math.min(toNs, bar.toNs),
    }));
}

/** The last step at or before a moment; steps of one moment count as taken. */
export function stepAt(journey: Journey, timeNs: number): number {
  let low = 0;
  let high = journey.steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (journey.steps[middle].timeNs <= timeNs) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
