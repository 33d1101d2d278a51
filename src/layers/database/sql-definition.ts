// The statements that make and change tables: CREATE TABLE, CREATE INDEX, ALTER TABLE, DROP TABLE,
// TRUNCATE and LOCK TABLE. Views, triggers and the rest of the family are not carried out.
import type { SqlValue } from "../database-client.ts";
import {
  accept,
  type Cursor,
  expect,
  inParentheses,
  name,
  peek,
  sees,
  seesName,
  skipParentheses,
  take,
} from "./sql-cursor.ts";
import type { ColumnDefinition, LockMode, Statement, TableReference } from "./sql-statement.ts";

/** Reads the statement whose first word is next; null when it is of a kind that is left out. */
export function definitionStatement(cursor: Cursor): Statement | null {
  const word = take(cursor).keyword;
  if (word === "CREATE") return create(cursor);
  if (word === "DROP") return drop(cursor);
  if (word === "ALTER") return alter(cursor);
  if (word === "TRUNCATE") {
    accept(cursor, "TABLE");
    return { kind: "truncate", target: target(cursor) };
  }
  return word === "LOCK" ? lock(cursor) : null;
}

function target(cursor: Cursor): TableReference {
  let token = peek(cursor);
  let table = name(cursor);
  if (accept(cursor, ".")) {
    token = peek(cursor);
    table = name(cursor);
  }
  return { table, alias: table, start: token.start, on: null, left: false };
}

function create(cursor: Cursor): Statement | null {
  if (!accept(cursor, "TEMP")) accept(cursor, "TEMPORARY");
  const unique = accept(cursor, "UNIQUE");
  if (accept(cursor, "INDEX")) return createIndex(cursor);
  if (unique || !accept(cursor, "TABLE")) return null;
  const ifNotExists = accept(cursor, "IF", "NOT", "EXISTS");
  const table = target(cursor);
  const columns: ColumnDefinition[] = [];
  const keys: string[][] = [];
  inParentheses(cursor, (inner) => {
    do {
      if (isConstraint(inner)) constraint(inner, keys);
      else columns.push(column(inner));
    } while (accept(inner, ","));
  });
  skipRest(cursor);
  return { kind: "createTable", target: table, columns, unique: keys, ifNotExists };
}

function createIndex(cursor: Cursor): Statement {
  accept(cursor, "CONCURRENTLY");
  accept(cursor, "IF", "NOT", "EXISTS");
  if (!sees(cursor, "ON")) name(cursor);
  expect(cursor, "ON");
  const table = target(cursor);
  skipRest(cursor);
  return { kind: "createIndex", target: table };
}

function isConstraint(cursor: Cursor): boolean {
  return ["CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"].includes(peek(cursor).keyword);
}

/** UNIQUE and PRIMARY KEY of the table are kept, foreign keys and checks are not looked at. */
function constraint(cursor: Cursor, keys: string[][]): void {
  if (accept(cursor, "CONSTRAINT")) name(cursor);
  if (accept(cursor, "UNIQUE") || accept(cursor, "PRIMARY", "KEY")) {
    keys.push(
      inParentheses(cursor, (inner) => {
        const names = [name(inner)];
        while (accept(inner, ",")) names.push(name(inner));
        return names;
      }),
    );
  }
  skipItem(cursor);
}

function column(cursor: Cursor): ColumnDefinition {
  const columnName = name(cursor);
  const type: string[] = [];
  while (seesName(cursor)) type.push(take(cursor).keyword);
  if (accept(cursor, "(")) skipParentheses(cursor);
  const definition = {
    name: columnName,
    type: type.join(" "),
    primaryKey: false,
    unique: false,
    notNull: false,
    defaultValue: null as SqlValue,
  };
  while (
    !sees(cursor, ",") &&
    !sees(cursor, ")") &&
    !sees(cursor, ";") &&
    peek(cursor).kind !== "end"
  ) {
    if (accept(cursor, "PRIMARY", "KEY")) definition.primaryKey = true;
    else if (accept(cursor, "UNIQUE")) definition.unique = true;
    else if (accept(cursor, "NOT", "NULL")) definition.notNull = true;
    else if (accept(cursor, "DEFAULT")) definition.defaultValue = defaultValue(cursor);
    else if (accept(cursor, "(")) skipParentheses(cursor);
    else take(cursor);
  }
  return definition;
}

function defaultValue(cursor: Cursor): SqlValue {
  const minus = accept(cursor, "-");
  const token = take(cursor);
  if (token.kind === "number") return minus ? -Number(token.text) : Number(token.text);
  if (token.keyword === "(") skipParentheses(cursor);
  if (token.kind === "string") return token.text;
  return token.keyword === "TRUE" ? 1 : token.keyword === "FALSE" ? 0 : null;
}

function drop(cursor: Cursor): Statement | null {
  if (!accept(cursor, "TABLE")) return null;
  const ifExists = accept(cursor, "IF", "EXISTS");
  const table = target(cursor);
  skipRest(cursor);
  return { kind: "dropTable", target: table, ifExists };
}

function alter(cursor: Cursor): Statement | null {
  if (!accept(cursor, "TABLE")) return null;
  accept(cursor, "IF", "EXISTS");
  accept(cursor, "ONLY");
  const table = target(cursor);
  if (accept(cursor, "ADD")) {
    if (!isConstraint(cursor)) {
      accept(cursor, "COLUMN");
      accept(cursor, "IF", "NOT", "EXISTS");
      return { kind: "addColumn", target: table, column: column(cursor) };
    }
  }
  skipRest(cursor);
  return { kind: "alterTable", target: table };
}

function lock(cursor: Cursor): Statement {
  accept(cursor, "TABLE");
  const table = target(cursor);
  const words: string[] = [];
  if (accept(cursor, "IN"))
    while (peek(cursor).kind === "word" && !sees(cursor, "MODE")) words.push(take(cursor).keyword);
  skipRest(cursor);
  return { kind: "lockTable", target: table, mode: lockMode(words.join(" ")) };
}

/** Simplification: of the eight modes of LOCK TABLE the three that are left out count as ACCESS EXCLUSIVE. */
function lockMode(words: string): LockMode {
  return words === "ACCESS SHARE" ||
    words === "ROW SHARE" ||
    words === "ROW EXCLUSIVE" ||
    words === "SHARE"
    ? words
    : "ACCESS EXCLUSIVE";
}

/** Skips the rest of one item between commas. */
function skipItem(cursor: Cursor): void {
  while (!sees(cursor, ",") && !sees(cursor, ")") && peek(cursor).kind !== "end") {
    if (take(cursor).keyword === "(") skipParentheses(cursor);
  }
}

function skipRest(cursor: Cursor): void {
  while (peek(cursor).kind !== "end" && !sees(cursor, ";")) take(cursor);
}
