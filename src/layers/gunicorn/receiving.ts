// A worker reading from a connection: the head with recv(8192) until it is complete, then, only when
// the application asks, the body. A sync worker blocks in both, which is why slow clients hurt it.
// Source: gunicorn/http/unreader.py, http/parser.py, workers/sync.py handle 20.1.0.
import type { Chunk } from "../../host/network.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { bytesRepr } from "../../text/python-repr.ts";
import { bodyIsRead, bodyOf, chunkText, splitChunk, takeBody } from "./body-reader.ts";
import { closeConnection, endRequest } from "./closing.ts";
import { ACCEPT_AND_PARSE_NS, CLOSE_NS, ERROR_PAGE_NS, RECV_BYTES } from "./costs.ts";
import { receiveFacts } from "./facts.ts";
import { logError } from "./logging.ts";
import { requestMachine } from "./machine.ts";
import { type RequestError, requestError } from "./request-error.ts";
import {
  type ParseResult,
  type ParserLimits,
  type Peer,
  parseRequestHead,
  trailerError,
} from "./request-parser.ts";
import { type Runtime, workerOf } from "./runtime.ts";
import type { Connection, Worker } from "./world.ts";

const { transition } = requestMachine;

/** recv(8192): what has arrived, at most 8192 bytes; empty when the call would block. */
function receive(runtime: Runtime, connection: Connection): Chunk[] {
  const { network } = runtime.host;
  const first = connection.kernel.length > 0 ? null : network.read(connection.socket);
  if (connection.kernel.length === 0 && first === null) return [];
  // All of it in one chunk is the rule.
  if (first !== null && first.bytes < RECV_BYTES) {
    const next = network.read(connection.socket);
    if (next === null) return [first];
    connection.kernel.push(first, next);
  } else if (first !== null) connection.kernel.push(first);
  const got: Chunk[] = [];
  let room = RECV_BYTES;
  while (room > 0) {
    const chunk = connection.kernel.shift() ?? network.read(connection.socket);
    if (chunk === null) break;
    const [head, tail] = splitChunk(chunk, room);
    got.push(head);
    room -= head.bytes;
    if (tail !== null) connection.kernel.unshift(tail);
  }
  return got;
}

/** Reads the head as far as bytes have come; goes on by itself when it is complete. */
export function readHead(runtime: Runtime, worker: Worker, connection: Connection): void {
  if (!discardBody(runtime, worker, connection)) return;
  for (;;) {
    const got =
      connection.buffer.length > 0 ? connection.buffer.splice(0) : receive(runtime, connection);
    if (got.length === 0) {
      if (connection.peerReset || connection.peerEnded) prematureEnd(runtime, worker, connection);
      return;
    }
    attribute(runtime, connection);
    const result = parseWith(worker.limits, peerOf(runtime, worker, connection), connection, got);
    if (result.kind !== "more") {
      settleHead(runtime, connection, result, got);
      return;
    }
    const { sim } = runtime.host;
    const row = sim.fire(
      runtime.request,
      connection.entity,
      transition.receiveBytes,
      connection.head.length,
    );
    if (sim.recording(connection.entity)) sim.note(row, receiveFacts(connection));
  }
}

/** The connection serves the request whose bytes were read last. */
function attribute(runtime: Runtime, connection: Connection): void {
  const { request } = runtime.host.network.info(connection.socket);
  if (request === connection.request || request < 0) return;
  connection.request = request;
  runtime.host.sim.attribute(connection.entity, request);
  const worker = workerOf(runtime, connection.worker);
  if (worker !== undefined) runtime.host.sim.attribute(worker.entity, request);
}

function peerOf(runtime: Runtime, worker: Worker, connection: Connection): Peer {
  const { peer } = runtime.host.network.info(connection.socket);
  const ip = peer.kind === "tcp" ? peer.ip : null;
  const allowed = worker.config.settings.get("forwarded_allow_ips")?.value as readonly string[];
  const trusted = ip === null || allowed.includes("*") || allowed.includes(ip);
  return { ip, trusted, requestNumber: connection.requestNumber };
}

/** Heads that came whole, by their text: traffic repeats them. One table for each way of reading them. */
const parsed = new WeakMap<ParserLimits, Map<string, ParseResult>>();
const REMEMBERED_MAX = 512;

/** The same by the chunk that it came in, which spares looking at its text. */
const parsedChunks = new WeakMap<Chunk, ParsedChunk>();

