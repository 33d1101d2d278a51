// A statement's way through a backend of PostgreSQL: it arrives half a round trip after it was sent, is
// parsed and planned, takes its locks or waits for them, is executed on a core, and its result is
// half a round trip later with the client. Outside of BEGIN … COMMIT each is its own transaction.
// Simplification: a result crosses in half a round trip whatever its size.

import { toMs } from "../../kernel/time.ts";
import { COMMIT_FLUSH_NS, EXECUTE_NS, PLAN_NS, ROW_NS, UTILITY_NS } from "./costs.ts";
import {
  endTransaction,
  isTransactional,
  isWrite,
  perform,
  performTransactional,
} from "./engine.ts";
import { resultFacts, sentFacts, stateFacts, waitFacts } from "./facts.ts";
import { cross } from "./link.ts";
import { endBackend } from "./postgres-ending.ts";
import {
  ABORTED,
  ALREADY_CLOSED,
  couldNotLock,
  deadlock,
  IDLE_IN_TRANSACTION,
  lockTimeout,
  STATEMENT_TIMEOUT,
} from "./postgres-errors.ts";
import { deadlockCircle, takeTableLocks } from "./postgres-locks.ts";
import {
  limitPlace,
  serverOf,
  serverSettings,
  serverWork,
  setLimit,
  storeOf,
} from "./postgres-server.ts";
import { rollBackTo } from "./row-store.ts";
import {
  connectionOf,
  deliver,
  fireConnection,
  fireStatement,
  logPostgres,
  type Runtime,
  stopTimers,
} from "./runtime.ts";
import type { DriverError } from "./sql-errors.ts";
import type { Outcome } from "./sql-execute.ts";
import type { Statement } from "./sql-statement.ts";
import type { Connection, Running } from "./world.ts";

export function executePostgres(runtime: Runtime, connection: Connection, running: Running): void {
  const { arrive: event } = runtime.events;
  cross(runtime, connection, { leg: "ask", trips: 1 / 2, event, value: running.serial });
}

const statementOf = (running: Running): Statement | null =>
  running.parsed.kind === "statement" ? running.parsed.statement : null;

/** The Query message is there: the backend wakes up and parses. */
export function onArrive(runtime: Runtime, connection: Connection, running: Running): void {
  const { sim, events } = runtime;
  if (connection.broken !== null) {
    fail(runtime, connection, running, connection.broken);
    return;
  }
  sim.cancel(connection.idleTimer);
  fireConnection(runtime, connection, "receive", () => stateFacts(runtime, connection));
  fireStatement(runtime, running, "begin", () => sentFacts(runtime, connection, running));
  const { statementTimeoutNs } = connection.limits;
  if (statementTimeoutNs > 0)
    startClock(runtime, connection, running, {
      ...{ name: "statement_timeout", ns: statementTimeoutNs, event: events.statementTimeout },
      ...{ waitsFor: "the statement to end", otherwise: "PostgreSQL cancels the statement" },
    });
  const statement = statementOf(running);
  const utility = statement !== null && isTransactional(statement);
  serverWork(runtime, connection, utility ? UTILITY_NS : PLAN_NS, events.planned);
}

/** The client hears that its connection is gone; psycopg2 closes its end. */
function fail(
  runtime: Runtime,
  connection: Connection,
  running: Running,
  error: DriverError,
): void {
  running.outcome = { kind: "error", error };
  connection.broken = ALREADY_CLOSED;
  fireStatement(runtime, running, "fail", () => resultFacts(runtime, connection, running));
  deliver(runtime, connection, running);
}

export function onPlanned(runtime: Runtime, connection: Connection, running: Running): void {
  if (running.outcome !== null) return;
  if (!attempt(runtime, connection, running)) enqueue(runtime, connection, running);
}

