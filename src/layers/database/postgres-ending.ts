// How a backend of PostgreSQL ends: Terminate from the client, the server's own stop, a killed process.
// What was not committed is undone, its locks are free, its place is free. A client whose connection
// the server ended learns of it at its next query.

import { endTransaction } from "./engine.ts";
import { stateFacts } from "./facts.ts";
import { statementMachine } from "./machine.ts";
import { serverClosed } from "./postgres-errors.ts";
import { leavePlace, serverOf, storeOf } from "./postgres-server.ts";
import { wakeWaiting } from "./postgres-statement.ts";
import { fireConnection, forget, logPostgres, type Runtime, stopTimers } from "./runtime.ts";
import type { Connection } from "./world.ts";

/**
 * Ends a backend. With `lastWords` it was the server's doing: the connection stays in the client's
 * hands, broken, until the client closes it.
 */
export function endBackend(
  runtime: Runtime,
  connection: Connection,
  transition: "close" | "terminate",
  lastWords?: string,
): void {
  const server = serverOf(runtime, connection);
  const { processes, cpu } = runtime.host;
  server.waiting = server.waiting.filter((id) => id !== connection.id);
  if (lastWords !== undefined && lastWords !== "")
    logPostgres(runtime, connection, `FATAL:  ${lastWords}`);
  for (const kind of [runtime.events.planned, runtime.events.executed])
    cpu.cancel(connection.backend, kind, connection.id);
  endTransaction(storeOf(runtime, connection), connection.transaction, false);
  fireConnection(runtime, connection, transition, () => stateFacts(runtime, connection));
  leavePlace(server, connection);
  if (server.local && processes.alive(connection.backend)) processes.exit(connection.backend, 0);
  if (lastWords === undefined) forget(runtime, connection);
  else breakConnection(runtime, connection, lastWords);
  wakeWaiting(runtime, connection);
}

/** The client does not know yet, unless it waits for a result: then it hears at once. */
function breakConnection(runtime: Runtime, connection: Connection, lastWords: string): void {
  connection.broken = serverClosed(lastWords);
  const { running } = connection;
  if (running === null || runtime.sim.is(runtime.statements, running.entity, "sent")) return;
  stopTimers(runtime, running);
  running.outcome = { kind: "error", error: connection.broken };
  const answered = runtime.sim.is(runtime.statements, running.entity, "answering");
  if (!answered)
    runtime.sim.fire(runtime.statements, running.entity, statementMachine.transition.cancel);
  runtime.sim.after(0, runtime.events.reply, connection.id, running.serial);
}
