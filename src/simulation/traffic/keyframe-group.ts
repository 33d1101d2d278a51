// Keyframes that were taken one after the other have most of their bytes in common, and most of the texts and
// frozen values that the bytes refer to. The first of a group is kept whole, each other one as what is different
// from one before it, with one list of references for all. Which one that is goes by their numbers: it has the
// lowest bit of the number cleared, so that half of them have the one right before them, every second one can be
// dropped without touching the others, and none is more than four steps away from the first.
import { applyDelta, DeltaWriter } from "../../kernel/byte-delta.ts";
import type { Keyframe } from "../../kernel/keyframe.ts";
import { References } from "../../kernel/pack-state.ts";
import type { RequestNumber, Simulation } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";

/** A keyframe as it is kept. */
export interface StoredKeyframe {
  /** Its place among those that the group ever had. */
  readonly index: number;
  /** Where it is not the first, its bytes are changes of its base's. */
  readonly keyframe: Keyframe;
  /** The number that the next request would have got. */
  readonly nextRequest: RequestNumber;
}

/** What a text or a frozen value counts for. Source: measured with json-api and first-visit. */
const SIZE_OF_REFERENCE = 64;
/** The typed array, its buffer and the record of a keyframe. Source: measured. */
const SIZE_OF_RECORD = 400;
const FRAMES_MAX = 16;
/** Where changes take a larger share of the bytes, the group has grown too far from its first. */
const CHANGES_MAX = 0.7;

export class KeyframeGroup {
  frames: StoredKeyframe[] = [];
  /** Bytes of memory, about. */
  size = 0;
  private readonly references = new UsedReferences();
  private writers: { readonly index: number; readonly writer: DeltaWriter }[] = [];
  private isOpen = true;
  /** How much rarer keyframes were than at first when it began. */
  readonly rarer: number;

  constructor(rarer: number) {
    this.rarer = rarer;
  }

  /** Whether the next keyframe had better go here, or begin another group. */
  get mayGrow(): boolean {
    return this.isOpen && this.frames.length < FRAMES_MAX;
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
    this.isOpen = false;
    this.writers = [];
    this.references.close();
  }

  /** Of a closed group, keeps those whose numbers are multiples of `step`. */
  thin(step: number): void {
    this.frames = this.frames.filter(({ index }) => index % step === 0);
    this.references.keepThoseOf(this.frames.map(({ index }) => index));
    this.measure();
  }

  /** Of a closed group, keeps those up to an instant. */
  truncate(at: Instant): void {
    this.frames = this.frames.filter(({ keyframe }) => keyframe.now <= at);
    this.measure();
  }

  private wholeBytes(index: number, bytes: Uint8Array): Uint8Array {
    if (index === 0) return bytes;
    const base = this.frames.find((frame) => frame.index === baseOf(index));
    if (base === undefined) throw new Error(`keyframe ${index} of a group has lost its base`);
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
    if (changes.length > CHANGES_MAX * bytes.length) this.isOpen = false;
    return changes;
  }

  private measure(): void {
    this.size = SIZE_OF_REFERENCE * this.references.count;
    for (const { keyframe } of this.frames) this.size += SIZE_OF_RECORD + keyframe.bytes.length;
  }
}

function baseOf(index: number): number {
  return index & (index - 1);
}

/** References that know which keyframes use them. */
class UsedReferences extends References {
  /** Which keyframe is being written. */
  user = 0;
  /** How many there are. */
  count = 0;
  /** By reference: a bit for each keyframe that uses it. */
  private readonly users: number[] = [];

  override numberOf(value: unknown): number {
    const number = super.numberOf(value);
    if (number === this.users.length) {
      this.users.push(0);
      this.count++;
    }
    this.users[number] |= 1 << this.user;
    return number;
  }

  keepThoseOf(users: readonly number[]): void {
    const wanted = users.reduce((bits, user) => bits | (1 << user), 0);
    this.count = 0;
    for (let number = 0; number < this.users.length; number++) {
      if ((this.users[number] & wanted) === 0) this.values[number] = undefined;
      else this.count++;
    }
  }
}
