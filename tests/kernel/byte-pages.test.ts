// Rows of bytes in pages that serve again.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BytePages, PagedBytes } from "../../src/kernel/byte-pages.ts";

/** So many bytes, each by its place and a beginning. */
function bytesOf(length: number, first = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = first + i;
  return bytes;
}

function areEqual(some: Uint8Array, others: Uint8Array): boolean {
  return Buffer.compare(some, others) === 0;
}

describe("bytes in pages", () => {
  it("come back as they were appended, wherever a page ends", () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 6 });
    fc.assert(
      fc.property(lengths, (all) => {
        const row = new PagedBytes(new BytePages());
        const parts = all.map((length, i) => {
          row.append(bytesOf(length, i));
          return { from: row.length - length, to: row.length, bytes: bytesOf(length, i) };
        });
        for (const { from, to, bytes } of parts)
          expect(areEqual(row.read(from, to), bytes)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("close up where some between them are dropped, though they overlap their old place", () => {
    const row = new PagedBytes(new BytePages());
    row.append(bytesOf(3000));
    row.append(bytesOf(20_000, 7));
    row.move(3000, 23_000, 1000);
    row.cut(21_000);
    expect(areEqual(row.read(0, 1000), bytesOf(1000))).toBe(true);
    expect(areEqual(row.read(1000, 21_000), bytesOf(20_000, 7))).toBe(true);
  });

  it("of which nobody knows any more make room for others in the same memory", () => {
    const pages = new BytePages();
    const rows = [0, 1, 2].map((first) => {
      const row = new PagedBytes(pages);
      row.append(bytesOf(30_000, first));
      return row;
    });
    expect(pages.size).toBe(2 ** 20);
    for (let round = 0; round < 50; round++) {
      const [oldest] = rows.splice(0, 1);
      oldest.cut(0);
      oldest.append(bytesOf(30_000, round));
      rows.push(oldest);
    }
    expect(pages.size).toBe(2 ** 20);
    expect(areEqual(rows[2].read(0, 30_000), bytesOf(30_000, 49))).toBe(true);
    expect(areEqual(rows[1].read(0, 30_000), bytesOf(30_000, 48))).toBe(true);
  });
});
