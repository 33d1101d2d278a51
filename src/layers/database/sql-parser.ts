// SQL text becomes statements. What the grammar here does not take is told apart: SQL of a kind that
// the row store leaves out, and text that is no SQL, which gets the program's own error.
// Simplification: SELECT of one level with joins; no GROUP BY, no subqueries, no CASE, no WITH.
import {
  accept,
  type Cursor,
  expect,
  fail,
  inParentheses,
  list,
  name,
  peek,
  SyntaxFailure,
  sees,
  seesName,
  take,
} from "./sql-cursor.ts";
import { definitionStatement } from "./sql-definition.ts";
import { expression } from "./sql-expression.ts";
import type {
  Expression,
  InsertStatement,
  OrderItem,
  ParsedSql,
  SelectItem,
  SelectStatement,
  Statement,
  TableReference,
} from "./sql-statement.ts";
import { type SqlToken, sqlTokens } from "./sql-tokens.ts";
import { isSessionStatement, sessionStatement } from "./sql-transaction.ts";

/** First words of SQL's statements. Source: SQLite lang.html and PostgreSQL 15, SQL Commands. */
const STATEMENT_WORDS = new Set(
  (
    "ALTER ANALYZE ATTACH BEGIN CALL CHECKPOINT CLUSTER COMMENT COMMIT COPY CREATE DEALLOCATE DECLARE DELETE DETACH " +
    "DISCARD DO DROP END EXECUTE EXPLAIN FETCH GRANT INSERT LISTEN LOCK MERGE MOVE NOTIFY PRAGMA PREPARE REFRESH " +
    "REINDEX RELEASE REPLACE RESET REVOKE ROLLBACK SAVEPOINT SELECT SET SHOW START TABLE TRUNCATE UNLISTEN UPDATE " +
    "VACUUM VALUES WITH"
  ).split(" "),
);
/** Words of SQL that the grammar here leaves out. */
const LEFT_OUT = new Set(
  "GROUP HAVING UNION INTERSECT EXCEPT CASE CAST EXISTS WITH OVER FILTER WINDOW LATERAL USING CONFLICT ANY ARRAY INTERVAL COLLATE NATURAL EXTRACT AT :: ~ & | << >>".split(
    " ",
  ),
);
/** Statements that change no row of a table that is kept: taken, whatever they say. */
const TAKEN_AS_THEY_ARE = new Set(
  "ANALYZE ATTACH CALL CHECKPOINT CLUSTER COMMENT COPY DEALLOCATE DECLARE DETACH DISCARD DO EXECUTE EXPLAIN FETCH GRANT LISTEN MERGE MOVE NOTIFY PRAGMA PREPARE REFRESH REINDEX REPLACE RESET REVOKE SHOW UNLISTEN VACUUM VALUES WITH".split(
    " ",
  ),
);

const TEXTS_KEPT = 4096;
const parsedTexts = new Map<string, ParsedSql>();

/** Parses one statement, once for each text; a semicolon may end it. Never throws. */
export function parseSql(sql: string): ParsedSql {
  const known = parsedTexts.get(sql);
  if (known !== undefined) return known;
  if (parsedTexts.size >= TEXTS_KEPT) parsedTexts.clear();
  const parsed = Object.freeze(parseTokens(sqlTokens(sql), sql));
  parsedTexts.set(sql, parsed);
  return parsed;
}

/** The statements of a script, each parsed by itself: semicolons part them. */
export function parseScript(sql: string): readonly ParsedSql[] {
  const script: ParsedSql[] = [];
  let start = 0;
  for (const token of sqlTokens(sql)) {
    if (token.keyword !== ";" && token.kind !== "end") continue;
    const parsed = parseSql(sql.slice(start, token.start).trim());
    if (parsed.kind !== "empty") script.push(parsed);
    start = token.end;
  }
  return script;
}

