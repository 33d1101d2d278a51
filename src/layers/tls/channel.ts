// Records between two ends: flights of the handshake, sealed data, alerts. What is written at one
// instant is sealed together, so that head and body share a record as nginx's buffers make them; a
// reader gets plaintext only in whole records.
import { sliceChunk } from "../../host/chunk-slices.ts";
import { type Chunk, fillerChunk, textChunk } from "../../host/network.ts";
import { memoByNumber } from "../../kernel/memo.ts";
import {
  type AlertName,
  RECORD_PLAINTEXT_MAX,
  recordOverhead,
  sealedBytes,
  type TlsVersion,
} from "../../wire/tls.ts";
import { finishClosing } from "./closing.ts";
import { endOf, pairOf, type Tls } from "./context.ts";
import { SEAL_NS } from "./costs.ts";
import { alertRecordOf, flightBytes } from "./flights.ts";
import type { Bundle, End, FlightKind, Pair, Wire } from "./state.ts";

export function outgoingWire(pair: Pair, end: End): Wire {
  return end.role === "client" ? pair.toServer : pair.toClient;
}

export function incomingWire(pair: Pair, end: End): Wire {
  return end.role === "client" ? pair.toClient : pair.toServer;
}

/** Sends a flight of the handshake. */
export function sendHandshake(tls: Tls, end: End, kind: FlightKind): void {
  const pair = pairOf(tls, end);
  if (pair === undefined) return;
  const bytes = flightBytes(kind, pair);
  const chunk = kind === "client hello" ? clientHelloChunk(bytes) : fillerChunk(bytes);
  put(pair, end, { kind, alert: null, bytes, chunks: [], plainBytes: 0 });
  tls.transport.sendFlight(end.socket, chunk, end.request, kind);
}

/** Sends an alert; before both sides have keys it goes in clear. */
export function sendAlert(tls: Tls, end: End, alert: AlertName): void {
  const pair = pairOf(tls, end);
  if (pair === undefined) return;
  const agreed = end.info === null ? null : pair.agreed;
  const { bytes } = alertRecordOf(alert, agreed);
  put(pair, end, { kind: "alert", alert, bytes, chunks: [], plainBytes: 0 });
  tls.transport.sendFlight(end.socket, fillerChunk(bytes), end.request, `alert ${alert}`);
}

interface Content extends Pick<Bundle, "kind" | "alert" | "chunks" | "plainBytes"> {
  readonly bytes: number;
}

function put(pair: Pair, end: End, content: Content): void {
  const wire = outgoingWire(pair, end);
  const { kind, alert, chunks, plainBytes, bytes } = content;
  const start = wire.sentBytes;
  wire.sentBytes += bytes;
  const { request } = end;
  const bundle = {
    kind,
    start,
    end: start + bytes,
    request,
    alert,
    chunks,
    plainBytes,
    released: 0,
  };
  if (wire.bundles.length === 0) wire.bundles = [bundle];
  else wire.bundles.push(bundle);
}

/**
 * A ClientHello as bytes, for a server that takes it for HTTP: the headers are real, the rest stands
 * for random. Source: RFC 8446, section 4.1.2.
 */
const clientHelloChunk = memoByNumber((bytes: number): Chunk => {
  const two = (value: number): string => String.fromCharCode((value >> 8) & 255, value & 255);
  const head = `\x16\x03\x01${two(bytes - 5)}\x01\x00${two(bytes - 9)}\x03\x03`;
  return textChunk(head + "\xb7".repeat(bytes - head.length));
});

/** Sealed bytes, of which a crowd sends the same number again and again. */
const sealedChunk = memoByNumber((bytes: number): Chunk => fillerChunk(bytes));

/** Whether the handshake lets this end send data. */
export function canSend(end: End): boolean {
  return end.info !== null;
}

/** write(): sealed a moment later, together with what else is written at this instant. */
export function write(tls: Tls, end: End, chunk: Chunk, request: number): void {
  if (!end.open || end.afterSealing !== "nothing" || chunk.bytes === 0) return;
  if (end.outgoing.length === 0) end.outgoing = [{ chunk, request }];
  else end.outgoing.push({ chunk, request });
  if (end.sealing || !canSend(end)) return;
  end.sealing = true;
  tls.sim.after(SEAL_NS, tls.events.seal, end.socket);
}

/** The event of sealing: everything written becomes records. */
export function seal(tls: Tls, socket: number): void {
  const end = endOf(tls, socket);
  if (end === undefined) return;
  end.sealing = false;
  const pair = pairOf(tls, end);
  if (pair?.agreed && end.outgoing.length > 0) sealAll(tls, end, pair, pair.agreed.version);
  if (end.afterSealing !== "nothing") finishClosing(tls, end);
}

function sealAll(tls: Tls, end: End, pair: Pair, version: TlsVersion): void {
  const chunks = end.outgoing;
  let plainBytes = 0;
  for (const { chunk } of chunks) plainBytes += chunk.bytes;
  end.request = chunks[chunks.length - 1].request;
  end.outgoing = [];
  const bytes = sealedBytes(plainBytes, version);
  put(pair, end, { kind: "data", alert: null, bytes, chunks, plainBytes });
  tls.transport.send(end.socket, sealedChunk(bytes), end.request);
}

/** Takes what the transport has into the wire; returns the bytes taken. */
export function pull(tls: Tls, end: End, wire: Wire): number {
  let taken = 0;
  for (let chunk = tls.transport.read(end.socket); chunk !== null; ) {
    taken += chunk.bytes;
    chunk = tls.transport.read(end.socket);
  }
  wire.arrivedBytes += taken;
  return taken;
}

/** Hands over the plaintext of the records of a data bundle that are whole. */
export function releaseWhole(end: End, bundle: Bundle, wire: Wire, version: TlsVersion): void {
  const arrived = wire.arrivedBytes - bundle.start;
  const whole = Math.floor(arrived / (RECORD_PLAINTEXT_MAX + recordOverhead(version)));
  const upTo = wire.arrivedBytes >= bundle.end ? bundle.plainBytes : whole * RECORD_PLAINTEXT_MAX;
  let place = 0;
  for (const { chunk, request } of bundle.chunks) {
    const from = Math.max(bundle.released - place, 0);
    const to = Math.min(upTo - place, chunk.bytes);
    if (to > from) {
      const plain = sliceChunk(chunk, from, to - from);
      if (end.arrived.length === 0) end.arrived = [{ chunk: plain, request }];
      else end.arrived.push({ chunk: plain, request });
    }
    place += chunk.bytes;
  }
  bundle.released = Math.max(upTo, bundle.released);
}
