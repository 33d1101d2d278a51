// The grammar of Python, by @lezer/python. Only this module imports it: see python-parser.ts.
import { parser } from "@lezer/python";
import type { PythonParser } from "./python-parser.ts";

export const pythonGrammar: PythonParser = parser;
