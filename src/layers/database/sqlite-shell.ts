// The program sqlite3 of an operator's shell: `sqlite3 FILE 'SQL'`, and one that stays open with a
// transaction, which keeps its locks. Source: SQLite 3.40 shell.c: list mode, columns parted by `|`.
// Simplification: no dot commands, no other output modes; it answers at once, without a process.
import { fromSeconds } from "../../kernel/time.ts";
import { isTransactional, isWrite } from "./engine.ts";
import { commitChanges, NO_OWNER, rollBackTo, type Undo } from "./row-store.ts";
import { type Runtime, worldOf } from "./runtime.ts";
import { executeStatement } from "./sql-change.ts";
import { type DriverError, syntaxError } from "./sql-errors.ts";
import { parseScript } from "./sql-parser.ts";
import type { ParsedSql, Statement } from "./sql-statement.ts";
import { fileOf, noteWritten, openSqlite } from "./sqlite-file.ts";
import { SHELL, type SqliteFile } from "./world.ts";

export interface ShellOutput {
  readonly exit: number;
  readonly output: readonly string[];
}

/** Runs a script; `holdSeconds` later the program ends, and what it had not committed is undone. */
export function runSqliteShell(
  runtime: Runtime,
  path: string,
  sql: string,
  holdSeconds: number,
): ShellOutput {
  const number = openSqlite(runtime, path, "root");
  if (typeof number !== "number")
    return { exit: 1, output: [`Error: unable to open database "${path}": ${number.message}`] };
  const file = fileOf(runtime, number);
  const session: Session = { file, undo: [], began: false };
  const output: string[] = [];
  for (const parsed of parseScript(sql)) {
    const result = runOne(session, parsed);
    if (!Array.isArray(result)) {
      const line = errorLine(result as DriverError);
      return finish(session, { exit: 1, output: [...output, line] });
    }
    output.push(...result);
  }
  noteWritten(runtime, path, number);
  if (!session.began || holdSeconds <= 0) return finish(session, { exit: 0, output });
  runtime.sim.after(fromSeconds(holdSeconds), runtime.events.shellEnds, number);
  return { exit: 0, output };
}

interface Session {
  readonly file: SqliteFile;
  readonly undo: Undo[];
  began: boolean;
}

/** Source: SQLite 3.40 shell.c, save_err_msg: the phase, the message, and the code when it is not 1. */
function errorLine(error: DriverError): string {
  if (error === BUSY) return `Error: stepping, ${error.message} (5)`;
  if (error.name === "IntegrityError") return `Error: stepping, ${error.message} (19)`;
  return `Error: in prepare, ${error.message}`;
}

const BUSY: DriverError = { name: "OperationalError", message: "database is locked", state: "" };

/** One statement: its lines of output, or its error. The shell waits for no lock. */
function runOne(session: Session, parsed: ParsedSql): string[] | DriverError {
  if (parsed.kind === "syntax") return syntaxError(parsed, "sqlite");
  if (parsed.kind !== "statement") return [];
  const { statement } = parsed;
  if (isLocked(session.file, statement)) return BUSY;
  return isTransactional(statement)
    ? runTransactional(session, statement)
    : runOnRows(session, statement, parsed.text);
}

const takesLock = (statement: Statement): boolean =>
  isWrite(statement) || (statement.kind === "begin" && statement.mode !== "deferred");

function isLocked(file: SqliteFile, statement: Statement): boolean {
  const other = file.writer !== NO_OWNER && file.writer !== SHELL;
  return other && (file.exclusive || takesLock(statement));
}

function runTransactional(session: Session, statement: Statement): string[] {
  const { file, undo } = session;
  if (statement.kind === "begin") {
    session.began = true;
    if (takesLock(statement)) file.writer = SHELL;
    file.exclusive = statement.mode === "exclusive";
  } else if (statement.kind === "commit" || statement.kind === "rollback") {
    if (statement.kind === "commit") commitChanges(undo);
    else rollBackTo(file.store, undo, 0);
    session.began = false;
    if (file.writer === SHELL) release(file);
  }
  return [];
}

function runOnRows(session: Session, statement: Statement, sql: string): string[] | DriverError {
  const { file, undo } = session;
  const execution = {
    store: file.store,
    dialect: "sqlite",
    owner: SHELL,
    undo,
    sql,
    params: [],
  } as const;
  const outcome = executeStatement(statement, execution);
  if (outcome.kind === "error") return outcome.error;
  if (outcome.kind === "blocked") return BUSY;
  if (session.began && isWrite(statement)) file.writer = SHELL;
  if (!session.began) commitChanges(undo);
  return outcome.data.map((row) =>
    Object.values(row)
      .map((value) => value ?? "")
      .join("|"),
  );
}

function finish(session: Session, result: ShellOutput): ShellOutput {
  rollBackTo(session.file.store, session.undo, 0);
  if (session.file.writer === SHELL) release(session.file);
  return result;
}

function release(file: SqliteFile): void {
  file.writer = NO_OWNER;
  file.exclusive = false;
}

/** The program that held the file ends: its input is over, so it closes, and its rows are as before. */
export function endShell(runtime: Runtime, number: number): void {
  const file = worldOf(runtime).files.get(number);
  if (file === undefined || file.writer !== SHELL) return;
  for (const table of file.store.tables.values()) {
    const held = table.rows.filter((slot) => slot.owner === SHELL);
    const undo: Undo[] = held.map((slot) => ({
      kind: "row",
      table,
      slot,
      pending: null,
      owner: NO_OWNER,
    }));
    rollBackTo(file.store, undo, 0);
  }
  release(file);
}
