// Worker processes: made by the master for a configuration, they accept and serve; told to quit they
// close what is idle, finish what runs, and end.
// Source: src/os/unix/ngx_process_cycle.c, ngx_worker_process_cycle (1.22.1).

import type { Pid } from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { fromMs } from "../../kernel/time.ts";
import { standInLine } from "./accepting.ts";
import { listenAddresses } from "./bind.ts";
import { closeIdle } from "./connection.ts";
import { forgetConnection } from "./connection-end.ts";
import type { Core } from "./core.ts";
import { USER, WORKER_CONNECTIONS, WORKER_SHUTDOWN_TIMEOUT } from "./core-directives.ts";
import { terminate } from "./finalize.ts";
import { valueAt } from "./settings.ts";
import { logWorker } from "./slots.ts";
import type { Master, Worker } from "./world.ts";
import { recentRequests } from "./world.ts";

/** Forks a worker for the master's configuration and lets it accept. */
export function startWorker(core: Core, master: Master): Pid {
  const { host, sim } = core;
  const { configuration } = master;
  const user = valueAt(configuration.main, USER);
  const pid = host.processes.fork(master.pid, "worker", user);
  const entity = sim.spawn(core.worker, NO_REQUEST);
  const listeners = listenAddresses(configuration).flatMap(({ bind, addresses }) => {
    const id = master.listeners.get(bind);
    return id === undefined ? [] : [{ id, addresses, accepts: 0 }];
  });
  const worker: Worker = {
    pid,
    master: master.pid,
    entity,
    configuration,
    listeners,
    user,
    slotsMax: valueAt(configuration.events, WORKER_CONNECTIONS),
    // Each listener takes a slot, and so does the channel to the master.
    slots: listeners.length + 1,
    exiting: false,
    shutdownTimer: NO_EVENT,
    warnedAt: -1,
  };
  core.world().workers.set(pid, worker);
  sim.fire(core.worker, entity, core.worker.machine.transition.listen, pid);
  for (const { id } of listeners) {
    host.network.share(id, pid);
    standInLine(core, worker, id);
  }
  return pid;
}

/** Begins the graceful end: no new connections, idle ones closed, running requests finished. */
export function quitWorker(core: Core, pid: Pid): void {
  const worker = core.world().workers.get(pid);
  if (worker === undefined || worker.exiting) return;
  worker.exiting = true;
  core.sim.fire(core.worker, worker.entity, core.worker.machine.transition.finish, pid);
  logWorker(core, worker, "notice", "gracefully shutting down");
  for (const { id } of worker.listeners) core.host.network.unlisten(id, pid);
  closeIdle(core, worker);
  for (const module of core.modules) module.workerQuits?.(core, pid);
  const timeoutMs = valueAt(worker.configuration.main, WORKER_SHUTDOWN_TIMEOUT);
  if (timeoutMs > 0)
    worker.shutdownTimer = core.sim.after(fromMs(timeoutMs), core.events.shutdownTimer, pid, 0);
  scheduleExitCheck(core, worker);
}

/** Looks, in an event of its own, whether a finishing worker has nothing left to do. */
export function scheduleExitCheck(core: Core, worker: Worker): void {
  if (worker.exiting) core.sim.after(0, core.events.exitCheck, worker.pid);
}

/** Event: a finishing worker ends with its last connection. */
export function checkExit(core: Core, pid: Pid): void {
  const worker = core.world().workers.get(pid);
  if (worker === undefined || !worker.exiting || worker.slots > worker.listeners.length + 1) return;
  logWorker(core, worker, "notice", "exiting");
  logWorker(core, worker, "notice", "exit");
  core.host.processes.exit(pid, 0);
}

/** Event: worker_shutdown_timeout is over; what still runs is cut. */
export function shutdownTimedOut(core: Core, pid: Pid): void {
  const worker = core.world().workers.get(pid);
  if (worker === undefined) return;
  for (const request of [...core.world().requests.values()])
    if (request.worker === pid && request.parent === null) terminate(core, request, 0);
  scheduleExitCheck(core, worker);
}

/** TERM or INT: the worker ends at once; its connections are closed by the kernel. */
export function terminateWorker(core: Core, pid: Pid): void {
  const worker = core.world().workers.get(pid);
  if (worker === undefined) return;
  logWorker(core, worker, "notice", "exiting");
  logWorker(core, worker, "notice", "exit");
  core.host.processes.exit(pid, 0);
}

/** The process is gone: forget its connections and requests. */
export function forgetWorker(core: Core, pid: Pid): void {
  const world = core.world();
  const worker = world.workers.get(pid);
  if (worker === undefined) return;
  for (const request of [...world.requests.values()])
    if (request.worker === pid) drop(core, request.id);
  for (const connection of [...world.connections.values()]) {
    if (connection.worker !== pid) continue;
    core.cancel(connection.timer);
    const { sim, connectionMachine: handle } = core;
    sim.fire(handle, connection.entity, handle.machine.transition.drop);
    forgetConnection(core, connection);
  }
  for (const module of core.modules) module.workerEnded?.(core, pid);
  core.cancel(worker.shutdownTimer);
  world.workers.delete(pid);
  core.sim.fire(core.worker, worker.entity, core.worker.machine.transition.exit, pid);
  core.sim.retire(worker.entity);
}

function drop(core: Core, id: number): void {
  const request = core.request(id);
  if (request === null) return;
  request.finished = true;
  for (const cleanUp of core.hooks.cleanups) cleanUp(core, request);
  core.clearTimer(request);
  core.step(request, "drop");
  core.sim.retire(request.entity);
  recentRequests.drop(core.world().requests, id);
}
