// A place in the tokens of a statement, with what every rule of the grammar does there: look, take,
// expect. A token that no rule takes is thrown as a SyntaxFailure, which parseSql catches.
import { RESERVED_WORDS, type SqlToken } from "./sql-tokens.ts";

/** The grammar takes no token of this kind here. Never leaves the parser. */
export class SyntaxFailure extends Error {
  readonly token: SqlToken;
  constructor(token: SqlToken) {
    super("syntax error");
    this.token = token;
  }
}

/** Expressions may not be nested deeper. Source: SQLite's limit is 1000; less, to spare our stack. */
const DEPTH_MAX = 200;

export interface Cursor {
  readonly tokens: readonly SqlToken[];
  at: number;
  parameters: number;
  depth: number;
}

export function peek(cursor: Cursor, ahead = 0): SqlToken {
  return cursor.tokens[Math.min(cursor.at + ahead, cursor.tokens.length - 1)];
}

export function fail(cursor: Cursor): never {
  throw new SyntaxFailure(peek(cursor));
}

/** Whether the next tokens are these keywords. */
export function sees(cursor: Cursor, ...keywords: readonly string[]): boolean {
  return keywords.every((keyword, i) => peek(cursor, i).keyword === keyword);
}

/** Takes the keywords when they are next. */
export function accept(cursor: Cursor, ...keywords: readonly string[]): boolean {
  if (!sees(cursor, ...keywords)) return false;
  cursor.at += keywords.length;
  return true;
}

export function expect(cursor: Cursor, ...keywords: readonly string[]): void {
  for (const keyword of keywords) if (!accept(cursor, keyword)) fail(cursor);
}

export function take(cursor: Cursor): SqlToken {
  const token = peek(cursor);
  if (token.kind !== "end") cursor.at++;
  return token;
}

/** Whether a name may stand here: a quoted one, or a word that is not reserved. */
export function seesName(cursor: Cursor): boolean {
  const { kind, keyword } = peek(cursor);
  return kind === "name" || (kind === "word" && !RESERVED_WORDS.has(keyword));
}

export function name(cursor: Cursor): string {
  if (!seesName(cursor)) fail(cursor);
  const token = take(cursor);
  return token.text;
}

/** `a, b, c` */
export function list<T>(cursor: Cursor, item: (cursor: Cursor) => T): T[] {
  const items = [item(cursor)];
  while (accept(cursor, ",")) items.push(item(cursor));
  return items;
}

/** `( … )` */
export function inParentheses<T>(cursor: Cursor, inner: (cursor: Cursor) => T): T {
  expect(cursor, "(");
  if (++cursor.depth > DEPTH_MAX) fail(cursor);
  const value = inner(cursor);
  cursor.depth--;
  expect(cursor, ")");
  return value;
}

/** Skips to the parenthesis that closes the one just taken. */
export function skipParentheses(cursor: Cursor): void {
  for (let depth = 1; depth > 0; ) {
    const token = take(cursor);
    if (token.kind === "end") fail(cursor);
    if (token.keyword === "(") depth++;
    if (token.keyword === ")") depth--;
  }
}
