// The facts noted at the steps of a connection and of a statement: what decided, and the SQL.
import { toMs } from "../../kernel/time.ts";
import type { Cause, Facts, Field } from "../layer.ts";
import { LOCAL_ROUND_TRIP_NS, REMOTE_ROUND_TRIP_NS } from "./costs.ts";
import { serverOf, serverSettings } from "./postgres-server.ts";
import { type Runtime, worldOf } from "./runtime.ts";
import type { DriverError } from "./sql-errors.ts";
import type { Connection, Running } from "./world.ts";

const ms = (span: number): string => `${Number(toMs(span).toFixed(3))} ms`;

function because(connection: Connection, note: string): { cause?: Cause } {
  return connection.cause === null ? {} : { cause: { ...connection.cause, note } };
}

/** What the drawing shows of a connection. */
function drawn(runtime: Runtime, connection: Connection): NonNullable<Facts["values"]> {
  if (connection.engine === "sqlite")
    return { pid: connection.pid, connectionsMax: 0, engine: "SQLite", place: "database" };
  const server = serverOf(runtime, connection);
  const { maxConnections, reserved } = serverSettings(runtime);
  return {
    pid: connection.backend,
    connectionsMax: maxConnections,
    reserved,
    ordinary: maxConnections - reserved,
    used: server.backends,
    engine: "PostgreSQL",
    place: "database",
  };
}

/** A row of a connection that is no step of its own: it keeps the drawing up to date. */
export function stateFacts(runtime: Runtime, connection: Connection): Facts {
  const sql = connection.running?.sql ?? null;
  return { values: { ...drawn(runtime, connection), sql }, fine: true };
}

function maxAge(connection: Connection): string {
  const age = connection.settings.CONN_MAX_AGE ?? 0;
  return age === null || age === "None" ? "None" : String(age);
}

export function connectingFacts(runtime: Runtime, connection: Connection): Facts {
  const { ENGINE, HOST, PORT, NAME, USER } = connection.settings;
  const fields: Field[] = [];
  for (const [name, value] of Object.entries({ ENGINE, HOST, PORT, NAME, USER })) {
    if (value !== undefined && value !== "") fields.push({ name, value: String(value) });
  }
  const values = { ...drawn(runtime, connection), host: String(HOST ?? "") };
  return {
    values,
    ...because(connection, "where the database is"),
    messages: [{ kind: "table", title: "DATABASES['default']", fields }],
  };
}

export function connectedFacts(runtime: Runtime, connection: Connection): Facts {
  const took = runtime.sim.now - connection.openedAt;
  const values = {
    ...drawn(runtime, connection),
    took: ms(took),
    path: connection.place,
    maxAge: maxAge(connection),
    sql: null,
  };
  const fields: Field[] = [
    { name: "time from connect() to ready", value: ms(took) },
    {
      name: "CONN_MAX_AGE",
      value: maxAge(connection),
      note: "0 closes it at the end of the request",
    },
  ];
  return {
    values,
    ...because(connection, "ENGINE and NAME, HOST and PORT"),
    messages: [{ kind: "table", title: "The new connection", fields }],
  };
}

export function refusedFacts(connection: Connection, error: DriverError): Facts {
  const fields: Field[] = [
    { name: error.name, value: error.message.trim() },
    ...(error.state === "" ? [] : [{ name: "SQLSTATE", value: error.state }]),
  ];
  return {
    values: {
      error: error.message.trim(),
      engine: connection.engine === "sqlite" ? "SQLite" : "PostgreSQL",
    },
    ...because(connection, "where the database should be"),
    messages: [{ kind: "table", title: "The driver's error", fields }],
  };
}

const verbOf = (sql: string): string => /^\s*(\w+)/.exec(sql)?.[1].toUpperCase() ?? "statement";
const FINE_VERBS = new Set(["COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "BEGIN"]);

function roundTrip(runtime: Runtime, connection: Connection): string {
  if (connection.engine === "sqlite") return "none";
  return ms(serverOf(runtime, connection).local ? LOCAL_ROUND_TRIP_NS : REMOTE_ROUND_TRIP_NS);
}

export function sentFacts(runtime: Runtime, connection: Connection, running: Running): Facts {
  const verb = verbOf(running.sql);
  const fields: Field[] = [{ name: "round trip", value: roundTrip(runtime, connection) }];
  if ((running.options.params ?? []).length > 0)
    fields.push({ name: "parameters", value: JSON.stringify(running.options.params) });
  return {
    values: {
      ...drawn(runtime, connection),
      sql: running.sql,
      verb,
      inTransaction: connection.transaction.open,
    },
    ...(running.options.cause === undefined
      ? because(connection, "the database of this query")
      : { cause: running.options.cause }),
    messages: [{ kind: "sql", title: verb, sql: running.sql, fields }],
    ...(FINE_VERBS.has(verb) && { fine: true as const }),
  };
}

export function waitFacts(runtime: Runtime, connection: Connection, running: Running): Facts {
  const holder = worldOf(runtime).connections.get(running.waitsFor);
  const who =
    holder === undefined
      ? "another program"
      : `process ${holder.backend === 0 ? holder.pid : holder.backend}`;
  return {
    values: {
      ...drawn(runtime, connection),
      sql: running.sql,
      verb: verbOf(running.sql),
      holder: who,
      waited: ms(running.waitsSince === 0 ? 0 : runtime.sim.now - running.waitsSince),
      table: running.wants?.table ?? "",
      timeout: ms(
        connection.engine === "sqlite" ? connection.busyTimeoutNs : connection.limits.lockTimeoutNs,
      ),
    },
    ...because(connection, "OPTIONS decide how long it may wait"),
    messages: [
      {
        kind: "sql",
        title: "What waits",
        sql: running.sql,
        fields: [{ name: "held by", value: who }],
      },
    ],
  };
}

export function resultFacts(runtime: Runtime, connection: Connection, running: Running): Facts {
  const { outcome } = running;
  const verb = verbOf(running.sql);
  const took = ms(runtime.sim.now - running.startedAt);
  const fields: Field[] = [{ name: "time", value: took }];
  const failed = outcome?.kind === "error";
  if (failed) {
    fields.push({ name: outcome.error.name, value: outcome.error.message.trim() });
    if (outcome.error.state !== "") fields.push({ name: "SQLSTATE", value: outcome.error.state });
  } else
    fields.push({
      name: "rows",
      value: String(running.outcome?.kind === "rows" ? running.outcome.rows : 0),
    });
  if (outcome?.kind === "rows")
    outcome.data
      .slice(0, 5)
      .forEach((row, i) => void fields.push({ name: `row ${i + 1}`, value: JSON.stringify(row) }));
  return {
    values: {
      ...drawn(runtime, connection),
      sql: running.sql,
      verb,
      took,
      rows: outcome?.kind === "rows" ? outcome.rows : 0,
      error: failed ? outcome.error.message.trim() : "",
    },
    messages: [{ kind: "sql", title: failed ? "Error" : "Result", sql: running.sql, fields }],
    ...(!failed && verb !== "COMMIT" && FINE_VERBS.has(verb) && { fine: true as const }),
  };
}
