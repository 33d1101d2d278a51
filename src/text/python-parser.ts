// Python text to a syntax tree: by the small parser of plain Python, or by the full grammar where that
// gives up. The grammar is large and few scenarios need it, so it is not imported here but offered by
// whoever starts the engine. Both make the same tree (tests/text/plain-python.test.ts).
import { parsePlainPython } from "./plain-python.ts";
import type { PythonTree } from "./python-tree.ts";

export interface PythonGrammar {
  parse(text: string): PythonTree;
}

let offered: PythonGrammar | null = null;

/** Gives the engine the full grammar; the same one each time, so that runs stay equal. */
export function offerPythonGrammar(grammar: PythonGrammar): void {
  offered = grammar;
}

/** The tree of `text`. Fails when the text needs the full grammar and nobody offered it. */
export function pythonTree(text: string): PythonTree {
  const top = parsePlainPython(text);
  if (top !== null) return { top, error: null };
  if (offered === null) throw new Error("The grammar of Python was not loaded before the run.");
  return offered.parse(text);
}