/** Tries to take the locks and to run; false when somebody is in the way. */
function attempt(runtime: Runtime, connection: Connection, running: Running): boolean {
  const outcome = outcomeOf(runtime, connection, running);
  if (outcome.kind === "blocked") {
    running.waitsFor = outcome.by;
    running.row = outcome.row;
    const impatient = impatience(running);
    if (impatient === "wait") return false;
    running.outcome =
      impatient === "skip locked"
        ? { kind: "rows", rows: 0, data: [] }
        : { kind: "error", error: couldNotLock(outcome.table, outcome.row > 0) };
  } else running.outcome = outcome;
  running.waitsFor = 0;
  serverWork(runtime, connection, executionNs(connection, running), runtime.events.executed);
  return true;
}

/** Simplification: SKIP LOCKED returns no row at all when one of them is locked. */
function impatience(running: Running): "wait" | "nowait" | "skip locked" {
  const statement = statementOf(running);
  return statement?.kind === "select" && statement.forUpdate !== "" ? statement.forUpdate : "wait";
}

function outcomeOf(runtime: Runtime, connection: Connection, running: Running): Outcome {
  const { transaction } = connection;
  const store = storeOf(runtime, connection);
  const statement = statementOf(running);
  const ends = statement?.kind === "commit" || statement?.kind === "rollback";
  if (transaction.aborted && !ends) return { kind: "error", error: ABORTED };
  if (statement?.kind === "set") applySetting(connection, statement);
  // COMMIT and ROLLBACK take effect when their work is done: rows and locks are held until then.
  if (ends) return { kind: "rows", rows: 0, data: [] };
  if (statement !== null && isTransactional(statement))
    return performTransactional(store, transaction, statement, "postgresql");
  const refused = statement === null ? null : takeTableLocks(runtime, connection, statement);
  if (refused !== null) {
    running.wants = { table: refused.table, mode: refused.mode };
    return { kind: "blocked", by: refused.by, table: refused.table, row: 0 };
  }
  running.wants = null;
  return perform(store, connection, running, "postgresql");
}

function applySetting(
  connection: Connection,
  statement: Extract<Statement, { kind: "set" }>,
): void {
  if (statement.local) connection.coveredLimits ??= { ...connection.limits };
  setLimit(connection.limits, statement.name, statement.value);
}

function executionNs(connection: Connection, running: Running): number {
  const statement = statementOf(running);
  const { outcome, options } = running;
  if (outcome?.kind !== "rows") return UTILITY_NS;
  const changed = connection.transaction.undo.length > 0;
  if (statement !== null && isTransactional(statement))
    return statement.kind === "commit" && changed ? COMMIT_FLUSH_NS : UTILITY_NS;
  const flush =
    changed && statement !== null && isWrite(statement) && !connection.transaction.open
      ? COMMIT_FLUSH_NS
      : 0;
  return (options.costNs ?? EXECUTE_NS + outcome.rows * ROW_NS) + pgSleepNs(running) + flush;
}

/** Simplification: pg_sleep() uses the processor while it sleeps. */
function pgSleepNs(running: Running): number {
  const seconds = /\bpg_sleep\s*\(\s*(\d+(?:\.\d+)?)\s*\)/i.exec(running.sql)?.[1];
  return seconds === undefined ? 0 : Math.round(Number(seconds) * 1e9);
}

function enqueue(runtime: Runtime, connection: Connection, running: Running): void {
  const { sim, events } = runtime;
  running.waitsSince = sim.now;
  running.tries = 1;
  serverOf(runtime, connection).waiting.push(connection.id);
  fireStatement(runtime, running, "waitForLock", () => waitFacts(runtime, connection, running));
  const { lockTimeoutNs } = connection.limits;
  if (lockTimeoutNs > 0)
    startClock(runtime, connection, running, {
      ...{ name: "lock_timeout", ns: lockTimeoutNs, event: events.lockTimeout },
      ...{ waitsFor: "the lock", otherwise: "PostgreSQL cancels the statement" },
    });
  startClock(runtime, connection, running, {
    ...{ name: "deadlock_timeout", ns: serverSettings(runtime).deadlockTimeoutNs },
    ...{ event: events.deadlockCheck, waitsFor: "the lock" },
    otherwise: "PostgreSQL looks for a deadlock, and goes on waiting if there is none",
  });
}

