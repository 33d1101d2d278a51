// The full grammar of Python, by @lezer/python, which recovers from errors and marks where they are.
// Only this module imports it: see python-parser.ts.
import { parser } from "@lezer/python";
import type { PythonGrammar } from "./python-parser.ts";
import { BRACKETS_MAX, type PythonTree } from "./python-tree.ts";

const TOKENS =
  /#[^\n]*|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|[()[\]{}]/g;

/** Where brackets are nested more deeply than CPython takes, and than this grammar has stack for. */
function tooDeepAt(text: string): number | null {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if ("([{".includes(token) && ++depth > BRACKETS_MAX) return index;
    if (")]}".includes(token)) depth--;
  }
  return null;
}

export const pythonGrammar: PythonGrammar = {
  parse(text) {
    const end = tooDeepAt(text);
    const tree = parser.parse(end === null ? text : text.slice(0, end));
    let error: PythonTree["error"] = end === null ? null : { from: end, to: end + 1 };
    if (end === null)
      tree.iterate({
        enter: ({ type, from, to }) => {
          if (type.isError && (error === null || from < error.from)) error = { from, to };
        },
      });
    return { top: tree.topNode, error };
  },
};
