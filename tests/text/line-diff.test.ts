// Where two texts differ, line by line.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines, type Hunk, linesOf, mapLine } from "../../src/text/line-diff.ts";

/** The new text, made from the old one and what is said to differ. */
function patch(before: string, after: string, hunks: readonly Hunk[]): readonly string[] {
  const lines = [...linesOf(before)];
  for (const { oldFrom, oldCount, newFrom, newCount } of [...hunks].reverse())
    lines.splice(
      oldFrom - 1,
      oldCount,
      ...linesOf(after).slice(newFrom - 1, newFrom - 1 + newCount),
    );
  return lines;
}

describe("the difference of two texts", () => {
  it("is nothing for the same text", () => {
    expect(diffLines("a\nb\n", "a\nb\n")).toEqual([]);
  });

  it("names a line that changed", () => {
    expect(diffLines("a\nb\nc\n", "a\nB\nc\n")).toEqual([
      { oldFrom: 2, oldCount: 1, newFrom: 2, newCount: 1 },
    ]);
  });

  it("names lines that came and lines that went", () => {
    expect(diffLines("a\nb\nc\nd\n", "a\nx\ny\nb\nd\n")).toEqual([
      { oldFrom: 2, oldCount: 0, newFrom: 2, newCount: 2 },
      { oldFrom: 3, oldCount: 1, newFrom: 5, newCount: 0 },
    ]);
  });

  it("does not take a missing last line break for a change of the last line", () => {
    expect(diffLines("a\nb\n", "a\nb")).toEqual([]);
  });

  it("makes the new text of the old one, whatever the two are", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const [before, after] = [left.join("\n"), right.join("\n")];
        expect(patch(before, after, diffLines(before, after))).toEqual(linesOf(after));
      }),
    );
  });

  it("tells two long texts without a common line apart as a whole", () => {
    const text = (word: string): string =>
      Array.from({ length: 2_000 }, (_, i) => `${word} ${i}`).join("\n");
    expect(diffLines(text("old"), text("new"))).toEqual([
      { oldFrom: 1, oldCount: 2_000, newFrom: 1, newCount: 2_000 },
    ]);
  });
});

describe("a line of the old text", () => {
  const hunks = diffLines("a\nb\nc\nd\n", "a\nx\ny\nb\nd\n");

  it("is found where it stands now", () => {
    expect([1, 2, 4].map((line) => mapLine(hunks, line))).toEqual([1, 4, 5]);
  });

  it("is nowhere once it went", () => {
    expect(mapLine(hunks, 3)).toBeNull();
  });
});