function parseTokens(tokens: readonly SqlToken[], text: string): ParsedSql {
  const first = tokens[0];
  if (first.kind === "end") return { kind: "empty", text };
  if (!STATEMENT_WORDS.has(first.keyword)) return syntaxError(first, text);
  if (TAKEN_AS_THEY_ARE.has(first.keyword))
    return { kind: "unsupported", verb: first.keyword, tables: [], text };
  const cursor: Cursor = { tokens, at: 0, parameters: 0, depth: 0 };
  try {
    const statement = statementAt(cursor);
    if (statement === null) return leftOut(tokens, text);
    accept(cursor, ";");
    return peek(cursor).kind === "end"
      ? { kind: "statement", statement, text }
      : refused(cursor, peek(cursor), text);
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure)) throw failure;
    return refused(cursor, failure.token, text);
  }
}

function refused(cursor: Cursor, token: SqlToken, text: string): ParsedSql {
  const { tokens } = cursor;
  const inner = tokens.some((one, i) => one.keyword === "SELECT" && i > 0);
  if (inner || tokens.some((one) => LEFT_OUT.has(one.keyword))) return leftOut(tokens, text);
  return syntaxError(token, text);
}

function leftOut(tokens: readonly SqlToken[], text: string): ParsedSql {
  return { kind: "unsupported", verb: tokens[0].keyword, tables: tablesNamed(tokens), text };
}

function syntaxError(token: SqlToken, text: string): ParsedSql {
  const near = token.kind === "end" ? "" : text.slice(token.start, token.end);
  return {
    kind: "syntax",
    near,
    offset: token.start,
    incomplete: token.kind === "end",
    badToken: token.kind === "bad",
    text,
  };
}

/** The tables that a statement names after FROM, JOIN, INTO and UPDATE. */
function tablesNamed(tokens: readonly SqlToken[]): readonly TableReference[] {
  return tokens.flatMap((token, i) => {
    const before = tokens[i - 1]?.keyword ?? "";
    if (
      !["FROM", "JOIN", "INTO", "UPDATE"].includes(before) ||
      (token.kind !== "name" && token.kind !== "word")
    )
      return [];
    return [{ table: token.text, alias: token.text, start: token.start, on: null, left: false }];
  });
}

function statementAt(cursor: Cursor): Statement | null {
  switch (peek(cursor).keyword) {
    case "SELECT":
      return select(cursor);
    case "INSERT":
      return insert(cursor);
    case "UPDATE":
      return update(cursor);
    case "DELETE":
      take(cursor);
      expect(cursor, "FROM");
      return {
        kind: "delete",
        target: tableReference(cursor),
        where: where(cursor),
        returning: returning(cursor),
      };
    default:
      return isSessionStatement(peek(cursor).keyword)
        ? sessionStatement(cursor)
        : definitionStatement(cursor);
  }
}

function select(cursor: Cursor): SelectStatement {
  expect(cursor, "SELECT");
  const distinct = accept(cursor, "DISTINCT");
  if (!distinct) accept(cursor, "ALL");
  const items = list(cursor, selectItem);
  const from = accept(cursor, "FROM") ? tables(cursor) : [];
  const condition = where(cursor);
  const orderBy = accept(cursor, "ORDER", "BY") ? list(cursor, orderItem) : [];
  const limit = accept(cursor, "LIMIT") ? expression(cursor) : null;
  const offset = accept(cursor, "OFFSET") ? expression(cursor) : null;
  return {
    kind: "select",
    distinct,
    items,
    from,
    where: condition,
    orderBy,
    limit,
    offset,
    forUpdate: rowLock(cursor),
  };
}

function rowLock(cursor: Cursor): SelectStatement["forUpdate"] {
  if (!accept(cursor, "FOR", "UPDATE") && !accept(cursor, "FOR", "NO", "KEY", "UPDATE")) return "";
  if (accept(cursor, "OF")) list(cursor, name);
  if (accept(cursor, "NOWAIT")) return "nowait";
  return accept(cursor, "SKIP", "LOCKED") ? "skip locked" : "wait";
}

