// Keyframes that were taken one after the other have most of their bytes in common, and most of the texts and
// frozen values that the bytes refer to. The first of a group is kept whole, the others as what is different
// from it, with one list of references for all: so they take half the memory.
import { applyDelta, DeltaWriter } from "../../kernel/byte-delta.ts";
import type { Keyframe } from "../../kernel/keyframe.ts";
import { References } from "../../kernel/pack-state.ts";
import type { Simulation } from "../../kernel/simulation.ts";

/** A keyframe as it is kept. */
export interface StoredKeyframe {
  /** Where it has a base its bytes are changes of that. */
  readonly keyframe: Keyframe;
  readonly base: Uint8Array | null;
  /** Bytes of memory without the base, about. */
  readonly size: number;
}

/** What a text or a frozen value counts for. Source: measured with json-api and first-visit. */
const SIZE_OF_REFERENCE = 64;
/** The typed array, its buffer and the record of a keyframe. Source: measured. */
const SIZE_OF_RECORD = 400;
const FRAMES_MAX = 16;
/** Where changes take a larger share of the bytes, the group has grown too far from its first. */
const CHANGES_MAX = 0.7;

export class KeyframeGroup {
  private readonly references = new References();
  private writer: DeltaWriter | null = null;
  private count = 0;
  private drifted = false;

  /** Whether the next keyframe had better begin another group. */
  get isFull(): boolean {
    return this.count >= FRAMES_MAX || this.drifted;
  }

  /** Takes a keyframe, whole, and as it is to be kept. */
  take(sim: Simulation): { readonly keyframe: Keyframe; readonly stored: StoredKeyframe } {
    const known = this.references.values.length;
    const keyframe = sim.keyframe(this.references);
    const added = this.references.values.length - known;
    const changes = this.changesOf(keyframe.bytes);
    const bytes = changes ?? keyframe.bytes;
    const size = SIZE_OF_RECORD + bytes.length + SIZE_OF_REFERENCE * added;
    const base = changes === null ? null : (this.writer?.base ?? null);
    return { keyframe, stored: { keyframe: { ...keyframe, bytes }, base, size } };
  }

  /** The bytes as changes of the group's first, or null for the first itself. */
  private changesOf(bytes: Uint8Array): Uint8Array | null {
    this.count++;
    if (this.writer === null) {
      this.writer = new DeltaWriter(bytes);
      return null;
    }
    const changes = this.writer.write(bytes);
    this.drifted = changes.length > CHANGES_MAX * bytes.length;
    return changes;
  }
}

/** The keyframe, ready to go back to. */
export function wholeKeyframe({ keyframe, base }: StoredKeyframe): Keyframe {
  return base === null ? keyframe : { ...keyframe, bytes: applyDelta(base, keyframe.bytes) };
}

/** The bytes of memory of all of them, with the bases of those whose first is gone. */
export function sizeOf(all: readonly StoredKeyframe[]): number {
  const firsts = new Set(all.map(({ keyframe }) => keyframe.bytes));
  const bases = new Set(all.flatMap(({ base }) => (base === null ? [] : [base])));
  const own = all.reduce((sum, { size }) => sum + size, 0);
  return [...bases].reduce((sum, base) => sum + (firsts.has(base) ? 0 : base.length), own);
}

/** The same, where a base that only one refers to is given up: that one is made whole. */
export function withoutLoneBases(all: readonly StoredKeyframe[]): StoredKeyframe[] {
  const users = new Map<Uint8Array, number>();
  const count = (bytes: Uint8Array): void => void users.set(bytes, (users.get(bytes) ?? 0) + 1);
  for (const { keyframe, base } of all) count(base ?? keyframe.bytes);
  return all.map((stored) => {
    if (stored.base === null || users.get(stored.base) !== 1) return stored;
    const keyframe = wholeKeyframe(stored);
    const added = keyframe.bytes.length - stored.keyframe.bytes.length;
    return { keyframe, base: null, size: stored.size + added };
  });
}
