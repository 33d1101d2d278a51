// What a recorder shows of TCP: the real flags, numbers, window, options and sizes of the segments
// behind a row. Made only for requests that somebody looks at.
import type { Address, Chunk } from "../../host/network.ts";
import type { Facts, FactValue, Field, Message } from "../layer.ts";
import { formatAddress } from "./addresses.ts";
import { clientFires, serverFires, type Tcp } from "./context.ts";
import {
  HEADER_BYTES,
  LOOPBACK_MSS_BYTES,
  MSS_BYTES,
  MSS_OPTION_BYTES,
  OPEN_WINDOW_BYTES,
  RST_IP_BYTES,
  SYN_ACK_WINDOW_BYTES,
  SYN_IP_BYTES,
  SYN_WINDOW_BYTES,
} from "./costs.ts";
import type { Flight } from "./flights.ts";
import {
  CLIENT,
  type Connection,
  type Listener,
  peerOf,
  SERVER,
  type Side,
  type SideIndex,
} from "./state.ts";

/** Characters of a payload worth showing here; the programs' own steps show all of it. */
const PAYLOAD_SHOWN = 80;
const OTHER_SYN_OPTIONS = "sackOK, timestamps, wscale 10";

interface Segment {
  readonly from: SideIndex;
  readonly flags: string;
  readonly bytes: number;
  readonly seq: number;
  readonly ack: number | null;
  readonly window: number;
  readonly ipBytes: number;
  readonly options?: string;
  readonly payload?: string;
}

function segmentMessage(connection: Connection, title: string, segment: Segment): Message {
  if (connection.kind === "unix") return unixMessage(connection, title, segment);
  const from = connection.sides[segment.from].address;
  const to = connection.sides[(segment.from ^ 1) as SideIndex].address;
  const fields: Field[] = [
    { name: "From", value: formatAddress(from) },
    { name: "To", value: formatAddress(to) },
    { name: "Flags", value: segment.flags },
    {
      name: "Sequence number",
      value: String(segment.seq),
      note: "counted from the sender's random initial number",
    },
  ];
  if (segment.ack !== null) fields.push({ name: "Acknowledgement", value: String(segment.ack) });
  fields.push({ name: "Window", value: `${segment.window} bytes` });
  if (segment.options !== undefined) fields.push({ name: "Options", value: segment.options });
  fields.push({ name: "Data", value: `${segment.bytes} bytes` });
  if (segment.payload !== undefined) fields.push({ name: "Payload", value: segment.payload });
  fields.push({ name: "IP packet", value: `${segment.ipBytes} bytes` });
  return { kind: "segment", title, fields };
}

function unixMessage(connection: Connection, title: string, segment: Segment): Message {
  const { address } = connection.sides[SERVER];
  return {
    kind: "segment",
    title,
    fields: [
      { name: "Socket file", value: address.kind === "unix" ? address.path : "" },
      { name: "Data", value: `${segment.bytes} bytes` },
      ...(segment.payload === undefined ? [] : [{ name: "Payload", value: segment.payload }]),
    ],
  };
}

/** Values every row of a connection has. */
function valuesOf(connection: Connection): Record<string, FactValue> {
  const [client, server] = connection.sides;
  return {
    client: formatAddress(client.address),
    server: formatAddress(server.address),
    port: portOf(server.address),
    unix: connection.kind === "unix",
    remote: connection.remote,
    loopback: isLoopbackPath(connection),
    rttMs: (connection.halfRttNs * 2) / 1e6,
    syns: connection.synsSent,
  };
}

function portOf(address: Address): number | null {
  return address.kind === "tcp" ? address.port : null;
}

/** Rows under another machine's step, or of a connection within the machine, are too fine for a step. */
function facts(fine: boolean, values: Facts["values"], messages: readonly Message[]): Facts {
  return fine ? { values, messages, fine: true } : { values, messages };
}

