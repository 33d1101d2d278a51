// Numbers as bytes: seven bits a byte, the smallest first, so that a small whole number takes one byte and a
// time in nanoseconds six. A number that lies near another one is written as the distance to it, exactly.
// What is written in an order is read in the same order.
import { assert } from "./assert.ts";

const MORE = 0x80;
const LOW_BITS = 0x7f;
const FOUR_BYTES = 2 ** 28;
/** The longest number takes eight bytes, and a ninth says what it is. */
const NUMBER_BYTES_MAX = 8;
/** Distances up to here, doubled for their sign, are exact. */
const DISTANCE_MAX = 2 ** 52;
/** How a number begins that is written by its distance: a double, a distance, or from SMALL on a small one. */
const DOUBLE = 0;
const DISTANCE = 1;
/** First bytes below are free for those who write other things than numbers. */
export const SMALL = 16;
const SMALL_MAX = 255 - SMALL;

/** So many bytes are copied one by one: a view for each such copy would cost more. */
const COPY_ONE_BY_ONE = 48;

export type NumberColumn = Float64Array | Int32Array | Uint16Array | Uint8Array;

export class ByteWriter {
  bytes = new Uint8Array(4096);
  length = 0;
  private view = new DataView(this.bytes.buffer);

  /** Makes room for so many bytes more. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  /** Room for bytes that are written later, all of them zero; returns where they are. */
  zeros(count: number): number {
    this.reserve(count);
    const at = this.length;
    for (let i = 0; i < count; i++) this.bytes[at + i] = 0;
    this.length = at + count;
    return at;
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** A whole number from 0 to 2^53. */
  number(value: number): void {
    this.reserve(NUMBER_BYTES_MAX);
    const { bytes } = this;
    let at = this.length;
    let rest = value;
    if (rest >= FOUR_BYTES) {
      let low = rest % FOUR_BYTES;
      rest = Math.floor(rest / FOUR_BYTES);
      for (let i = 0; i < 4; i++, low >>>= 7) bytes[at++] = (low & LOW_BITS) | MORE;
    }
    for (; rest > LOW_BITS; rest >>>= 7) bytes[at++] = (rest & LOW_BITS) | MORE;
    bytes[at++] = rest;
    this.length = at;
  }

  /** Any number, by its distance to the one that was expected where that is whole and exact. */
  near(value: number, expected: number): void {
    const distance = value - expected;
    if (
      Math.floor(distance) === distance &&
      distance < DISTANCE_MAX &&
      distance > -DISTANCE_MAX &&
      Object.is(expected + distance, value)
    ) {
      const doubled = distance >= 0 ? distance * 2 : -distance * 2 - 1;
      if (doubled <= SMALL_MAX) this.byte(SMALL + doubled);
      else {
        this.byte(DISTANCE);
        this.number(doubled);
      }
    } else {
      this.byte(DOUBLE);
      this.reserve(8);
      this.view.setFloat64(this.length, value);
      this.length += 8;
    }
  }

  raw(bytes: Uint8Array): void {
    this.part(bytes, 0, bytes.length);
  }

  /** The same for some of the bytes. */
  part(bytes: Uint8Array, from: number, to: number): void {
    this.number(to - from);
    this.append(bytes, from, to);
  }

  /** The same without their number, for who knows where they are. */
  append(bytes: Uint8Array, from: number, to: number): void {
    this.reserve(to - from);
    copyBytes(bytes, from, this.bytes, this.length, to - from);
    this.length += to - from;
  }

  /** The first so many numbers of a column, each by its distance from the one before. */
  column(values: NumberColumn | readonly number[], count: number): void {
    let before = 0;
    for (let i = 0; i < count; i++) {
      this.near(values[i], before);
      before = values[i];
    }
  }

  /** What was written, where it stands: it changes with what is written next from the beginning. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** What was written, cut to its length; the writer is empty again and may be used for the next. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}

export class ByteReader {
  readonly bytes: Uint8Array;
  at = 0;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.bytes[this.at++];
  }

  number(): number {
    const { bytes } = this;
    let byte = bytes[this.at++];
    let value = byte & LOW_BITS;
    for (let scale = 128; byte >= MORE; scale *= 128) {
      byte = bytes[this.at++];
      value += (byte & LOW_BITS) * scale;
    }
    return value;
  }

  near(expected: number): number {
    return this.begunNear(this.byte(), expected);
  }

  /** The same, whose first byte has been read. */
  begunNear(first: number, expected: number): number {
    if (first === DOUBLE) {
      this.at += 8;
      return this.view.getFloat64(this.at - 8);
    }
    const doubled = first === DISTANCE ? this.number() : first - SMALL;
    return expected + (doubled % 2 === 0 ? doubled / 2 : -(doubled + 1) / 2);
  }

  raw(): Uint8Array {
    const length = this.number();
    assert(this.at + length <= this.bytes.length, "bytes end too early");
    this.at += length;
    return this.bytes.slice(this.at - length, this.at);
  }

  column(target: NumberColumn | number[], count: number): void {
    let before = 0;
    for (let i = 0; i < count; i++) {
      before = this.near(before);
      target[i] = before;
    }
  }
}

/** Copies so many bytes from one place to another. There are always five numbers to say. */
export function copyBytes(
  source: Uint8Array,
  ...[from, target, at, count]: [number, Uint8Array, number, number]
): void {
  if (count > COPY_ONE_BY_ONE) target.set(source.subarray(from, from + count), at);
  else for (let i = 0; i < count; i++) target[at + i] = source[from + i];
}
