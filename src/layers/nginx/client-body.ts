// The request's body: read for a handler that wants it (proxy_pass), thrown away for one that does not.
// Source: src/http/ngx_http_request_body.c (1.22.1).
// Simplification: proxy_request_buffering off is treated as on.
import { type Chunk, textChunk } from "../../host/network.ts";
import { fromMs } from "../../kernel/time.ts";
import { bytesOf, sliceChunk } from "./body-chunks.ts";
import { causeOf } from "./cause.ts";
import { type ChunkedState, decodeChunked, newChunkedState } from "./chunked-decoder.ts";
import { type Core, moduleOf } from "./core.ts";
import {
  CLIENT_BODY_BUFFER_SIZE,
  CLIENT_BODY_TIMEOUT,
  CLIENT_MAX_BODY_SIZE,
  LINGERING_TIMEOUT,
} from "./core-directives.ts";
import type { PhaseResult } from "./phases.ts";
import type { ClientConnection, ClientStream, NginxRequest } from "./request.ts";
import { settingOf, valueAt } from "./settings.ts";

/** How much of the body is still to come. Lies in request.kept.body. */
interface BodyState {
  rest: number;
  chunked: ChunkedState | null;
  complete: boolean;
}

type Pulled = "complete" | "more" | "invalid" | "too large" | "wrong length";

/** Two pages of memory: what nginx reads of a body of HTTP/2 at a time. Source: measured with 1.22.1. */
const BUFFER_BYTES = 8192;

/** Where a body comes in: the connection, or a stream on it. */
export type BodySource = Pick<ClientConnection, "pending">;

function bodyState(request: NginxRequest): BodyState {
  const known = request.kept.body as BodyState | undefined;
  if (known !== undefined) return known;
  const rest = Math.max(request.contentLengthIn, 0);
  const chunked = request.chunkedIn ? newChunkedState() : null;
  const isWhole = !request.chunkedIn && rest === 0;
  const state: BodyState = { rest, chunked, complete: isWhole };
  request.kept.body = state;
  return state;
}

/** Whether bytes of the body have not been read yet. */
export function bodyIsPending(request: NginxRequest): boolean {
  return !bodyState(request).complete;
}

/** Takes what has arrived of the body off the connection, or off its stream of HTTP/2. */
function pull(source: BodySource, request: NginxRequest, keep: Chunk[] | null): Pulled {
  if (request.stream > 0) return pullStream(source as ClientStream, request, keep);
  const connection = source;
  const state = bodyState(request);
  while (!state.complete && connection.pending.length > 0) {
    const chunk = connection.pending.shift() as Chunk;
    const taken =
      state.chunked === null ? pullCounted(state, chunk) : pullChunked(request, state, chunk);
    if (taken === null) return "invalid";
    if (taken.left !== null) connection.pending.unshift(taken.left);
    // $request_length counts the framing of chunks, but not what is thrown away.
    if (keep !== null) request.requestBytes += chunk.bytes - (taken.left?.bytes ?? 0);
    keepPieces(request, taken.data, keep);
    if (isTooLarge(request)) return "too large";
  }
  return state.complete ? "complete" : "more";
}

/** With HTTP/2 the end of the stream ends the body, whatever length was announced. */
function pullStream(
  stream: ClientStream,
  request: NginxRequest,
  keep: Chunk[] | null,
): "complete" | "more" | "too large" | "wrong length" {
  keepPieces(request, stream.pending.splice(0), keep);
  const received = request.body?.bytes ?? 0;
  const announced = request.contentLengthIn;
  if (announced >= 0 && (received > announced || (stream.ended && received < announced)))
    return "wrong length";
  if (isTooLarge(request)) return "too large";
  bodyState(request).complete = stream.ended;
  return stream.ended ? "complete" : "more";
}

function keepPieces(request: NginxRequest, data: readonly Chunk[], keep: Chunk[] | null): void {
  if (keep === null || request.body === null) return;
  keep.push(...data);
  request.body.bytes += bytesOf(data);
}

function isTooLarge(request: NginxRequest): boolean {
  const limit = valueAt(request.location, CLIENT_MAX_BODY_SIZE);
  const { body } = request;
  if (!request.chunkedIn || limit === 0 || body === null) return false;
  // Without HTTP/2 the size that a chunk announces counts, before its data has come.
  const { chunked } = bodyState(request);
  return (request.stream > 0 ? body.bytes : (chunked?.announced ?? 0)) > limit;
}

interface Taken {
  readonly data: readonly Chunk[];
  readonly left: Chunk | null;
}

function pullCounted(state: BodyState, chunk: Chunk): Taken {
  const size = Math.min(state.rest, chunk.bytes);
  state.rest -= size;
  state.complete = state.rest === 0;
  const left = size < chunk.bytes ? sliceChunk(chunk, size) : null;
  return { data: size === 0 ? [] : [sliceChunk(chunk, 0, size)], left };
}

function pullChunked(request: NginxRequest, state: BodyState, chunk: Chunk): Taken | null {
  const limit = request.body === null ? 0 : valueAt(request.location, CLIENT_MAX_BODY_SIZE);
  const decoded = decodeChunked(state.chunked as ChunkedState, chunk, limit || Infinity);
  if (decoded.invalid) return null;
  state.complete = decoded.done;
  const { leftBytes } = decoded;
  const left = leftBytes > 0 ? sliceChunk(chunk, chunk.bytes - leftBytes) : null;
  return { data: decoded.data, left };
}

/** `Expect: 100-continue` is answered before the body is read. */
function answerExpect(core: Core, request: NginxRequest): void {
  if (!request.expect100 || request.httpVersion < 1001 || request.stream > 0) return;
  request.expect100 = false;
  const line = textChunk("HTTP/1.1 100 Continue\r\n\r\n");
  request.sentBytes += line.bytes;
  core.host.network.send(request.socket, line, request.number);
}

