// Who takes the next connection: idle workers wait for the shared listening socket, all are woken, one
// wins accept(). A busy sync worker takes the next one itself, without select(), when it is done.
// Source: gunicorn/workers/sync.py run_for_one, gthread.py accept 20.1.0; Linux accept(2).
// Simplification: the losers of the race cost nothing, and the winner is drawn with the run's seed.

import { type ListenerId, NO_SOCKET, type SocketId } from "../../host/network.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { uniformInteger } from "../../kernel/random.ts";
import { SECOND } from "../../kernel/time.ts";
import type { Alternative } from "../layer.ts";
import { listenerText } from "./address.ts";
import { numberOf } from "./config.ts";
import { WAKE_NS } from "./costs.ts";
import { acceptFacts, workerFacts } from "./facts.ts";
import { requestMachine, workerMachine } from "./machine.ts";
import { readHead } from "./receiving.ts";
import { connectionOf, type Runtime, recentConnections, workerOf, world } from "./runtime.ts";
import { beginSilence, watchWorker } from "./watching.ts";
import type { Connection, Worker } from "./world.ts";

const { transition } = requestMachine;
/** Purpose of the draw that picks among idle workers. */
const WINNER_DRAW = 0x6701;

/** The network says that a connection waits: the race begins after the time select() needs to return. */
export function onAcceptable(runtime: Runtime, listener: ListenerId): void {
  const { waking } = world(runtime);
  if (waking.has(listener)) return;
  waking.add(listener);
  runtime.host.sim.after(WAKE_NS, runtime.events.wake, listener);
}

/** The race: each waiting connection goes to one of the workers that can take one. */
export function onWake(runtime: Runtime, listener: ListenerId): void {
  const state = world(runtime);
  const { network } = runtime.host;
  state.waking.delete(listener);
  while (network.waiting(listener) > 0) {
    const winner = drawWinner(runtime, state.holders.get(listener) ?? []);
    if (winner === null || !acceptOne(runtime, winner, listener)) break;
  }
  for (const worker of state.holders.get(listener) ?? []) {
    if (worker.orphaned && canAccept(worker) && network.waiting(listener) === 0)
      runtime.loop.turn(worker);
  }
}

/** Those of a race, written over by the next one: the workers are asked once, and no list is made. */
const racers: Worker[] = [];

/** One of the workers that can take a connection, or null. */
function drawWinner(runtime: Runtime, holders: readonly Worker[]): Worker | null {
  let ready = 0;
  for (const worker of holders) if (canAccept(worker)) racers[ready++] = worker;
  if (ready === 0) return null;
  const wakeup = world(runtime).wakeups++;
  return racers[uniformInteger(runtime.host.sim.seed, wakeup, WINNER_DRAW, ready)];
}

/** A running worker that has room: a sync one serves one connection, others worker_connections. */
export function canAccept(worker: Worker): boolean {
  if (worker.phase !== "running" || worker.stoppedAt >= 0) return false;
  // The poller of a threaded worker does not wake up for a signal: it accepts until its turn ends.
  if (worker.config.workerKind !== "sync")
    return worker.connections.length < numberOf(worker.config, "worker_connections");
  return worker.alive && worker.connections.length === 0;
}

/** accept() on one listener; false when nobody waits (EAGAIN). */
export function acceptOne(runtime: Runtime, worker: Worker, listener: ListenerId): boolean {
  const { host } = runtime;
  const queued = host.network.waiting(listener);
  const socket = host.network.accept(listener, worker.pid, runtime.handlers);
  if (socket === NO_SOCKET) return false;
  const { sim } = host;
  const { request } = host.network.info(socket);
  const entity = sim.spawn(runtime.request, request);
  const connection = newConnection(worker, { socket, listener, entity, request });
  recentConnections.keep(world(runtime).connections, socket, connection);
  worker.connections.push(socket);
  beginWork(runtime, worker, request);
  const slot = takeSlot(runtime, worker);
  const row = sim.fire(
    runtime.request,
    entity,
    slot < 0 ? transition.queueForThread : transition.accept,
    queued,
  );
  if (sim.recording(entity)) {
    const others = otherWorkers(runtime, worker, listener);
    const text = listenerText(host.network.addressOf(listener));
    sim.note(
      row,
      acceptFacts({
        worker,
        listener: text,
        queued: queued - 1,
        others,
        number: workerNumber(runtime, worker),
        thread: slot,
      }),
    );
  }
  if (slot < 0) worker.queue.push(socket);
  else serve(runtime, worker, connection, slot);
  if (worker.config.workerKind !== "sync") runtime.loop.turn(worker);
  return true;
}

function newConnection(
  worker: Worker,
  ids: { socket: SocketId; listener: ListenerId; entity: number; request: number },
): Connection {
  return {
    socket: ids.socket,
    listener: ids.listener,
    entity: ids.entity,
    request: ids.request,
    worker: worker.pid,
    slot: -1,
    requestNumber: 1,
    head: "",
    kernel: [],
    buffer: [],
    parsed: null,
    error: null,
    environ: null,
    body: { kind: "length", left: 0 },
    wanted: null,
    mustClose: false,
    response: null,
    startedAt: 0,
    peerEnded: false,
    peerReset: false,
    item: null,
    exhausted: false,
    deadline: NO_EVENT,
    job: -1,
  };
}

