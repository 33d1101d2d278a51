// Listening sockets and their accept queues: bind, listen, who is told, accept. The queue holds
// backlog + 1 connections, because Linux tests with "greater than".
// Source: listen(2); Linux net/core/somaxconn; include/net/sock.h sk_acceptq_is_full; recorded
// (net/tcp-backlog-full.json: listen(1) takes 2).
import { type DiskError, isDiskError } from "../../host/disk.ts";
import { normalisePath } from "../../host/file-system.ts";
import {
  type Address,
  ERRNO,
  type Errno,
  type HandlersId,
  type ListenerId,
  type ListenOptions,
  NO_SOCKET,
  type SocketId,
} from "../../host/network.ts";
import { parentPath } from "../../host/path-walk.ts";
import type { Pid } from "../../host/processes.ts";
import { NO_REQUEST, type RequestNumber } from "../../kernel/simulation.ts";
import { isOwnAddress, isTaken, socketFileTarget } from "./addresses.ts";
import { releaseIfOver, sendReset } from "./closing.ts";
import { listenerFires, programOf, type Tcp } from "./context.ts";
import { UNPRIVILEGED_PORT_START } from "./costs.ts";
import { noteQueue } from "./segments.ts";
import { type Connection, type Listener, NO_LISTENER, SERVER, socketOf, worldOf } from "./state.ts";

/** The error numbers of what can fail on the way to a socket file. */
const DISK_ERRNO: Readonly<Record<DiskError, Errno>> = {
  ENOENT: ERRNO.ENOENT,
  EACCES: ERRNO.EACCES,
  ENOTDIR: ERRNO.ENOENT,
  EISDIR: ERRNO.EADDRINUSE,
  ELOOP: ERRNO.ENOENT,
  ENAMETOOLONG: ERRNO.ENOENT,
};

export function errnoOf(error: DiskError): Errno {
  return DISK_ERRNO[error];
}

/** Why an address cannot be bound, or null. */
function bindError(tcp: Tcp, pid: Pid, address: Address): Errno | null {
  const user = tcp.userOf(pid);
  if (address.kind === "unix") return unixBindError(tcp, user, address.path);
  if (!isOwnAddress(address.ip, tcp.addresses)) return ERRNO.EADDRNOTAVAIL;
  if (address.port < UNPRIVILEGED_PORT_START && user !== "root") return ERRNO.EACCES;
  return isTaken(worldOf(tcp.sim), address.ip, address.port) ? ERRNO.EADDRINUSE : null;
}

function unixBindError(tcp: Tcp, user: string, path: string): Errno | null {
  const directory = tcp.disk.stat(parentPath(normalisePath(path)), user);
  if (isDiskError(directory)) return errnoOf(directory.error);
  if (tcp.disk.lstat(path) !== null) return ERRNO.EADDRINUSE;
  return tcp.disk.writable(parentPath(normalisePath(path)), user) ? null : ERRNO.EACCES;
}

export function listen(
  tcp: Tcp,
  pid: Pid,
  address: Address,
  options: ListenOptions,
): ListenerId | { readonly errno: Errno } {
  const errno = bindError(tcp, pid, address);
  if (errno !== null) return { errno };
  const world = worldOf(tcp.sim);
  const id = world.nextListener++;
  const entity = tcp.sim.spawn(tcp.listener, NO_REQUEST);
  const backlog = Math.min(options.backlog, tcp.settings.somaxconn);
  world.listeners.set(id, {
    id,
    address: Object.freeze({ ...address }),
    entity,
    handlers: options.handlers,
    backlog,
    alwaysFull: options.full === true,
    dualStack: options.dualStack === true,
    holders: [pid],
    watchers: [],
    queue: [],
  });
  if (address.kind === "unix")
    makeSocketFile(tcp, address.path, id, { owner: tcp.userOf(pid), ...options });
  tcp.sim.fire(tcp.listener, entity, listenerFires.listen, backlog);
  if (options.full === true) tcp.sim.fire(tcp.listener, entity, listenerFires.fill, 0);
  return id;
}

function makeSocketFile(
  tcp: Tcp,
  path: string,
  id: ListenerId,
  options: { readonly mode?: string; readonly owner: string },
): void {
  const { owner } = options;
  tcp.disk.put(path, {
    kind: "socket",
    text: null,
    bytes: 0,
    target: socketFileTarget(id),
    mode: Number.parseInt(options.mode ?? "0755", 8),
    owner,
    group: owner,
    mtime: 0,
  });
}

export function share(tcp: Tcp, id: ListenerId, pid: Pid): void {
  const listener = worldOf(tcp.sim).listeners.get(id);
  if (listener !== undefined && !listener.holders.includes(pid)) listener.holders.push(pid);
}

