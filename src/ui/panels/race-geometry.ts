// Where the clocks of a race lie on their one axis of time. Pure.
import type { ClockSpan, ClockView, TimerRace } from "../../simulation/journey.ts";

export interface ClockBar {
  readonly span: ClockSpan;
  /** Shares of the axis, 0 to 1. */
  readonly from: number;
  readonly to: number;
  /** How much of it has happened by now. */
  readonly done: number;
  /** The deadline's place; null when it lies beyond the axis. */
  readonly deadline: number | null;
}

/** A deadline within this many times the race's length is worth the room that the axis gives it. */
const ROOM_FACTOR = 1.8;

/** The end of the axis: the end of the race, or a deadline not far behind it. */
export function axisEndNs({ fromNs, toNs, clocks }: TimerRace): number {
  const far = fromNs + (toNs - fromNs) * ROOM_FACTOR;
  const near = clocks
    .flatMap(({ spans }) => spans.map(({ deadlineNs }) => deadlineNs))
    .filter((deadlineNs) => deadlineNs <= far);
  return Math.max(fromNs + 1, toNs, ...near);
}

/** The bars of a clock at the moment `nowNs`; those that have not begun yet are left faint by `done`. */
export function clockBars(race: TimerRace, { spans }: ClockView, nowNs: number): ClockBar[] {
  const endNs = axisEndNs(race);
  const share = (ns: number): number =>
    Math.max(0, Math.min(1, (ns - race.fromNs) / (endNs - race.fromNs)));
  return spans.map((span) => ({
    span,
    from: share(span.fromNs),
    to: share(span.toNs),
    done: share(Math.max(span.fromNs, Math.min(nowNs, span.toNs))),
    deadline: span.deadlineNs > endNs ? null : share(span.deadlineNs),
  }));
}

/** What a clock says at the moment `nowNs`: not begun, its time and what is left, or how it ended. */
export function spanAt({ spans }: ClockView, nowNs: number): ClockSpan | null {
  return spans.findLast(({ fromNs }) => fromNs <= nowNs) ?? null;
}
