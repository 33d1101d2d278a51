// Keyframes that were taken one after the other have most of their bytes in common, and most of the texts and
// frozen values that the bytes refer to. The first of a group is kept whole, each other one as what is different
// from one before it, with one list of references for all. Which one that is goes by their numbers: it has the
// lowest bit of the number cleared, so that half of them have the one right before them, every second one can be
// dropped without touching the others, and none is more than five steps away from the first.
import { assert } from "../../kernel/assert.ts";
import { asOneBuffer } from "../../kernel/byte-columns.ts";
import { applyDelta, DeltaWriter } from "../../kernel/byte-delta.ts";
import type { Keyframe } from "../../kernel/keyframe.ts";
import type { RequestNumber, Simulation } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import { GROUP_MAX, GroupReferences } from "./group-references.ts";

/** A keyframe as it is kept. */
export interface StoredKeyframe {
  /** Its place among those that the group ever had. */
  readonly index: number;
  /** Where it is not the first, its bytes are changes of its base's. */
  readonly keyframe: Keyframe;
  /** The number that the next request would have got. */
  readonly nextRequest: RequestNumber;
}

/** The record of a keyframe. Source: measured. */
const SIZE_OF_RECORD = 400;
/** Where changes take a larger share of the bytes, the group has grown too far from its first. */
const CHANGES_MAX = 0.8;

export class KeyframeGroup {
  frames: StoredKeyframe[] = [];
  /** Bytes of memory, about. */
  size = 0;
  /** How much rarer its keyframes are than at first. */
  rarer: number;
  private readonly references = new GroupReferences();
  private writers: { readonly index: number; readonly writer: DeltaWriter }[] = [];
  private isOpen = true;
  private hasDrifted = false;
  /** Those whose numbers are multiples of this are left. */
  private step = 1;

  constructor(rarer: number) {
    this.rarer = rarer;
  }

  /** Whether the next keyframe had better go here, or begin another group. */
  get mayGrow(): boolean {
    return this.isOpen && !this.hasDrifted && this.frames.length < GROUP_MAX;
  }

  /** Takes a keyframe, keeps it, and returns it whole. */
  take(sim: Simulation, nextRequest: RequestNumber): Keyframe {
    const index = this.frames.length;
    this.references.user = index;
    const keyframe = sim.keyframe(this.references);
    const bytes = this.changes(index, keyframe.bytes);
    this.frames.push({ index, keyframe: { ...keyframe, bytes }, nextRequest });
    this.measure();
    return keyframe;
  }

  /** A keyframe of the group, ready to go back to. */
  whole({ index, keyframe }: StoredKeyframe): Keyframe {
    return { ...keyframe, bytes: this.wholeBytes(index, keyframe.bytes) };
  }

  /** No more are taken: lets go of what only writing needs. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.writers = [];
    this.references.close();
    this.keep(this.frames);
  }

  /** Drops every second one but the first. */
  thin(): void {
    this.close();
    this.rarer *= 2;
    this.step *= 2;
    this.keep(this.frames.filter(({ index }) => index % this.step === 0));
  }

  /** Keeps those up to an instant, and takes no more. */
  truncate(at: Instant): void {
    this.close();
    this.keep(this.frames.filter(({ keyframe }) => keyframe.now <= at));
  }

  /** Keeps some of a closed group, their bytes in one buffer. */
  private keep(frames: readonly StoredKeyframe[]): void {
    this.references.keepThoseOf(frames.map(({ index }) => index));
    const { values } = this.references;
    const bytes = asOneBuffer(frames.map(({ keyframe }) => keyframe.bytes));
    this.frames = frames.map((frame, i) => ({
      ...frame,
      keyframe: { ...frame.keyframe, bytes: bytes[i], references: values },
    }));
    this.measure();
  }

  private wholeBytes(index: number, bytes: Uint8Array): Uint8Array {
    if (index === 0) return bytes;
    const base = this.frames.find((frame) => frame.index === baseOf(index));
    assert(base !== undefined, "a keyframe has lost its base");
    return applyDelta(this.wholeBytes(base.index, base.keyframe.bytes), bytes);
  }

  /** The bytes as changes of those of the base, or themselves for the first. */
  private changes(index: number, bytes: Uint8Array): Uint8Array {
    while (this.writers.length > 0 && this.writers.at(-1)?.index !== baseOf(index))
      this.writers.pop();
    const base = this.writers.at(-1)?.writer;
    const isBase = index % 2 === 0;
    if (isBase) this.writers.push({ index, writer: new DeltaWriter(bytes) });
    if (base === undefined) return bytes;
    const changes = base.write(bytes);
    if (changes.length > CHANGES_MAX * bytes.length) this.hasDrifted = true;
    return changes;
  }

  private measure(): void {
    this.size = this.references.size;
    for (const { keyframe } of this.frames) this.size += SIZE_OF_RECORD + keyframe.bytes.length;
  }
}

function baseOf(index: number): number {
  return index & (index - 1);
}
