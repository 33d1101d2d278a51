// SQLite 3.40 inside the application's process: no server, a file, one writer at a time. Who finds the
// file locked tries again until the timeout, in SQLite's own rhythm, and so waits in no order.
// Simplification: the rollback journal only. A reader blocks no commit, and a commit no reader; what
// blocks readers is an EXCLUSIVE lock that another program holds.
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { MILLISECOND } from "../../kernel/time.ts";
import {
  ROW_NS,
  SQLITE_BUSY_DELAYS_MS,
  SQLITE_COMMIT_NS,
  SQLITE_OPEN_NS,
  SQLITE_STATEMENT_NS,
} from "./costs.ts";
import {
  endTransaction,
  isTransactional,
  isWrite,
  perform,
  performTransactional,
} from "./engine.ts";
import {
  connectedFacts,
  refusedFacts,
  resultFacts,
  sentFacts,
  stateFacts,
  waitFacts,
} from "./facts.ts";
import { NO_OWNER } from "./row-store.ts";
import {
  connectionOf,
  deliver,
  fireConnection,
  fireStatement,
  type Runtime,
  refuse,
} from "./runtime.ts";
import { driverError } from "./sql-errors.ts";
import type { Outcome } from "./sql-execute.ts";
import type { Statement } from "./sql-statement.ts";
import { fileOf, noteWritten, openSqlite, writeRefused } from "./sqlite-file.ts";
import type { Connection, Running } from "./world.ts";

/** Stages of a SQLite statement: its work is done, its commit is on the disk. */
const WORKED = 0;
const FLUSHED = 1;

const LOCKED: Outcome = Object.freeze({
  kind: "error",
  error: driverError("OperationalError", "database is locked"),
});

/** Opens the file: takes the time of a few system calls. */
export function connectSqlite(runtime: Runtime, connection: Connection): void {
  runtime.host.cpu.run(connection.pid, SQLITE_OPEN_NS, runtime.events.connect, connection.id, 0);
}

export function onSqliteOpened(runtime: Runtime, connection: Connection): void {
  const opened = openSqlite(runtime, connection.place, userOf(runtime, connection));
  if (typeof opened !== "number") {
    refuse(runtime, connection, opened, () => refusedFacts(connection, opened));
    return;
  }
  connection.store = opened;
  fireConnection(runtime, connection, "openFile", () => connectedFacts(runtime, connection));
  runtime.client?.connected(connection.slot, connection.id, null);
}

function userOf(runtime: Runtime, connection: Connection): string {
  return runtime.host.processes.get(connection.pid)?.user ?? "root";
}

/** Takes a statement: it runs in the caller's process, so nothing travels. */
export function executeSqlite(runtime: Runtime, connection: Connection, running: Running): void {
  fireConnection(runtime, connection, "receive", () => stateFacts(runtime, connection));
  fireStatement(runtime, running, "begin", () => sentFacts(runtime, connection, running));
  attempt(runtime, connection, running);
}

export function onSqliteTry(runtime: Runtime, id: number): void {
  const connection = connectionOf(runtime, id);
  if (connection?.running != null) attempt(runtime, connection, connection.running);
}

type LockState = "free" | "busy" | "deadlock";

function attempt(runtime: Runtime, connection: Connection, running: Running): void {
  const statement = running.parsed.kind === "statement" ? running.parsed.statement : null;
  const lock = statement === null ? "free" : lockFor(runtime, connection, statement);
  if (lock !== "free") {
    waitOrGiveUp(runtime, connection, running, lock);
    return;
  }
  if (running.tries > 0) {
    runtime.sim.endClock(running.entity, "SQLite's busy timeout", false);
    fireStatement(runtime, running, "getLock", () => waitFacts(runtime, connection, running));
  }
  const session = statement !== null && isTransactional(statement);
  running.outcome = session
    ? transactional(runtime, connection, statement)
    : work(runtime, connection, running, statement);
  const rows = running.outcome.kind === "rows" ? running.outcome.rows : 0;
  const cost = running.options.costNs ?? SQLITE_STATEMENT_NS + rows * ROW_NS;
  runtime.host.cpu.run(connection.pid, cost, runtime.events.sqliteStep, connection.id, WORKED);
}

/** Whether the locks that a statement needs can be had, and takes them. Source: SQLite lockingv3.html. */
function lockFor(runtime: Runtime, connection: Connection, statement: Statement): LockState {
  const file = fileOf(runtime, connection.store);
  const { transaction } = connection;
  const other = file.writer !== NO_OWNER && file.writer !== connection.id;
  const begins = statement.kind === "begin" && statement.mode !== "deferred";
  if (isWrite(statement) || begins) {
    // With SHARED in hand waiting could be for ever: btree.c, sqlite3BtreeBeginTrans, calls no busy handler.
    if (other) return transaction.hasRead ? "deadlock" : "busy";
    file.writer = connection.id;
    file.exclusive = statement.kind === "begin" && statement.mode === "exclusive";
    return "free";
  }
  if (statement.kind !== "select" || statement.from.length === 0) return "free";
  if (other && file.exclusive) return "busy";
  if (transaction.open) transaction.hasRead = true;
  return "free";
}

