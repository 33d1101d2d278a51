// How the application and the database meet: connections and statements, with callbacks by the slot
// (thread) that asked. The database layer implements DatabaseServer; Django uses it.

import type { Pid } from "../host/processes.ts";
import type { RequestNumber } from "../kernel/simulation.ts";
import type { Cause } from "./layer.ts";

export type ConnectionId = number;

export type SqlValue = string | number | null;
/** A row by the names of its columns. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface StatementResult {
  readonly rows: number;
  /** The rows themselves, of statements on tables whose content is kept. */
  readonly data?: readonly SqlRow[];
  /** The driver's exception, or null: { name: "OperationalError", message: "database is locked" }. */
  readonly error: { readonly name: string; readonly message: string } | null;
}

export interface DatabaseClient {
  connected(slot: number, connection: ConnectionId | null, error: StatementResult["error"]): void;
  result(slot: number, result: StatementResult): void;
}

export interface StatementOptions {
  /** What the statement costs the server, when the scenario says so (ms of a `query` step). */
  readonly costNs?: number;
  /** Rows it returns, when the scenario says so. */
  readonly rows?: number;
  /** Values for the statement's `%s`, in order. */
  readonly params?: readonly SqlValue[];
  /** Where the scenario asks for this statement, for a recorder only. */
  readonly cause?: Cause;
}

export interface DatabaseServer {
  /** Registers Django's callbacks; call once at install. */
  client(client: DatabaseClient): void;
  /** Answers by `connected`. `cause` is where the settings stand (DATABASES), for a recorder only. */
  connect(
    slot: number,
    pid: Pid,
    settings: Readonly<Record<string, unknown>>,
    request: RequestNumber,
    cause?: Cause,
  ): void;
  execute(
    slot: number,
    connection: ConnectionId,
    sql: string,
    options: StatementOptions,
    request: RequestNumber,
  ): void;
  close(connection: ConnectionId): void;
  processEnded(pid: Pid): void;
}