/** Reads the whole body for a module, which hears of it by `bodyReady`, perhaps at once. */
export function readBody(core: Core, request: NginxRequest, module: string): PhaseResult {
  const connection = core.connection(request.socket);
  request.waitingFor = module;
  if (request.parent !== null || request.body !== null || connection === null) {
    moduleOf(core, module)?.bodyReady?.(core, request);
    return "done";
  }
  answerExpect(core, request);
  request.body = { chunks: [], bytes: 0, complete: false, inFile: false };
  if (!bodyIsPending(request)) {
    request.body.complete = true;
    moduleOf(core, module)?.bodyReady?.(core, request);
    return "done";
  }
  core.step(request, "readBody", request.contentLengthIn, () => ({
    values: { length: request.contentLengthIn, chunked: request.chunkedIn },
    cause: causeOf(request.location.span, "its handler passes the body on, so it is read first"),
  }));
  const stream = connection.streams?.get(request.stream);
  if (stream !== undefined && !stream.ended) core.http2.widen(connection.socket, stream.id);
  return goOnReading(core, stream ?? connection, request);
}

/** More bytes of a body that is being read have arrived. */
export function continueBody(core: Core, source: BodySource, request: NginxRequest): void {
  const result = goOnReading(core, source, request);
  if (typeof result === "number") core.finalize(request, result);
}

function goOnReading(core: Core, source: BodySource, request: NginxRequest): PhaseResult {
  const { body } = request;
  if (body === null) return "done";
  const pulled = pull(source, request, body.chunks);
  if (pulled === "wrong length") {
    const sum = `${body.bytes} out of ${request.contentLengthIn}`;
    const short = `client prematurely closed stream: only ${sum} bytes of request body received`;
    const long = "client intended to send body data larger than declared";
    core.logError(request, "info", body.bytes > request.contentLengthIn ? long : short);
    return 400;
  }
  if (pulled === "invalid") {
    core.logError(request, "error", "client sent invalid chunked body");
    return 400;
  }
  if (pulled === "too large") {
    const limit = valueAt(request.location, CLIENT_MAX_BODY_SIZE);
    // HTTP/2 counts by buffers, and names what the full ones hold.
    const counted = (Math.floor(limit / BUFFER_BYTES) + 1) * BUFFER_BYTES;
    const chunk = bodyState(request).chunked;
    const before = (chunk?.announced ?? 0) - (chunk?.size ?? 0);
    const sum = request.stream > 0 ? counted : `${before}+${chunk?.size}`;
    core.logError(request, "error", `client intended to send too large chunked body: ${sum} bytes`);
    return 413;
  }
  noteFile(core, request);
  if (pulled === "more") {
    if (request.stream === 0) request.logAction = "reading client request body";
    const timeout = settingOf(request.location, CLIENT_BODY_TIMEOUT);
    core.setTimer(request, fromMs(timeout.value), core.events.requestTimer, {
      ...{ name: "client_body_timeout", span: timeout.span },
      waitsFor: "more of the client's body",
      otherwise: "Nginx answers 408",
    });
    return "again";
  }
  core.clearTimer(request);
  request.logAction = "";
  body.complete = true;
  core.step(request, "bodyRead", body.bytes, () => ({ values: { bytes: body.bytes } }));
  moduleOf(core, request.waitingFor)?.bodyReady?.(core, request);
  return "done";
}

/** A body beyond client_body_buffer_size goes to a temporary file, with a warning. */
function noteFile(core: Core, request: NginxRequest): void {
  const { body } = request;
  const limit = valueAt(request.location, CLIENT_BODY_BUFFER_SIZE);
  const expected = request.chunkedIn ? (body?.bytes ?? 0) : request.contentLengthIn;
  // A quarter more is still read into memory: size += size >> 2.
  const room = request.chunkedIn ? limit : limit + Math.floor(limit / 4);
  if (body === null || body.inFile || expected <= room || body.bytes === 0) return;
  body.inFile = true;
  const path = `/var/lib/nginx/body/${`${request.id}`.padStart(10, "0")}`;
  core.logError(request, "warn", `a client request body is buffered to a temporary file ${path}`);
}

/** A status when what has come of the body is wrong. Throws the body away; the response does not wait for it, but the end of the request does. */
export function discardBody(core: Core, request: NginxRequest): number | null {
  if (request.parent !== null || request.discardBody || request.body !== null) return null;
  answerExpect(core, request);
  const connection = core.connection(request.socket);
  if (connection === null || !bodyIsPending(request)) return null;
  if (request.stream > 0) {
    // What still comes on the stream is dropped; the stream is reset when the answer is out.
    request.discardBody = true;
    return null;
  }
  const pulled = pull(connection, request, null);
  if (pulled === "complete") {
    request.lingeringClose = false;
    // Nothing of the body is left, so a second look at its length (after error_page) finds none.
    if (!request.chunkedIn) request.contentLengthIn = 0;
  } else if (pulled === "invalid") {
    request.keepalive = false;
    core.logError(request, "error", "client sent invalid chunked body");
    return 400;
  } else request.discardBody = true;
  return null;
}

/** More bytes of a body that is thrown away have arrived; true when it is all here. */
export function continueDiscard(connection: ClientConnection, request: NginxRequest): boolean {
  return pull(connection, request, null) !== "more";
}

/** How long nginx waits for the next bytes of a body it throws away. */
export function discardTimeoutNs(request: NginxRequest): number {
  return fromMs(valueAt(request.location, LINGERING_TIMEOUT));
}
