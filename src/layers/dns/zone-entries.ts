// Cuts a zone file into entries: lines, joined where parentheses are open, without comments, as words
// with their places.

export interface ZoneWord {
  /** Without quotes. */
  readonly text: string;
  /** As written. */
  readonly raw: string;
}

export interface ZoneEntry {
  readonly words: readonly ZoneWord[];
  /** The entry began with a blank: the owner is the one before. */
  readonly startsBlank: boolean;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export interface ZoneEntries {
  readonly entries: readonly ZoneEntry[];
  /** The line where a parenthesis was opened that is never closed, or closed that was never opened. */
  readonly unbalancedLine: number | null;
}

const TOKEN = /[ \t\r]+|;[^\n]*|\n|[()]|(?:"(?:[^"\\\n]|\\.)*"?|\\.|[^\s;()"\\])+|\\/gs;

interface Cutting {
  readonly entries: ZoneEntry[];
  unbalancedLine: number | null;
  line: number;
  depth: number;
  openLine: number;
  words: ZoneWord[];
  first: { line: number; start: number; startsBlank: boolean };
  startsBlank: boolean;
  end: number;
}

/** All entries of a text that have words. Never throws. */
export function zoneEntries(text: string): ZoneEntries {
  const cutting: Cutting = {
    entries: [],
    unbalancedLine: null,
    line: 1,
    depth: 0,
    openLine: 0,
    words: [],
    first: { line: 1, start: 0, startsBlank: false },
    startsBlank: false,
    end: 0,
  };
  for (const match of text.matchAll(TOKEN)) takeToken(cutting, match[0], match.index);
  closeEntry(cutting);
  if (cutting.depth > 0) cutting.unbalancedLine ??= cutting.openLine;
  return { entries: cutting.entries, unbalancedLine: cutting.unbalancedLine };
}

function takeToken(cutting: Cutting, token: string, at: number): void {
  if (token === "\n") {
    cutting.line++;
    if (cutting.depth === 0) closeEntry(cutting);
  } else if (/^[ \t\r]/.test(token)) {
    const isLineStart = cutting.words.length === 0 && cutting.depth === 0;
    if (isLineStart) cutting.startsBlank = true;
  } else if (token === "(") {
    if (cutting.depth++ === 0) cutting.openLine = cutting.line;
  } else if (token === ")") closeParenthesis(cutting);
  else if (!token.startsWith(";")) takeWord(cutting, token, at);
}

function closeParenthesis(cutting: Cutting): void {
  if (cutting.depth > 0) cutting.depth--;
  else cutting.unbalancedLine ??= cutting.line;
}

function takeWord(cutting: Cutting, token: string, at: number): void {
  if (cutting.words.length === 0) {
    cutting.first = { line: cutting.line, start: at, startsBlank: cutting.startsBlank };
  }
  cutting.words.push({ text: token.replace(/^"(.*?)"?$/s, "$1"), raw: token });
  cutting.end = at + token.length;
}

function closeEntry(cutting: Cutting): void {
  const { words, first, end } = cutting;
  if (words.length > 0) cutting.entries.push({ words, ...first, end });
  cutting.words = [];
  cutting.startsBlank = false;
}