function controlSegment(side: Side, flags: string): Segment {
  const peer = peerOf(side);
  return {
    from: side.index,
    flags,
    bytes: 0,
    seq: side.sentBytes + 1,
    ack: side.receivedBytes + 1 + (side.ended && peer.finSent ? 1 : 0),
    window: OPEN_WINDOW_BYTES[side.index],
    ipBytes: HEADER_BYTES,
  };
}

/** Within the machine segments are as large as loopback's packets. */
function isLoopbackPath({ local, remote }: Connection): boolean {
  return local && !remote;
}

function mssOf(connection: Connection): number {
  return isLoopbackPath(connection) ? LOOPBACK_MSS_BYTES : MSS_BYTES;
}

function synSegment(connection: Connection, from: SideIndex): Segment {
  const loopback = isLoopbackPath(connection);
  const mss = loopback ? LOOPBACK_MSS_BYTES : MSS_OPTION_BYTES;
  const window = from === CLIENT ? SYN_WINDOW_BYTES : SYN_ACK_WINDOW_BYTES;
  return {
    from,
    flags: from === CLIENT ? "SYN" : "SYN, ACK",
    bytes: 0,
    seq: 0,
    ack: from === CLIENT ? null : 1,
    window: loopback ? LOOPBACK_MSS_BYTES : window,
    ipBytes: SYN_IP_BYTES,
    options: `mss ${mss}, ${OTHER_SYN_OPTIONS}`,
  };
}

function refusal(connection: Connection): Message {
  const segment: Segment = {
    from: SERVER,
    flags: "RST, ACK",
    bytes: 0,
    seq: 1,
    ack: 1,
    window: 0,
    ipBytes: RST_IP_BYTES,
  };
  return segmentMessage(connection, "RST", segment);
}

/** Facts of the client's handshake rows. */
export function noteClient(
  tcp: Tcp,
  row: number,
  connection: Connection,
  transition: number,
): void {
  const values = { ...valuesOf(connection), elapsedMs: (tcp.sim.now - connection.openedAt) / 1e6 };
  const messages: Message[] = [];
  if (transition === clientFires.sendSyn || transition === clientFires.resendSyn) {
    messages.push(segmentMessage(connection, "SYN", synSegment(connection, CLIENT)));
  } else if (transition === clientFires.receiveSynAck) {
    messages.push(
      segmentMessage(connection, "ACK", controlSegment(connection.sides[CLIENT], "ACK")),
    );
  } else if (transition === clientFires.receiveRefusal) messages.push(refusal(connection));
  const finer = transition === clientFires.receiveSynAck && !connection.remote;
  tcp.sim.note(row, facts(finer, values, messages));
}

/** Facts of the server's handshake rows. */
export function noteServer(
  tcp: Tcp,
  row: number,
  connection: Connection,
  transition: number,
): void {
  const messages: Message[] = [];
  if (transition === serverFires.receiveSyn || transition === serverFires.resendSynAck) {
    messages.push(segmentMessage(connection, "SYN, ACK", synSegment(connection, SERVER)));
  }
  const fine = !connection.remote || transition === serverFires.receiveAck;
  tcp.sim.note(row, facts(fine, valuesOf(connection), messages));
}

/** Facts of FIN and RST, sent or received. */
export function noteFlags(tcp: Tcp, row: number, side: Side, name: string): void {
  const { connection } = side;
  const reset = name === "sendReset" || name === "receiveReset";
  const ackOnly = name.includes("Ack");
  const flags = reset ? "RST, ACK" : ackOnly ? "ACK" : "FIN, ACK";
  const title = reset ? "RST" : ackOnly ? "ACK" : "FIN";
  const sender = name.startsWith("send") ? side : peerOf(side);
  const message = segmentMessage(connection, title, controlSegment(sender, flags));
  const fine = ackOnly || (!connection.remote && !reset);
  tcp.sim.note(row, facts(fine, valuesOf(connection), [message]));
}

