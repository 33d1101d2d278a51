import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader, ByteWriter } from "../../src/kernel/byte-columns.ts";
import { packState } from "../../src/kernel/pack-state.ts";
import { unpackState } from "../../src/kernel/unpack-state.ts";

function copied<T>(value: T): T {
  const writer = new ByteWriter();
  const references = packState(value, writer);
  return unpackState(new ByteReader(writer.take()), references) as T;
}

function bytesOf(value: unknown): number {
  const writer = new ByteWriter();
  packState(value, writer);
  return writer.length;
}

describe("packed state", () => {
  it("is made anew where it may change, and shared where it is frozen", () => {
    const config = Object.freeze({ name: "example.com" });
    const world = {
      config,
      connections: new Map([[1, { open: true, config }]]),
      ids: new Set([1]),
      column: Uint8Array.of(1, 2),
      shares: Float64Array.of(0.5),
    };
    const copy = copied(world);
    world.connections.get(1)!.open = false;
    world.ids.add(2);
    world.column[0] = 9;
    expect(copy.connections.get(1)?.open).toBe(true);
    expect([...copy.ids]).toEqual([1]);
    expect([...copy.column]).toEqual([1, 2]);
    expect([...copy.shares]).toEqual([0.5]);
    expect(copy.config).toBe(config);
    expect(copy.connections.get(1)?.config).toBe(config);
  });

  it("keeps cycles and shared parts", () => {
    const parent: { name: string; child?: unknown } = { name: "parent" };
    const child = { parent };
    parent.child = child;
    const copy = copied({ parent, child });
    expect(copy.child).toBe(copy.parent.child);
    expect(copy.child.parent).toBe(copy.parent);
  });

  it("says nothing of what an object shares with the last one of its shape", () => {
    const hub = { sent: 1 };
    const sides = (count: number) =>
      Array.from({ length: count }, (_, port) => ({ port, hub, link: Object.freeze({ ms: 40 }) }));
    const [first, ...others] = sides(9);
    const same = others.map((side) => ({ ...side, link: first.link }));
    for (const copy of copied([first, ...same])) expect(copy.link).toBe(first.link);
    const copies = copied(sides(9));
    for (const copy of copies) expect(copy.hub).toBe(copies[0].hub);
    // Its kind, its shape, which of its fields differ, and by how much its port does.
    expect(bytesOf([first, ...same]) - bytesOf([first])).toBe(8 * 4);
  });

  it("keeps every number to its last bit, and the order of keys", () => {
    const numbers = [0, -0, Number.NaN, 0.1, -1, Infinity, -Infinity, 2 ** 53, 1e300, 1.7e18 + 0.5];
    for (const [i, number] of copied(numbers).entries()) expect(number).toBe(numbers[i]);
    expect(Object.keys(copied({ b: 1, a: 2, 7: 3 }))).toEqual(["7", "b", "a"]);
  });

  it("is the same again for any plain data, with objects of one shape within each other", () => {
    const plain = { noNullPrototype: true };
    const data = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
        fc.record({ at: tie("any"), next: tie("any") }, plain),
        fc.record({ at: tie("any"), next: tie("any"), more: tie("any") }, plain),
        fc.array(tie("any"), { maxLength: 4 }),
        fc.array(fc.tuple(tie("any"), tie("any")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
        fc.constant(undefined),
      ),
    }));
    fc.assert(
      fc.property(data.any, (value) => {
        expect(copied(value)).toStrictEqual(value);
      }),
    );
  });

  it("is small where things resemble each other", () => {
    const connection = (id: number) => ({ id, openedAt: 5e9 + id * 1e6, mss: 1460, closed: false });
    const alone = bytesOf(connection(1));
    const hundred = bytesOf(Array.from({ length: 100 }, (_, i) => connection(i)));
    expect(hundred).toBeLessThan(alone + 100 * 10);
  });

  it("refuses functions and class instances, which a keyframe could not keep", () => {
    expect(() => copied({ f: () => 1 })).toThrow("a function is not state");
    expect(() => copied({ d: new Error("x") })).toThrow("a class instance is not state");
    expect(copied({ d: 1 })).toEqual({ d: 1 });
  });
});
