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
  connectionOf,
  FIN,
  NO_ENTITY,
  NO_LISTENER,
  RST,
  SERVER,
  type SideIndex,
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
function fireClosing(
  tcp: Tcp,
  connection: Connection,
  index: SideIndex,
  name: ClosingTransition,
): void {
  const { sim } = tcp;
  const side = connection.sides[index];
  if (side.entity === NO_ENTITY) {
    side.over = true;
    return;
  }
  const row =
    index === CLIENT
      ? sim.fire(tcp.client, side.entity, clientFires[name], connection.id)
      : sim.fire(tcp.server, side.entity, serverFires[name], connection.id);
  if (sim.recording(side.entity)) noteFlags(tcp, row, connection, index, name);
  if (!CLOSED_BY.has(name)) return;
  sim.retire(side.entity);
  side.entity = NO_ENTITY;
  side.over = true;
}

function stateName(tcp: Tcp, connection: Connection, index: SideIndex): string {
  const { entity } = connection.sides[index];
  if (entity === NO_ENTITY) return "CLOSED";
  const { machine } = index === CLIENT ? tcp.client : tcp.server;
  return machine.stateNames[tcp.sim.stateOf(entity)];
}

/** Forgets a connection that is over at both sides and held by nobody. */
export function releaseIfOver(tcp: Tcp, connection: Connection): void {
  const [client, server] = connection.sides;
  if (client.over && server.over && !client.held && !server.held) {
    worldOf(tcp.sim).connections.delete(connection.id);
  }
}

/** FIN after everything sent so far. */
export function sendFin(tcp: Tcp, connection: Connection, index: SideIndex): void {
  const side = connection.sides[index];
  if (side.finSent || side.over) return;
  side.finSent = true;
  fireClosing(tcp, connection, index, side.ended ? "sendLastFin" : "sendFin");
  dispatch(tcp, connection, index, { kind: FIN, chunk: null, request: side.request, label: null });
}

/** RST: this side is closed at once, the peer when it arrives. */
export function sendReset(tcp: Tcp, connection: Connection, index: SideIndex): void {
  const side = connection.sides[index];
  if (side.over) return;
  fireClosing(tcp, connection, index, "sendReset");
  side.arrived.length = 0;
  connection.queuedAt = NO_LISTENER;
  dispatch(tcp, connection, index, { kind: RST, chunk: null, request: side.request, label: null });
}

/** The peer's FIN is here; its ACK goes back. */
export function receiveFin(tcp: Tcp, connection: Connection, index: SideIndex): void {
  const side = connection.sides[index];
  side.ended = true;
  if (side.over) return;
  const state = stateName(tcp, connection, index);
  if (state === "ESTABLISHED") fireClosing(tcp, connection, index, "receiveFin");
  else if (state === "FIN-WAIT-1") fireClosing(tcp, connection, index, "receiveFinFirst");
  else if (state === "FIN-WAIT-2") fireClosing(tcp, connection, index, "receiveLastFin");
  const sender = (index ^ 1) as SideIndex;
  if (connection.local) finAcknowledged(tcp, connection, sender);
  else {
    const { halfRttNs } = connection;
    tcp.sim.after(halfRttNs, tcp.events.finAcknowledged, socketOf(connection, sender));
  }
}

/** The ACK of this side's FIN is here. */
export function finAcknowledged(tcp: Tcp, connection: Connection, index: SideIndex): void {
  const state = stateName(tcp, connection, index);
  if (state === "FIN-WAIT-1") fireClosing(tcp, connection, index, "receiveAckOfFin");
  else if (state === "CLOSING") fireClosing(tcp, connection, index, "receiveAckWhileClosing");
  else if (state === "LAST-ACK") fireClosing(tcp, connection, index, "receiveLastAck");
  releaseIfOver(tcp, connection);
}

/** The peer's RST is here. What had arrived before it can still be read, as on Linux. */
export function receiveReset(tcp: Tcp, connection: Connection, index: SideIndex): void {
  const side = connection.sides[index];
  if (!side.over) {
    side.reset = true;
    fireClosing(tcp, connection, index, "receiveReset");
    if (side.held) programOf(tcp, side.handlers).reset?.(socketOf(connection, index));
  }
  if (side.reset && side.arrived.length === 0) side.held = false;
  releaseIfOver(tcp, connection);
}

/** close(): see host/network.ts. */
export function close(tcp: Tcp, socket: SocketId): void {
  const connection = connectionOf(worldOf(tcp.sim), socket);
  if (connection === undefined) return;
  const index = (socket & 1) as SideIndex;
  const side = connection.sides[index];
  if (!side.held) return;
  side.held = false;
  if (!connection.established && index === CLIENT) return abandon(tcp, connection);
  if (side.arrived.length > 0) sendReset(tcp, connection, index);
  else sendFin(tcp, connection, index);
  side.arrived.length = 0;
  releaseIfOver(tcp, connection);
}

/** RST at once (SO_LINGER 0). */
export function abort(tcp: Tcp, socket: SocketId): void {
  const connection = connectionOf(worldOf(tcp.sim), socket);
  if (connection === undefined) return;
  const index = (socket & 1) as SideIndex;
  const side = connection.sides[index];
  if (!side.held) return;
  side.held = false;
  if (!connection.established && index === CLIENT) return abandon(tcp, connection);
  sendReset(tcp, connection, index);
  releaseIfOver(tcp, connection);
}

/** close() before the handshake is over: nothing more is sent. */
function abandon(tcp: Tcp, connection: Connection): void {
  const [client, server] = connection.sides;
  tcp.sim.fire(tcp.client, client.entity, clientFires.abandon, connection.synsSent);
  tcp.sim.retire(client.entity);
  if (server.entity !== NO_ENTITY) {
    tcp.sim.fire(tcp.server, server.entity, serverFires.dropHalfOpen, connection.id);
    tcp.sim.retire(server.entity);
  }
  worldOf(tcp.sim).connections.delete(connection.id);
}

/** What the kernel closes when a process dies: its sockets; listening ones are unlisten's. */
export function closeAllOf(tcp: Tcp, pid: Pid): void {
  for (const connection of [...worldOf(tcp.sim).connections.values()]) {
    for (const index of [CLIENT, SERVER] as const) {
      const side = connection.sides[index];
      if (side.held && side.pid === pid) close(tcp, socketOf(connection, index));
    }
  }
}
