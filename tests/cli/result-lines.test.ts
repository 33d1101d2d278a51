import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openResultLines } from "../../src/cli/result-lines.ts";

const folder = mkdtempSync(join(tmpdir(), "result-lines-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a file of results", () => {
  it("knows what was added to it before", () => {
    const path = join(folder, "new.jsonl");
    const lines = openResultLines(path);
    expect(lines.known).toEqual([]);
    lines.add({ seed: 1 });
    lines.add({ seed: 2 });
    expect(openResultLines(path).known).toEqual([{ seed: 1 }, { seed: 2 }]);
  });

  it("loses a line that was cut off, and not the one that comes after it", () => {
    const path = join(folder, "cut.jsonl");
    writeFileSync(path, '{"seed":1}\n{"se');
    openResultLines(path).add({ seed: 2 });
    expect(openResultLines(path).known).toEqual([{ seed: 1 }, { seed: 2 }]);
    expect(readFileSync(path, "utf8")).toBe('{"seed":1}\n{"se\n{"seed":2}\n');
  });
});
