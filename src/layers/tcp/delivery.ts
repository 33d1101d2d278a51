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
  // The first list is made as one of one: an empty one that is pushed to gets room for sixteen.
  if (to.eventAt < 0) to.onTheWay = [onItsWay];
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
  const row = fireEither(tcp, from, from.ended ? both("sendDataAfterFin") : SEND, bytes);
  if (sim.recording(from.entity))
    noteSending(tcp, row, from, {
      ...parcel,
      bytes,
      flights: typeof flights === "number" ? null : flights,
    });
  from.sentBytes += bytes;
}

/** A transition that both machines have, by its numbers. */
interface Both {
  readonly client: number;
  readonly server: number;
}

const both = (name: keyof typeof clientFires & keyof typeof serverFires): Both => ({
  client: clientFires[name],
  server: serverFires[name],
});

/** The two that nearly all data takes, looked up once. */
const SEND = both("sendData");
const RECEIVE = both("receiveData");

function fireEither(tcp: Tcp, side: Side, transition: Both, value: number): number {
  return side.index === CLIENT
    ? tcp.sim.fire(tcp.client, side.entity, transition.client, value)
    : tcp.sim.fire(tcp.server, side.entity, transition.server, value);
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
    const parcel = takeFirst(onTheWay) as Parcel;
    if (parcel.kind === DATA) takeData(tcp, side, parcel);
    else if (parcel.kind === RST) return true;
    else receiveFin(tcp, side);
  }
  return false;
}

/** Takes the first of a list, which mostly is its only one: `pop` leaves the list its room. */
function takeFirst(parcels: Parcel[]): Parcel | undefined {
  return parcels.length === 1 ? parcels.pop() : parcels.shift();
}

/** Bytes of one request that arrive together, in one row, however many writes they came from. */
function takeData(tcp: Tcp, side: Side, first: Parcel): void {
  const { onTheWay } = side;
  if (!belongs(tcp, onTheWay, first)) {
    dataArrives(tcp, side, first, first.chunk?.bytes ?? 0);
    return;
  }
  const rest: Parcel[] = [];
  let bytes = first.chunk?.bytes ?? 0;
  while (belongs(tcp, onTheWay, first)) {
    const next = takeFirst(onTheWay) as Parcel;
    bytes += next.chunk?.bytes ?? 0;
    rest.push(next);
  }
  if (dataArrives(tcp, side, first, bytes)) side.arrived.push(...rest);
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

/**
 * Bytes for the reader's buffer, of which this is the first parcel; for an end that is closed they are
 * answered with RST. False when there is no reader.
 */
function dataArrives(tcp: Tcp, side: Side, first: Parcel, bytes: number): boolean {
  const { sim } = tcp;
  if (side.over) return false;
  const accepted = side.handlers >= 0;
  if (accepted && !side.held) {
    sendReset(tcp, side);
    return false;
  }
  sim.attribute(side.entity, first.request);
  const row = fireEither(tcp, side, arrivalOf(tcp, side), bytes);
  if (sim.recording(side.entity)) noteArrival(tcp, row, side, { ...first, bytes });
  if (side.receivedBytes === 0 && side.arrived.length === 0) side.arrived = [first];
  else side.arrived.push(first);
  side.receivedBytes += bytes;
  return true;
}

function arrivalOf(tcp: Tcp, side: Side): Both {
  if (!side.finSent) return RECEIVE;
  const { machine } = side.index === CLIENT ? tcp.client : tcp.server;
  const waiting = tcp.sim.stateOf(side.entity) === machine.state["FIN-WAIT-1"];
  return both(waiting ? "receiveDataFirstWait" : "receiveDataSecondWait");
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
  if (side === undefined) return null;
  const parcel = takeFirst(side.arrived);
  if (parcel === undefined) return null;
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
