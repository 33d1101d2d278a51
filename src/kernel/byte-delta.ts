// Bytes told by other bytes that resemble them: which stretches of the base are copied, and what stands between
// them. Two keyframes of a run that lie near each other have most of their bytes in common, mostly in the same
// order. A greedy search for copies, as in LZ77 with the base as its dictionary; nothing is entropy coded.
import { assert } from "./assert.ts";
import { ByteReader, type ByteWriter, copyBytes } from "./byte-columns.ts";

/** Copies are sought by the hash of so many bytes. */
const HASHED_BYTES = 4;
/** A copy from elsewhere that is shorter than this costs as much as its bytes. */
const COPY_MIN = 6;
/** One that goes on where the last one would have been by now takes a byte for its place. */
const COPY_ON_MIN = 4;
const TABLE_BITS_MAX = 17;
const HASH_FACTOR = 0x9e3779b1;

/** Writes bytes as changes of a base, which may be another one later on. */
export class DeltaWriter {
  private copy = new Uint8Array(0);
  private base = this.copy;
  private shift = 0;
  /** Where in the base bytes with a hash begin, and one; 0 for nowhere. */
  private places = new Int32Array(0);

  /** What is written from here on is told by these bytes, of which a copy is kept. */
  begin(base: Uint8Array): void {
    if (this.copy.length < base.length) this.copy = new Uint8Array(2 * base.length);
    this.copy.set(base);
    this.base = this.copy.subarray(0, base.length);
    const bits = Math.min(TABLE_BITS_MAX, 32 - Math.clz32(base.length | 1));
    if (this.places.length < 2 ** bits) {
      this.places = new Int32Array(2 ** bits);
      this.shift = 32 - bits;
    } else this.places.fill(0);
    for (let at = base.length - HASHED_BYTES; at >= 0; at--)
      this.places[this.hash(base, at)] = at + 1;
  }

  /** Writes the changes that make `next` of the base. */
  write(next: Uint8Array, writer: ByteWriter): void {
    const { base } = this;
    writer.number(next.length);
    let at = 0;
    let writtenTo = 0;
    /** The place of the base that corresponds to `writtenTo`. */
    let follows = 0;
    while (at + HASHED_BYTES <= next.length) {
      let from = follows + at - writtenTo;
      let length = commonLength(base, from, next, at);
      if (length < COPY_ON_MIN) {
        from = this.places[this.hash(next, at)] - 1;
        length = from < 0 ? 0 : commonLength(base, from, next, at);
        if (length < COPY_MIN) {
          at++;
          continue;
        }
      }
      writer.part(next, writtenTo, at);
      writer.number(length);
      writer.near(from, follows + at - writtenTo);
      at += length;
      writtenTo = at;
      follows = from + length;
    }
    writer.part(next, writtenTo, next.length);
  }

  private hash(bytes: Uint8Array, at: number): number {
    const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    return Math.imul(word, HASH_FACTOR) >>> this.shift;
  }
}

/** How many bytes are the same from two places on. */
function commonLength(base: Uint8Array, from: number, next: Uint8Array, at: number): number {
  const most = Math.min(base.length - from, next.length - at);
  let length = 0;
  while (length < most && base[from + length] === next[at + length]) length++;
  return length;
}

/** The bytes that a `DeltaWriter` of this base was given. */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Uint8Array {
  const reader = new ByteReader(delta);
  const bytes = new Uint8Array(reader.number());
  let at = 0;
  let follows = 0;
  for (;;) {
    const between = reader.number();
    copyBytes(delta, reader.at, bytes, at, between);
    reader.at += between;
    at += between;
    follows += between;
    if (at === bytes.length) return bytes;
    const length = reader.number();
    const from = reader.near(follows);
    assert(length > 0 && from + length <= base.length, "a delta of another base");
    copyBytes(base, from, bytes, at, length);
    at += length;
    follows = from + length;
  }
}
