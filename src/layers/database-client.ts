// How the application and the database meet: connections and statements, with callbacks by the slot
// (thread) that asked. The database layer implements DatabaseServer; Django uses it.
import type { RequestNumber } from "../kernel/simulation.ts";
import type { Pid } from "../host/processes.ts";

export type ConnectionId = number;

export interface StatementResult {
  readonly rows: number;
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
}

export interface DatabaseServer {
  /** Registers Django's callbacks; call once at install. */
  client(client: DatabaseClient): void;
  connect(slot: number, pid: Pid, settings: Readonly<Record<string, unknown>>, request: RequestNumber): void;
  execute(slot: number, connection: ConnectionId, sql: string, options: StatementOptions, request: RequestNumber): void;
  close(connection: ConnectionId): void;
  processEnded(pid: Pid): void;
}
