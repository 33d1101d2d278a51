// Queries: the thread's connection is opened by the first one, and each statement waits for its answer.
// Source: django/db/backends/base/base.py and utils.py, django/db/__init__.py, 3.2.
import { fromSeconds } from "../../kernel/time.ts";
import type { SqlRow, SqlValue, StatementResult } from "../database-client.ts";
import type { Cause, Message } from "../layer.ts";
import { ORM_QUERY_NS } from "./costs.ts";
import { type Django, settingsOf, type ThreadConnection, worldOf } from "./django.ts";
import { queryMachine } from "./machine.ts";
import type { Frame, FrameOf, Run } from "./run.ts";
import { raise } from "./run.ts";
import { settingCause } from "./settings.ts";

const NO_ENTITY = -1;
/** How much of a statement the observation shows. */
const SHOWN_MAX = 160;

/** A frame for a statement that Django writes itself. */
export function queryFrameOf(sql: string, params: readonly SqlValue[]): Frame {
  return {
    kind: "query",
    pc: 0,
    costNs: ORM_QUERY_NS,
    sql,
    params,
    stepCostNs: -1,
    rows: -1,
    counted: true,
    silent: false,
    query: NO_ENTITY,
    startedAt: 0,
  };
}

export function pushQuery(run: Run, sql: string, params: readonly SqlValue[] = []): void {
  run.value = null;
  run.frames.push(queryFrameOf(sql, params));
}

/** A statement of the transaction management; only those that go through a cursor are counted. */
export function pushStatement(run: Run, sql: string, counted: boolean): void {
  run.frames.push({
    kind: "query",
    pc: 0,
    costNs: 0,
    sql,
    params: [],
    stepCostNs: -1,
    rows: -1,
    counted,
    silent: !counted,
    query: NO_ENTITY,
    startedAt: 0,
  });
}

/** Whether the project uses PostgreSQL; otherwise it is SQLite. */
export function usesPostgres(django: Django, run: Run): boolean {
  return settingsOf(django, run).database.ENGINE === "django.db.backends.postgresql";
}

/** AUTOCOMMIT off: every connection is in a transaction from its first statement, and only code that commits keeps anything. */
export function autocommitIsOff(django: Django, run: Run): boolean {
  return settingsOf(django, run).database.AUTOCOMMIT === false;
}

export function connectionOf(django: Django, run: Run): ThreadConnection | undefined {
  return worldOf(django).connections.get(run.slot);
}

export function queryFrame(django: Django, run: Run, frame: FrameOf<"query">): void {
  if (frame.pc === 1) {
    run.frames.pop();
    return;
  }
  const connection = connectionOf(django, run);
  if (connection === undefined) {
    openConnection(django, run, frame);
    return;
  }
  if (connection.inAtomic && connection.needsRollback && !frame.silent) {
    raise(
      run,
      "TransactionManagementError",
      "An error occurred in the current transaction. You can't execute queries until the end of the 'atomic' block.",
    );
    return;
  }
  frame.pc = 1;
  frame.startedAt = django.sim.now;
  if (frame.counted) {
    run.observed.queries++;
    run.observed.sql.push(frame.sql.slice(0, SHOWN_MAX));
  }
  // A silent statement (BEGIN) is told only when a connection was opened for it.
  if (!frame.silent || frame.query !== NO_ENTITY) {
    entityOf(django, run, frame);
    const row = django.sim.fire(django.queries, frame.query, queryMachine.transition.execute);
    if (django.sim.recording(run.entity))
      django.sim.note(row, {
        values: { sql: shorten(frame.sql), number: run.observed.queries },
        messages: [sqlMessage(frame, null)],
        // BEGIN and the like are told by the transaction's own step.
        ...(frame.silent && { fine: true as const }),
      });
  }
  run.wait = "query";
  django.database.execute(
    run.slot,
    connection.id,
    frame.sql,
    {
      costNs: frame.stepCostNs >= 0 ? frame.stepCostNs : undefined,
      rows: frame.rows >= 0 ? frame.rows : undefined,
      params: frame.params,
    },
    run.request,
  );
}

function entityOf(django: Django, run: Run, frame: FrameOf<"query">): void {
  if (frame.query === NO_ENTITY) frame.query = django.sim.spawn(django.queries, run.request);
}

const SQL_MAX = 58;

/** A statement for a heading: without the list of its columns, and cut when it is long. */
export function shorten(sql: string): string {
  const brief = sql.replace(/^(SELECT )(?!COUNT).{20,}?( FROM )/is, "$1…$2");
  return brief.length > SQL_MAX ? `${brief.slice(0, SQL_MAX - 1)}…` : brief;
}

function sqlMessage(frame: FrameOf<"query">, result: StatementResult | null): Message {
  const parameters = frame.params.map(String).join(", ");
  const fields = [
    ...(parameters === "" ? [] : [{ name: "parameters", value: parameters }]),
    ...(result === null ? [] : [{ name: "rows", value: String(result.rows) }]),
  ];
  return { kind: "sql", title: "SQL", sql: frame.sql, fields };
}

