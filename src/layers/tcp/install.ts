// Puts TCP, unix sockets and listening sockets into a simulation and gives programs their network.

import { type Address, NO_SOCKET, type SocketId, type SocketInfo } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import type { Transport } from "../../host/transport.ts";
import { ensure } from "../../kernel/assert.ts";
import { renewed } from "../../kernel/renewal.ts";
import type { MachineHandle } from "../../kernel/simulation.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { listenerBehind } from "./addresses.ts";
import { abort, close, closeAllOf, finAcknowledged, sendFin } from "./closing.ts";
import { readTcpSettings } from "./config.ts";
import {
  ackArrives,
  connect,
  connectFails,
  localConnect,
  synAckAgain,
  synAgain,
  synAnswered,
  synArrives,
} from "./connecting.ts";
import { programOf, type Tcp, type TcpEvents, type TcpParts } from "./context.ts";
import { parcelsArrive, read, send, tellSocket } from "./delivery.ts";
import { accept, listen, share, tellWatcher, unlisten, watch } from "./listening.ts";
import { clientMachine, listenerMachine, serverMachine } from "./machine.ts";
import { DATA, emptyWorld, peerOf, type Side, sideOf, worldOf } from "./state.ts";
import { synSchedule } from "./syn-schedule.ts";

const NOWHERE: Address = { kind: "unix", path: "" };

/** What is left to say of a socket that is gone. */
const GONE: SocketInfo = Object.freeze({
  local: NOWHERE,
  peer: NOWHERE,
  tls: null,
  request: NO_REQUEST,
  ended: true,
});

/** Makes the network without TLS. Call once, before the programs that use it are installed. */
export function installTcp(parts: TcpParts): Transport {
  const { sim } = parts;
  const settings = readTcpSettings(parts.sysctl);
  sim.world.tcp = emptyWorld();
  const tcp: Tcp = {
    ...parts,
    settings,
    schedule: synSchedule(settings.synRetries, settings.synLinearTimeouts),
    client: sim.machine(clientMachine) as MachineHandle,
    server: sim.machine(serverMachine) as MachineHandle,
    listener: sim.machine(listenerMachine) as MachineHandle,
    events: {} as TcpEvents,
    programs: [],
  };
  registerEvents(tcp);
  const connectionsSoFar = (): number => worldOf(sim).nextConnection;
  sim.renewal.addCounted(connectionsSoFar, () => {
    const world = worldOf(sim);
    world.connections = renewed(world.connections);
    return world.connections.size;
  });
  return { ...programCalls(tcp), ...socketCalls(tcp) };
}

function registerEvents(tcp: Tcp): void {
  const { sim, events } = tcp;
  const onConnection = (name: string, handle: (tcp: Tcp, a: number, b: number) => void): number =>
    sim.event(`tcp: ${name}`, (a, b) => handle(tcp, a, b));
  events.synArrives = onConnection("SYN arrives", synArrives);
  events.synAgain = onConnection("SYN timer", synAgain);
  events.synAnswered = onConnection("SYN,ACK arrives", synAnswered);
  events.ackArrives = onConnection("ACK of the handshake arrives", ackArrives);
  events.synAckAgain = onConnection("SYN,ACK timer", synAckAgain);
  events.localConnect = onConnection("local connect", localConnect);
  events.connectFails = onConnection("refusal arrives", connectFails);
  events.parcelArrives = onConnection("data arrives", parcelsArrive);
  worldOf(sim).arrivalEvent = events.parcelArrives;
  events.finAcknowledged = onConnection("ACK of FIN arrives", acknowledged);
  events.drained = onConnection("everything sent is there", drained);
  events.tellSocket = onConnection("tell of what waits in a socket", tellSocket);
  events.tellListener = onConnection("tell of waiting connections", tellWatcher);
}

function acknowledged(tcp: Tcp, socket: SocketId): void {
  const side = sideOf(tcp.sim, socket);
  if (side !== undefined) finAcknowledged(tcp, side);
}

