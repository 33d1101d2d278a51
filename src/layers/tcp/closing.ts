// How connections end: FIN from each side, or RST at once. Source: RFC 9293 sections 3.6 and 3.10.4;
// Linux net/ipv4/tcp.c, __tcp_close: unread data in the receive buffer sends RST.
// Simplification: an orphan in FIN-WAIT-2 waits without tcp_fin_timeout.
import type { SocketId } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import { clientFires, programOf, serverFires, type Tcp } from "./context.ts";
import { dispatch } from "./delivery.ts";
import { noteFlags } from "./segments.ts";
import {
  CLIENT,
  type Connection,
  FIN,
  NO_ENTITY,
  NO_LISTENER,
  peerOf,
  RST,
  recentConnections,
  SERVER,
  type Side,
  sideOf,
  socketOf,
  worldOf,
} from "./state.ts";

type ClosingTransition =
  | "sendFin"
  | "receiveFin"
  | "sendLastFin"
  | "receiveAckOfFin"
  | "receiveFinFirst"
  | "receiveLastFin"
  | "receiveAckWhileClosing"
  | "receiveLastAck"
  | "sendReset"
  | "receiveReset";

const CLOSED_BY: ReadonlySet<ClosingTransition> = new Set([
  "receiveLastFin",
  "receiveAckWhileClosing",
  "receiveLastAck",
  "sendReset",
  "receiveReset",
] as const);

/** Fires a transition that both sides' machines have, and ends the entity when it was the last. */
function fireClosing(tcp: Tcp, side: Side, name: ClosingTransition): void {
  const { sim } = tcp;
  const { entity, connection } = side;
  if (entity === NO_ENTITY) {
    side.over = true;
    return;
  }
  const row =
    side.index === CLIENT
      ? sim.fire(tcp.client, entity, clientFires[name], connection.id)
      : sim.fire(tcp.server, entity, serverFires[name], connection.id);
  if (sim.recording(entity)) noteFlags(tcp, row, side, name);
  if (!CLOSED_BY.has(name)) return;
  sim.retire(entity);
  side.entity = NO_ENTITY;
  side.over = true;
}

function stateName(tcp: Tcp, side: Side): string {
  if (side.entity === NO_ENTITY) return "CLOSED";
  const { machine } = side.index === CLIENT ? tcp.client : tcp.server;
  return machine.stateNames[tcp.sim.stateOf(side.entity)];
}

/** Forgets a connection that is over at both sides, held by nobody and in no accept queue. */
export function releaseIfOver(tcp: Tcp, connection: Connection): void {
  const [client, server] = connection.sides;
  if (connection.queuedAt !== NO_LISTENER) return;
  if (client.over && server.over && !client.held && !server.held) {
    recentConnections.drop(worldOf(tcp.sim).connections, connection.id);
  }
}

/** FIN after everything sent so far. */
export function sendFin(tcp: Tcp, side: Side): void {
  if (side.finSent || side.over) return;
  side.finSent = true;
  fireClosing(tcp, side, side.ended ? "sendLastFin" : "sendFin");
  dispatch(tcp, side, { kind: FIN, chunk: null, request: side.request, label: null });
}

/** RST: this side is closed at once, the peer when it arrives. */
export function sendReset(tcp: Tcp, side: Side): void {
  if (side.over) return;
  fireClosing(tcp, side, "sendReset");
  side.arrived.length = 0;
  dispatch(tcp, side, { kind: RST, chunk: null, request: side.request, label: null });
}

/** The peer's FIN is here; its ACK goes back. */
export function receiveFin(tcp: Tcp, side: Side): void {
  side.ended = true;
  if (side.over) return;
  const state = stateName(tcp, side);
  if (state === "ESTABLISHED") fireClosing(tcp, side, "receiveFin");
  else if (state === "FIN-WAIT-1") fireClosing(tcp, side, "receiveFinFirst");
  else if (state === "FIN-WAIT-2") fireClosing(tcp, side, "receiveLastFin");
  const { local, halfRttNs } = side.connection;
  const sender = peerOf(side);
  if (local) finAcknowledged(tcp, sender);
  else tcp.sim.after(halfRttNs, tcp.events.finAcknowledged, socketOf(sender));
}

/** The ACK of this side's FIN is here. */
export function finAcknowledged(tcp: Tcp, side: Side): void {
  const state = stateName(tcp, side);
  if (state === "FIN-WAIT-1") fireClosing(tcp, side, "receiveAckOfFin");
  else if (state === "CLOSING") fireClosing(tcp, side, "receiveAckWhileClosing");
  else if (state === "LAST-ACK") fireClosing(tcp, side, "receiveLastAck");
  releaseIfOver(tcp, side.connection);
}

/** The peer's RST is here. What had arrived before it can still be read, as on Linux. */
export function receiveReset(tcp: Tcp, side: Side): void {
  if (!side.over) {
    side.reset = true;
    fireClosing(tcp, side, "receiveReset");
    if (side.held) programOf(tcp, side.handlers).reset?.(socketOf(side));
  }
  if (side.reset && side.arrived.length === 0) side.held = false;
  releaseIfOver(tcp, side.connection);
}

/** close(): see host/network.ts. */
export function close(tcp: Tcp, socket: SocketId): void {
  const side = sideOf(tcp.sim, socket);
  if (side === undefined || !side.held) return;
  side.held = false;
  if (!side.connection.established) {
    abandon(tcp, side.connection);
    return;
  }
  if (side.arrived.length > 0) sendReset(tcp, side);
  else sendFin(tcp, side);
  side.arrived.length = 0;
  releaseIfOver(tcp, side.connection);
}

/** RST at once (SO_LINGER 0). */
export function abort(tcp: Tcp, socket: SocketId): void {
  const side = sideOf(tcp.sim, socket);
  if (side === undefined || !side.held) return;
  side.held = false;
  if (side.connection.established) sendReset(tcp, side);
  else abandon(tcp, side.connection);
  releaseIfOver(tcp, side.connection);
}

/** close() before the handshake is over: nothing more is sent. */
function abandon(tcp: Tcp, connection: Connection): void {
  const client = connection.sides[CLIENT];
  tcp.sim.fire(tcp.client, client.entity, clientFires.abandon, connection.synsSent);
  tcp.sim.retire(client.entity);
  dropHalfOpen(tcp, connection);
  recentConnections.drop(worldOf(tcp.sim).connections, connection.id);
}

/** The server forgets a connection whose handshake did not complete. */
export function dropHalfOpen(tcp: Tcp, connection: Connection): void {
  const server = connection.sides[SERVER];
  if (server.entity === NO_ENTITY) return;
  tcp.sim.fire(tcp.server, server.entity, serverFires.dropHalfOpen, connection.id);
  tcp.sim.retire(server.entity);
  server.entity = NO_ENTITY;
  server.over = true;
}

/** What the kernel closes when a process dies: its sockets; listening ones are unlisten's. */
export function closeAllOf(tcp: Tcp, pid: Pid): void {
  const touched: Connection[] = [];
  const { holders, connections } = worldOf(tcp.sim);
  if (!holders.delete(pid)) return;
  for (const connection of connections.values()) {
    if (connection.sides[CLIENT].pid === pid || connection.sides[SERVER].pid === pid) {
      touched.push(connection);
    }
  }
  for (const connection of touched) {
    for (const side of connection.sides) {
      if (side.held && side.pid === pid) close(tcp, socketOf(side));
    }
  }
}
