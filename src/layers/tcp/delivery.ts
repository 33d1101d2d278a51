// Bytes on their way. A local write arrives after a fixed latency, and what is written at one instant
// arrives in one event; across a link the flights of slow start decide.
import type { Chunk, SocketId } from "../../host/network.ts";
import type { RequestNumber } from "../../kernel/simulation.ts";
import { receiveFin, receiveReset, releaseIfOver, sendReset } from "./closing.ts";
import { clientFires, programOf, serverFires, type Tcp } from "./context.ts";
import {
  COPY_COUNTS_FROM_BYTES,
  LOCAL_BYTES_PER_SECOND,
  LOOPBACK_ONE_WAY_NS,
  UNIX_ONE_WAY_NS,
} from "./costs.ts";
import { type Flight, newWindow, type Path, sendFlights } from "./flights.ts";
import { draw, LOSS_IN_FLIGHT } from "./loss.ts";
import { noteArrival, noteSending } from "./segments.ts";
import { sliceChunk } from "./slices.ts";
import {
  CLIENT,
  type Connection,
  connectionOf,
  DATA,
  FIN,
  NO_ENTITY,
  type Parcel,
  RST,
  type Side,
  type SideIndex,
  socketOf,
  worldOf,
} from "./state.ts";

type Outgoing = Omit<Parcel, "at">;

/** write(): what is sent after FIN, RST or close() is lost, as after EPIPE. */
export function send(
  tcp: Tcp,
  socket: SocketId,
  chunk: Chunk,
  request: RequestNumber,
  label: string | null,
): void {
  const connection = connectionOf(worldOf(tcp.sim), socket);
  if (connection === undefined || !connection.established || chunk.bytes === 0) return;
  const index = (socket & 1) as SideIndex;
  const side = connection.sides[index];
  if (!side.held || side.finSent || side.over) return;
  if (index === CLIENT) side.request = request;
  dispatch(tcp, connection, index, { kind: DATA, chunk, request, label });
}

/** Sends bytes, FIN or RST on their way to the other side. */
export function dispatch(
  tcp: Tcp,
  connection: Connection,
  from: SideIndex,
  parcel: Outgoing,
): void {
  if (parcel.kind === DATA) {
    const flights = connection.local ? null : flightsOf(tcp, connection, from, parcel.chunk);
    fireSending(tcp, connection, from, parcel, flights);
    connection.sides[from].sentBytes += parcel.chunk?.bytes ?? 0;
    if (flights !== null && flights.length > 1)
      return scatter(tcp, connection, from, parcel, flights);
    const at = flights === null ? localArrival(tcp, connection, parcel) : flights[0].arrivesAt;
    return post(tcp, connection, from, parcel, at);
  }
  const at = connection.local
    ? localArrival(tcp, connection, parcel)
    : tcp.sim.now + connection.halfRttNs;
  post(tcp, connection, from, parcel, at);
}

/** One chunk in several flights: each brings its part. */
function scatter(
  tcp: Tcp,
  connection: Connection,
  from: SideIndex,
  parcel: Outgoing,
  flights: readonly Flight[],
): void {
  let offset = 0;
  for (const flight of flights) {
    const chunk = parcel.chunk === null ? null : sliceChunk(parcel.chunk, offset, flight.bytes);
    offset += flight.bytes;
    post(tcp, connection, from, { ...parcel, chunk }, flight.arrivesAt);
  }
}

function post(
  tcp: Tcp,
  connection: Connection,
  from: SideIndex,
  parcel: Outgoing,
  at: number,
): void {
  const to = (from ^ 1) as SideIndex;
  const side = connection.sides[to];
  const arrivesAt = Math.max(at, side.eventAt);
  const { kind, chunk, request, label } = parcel;
  side.onTheWay.push({ kind, chunk, request, at: arrivesAt, label });
  if (arrivesAt === side.eventAt && arrivesAt > tcp.sim.now) return;
  side.eventAt = arrivesAt;
  tcp.sim.at(arrivesAt, tcp.events.parcelArrives, socketOf(connection, to));
}

function localArrival(tcp: Tcp, connection: Connection, parcel: Outgoing): number {
  const latency = connection.kind === "unix" ? UNIX_ONE_WAY_NS : LOOPBACK_ONE_WAY_NS;
  const bytes = parcel.chunk?.bytes ?? 0;
  const copying =
    bytes < COPY_COUNTS_FROM_BYTES ? 0 : Math.round((bytes / LOCAL_BYTES_PER_SECOND) * 1e9);
  return tcp.sim.now + latency + copying;
}

function flightsOf(
  tcp: Tcp,
  connection: Connection,
  from: SideIndex,
  chunk: Chunk | null,
): Flight[] {
  const side = connection.sides[from];
  side.window ??= newWindow();
  const path: Path = {
    rttNs: connection.halfRttNs * 2,
    bytesPerSecond: connection.bytesPerSecond,
    slowStartAfterIdle: tcp.settings.slowStartAfterIdle,
    loses: (flight, segments) => draw(tcp, connection, LOSS_IN_FLIGHT + from, flight, segments),
  };
  return sendFlights(side.window, path, tcp.sim.now, chunk?.bytes ?? 0);
}

function fireSending(
  tcp: Tcp,
  connection: Connection,
  from: SideIndex,
  parcel: Outgoing,
  flights: readonly Flight[] | null,
): void {
  const { sim } = tcp;
  const side = connection.sides[from];
  const bytes = parcel.chunk?.bytes ?? 0;
  sim.attribute(side.entity, parcel.request);
  const row = fireEither(tcp, side, from, side.ended ? "sendDataAfterFin" : "sendData", bytes);
  if (sim.recording(side.entity)) noteSending(tcp, row, connection, from, parcel, flights);
}

