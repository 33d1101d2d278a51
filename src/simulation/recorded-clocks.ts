// The clocks of the requests that somebody looks at: each time one was set, with its deadline and how that
// wait ended. A clock whose event was not cancelled until its deadline has fired there.
import { type EventHandle, NO_EVENT } from "../kernel/event-queue.ts";
import type { ClockListener } from "../kernel/recorder.ts";
import type { Entity, RequestNumber } from "../kernel/simulation.ts";
import type { Instant } from "../kernel/time.ts";
import type { ClockFacts } from "../layers/layer.ts";

export interface RecordedClock {
  readonly entity: Entity;
  readonly name: string;
  readonly request: RequestNumber;
  readonly facts: ClockFacts;
  readonly setAt: Instant;
  readonly deadline: Instant;
  /** Whether an event of its own ends it; otherwise its program must look. */
  readonly hasEvent: boolean;
  /** When something else ended the wait, or the program found it over; null for neither. */
  endedAt: Instant | null;
  /** "reset" when the same clock was set again: the wait begins anew. */
  end: "stopped" | "reset" | "fired" | null;
}

export interface ClockBook extends ClockListener {
  readonly clocks: readonly RecordedClock[];
}

/** A book with nothing in it. */
export function createClockBook(): ClockBook {
  const clocks: RecordedClock[] = [];
  const open = new Map<string, RecordedClock>();
  const byHandle = new Map<EventHandle, RecordedClock>();

  function end(clock: RecordedClock | undefined, how: RecordedClock["end"], now: Instant): void {
    if (clock === undefined || clock.end === "fired" || clock.end === "reset") return;
    if (clock.hasEvent && clock.deadline <= now && clock.end === null) return;
    clock.end = how;
    clock.endedAt ??= now;
  }

  return {
    clocks,
    set({ entity, name, deadline, handle, facts }, request, now) {
      const key = `${entity} ${name}`;
      // Programs cancel the event first and set it again at once: that is one clock put off.
      const before = open.get(key);
      if (before !== undefined && (before.endedAt === null || before.endedAt === now))
        end(before, "reset", now);
      const clock: RecordedClock = {
        ...{ entity, name, request, facts: facts as ClockFacts, setAt: now, deadline },
        ...{ hasEvent: handle !== NO_EVENT, endedAt: null, end: null },
      };
      clocks.push(clock);
      open.set(key, clock);
      if (handle !== NO_EVENT) byHandle.set(handle, clock);
    },
    ends(entity, name, { fired, now }) {
      end(open.get(`${entity} ${name}`), fired ? "fired" : "stopped", now);
    },
    cancelled(handle, now) {
      if (byHandle.size > 0) end(byHandle.get(handle), "stopped", now);
    },
  };
}
