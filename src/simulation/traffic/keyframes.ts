// Keyframes of a run: all that changes, as bytes, to go back to. Writing one costs as much as there is in the
// world, so a small world is written often and a busy one less: writing then takes at most about a third of
// the time of running. Their memory is bounded: when there is too much, every other one is dropped, first of the
// oldest, and when that has been done everywhere they are taken half as often. So it stays flat however long a
// run is, and none lie more than twice as far from each other as others. A few more lie where somebody looked.
import { BytePages } from "../../kernel/byte-pages.ts";
import type { Keyframe } from "../../kernel/keyframe.ts";
import type { RequestNumber } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { Run } from "../run.ts";
import { GroupScratch, KeyframeGroup, type StoredKeyframe } from "./keyframe-group.ts";

export interface KeyframeOptions {
  /** Events between two keyframes at least. */
  readonly everyEvents?: number;
  /** How many bytes are kept at most; where it is not said, it goes by the size of the world. */
  readonly sizeMax?: number;
}

const EVERY_EVENTS = 2048;
/** Source: measured: 35 ns to write a byte of a keyframe, 2 us to run an event. */
const EVENTS_FOR_A_BYTE = 0.05;
/** Memory for all of them, and for each byte of a whole one, so that a world of many connections has enough. */
const SIZE_MAX = 48 * 2 ** 20;
const SIZE_FOR_A_BYTE = 256;
/** What those between others may take of the memory, beside it. */
const BETWEEN_SHARE = 1 / 16;
/** Of two that are nearer to each other than this share of the way from one to the next, one is dropped. */
const NEAR = 0.75;

export class Keyframes {
  /** In the order of the run; only the last one still grows. */
  private groups: KeyframeGroup[] = [];
  /** Those that were taken between others, each a group of its own, the newest last. */
  private between: KeyframeGroup[] = [];
  private readonly pages = new BytePages();
  private readonly scratch = new GroupScratch(this.pages);
  private readonly betweenScratch = new GroupScratch(this.pages);
  /** How much rarer they are than at first: a power of two. */
  private rarer = 1;
  private readonly everyEvents: number;
  private readonly sizeMax: number | null;
  /** What they may have now, by the size of the newest. */
  private room = SIZE_MAX;
  /** The number of events at which the next one is due. */
  dueAt = 0;

  constructor({ everyEvents = EVERY_EVENTS, sizeMax }: KeyframeOptions = {}) {
    this.everyEvents = everyEvents;
    this.sizeMax = sizeMax ?? null;
    this.room = sizeMax ?? SIZE_MAX;
  }

  get count(): number {
    return countOf(this.groups) + this.between.length;
  }

  /** Bytes of memory, about, without those between others. */
  get size(): number {
    return sizeOf(this.groups);
  }

  /** Takes one, if it is due and the run is beyond all others; it is good until the next one. Null when it is not. */
  takeIfDue(run: Run): Keyframe | null {
    if (run.sim.eventCount < this.dueAt) return null;
    const keyframe = this.growing().take(run.sim, run.state().nextRequest);
    this.room = this.sizeMax ?? Math.max(this.room, SIZE_FOR_A_BYTE * keyframe.bytes.length);
    while (this.size > this.room && countOf(this.groups) > 1) this.thin();
    this.dueAt = keyframe.eventCount + this.eventsAfter(keyframe.bytes.length, this.rarer);
    return keyframe;
  }

  /** Takes one more where the run stands, which is between others; the oldest of these make room. */
  add(run: Run): void {
    const group = new KeyframeGroup(this.rarer, this.betweenScratch);
    group.take(run.sim, run.state().nextRequest);
    group.close();
    this.between.push(group);
    while (sizeOf(this.between) > BETWEEN_SHARE * this.room && this.between.length > 1)
      this.between.shift()?.drop();
  }

  /** The last one not after an instant, or null. */
  before(at: Instant): Keyframe | null {
    return this.last(({ now }) => now <= at);
  }

  /** The last one before a request began, or null. */
  beforeRequest(request: RequestNumber): Keyframe | null {
    return this.last(({ nextRequest }) => nextRequest <= request);
  }

  /** Forgets those after an instant: the run takes another way there. */
  truncate(at: Instant): void {
    for (const group of [...this.groups, ...this.between]) group.truncate(at);
    const isLeft = ({ frames }: KeyframeGroup): boolean => frames.length > 0;
    this.groups = this.groups.filter(isLeft);
    this.between = this.between.filter(isLeft);
    this.dueAt = 0;
  }

  /** The group that takes the next one. */
  private growing(): KeyframeGroup {
    const last = this.groups.at(-1);
    if (last?.mayGrow === true) return last;
    last?.close();
    const group = new KeyframeGroup(this.rarer, this.scratch);
    this.groups.push(group);
    return group;
  }

  /** Events from a keyframe to the next. */
  private eventsAfter(size: number, rarer: number): number {
    return rarer * Math.max(this.everyEvents, EVENTS_FOR_A_BYTE * size);
  }

  /** Has those of the group that is densest, the oldest of them, lie twice as far from each other. */
  private thin(): void {
    const densest = this.groups.reduce((a, b) => (b.rarer < a.rarer ? b : a));
    if (densest.rarer >= this.rarer) this.rarer *= 2;
    const [first, ...others] = densest.frames;
    const before = this.groups[this.groups.indexOf(densest) - 1]?.frames.at(-1);
    densest.thin();
    if (others.length > 0 || before === undefined) return;
    const gap = first.eventCount - before.eventCount;
    if (gap >= NEAR * this.eventsAfter(densest.wholeSize, densest.rarer)) return;
    densest.drop();
    this.groups = this.groups.filter((group) => group !== densest);
  }

  private last(fits: (stored: StoredKeyframe) => boolean): Keyframe | null {
    const group = this.groups.findLast(({ frames }) => fits(frames[0]));
    const candidates = [group, ...this.between].flatMap((one) => {
      const stored = one?.frames.findLast(fits);
      return one === undefined || stored === undefined ? [] : [{ group: one, stored }];
    });
    if (candidates.length === 0) return null;
    const [first, ...others] = candidates;
    const nearest = others.reduce((a, b) => (eventOf(b) > eventOf(a) ? b : a), first);
    return nearest.group.whole(nearest.stored);
  }
}

function eventOf({ stored }: { readonly stored: StoredKeyframe }): number {
  return stored.eventCount;
}

function countOf(groups: readonly KeyframeGroup[]): number {
  return groups.reduce((sum, { frames }) => sum + frames.length, 0);
}

function sizeOf(groups: readonly KeyframeGroup[]): number {
  return groups.reduce((sum, { size }) => sum + size, 0);
}
