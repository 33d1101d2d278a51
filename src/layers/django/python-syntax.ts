// Python source to a syntax tree, and the SyntaxError that CPython 3.11 would
// raise for text that is none. Lezer recovers from errors; CPython stops at the first.

import type { Span } from "../../text/diagnostic.ts";
import { pythonTree } from "../../text/python-parser.ts";
import { BRACKETS_MAX, type PythonNode as SyntaxNode } from "../../text/python-tree.ts";

export interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly start: number;
}

export interface Source {
  readonly file: string;
  readonly text: string;
  readonly top: SyntaxNode;
  readonly problem: SyntaxProblem | null;
  /** Offsets of the first character of each line. */
  readonly lineStarts: readonly number[];
}

/** Longest Python file that is read; longer ones are cut, so that reading stays short. */
const CHARACTERS_MAX = 200_000;

/** Parses a file. Never throws. */
export function parsePython(file: string, whole: string): Source {
  const text = whole.length > CHARACTERS_MAX ? whole.slice(0, CHARACTERS_MAX) : whole;
  const lineStarts = [0];
  for (let i = 0; i < text.length; i++) if (text[i] === "\n") lineStarts.push(i + 1);
  const { top, error } = pythonTree(text);
  const problem = error === null ? null : problemAt(text, lineStarts, error.from);
  return { file, text, top, problem, lineStarts };
}

/** The line (from 1) that an offset is on. */
export function lineAt(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

export function spanOf(source: Source, node: SyntaxNode): Span {
  return {
    file: source.file,
    start: node.from,
    end: node.to,
    line: lineAt(source.lineStarts, node.from),
  };
}

function problemAt(text: string, lineStarts: readonly number[], at: number): SyntaxProblem {
  const bracket = scanTokens(text);
  const start = bracket?.start ?? at;
  const line = lineAt(lineStarts, start);
  if (bracket !== null) {
    const note =
      bracket.detected === null
        ? ""
        : ` (detected at line ${lineAt(lineStarts, bracket.detected)})`;
    return { message: bracket.message + note, line, start };
  }
  return { message: "invalid syntax", line, start };
}

interface TokenProblem {
  readonly message: string;
  readonly start: number;
  readonly detected: number | null;
}

const CLOSERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** What CPython's tokenizer says of brackets and quotes. Source: CPython 3.11, Parser/tokenizer.c. */
function scanTokens(text: string): TokenProblem | null {
  const open: { readonly bracket: string; readonly at: number }[] = [];
  for (let i = 0; i < text.length; i++) {
    const end = skipQuoted(text, i);
    if (end === null)
      return { message: unterminated(text, i), start: i, detected: lineEnd(text, i) };
    i = end;
    const character = text[i];
    if ("([{".includes(character)) {
      if (open.length === BRACKETS_MAX)
        return { message: "too many nested parentheses", start: i, detected: null };
      open.push({ bracket: character, at: i });
    } else if (character in CLOSERS) {
      const problem = closingProblem(character, open.pop()?.bracket);
      if (problem !== null) return { message: problem, start: i, detected: null };
    }
  }
  const left = open.at(-1);
  if (left === undefined) return null;
  return { message: `'${left.bracket}' was never closed`, start: left.at, detected: null };
}

/** Where a comment or string that begins at `i` ends; `i` itself for anything else, null for no end. */
function skipQuoted(text: string, i: number): number | null {
  if (text[i] === "'" || text[i] === '"') return endOfString(text, i);
  if (text[i] !== "#") return i;
  const end = text.indexOf("\n", i);
  return end < 0 ? text.length - 1 : end;
}

function closingProblem(character: string, opened: string | undefined): string | null {
  if (opened === undefined) return `unmatched '${character}'`;
  if (opened === CLOSERS[character]) return null;
  return `closing parenthesis '${character}' does not match opening parenthesis '${opened}'`;
}

function unterminated(text: string, at: number): string {
  const quote = text[at];
  const triple = text.startsWith(quote.repeat(3), at);
  return triple ? "unterminated triple-quoted string literal" : "unterminated string literal";
}

function lineEnd(text: string, at: number): number {
  const triple = text.startsWith(text[at].repeat(3), at);
  return triple ? text.length - 1 : at;
}

/** Index of the last quote of the string that starts at `at`, or null when it has no end. */
function endOfString(text: string, at: number): number | null {
  const quote = text[at];
  const close = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
  for (let i = at + close.length; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "\n" && close.length === 1) return null;
    else if (text.startsWith(close, i)) return i + close.length - 1;
  }
  return null;
}
