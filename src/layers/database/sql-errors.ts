// What the drivers raise, in the words of SQLite 3.40 and PostgreSQL 15. Names are those of the Python
// DB API; psycopg2's messages end in a newline as the server's do.
import type { SqlValue } from "../database-client.ts";
import type { ParsedSql, TableReference } from "./sql-statement.ts";

export type Dialect = "sqlite" | "postgresql";

export interface DriverError {
  readonly name: string;
  readonly message: string;
  /** PostgreSQL's SQLSTATE; "" for SQLite. */
  readonly state: string;
}

/** Ends a statement from within its evaluation. Never leaves the layer. */
export class StatementFailure extends Error {
  readonly error: DriverError;
  constructor(error: DriverError) {
    super(error.message);
    this.error = error;
  }
}

export function driverError(name: string, message: string, state = ""): DriverError {
  return { name, message, state };
}

/** PostgreSQL's `LINE 1: …` and the caret below the character meant. Source: libpq, reportErrorPosition. */
export function withPosition(message: string, sql: string, offset: number): string {
  const before = sql.slice(0, offset).split("\n");
  const line = sql.split("\n")[before.length - 1] ?? "";
  const label = `LINE ${before.length}: `;
  const column = before[before.length - 1].length;
  return `${message}\n${label}${line}\n${" ".repeat(label.length + column)}^\n`;
}

/** Source: SQLite parse.y, `%syntax_error`; tokenize.c; PostgreSQL scan.l, scanner_yyerror. */
export function syntaxError(
  parsed: Extract<ParsedSql, { kind: "syntax" }>,
  dialect: Dialect,
): DriverError {
  const { near, incomplete, badToken, text, offset } = parsed;
  if (dialect === "sqlite") {
    const message = badToken
      ? `unrecognized token: "${near}"`
      : incomplete
        ? "incomplete input"
        : `near "${near}": syntax error`;
    return driverError("OperationalError", message);
  }
  const place = incomplete ? "end of input" : `or near "${near}"`;
  return driverError(
    "ProgrammingError",
    withPosition(`syntax error at ${place}`, text, offset),
    "42601",
  );
}

export function noSuchTable(reference: TableReference, sql: string, dialect: Dialect): DriverError {
  const { table, start } = reference;
  if (dialect === "sqlite") return driverError("OperationalError", `no such table: ${table}`);
  return driverError(
    "ProgrammingError",
    withPosition(`relation "${table}" does not exist`, sql, start),
    "42P01",
  );
}

export function noSuchColumn(
  column: string,
  dialect: Dialect,
  at: { sql: string; start: number },
): DriverError {
  if (dialect === "sqlite") return driverError("OperationalError", `no such column: ${column}`);
  return driverError(
    "ProgrammingError",
    withPosition(`column "${column}" does not exist`, at.sql, at.start),
    "42703",
  );
}

export function noColumnInTable(table: string, column: string, dialect: Dialect): DriverError {
  if (dialect === "sqlite")
    return driverError("OperationalError", `table ${table} has no column named ${column}`);
  return driverError(
    "ProgrammingError",
    `column "${column}" of relation "${table}" does not exist\n`,
    "42703",
  );
}

export function notUnique(
  table: string,
  columns: readonly string[],
  values: readonly SqlValue[],
  dialect: Dialect,
): DriverError {
  if (dialect === "sqlite")
    return driverError(
      "IntegrityError",
      `UNIQUE constraint failed: ${columns.map((column) => `${table}.${column}`).join(", ")}`,
    );
  const constraint =
    columns.length === 1 && columns[0] === "id"
      ? `${table}_pkey`
      : `${table}_${columns.join("_")}_key`;
  const detail = `DETAIL:  Key (${columns.join(", ")})=(${values.join(", ")}) already exists.`;
  return driverError(
    "IntegrityError",
    `duplicate key value violates unique constraint "${constraint}"\n${detail}\n`,
    "23505",
  );
}

export function nullRefused(
  table: string,
  column: string,
  row: readonly SqlValue[],
  dialect: Dialect,
): DriverError {
  if (dialect === "sqlite")
    return driverError("IntegrityError", `NOT NULL constraint failed: ${table}.${column}`);
  const values = row.map((value) => value ?? "null").join(", ");
  const message = `null value in column "${column}" of relation "${table}" violates not-null constraint`;
  return driverError(
    "IntegrityError",
    `${message}\nDETAIL:  Failing row contains (${values}).\n`,
    "23502",
  );
}

export function tableExists(table: string, dialect: Dialect): DriverError {
  if (dialect === "sqlite") return driverError("OperationalError", `table ${table} already exists`);
  return driverError("ProgrammingError", `relation "${table}" already exists\n`, "42P07");
}

export function wrongCount(
  table: string,
  columns: number,
  values: number,
  dialect: Dialect,
): DriverError {
  if (dialect === "sqlite")
    return driverError(
      "OperationalError",
      `table ${table} has ${columns} columns but ${values} values were supplied`,
    );
  const more =
    values > columns
      ? "more expressions than target columns"
      : "more target columns than expressions";
  return driverError("ProgrammingError", `INSERT has ${more}\n`, "42601");
}
