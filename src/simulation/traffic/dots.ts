// The crowd as columns of numbers, small enough to go to the page with every frame. When there are more
// requests than may be drawn, every n-th of them by number is, so that a dot stays while its request does.

import type { RequestNumber } from "../../kernel/simulation.ts";
import { MILLISECOND } from "../../kernel/time.ts";
import type { Run } from "../run.ts";
import { PLACES, placesOf, type SeenBefore, seenAt, unseen } from "./places.ts";
import type { EndedErrand } from "./record.ts";
import { trafficWorldOf } from "./traffic-world.ts";

/** How a request stands, in the order of the codes. */
export const OUTCOMES = [
  "under way",
  "retried",
  "answered",
  "redirected",
  "refused",
  "failed",
] as const;

/** At most as many requests as asked for, in columns of equal length. */
export interface Dots {
  readonly count: number;
  /** Requests under way in all; when it is more than `count`, the dots are a sample. */
  readonly inFlight: number;
  readonly request: Uint32Array;
  /** Index in PLACES. */
  readonly place: Uint8Array;
  /** Which worker, database connection or position in the queue; -1 where there is none. */
  readonly slot: Int16Array;
  /** How far along the place, 0 to 1; 0.5 where nothing is known. */
  readonly progress: Float32Array;
  /** Since it arrived, ms. */
  readonly ageMs: Float32Array;
  /** Index in OUTCOMES. */
  readonly outcome: Uint8Array;
}

const ENDED = PLACES.indexOf("ended");
const SLOT_MAX = 32_767;

interface Dot {
  readonly request: RequestNumber;
  readonly place: number;
  readonly slot: number;
  readonly progress: number;
  readonly ageMs: number;
  readonly outcome: number;
}

/** Makes the dots of one frame after another. */
export class DotMaker {
  private seen: SeenBefore = unseen;

  /** Forgets where requests were: after a leap in time. */
  leap(): void {
    this.seen = unseen;
  }

  dots(run: Run, ended: readonly EndedErrand[], dotsMax: number): Dots {
    const { sim } = run.host;
    const { underWay, pausing } = trafficWorldOf(sim);
    const places = placesOf(run, this.seen);
    this.seen = seenAt(sim.now, places, this.seen);
    const inFlight = underWay.size + pausing.size;
    const stride = strideFor(inFlight + ended.length, dotsMax);
    const dots: Dot[] = [];
    for (const [request, { place, slot, progress }] of places) {
      const errand = underWay.get(request) ?? pausing.get(request);
      if (errand === undefined || errand.first % stride !== 0) continue;
      const ageMs = (sim.now - errand.startedAt) / MILLISECOND;
      const outcome = errand.tries > 1 ? 1 : 0;
      dots.push({ request, place, slot: Math.min(slot, SLOT_MAX), progress, ageMs, outcome });
    }
    for (const { request: first, later, startedAt, endedAt, status } of ended) {
      if (first % stride !== 0) continue;
      // The dot that was on its way is that of the last try.
      const request = later.at(-1) ?? first;
      const ageMs = (endedAt - startedAt) / MILLISECOND;
      dots.push({
        request,
        place: ENDED,
        slot: -1,
        progress: 1,
        ageMs,
        outcome: outcomeOf(status),
      });
    }
    return columnsOf(dots, inFlight);
  }
}

/** A power of two, so that dots do not jump between samples while the crowd grows. */
function strideFor(count: number, dotsMax: number): number {
  let stride = 1;
  while (count / stride > dotsMax) stride *= 2;
  return stride;
}

function outcomeOf(status: number | null): number {
  if (status === null || status >= 500) return OUTCOMES.indexOf("failed");
  if (status >= 400) return OUTCOMES.indexOf("refused");
  return OUTCOMES.indexOf(status >= 300 ? "redirected" : "answered");
}

function columnsOf(dots: readonly Dot[], inFlight: number): Dots {
  return {
    count: dots.length,
    inFlight,
    request: Uint32Array.from(dots, (dot) => dot.request),
    place: Uint8Array.from(dots, (dot) => dot.place),
    slot: Int16Array.from(dots, (dot) => dot.slot),
    progress: Float32Array.from(dots, (dot) => dot.progress),
    ageMs: Float32Array.from(dots, (dot) => dot.ageMs),
    outcome: Uint8Array.from(dots, (dot) => dot.outcome),
  };
}
