// The words of PostgreSQL 15's server and of libpq 15. Source: postinit.c, proc.c, postgres.c,
// errcodes.txt; libpq fe-connect.c and fe-misc.c; confirmed by running them.
import { type DriverError, driverError } from "./sql-errors.ts";
import type { Connection } from "./world.ts";

/** What libpq puts before every failure to connect. */
export function connectionPrefix(settings: Readonly<Record<string, unknown>>): string {
  const host = String(settings.HOST ?? "");
  const port = String(settings.PORT ?? "") || "5432";
  if (host === "" || host.startsWith("/"))
    return `connection to server on socket "${host === "" ? "/var/run/postgresql" : host}/.s.PGSQL.${port}" failed: `;
  if (/^[\d.]+$/.test(host) || host.includes(":"))
    return `connection to server at "${host}", port ${port} failed: `;
  return `connection to server at "${host}" (${host === "localhost" ? "127.0.0.1" : "10.0.0.5"}), port ${port} failed: `;
}

export function serverDown(settings: Readonly<Record<string, unknown>>): DriverError {
  const prefix = connectionPrefix(settings);
  const reason = prefix.includes("on socket")
    ? "No such file or directory\n\tIs the server running locally and accepting connections on that socket?\n"
    : "Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n";
  return driverError("OperationalError", prefix + reason);
}

/** A FATAL of the server while a connection is set up. */
export function fatal(connection: Connection, text: string, state: string): DriverError {
  return driverError(
    "OperationalError",
    `${connectionPrefix(connection.settings)}FATAL:  ${text}\n`,
    state,
  );
}

export const TOO_MANY_CLIENTS = "sorry, too many clients already";
export const SLOTS_RESERVED =
  "remaining connection slots are reserved for non-replication superuser connections";
export const STARTING_UP = "the database system is starting up";
export const ADMIN_SHUTDOWN = "terminating connection due to administrator command";
export const CRASH_SHUTDOWN = "terminating connection because of crash of another server process";
export const IDLE_IN_TRANSACTION = "terminating connection due to idle-in-transaction timeout";

const CLOSED =
  "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\n";

/** What the next query of a client hears when the server has ended its connection. */
export function serverClosed(lastWords: string): DriverError {
  return driverError(
    "OperationalError",
    lastWords === "" ? CLOSED : `${lastWords}\n${CLOSED}`,
    "57P01",
  );
}

export const ALREADY_CLOSED: DriverError = Object.freeze(
  driverError("InterfaceError", "connection already closed"),
);
export const ABORTED: DriverError = Object.freeze(
  driverError(
    "InternalError",
    "current transaction is aborted, commands ignored until end of transaction block\n",
    "25P02",
  ),
);
export const STATEMENT_TIMEOUT: DriverError = Object.freeze(
  driverError("OperationalError", "canceling statement due to statement timeout\n", "57014"),
);

/** Where a wait for a row stands. Simplification: the page of a row is always the first. */
function whileUpdating(table: string, row: number): string {
  return row === 0 ? "" : `CONTEXT:  while updating tuple (0,${row}) in relation "${table}"\n`;
}

export function lockTimeout(table: string, row: number): DriverError {
  return driverError(
    "OperationalError",
    `canceling statement due to lock timeout\n${whileUpdating(table, row)}`,
    "55P03",
  );
}

export function couldNotLock(table: string, isRow: boolean): DriverError {
  const what = isRow ? "row in relation" : "relation";
  return driverError("OperationalError", `could not obtain lock on ${what} "${table}"\n`, "55P03");
}

/** Transactions are numbered by their connection, from here on. */
const FIRST_TRANSACTION = 740;

/** The victim's message: who waits for whom, around the circle. */
export function deadlock(circle: readonly Connection[], table: string, row: number): DriverError {
  const lines = circle.map((one, i) => {
    const next = circle[(i + 1) % circle.length];
    return `Process ${one.backend} waits for ShareLock on transaction ${FIRST_TRANSACTION + next.id}; blocked by process ${next.backend}.`;
  });
  return driverError(
    "OperationalError",
    `deadlock detected\nDETAIL:  ${lines.join("\n")}\nHINT:  See server log for query details.\n${whileUpdating(table, row)}`,
    "40P01",
  );
}
