// Results as JSON lines in a file, one for each task that is done. A command that was broken off reads them
// when it is started again, and does only what is left.
import { appendFileSync, existsSync, readFileSync } from "node:fs";

export interface ResultLines {
  /** What stood in the file. A line that was cut off counts for nothing. */
  readonly known: readonly unknown[];
  add(line: unknown): void;
}

/**
 * Opens a file of results; without one nothing is known, and what is added goes nowhere. Throws when nothing can
 * be written there.
 */
export function openResultLines(path: string | null): ResultLines {
  if (path === null) return { known: [], add: () => {} };
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  // What comes next begins a line of its own, although the last one was cut off.
  appendFileSync(path, text !== "" && !text.endsWith("\n") ? "\n" : "");
  return {
    known: text.split("\n").flatMap(parsed),
    add: (line) => appendFileSync(path, `${JSON.stringify(line)}\n`),
  };
}

function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
