// Accepting: which worker takes the next client, and what a new connection begins with.
// Source: src/event/ngx_event_accept.c (1.22.1).

import type { ListenerId, SocketId } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { causeOf } from "./cause.ts";
import { connectionStep, setConnectionTimer } from "./connection-end.ts";
import type { Core } from "./core.ts";
import { CLIENT_HEADER_TIMEOUT } from "./core-directives.ts";
import type { ClientConnection } from "./request.ts";
import { settingOf } from "./settings.ts";
import { makeRoom } from "./slots.ts";
import type { Worker, WorkerListener } from "./world.ts";
import { recentConnections } from "./world.ts";

/** After so many connections a worker goes to the end of the line. */
const TURN = 16;

/**
 * Asks to be told of connections that wait. Workers ask with EPOLLEXCLUSIVE: the kernel tells the first
 * in line, and without ngx_reorder_accept_events that would be the same worker for ever.
 * Source: ngx_event_process_init, ngx_reorder_accept_events.
 */
export function standInLine(core: Core, worker: Worker, listener: ListenerId): void {
  core.host.network.watch(listener, worker.pid, true, true);
}

/** Event of a listening socket: the worker accepts whatever waits. */
export function acceptAll(core: Core, listener: ListenerId, pid: Pid): void {
  const worker = core.world().workers.get(pid);
  if (worker === undefined || worker.exiting) return;
  if (!takeWaiting(core, worker, listener)) return;
  core.host.network.watch(listener, pid, false);
  standInLine(core, worker, listener);
}

/** Accepts whatever waits; true when it is another worker's turn then. */
function takeWaiting(core: Core, worker: Worker, listener: ListenerId): boolean {
  const { network } = core.host;
  const bound = worker.listeners.find(({ id }) => id === listener);
  let isOver = false;
  while (network.waiting(listener) > 0) {
    const socket = network.accept(listener, worker.pid, core.sockets);
    if (socket < 0) break;
    if (!makeRoom(core, worker)) {
      network.close(socket);
      continue;
    }
    if (bound !== undefined) isOver = isTurnOver(worker, bound) || isOver;
    acceptOne(core, worker, listener, socket);
  }
  return isOver;
}

/** Counts a connection; true after the first, after each sixteenth, and while few slots are free. */
function isTurnOver({ slots, slotsMax }: Worker, listener: WorkerListener): boolean {
  const isDisabled = Math.floor(slotsMax / 8) > slotsMax - slots;
  return listener.accepts++ % TURN === 0 || isDisabled;
}

function acceptOne(core: Core, worker: Worker, listener: ListenerId, socket: SocketId): void {
  const { network } = core.host;
  const info = network.info(socket);
  const address = addressFor(worker, listener, info.local.kind === "tcp" ? info.local.ip : "");
  if (address === null) {
    network.close(socket);
    return;
  }
  worker.slots++;
  const world = core.world();
  world.accepted++;
  const { peer, request: number } = info;
  const connection: ClientConnection = {
    socket,
    number: world.nextConnection++,
    worker: worker.pid,
    entity: core.sim.spawn(core.connectionMachine, number),
    configuration: worker.configuration,
    address,
    acceptedAt: core.sim.now,
    clientIp: peer.kind === "tcp" ? peer.ip : "unix:",
    clientPort: peer.kind === "tcp" ? peer.port : 0,
    requests: 0,
    pending: [],
    request: null,
    streams: null,
    timer: NO_EVENT,
    logAction: "waiting for request",
    tls: false,
    ended: false,
    lingering: false,
    pipelined: false,
    lastNumber: number,
    observed: NO_REQUEST,
    observedLines: [],
  };
  recentConnections.keep(world.connections, socket, connection);
  const { listen } = address;
  if (listen.ssl) connection.logAction = "SSL handshaking";
  connectionStep(core, connection, listen.ssl ? "beginHandshake" : "accept", () => ({
    values: { client: connection.clientIp, address: listen.text, worker: worker.pid },
    cause: causeOf(listen.span, "the address the worker listens on"),
  }));
  const timeout = settingOf(address.defaultServer, CLIENT_HEADER_TIMEOUT);
  setConnectionTimer(core, connection, "client_header_timeout", timeout);
}

/** A wildcard listener serves the servers of the very address that the client asked, if there are any. */
function addressFor(worker: Worker, listener: ListenerId, localIp: string) {
  const bound = worker.listeners.find((candidate) => candidate.id === listener);
  if (bound === undefined) return null;
  const { addresses } = bound;
  const exact = addresses.find((address) => address.listen.ip === localIp);
  return exact ?? addresses.find((address) => isWildcard(address.listen.ip)) ?? addresses[0];
}

const isWildcard = (ip: string): boolean => ip === "0.0.0.0" || ip === "::" || ip === "";
