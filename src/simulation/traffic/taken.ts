// Changes that a run has taken, and which of them still stands: one that only takes another back leaves
// neither of the two standing.
import type { Span } from "../../kernel/time.ts";
import type { PlannedChange, TrafficChange } from "./changes.ts";

export interface TimedChange {
  /** From the run's zero. */
  readonly atNs: Span;
  readonly change: TrafficChange;
}

/** A change that was taken, and what became of the scenario. */
export interface Taken extends TimedChange {
  readonly planned: PlannedChange;
}

/** The place of the newest change that nothing has taken back; null when none stands. */
export function newestStanding(changes: readonly Taken[]): number | null {
  const standing: number[] = [];
  changes.forEach((taken, i) => {
    const last = standing.at(-1);
    if (last !== undefined && isOpposite(changes[last], taken)) standing.pop();
    else standing.push(i);
  });
  return standing.at(-1) ?? null;
}

function isOpposite(before: Taken, after: Taken): boolean {
  const { opposite } = before.planned;
  return opposite !== null && JSON.stringify(opposite) === JSON.stringify(after.change);
}
