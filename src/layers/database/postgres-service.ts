// PostgreSQL as a program of the machine: the signals that stop it, its stop and start as a service,
// and what a killed process does to the others. Source: PostgreSQL 15, 19.5 Shutting Down the Server;
// postmaster.c, HandleChildCrash.
import type { Pid, Program, Signal } from "../../host/processes.ts";
import { SERVER_START_NS } from "./costs.ts";
import { refusedFacts } from "./facts.ts";
import { endBackend } from "./postgres-ending.ts";
import { ADMIN_SHUTDOWN, CRASH_SHUTDOWN, fatal } from "./postgres-errors.ts";
import { leavePlace, localServer, serverOf, startPostmaster } from "./postgres-server.ts";
import { isInState, type Runtime, refuse, worldOf } from "./runtime.ts";
import type { Connection, PostgresServer } from "./world.ts";

/** The program "postgres" for the process table. */
export function postgresProgram(runtime: () => Runtime): Program {
  return {
    name: "postgres",
    start: () => undefined,
    signal: (pid, signal) => onSignal(runtime(), pid, signal),
    childExited: () => undefined,
    ended: (pid, status) => onEnded(runtime(), pid, status),
  };
}

/** Simplification: a smart shutdown (TERM) does not wait for the clients; all three are the fast one. */
function onSignal(runtime: Runtime, pid: Pid, signal: Signal): void {
  const server = localServer(runtime);
  if (signal !== "TERM" && signal !== "INT" && signal !== "QUIT") return;
  if (pid === server.postmaster) {
    stopServer(runtime, ADMIN_SHUTDOWN);
    return;
  }
  const connection = withBackend(runtime, pid);
  if (connection !== undefined && signal === "TERM") hangUp(runtime, connection, ADMIN_SHUTDOWN);
}

function withBackend(runtime: Runtime, pid: Pid): Connection | undefined {
  return backendsOf(runtime, localServer(runtime)).find((connection) => connection.backend === pid);
}

function backendsOf(runtime: Runtime, server: PostgresServer): readonly Connection[] {
  return [...worldOf(runtime).connections.values()].filter(
    (connection) =>
      connection.engine === "postgresql" &&
      connection.backend !== 0 &&
      connection.broken === null &&
      serverOf(runtime, connection) === server,
  );
}

function hangUp(runtime: Runtime, connection: Connection, lastWords: string): void {
  if (!isInState(runtime, connection, "AUTHENTICATING")) {
    endBackend(runtime, connection, "terminate", lastWords);
    return;
  }
  const error = fatal(connection, lastWords, "57P01");
  const { processes, cpu } = runtime.host;
  cpu.cancel(connection.pid, runtime.events.connect, connection.id);
  if (processes.alive(connection.backend)) processes.exit(connection.backend, 1);
  leavePlace(serverOf(runtime, connection), connection);
  refuse(runtime, connection, error, () => refusedFacts(connection, error));
}

/** Ends every session and the server. */
export function stopServer(runtime: Runtime, lastWords: string): void {
  const server = localServer(runtime);
  if (server.state === "down") return;
  server.state = "down";
  for (const connection of backendsOf(runtime, server)) hangUp(runtime, connection, lastWords);
  if (runtime.host.processes.alive(server.postmaster))
    runtime.host.processes.exit(server.postmaster, 0);
}

/** Starts the server; until it is up it turns everybody away. */
export function startServer(runtime: Runtime): void {
  const server = localServer(runtime);
  if (server.state !== "down") return;
  startPostmaster(runtime, server);
  beginStart(runtime, server);
}

function beginStart(runtime: Runtime, server: PostgresServer): void {
  server.state = "starting";
  runtime.sim.after(SERVER_START_NS, runtime.events.serverUp);
}

export function onServerUp(runtime: Runtime): void {
  const server = localServer(runtime);
  if (server.state === "starting") server.state = "up";
}

/** A backend that was killed may have broken shared memory: all others end too, and the server recovers. */
function onEnded(runtime: Runtime, pid: Pid, status: number): void {
  if (status >= 0) return;
  const server = localServer(runtime);
  if (pid === server.postmaster) {
    server.state = "down";
    for (const connection of backendsOf(runtime, server)) hangUp(runtime, connection, "");
    return;
  }
  const killed = withBackend(runtime, pid);
  if (killed !== undefined) hangUp(runtime, killed, "");
  for (const connection of backendsOf(runtime, server)) hangUp(runtime, connection, CRASH_SHUTDOWN);
  beginStart(runtime, server);
}
