// Files of the reader's own, changes as they are read, and marks on a text that was typed in since the run.
import { describe, expect, it } from "vitest";
import { diffLines } from "../../../src/text/line-diff.ts";
import { changeBlocks, putBack } from "../../../src/ui/files/changes.ts";
import {
  FILE_BYTES_MAX,
  isScenarioText,
  pathFor,
  readText,
} from "../../../src/ui/files/take-files.ts";
import { marksOf } from "../../../src/ui/files/text-marks.ts";
import type { EditedText } from "../../../src/ui/session/edits.ts";
import { fixtureJourney } from "../fixtures/journey.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a file of one's own", () => {
  it("is text, with the line ends of a server", () => {
    expect(readText("a.conf", bytes("a;\r\nb;\n"))).toEqual({ ok: true, text: "a;\nb;\n" });
  });

  it("is refused when it is too large or no text", () => {
    expect(readText("big.log", new Uint8Array(FILE_BYTES_MAX + 500_000))).toMatchObject({
      problem: "big.log has 2.5 MB; at most 2 MB are taken.",
    });
    expect(readText("logo.png", Uint8Array.of(0x89, 0x50, 0xff))).toMatchObject({
      problem: "logo.png is no text in UTF-8, so nothing was taken.",
    });
    expect(readText("core", bytes("a\0b"))).toMatchObject({ ok: false });
  });

  it("is a scenario when it has a format and a timeline", () => {
    expect(isScenarioText("mine.json", '{ "format": 2, "timeline": [] }')).toBe(true);
    expect(isScenarioText("package.json", '{ "name": "x" }')).toBe(false);
  });

  it("replaces the text of its name, or is put beside the one that is shown", () => {
    const text = (path: string) => ({ path }) as EditedText;
    const texts = [text("/etc/nginx/nginx.conf"), text("/srv/app/settings.py")];
    const place = (name: string) => pathFor(name, { texts, file: texts[0] });
    expect(place("nginx.conf")).toBe("/etc/nginx/nginx.conf");
    expect(place("settings.py")).toBe("/srv/app/settings.py");
    expect(place("mime.types")).toBe("/etc/nginx/mime.types");
    expect(pathFor("x.conf", { texts, file: text("command:1") })).toBe("/etc/x.conf");
  });
});

describe("a change as it is read", () => {
  const before = "a\nb\nc\nd\ne\n";
  const after = "a\nb\nC\nd\ne\n";

  it("has the lines around it", () => {
    const [{ lines }] = changeBlocks(before, after);
    expect(lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      ...["same a", "same b", "gone c", "new C", "same d", "same e"],
    ]);
  });

  it("is put back by itself", () => {
    const both = "A\nb\nC\nd\ne\n";
    const [, second] = diffLines(before, both);
    expect(putBack(before, both, second)).toBe("A\nb\nc\nd\ne\n");
  });
});

describe("the marks on a text", () => {
  const journey = fixtureJourney();
  const step = journey.steps.find(({ cause }) => cause?.file.endsWith("settings.py"));
  const run = journey.files.find(({ path }) => path === step?.cause?.file);

  it("stand where the lines of the run stand now", () => {
    if (step?.cause === undefined || run === undefined) throw new Error("no cause");
    const { line } = step.cause;
    const file: EditedText = { ...run, original: run.text, text: `# new\n${run.text}` };
    const marks = marksOf(file, journey, step);
    expect(marks.lit?.[0]).toBe(line + 1);
    expect(marks.deciding.has(line + 1)).toBe(true);
    expect([...marks.changed]).toEqual([1]);
  });
});
