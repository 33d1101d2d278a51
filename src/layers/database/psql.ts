// The program psql of an operator's shell: `psql DATABASE -c 'BEGIN; LOCK TABLE …; SELECT pg_sleep(5)'`, a client
// of the server like any other, so it waits for locks and makes others wait. When it ends, what it had
// not committed is undone. Source: PostgreSQL 15, psql(1), 9.9.5 Delaying Execution.
// Simplification: psql says nothing here, sends its statements one by one, and is idle during pg_sleep().
import { NO_PID, type Program } from "../../host/processes.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { fromSeconds } from "../../kernel/time.ts";
import type { ConnectionId, DatabaseClient } from "../database-client.ts";
import { close, connect, execute, processEnded } from "./connections.ts";
import { type Runtime, worldOf } from "./runtime.ts";
import type { PsqlSession } from "./world.ts";

/** The program for the process table: a signal ends it, and with it its connection. */
export function psqlProgram(runtime: () => Runtime): Program {
  return {
    name: "psql",
    start: () => undefined,
    signal: (pid) => runtime().host.processes.exit(pid, 1),
    childExited: () => undefined,
    ended: (pid) => {
      const { sessions } = worldOf(runtime());
      for (const [slot, session] of sessions) if (session.pid === pid) sessions.delete(slot);
      processEnded(runtime(), pid);
    },
  };
}

/** Starts psql in the background; its statements follow each other in their own time. */
export function startPsql(runtime: Runtime, database: string, script: string): void {
  const world = worldOf(runtime);
  // Slots from 0 on are the application's.
  const slot = -1 - world.nextSession++;
  const argv = ["psql", database, "-c", script];
  const pid = runtime.host.processes.start({ parent: NO_PID, argv, user: "postgres" });
  const statements = script
    .split(";")
    .map((text) => text.trim())
    .filter((text) => text !== "");
  world.sessions.set(slot, { pid, statements, connection: 0 });
  const settings = { ENGINE: "django.db.backends.postgresql", NAME: database, USER: "postgres" };
  connect(runtime, slot, pid, settings, NO_REQUEST);
}

/** Answers that are for psql go to psql, all others to the application. */
export function clientBesidePsql(runtime: Runtime, client: DatabaseClient): DatabaseClient {
  return {
    connected: (slot, connection, error) => {
      if (slot >= 0) client.connected(slot, connection, error);
      else onConnected(runtime, slot, connection);
    },
    result: (slot, result) => {
      if (slot >= 0) client.result(slot, result);
      else if (result.error === null) nextStatement(runtime, slot);
      else end(runtime, slot, 1);
    },
  };
}

function onConnected(runtime: Runtime, slot: number, connection: ConnectionId | null): void {
  const session = worldOf(runtime).sessions.get(slot);
  if (session === undefined) return;
  if (connection === null) {
    end(runtime, slot, 2);
    return;
  }
  session.connection = connection;
  nextStatement(runtime, slot);
}

/** Sends the next statement, or sleeps, or ends. */
export function nextStatement(runtime: Runtime, slot: number): void {
  const session = worldOf(runtime).sessions.get(slot);
  if (session === undefined) return;
  const sql = session.statements.shift();
  if (sql === undefined) {
    end(runtime, slot, 0);
    return;
  }
  const sleep = /^select\s+pg_sleep\s*\(\s*(\d+(?:\.\d+)?)\s*\)$/i.exec(sql);
  if (sleep === null) execute(runtime, slot, session.connection, sql, {}, NO_REQUEST);
  else runtime.sim.after(fromSeconds(Number(sleep[1])), runtime.events.psqlWakes, slot);
}

function end(runtime: Runtime, slot: number, status: number): void {
  const session: PsqlSession | undefined = worldOf(runtime).sessions.get(slot);
  if (session === undefined) return;
  worldOf(runtime).sessions.delete(slot);
  if (session.connection !== 0) close(runtime, session.connection);
  runtime.host.processes.exit(session.pid, status);
}
