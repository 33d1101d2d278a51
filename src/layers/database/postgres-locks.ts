// Locks of PostgreSQL: on tables by mode, with a queue in the order of coming, so that whoever waits
// for ALTER TABLE makes those behind wait too; on rows, held by whoever changed them until the end of
// the transaction. Source: PostgreSQL 15 documentation, 13.3 Explicit Locking; lock.c, proc.c.

import type { ConnectionId } from "../database-client.ts";
import { isWrite, tablesOf } from "./engine.ts";
import { serverOf } from "./postgres-server.ts";
import { connectionOf, type Runtime } from "./runtime.ts";
import type { LockMode, Statement } from "./sql-statement.ts";
import type { Connection, PostgresServer } from "./world.ts";

/** Which modes cannot be held at the same time. Source: table 13.2. */
const CONFLICTS: Readonly<Record<LockMode, readonly LockMode[]>> = {
  "ACCESS SHARE": ["ACCESS EXCLUSIVE"],
  "ROW SHARE": ["ACCESS EXCLUSIVE"],
  "ROW EXCLUSIVE": ["SHARE", "ACCESS EXCLUSIVE"],
  SHARE: ["ROW EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "ACCESS EXCLUSIVE": ["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE", "ACCESS EXCLUSIVE"],
};

/** The mode in which a statement locks the tables that it names. Simplification: CREATE TABLE locks none. */
export function lockModeOf(statement: Statement): LockMode | null {
  switch (statement.kind) {
    case "lockTable":
      return statement.mode;
    case "select":
      return isWrite(statement) ? "ROW SHARE" : "ACCESS SHARE";
    case "insert":
    case "update":
    case "delete":
      return "ROW EXCLUSIVE";
    case "createIndex":
      return "SHARE";
    case "addColumn":
    case "alterTable":
    case "dropTable":
    case "truncate":
      return "ACCESS EXCLUSIVE";
    default:
      return null;
  }
}

interface Refusal {
  readonly by: ConnectionId;
  readonly table: string;
  readonly mode: LockMode;
}

/** Takes the table locks of a statement until the transaction's end, or says who is in the way. */
export function takeTableLocks(
  runtime: Runtime,
  connection: Connection,
  statement: Statement,
): Refusal | null {
  const mode = lockModeOf(statement);
  if (mode === null) return null;
  const { locks } = connection.transaction;
  for (const reference of tablesOf(statement)) {
    const table = reference.table.toLowerCase();
    if (locks.some((lock) => lock.table === table && lock.mode === mode)) continue;
    const by = inTheWay(runtime, connection, table, mode);
    if (by !== 0) return { by, table, mode };
    locks.push({ table, mode });
  }
  return null;
}

/** Who holds a mode that conflicts, or waits in front for one; 0 for nobody. */
function inTheWay(
  runtime: Runtime,
  connection: Connection,
  table: string,
  mode: LockMode,
): ConnectionId {
  const server = serverOf(runtime, connection);
  const conflicts = CONFLICTS[mode];
  for (const id of rivals(runtime, server, connection)) {
    const other = connectionOf(runtime, id);
    if (other === undefined || other.settings.NAME !== connection.settings.NAME) continue;
    if (
      other.transaction.locks.some((lock) => lock.table === table && conflicts.includes(lock.mode))
    )
      return id;
  }
  for (const id of server.waiting) {
    if (id === connection.id) break;
    const wants = connectionOf(runtime, id)?.running?.wants;
    if (wants?.table === table && conflicts.includes(wants.mode)) return id;
  }
  return 0;
}

/** Simplification: only the connections that hold a lock at all are asked; they are kept in no table of locks. */
function* rivals(
  runtime: Runtime,
  server: PostgresServer,
  connection: Connection,
): Generator<ConnectionId> {
  for (const other of (
    runtime.sim.world.database as { connections: Map<ConnectionId, Connection> }
  ).connections.values()) {
    if (
      other.id !== connection.id &&
      other.engine === "postgresql" &&
      other.transaction.locks.length > 0 &&
      serverOf(runtime, other) === server
    )
      yield other.id;
  }
}

/** The circle of those who wait for each other, from `connection` on; empty when there is none. */
export function deadlockCircle(runtime: Runtime, connection: Connection): readonly Connection[] {
  const circle = [connection];
  for (let next = connection.running?.waitsFor ?? 0; next !== connection.id; ) {
    const other = connectionOf(runtime, next);
    if (other?.running == null || other.running.waitsFor === 0 || circle.includes(other)) return [];
    circle.push(other);
    next = other.running.waitsFor;
  }
  return circle;
}
