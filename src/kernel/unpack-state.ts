// State made anew from its bytes (pack-state.ts says how they are laid out). Every mutable thing is a new
// one, with its cycles and shared parts; what was frozen is shared with all who have it.
import type { ByteReader } from "./byte-columns.ts";
import { TAG, VIEWS } from "./pack-state.ts";
import { type Shape, shapeNumbered } from "./shapes.ts";

const NO_ITEMS: readonly unknown[] = [];

/** Reads a value that was packed, with what its bytes refer to. */
export function unpackState(reader: ByteReader, references: readonly unknown[]): unknown {
  const unpacker = new StateUnpacker(reader, references);
  const value = unpacker.value(0);
  unpacker.end();
  return value;
}

class StateUnpacker {
  private readonly reader: ByteReader;
  private readonly references: readonly unknown[];
  private readonly made: object[] = [];
  private readonly used: Shape[] = [];

  constructor(reader: ByteReader, references: readonly unknown[]) {
    this.reader = reader;
    this.references = references;
  }

  end(): void {
    for (const shape of this.used) shape.forget();
  }

  value(expected: unknown): unknown {
    const { reader } = this;
    const tag = reader.byte();
    switch (tag) {
      case TAG.object:
        return this.object();
      case TAG.array:
        return this.array();
      case TAG.reference:
        return this.references[reader.number()];
      case TAG.again:
        return this.made[this.made.length - reader.number()];
      case TAG.null:
        return null;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.map:
        return this.map();
      case TAG.set:
        return this.set();
      case TAG.view:
        return this.view();
      case TAG.undefined:
        return undefined;
      default:
        return reader.begunNear(tag, typeof expected === "number" ? expected : 0);
    }
  }

  private array(): unknown[] {
    // A copy of an empty one holds small numbers until something else is added, as a new one of the run does;
    // V8 would remember of a literal that other things were added to those made here before.
    const items = NO_ITEMS.slice();
    this.made.push(items);
    let item: unknown = 0;
    for (let left = this.reader.number(); left > 0; left--) {
      item = this.value(item);
      items.push(item);
    }
    return items;
  }

  private map(): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    this.made.push(map);
    let key: unknown = 0;
    let item: unknown = 0;
    for (let left = this.reader.number(); left > 0; left--) {
      key = this.value(key);
      item = this.value(item);
      map.set(key, item);
    }
    return map;
  }

  private set(): Set<unknown> {
    const items = new Set<unknown>();
    this.made.push(items);
    let item: unknown = 0;
    for (let left = this.reader.number(); left > 0; left--) {
      item = this.value(item);
      items.add(item);
    }
    return items;
  }

  private view(): ArrayBufferView {
    const kind = VIEWS[this.reader.byte()];
    const view = new kind(this.reader.raw().buffer as ArrayBuffer);
    this.made.push(view);
    return view;
  }

  private object(): Record<string, unknown> {
    const { reader } = this;
    const shape = shapeNumbered(reader.number());
    if (!shape.inUse) this.used.push(shape.begin());
    const { keys, last } = shape;
    const target = shape.blank();
    this.made.push(target);
    let bitsAt = reader.at;
    reader.at += (keys.length + 7) >> 3;
    let bits = 0;
    for (let i = 0; i < keys.length; i++) {
      if ((i & 7) === 0) bits = reader.bytes[bitsAt++];
      if ((bits & (1 << (i & 7))) !== 0) last[i] = this.value(last[i]);
      target[keys[i]] = last[i];
    }
    return target;
  }
}