function drained(tcp: Tcp, socket: SocketId): void {
  const side = sideOf(tcp.sim, socket);
  if (side === undefined || !side.held || unsent(side) > 0) return;
  programOf(tcp, side.handlers).drained?.(socket);
}

/** Bytes on their way to the other side. */
function unsent(side: Side): number {
  let bytes = 0;
  for (const parcel of peerOf(side).onTheWay) bytes += parcel.chunk?.bytes ?? 0;
  return bytes;
}

type SocketCall =
  | "send"
  | "sendFlight"
  | "read"
  | "end"
  | "close"
  | "abort"
  | "info"
  | "unsentBytes"
  | "isOpen"
  | "peerOf"
  | "isRemote";

/** What programs call of listening sockets, and connect(). */
function programCalls(tcp: Tcp): Omit<Transport, SocketCall> {
  const listenerOf = (id: number) => worldOf(tcp.sim).listeners.get(id);
  return {
    handlers: (handlers) => tcp.programs.push(handlers) - 1,
    listen: (pid, address, options) => listen(tcp, pid, address, options),
    share: (id, pid) => share(tcp, id, pid),
    unlisten: (id, pid) => unlisten(tcp, id, pid),
    watch: (id, pid, on, isExclusive = false) => watch(tcp, { id, pid, on, isExclusive }),
    handOver: (id, handlers) => {
      const listener = listenerOf(id);
      if (listener !== undefined) listener.handlers = handlers;
    },
    waiting: (id) => listenerOf(id)?.queue.length ?? 0,
    addressOf: (id) => ensure(listenerOf(id), `listener ${id}`).address,
    listenerAt: (address) => listenerAt(tcp, address),
    accept: (id, pid, handlers) => accept(tcp, id, pid, handlers),
    connect: (options) => connect(tcp, options),
    processEnded: (pid) => processEnded(tcp, pid),
  };
}

/** What programs call of connected sockets. */
function socketCalls(tcp: Tcp): Pick<Transport, SocketCall> {
  const find = (socket: SocketId) => (socket === NO_SOCKET ? undefined : sideOf(tcp.sim, socket));
  return {
    send: (socket, chunk, request) =>
      send(tcp, socket, { kind: DATA, chunk, request, label: null }),
    sendFlight: (socket, chunk, request, label) =>
      send(tcp, socket, { kind: DATA, chunk, request, label }),
    read: (socket) => read(tcp, socket),
    end: (socket) => {
      const side = find(socket);
      if (side?.connection.established && side.held) sendFin(tcp, side);
    },
    close: (socket) => close(tcp, socket),
    abort: (socket) => abort(tcp, socket),
    info: (socket) => infoOf(find(socket)),
    unsentBytes: (socket) => {
      const side = find(socket);
      return side === undefined ? 0 : unsent(side);
    },
    isOpen: (socket) => {
      const side = find(socket);
      return side?.held === true && !side.reset;
    },
    peerOf: (socket) => socket ^ 1,
    isRemote: (socket) => find(socket)?.connection.remote ?? false,
  };
}

function infoOf(side: Side | undefined): SocketInfo {
  if (side === undefined) return GONE;
  const { address, request, ended } = side;
  return { local: address, peer: peerOf(side).address, tls: null, request, ended };
}

function listenerAt(tcp: Tcp, address: Address): number | null {
  const world = worldOf(tcp.sim);
  if (address.kind === "unix") {
    return listenerBehind(world, tcp.disk.lstat(address.path)?.target ?? null)?.id ?? null;
  }
  for (const { id, address: bound } of world.listeners.values()) {
    if (bound.kind === "tcp" && bound.ip === address.ip && bound.port === address.port) return id;
  }
  return null;
}

function processEnded(tcp: Tcp, pid: Pid): void {
  closeAllOf(tcp, pid);
  for (const id of [...worldOf(tcp.sim).listeners.keys()]) {
    const held = worldOf(tcp.sim).listeners.get(id)?.holders.includes(pid);
    if (held) unlisten(tcp, id, pid);
  }
}