function selectItem(cursor: Cursor): SelectItem {
  if (accept(cursor, "*")) return { expression: null, table: null, name: "*" };
  if (peek(cursor, 1).keyword === "." && peek(cursor, 2).keyword === "*") {
    const table = name(cursor);
    cursor.at += 2;
    return { expression: null, table, name: "*" };
  }
  const value = expression(cursor);
  const alias =
    accept(cursor, "AS") || (seesName(cursor) && !sees(cursor, "FOR")) ? name(cursor) : null;
  return { expression: value, table: null, name: alias ?? defaultName(value) };
}

function defaultName(value: Expression): string {
  if (value.kind === "column") return value.name;
  return value.kind === "call" ? value.name.toLowerCase() : "?column?";
}

const JOIN_WORDS = new Set([
  "JOIN",
  "INNER",
  "LEFT",
  "CROSS",
  "ON",
  "OUTER",
  "FOR",
  "SET",
  "RIGHT",
  "FULL",
]);

/** Reads a table's name and its alias, when it has one. */
export function tableReference(cursor: Cursor): TableReference {
  accept(cursor, "ONLY");
  let token = peek(cursor);
  let table = name(cursor);
  if (accept(cursor, ".")) {
    token = peek(cursor);
    table = name(cursor);
  }
  const aliased =
    accept(cursor, "AS") || (seesName(cursor) && !JOIN_WORDS.has(peek(cursor).keyword));
  return {
    table,
    alias: aliased ? name(cursor) : table,
    start: token.start,
    on: null,
    left: false,
  };
}

function tables(cursor: Cursor): TableReference[] {
  const found = [tableReference(cursor)];
  for (;;) {
    if (accept(cursor, ",") || accept(cursor, "CROSS", "JOIN")) {
      found.push(tableReference(cursor));
      continue;
    }
    const left = accept(cursor, "LEFT");
    if (left) accept(cursor, "OUTER");
    else accept(cursor, "INNER");
    if (!accept(cursor, "JOIN")) return left ? fail(cursor) : found;
    const table = tableReference(cursor);
    expect(cursor, "ON");
    found.push({ ...table, on: expression(cursor), left });
  }
}

function where(cursor: Cursor): Expression | null {
  return accept(cursor, "WHERE") ? expression(cursor) : null;
}

function orderItem(cursor: Cursor): OrderItem {
  const value = expression(cursor);
  const descending = accept(cursor, "DESC");
  if (!descending) accept(cursor, "ASC");
  if (accept(cursor, "NULLS")) take(cursor);
  return { expression: value, descending };
}

function returning(cursor: Cursor): readonly SelectItem[] {
  return accept(cursor, "RETURNING") ? list(cursor, selectItem) : [];
}

/** `INSERT INTO t (a, b) VALUES (…), (…)`, and `… SELECT x, y` without FROM, as Django writes for SQLite. */
function insert(cursor: Cursor): InsertStatement {
  expect(cursor, "INSERT", "INTO");
  const target = tableReference(cursor);
  const columns = sees(cursor, "(") ? inParentheses(cursor, (inner) => list(inner, name)) : [];
  const rows = insertedRows(cursor);
  return { kind: "insert", target, columns, rows, returning: returning(cursor) };
}

function insertedRows(cursor: Cursor): readonly (readonly Expression[])[] {
  if (accept(cursor, "DEFAULT", "VALUES")) return [[]];
  if (accept(cursor, "SELECT")) {
    const row = list(cursor, expression);
    return sees(cursor, "FROM") ? fail(cursor) : [row];
  }
  expect(cursor, "VALUES");
  return list(cursor, (one) => inParentheses(one, (inner) => list(inner, expression)));
}

function update(cursor: Cursor): Statement {
  expect(cursor, "UPDATE");
  const target = tableReference(cursor);
  expect(cursor, "SET");
  const set = list(cursor, (one) => {
    const column = name(one);
    expect(one, "=");
    return { column, value: expression(one) };
  });
  return { kind: "update", target, set, where: where(cursor), returning: returning(cursor) };
}
