// Colouring: it loses no character, and knows the words of each language.
import { describe, expect, it } from "vitest";
import { highlightLine, type Language } from "../../../src/ui/widgets/highlight.ts";
import { fixtureFiles } from "../fixtures/files.ts";

const kinds = (line: string, language: Language): readonly string[] =>
  highlightLine(line, language)
    .filter(({ kind }) => kind !== "plain")
    .map(({ kind, text }) => `${kind} ${text}`);

describe("colouring", () => {
  it("loses no character of any file", () => {
    for (const { text, language } of fixtureFiles)
      for (const line of text.split("\n"))
        expect(
          highlightLine(line, language)
            .map((piece) => piece.text)
            .join(""),
        ).toBe(line);
  });

  it("knows nginx", () => {
    expect(kinds("    proxy_set_header Host $host;  # as asked", "nginx")).toEqual([
      "keyword proxy_set_header",
      "name $host",
      "comment # as asked",
    ]);
  });

  it("knows Python", () => {
    expect(kinds('    path("cart/", views.cart),  # 1', "python")).toEqual([
      "name path",
      'string "cart/"',
      "comment # 1",
    ]);
  });

  it("knows a command line", () => {
    expect(kinds("gunicorn app:app --workers 4", "shell")).toEqual([
      "name gunicorn",
      "keyword --workers",
      "number 4",
    ]);
  });

  it("knows SQL and HTTP", () => {
    expect(kinds("SELECT 1 FROM t", "sql")[0]).toBe("keyword SELECT");
    expect(kinds("Content-Type: text/html", "http")).toEqual(["name Content-Type"]);
  });

  it("shows a very long line plain", () => {
    expect(highlightLine("x ".repeat(2_000), "nginx")).toHaveLength(1);
  });
});
