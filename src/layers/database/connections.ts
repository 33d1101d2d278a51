// Connections of both databases, as the application opens, uses and closes them: which of the two is
// meant is decided by ENGINE of the settings.

import type { Pid } from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import { fromSeconds } from "../../kernel/time.ts";
import type { ConnectionId, DatabaseServer } from "../database-client.ts";
import { SQLITE_TIMEOUT_NS } from "./costs.ts";
import { stateFacts } from "./facts.ts";
import { cross } from "./link.ts";
import { connectPostgres } from "./postgres-connect.ts";
import { endBackend } from "./postgres-ending.ts";
import { leavePlace, serverKey, serverOf, sessionLimits } from "./postgres-server.ts";
import { executePostgres } from "./postgres-statement.ts";
import {
  connectionOf,
  fireConnection,
  forget,
  isInState,
  type Runtime,
  worldOf,
} from "./runtime.ts";
import { parseSql } from "./sql-parser.ts";
import { connectSqlite, executeSqlite, releaseSqlite } from "./sqlite.ts";
import { type Connection, newTransaction, type Running } from "./world.ts";

/** Of settings, which do not change while somebody has them. */
const frozenCopy = memoByIdentity((settings: Connection["settings"]): Connection["settings"] =>
  Object.isFrozen(settings) ? settings : Object.freeze({ ...settings }),
);

/** Begins to connect; the client is told by `connected`. */
export function connect(
  runtime: Runtime,
  ...[slot, pid, settings, request, cause]: Parameters<DatabaseServer["connect"]>
): void {
  const world = worldOf(runtime);
  const isSqlite = !/postgres|psycopg/.test(String(settings.ENGINE ?? ""));
  const timeout = (settings.OPTIONS as Record<string, unknown> | undefined)?.timeout;
  const connection: Connection = {
    id: world.nextConnection++,
    slot,
    pid,
    engine: isSqlite ? "sqlite" : "postgresql",
    entity: runtime.sim.spawn(runtime.connections, request),
    place: isSqlite ? String(settings.NAME ?? "") : serverKey(settings),
    openedAt: runtime.sim.now,
    settings: frozenCopy(settings),
    cause: cause === undefined ? null : Object.freeze(cause),
    backend: 0,
    hasPlace: false,
    store: 0,
    busyTimeoutNs: typeof timeout === "number" ? fromSeconds(timeout) : SQLITE_TIMEOUT_NS,
    limits: sessionLimits(runtime, settings),
    coveredLimits: null,
    transaction: newTransaction(),
    running: null,
    idleTimer: NO_EVENT,
    clientGone: false,
    broken: null,
  };
  world.connections.set(connection.id, connection);
  if (isSqlite) connectSqlite(runtime, connection);
  else connectPostgres(runtime, connection);
}

/** Sends a statement; the client is told by `result`. */
export function execute(
  runtime: Runtime,
  ...[, id, sql, options, request]: Parameters<DatabaseServer["execute"]>
): void {
  const connection = connectionOf(runtime, id);
  if (connection === undefined || connection.running !== null) return;
  runtime.sim.attribute(connection.entity, request);
  const running: Running = {
    serial: worldOf(runtime).nextSerial++,
    entity: runtime.sim.spawn(runtime.statements, request),
    sql,
    parsed: parseSql(sql),
    options,
    request,
    startedAt: runtime.sim.now,
    outcome: null,
    waitsSince: 0,
    waitsFor: 0,
    wants: null,
    row: 0,
    tries: 0,
    timers: [],
  };
  connection.running = running;
  if (connection.engine === "sqlite") executeSqlite(runtime, connection, running);
  else executePostgres(runtime, connection, running);
}

/** The client closes: nobody is told. */
export function close(runtime: Runtime, id: ConnectionId): void {
  const connection = connectionOf(runtime, id);
  if (connection === undefined || connection.clientGone) return;
  connection.clientGone = true;
  if (connection.broken !== null) forget(runtime, connection);
  else if (connection.engine === "sqlite") closeSqlite(runtime, connection, "close");
  else {
    const event = runtime.events.terminate;
    cross(runtime, connection, { leg: "terminate", trips: 1 / 2, event, value: 0 });
  }
}

function closeSqlite(runtime: Runtime, connection: Connection, how: "close" | "terminate"): void {
  releaseSqlite(runtime, connection);
  const transition = connection.running === null ? how : "terminate";
  fireConnection(runtime, connection, transition, () => stateFacts(runtime, connection));
  forget(runtime, connection);
}

/**
 * Terminate has reached the backend. One that works on a statement reads it when it is done; one that
 * the server ended meanwhile never reads it.
 */
export function onTerminate(runtime: Runtime, connection: Connection): void {
  if (connection.broken !== null) forget(runtime, connection);
  else if (connection.running === null) endBackend(runtime, connection, "close");
}

/** A process of the application has ended: its connections end when their servers notice. */
export function processEnded(runtime: Runtime, pid: Pid): void {
  for (const connection of [...worldOf(runtime).connections.values()]) {
    if (connection.pid === pid && !connection.clientGone) abandon(runtime, connection);
  }
}

function abandon(runtime: Runtime, connection: Connection): void {
  connection.clientGone = true;
  if (connection.engine === "sqlite") closeSqlite(runtime, connection, "terminate");
  else if (connection.broken !== null) forget(runtime, connection);
  else if (
    isInState(runtime, connection, "CONNECTING") ||
    isInState(runtime, connection, "AUTHENTICATING")
  )
    abandonSetUp(runtime, connection);
  else if (connection.running === null) endBackend(runtime, connection, "terminate");
}

function abandonSetUp(runtime: Runtime, connection: Connection): void {
  const { processes } = runtime.host;
  if (connection.backend !== 0) {
    const server = serverOf(runtime, connection);
    leavePlace(server, connection);
    if (server.local && processes.alive(connection.backend)) processes.exit(connection.backend, 0);
  }
  fireConnection(runtime, connection, "terminate", () => stateFacts(runtime, connection));
  forget(runtime, connection);
}
