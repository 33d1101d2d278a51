// The parser of Python that the engine uses. It is large and only scenarios with Python files need it,
// so it is not imported here but offered by whoever starts the engine, before the first run.
import type { Tree } from "@lezer/common";

export interface PythonParser {
  parse(text: string): Tree;
}

let offered: PythonParser | null = null;

/** Gives the engine its parser of Python; the same one each time, so that runs stay equal. */
export function offerPythonParser(parser: PythonParser): void {
  offered = parser;
}

/** The parser offered. Fails when a run reads Python although nobody offered one. */
export function pythonParser(): PythonParser {
  if (offered === null) throw new Error("The parser of Python was not loaded before the run.");
  return offered;
}