function openConnection(django: Django, run: Run, frame: FrameOf<"query">): void {
  const settings = settingsOf(django, run);
  entityOf(django, run, frame);
  const row = django.sim.fire(django.queries, frame.query, queryMachine.transition.openConnection);
  if (django.sim.recording(run.entity)) {
    const cause: Cause | undefined = settingCause(
      settings,
      "DATABASES",
      "the connection of this thread",
    );
    django.sim.note(row, {
      values: {
        engine: String(settings.database.ENGINE ?? ""),
        name: String(settings.database.NAME ?? ""),
      },
      ...(cause && { cause }),
    });
  }
  run.wait = "connect";
  django.database.connect(run.slot, run.pid, settings.database, run.request);
}

/** The database accepted the connection, or the driver raised. */
export function connectionAnswered(
  django: Django,
  run: Run,
  id: number | null,
  error: StatementResult["error"],
): void {
  const frame = run.frames.at(-1) as FrameOf<"query">;
  if (id === null) {
    queryFailed(django, run, frame, error ?? { name: "OperationalError", message: "" });
    return;
  }
  const age = settingsOf(django, run).database.CONN_MAX_AGE;
  const closeAt =
    age === null ? -1 : django.sim.now + fromSeconds(typeof age === "number" ? age : 0);
  worldOf(django).connections.set(run.slot, {
    id,
    pid: run.pid,
    openedAt: django.sim.now,
    closeAt,
    inAtomic: false,
    savepoints: [],
    savepointCount: 0,
    needsRollback: false,
    errorsOccurred: false,
  });
  if (autocommitIsOff(django, run) && frame.sql !== "BEGIN") pushStatement(run, "BEGIN", false);
}

/** The statement's result, or the driver's exception. */
export function statementAnswered(django: Django, run: Run, result: StatementResult): void {
  const frame = run.frames.at(-1) as FrameOf<"query">;
  if (result.error !== null) {
    queryFailed(django, run, frame, result.error);
    return;
  }
  // COMMIT and its like say nothing of the rows that the statement before them changed.
  if (!frame.silent) run.affected = result.rows;
  run.value = (result.data ?? null) as readonly SqlRow[] | null;
  if (frame.query === NO_ENTITY) return;
  const row = django.sim.fire(
    django.queries,
    frame.query,
    queryMachine.transition.fetchRows,
    result.rows,
  );
  if (django.sim.recording(run.entity)) {
    django.sim.note(row, {
      values: {
        rows: result.rows,
        ms: (django.sim.now - frame.startedAt) / 1e6,
        sql: shorten(frame.sql),
      },
      messages: [sqlMessage(frame, result)],
      // The database's own step tells of the result.
      fine: true,
    });
  }
  forget(django, frame);
}

function queryFailed(
  django: Django,
  run: Run,
  frame: FrameOf<"query">,
  error: { readonly name: string; readonly message: string },
): void {
  const connection = connectionOf(django, run);
  if (connection !== undefined) connection.errorsOccurred = true;
  if (frame.query !== NO_ENTITY) {
    const row = django.sim.fire(django.queries, frame.query, queryMachine.transition.fail);
    if (django.sim.recording(run.entity))
      django.sim.note(row, {
        values: { error: error.message, name: error.name, sql: shorten(frame.sql) },
      });
    forget(django, frame);
  }
  const driver = usesPostgres(django, run) ? "psycopg2" : "sqlite3";
  run.raised = {
    name: error.name,
    message: error.message,
    cause: { name: `${driver}.${error.name}`, message: error.message },
  };
}

function forget(django: Django, frame: FrameOf<"query">): void {
  django.sim.retire(frame.query);
  frame.query = NO_ENTITY;
}

/** A run that is cut off leaves no query behind. */
export function abandonQueries(django: Django, run: Run): void {
  for (const frame of run.frames) {
    if (frame.kind !== "query" || frame.query === NO_ENTITY) continue;
    django.sim.fire(django.queries, frame.query, queryMachine.transition.fail);
    forget(django, frame);
  }
}

/** close_old_connections(), at the start and the end of a request. */
export function closeOldConnections(django: Django, slot: number): void {
  const connection = worldOf(django).connections.get(slot);
  if (connection === undefined || connection.inAtomic) return;
  // Simplification: a connection that had an error counts as unusable only when CONN_MAX_AGE is over
  // or the driver said so; Django pings the server.
  if (connection.closeAt >= 0 && django.sim.now >= connection.closeAt)
    closeConnection(django, slot);
  else if (connection.errorsOccurred) closeConnection(django, slot);
}

export function closeConnection(django: Django, slot: number): void {
  const { connections } = worldOf(django);
  const connection = connections.get(slot);
  if (connection === undefined) return;
  connections.delete(slot);
  django.database.close(connection.id);
}
