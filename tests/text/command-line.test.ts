import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitCommandLine } from "../../src/text/command-line.ts";
import { fromByteText, toByteText } from "../../src/text/utf8.ts";

const words = (line: string): string[] => splitCommandLine(line).map((word) => word.text);

describe("a command line", () => {
  it.each([
    [
      "gunicorn myproject.wsgi:application --bind 127.0.0.1:8000 --workers 4",
      ["gunicorn", "myproject.wsgi:application", "--bind", "127.0.0.1:8000", "--workers", "4"],
    ],
    [`env A='x y' cmd "a \\"b\\"" c\\ d`, ["env", "A=x y", "cmd", 'a "b"', "c d"]],
    ["gunicorn \\\n  --threads 2", ["gunicorn", "--threads", "2"]],
    ["echo 'never closed", ["echo", "never closed"]],
  ])("%s", (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it("tells where each word stands, so that a cause can point at it", () => {
    const line = "gunicorn --workers 4";
    const [, option] = splitCommandLine(line);
    expect(line.slice(option.start, option.end)).toBe("--workers");
  });

  it("never throws and never hangs", () => {
    fc.assert(fc.property(fc.string(), (line) => void splitCommandLine(line)));
  });
});

describe("bytes in texts", () => {
  it("go and come back as UTF-8", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        (text) => void expect(fromByteText(toByteText(text))).toBe(text),
      ),
    );
    expect(toByteText("é")).toBe("\xc3\xa9");
    expect(fromByteText("\xff\xfe")).toBeNull();
  });
});