/** Bytes in flight: the first chunk of them, and how many there are in all. */
interface Carried {
  readonly chunk: Chunk | null;
  readonly bytes: number;
  readonly label: string | null;
}

/** The first line of what a plain connection carries. */
function payloadOf({ chunk, bytes }: Carried): string | undefined {
  if (chunk === null || chunk.text === null) return undefined;
  const line = chunk.text.slice(0, PAYLOAD_SHOWN).split("\r\n")[0];
  return line.length < bytes ? `${line} …` : line;
}

function dataSegment(from: Side, seq: number, carried: Carried): Segment {
  const { bytes } = carried;
  const mss = mssOf(from.connection);
  const first = Math.min(bytes, mss);
  const control = controlSegment(from, bytes > mss ? "ACK" : "PSH, ACK");
  const payload = payloadOf(carried);
  return { ...control, bytes: first, seq, ipBytes: first + HEADER_BYTES, payload };
}

interface Sent extends Carried {
  readonly flights: readonly Flight[] | null;
}

/**
 * Facts of a write: how many segments, in how many flights. A step only when slow start cuts it up;
 * else the program's own step says what it sends, and the arrival is TCP's step.
 */
export function noteSending(tcp: Tcp, row: number, from: Side, sent: Sent): void {
  const { connection } = from;
  const { flights, label, bytes } = sent;
  const segments = Math.ceil(bytes / mssOf(connection));
  const values = {
    ...valuesOf(connection),
    bytes,
    segments,
    flights: flights?.length ?? 1,
    window: flights?.[0]?.window ?? null,
    lost: flights?.some((flight) => flight.lost) ?? false,
    label,
  };
  const title = segments > 1 ? `First of ${segments} segments` : "Segment";
  const segment = dataSegment(from, from.sentBytes + 1, sent);
  const messages = [segmentMessage(connection, title, segment)];
  if (flights !== null && flights.length > 1) messages.push(flightTable(tcp, flights));
  tcp.sim.note(row, facts(flights === null || flights.length === 1, values, messages));
}

function flightTable(tcp: Tcp, flights: readonly Flight[]): Message {
  const fields = flights.map((flight, i) => ({
    name: `Flight ${i + 1}`,
    value: `${flight.segments} segments, ${flight.bytes} bytes`,
    note: flightNote(flight, tcp.sim.now),
  }));
  return { kind: "table", title: "Slow start", fields };
}

function flightNote(flight: Flight, now: number): string {
  const leaves = ((flight.leavesAt - now) / 1e6).toFixed(1);
  const lost = flight.lost ? ", one lost and sent again" : "";
  return `leaves at +${leaves} ms, window ${flight.window} segments${lost}`;
}

/** Facts of bytes that arrive. */
export function noteArrival(tcp: Tcp, row: number, side: Side, carried: Carried): void {
  const { connection } = side;
  const { bytes, label } = carried;
  const more = side.onTheWay.reduce((sum, other) => sum + (other.chunk?.bytes ?? 0), 0);
  const total = side.receivedBytes + bytes;
  const values = { ...valuesOf(connection), bytes, total, more, label };
  const segment = dataSegment(peerOf(side), side.receivedBytes + 1, carried);
  const fine = !connection.remote || label !== null;
  tcp.sim.note(row, facts(fine, values, [segmentMessage(connection, "Segment", segment)]));
}

/** Facts of the accept queue. */
export function noteQueue(tcp: Tcp, row: number, listener: Listener, fine: boolean): void {
  const values = {
    address: formatAddress(listener.address),
    unix: listener.address.kind === "unix",
    waiting: listener.queue.length,
    backlog: listener.backlog,
    room: listener.backlog + 1,
  };
  const table: Message = {
    kind: "table",
    title: `Accept queue of ${values.address}`,
    fields: [
      { name: "Waiting (Recv-Q)", value: String(values.waiting) },
      { name: "Backlog (Send-Q)", value: String(values.backlog) },
    ],
  };
  tcp.sim.note(row, facts(fine, values, [table]));
}