function waitOrGiveUp(
  runtime: Runtime,
  connection: Connection,
  running: Running,
  lock: LockState,
): void {
  const { sim } = runtime;
  if (running.tries === 0) {
    const { OPTIONS } = connection.settings;
    const hasOwnTimeout = (OPTIONS as Record<string, unknown> | undefined)?.timeout !== undefined;
    running.waitsSince = sim.now;
    running.waitsFor = fileOf(runtime, connection.store).writer;
    fireStatement(runtime, running, "waitForLock", () => waitFacts(runtime, connection, running));
    sim.setClock({
      ...{ entity: running.entity, name: "SQLite's busy timeout", handle: NO_EVENT },
      deadline: sim.now + connection.busyTimeoutNs,
      facts: {
        party: "database",
        waitsFor: "the lock on the file",
        otherwise: "SQLite says: database is locked",
        ...(hasOwnTimeout && connection.cause !== null
          ? { cause: connection.cause }
          : { setBy: "Python's sqlite3, which waits 5 s unless OPTIONS has a timeout" }),
      },
    });
  } else fireStatement(runtime, running, "tryAgain", () => ({ fine: true }));
  const delays = SQLITE_BUSY_DELAYS_MS;
  const wanted = delays[Math.min(running.tries++, delays.length - 1)] * MILLISECOND;
  const left = connection.busyTimeoutNs - (sim.now - running.waitsSince);
  if (left > 0 && lock === "busy") {
    sim.after(Math.min(wanted, left), runtime.events.sqliteTry, connection.id);
    return;
  }
  running.outcome = LOCKED;
  sim.endClock(running.entity, "SQLite's busy timeout", left <= 0);
  fireStatement(runtime, running, "cancel", () => ({ fine: true }));
  sim.after(0, runtime.events.sqliteStep, connection.id, FLUSHED);
}

function work(
  runtime: Runtime,
  connection: Connection,
  running: Running,
  statement: Statement | null,
): Outcome {
  const writes = statement !== null && isWrite(statement);
  const refused = writes
    ? writeRefused(runtime, connection.place, userOf(runtime, connection))
    : null;
  if (refused !== null) return { kind: "error", error: refused };
  return perform(fileOf(runtime, connection.store).store, connection, running, "sqlite");
}

function transactional(runtime: Runtime, connection: Connection, statement: Statement): Outcome {
  const { store } = fileOf(runtime, connection.store);
  const outcome = performTransactional(store, connection.transaction, statement, "sqlite");
  if (!connection.transaction.open) unlock(runtime, connection);
  return outcome;
}

function unlock(runtime: Runtime, connection: Connection): void {
  const file = fileOf(runtime, connection.store);
  if (file.writer !== connection.id) return;
  file.writer = NO_OWNER;
  file.exclusive = false;
  noteWritten(runtime, connection.place, connection.store);
}

/** The work is done: a change outside of a transaction, and a COMMIT, must reach the disk first. */
export function onSqliteStep(runtime: Runtime, id: number, stage: number): void {
  const connection = connectionOf(runtime, id);
  const running = connection?.running;
  if (connection === undefined || running == null) return;
  if (stage === WORKED) {
    fireStatement(runtime, running, "execute", () => ({ fine: true }));
    if (mustFlush(runtime, connection, running)) {
      runtime.sim.after(SQLITE_COMMIT_NS, runtime.events.sqliteStep, id, FLUSHED);
      return;
    }
  }
  answer(runtime, connection, running);
}

function mustFlush(runtime: Runtime, connection: Connection, running: Running): boolean {
  if (running.outcome?.kind !== "rows" || running.parsed.kind !== "statement") return false;
  const { statement } = running.parsed;
  if (statement.kind === "commit") return true;
  const isWriter = fileOf(runtime, connection.store).writer === connection.id;
  return isWrite(statement) && !connection.transaction.open && isWriter;
}

function answer(runtime: Runtime, connection: Connection, running: Running): void {
  const { transaction } = connection;
  const failed = running.outcome?.kind === "error";
  if (!transaction.open) {
    endTransaction(fileOf(runtime, connection.store).store, transaction, !failed);
    unlock(runtime, connection);
  }
  const facts = () => stateFacts(runtime, connection);
  fireStatement(runtime, running, failed ? "fail" : "return", () =>
    resultFacts(runtime, connection, running),
  );
  fireConnection(
    runtime,
    connection,
    transaction.open ? "completeInTransaction" : "complete",
    facts,
  );
  deliver(runtime, connection, running);
}

/** The file is closed, or its process is gone: what was not committed never was. */
export function releaseSqlite(runtime: Runtime, connection: Connection): void {
  if (connection.store === 0) return;
  endTransaction(fileOf(runtime, connection.store).store, connection.transaction, false);
  unlock(runtime, connection);
}
