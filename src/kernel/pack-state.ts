// State as bytes. A keyframe holds the world, which is plain data: objects, arrays, maps, sets and typed
// arrays, with cycles and shared parts. Frozen values (parsed configurations, message texts) and texts
// never change: they are kept beside the bytes, by reference. Objects of one shape resemble each other,
// so each says only what is different from the last one of its shape, and numbers by how much. That makes
// a keyframe a tenth as large as a copy.
import { assert } from "./assert.ts";
import type { ByteWriter } from "./byte-columns.ts";
import { NO_KEYS, type Shape } from "./shapes.ts";

/** What a value begins with that is no number; numbers take 0, 1 and from SMALL on (byte-columns.ts). */
export const TAG = {
  undefined: 2,
  null: 3,
  false: 4,
  true: 5,
  /** A frozen value or a text beside the bytes. */
  reference: 6,
  /** One that has been written, so many mutable things before. */
  again: 7,
  array: 8,
  map: 9,
  set: 10,
  view: 11,
  object: 12,
} as const;

/** Kinds of typed arrays, by the byte that names them. */
export const VIEWS = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
] as const;

/** Texts and frozen values beside the bytes, each with a number. Several packed states may share them. */
export class References {
  values: unknown[] = [];
  private readonly numbers = new Map<unknown, number>();

  /** A value's number, the next one where it is new. */
  numberOf(value: unknown): number {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    this.numbers.set(value, this.values.length);
    return this.values.push(value) - 1;
  }

  /** No values are added any more. */
  close(): void {
    this.numbers.clear();
  }
}

/** Writes a value, and returns what its bytes refer to. Throws on a class instance or a function: no state. */
export function packState(
  value: unknown,
  writer: ByteWriter,
  references = new References(),
): readonly unknown[] {
  const packer = new StatePacker(writer, references);
  try {
    packer.value(value, 0);
  } finally {
    packer.end();
  }
  return references.values;
}

class StatePacker {
  private readonly references: References;
  private readonly writer: ByteWriter;
  private readonly seen = new Map<object, number>();
  private readonly used: Shape[] = [];

  constructor(writer: ByteWriter, references: References) {
    this.writer = writer;
    this.references = references;
  }

  end(): void {
    for (const shape of this.used) shape.forget();
  }

  value(value: unknown, expected: unknown): void {
    switch (typeof value) {
      case "number":
        this.writer.near(value, typeof expected === "number" ? expected : 0);
        return;
      case "boolean":
        this.writer.byte(value ? TAG.true : TAG.false);
        return;
      case "undefined":
        this.writer.byte(TAG.undefined);
        return;
      case "object":
        if (value === null) this.writer.byte(TAG.null);
        else this.thing(value);
        return;
      case "function":
        assert(false, "a function is not state");
        return;
      default:
        this.reference(value);
    }
  }

  private reference(value: unknown): void {
    this.writer.byte(TAG.reference);
    this.writer.number(this.references.numberOf(value));
  }

  private thing(value: object): void {
    const { seen, writer } = this;
    const isView = ArrayBuffer.isView(value);
    if (!isView && Object.isFrozen(value)) {
      this.reference(value);
      return;
    }
    const before = seen.get(value);
    if (before !== undefined) {
      writer.byte(TAG.again);
      writer.number(seen.size - before);
      return;
    }
    seen.set(value, seen.size);
    if (Array.isArray(value)) this.array(value);
    else if (value instanceof Map) this.map(value);
    else if (value instanceof Set) this.set(value);
    else if (isView) this.view(value as ArrayBufferView);
    else this.object(value as Record<string, unknown>);
  }

  private array(items: readonly unknown[]): void {
    this.writer.byte(TAG.array);
    this.writer.number(items.length);
    let before: unknown = 0;
    for (const item of items) {
      this.value(item, before);
      before = item;
    }
  }

  private map(map: ReadonlyMap<unknown, unknown>): void {
    this.writer.byte(TAG.map);
    this.writer.number(map.size);
    let before: unknown = 0;
    let itemBefore: unknown = 0;
    for (const [key, item] of map) {
      this.value(key, before);
      this.value(item, itemBefore);
      before = key;
      itemBefore = item;
    }
  }

  private set(items: ReadonlySet<unknown>): void {
    this.writer.byte(TAG.set);
    this.writer.number(items.size);
    let before: unknown = 0;
    for (const item of items) {
      this.value(item, before);
      before = item;
    }
  }

  private view(view: ArrayBufferView): void {
    const kind = VIEWS.findIndex((known) => view instanceof known);
    assert(kind >= 0, "a kind of array that is not state");
    this.writer.byte(TAG.view);
    this.writer.byte(kind);
    this.writer.raw(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }

  /**
   * The shape, a bit for every key that has another value than in the last object, and those values. A thing
   * that both refer to is no other value: who reads has made it by then.
   */
  private object(source: Record<string, unknown>): void {
    const prototype = Object.getPrototypeOf(source);
    assert(prototype === Object.prototype || prototype === null, "a class instance is not state");
    const { writer } = this;
    let shape = NO_KEYS;
    for (const key in source) shape = shape.with(key);
    writer.byte(TAG.object);
    writer.number(shape.number);
    if (!shape.inUse) {
      this.used.push(shape.begin());
      shape.learn(source);
    }
    const { last, keys } = shape;
    const bitsAt = writer.zeros((keys.length + 7) >> 3);
    const values = Object.values(source);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      const expected = last[i];
      if (value === expected && (value !== 0 || Object.is(value, expected))) continue;
      writer.bytes[bitsAt + (i >> 3)] |= 1 << (i & 7);
      this.value(value, expected);
      last[i] = value;
    }
  }
}
