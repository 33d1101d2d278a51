// When the next request of an open loop arrives. Gaps are drawn in units of the mean gap, keyed by the
// number of the arrival: with another rate the same draws come closer together or further apart, which
// is what comparing two rates under common random numbers needs.
import type { Simulation } from "../../kernel/simulation.ts";
import { fromMs, type Instant, SECOND, type Span } from "../../kernel/time.ts";
import type { Arrivals } from "./traffic-spec.ts";

/** Purpose numbers of the draws of traffic (random.ts). */
const PURPOSE_ARRIVAL = 0x7a01;

/** Requests a second of arrivals that have a rate, or null. */
export function ratePerSecond(arrivals: Arrivals): number | null {
  if ("poisson" in arrivals) return arrivals.poisson;
  return "constant" in arrivals ? arrivals.constant : null;
}

/** The instant of arrival `index` (from 0), the one before it having been at `before`; Infinity for never. */
export function arrivalAt(
  sim: Simulation,
  arrivals: Arrivals,
  { index, before, zero }: { index: number; before: Instant; zero: Instant },
): Instant {
  if ("poisson" in arrivals)
    return before + gapNs(sim.exponential(index, PURPOSE_ARRIVAL, 1), arrivals.poisson);
  if ("constant" in arrivals) return index === 0 ? zero : before + gapNs(1, arrivals.constant);
  if ("bursts" in arrivals)
    return index === 0 ? zero : burstAfter(before, zero, fromMs(arrivals.bursts.everyMs));
  if ("atMs" in arrivals)
    return index < arrivals.atMs.length ? zero + fromMs(arrivals.atMs[index]) : Infinity;
  return Infinity;
}

/** Bursts come at the multiples of their distance from the beginning on. */
function burstAfter(before: Instant, zero: Instant, everyNs: Span): Instant {
  return zero + (Math.floor((before - zero) / everyNs) + 1) * everyNs;
}

/** The number, from 0, of the arrival that is the next after `now` when arrivals are of this kind from now on. */
export function indexAfter(arrivals: Arrivals, index: number, now: Span): number {
  if ("atMs" in arrivals) {
    const next = arrivals.atMs.findIndex((ms) => fromMs(ms) > now);
    return next < 0 ? arrivals.atMs.length : next;
  }
  return Math.max(1, index);
}

function gapNs(meanGaps: number, perSecond: number): Span {
  return Math.max(1, Math.round((meanGaps * SECOND) / perSecond));
}

/** How many requests arrive at once at an arrival. */
export function arrivalSize(arrivals: Arrivals): number {
  return "bursts" in arrivals ? arrivals.bursts.size : 1;
}

/** Where an arrival moves to when the rate changes before it has come: what is left of its gap is stretched. */
export function movedArrival(
  at: Instant,
  now: Instant,
  rates: { before: number; after: number },
): Instant {
  return now + Math.max(1, Math.round(((at - now) * rates.before) / rates.after));
}