type DataTransition =
  | "sendData"
  | "sendDataAfterFin"
  | "receiveData"
  | "receiveDataFirstWait"
  | "receiveDataSecondWait";

function fireEither(
  tcp: Tcp,
  side: Side,
  index: SideIndex,
  name: DataTransition,
  value: number,
): number {
  return index === CLIENT
    ? tcp.sim.fire(tcp.client, side.entity, clientFires[name], value)
    : tcp.sim.fire(tcp.server, side.entity, serverFires[name], value);
}

/** Everything due at a socket arrives; its program hears of it. */
export function parcelsArrive(tcp: Tcp, socket: SocketId): void {
  const connection = connectionOf(worldOf(tcp.sim), socket);
  if (connection === undefined) return;
  const index = (socket & 1) as SideIndex;
  const side = connection.sides[index];
  if (isHalfOpen(tcp, connection, index)) return;
  let data = false;
  let fin = false;
  while (side.onTheWay.length > 0 && side.onTheWay[0].at <= tcp.sim.now) {
    const parcel = side.onTheWay.shift() as Parcel;
    if (parcel.kind === DATA) data = dataArrives(tcp, connection, index, parcel) || data;
    else if (parcel.kind === FIN) {
      receiveFin(tcp, connection, index);
      fin = true;
    } else if (parcel.kind === RST) {
      tellReadable(tcp, connection, index, data, fin);
      return receiveReset(tcp, connection, index);
    }
  }
  tellReadable(tcp, connection, index, data, fin);
  tellDrained(tcp, connection, index);
  releaseIfOver(tcp, connection);
}

/** Before the handshake's last ACK has counted, the server's kernel drops data; it comes again later. */
function isHalfOpen(tcp: Tcp, connection: Connection, index: SideIndex): boolean {
  const { entity } = connection.sides[index];
  if (index === CLIENT || entity === NO_ENTITY) return false;
  return tcp.sim.stateOf(entity) === tcp.server.machine.state["SYN-RECEIVED"];
}

/** Whether a program may read it; data for an end that is closed is answered with RST. */
function dataArrives(tcp: Tcp, connection: Connection, index: SideIndex, parcel: Parcel): boolean {
  const { sim } = tcp;
  const side = connection.sides[index];
  if (side.over) return false;
  const accepted = side.handlers >= 0;
  if (accepted && !side.held) {
    sendReset(tcp, connection, index);
    return false;
  }
  sim.attribute(side.entity, parcel.request);
  const name = !side.finSent
    ? "receiveData"
    : sim.stateOf(side.entity) === machineOf(tcp, index).state["FIN-WAIT-1"]
      ? "receiveDataFirstWait"
      : "receiveDataSecondWait";
  const row = fireEither(tcp, side, index, name, parcel.chunk?.bytes ?? 0);
  if (sim.recording(side.entity)) noteArrival(tcp, row, connection, index, parcel);
  side.receivedBytes += parcel.chunk?.bytes ?? 0;
  side.arrived.push(parcel);
  return true;
}

function machineOf(tcp: Tcp, index: SideIndex): Tcp["client"]["machine"] {
  return (index === CLIENT ? tcp.client : tcp.server).machine;
}

function tellReadable(
  tcp: Tcp,
  connection: Connection,
  index: SideIndex,
  data: boolean,
  fin: boolean,
): void {
  const side = connection.sides[index];
  const socket = socketOf(connection, index);
  if (data && side.held) programOf(tcp, side.handlers).readable?.(socket);
  if (fin) tellEnded(tcp, side, socket);
}

function tellEnded(tcp: Tcp, side: Side, socket: SocketId): void {
  if (!side.held || side.endTold) return;
  side.endTold = true;
  programOf(tcp, side.handlers).ended?.(socket);
}

/** The sender learns that all it sent is in the peer's kernel. */
function tellDrained(tcp: Tcp, connection: Connection, index: SideIndex): void {
  const side = connection.sides[index];
  const from = (index ^ 1) as SideIndex;
  const sender = connection.sides[from];
  if (side.onTheWay.length > 0 || !sender.held) return;
  const { drained } = programOf(tcp, sender.handlers);
  if (drained === undefined) return;
  const socket = socketOf(connection, from);
  if (connection.local) drained(socket);
  else tcp.sim.after(connection.halfRttNs, tcp.events.drained, socket);
}

/** read(): the next chunk, or null. */
export function read(tcp: Tcp, socket: SocketId): Chunk | null {
  const connection = connectionOf(worldOf(tcp.sim), socket);
  if (connection === undefined) return null;
  const side = connection.sides[(socket & 1) as SideIndex];
  const parcel = side.arrived.shift();
  if (parcel === undefined) return null;
  side.request = parcel.request;
  if (side.reset && side.arrived.length === 0) {
    side.held = false;
    releaseIfOver(tcp, connection);
  }
  return parcel.chunk;
}

/** What waits for a socket whose program was not there when it came (it was in the accept queue). */
export function tellSocket(tcp: Tcp, socket: SocketId): void {
  const connection = connectionOf(worldOf(tcp.sim), socket);
  if (connection === undefined) return;
  const index = (socket & 1) as SideIndex;
  const side = connection.sides[index];
  if (side.held && side.arrived.length > 0) programOf(tcp, side.handlers).readable?.(socket);
  if (side.ended && !side.reset) tellEnded(tcp, side, socket);
  if (side.held && side.reset) {
    programOf(tcp, side.handlers).reset?.(socket);
    if (side.arrived.length === 0) side.held = false;
    releaseIfOver(tcp, connection);
  }
}