/** The worker's own state and heartbeat when it takes a connection. */
function beginWork(runtime: Runtime, worker: Worker, request: number): void {
  const { sim, network } = runtime.host;
  const sync = worker.config.workerKind === "sync";
  // A gevent worker's own loop turns beside its greenlets, once a second from its boot on.
  if (worker.config.workerKind !== "gevent") {
    worker.lastBeat = sim.now;
    worker.idleSince = sync ? -1 : sim.now;
  }
  const idle = sim.is(runtime.worker, worker.entity, "idle");
  const { accept, acceptNext } = workerMachine.transition;
  sim.attribute(worker.entity, request);
  const row = sim.fire(
    runtime.worker,
    worker.entity,
    idle ? accept : acceptNext,
    worker.connections.length,
  );
  if (sim.recording(worker.entity)) sim.note(row, workerFacts(worker));
  if (!canAccept(worker))
    for (const listener of worker.listeners) network.watch(listener, worker.pid, false);
  if (sync) {
    beginSilence(runtime, worker);
    watchWorker(runtime, worker);
  }
}

/** A free thread's slot, or -1. Slots are unique over all servers: `slot % 8` is the server. */
function takeSlot(runtime: Runtime, worker: Worker): number {
  const free = worker.freeSlots.pop();
  if (free !== undefined) return free;
  if (worker.slots >= threadsOf(worker)) return -1;
  worker.slots++;
  return world(runtime).nextSlot++ * 8 + runtime.serverId;
}

/** How many requests a worker serves at once. */
export function threadsOf(worker: Worker): number {
  if (worker.config.workerKind === "sync") return 1;
  return numberOf(
    worker.config,
    worker.config.workerKind === "gthread" ? "threads" : "worker_connections",
  );
}

function serve(runtime: Runtime, worker: Worker, connection: Connection, slot: number): void {
  connection.slot = slot;
  world(runtime).calls.set(slot, connection);
  limitHead(runtime, worker, connection);
  readHead(runtime, worker, connection);
}

/**
 * A greenlet waits keepalive seconds for every request's head, the first one too.
 * Source: gunicorn/workers/base_async.py handle, timeout_ctx 20.1.0.
 */
function limitHead(runtime: Runtime, worker: Worker, connection: Connection): void {
  const seconds = numberOf(worker.config, "keepalive");
  if (worker.config.workerKind !== "gevent" || seconds === 0) return;
  if (connection.deadline !== NO_EVENT) return;
  const { sim } = runtime.host;
  connection.deadline = sim.after(seconds * SECOND, runtime.events.keepAlive, connection.socket);
}

/** Threads that are free take the connections that wait for one, oldest first. */
export function serveQueue(runtime: Runtime, worker: Worker): void {
  while (worker.queue.length > 0) {
    const slot = takeSlot(runtime, worker);
    if (slot < 0) return;
    const connection = connectionOf(runtime, worker.queue.shift() as SocketId);
    if (connection === undefined) {
      worker.freeSlots.push(slot);
      continue;
    }
    runtime.host.sim.fire(runtime.request, connection.entity, transition.takeThread, slot);
    serve(runtime, worker, connection, slot);
  }
}

/** A kept connection became readable: back to the threads for its next request. */
export function reuseConnection(runtime: Runtime, connection: Connection): void {
  const { sim } = runtime.host;
  const worker = workerOf(runtime, connection.worker);
  if (worker === undefined) return;
  if (worker.config.workerKind !== "gevent") {
    if (connection.deadline !== NO_EVENT) sim.cancel(connection.deadline);
    connection.deadline = NO_EVENT;
  }
  const place = worker.kept.indexOf(connection.socket);
  if (place >= 0) worker.kept.splice(place, 1);
  if (worker.config.workerKind === "gthread") worker.idleSince = sim.now;
  sim.fire(runtime.request, connection.entity, transition.readNext, connection.requestNumber);
  worker.queue.push(connection.socket);
  serveQueue(runtime, worker);
}

function workerNumber(runtime: Runtime, worker: Worker): number {
  const workers = world(runtime).masters.get(worker.master)?.workers ?? [];
  return workers.indexOf(worker.pid) + 1;
}

/** Why the other workers did not take it. */
function otherWorkers(runtime: Runtime, winner: Worker, listener: ListenerId): Alternative[] {
  const holders = world(runtime).holders.get(listener) ?? [];
  return holders
    .filter((worker) => worker !== winner)
    .map((worker) => ({
      text: `worker ${workerNumber(runtime, worker)} (pid ${worker.pid})`,
      verdict: whyNot(worker),
      chosen: false,
    }));
}

function whyNot(worker: Worker): string {
  if (worker.phase === "loading" || worker.phase === "forked")
    return "still importing the application";
  if (worker.phase === "exiting") return "exiting";
  if (!worker.alive) return "finishing its last request";
  return canAccept(worker)
    ? "idle too; it lost the race for accept()"
    : "busy with another request";
}
