// Bytes on their way. A local write arrives after a fixed latency, and what is written at one instant
// arrives in one event; across a link the flights of slow start decide.

import { sliceChunk } from "../../host/chunk-slices.ts";
import type { Chunk, SocketId } from "../../host/network.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import { receiveFin, receiveReset, releaseIfOver, sendReset } from "./closing.ts";
import { clientFires, programOf, serverFires, type Tcp } from "./context.ts";
import {
  COPY_COUNTS_FROM_BYTES,
  LOCAL_BYTES_PER_SECOND,
  LOOPBACK_ONE_WAY_NS,
  UNIX_ONE_WAY_NS,
} from "./costs.ts";
import { type Flight, newWindow, type Path, sendFlights, sendUnseen } from "./flights.ts";
import { LOSS_IN_FLIGHT, loses } from "./loss.ts";
import { noteArrival, noteSending } from "./segments.ts";
import {
  CLIENT,
  type Connection,
  DATA,
  NO_ENTITY,
  type Parcel,
  peerOf,
  RST,
  type Side,
  sideOf,
  socketOf,
  worldOf,
} from "./state.ts";

export type Outgoing = Omit<Parcel, "at">;

/** write(): what is sent before the handshake is over, or after FIN, RST or close(), is lost. */
export function send(tcp: Tcp, socket: SocketId, parcel: Outgoing): void {
  const side = sideOf(tcp.sim, socket);
  if (side === undefined || !side.connection.established) return;
  if (!side.held || side.finSent || side.over || parcel.chunk?.bytes === 0) return;
  if (side.index === CLIENT) side.request = parcel.request;
  dispatch(tcp, side, parcel);
}

/** Sends bytes, FIN or RST on their way to the other side. */
export function dispatch(tcp: Tcp, from: Side, parcel: Outgoing): void {
  const { local, halfRttNs } = from.connection;
  const flights = parcel.kind === DATA && !local ? flightsOf(tcp, from, parcel) : null;
  if (parcel.kind === DATA) fireSending(tcp, from, parcel, flights);
  if (typeof flights === "number") post(tcp, from, parcel, flights);
  else if (flights !== null && flights.length > 1) scatter(tcp, from, parcel, flights);
  else if (flights !== null) post(tcp, from, parcel, flights[0].arrivesAt);
  else if (local) {
    const delayNs = worldOf(tcp.sim).localDelayNs;
    post(tcp, from, parcel, tcp.sim.now + delayNs + localLatency(from, parcel));
  } else post(tcp, from, parcel, tcp.sim.now + halfRttNs);
}

/** One chunk in several flights: each brings its part. */
function scatter(tcp: Tcp, from: Side, parcel: Outgoing, flights: readonly Flight[]): void {
  let offset = 0;
  for (const flight of flights) {
    const chunk = parcel.chunk === null ? null : sliceChunk(parcel.chunk, offset, flight.bytes);
    offset += flight.bytes;
    post(tcp, from, { ...parcel, chunk }, flight.arrivesAt);
  }
}

/** Parcels keep their order; those of one instant share an event. */
function post(tcp: Tcp, from: Side, parcel: Outgoing, at: number): void {
  const to = peerOf(from);
  const { held } = worldOf(tcp.sim);
  if (held !== null && to.connection.remote)
    held.push({ to: socketOf(to), parcel: { ...parcel }, sentAt: tcp.sim.now });
  else deliver(tcp.sim, to, parcel, at);
}

/** Puts a parcel on its way to arrive at an instant, and not before what was sent earlier. */
export function deliver(sim: Simulation, to: Side, parcel: Outgoing, at: number): void {
  const arrivesAt = Math.max(at, to.eventAt);
  const { kind, chunk, request, label } = parcel;
  const onItsWay = { kind, chunk, request, at: arrivesAt, label };
  // A list of one is made as such: an empty one that is pushed to gets room for sixteen.
  if (to.onTheWay.length === 0) to.onTheWay = [onItsWay];
  else to.onTheWay.push(onItsWay);
  if (arrivesAt === to.eventAt && arrivesAt > sim.now) return;
  to.eventAt = arrivesAt;
  sim.at(arrivesAt, worldOf(sim).arrivalEvent, socketOf(to));
}

