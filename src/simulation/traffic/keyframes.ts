// Keyframes of a run: all that changes, as bytes, to go back to. Writing one costs as much as there is in the
// world, so a small world is written often and a busy one less: writing then takes at most about a third of
// the time of running. Their memory is bounded: when there is too much, every other one is dropped and they are
// taken half as often, so that it stays flat however long a run is. A few more lie where somebody looked.
import type { Keyframe } from "../../kernel/keyframe.ts";
import type { RequestNumber } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { Run } from "../run.ts";
import {
  KeyframeGroup,
  type StoredKeyframe,
  sizeOf,
  wholeKeyframe,
  withoutLoneBases,
} from "./keyframe-group.ts";

interface Kept {
  readonly stored: StoredKeyframe;
  /** The number that the next request would have got. */
  readonly nextRequest: RequestNumber;
}

export interface KeyframeOptions {
  /** Events between two keyframes at least. */
  readonly everyEvents?: number;
  /** How many bytes are kept at most. */
  readonly sizeMax?: number;
}

const EVERY_EVENTS = 1536;
/** Source: measured: 35 ns to write a byte of a keyframe, 2 us to run an event. */
const EVENTS_FOR_A_BYTE = 0.05;
const SIZE_MAX = 128 * 2 ** 20;
/** What those between others may take of the memory, beside it. */
const BETWEEN_SHARE = 1 / 16;
/** Of two that are nearer to each other than this share of the way from one to the next, one is dropped. */
const NEAR = 0.75;

export class Keyframes {
  private kept: Kept[] = [];
  /** Those that were taken between others, the newest last. */
  private between: Kept[] = [];
  private group = new KeyframeGroup();
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
    return this.kept.length + this.between.length;
  }

  /** Takes one, if it is due and the run is beyond all others; null when it is not. */
  takeIfDue(run: Run): Keyframe | null {
    if (run.sim.eventCount < this.dueAt) return null;
    if (this.group.isFull) this.group = new KeyframeGroup();
    const { keyframe, kept } = taken(run, this.group);
    this.kept.push(kept);
    this.size += kept.stored.size;
    while (this.size > this.sizeMax && this.kept.length > 1) this.thin();
    this.dueAt = keyframe.eventCount + this.eventsAfter(keyframe.bytes);
    return keyframe;
  }

  /** Takes one more where the run stands, which is between others; the oldest of these make room. */
  add(run: Run): void {
    this.between.push(taken(run, new KeyframeGroup()).kept);
    let size = this.between.reduce((sum, { stored }) => sum + stored.size, 0);
    while (size > BETWEEN_SHARE * this.sizeMax && this.between.length > 1)
      size -= this.between.shift()?.stored.size ?? 0;
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
    const isPast = ({ stored }: Kept): boolean => stored.keyframe.now <= at;
    this.keep(isPast);
    this.between = this.between.filter(isPast);
    this.dueAt = 0;
    this.group = new KeyframeGroup();
  }

  /** Events from one keyframe to the next. */
  private eventsAfter(bytes: Uint8Array): number {
    return this.rarer * Math.max(this.everyEvents, EVENTS_FOR_A_BYTE * bytes.length);
  }

  /** Has them lie twice as far from each other. */
  private thin(): void {
    this.rarer *= 2;
    let near = 0;
    this.keep(({ stored: { keyframe, base } }) => {
      if (keyframe.eventCount < near) return false;
      near = keyframe.eventCount + NEAR * this.eventsAfter(base ?? keyframe.bytes);
      return true;
    });
  }

  private keep(wanted: (kept: Kept) => boolean): void {
    const left = this.kept.filter(wanted);
    const stored = withoutLoneBases(left.map((kept) => kept.stored));
    this.kept = left.map((kept, i) => ({ ...kept, stored: stored[i] }));
    this.size = sizeOf(stored);
  }

  private last(fits: (kept: Kept) => boolean): Keyframe | null {
    const candidates = [this.kept.findLast(fits), ...this.between.filter(fits)].flatMap(
      (kept) => kept?.stored ?? [],
    );
    if (candidates.length === 0) return null;
    const [first, ...others] = candidates;
    return wholeKeyframe(
      others.reduce((a, b) => (b.keyframe.eventCount > a.keyframe.eventCount ? b : a), first),
    );
  }
}

function taken(run: Run, group: KeyframeGroup): { keyframe: Keyframe; kept: Kept } {
  const { keyframe, stored } = group.take(run.sim);
  return { keyframe, kept: { stored, nextRequest: run.state().nextRequest } };
}
