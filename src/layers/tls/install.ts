// Wraps the transport: sockets that ask for TLS get it, all others pass through untouched.

import type {
  Chunk,
  ListenerId,
  Network,
  SocketHandlers,
  SocketId,
  SocketInfo,
} from "../../host/network.ts";
import { renewed } from "../../kernel/renewal.ts";
import type { MachineHandle } from "../../kernel/simulation.ts";
import { incomingWire, pull, releaseWhole, seal, write } from "./channel.ts";
import {
  clientAnswers,
  clientReceives,
  prepareClient,
  sendClientHello,
  transportConnected,
} from "./client-side.ts";
import { abort, close, drop, dropAllOf, fail, transportEnded, transportReset } from "./closing.ts";
import {
  endOf,
  programOf,
  recentPairs,
  type Tls,
  type TlsEvents,
  type TlsParts,
} from "./context.ts";
import { clientMachine, serverMachine } from "./machine.ts";
import { join, prepareServer, serverAnswers, serverReceives } from "./server-side.ts";
import { type Bundle, type End, emptyWorld, type Pair, worldOf } from "./state.ts";

/** Makes the network with TLS. Call once, right after installTcp. */
export function installTls(parts: TlsParts): Network {
  const { sim } = parts;
  sim.world.tls = emptyWorld();
  const tls: Tls = {
    ...parts,
    client: sim.machine(clientMachine) as MachineHandle,
    server: sim.machine(serverMachine) as MachineHandle,
    events: {} as TlsEvents,
    programs: [],
    plainHandlers: [],
    tlsHandlers: [],
    deciders: [],
  };
  const handshakesSoFar = (): number => worldOf(sim).handshakes;
  sim.renewal.addCounted(handshakesSoFar, () => {
    const world = worldOf(sim);
    world.ends = renewed(world.ends);
    world.pairs = renewed(world.pairs);
    return world.ends.size + world.pairs.size;
  });
  tls.events.clientHello = sim.event("tls: ClientHello", (socket) => sendClientHello(tls, socket));
  tls.events.clientAnswers = sim.event("tls: client answers", (socket) =>
    clientAnswers(tls, socket),
  );
  tls.events.serverAnswers = sim.event("tls: server answers", (socket) =>
    serverAnswers(tls, socket),
  );
  tls.events.seal = sim.event("tls: seal", (socket) => seal(tls, socket));
  return { ...tls.transport, ...listenerCalls(tls), ...socketCalls(tls) };
}

type ListenerCall = "handlers" | "listen" | "handOver" | "accept" | "connect" | "processEnded";

function listenerCalls(tls: Tls): Pick<Network, ListenerCall> {
  const { transport, sim } = tls;
  return {
    handlers: (handlers) => {
      tls.plainHandlers.push(transport.handlers(handlers));
      tls.tlsHandlers.push(transport.handlers(throughTls(tls, handlers)));
      return tls.programs.push(handlers) - 1;
    },
    listen: (pid, address, options) => {
      const handlers = tls.plainHandlers[options.handlers];
      const listener = transport.listen(pid, address, { ...options, handlers });
      if (typeof listener === "number" && options.tls !== undefined) {
        worldOf(sim).listeners.set(listener, tls.deciders.push(options.tls) - 1);
      }
      return listener;
    },
    handOver: (listener, handlers) => transport.handOver(listener, tls.plainHandlers[handlers]),
    accept: (listener, pid, handlers) => accept(tls, { listener, pid, handlers }),
    connect: (options) => {
      const secure = options.tls !== undefined;
      const handlers = (secure ? tls.tlsHandlers : tls.plainHandlers)[options.handlers];
      const socket = transport.connect({ ...options, handlers });
      if (secure) prepareClient(tls, socket, options);
      return socket;
    },
    processEnded: (pid) => {
      dropAllOf(tls, pid);
      transport.processEnded(pid);
    },
  };
}

interface Accepting {
  readonly listener: ListenerId;
  readonly pid: number;
  readonly handlers: number;
}

function accept(tls: Tls, { listener, pid, handlers }: Accepting): SocketId {
  const decider = worldOf(tls.sim).listeners.get(listener);
  if (decider === undefined)
    return tls.transport.accept(listener, pid, tls.plainHandlers[handlers]);
  const socket = tls.transport.accept(listener, pid, tls.tlsHandlers[handlers]);
  if (socket >= 0) prepareServer(tls, { socket, pid, handlers, decider });
  return socket;
}

type SocketCall = "send" | "read" | "end" | "close" | "abort" | "info" | "unsentBytes" | "isOpen";

