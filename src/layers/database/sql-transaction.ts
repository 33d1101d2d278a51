// The statements that concern the session and its transaction: BEGIN, COMMIT, ROLLBACK, SAVEPOINT,
// RELEASE, SET. Source: SQLite lang_transaction.html, lang_savepoint.html; PostgreSQL 15, SQL Commands.
import { accept, type Cursor, name, peek, take } from "./sql-cursor.ts";
import type { Statement } from "./sql-statement.ts";

const SESSION_WORDS = new Set([
  "BEGIN",
  "START",
  "COMMIT",
  "END",
  "ROLLBACK",
  "SAVEPOINT",
  "RELEASE",
  "SET",
]);

export function isSessionStatement(keyword: string): boolean {
  return SESSION_WORDS.has(keyword);
}

/** Reads the statement whose first word is next. */
export function sessionStatement(cursor: Cursor): Statement {
  const word = take(cursor).keyword;
  switch (word) {
    case "BEGIN":
    case "START":
      return begin(cursor);
    case "COMMIT":
    case "END":
      acceptNoise(cursor);
      return { kind: "commit" };
    case "ROLLBACK":
      acceptNoise(cursor);
      return { kind: "rollback", savepoint: accept(cursor, "TO") ? savepointName(cursor) : null };
    case "SET":
      return setting(cursor);
    default:
      return {
        kind: word === "RELEASE" ? "release" : "savepoint",
        savepoint: savepointName(cursor),
      };
  }
}

function acceptNoise(cursor: Cursor): void {
  if (!accept(cursor, "TRANSACTION")) accept(cursor, "WORK");
}

/** SQLite's modes; PostgreSQL's `ISOLATION LEVEL …` and the like are taken and not modelled. */
function begin(cursor: Cursor): Statement {
  const mode = accept(cursor, "EXCLUSIVE")
    ? "exclusive"
    : accept(cursor, "IMMEDIATE")
      ? "immediate"
      : "deferred";
  if (mode === "deferred") accept(cursor, "DEFERRED");
  acceptNoise(cursor);
  if (accept(cursor, "ISOLATION") || accept(cursor, "READ")) skipRest(cursor);
  return { kind: "begin", mode };
}

function savepointName(cursor: Cursor): string {
  if (peek(cursor).keyword === "SAVEPOINT") take(cursor);
  return name(cursor);
}

function setting(cursor: Cursor): Statement {
  const local = accept(cursor, "LOCAL");
  if (!local) accept(cursor, "SESSION");
  const setting = accept(cursor, "TRANSACTION")
    ? "transaction"
    : accept(cursor, "TIME")
      ? "timezone"
      : name(cursor);
  if (!accept(cursor, "=")) accept(cursor, "TO");
  const value = peek(cursor).text;
  skipRest(cursor);
  return { kind: "set", name: setting.toLowerCase(), value, local };
}

function skipRest(cursor: Cursor): void {
  while (peek(cursor).kind !== "end" && peek(cursor).keyword !== ";") take(cursor);
}