interface ParsedChunk {
  readonly limits: ParserLimits;
  readonly trusted: boolean;
  readonly result: ParseResult;
}

/** A head that came whole in one chunk is parsed once for all requests that send the same text. */
function parseWith(
  limits: ParserLimits,
  peer: Peer,
  connection: Connection,
  got: readonly Chunk[],
): ParseResult {
  const whole = connection.head === "" && got.length === 1 && !limits.proxyProtocol;
  connection.head += got.length === 1 ? chunkText(got[0]) : got.map(chunkText).join("");
  if (!whole) return parseRequestHead(connection.head, limits, peer);
  const [chunk] = got;
  const { trusted } = peer;
  const before = parsedChunks.get(chunk);
  if (before?.limits === limits && before.trusted === trusted) return before.result;
  const result = parseText(limits, peer, connection);
  if (result.kind === "head") parsedChunks.set(chunk, { limits, trusted, result });
  return result;
}

function parseText(limits: ParserLimits, peer: Peer, connection: Connection): ParseResult {
  const key = peer.trusted ? connection.head : `\n${connection.head}`;
  let table = parsed.get(limits);
  const known = table?.get(key);
  if (known !== undefined) return known;
  if (table === undefined || table.size >= REMEMBERED_MAX) {
    table = new Map();
    parsed.set(limits, table);
  }
  const result = parseRequestHead(connection.head, limits, peer);
  table.set(key, result);
  return result;
}

function settleHead(
  runtime: Runtime,
  connection: Connection,
  result: Exclude<ParseResult, { kind: "more" }>,
  got: readonly Chunk[],
): void {
  const { host, events } = runtime;
  if (result.kind === "error") {
    endWait(runtime, connection);
    refuse(runtime, connection, result.error);
    return;
  }
  endWait(runtime, connection);
  connection.parsed = result.head;
  connection.body = bodyOf(result.head.framing);
  connection.buffer = beyond(got, connection.head.length - result.consumed);
  connection.job = events.parsed;
  host.cpu.run(connection.worker, ACCEPT_AND_PARSE_NS, events.parsed, connection.socket, 0);
}

/** The head is there: no keepalive counts any more. */
function endWait({ host: { sim } }: Runtime, connection: Connection): void {
  if (connection.deadline !== NO_EVENT) sim.cancel(connection.deadline);
  connection.deadline = NO_EVENT;
}

/** The last `bytes` of what was received: they follow the head. */
function beyond(got: readonly Chunk[], bytes: number): Chunk[] {
  const rest: Chunk[] = [];
  let left = bytes;
  for (let i = got.length - 1; i >= 0 && left > 0; i--) {
    const chunk = got[i];
    const part = chunk.bytes <= left ? chunk : (splitChunk(chunk, chunk.bytes - left)[1] as Chunk);
    rest.unshift(part);
    left -= part.bytes;
  }
  return rest;
}

/**
 * EOF or a reset before the head was complete: no answer, a line only at level debug. The request
 * line, once read, is no part of the bytes that it shows.
 */
function prematureEnd(runtime: Runtime, worker: Worker, connection: Connection): void {
  const { head } = connection;
  const unread = head.slice(head.indexOf("\r\n") < 0 ? 0 : head.indexOf("\r\n") + 2);
  const text = connection.peerReset
    ? "Ignoring connection reset"
    : head === ""
      ? "Closing connection. "
      : `Ignored premature client disconnection. No more data after: ${bytesRepr(unread)}`;
  logError(runtime.host, worker, { level: "DEBUG", text }, connection.request);
  connection.job = runtime.events.lost;
  runtime.host.cpu.run(worker.pid, CLOSE_NS, runtime.events.lost, connection.socket, 0);
}

/** The connection of a premature end is closed, and the worker goes on. */
export function closeLost(runtime: Runtime, connection: Connection): void {
  connection.job = -1;
  endRequest(runtime, connection, transition.losePeer);
  closeConnection(runtime, connection);
}

/**
 * Reads and forgets what the application left of the previous request's body. False while bytes lack,
 * and when that body was broken: then the connection ends.
 * Source: gunicorn/http/parser.py Parser.__next__, http/body.py parse_trailers 20.1.0.
 */
