// What the resolver has learned of each server's speed: the filter of RFC 6298 as Unbound keeps it
// (util/rtt.c), in nanoseconds, and the timeout that follows from it.
import type { Span } from "../../kernel/time.ts";
import { TIMEOUT_MIN, UNKNOWN_SERVER_TIMEOUT, UNKNOWN_VARIANCE, USELESS_TIMEOUT } from "./costs.ts";

export interface ServerTiming {
  readonly smoothedNs: Span;
  readonly varianceNs: Span;
  readonly timeoutNs: Span;
}

/** A server that was never asked. */
export const UNKNOWN_SERVER: ServerTiming = Object.freeze({
  smoothedNs: 0,
  varianceNs: UNKNOWN_VARIANCE,
  timeoutNs: UNKNOWN_SERVER_TIMEOUT,
});

/** After an answer that took `tookNs`. */
export function afterAnswer(timing: ServerTiming, tookNs: Span): ServerTiming {
  const difference = tookNs - timing.smoothedNs;
  const smoothedNs = timing.smoothedNs + Math.trunc(difference / 8);
  const spread = (Math.abs(difference) - timing.varianceNs) / 4;
  const varianceNs = timing.varianceNs + Math.trunc(spread);
  const timeoutNs = Math.max(TIMEOUT_MIN, smoothedNs + 4 * varianceNs);
  return Object.freeze({ smoothedNs, varianceNs, timeoutNs });
}

/** After a send with `usedNs` as its timeout was lost: twice that, unless it has grown already. */
export function afterLoss(timing: ServerTiming, usedNs: Span): ServerTiming {
  if (timing.timeoutNs > usedNs) return timing;
  return Object.freeze({ ...timing, timeoutNs: usedNs * 2 });
}

/** Whether the server is still worth a question. */
export function isUseful(timing: ServerTiming): boolean {
  return timing.timeoutNs < USELESS_TIMEOUT;
}