interface StatementClock {
  readonly name: string;
  readonly ns: number;
  readonly event: number;
  readonly waitsFor: string;
  readonly otherwise: string;
}

/** A timer of the statement; all of them end with it. */
function startClock(
  runtime: Runtime,
  connection: Connection,
  running: Running,
  { name, ns, event, waitsFor, otherwise }: StatementClock,
): void {
  const { sim } = runtime;
  const handle = sim.after(ns, event, connection.id, running.serial);
  running.timers.push(handle);
  const { entity } = running;
  if (sim.recording(entity))
    sim.setClock({
      ...{ entity, name, deadline: sim.now + ns, handle },
      facts: { party: "database", waitsFor, otherwise, ...limitPlace(runtime, connection, name) },
    });
}

/** A transaction has ended: those who wait try again, in the order in which they came. */
export function wakeWaiting(runtime: Runtime, connection: Connection): void {
  const server = serverOf(runtime, connection);
  for (const id of [...server.waiting]) {
    const other = connectionOf(runtime, id);
    const running = other?.running;
    if (other === undefined || running == null || !attempt(runtime, other, running)) continue;
    server.waiting.splice(server.waiting.indexOf(id), 1);
    fireStatement(runtime, running, "getLock", () => waitFacts(runtime, other, running));
  }
}

export function onLockTimeout(runtime: Runtime, connection: Connection, running: Running): void {
  if (running.waitsFor !== 0)
    cancelStatement(
      runtime,
      connection,
      running,
      lockTimeout(running.wants?.table ?? tableWaited(running), running.row),
    );
}

function tableWaited(running: Running): string {
  const statement = statementOf(running);
  return statement !== null && "target" in statement
    ? statement.target.table
    : statement?.kind === "select"
      ? (statement.from[0]?.table ?? "")
      : "";
}

export function onStatementTimeout(
  runtime: Runtime,
  connection: Connection,
  running: Running,
): void {
  const { host, events } = runtime;
  for (const kind of [events.planned, events.executed])
    host.cpu.cancel(connection.backend, kind, connection.id);
  cancelStatement(runtime, connection, running, STATEMENT_TIMEOUT);
}

/** After deadlock_timeout of waiting the backend looks for a circle; it is the victim of the one it finds. */
export function onDeadlockCheck(runtime: Runtime, connection: Connection, running: Running): void {
  if (running.waitsFor === 0) return;
  const circle = deadlockCircle(runtime, connection);
  if (circle.length > 0)
    cancelStatement(
      runtime,
      connection,
      running,
      deadlock(circle, tableWaited(running), running.row),
    );
}

function cancelStatement(
  runtime: Runtime,
  connection: Connection,
  running: Running,
  error: DriverError,
): void {
  const server = serverOf(runtime, connection);
  server.waiting = server.waiting.filter((id) => id !== connection.id);
  running.waitsFor = 0;
  running.wants = null;
  running.outcome = { kind: "error", error };
  fireStatement(runtime, running, "cancel", () => ({ fine: true }));
  settle(runtime, connection, running);
}

export function onExecuted(runtime: Runtime, connection: Connection, running: Running): void {
  if (running.outcome === null || !runtime.sim.is(runtime.statements, running.entity, "executing"))
    return;
  fireStatement(runtime, running, "execute", () => ({ fine: true }));
  settle(runtime, connection, running);
}

