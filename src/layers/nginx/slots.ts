// The slots of worker_connections: every client and every upstream connection takes one.
// Source: src/core/ngx_connection.c, ngx_get_connection, ngx_drain_connections (1.22.1).
import { SECOND } from "../../kernel/time.ts";
import { closeConnection } from "./connection-end.ts";
import type { Core } from "./core.ts";
import { logProcess } from "./error-log.ts";
import type { LogLevel } from "./phases.ts";
import type { Worker } from "./world.ts";

/** A line of the error log about a worker. */
export function logWorker(core: Core, worker: Worker, level: LogLevel, text: string): void {
  logProcess(core, worker.configuration.main, worker.pid, { level, text });
}

/** Whether a slot is free, after closing idle connections when few are left. */
export function makeRoom(core: Core, worker: Worker): boolean {
  const free = worker.slotsMax - worker.slots;
  if (free <= worker.slotsMax / 16) reuseIdle(core, worker);
  if (worker.slots < worker.slotsMax) return true;
  logWorker(core, worker, "alert", `${worker.slotsMax} worker_connections are not enough`);
  return false;
}

/** Closes the oldest idle connections: an eighth of them, at most 32. */
function reuseIdle(core: Core, worker: Worker): void {
  const idle = [...core.world().connections.values()].filter(
    (connection) =>
      connection.worker === worker.pid &&
      connection.request === null &&
      core.sim.is(core.connectionMachine, connection.entity, "keep-alive"),
  );
  if (idle.length === 0) return;
  if (worker.warnedAt < 0 || core.sim.now - worker.warnedAt >= SECOND) {
    worker.warnedAt = core.sim.now;
    const text = `${worker.slotsMax} worker_connections are not enough, reusing connections`;
    logWorker(core, worker, "warn", text);
  }
  const count = Math.max(Math.min(32, Math.floor(idle.length / 8)), 1);
  for (const connection of idle.slice(0, count)) closeConnection(core, connection, "reuse");
}
