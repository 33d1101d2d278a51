// What changes in the database: connections with their transactions, SQLite's files, PostgreSQL's
// servers. Plain data, in sim.world.database.
import type { Pid } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { Entity, RequestNumber } from "../../kernel/simulation.ts";
import type { Instant, Span } from "../../kernel/time.ts";
import type { ConnectionId, StatementOptions } from "../database-client.ts";
import type { Cause } from "../layer.ts";
import type { HeldCrossing } from "./link.ts";
import type { Store, Undo } from "./row-store.ts";
import type { DriverError } from "./sql-errors.ts";
import type { Outcome } from "./sql-execute.ts";
import type { LockMode, ParsedSql } from "./sql-statement.ts";

export interface Transaction {
  /** BEGIN was said: COMMIT or ROLLBACK will end it. */
  open: boolean;
  /** An error happened: nothing but ROLLBACK is taken (PostgreSQL). */
  aborted: boolean;
  undo: Undo[];
  savepoints: { name: string; length: number }[];
  /** PostgreSQL's locks on tables, by name in lower case. */
  locks: { table: string; mode: LockMode }[];
  /** SQLite: has read in this transaction, so it holds SHARED. */
  hasRead: boolean;
}

/** A statement on its way. */
export interface Running {
  /** Tells it from those before and after it on the connection. */
  readonly serial: number;
  readonly entity: Entity;
  readonly sql: string;
  readonly parsed: ParsedSql;
  readonly options: StatementOptions;
  readonly request: RequestNumber;
  readonly startedAt: Instant;
  outcome: Outcome | null;
  /** While it waits: since when, for whom, for which lock, how often it has tried. */
  waitsSince: Instant;
  waitsFor: ConnectionId;
  wants: { readonly table: string; readonly mode: LockMode } | null;
  row: number;
  tries: number;
  timers: EventHandle[];
}

/** Limits of a session; 0 means none. */
export interface SessionLimits {
  lockTimeoutNs: Span;
  statementTimeoutNs: Span;
  idleInTransactionNs: Span;
}

export interface Connection {
  readonly id: ConnectionId;
  readonly slot: number;
  /** The application's process. */
  readonly pid: Pid;
  readonly engine: "sqlite" | "postgresql";
  readonly entity: Entity;
  /** The path of its file, or which server it is. */
  readonly place: string;
  readonly openedAt: Instant;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly cause: Cause | null;
  /** PostgreSQL: the process that serves it; 0 before the fork. */
  backend: Pid;
  /** PostgreSQL: it has one of the places of max_connections. */
  hasPlace: boolean;
  /** SQLite: the number of its store, which stays its own when the file is removed. */
  store: number;
  readonly busyTimeoutNs: Span;
  readonly limits: SessionLimits;
  /** What SET LOCAL has covered, to put back at the end of the transaction. */
  coveredLimits: SessionLimits | null;
  readonly transaction: Transaction;
  running: Running | null;
  idleTimer: EventHandle;
  /** Nobody listens at the client's side any more. */
  clientGone: boolean;
  /** What the client will hear of a connection that the server ended; null while it lives. */
  broken: DriverError | null;
}

export interface SqliteFile {
  readonly store: Store;
  /** Who holds RESERVED or more; 0 for nobody, SHELL for the program sqlite3. */
  writer: ConnectionId;
  /** The writer holds EXCLUSIVE: nobody reads. */
  exclusive: boolean;
}

export interface PostgresServer {
  readonly key: string;
  /** Runs on this machine, and so on its processor. */
  readonly local: boolean;
  state: "up" | "starting" | "down";
  postmaster: Pid;
  /** Places of max_connections that are taken, by backends that authenticate too. */
  backends: number;
  readonly databases: Map<string, Store>;
  /** Who waits for a lock, in the order of coming. */
  waiting: ConnectionId[];
  nextRemotePid: Pid;
}

/** What is wrong with the link to PostgreSQL; it is added to what the link has by itself. */
export interface DatabaseLink {
  /** Each way. */
  delayNs: Span;
  lossRate: number;
  /** What was sent while nothing came through; null while the link is open. */
  held: HeldCrossing[] | null;
}

/** A psql that an operator started: what it still has to send, and its connection once it has one. */
export interface PsqlSession {
  readonly pid: Pid;
  readonly statements: string[];
  connection: ConnectionId;
}

export interface DatabaseWorld {
  readonly link: DatabaseLink;
  nextConnection: ConnectionId;
  nextSerial: number;
  connections: Map<ConnectionId, Connection>;
  nextStore: number;
  /** SQLite's files by the number that stands in their text on the disk. */
  readonly files: Map<number, SqliteFile>;
  /** The file that has the scenario's tables has been made. */
  hasLaidOut: boolean;
  readonly servers: Map<string, PostgresServer>;
  /** By the slot that takes the place of an application's thread. */
  readonly sessions: Map<number, PsqlSession>;
  nextSession: number;
}

/** The owner that stands for the shell's sqlite3. */
export const SHELL: ConnectionId = -2;

export function emptyWorld(): DatabaseWorld {
  return {
    link: { delayNs: 0, lossRate: 0, held: null },
    nextConnection: 1,
    nextSerial: 1,
    connections: new Map(),
    nextStore: 1,
    files: new Map(),
    hasLaidOut: false,
    servers: new Map(),
    sessions: new Map(),
    nextSession: 0,
  };
}

export function newTransaction(): Transaction {
  return { open: false, aborted: false, undo: [], savepoints: [], locks: [], hasRead: false };
}