function localLatency(from: Side, parcel: Outgoing): number {
  const latency = from.connection.kind === "unix" ? UNIX_ONE_WAY_NS : LOOPBACK_ONE_WAY_NS;
  const bytes = parcel.chunk?.bytes ?? 0;
  if (bytes < COPY_COUNTS_FROM_BYTES) return latency;
  return latency + Math.round((bytes / LOCAL_BYTES_PER_SECOND) * 1e9);
}

/** The flights of a write; where nobody looks, of one that leaves as one only when it arrives. */
function flightsOf(tcp: Tcp, from: Side, parcel: Outgoing): Flight[] | Instant {
  const { connection, index } = from;
  const { sim } = tcp;
  const window = from.window ?? newWindow();
  from.window = window;
  const path: Path = {
    rttNs: connection.halfRttNs * 2,
    bytesPerSecond: connection.bytesPerSecond,
    slowStartAfterIdle: tcp.settings.slowStartAfterIdle,
    loses: connection.lossRate > 0 ? losesOn(tcp, connection, index) : losesNothing,
  };
  const bytes = parcel.chunk?.bytes ?? 0;
  // The row of the sending belongs to the parcel's request from here on.
  sim.attribute(from.entity, parcel.request);
  if (parcel.label === null && !sim.recording(from.entity))
    return sendUnseen(window, path, sim.now, bytes);
  // A flight of TLS is a write of its own, and with TCP_NODELAY its last segment is not filled up.
  if (parcel.label !== null) window.room = 0;
  const flights = sendFlights(window, path, sim.now, bytes);
  if (parcel.label !== null) window.room = 0;
  return flights;
}

const losesNothing: Path["loses"] = () => false;

function losesOn(tcp: Tcp, connection: Connection, index: number): Path["loses"] {
  return (flight, segments) =>
    loses(tcp, connection, LOSS_IN_FLIGHT + index + flight * 16, segments);
}

function fireSending(
  tcp: Tcp,
  from: Side,
  parcel: Outgoing,
  flights: readonly Flight[] | Instant | null,
): void {
  const { sim } = tcp;
  const bytes = parcel.chunk?.bytes ?? 0;
  sim.attribute(from.entity, parcel.request);
  const row = fireEither(tcp, from, from.ended ? "sendDataAfterFin" : "sendData", bytes);
  if (sim.recording(from.entity))
    noteSending(tcp, row, from, {
      ...parcel,
      bytes,
      flights: typeof flights === "number" ? null : flights,
    });
  from.sentBytes += bytes;
}

type DataTransition =
  | "sendData"
  | "sendDataAfterFin"
  | "receiveData"
  | "receiveDataFirstWait"
  | "receiveDataSecondWait";

function fireEither(tcp: Tcp, side: Side, name: DataTransition, value: number): number {
  return side.index === CLIENT
    ? tcp.sim.fire(tcp.client, side.entity, clientFires[name], value)
    : tcp.sim.fire(tcp.server, side.entity, serverFires[name], value);
}

/** Everything due at a socket arrives; its program hears of it. */
export function parcelsArrive(tcp: Tcp, socket: SocketId): void {
  const side = sideOf(tcp.sim, socket);
  if (side === undefined || isHalfOpen(tcp, side)) return;
  const waiting = side.arrived.length;
  const reset = takeDue(tcp, side);
  const data = side.arrived.length > waiting;
  if (data && side.held) programOf(tcp, side.handlers).readable?.(socket);
  if (reset) receiveReset(tcp, side);
  else {
    if (side.ended) tellEnded(tcp, side);
    if (data) tellDrained(tcp, side);
  }
  releaseIfOver(tcp, side.connection);
}

/** Takes the parcels that are due, in order; true when the last of them was RST. */
function takeDue(tcp: Tcp, side: Side): boolean {
  const { onTheWay } = side;
  while (onTheWay.length > 0 && onTheWay[0].at <= tcp.sim.now) {
    const { kind } = onTheWay[0];
    if (kind === DATA) {
      takeData(tcp, side);
      continue;
    }
    onTheWay.shift();
    if (kind === RST) return true;
    receiveFin(tcp, side);
  }
  return false;
}

