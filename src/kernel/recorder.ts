// Who looks at a run: a recorder hears the rows and the facts of the requests that it wants. The journal
// has the same rows without words; a run without a recorder makes no facts at all.
import type { EventHandle } from "./event-queue.ts";
import type { Machine } from "./machine.ts";
import type { Entity, RequestNumber } from "./simulation.ts";
import type { Instant } from "./time.ts";

/**
 * Listens to the rows of the requests that somebody looks at. A recorder never feeds back: with it
 * or without it a run is the same.
 */
export interface Recorder {
  wants(request: RequestNumber): boolean;
  /** Called for every row of a wanted request, before the facts that belong to it. */
  row(row: RecordedRow): void;
  /** Facts about a row, for the words, the causes and the messages shown with it. */
  note(row: number, facts: unknown): void;
  /** Hears of the programs' clocks, if anybody wants to know of them. */
  readonly clocks?: ClockListener;
}

/** Hears what becomes of the clocks by which programs wait. */
export interface ClockListener {
  /** A clock of this request's was set, or set again. */
  set(setting: ClockSetting, request: RequestNumber, now: Instant): void;
  /** A clock without an event was stopped, or found to be over. */
  ends(entity: Entity, name: string, end: { fired: boolean; now: Instant }): void;
  /** A pending event was cancelled, and with it the clock that it belonged to, if any. */
  cancelled(handle: EventHandle, now: Instant): void;
}

/** A program's own clock was set: what ends a wait if nothing else does. */
export interface ClockSetting {
  readonly entity: Entity;
  /** Tells an entity's clocks apart; setting one again puts it off. */
  readonly name: string;
  readonly deadline: Instant;
  /** The event at the deadline; NO_EVENT for a clock that its program looks at now and then. */
  readonly handle: EventHandle;
  readonly facts: unknown;
}

export interface RecordedRow {
  readonly row: number;
  readonly time: Instant;
  readonly entity: Entity;
  readonly request: RequestNumber;
  readonly machine: Machine;
  readonly transition: number;
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** What a simulation knows of a row when it is written. */
export type FiredRow = Pick<RecordedRow, "row" | "entity" | "transition" | "from" | "value">;
