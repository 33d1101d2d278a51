// A keyframe: all that changes in a simulation at one moment, to go back to.
import type { JournalMark } from "./journal.ts";
import type { Instant } from "./time.ts";

/** A moment of a run that can be gone back to. */
export interface Keyframe {
  readonly now: Instant;
  readonly eventCount: number;
  readonly journal: JournalMark;
  /** The pending events, the entities and the world. */
  readonly bytes: Uint8Array;
  /** Texts and frozen values of the world, which the bytes refer to. */
  readonly references: readonly unknown[];
}
