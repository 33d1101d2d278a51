// The full grammar of Python, by @lezer/python, which recovers from errors and marks where they are.
// Only this module imports it: see python-parser.ts.
import { parser } from "@lezer/python";
import type { PythonGrammar } from "./python-parser.ts";
import { BRACKETS_MAX, type PythonTree } from "./python-tree.ts";

const OPENING = /^[([{]$/;
const CLOSING = /^[)\]}]$/;

export const pythonGrammar: PythonGrammar = {
  parse(text) {
    const tree = parser.parse(text);
    let error: PythonTree["error"] = null;
    let brackets = 0;
    tree.iterate({
      enter: ({ type, from, to }) => {
        if (OPENING.test(type.name)) brackets++;
        if (CLOSING.test(type.name)) brackets--;
        const isWrong = type.isError || brackets > BRACKETS_MAX;
        if (isWrong && (error === null || from < error.from)) error = { from, to };
      },
    });
    return { top: tree.topNode, error };
  },
};
