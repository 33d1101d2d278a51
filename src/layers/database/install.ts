// The public face of the database: SQLite, a library that reads a file inside the application's
// process, and PostgreSQL 15, a server with one process for each connection. The layer is complete
// in itself: the application uses it through layers/database-client.ts (DatabaseServer), with the
// dict DATABASES['default'] of its settings as the address of the database, and the shell's
// `sqlite3 FILE 'SQL'` through `shell`. Django's own code has no part of it.
import type { Host } from "../../host/processes.ts";
import { renewed } from "../../kernel/renewal.ts";
import type { DatabaseServer } from "../database-client.ts";
import { close, connect, execute, onTerminate, processEnded } from "./connections.ts";
import { connectionMachine, statementMachine } from "./machine.ts";
import { onConnectStage } from "./postgres-connect.ts";
import { ADMIN_SHUTDOWN } from "./postgres-errors.ts";
import { onServerUp, postgresProgram, startServer, stopServer } from "./postgres-service.ts";
import {
  onArrive,
  onDeadlockCheck,
  onExecuted,
  onIdleTimeout,
  onLockTimeout,
  onPlanned,
  onReply,
  onStatementTimeout,
} from "./postgres-statement.ts";
import { clientBesidePsql, nextStatement, psqlProgram, startPsql } from "./psql.ts";
import { connectionOf, type EventKinds, type Runtime } from "./runtime.ts";
import { onSqliteOpened, onSqliteStep, onSqliteTry } from "./sqlite.ts";
import { openSqlite } from "./sqlite-file.ts";
import { endShell, runSqliteShell, type ShellOutput } from "./sqlite-shell.ts";
import { type Connection, type DatabaseWorld, emptyWorld, type Running } from "./world.ts";

export interface DatabaseOptions {
  /** SQL that the scenario runs once the contrib apps' tables are there. */
  readonly setupSql?: string;
}

export interface Database extends DatabaseServer {
  /**
   * The shell's `sqlite3 FILE 'SQL'`; with `holdSeconds` the program stays open that long after the
   * statement, and so keeps the locks of a transaction that it began.
   */
  shell(file: string, sql: string, holdSeconds: number): ShellOutput;
  /** Makes SQLite's file with the scenario's tables before anybody connects, as it lay there at the start. */
  layOut(file: string): void;
  /** `psql DATABASE -c 'SCRIPT'`, in the background. */
  psql(database: string, script: string): void;
  /** `systemctl stop postgresql`: what the unit does with the server of this machine. */
  service(verb: "start" | "stop" | "restart"): void;
}

/** Installs the database of a machine. Call once, before the programs that use it. */
export function installDatabase(host: Host, options: DatabaseOptions): Database {
  const { sim } = host;
  sim.world.database = emptyWorld();
  const world = (): DatabaseWorld => sim.world.database as DatabaseWorld;
  const connectionsSoFar = (): number => world().nextConnection;
  sim.renewal.addCounted(connectionsSoFar, () => {
    world().connections = renewed(world().connections);
    return world().connections.size;
  });
  const runtime: Runtime = {
    host,
    sim,
    setupSql: options.setupSql ?? "",
    client: null,
    connections: sim.machine(connectionMachine),
    statements: sim.machine(statementMachine),
    events: registerEvents(host, () => runtime),
  };
  host.processes.register(postgresProgram(() => runtime));
  host.processes.register(psqlProgram(() => runtime));
  return {
    client: (client) => {
      runtime.client = clientBesidePsql(runtime, client);
    },
    connect: (...call) => connect(runtime, ...call),
    execute: (...call) => execute(runtime, ...call),
    close: (id) => close(runtime, id),
    processEnded: (pid) => processEnded(runtime, pid),
    shell: (file, sql, holdSeconds) => runSqliteShell(runtime, file, sql, holdSeconds),
    psql: (database, script) => startPsql(runtime, database, script),
    layOut: (file) => void openSqlite(runtime, file, "root"),
    service: (verb) => {
      if (verb !== "start") stopServer(runtime, ADMIN_SHUTDOWN);
      if (verb !== "stop") startServer(runtime);
    },
  };
}

type OfConnection = (at: Runtime, connection: Connection, b: number) => void;
type OfStatement = (at: Runtime, connection: Connection, running: Running) => void;

function registerEvents(host: Host, runtime: () => Runtime): EventKinds {
  const event = (name: string, act: (a: number, b: number) => void): number =>
    host.sim.event(`database: ${name}`, act);
  const ofConnection = (name: string, act: OfConnection): number =>
    event(name, (id, b) => {
      const connection = connectionOf(runtime(), id);
      if (connection !== undefined) act(runtime(), connection, b);
    });
  // An event of a statement that is over says nothing about the next one on its connection.
  const ofStatement = (name: string, act: OfStatement): number =>
    ofConnection(name, (at, connection, serial) => {
      if (connection.running?.serial === serial) act(at, connection, connection.running);
    });
  return {
    connect: ofConnection("a stage of the set-up ends", (at, connection, stage) => {
      if (connection.engine === "sqlite") onSqliteOpened(at, connection);
      else onConnectStage(at, connection, stage);
    }),
    arrive: ofStatement("a statement arrives", onArrive),
    planned: ofStatement("a statement is planned", onPlanned),
    executed: ofStatement("a statement is executed", onExecuted),
    reply: ofStatement("a result arrives", onReply),
    lockTimeout: ofStatement("lock_timeout", onLockTimeout),
    statementTimeout: ofStatement("statement_timeout", onStatementTimeout),
    deadlockCheck: ofStatement("deadlock_timeout", onDeadlockCheck),
    idleTimeout: ofConnection("idle_in_transaction_session_timeout", onIdleTimeout),
    terminate: ofConnection("Terminate arrives", onTerminate),
    sqliteStep: event("a step of a SQLite statement ends", (id, stage) =>
      onSqliteStep(runtime(), id, stage),
    ),
    sqliteTry: event("SQLite tries the lock again", (id) => onSqliteTry(runtime(), id)),
    shellEnds: event("the shell's sqlite3 ends", (number) => endShell(runtime(), number)),
    serverUp: event("PostgreSQL is up", () => onServerUp(runtime())),
    psqlWakes: event("pg_sleep() of psql is over", (slot) => nextStatement(runtime(), slot)),
  };
}
