// What both databases do with a statement once it has its locks: run it on the row store, keep the
// transaction's state, and answer for what the store does not carry out.
// Simplification: a statement that is not carried out (GROUP BY, subqueries, CASE, WITH, EXPLAIN …, a join
// that would try more than a million pairs of rows), and one on a table that only the project's models know,
// is answered with as many rows as the scenario states, 0 when it states none.
import { commitChanges, rollBackTo, type Store, tableNamed } from "./row-store.ts";
import { executeStatement } from "./sql-change.ts";
import { type Dialect, driverError, noSuchTable, syntaxError } from "./sql-errors.ts";
import { type Execution, type Outcome, TooManyCombinations } from "./sql-execute.ts";
import type { SelectStatement, Statement, TableReference } from "./sql-statement.ts";
import type { Connection, Running, Transaction } from "./world.ts";

export const NO_ROWS = Object.freeze({
  kind: "rows" as const,
  rows: 0,
  data: Object.freeze([]) as readonly never[],
});

/** Whether a statement changes rows or tables. */
export function isWrite(statement: Statement): boolean {
  switch (statement.kind) {
    case "select":
      return statement.forUpdate !== "";
    case "begin":
    case "commit":
    case "rollback":
    case "savepoint":
    case "release":
    case "set":
    case "lockTable":
      return false;
    default:
      return true;
  }
}

export function isTransactional(statement: Statement): boolean {
  return ["begin", "commit", "rollback", "savepoint", "release", "set"].includes(statement.kind);
}

/** The tables a statement names. */
export function tablesOf(statement: Statement): readonly TableReference[] {
  if (statement.kind === "select") return (statement as SelectStatement).from;
  return "target" in statement ? [statement.target] : [];
}

/** Runs a statement on rows and tables. The caller holds its locks. */
export function perform(
  store: Store,
  connection: Connection,
  running: Running,
  dialect: Dialect,
): Outcome {
  const { parsed, options, sql } = running;
  if (parsed.kind === "empty") return NO_ROWS;
  if (parsed.kind === "syntax") return { kind: "error", error: syntaxError(parsed, dialect) };
  if (parsed.kind === "unsupported") return unsupported(store, running, parsed.tables, dialect);
  const { statement } = parsed;
  if (
    statesRows(running) &&
    namesUnknownTable(store, tablesOf(statement)) !== null &&
    statement.kind !== "createTable"
  ) {
    if (store.laidOut) return { kind: "rows", rows: options.rows ?? 0, data: [] };
  }
  const params = options.params ?? [];
  const { undo } = connection.transaction;
  const before = undo.length;
  const execution = { store, dialect, owner: connection.id, undo, sql, params };
  const outcome = outcomeOf(statement, execution) ?? { ...NO_ROWS, rows: options.rows ?? 0 };
  if (outcome.kind !== "rows") rollBackTo(store, undo, before);
  return outcome;
}

/** What the statement comes to, or null when its join is too large to be carried out. */
function outcomeOf(statement: Statement, execution: Execution): Outcome | null {
  try {
    return executeStatement(statement, execution);
  } catch (error) {
    if (error instanceof TooManyCombinations) return null;
    throw error;
  }
}

function statesRows({ options }: Running): boolean {
  return options.rows !== undefined || options.costNs !== undefined;
}

function namesUnknownTable(store: Store, tables: readonly TableReference[]): TableReference | null {
  return (
    tables.find(
      ({ table }) =>
        tableNamed(store, table) === null && !/^(sqlite_|pg_|information_schema)/i.test(table),
    ) ?? null
  );
}

function unsupported(
  store: Store,
  running: Running,
  tables: readonly TableReference[],
  dialect: Dialect,
): Outcome {
  const unknown = namesUnknownTable(store, tables);
  if (unknown !== null && !(store.laidOut && statesRows(running)))
    return { kind: "error", error: noSuchTable(unknown, running.sql, dialect) };
  return { kind: "rows", rows: running.options.rows ?? 0, data: [] };
}

/** BEGIN, COMMIT, ROLLBACK and savepoints, on the rows. Locks are the caller's. */
export function performTransactional(
  store: Store,
  transaction: Transaction,
  statement: Statement,
  dialect: Dialect,
): Outcome {
  switch (statement.kind) {
    case "begin":
      if (transaction.open && dialect === "sqlite")
        return operational("cannot start a transaction within a transaction");
      transaction.open = true;
      return NO_ROWS;
    case "commit":
      if (!transaction.open && dialect === "sqlite")
        return operational("cannot commit - no transaction is active");
      endTransaction(store, transaction, !transaction.aborted);
      return NO_ROWS;
    case "rollback":
      if (statement.savepoint !== null)
        return rollBackToSavepoint(store, transaction, statement.savepoint, dialect);
      if (!transaction.open && dialect === "sqlite")
        return operational("cannot rollback - no transaction is active");
      endTransaction(store, transaction, false);
      return NO_ROWS;
    case "savepoint":
      transaction.open = true;
      transaction.savepoints.push({ name: statement.savepoint, length: transaction.undo.length });
      return NO_ROWS;
    case "release":
      return releaseSavepoint(transaction, statement.savepoint, dialect);
    default:
      return NO_ROWS;
  }
}

function operational(message: string): Outcome {
  return { kind: "error", error: driverError("OperationalError", message) };
}

/** Ends a transaction one way or the other: its rows are everybody's, or as before. */
export function endTransaction(store: Store, transaction: Transaction, commit: boolean): void {
  if (commit) commitChanges(transaction.undo);
  else rollBackTo(store, transaction.undo, 0);
  transaction.open = false;
  transaction.aborted = false;
  transaction.hasRead = false;
  transaction.savepoints.length = 0;
  transaction.locks.length = 0;
}

function noSavepoint(name: string, dialect: Dialect): Outcome {
  if (dialect === "sqlite") return operational(`no such savepoint: ${name}`);
  return {
    kind: "error",
    error: driverError("InternalError", `savepoint "${name}" does not exist\n`, "3B001"),
  };
}

function rollBackToSavepoint(
  store: Store,
  transaction: Transaction,
  name: string,
  dialect: Dialect,
): Outcome {
  const at = transaction.savepoints.findLastIndex((savepoint) => savepoint.name === name);
  if (at < 0) return noSavepoint(name, dialect);
  rollBackTo(store, transaction.undo, transaction.savepoints[at].length);
  transaction.savepoints.length = at + 1;
  transaction.aborted = false;
  return NO_ROWS;
}

function releaseSavepoint(transaction: Transaction, name: string, dialect: Dialect): Outcome {
  const at = transaction.savepoints.findLastIndex((savepoint) => savepoint.name === name);
  if (at < 0) return noSavepoint(name, dialect);
  transaction.savepoints.length = at;
  return NO_ROWS;
}
