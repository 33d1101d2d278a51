// Setting up a connection to PostgreSQL 15: TCP, TLS when Debian's server offers it, the startup
// message, a process forked for this connection alone, SCRAM, the catalogue caches. There is no queue
// at max_connections: whoever comes too late is turned away at once.
// Simplification: roles, databases and passwords are taken to be right.
import {
  BACKEND_START_NS,
  CATALOGUE_CPU_NS,
  ROUND_TRIPS,
  SCRAM_CPU_NS,
  TLS_CPU_NS,
} from "./costs.ts";
import { connectedFacts, connectingFacts, refusedFacts } from "./facts.ts";
import { cross, usesTcp } from "./link.ts";
import {
  ADMIN_SHUTDOWN,
  fatal,
  SLOTS_RESERVED,
  STARTING_UP,
  serverDown,
  TOO_MANY_CLIENTS,
} from "./postgres-errors.ts";
import { leavePlace, serverOf, serverSettings } from "./postgres-server.ts";
import { fireConnection, logPostgres, type Runtime, refuse } from "./runtime.ts";
import type { DriverError } from "./sql-errors.ts";
import type { Connection } from "./world.ts";

/** Stages of the set-up, in order: each ends with an event. */
const ARRIVED = 0;
const FORKED = 1;
const SHOOK_HANDS = 2;
const PROVED = 3;
const READY = 4;

export function connectPostgres(runtime: Runtime, connection: Connection): void {
  const { state } = serverOf(runtime, connection);
  const trips = !usesTcp(connection)
    ? ROUND_TRIPS.unixBeforeFork
    : state === "down"
      ? 1
      : ROUND_TRIPS.tcpBeforeFork;
  const event = runtime.events.connect;
  cross(runtime, connection, { leg: "connect", trips, event, value: ARRIVED });
}

/** Takes the connection to its next stage. */
export function onConnectStage(runtime: Runtime, connection: Connection, stage: number): void {
  if (stage === ARRIVED) arrive(runtime, connection);
  else if (stage === FORKED) admit(runtime, connection);
  else if (stage === SHOOK_HANDS)
    runtime.host.cpu.run(
      connection.pid,
      SCRAM_CPU_NS,
      runtime.events.connect,
      connection.id,
      PROVED,
    );
  else if (stage === PROVED) serverStage(runtime, connection, CATALOGUE_CPU_NS, READY);
  else becomeReady(runtime, connection);
}

function serverStage(runtime: Runtime, connection: Connection, ns: number, stage: number): void {
  if (serverOf(runtime, connection).local)
    runtime.host.cpu.run(connection.backend, ns, runtime.events.connect, connection.id, stage);
  else runtime.sim.after(ns, runtime.events.connect, connection.id, stage);
}

function arrive(runtime: Runtime, connection: Connection): void {
  const server = serverOf(runtime, connection);
  if (server.state === "down") {
    const error = serverDown(connection.settings);
    refuse(runtime, connection, error, () => refusedFacts(connection, error));
    return;
  }
  connection.backend = server.local
    ? runtime.host.processes.fork(server.postmaster, "backend")
    : server.nextRemotePid++;
  fireConnection(runtime, connection, "forkBackend", () => connectingFacts(runtime, connection));
  const tls = usesTcp(connection) ? TLS_CPU_NS : 0;
  serverStage(runtime, connection, BACKEND_START_NS + tls, FORKED);
}

/** The backend looks whether there is a place for it. Source: proc.c InitProcess, postinit.c InitPostgres. */
function admit(runtime: Runtime, connection: Connection): void {
  const server = serverOf(runtime, connection);
  server.backends++;
  connection.hasPlace = true;
  const refusal = refusalOf(runtime, connection);
  if (refusal === null) {
    const { connect: event } = runtime.events;
    const trips = ROUND_TRIPS.afterFork;
    cross(runtime, connection, { leg: "authenticate", trips, event, value: SHOOK_HANDS });
    return;
  }
  logPostgres(runtime, connection, `FATAL:  ${refusal.text}`);
  const error: DriverError = fatal(connection, refusal.text, refusal.state);
  if (server.local) runtime.host.processes.exit(connection.backend, 1);
  leavePlace(server, connection);
  refuse(runtime, connection, error, () => refusedFacts(connection, error));
}

function refusalOf(
  runtime: Runtime,
  connection: Connection,
): { text: string; state: string } | null {
  const server = serverOf(runtime, connection);
  const { maxConnections, reserved } = serverSettings(runtime);
  if (server.state === "starting") return { text: STARTING_UP, state: "57P03" };
  if (server.state === "down") return { text: ADMIN_SHUTDOWN, state: "57P01" };
  if (server.backends > maxConnections) return { text: TOO_MANY_CLIENTS, state: "53300" };
  const isSuperuser = connection.settings.USER === "postgres";
  return !isSuperuser && server.backends > maxConnections - reserved
    ? { text: SLOTS_RESERVED, state: "53300" }
    : null;
}

function becomeReady(runtime: Runtime, connection: Connection): void {
  fireConnection(runtime, connection, "becomeReady", () => connectedFacts(runtime, connection));
  runtime.client?.connected(connection.slot, connection.id, null);
}
