// Keyframes that were taken one after the other have most of their bytes in common, and most of the texts and
// frozen values that the bytes refer to. The first of a group is kept whole, each other one as what is different
// from one before it, with one list of references for all. Which one that is goes by their numbers: it has the
// lowest bit of the number cleared, so that half of them have the one right before them, every second one can be
// dropped without touching the others, and none is more than five steps away from the first.
import { assert } from "../../kernel/assert.ts";
import { ByteWriter } from "../../kernel/byte-columns.ts";
import { applyDelta, DeltaWriter } from "../../kernel/byte-delta.ts";
import { type BytePages, PagedBytes } from "../../kernel/byte-pages.ts";
import type { JournalMark } from "../../kernel/journal.ts";
import type { Keyframe } from "../../kernel/keyframe.ts";
import type { RequestNumber, Simulation } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import { GROUP_MAX, GroupReferences } from "./group-references.ts";

/** A keyframe as it is kept. */
export interface StoredKeyframe {
  /** Its place among those that the group ever had. */
  readonly index: number;
  readonly now: Instant;
  readonly eventCount: number;
  readonly journal: JournalMark;
  /** The number that the next request would have got. */
  readonly nextRequest: RequestNumber;
  /** Where its bytes are among the group's, which may move; all but the first one's are changes of its base's. */
  from: number;
  to: number;
}

/** The record of a keyframe. Source: a heap snapshot. */
const SIZE_OF_RECORD = 260;
/** Where changes take a larger share of the bytes, the group has grown too far from its first. */
const CHANGES_MAX = 0.8;

/** What writing needs, for one group after the other: V8 is slow to give back such pieces of memory. */
export class GroupScratch {
  /** Where the bytes go. */
  readonly pages: BytePages;
  /** The keyframe that is being taken. */
  readonly whole = new ByteWriter();
  /** What makes it of its base. */
  readonly changes = new ByteWriter();
  /** By how many steps a base is away from the first. */
  readonly writers: DeltaWriter[] = [];

  constructor(pages: BytePages) {
    this.pages = pages;
  }
}

export class KeyframeGroup {
  frames: StoredKeyframe[] = [];
  /** Bytes of memory, about. */
  size = 0;
  /** How much rarer its keyframes are than at first. */
  rarer: number;
  private readonly references = new GroupReferences();
  private scratch: GroupScratch | null;
  private readonly bytes: PagedBytes;
  private hasDrifted = false;
  /** Those whose numbers are multiples of this are left. */
  private step = 1;

  /** Until it is closed, no other group may have the scratch. */
  constructor(rarer: number, scratch: GroupScratch) {
    this.rarer = rarer;
    this.scratch = scratch;
    this.bytes = new PagedBytes(scratch.pages);
  }

  /** Whether the next keyframe had better go here, or begin another group. */
  get mayGrow(): boolean {
    return this.scratch !== null && !this.hasDrifted && this.frames.length < GROUP_MAX;
  }

  /** Bytes of the first one, whole. */
  get wholeSize(): number {
    return this.frames[0].to - this.frames[0].from;
  }

  /** Takes a keyframe, keeps it, and returns it whole, to be used before the next one is taken. */
  take(sim: Simulation, nextRequest: RequestNumber): Keyframe {
    assert(this.scratch !== null, "the group is closed");
    const index = this.frames.length;
    this.references.user = index;
    const keyframe = sim.keyframe(this.scratch.whole, this.references);
    const { now, eventCount, journal } = keyframe;
    const from = this.bytes.length;
    this.write(this.scratch, index, keyframe.bytes);
    const to = this.bytes.length;
    this.frames.push({ index, now, eventCount, journal, nextRequest, from, to });
    if (index > 0 && to - from > CHANGES_MAX * keyframe.bytes.length) this.hasDrifted = true;
    this.measure();
    return keyframe;
  }

  /** A keyframe of the group, ready to go back to. */
  whole({ index, now, eventCount, journal }: StoredKeyframe): Keyframe {
    const references = this.references.all();
    return { now, eventCount, journal, bytes: this.wholeBytes(index), references };
  }

  /** No more are taken: lets go of what only writing needs. */
  close(): void {
    if (this.scratch === null) return;
    this.scratch = null;
    this.references.close();
  }

  /** Drops every second one but the first. */
  thin(): void {
    this.rarer *= 2;
    this.step *= 2;
    this.keep(({ index }) => index % this.step === 0);
  }

  /** Keeps those up to an instant, and takes no more. */
  truncate(at: Instant): void {
    this.keep(({ now }) => now <= at);
  }

  /** Gives the memory of its bytes back: nobody goes to any of its keyframes any more. */
  drop(): void {
    this.frames = [];
    this.bytes.cut(0);
  }

  private keep(wanted: (stored: StoredKeyframe) => boolean): void {
    this.close();
    this.frames = this.frames.filter(wanted);
    let at = 0;
    for (const stored of this.frames) {
      const { from, to } = stored;
      this.bytes.move(from, to, at);
      stored.from = at;
      at += to - from;
      stored.to = at;
    }
    this.bytes.cut(at);
    this.references.keepThoseOf(this.frames.map(({ index }) => index));
    this.measure();
  }

  private wholeBytes(index: number): Uint8Array {
    const stored = this.frames.find((frame) => frame.index === index);
    assert(stored !== undefined, "a keyframe has lost its base");
    const bytes = this.bytes.read(stored.from, stored.to);
    return index === 0 ? bytes : applyDelta(this.wholeBytes(baseOf(index)), bytes);
  }

  /** Writes the bytes as changes of those of the base, or themselves for the first. */
  private write({ changes, writers }: GroupScratch, index: number, bytes: Uint8Array): void {
    const steps = stepsOf(index);
    changes.length = 0;
    if (index > 0) writers[steps - 1].write(bytes, changes);
    this.bytes.append(index > 0 ? changes.written() : bytes);
    // An odd one is no base.
    if (index % 2 !== 0) return;
    writers[steps] ??= new DeltaWriter();
    writers[steps].begin(bytes);
  }

  private measure(): void {
    this.size = this.references.size;
    for (const { from, to } of this.frames) this.size += SIZE_OF_RECORD + to - from;
  }
}

function baseOf(index: number): number {
  return index & (index - 1);
}

/** How many bases there are before one, which is how many bits are set in its number. */
function stepsOf(index: number): number {
  return index === 0 ? 0 : 1 + stepsOf(baseOf(index));
}
