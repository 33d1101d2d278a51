import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/kernel/byte-columns.ts";
import { applyDelta, DeltaWriter } from "../../src/kernel/byte-delta.ts";

/** A thousand bytes without a pattern. */
const base = Uint8Array.from({ length: 1000 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24);

/** The changes that make one of the other. */
function deltaOf(from: Uint8Array, next: Uint8Array, writer = new DeltaWriter()): Uint8Array {
  const out = new ByteWriter();
  writer.begin(from);
  writer.write(next, out);
  return out.take();
}

describe("bytes told by others", () => {
  it("come back whatever both are", () => {
    const bytes = fc.uint8Array({ maxLength: 300, max: 5 });
    fc.assert(
      fc.property(bytes, fc.array(bytes, { minLength: 1, maxLength: 3 }), (from, all) => {
        const writer = new DeltaWriter();
        for (const next of all) expect(applyDelta(from, deltaOf(from, next, writer))).toEqual(next);
      }),
    );
  });

  it("take a few bytes for each place where they differ", () => {
    const changed = base.slice();
    for (const at of [0, 400, 999]) changed[at] ^= 1;
    const delta = deltaOf(base, changed);
    expect(delta.length).toBeLessThan(24);
    expect(applyDelta(base, delta)).toEqual(changed);
  });

  it("are found again where something was put in, taken out, or moved", () => {
    const moved = Uint8Array.from([
      ...base.subarray(600),
      ...[1, 2, 3],
      ...base.subarray(0, 200),
      ...base.subarray(210, 600),
    ]);
    const delta = deltaOf(base, moved);
    expect(delta.length).toBeLessThan(24);
    expect(applyDelta(base, delta)).toEqual(moved);
  });

  it("that have nothing in common take no more than themselves and a few", () => {
    const other = base.map((byte) => byte ^ 0xff);
    expect(deltaOf(base, other).length).toBeLessThan(other.length + 8);
  });
});
