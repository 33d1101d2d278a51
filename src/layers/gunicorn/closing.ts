// The end of a request in a worker: the transition that says why, the socket, the thread that is free
// again, and the worker that goes on.
import { NO_EVENT } from "../../kernel/event-queue.ts";
import type { Facts } from "../layer.ts";
import { requestMachine } from "./machine.ts";
import { type Runtime, recentConnections, workerOf, world } from "./runtime.ts";
import type { Connection } from "./world.ts";

/** Takes the request's last transition of this round, with its facts when somebody looks. */
export function endRequest(
  runtime: Runtime,
  connection: Connection,
  transition: number,
  facts?: () => Facts,
): void {
  const { sim } = runtime.host;
  const row = sim.fire(
    runtime.request,
    connection.entity,
    transition,
    connection.response?.sent ?? 0,
  );
  if (facts !== undefined && sim.recording(connection.entity)) sim.note(row, facts());
}

/** close(client): the socket ends, the thread is free, the worker turns to what is next. */
export function closeConnection(runtime: Runtime, connection: Connection): void {
  forgetConnection(runtime, connection);
  if (runtime.host.network.isOpen(connection.socket)) runtime.host.network.close(connection.socket);
  const worker = workerOf(runtime, connection.worker);
  if (worker !== undefined) runtime.loop.next(worker);
}

/** Drops what is kept for a connection whose request has ended; the socket is left alone. */
export function forgetConnection(runtime: Runtime, connection: Connection): void {
  const { host } = runtime;
  releaseThread(runtime, connection);
  if (connection.job >= 0) host.cpu.cancel(connection.worker, connection.job, connection.socket);
  connection.job = -1;
  if (connection.deadline !== NO_EVENT) host.sim.cancel(connection.deadline);
  connection.deadline = NO_EVENT;
  recentConnections.drop(world(runtime).connections, connection.socket);
  const worker = workerOf(runtime, connection.worker);
  if (worker !== undefined) {
    remove(worker.connections, connection.socket);
    remove(worker.queue, connection.socket);
    remove(worker.kept, connection.socket);
  }
  host.sim.retire(connection.entity);
}

/** The thread that served the connection may serve another one. */
export function releaseThread(runtime: Runtime, connection: Connection): void {
  if (connection.slot < 0) return;
  world(runtime).calls.delete(connection.slot);
  workerOf(runtime, connection.worker)?.freeSlots.push(connection.slot);
  connection.slot = -1;
}

/** Ends a connection because its worker ends: whatever it was doing, the peer sees EOF. */
export function abortConnection(
  runtime: Runtime,
  connection: Connection,
  facts?: () => Facts,
): void {
  const { slot } = connection;
  const calling = connection.environ !== null && slot >= 0;
  if (slot >= 0) world(runtime).calls.delete(slot);
  if (calling) runtime.application.interrupt(slot, "SystemExit");
  endRequest(runtime, connection, requestMachine.transition.abort, facts);
  connection.slot = -1;
  forgetConnection(runtime, connection);
}

function remove(list: number[], item: number): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}
