// Keyframes of a run: all that changes, as bytes, to go back to. Writing one costs as much as there is in the
// world, so a small world is written often and a busy one less: writing then takes at most about a third of
// the time of running. Their memory is bounded: when there is too much, every other one is dropped and they are
// taken half as often, so that it stays flat however long a run is.
import type { Keyframe } from "../../kernel/keyframe.ts";
import type { RequestNumber } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { Run } from "../run.ts";
import { KeyframeGroup, type StoredKeyframe, wholeKeyframe } from "./keyframe-group.ts";

interface Kept {
  readonly stored: StoredKeyframe;
  /** The number that the next request would have got. */
  readonly nextRequest: RequestNumber;
  /** Which group it is of, or BETWEEN. */
  readonly group: number;
}

export interface KeyframeOptions {
  /** Events between two keyframes at least. */
  readonly everyEvents?: number;
  /** How many bytes are kept at most. */
  readonly sizeMax?: number;
}

const EVERY_EVENTS = 1024;
/** Source: measured: 35 ns to write a byte of a keyframe, 2 us to run an event. */
const EVENTS_FOR_A_BYTE = 0.05;
const SIZE_MAX = 160 * 2 ** 20;
/** Taken between two others that were there. */
const BETWEEN = -1;

export class Keyframes {
  private kept: Kept[] = [];
  private group = new KeyframeGroup();
  private groups = 0;
  /** How much rarer they are than at first. */
  private rarer = 1;
  private readonly everyEvents: number;
  private readonly sizeMax: number;
  /** The number of events at which the next one is due. */
  dueAt = 0;
  /** Bytes of memory, about. */
  size = 0;

  constructor({ everyEvents = EVERY_EVENTS, sizeMax = SIZE_MAX }: KeyframeOptions = {}) {
    this.everyEvents = everyEvents;
    this.sizeMax = sizeMax;
  }

  get count(): number {
    return this.kept.length;
  }

  /** Takes one, if it is due and the run is beyond all others; null when it is not. */
  takeIfDue(run: Run): Keyframe | null {
    if (run.sim.eventCount < this.dueAt) return null;
    if (this.group.isFull) this.beginGroup();
    const keyframe = this.take(run, this.group, this.groups);
    const events = Math.max(this.everyEvents, EVENTS_FOR_A_BYTE * keyframe.bytes.length);
    this.dueAt = keyframe.eventCount + events * this.rarer;
    return keyframe;
  }

  /** Takes one more where the run stands, which is between others. */
  add(run: Run): void {
    this.take(run, new KeyframeGroup(), BETWEEN);
  }

  /** The last one not after an instant, or null. */
  before(at: Instant): Keyframe | null {
    return this.last(({ stored }) => stored.keyframe.now <= at);
  }

  /** The last one before a request began, or null. */
  beforeRequest(request: RequestNumber): Keyframe | null {
    return this.last(({ nextRequest }) => nextRequest <= request);
  }

  /** Forgets those after an instant: the run takes another way there. */
  truncate(at: Instant): void {
    this.keep(({ stored }) => stored.keyframe.now <= at);
    this.dueAt = 0;
    this.beginGroup();
  }

  private take(run: Run, shared: KeyframeGroup, group: number): Keyframe {
    const { keyframe, stored } = shared.take(run.sim);
    const { nextRequest } = run.state();
    const after = this.kept.findLastIndex((other) => other.stored.keyframe.now <= keyframe.now);
    this.kept.splice(after + 1, 0, { stored, nextRequest, group });
    this.size += stored.size;
    if (this.size > this.sizeMax) this.thin();
    return keyframe;
  }

  private beginGroup(): void {
    this.group = new KeyframeGroup();
    this.groups++;
  }

  /** Drops every other one of each group, whose first stays, and of the groups of one every other group. */
  private thin(): void {
    this.rarer *= 2;
    this.keep(({ group }) => group !== BETWEEN);
    const { kept } = this;
    let place = 0;
    let alone = 0;
    this.keep(({ group }, i) => {
      place = group === kept[i - 1]?.group ? place + 1 : 0;
      const isAlone = place === 0 && group !== kept[i + 1]?.group;
      return (isAlone ? alone++ : place) % 2 === 0;
    });
  }

  private keep(wanted: (kept: Kept, index: number) => boolean): void {
    this.kept = this.kept.filter(wanted);
    this.size = this.kept.reduce((sum, { stored }) => sum + stored.size, 0);
  }

  private last(fits: (kept: Kept) => boolean): Keyframe | null {
    const kept = this.kept.findLast(fits);
    return kept === undefined ? null : wholeKeyframe(kept.stored);
  }
}
