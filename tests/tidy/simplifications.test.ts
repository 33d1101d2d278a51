import { expect, test } from "vitest";
import { listFiles, parseModule, readText } from "./modules.ts";
import {
  allSimplifications,
  MODEL_FILE,
  simplificationsOf,
  withSimplifications,
} from "./simplifications.ts";

test("docs/MODEL.md lists every simplification (else: npm run simplifications)", () => {
  const list = allSimplifications();
  const marks = listFiles("src").flatMap(
    (path) => readText(path).match(/\/\/.*Simplification:/g) ?? [],
  );
  expect(list.length).toBeGreaterThanOrEqual(marks.length);
  expect(readText(MODEL_FILE)).toBe(withSimplifications(readText(MODEL_FILE), list));
});

function found(text: string): readonly string[] {
  return simplificationsOf(parseModule("src/layers/tcp/a.ts", text)).map((item) => item.text);
}

test("a simplification goes on over the lines of its comment", () => {
  expect(
    found("// Simplification: no SACK;\n// a gap is filled by go-back-n.\nconst a = 1;"),
  ).toEqual(["no SACK; a gap is filled by go-back-n."]);
  expect(found("/**\n * Sends. Simplification: no Nagle.\n *\n * Source: RFC 896.\n */")).toEqual([
    "no Nagle.",
  ]);
  expect(found("// Simplification: one.\n// Simplification: two.\n// Source: RFC 9293.")).toEqual([
    "one.",
    "two.",
  ]);
  expect(found("const a = 1; // Simplification: always one.\n// Another comment.")).toEqual([
    "always one.",
  ]);
});

test("the list replaces what stood between the markers and nothing else", () => {
  const item = { path: "src/layers/tcp/a.ts", text: "no SACK." };
  const model = withSimplifications("# Model\n\nBefore.\n", [item]);
  expect(model).toContain("# Model\n\nBefore.");
  expect(model).toContain("### tcp\n\n- no SACK. (`src/layers/tcp/a.ts`)");
  expect(withSimplifications(model, [item])).toBe(model);
  expect(withSimplifications(model, [])).not.toContain("no SACK");
});