function socketCalls(tls: Tls): Pick<Network, SocketCall> {
  const { transport } = tls;
  const find = (socket: SocketId): End | undefined => endOf(tls, socket);
  return {
    send: (socket, chunk, request) => {
      const end = find(socket);
      if (end === undefined) transport.send(socket, chunk, request);
      else write(tls, end, chunk, request);
    },
    read: (socket) => {
      const end = find(socket);
      return end === undefined ? transport.read(socket) : readPlain(end);
    },
    end: (socket) => {
      const end = find(socket);
      if (end === undefined) transport.end(socket);
      else close(tls, end, "end");
    },
    close: (socket) => {
      const end = find(socket);
      if (end === undefined) transport.close(socket);
      else close(tls, end, "close");
    },
    abort: (socket) => {
      const end = find(socket);
      if (end === undefined) transport.abort(socket);
      else abort(tls, end);
    },
    info: (socket) => infoOf(transport.info(socket), find(socket)),
    unsentBytes: (socket) => transport.unsentBytes(socket) + unsealedBytes(find(socket)),
    isOpen: (socket) => transport.isOpen(socket) && find(socket)?.open !== false,
  };
}

function infoOf(info: SocketInfo, end: End | undefined): SocketInfo {
  if (end === undefined) return info;
  const { local, peer, ended } = info;
  return { local, peer, tls: end.info, request: end.request, ended };
}

function unsealedBytes(end: End | undefined): number {
  return end === undefined ? 0 : end.outgoing.reduce((sum, { chunk }) => sum + chunk.bytes, 0);
}

function readPlain(end: End): Chunk | null {
  const plain = end.arrived.shift();
  if (plain === undefined) return null;
  end.request = plain.request;
  return plain.chunk;
}

/** The callbacks that the transport makes for a socket with TLS; without an end they pass through. */
function throughTls(tls: Tls, program: SocketHandlers): SocketHandlers {
  const has = (socket: SocketId): boolean => endOf(tls, socket) !== undefined;
  return {
    connected: (socket) => transportConnected(tls, socket),
    connectFailed: (socket, errno) => {
      const end = endOf(tls, socket);
      if (end !== undefined) drop(tls, end, "loseConnection");
      recentPairs.drop(worldOf(tls.sim).pairs, socket);
      program.connectFailed?.(socket, errno);
    },
    readable: (socket) => (has(socket) ? receive(tls, socket) : program.readable?.(socket)),
    ended: (socket) => (has(socket) ? transportEnded(tls, socket) : program.ended?.(socket)),
    reset: (socket) => (has(socket) ? transportReset(tls, socket) : program.reset?.(socket)),
    waitsForDrain: (socket) =>
      program.drained !== undefined && program.waitsForDrain?.(socket) !== false,
    drained: (socket) => {
      const end = endOf(tls, socket);
      const waits =
        end !== undefined && (end.info === null || end.outgoing.length > 0 || !end.open);
      if (!waits) program.drained?.(socket);
    },
  };
}

/** Raw bytes have arrived for an end. */
function receive(tls: Tls, socket: SocketId): void {
  const end = endOf(tls, socket);
  if (end === undefined) return;
  const pair = join(tls, end);
  if (pair === undefined) {
    meetPlainClient(tls, end);
    return;
  }
  const wire = incomingWire(pair, end);
  pull(tls, end, wire);
  if (wire.arrivedBytes > wire.sentBytes) {
    fail(tls, end, "meetPlainText", { alert: "wrong version number", byPeer: false });
    return;
  }
  openBundles(tls, end, pair);
  if (end.arrived.length > 0 && end.open) programOf(tls, end).readable?.(socket);
}

function openBundles(tls: Tls, end: End, pair: Pair): void {
  const wire = incomingWire(pair, end);
  while (wire.bundles.length > 0 && endOf(tls, end.socket) === end) {
    const bundle = wire.bundles[0];
    const whole = bundle.end <= wire.arrivedBytes;
    if (whole) wire.bundles.shift();
    if (bundle.kind === "data" && pair.agreed !== null) {
      releaseWhole(end, bundle, wire, pair.agreed.version);
    }
    if (!whole) return;
    if (bundle.kind !== "data") receiveFlight(tls, end, pair, bundle);
  }
}

function receiveFlight(tls: Tls, end: End, pair: Pair, bundle: Bundle): void {
  if (bundle.alert === "close_notify") end.peerNotified = true;
  else if (end.role === "client") clientReceives(tls, end, pair, bundle);
  else serverReceives(tls, end, pair, bundle);
}

/** The client sent no ClientHello: the program gets the bytes as they are, on a plain socket. */
function meetPlainClient(tls: Tls, end: End): void {
  drop(tls, end, "meetPlainText");
  programOf(tls, end).readable?.(end.socket);
}