/** Bytes of one request that arrive together, in one row, however many writes they came from. */
function takeData(tcp: Tcp, side: Side): void {
  const { onTheWay } = side;
  const first = onTheWay.shift() as Parcel;
  const together = [first];
  while (belongs(tcp, onTheWay, first)) together.push(onTheWay.shift() as Parcel);
  dataArrives(tcp, side, together);
}

/** Whether what comes next on the way is due, and of the same request and kind. */
function belongs(tcp: Tcp, onTheWay: readonly Parcel[], { request, label }: Parcel): boolean {
  if (onTheWay.length === 0 || onTheWay[0].at > tcp.sim.now) return false;
  const next = onTheWay[0];
  return next.kind === DATA && next.request === request && next.label === label;
}

function tellEnded(tcp: Tcp, side: Side): void {
  if (!side.held || side.endTold) return;
  side.endTold = true;
  programOf(tcp, side.handlers).ended?.(socketOf(side));
}

/** Until the handshake's last ACK counts, the server's kernel drops data; it comes again later. */
function isHalfOpen(tcp: Tcp, side: Side): boolean {
  if (side.index === CLIENT || side.entity === NO_ENTITY) return false;
  return tcp.sim.stateOf(side.entity) === tcp.server.machine.state["SYN-RECEIVED"];
}

/** Bytes for the reader's buffer; for an end that is closed they are answered with RST. */
function dataArrives(tcp: Tcp, side: Side, parcels: readonly Parcel[]): void {
  const { sim } = tcp;
  if (side.over) return;
  const accepted = side.handlers >= 0;
  if (accepted && !side.held) {
    sendReset(tcp, side);
    return;
  }
  let bytes = 0;
  for (const { chunk } of parcels) bytes += chunk?.bytes ?? 0;
  sim.attribute(side.entity, parcels[0].request);
  const row = fireEither(tcp, side, arrivalName(tcp, side), bytes);
  if (sim.recording(side.entity)) noteArrival(tcp, row, side, { ...parcels[0], bytes });
  side.receivedBytes += bytes;
  if (side.arrived.length === 0) side.arrived = [...parcels];
  else for (const parcel of parcels) side.arrived.push(parcel);
}

function arrivalName(tcp: Tcp, side: Side): DataTransition {
  if (!side.finSent) return "receiveData";
  const { machine } = side.index === CLIENT ? tcp.client : tcp.server;
  const waiting = tcp.sim.stateOf(side.entity) === machine.state["FIN-WAIT-1"];
  return waiting ? "receiveDataFirstWait" : "receiveDataSecondWait";
}

/** The sender learns that all it sent is in the peer's kernel. */
function tellDrained(tcp: Tcp, side: Side): void {
  const sender = peerOf(side);
  if (side.onTheWay.length > 0 || !sender.held) return;
  const program = programOf(tcp, sender.handlers);
  const socket = socketOf(sender);
  if (program.drained === undefined || program.waitsForDrain?.(socket) === false) return;
  const { local, halfRttNs } = side.connection;
  if (local) program.drained(socket);
  else tcp.sim.after(halfRttNs, tcp.events.drained, socket);
}

/** read(): the next chunk, or null. */
export function read(tcp: Tcp, socket: SocketId): Chunk | null {
  const side = sideOf(tcp.sim, socket);
  const parcel = side?.arrived.shift();
  if (side === undefined || parcel === undefined) return null;
  side.request = parcel.request;
  if (side.reset && side.arrived.length === 0) {
    side.held = false;
    releaseIfOver(tcp, side.connection);
  }
  return parcel.chunk;
}

/** What waits for a socket whose program was not there when it came (it was in the accept queue). */
export function tellSocket(tcp: Tcp, socket: SocketId): void {
  const side = sideOf(tcp.sim, socket);
  if (side === undefined) return;
  if (side.held && side.arrived.length > 0) programOf(tcp, side.handlers).readable?.(socket);
  if (side.ended && !side.reset) tellEnded(tcp, side);
  if (!side.held || !side.reset) return;
  programOf(tcp, side.handlers).reset?.(socket);
  if (side.arrived.length === 0) side.held = false;
  releaseIfOver(tcp, side.connection);
}
