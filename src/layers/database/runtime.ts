// What the database's behaviour files share: the machine below, the client that is told, the two state
// machines, the kinds of events, and the small verbs that every step uses.
import type { Host } from "../../host/processes.ts";
import type { StateOf, TransitionOf } from "../../kernel/machine.ts";
import type { MachineHandle, Simulation } from "../../kernel/simulation.ts";
import type { ConnectionId, DatabaseClient, StatementResult } from "../database-client.ts";
import type { Facts } from "../layer.ts";
import { connectionMachine, statementMachine } from "./machine.ts";
import type { DriverError } from "./sql-errors.ts";
import type { Connection, DatabaseWorld, Running } from "./world.ts";

type HandleOf<M> = MachineHandle<StateOf<M>, TransitionOf<M>>;

export interface Runtime {
  readonly host: Host;
  readonly sim: Simulation;
  readonly setupSql: string;
  /** Who is told of connections and results; set once at install. */
  client: DatabaseClient | null;
  readonly connections: HandleOf<typeof connectionMachine>;
  readonly statements: HandleOf<typeof statementMachine>;
  readonly events: EventKinds;
}

/** Kinds of events; `a` is a connection, `b` the serial of its statement or a stage. */
export interface EventKinds {
  readonly connect: number;
  readonly arrive: number;
  readonly planned: number;
  readonly executed: number;
  readonly reply: number;
  readonly lockTimeout: number;
  readonly statementTimeout: number;
  readonly deadlockCheck: number;
  readonly idleTimeout: number;
  readonly terminate: number;
  readonly sqliteStep: number;
  readonly sqliteTry: number;
  readonly shellEnds: number;
  readonly serverUp: number;
  readonly psqlWakes: number;
}

export function worldOf(runtime: Runtime): DatabaseWorld {
  return runtime.sim.world.database as DatabaseWorld;
}

export function connectionOf(runtime: Runtime, id: ConnectionId): Connection | undefined {
  return worldOf(runtime).connections.get(id);
}

type ConnectionTransition = TransitionOf<typeof connectionMachine>;
type StatementTransition = TransitionOf<typeof statementMachine>;

/** Takes a transition of a connection; facts are made only when somebody looks. */
export function fireConnection(
  runtime: Runtime,
  connection: Connection,
  transition: ConnectionTransition,
  facts: () => Facts,
): void {
  const { sim, connections } = runtime;
  const row = sim.fire(
    connections,
    connection.entity,
    connectionMachine.transition[transition],
    connection.backend,
  );
  if (sim.recording(connection.entity)) sim.note(row, facts());
}

/** Takes a transition of a statement; the journal's value is how many rows it has. */
export function fireStatement(
  runtime: Runtime,
  running: Running,
  transition: StatementTransition,
  facts: () => Facts,
): void {
  const { sim, statements } = runtime;
  const rows = running.outcome?.kind === "rows" ? running.outcome.rows : 0;
  const row = sim.fire(statements, running.entity, statementMachine.transition[transition], rows);
  if (sim.recording(running.entity)) sim.note(row, facts());
}

export function isInState(
  runtime: Runtime,
  connection: Connection,
  state: StateOf<typeof connectionMachine>,
): boolean {
  return runtime.sim.is(runtime.connections, connection.entity, state);
}

export function stopTimers(runtime: Runtime, running: Running): void {
  for (const timer of running.timers) runtime.sim.cancel(timer);
  running.timers.length = 0;
}

/** Forgets the running statement and tells the client its result. */
export function deliver(runtime: Runtime, connection: Connection, running: Running): void {
  runtime.sim.retire(running.entity);
  connection.running = null;
  if (!connection.clientGone) runtime.client?.result(connection.slot, resultOf(running.outcome));
}

const LOST: StatementResult = {
  rows: 0,
  error: { name: "OperationalError", message: "server closed the connection unexpectedly" },
};

function resultOf(outcome: Running["outcome"]): StatementResult {
  if (outcome === null || outcome.kind === "blocked") return LOST;
  if (outcome.kind === "rows") return { rows: outcome.rows, data: outcome.data, error: null };
  return { rows: 0, error: { name: outcome.error.name, message: outcome.error.message } };
}

/** Ends a connection's part of the world. Its last transition has been taken. */
export function forget(runtime: Runtime, connection: Connection): void {
  const { sim } = runtime;
  const { running } = connection;
  sim.cancel(connection.idleTimer);
  if (running !== null) {
    stopTimers(runtime, running);
    sim.fire(runtime.statements, running.entity, statementMachine.transition.abandon);
    sim.retire(running.entity);
    connection.running = null;
  }
  sim.retire(connection.entity);
  worldOf(runtime).connections.delete(connection.id);
}

/** Tells the client that there is no connection, and forgets it. */
export function refuse(
  runtime: Runtime,
  connection: Connection,
  error: DriverError,
  facts: () => Facts,
): void {
  fireConnection(runtime, connection, "refuse", facts);
  forget(runtime, connection);
  if (connection.clientGone) return;
  runtime.client?.connected(connection.slot, null, { name: error.name, message: error.message });
}

const LOG_FILE = "/var/log/postgresql/postgresql-15-main.log";

/** A line in PostgreSQL's log: `2026-11-21 00:25:14.924 UTC [pid] FATAL:  …`. */
export function logPostgres(runtime: Runtime, connection: Connection, text: string): void {
  const { sink, clock } = runtime.host;
  const request = runtime.sim.requestOf(connection.entity);
  if (!sink.wants(request)) return;
  const milliseconds = String(Math.floor(clock.nowMs()) % 1000).padStart(3, "0");
  sink.log(
    LOG_FILE,
    `${clock.isoDate()}.${milliseconds} UTC [${connection.backend}] ${text}`,
    request,
  );
}