function discardBody(runtime: Runtime, worker: Worker, connection: Connection): boolean {
  const { body } = connection;
  while (!bodyIsRead(body)) {
    const received =
      connection.buffer.length > 0 ? connection.buffer.splice(0) : receive(runtime, connection);
    if (received.length === 0) {
      if (!connection.peerEnded && !connection.peerReset) return false;
      break;
    }
    connection.buffer = takeBody(body, received, Number.MAX_SAFE_INTEGER).rest;
  }
  if (body.kind !== "chunked") return true;
  if (body.fault !== null) {
    failLeftover(runtime, worker, connection, body.fault);
    return false;
  }
  const trusted = peerOf(runtime, worker, connection).trusted;
  const error = body.trailer === "" ? null : trailerError(body.trailer, worker.limits, trusted);
  if (error !== null) refuse(runtime, connection, error);
  return error === null;
}

/** A broken chunk is an OSError, which is logged; a size of no digits is not, and gets the 500 page. */
function failLeftover(
  runtime: Runtime,
  worker: Worker,
  connection: Connection,
  fault: string,
): void {
  if (fault.startsWith("ValueError")) {
    refuse(runtime, connection, requestError("ChunkSizeMissing", {}));
    return;
  }
  const more = ["Traceback (most recent call last):", "  <frames>", fault];
  const text = "Socket error processing request.";
  logError(runtime.host, worker, { level: "ERROR", text, more }, connection.request);
  connection.job = runtime.events.lost;
  runtime.host.cpu.run(worker.pid, CLOSE_NS, runtime.events.lost, connection.socket, 0);
}

/** The error page follows after its time on the processor. */
function refuse({ host, events }: Runtime, connection: Connection, error: RequestError): void {
  connection.error = error;
  connection.job = events.errorReady;
  host.cpu.run(connection.worker, ERROR_PAGE_NS, events.errorReady, connection.socket, 0);
}

/** wsgi.input.read(bytes): answers in an event of its own, at once or when the bytes have come. */
export function readBody(runtime: Runtime, connection: Connection, bytes: number | null): void {
  connection.wanted = { bytes: bytes ?? Number.MAX_SAFE_INTEGER, got: [], gotBytes: 0 };
  if (gatherBody(runtime, connection)) {
    runtime.host.sim.after(0, runtime.events.bodyArrived, connection.socket, connection.slot);
    return;
  }
  const { sim } = runtime.host;
  const row = sim.fire(
    runtime.request,
    connection.entity,
    transition.readBody,
    connection.wanted.gotBytes,
  );
  if (sim.recording(connection.entity)) sim.note(row, receiveFacts(connection));
}

/** Takes what has arrived; true when the read is satisfied or nothing more can come. */
function gatherBody(runtime: Runtime, connection: Connection): boolean {
  const { wanted, body } = connection;
  if (wanted === null) return false;
  for (;;) {
    if (wanted.gotBytes >= wanted.bytes || bodyIsRead(body)) return true;
    const received =
      connection.buffer.length > 0 ? connection.buffer.splice(0) : receive(runtime, connection);
    if (received.length === 0) return connection.peerEnded || connection.peerReset;
    const { data, rest } = takeBody(body, received, wanted.bytes - wanted.gotBytes);
    connection.buffer = rest;
    for (const chunk of data) {
      wanted.got.push(chunk);
      wanted.gotBytes += chunk.bytes;
    }
  }
}

/** More of the body arrived, or the peer ended or reset, while the application waits for it. */
export function continueBody(runtime: Runtime, connection: Connection): void {
  if (connection.wanted === null || !gatherBody(runtime, connection)) return;
  const { sim } = runtime.host;
  sim.fire(runtime.request, connection.entity, transition.deliverBody, connection.wanted.gotBytes);
  deliverBody(runtime, connection);
}

/** Hands the gathered bytes over; null when the client reset the connection. */
export function deliverBody(runtime: Runtime, connection: Connection): void {
  const { wanted, slot } = connection;
  if (wanted === null) return;
  connection.wanted = null;
  const lost =
    connection.peerReset && wanted.gotBytes < wanted.bytes && !bodyIsRead(connection.body);
  runtime.application.bodyArrived(slot, lost ? null : wanted.got);
}

/** The callback of the network: bytes can be read, or the peer ended or reset. */
export function continueReading(runtime: Runtime, connection: Connection): void {
  const worker = workerOf(runtime, connection.worker);
  if (worker === undefined || connection.job >= 0 || worker.stoppedAt >= 0) return;
  const { sim } = runtime.host;
  if (sim.is(runtime.request, connection.entity, "reading the head"))
    readHead(runtime, worker, connection);
  else if (sim.is(runtime.request, connection.entity, "waiting for the body"))
    continueBody(runtime, connection);
}
