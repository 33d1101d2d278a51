// The wall clock of the simulated world: the scenario's start plus simulated time.
import type { Simulation } from "../kernel/simulation.ts";
import { MILLISECOND } from "../kernel/time.ts";
import { formatHttpDate, formatIsoDate, formatLogDate } from "./calendar.ts";
import type { Clock } from "./processes.ts";

/** Makes the clock; `startMs` is the wall-clock time (ms since 1970) at simulated time 0. */
export function createClock(sim: Simulation, startMs: number): Clock {
  const nowMs = (): number => startMs + Math.floor(sim.now / MILLISECOND);
  // An HTTP date is asked for by every response, and changes once a second.
  let second = Number.NaN;
  let text = "";
  return {
    nowMs,
    httpDate: (ms = nowMs()) => {
      const wanted = Math.floor(ms / 1000);
      if (wanted !== second) {
        second = wanted;
        text = formatHttpDate(ms);
      }
      return text;
    },
    logDate: (ms = nowMs()) => formatLogDate(ms),
    errorLogDate: (ms = nowMs()) => formatIsoDate(ms, "/"),
    isoDate: (ms = nowMs()) => formatIsoDate(ms),
  };
}