export function unlisten(tcp: Tcp, id: ListenerId, pid: Pid): void {
  const world = worldOf(tcp.sim);
  const listener = world.listeners.get(id);
  if (listener === undefined) return;
  listener.holders = listener.holders.filter((holder) => holder !== pid);
  listener.watchers = listener.watchers.filter((watcher) => watcher !== pid);
  if (listener.holders.length > 0) return;
  world.listeners.delete(id);
  tcp.sim.attribute(listener.entity, NO_REQUEST);
  tcp.sim.fire(tcp.listener, listener.entity, listenerFires.close, listener.queue.length);
  tcp.sim.retire(listener.entity);
  for (const waiting of listener.queue) {
    const connection = world.connections.get(waiting);
    if (connection !== undefined) resetQueued(tcp, connection);
  }
}

function resetQueued(tcp: Tcp, connection: Connection): void {
  connection.queuedAt = NO_LISTENER;
  sendReset(tcp, connection.sides[SERVER]);
  releaseIfOver(tcp, connection);
}

export interface Watching {
  readonly id: ListenerId;
  readonly pid: Pid;
  readonly on: boolean;
  readonly isExclusive: boolean;
}

export function watch(tcp: Tcp, { id, pid, on, isExclusive }: Watching): void {
  const listener = worldOf(tcp.sim).listeners.get(id);
  if (listener === undefined) return;
  const { watchers } = listener;
  const place = watchers.indexOf(pid);
  if (!on) {
    if (place >= 0) watchers.splice(place, 1);
    return;
  }
  if (place < 0 && isExclusive) watchers.push(pid);
  else if (place < 0) watchers.unshift(pid);
  if (listener.queue.length > 0) tcp.sim.after(0, tcp.events.tellListener, id, pid);
}

/** Whether the accept queue takes no more: more than `backlog` entries wait. */
export function isFull(listener: Listener): boolean {
  return listener.alwaysFull || listener.queue.length > listener.backlog;
}

/** Puts a complete connection into the accept queue, which must have room. */
export function enqueue(tcp: Tcp, listener: Listener, connection: Connection): void {
  const { sim } = tcp;
  listener.queue.push(connection.id);
  connection.queuedAt = listener.id;
  sim.attribute(listener.entity, connection.sides[SERVER].request);
  const row = sim.fire(tcp.listener, listener.entity, listenerFires.enqueue, listener.queue.length);
  if (sim.recording(listener.entity)) noteQueue(tcp, row, listener, false);
  if (isFull(listener)) {
    const full = sim.fire(tcp.listener, listener.entity, listenerFires.fill, listener.queue.length);
    if (sim.recording(listener.entity)) noteQueue(tcp, full, listener, false);
  }
}

/** Tells those who watch that a connection waits, until somebody has taken it. */
export function tellWatchers(tcp: Tcp, listener: Listener): void {
  const { watchers, id, handlers } = listener;
  if (watchers.length === 0) return;
  if (watchers.length === 1 || programOf(tcp, handlers).wakesAll) tellWatcher(tcp, id, watchers[0]);
  else for (const pid of watchers.slice()) tellWatcher(tcp, id, pid);
}

export function tellWatcher(tcp: Tcp, id: ListenerId, pid: Pid): void {
  const listener = worldOf(tcp.sim).listeners.get(id);
  if (listener === undefined || listener.queue.length === 0) return;
  if (listener.watchers.includes(pid)) programOf(tcp, listener.handlers).acceptable?.(id, pid);
}

/** A SYN or a unix connect() that found the queue full. */
export function turnedAway(
  tcp: Tcp,
  listener: Listener,
  request: RequestNumber,
  transition: number,
): void {
  const { sim } = tcp;
  sim.attribute(listener.entity, request);
  const row = sim.fire(tcp.listener, listener.entity, transition, listener.queue.length);
  if (sim.recording(listener.entity)) noteQueue(tcp, row, listener, false);
}

export function accept(tcp: Tcp, id: ListenerId, pid: Pid, handlers: HandlersId): SocketId {
  const { sim } = tcp;
  const world = worldOf(sim);
  const listener = world.listeners.get(id);
  if (listener === undefined || listener.queue.length === 0) return NO_SOCKET;
  const wasFull = isFull(listener);
  const connection = world.connections.get(listener.queue.shift() ?? -1);
  if (connection === undefined) return NO_SOCKET;
  const side = connection.sides[SERVER];
  sim.attribute(listener.entity, side.request);
  const transition = wasFull ? listenerFires.acceptFromFull : listenerFires.accept;
  const row = sim.fire(tcp.listener, listener.entity, transition, listener.queue.length);
  if (sim.recording(listener.entity)) noteQueue(tcp, row, listener, !wasFull);
  connection.queuedAt = NO_LISTENER;
  side.pid = pid;
  world.holders.add(pid);
  side.handlers = handlers;
  side.held = true;
  const socket = socketOf(side);
  if (side.arrived.length > 0 || side.ended || side.reset) {
    sim.soon(tcp.events.tellSocket, socket);
  }
  return socket;
}
