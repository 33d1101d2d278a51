// The parser of plain Python: wherever it reads a text, its tree is that of the full grammar.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import { parsePlainPython } from "../../src/text/plain-python.ts";
import { pythonGrammar } from "../../src/text/python-grammar.ts";
import type { PythonNode } from "../../src/text/python-tree.ts";

/** A tree as text: a node a line, with its place. */
function shown(node: PythonNode, indent = ""): string {
  const lines = [`${indent}${node.name} ${node.from}-${node.to}`];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    lines.push(shown(child, `${indent}  `));
  return lines.join("\n");
}

const fullTree = (text: string): string => shown(pythonGrammar.parse(text).top);

function plainTree(text: string): string | null {
  const top = parsePlainPython(text);
  return top === null ? null : shown(top);
}

const RECORDINGS = fileURLToPath(new URL("../recordings/", import.meta.url));

type Files = Readonly<Record<string, unknown>>;

/** The Python files of the recordings and of the library. */
function pythonFiles(): readonly string[] {
  const scenarios: { readonly files?: Files }[] = library.map(({ scenario }) => scenario);
  for (const name of readdirSync(RECORDINGS, { recursive: true, encoding: "utf8" })) {
    if (!/[\\/].*\.json$/.test(name)) continue;
    const { scenario } = JSON.parse(readFileSync(join(RECORDINGS, name), "utf8"));
    if (scenario !== undefined) scenarios.push(scenario);
  }
  const texts = scenarios.flatMap(({ files = {} }) =>
    Object.entries(files).flatMap(([path, file]) => {
      const text = typeof file === "string" ? file : (file as { text?: string }).text;
      return path.endsWith(".py") && text !== undefined ? [text] : [];
    }),
  );
  return [...new Set(texts)];
}

const files = pythonFiles();

/** A small generator of its own, so that a failure can be repeated. */
function diceOf(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * sides);
  };
}

const PIECES = [
  ..."()[]{},:=.*+-@%~;\n#\\'",
  ...["**", "+=", "==", "not ", " and ", " or ", " in ", " is ", " if ", " else ", " for "],
  ...["\n    ", "#c\n", "'s'", '"s"', "f'{a}'", "r'\\d'", "x", "1", "1.5", "None", "lambda"],
  ...["return", "print ", "...", "a.b", "0", "as ", "from ", "import ", "pass", "else:", "b'x'"],
];

describe("plain Python", () => {
  it("is what nearly all files of the recordings and the library are", () => {
    const plain = files.filter((text) => plainTree(text) !== null);
    expect(files.length).toBeGreaterThan(100);
    expect(plain.length / files.length).toBeGreaterThan(0.95);
  });

  it("has the tree of the full grammar", () => {
    for (const text of files) expect(plainTree(text) ?? fullTree(text)).toBe(fullTree(text));
  });

  it("has it for parts of them with mistakes put in, or is not plain", () => {
    const roll = diceOf(7);
    let read = 0;
    for (let i = 0; i < 4000; i++) {
      const lines = files[roll(files.length)].split("\n");
      const first = roll(lines.length);
      let text = lines.slice(first, first + 1 + roll(8)).join("\n");
      for (let changes = roll(4); changes > 0; changes--) {
        const at = roll(text.length + 1);
        text = text.slice(0, at) + PIECES[roll(PIECES.length)] + text.slice(at + roll(3));
      }
      const tree = plainTree(text);
      if (tree === null) continue;
      read++;
      expect(tree, JSON.stringify(text)).toBe(fullTree(text));
    }
    expect(read).toBeGreaterThan(300);
  });

  it.each([
    ["an error", "x = (1"],
    ["a comprehension", "x = [i for i in y]"],
    ["a lambda", "x = lambda: 1"],
    ["an annotated result", "def f() -> int:\n    pass\n"],
    ["an f-string with a format", "x = f'{a:>3}'"],
    ["an escape", "x = 'a\\n'"],
    ["a tab", "if x:\n\tpass\n"],
    ["a match", "match x:\n    case 1: pass\n"],
  ])("is left to the full grammar at %s", (_, text) => {
    expect(parsePlainPython(text)).toBeNull();
  });
});