/** The server is done with the statement: its transaction ends with it, goes on, or is aborted. */
function settle(runtime: Runtime, connection: Connection, running: Running): void {
  const { transaction } = connection;
  stopTimers(runtime, running);
  const failed = running.outcome?.kind === "error";
  if (running.outcome?.kind === "error")
    logPostgres(runtime, connection, `ERROR:  ${running.outcome.error.message.split("\n")[0]}`);
  logDuration(runtime, connection, running);
  const statement = statementOf(running);
  if (statement?.kind === "rollback" && statement.savepoint !== null) {
    const outcome = performTransactional(
      storeOf(runtime, connection),
      transaction,
      statement,
      "postgresql",
    );
    running.outcome = outcome;
  } else if (!transaction.open || statement?.kind === "commit" || statement?.kind === "rollback") {
    finishTransaction(
      runtime,
      connection,
      !failed && !transaction.aborted && statement?.kind !== "rollback",
    );
  } else if (failed) abort(runtime, connection);
  const next = transaction.aborted
    ? "abortTransaction"
    : transaction.open
      ? "completeInTransaction"
      : "complete";
  fireConnection(runtime, connection, next, () => ({
    ...stateFacts(runtime, connection),
    fine: true,
  }));
  const { reply: event } = runtime.events;
  cross(runtime, connection, { leg: "answer", trips: 1 / 2, event, value: running.serial });
  wakeWaiting(runtime, connection);
}

/** An error undoes the innermost savepoint's work, or the transaction's, and frees its locks at once. */
function abort(runtime: Runtime, connection: Connection): void {
  const { transaction } = connection;
  const savepoint = transaction.savepoints.at(-1);
  transaction.aborted = true;
  rollBackTo(storeOf(runtime, connection), transaction.undo, savepoint?.length ?? 0);
  if (savepoint === undefined) transaction.locks.length = 0;
}

function finishTransaction(runtime: Runtime, connection: Connection, commit: boolean): void {
  endTransaction(storeOf(runtime, connection), connection.transaction, commit);
  if (connection.coveredLimits === null) return;
  Object.assign(connection.limits, connection.coveredLimits);
  connection.coveredLimits = null;
}

function logDuration(runtime: Runtime, connection: Connection, running: Running): void {
  const { logMinDurationNs } = serverSettings(runtime);
  const took = runtime.sim.now - running.startedAt;
  if (logMinDurationNs < 0 || took < logMinDurationNs) return;
  logPostgres(
    runtime,
    connection,
    `LOG:  duration: ${toMs(took).toFixed(3)} ms  statement: ${running.sql}`,
  );
}

/** The result is with the client. */
export function onReply(runtime: Runtime, connection: Connection, running: Running): void {
  if (!runtime.sim.is(runtime.statements, running.entity, "answering")) return;
  const failed = running.outcome?.kind === "error";
  fireStatement(runtime, running, failed ? "fail" : "return", () =>
    resultFacts(runtime, connection, running),
  );
  deliver(runtime, connection, running);
  const { transaction, limits } = connection;
  if (connection.clientGone && connection.broken === null)
    endBackend(runtime, connection, "terminate");
  else if (transaction.open && limits.idleInTransactionNs > 0) {
    const { sim, events } = runtime;
    const ns = limits.idleInTransactionNs;
    connection.idleTimer = sim.after(ns, events.idleTimeout, connection.id);
    const { entity } = connection;
    const waitsFor = "the next statement of the open transaction";
    const name = "idle_in_transaction_session_timeout";
    const facts = {
      ...{ party: "database", waitsFor, otherwise: "PostgreSQL ends the session" },
      ...limitPlace(runtime, connection, name),
    };
    sim.setClock({ entity, name, deadline: sim.now + ns, handle: connection.idleTimer, facts });
  }
}

/** idle_in_transaction_session_timeout: the server ends the session; the client hears it at its next query. */
export function onIdleTimeout(runtime: Runtime, connection: Connection): void {
  if (connection.running === null)
    endBackend(runtime, connection, "terminate", IDLE_IN_TRANSACTION);
}
