import { describe, expect, it } from "vitest";
import { copyState } from "../../src/kernel/snapshot.ts";

describe("copyState", () => {
  it("copies what may change and shares what is frozen", () => {
    const config = Object.freeze({ name: "example.com" });
    const world = {
      config,
      connections: new Map([[1, { open: true, config }]]),
      ids: new Set([1]),
      column: Uint8Array.of(1, 2),
    };
    const copy = copyState(world);
    world.connections.get(1)!.open = false;
    world.ids.add(2);
    world.column[0] = 9;
    expect(copy.connections.get(1)?.open).toBe(true);
    expect([...copy.ids]).toEqual([1]);
    expect([...copy.column]).toEqual([1, 2]);
    expect(copy.config).toBe(config);
  });

  it("keeps cycles and shared parts", () => {
    const parent: { name: string; child?: unknown } = { name: "parent" };
    const child = { parent };
    parent.child = child;
    const copy = copyState({ parent, child });
    expect(copy.child).toBe(copy.parent.child);
    expect(copy.child.parent).toBe(copy.parent);
  });

  it("refuses functions and class instances, which a keyframe could not keep", () => {
    expect(() => copyState({ f: () => 1 })).toThrow("a function is not state");
    expect(() => copyState({ d: new Error("x") })).toThrow("a class instance is not state");
  });
});
