// The full grammar of Python, by @lezer/python, which recovers from errors and marks where they are.
// Only this module imports it: see python-parser.ts.
import { parser } from "@lezer/python";
import type { PythonGrammar } from "./python-parser.ts";
import type { PythonTree } from "./python-tree.ts";

export const pythonGrammar: PythonGrammar = {
  parse(text) {
    const tree = parser.parse(text);
    let error: PythonTree["error"] = null;
    tree.iterate({
      enter: ({ type, from, to }) => {
        if (type.isError && (error === null || from < error.from)) error = { from, to };
      },
    });
    return { top: tree.topNode, error };
  },
};
