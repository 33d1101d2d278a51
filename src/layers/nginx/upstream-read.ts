// Reading the answer of an upstream: its head first, which decides whether it is used at all, then the body.
// Source: nginx 1.22.1, ngx_http_upstream.c (ngx_http_upstream_process_header, _test_next, _send_response).
import { type Chunk, textChunk } from "../../host/network.ts";
import type { Facts, Message } from "../layer.ts";
import { chunkText, sliceChunk } from "./body-chunks.ts";
import { revalidate, serveStaleForStatus } from "./cache-serve.ts";
import { isBuffered, prepareCaching } from "./cache-store.ts";
import { READ_TURN_NS } from "./costs.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import {
  bodyComplete,
  cutBody,
  expectBody,
  readBody,
  releaseHeader,
  takeRest,
} from "./upstream-body.ts";
import { currentTry, stepCall, type UpstreamCall } from "./upstream-call.ts";
import { finishUpstream } from "./upstream-finish.ts";
import {
  type HeadReading,
  type ResponseHead,
  readHeaderLines,
  readResponseHead,
} from "./upstream-header.ts";
import { currentPeer } from "./upstream-peer.ts";
import { interceptError, redirectByHeader } from "./upstream-redirect.ts";
import {
  applyHead,
  closesConnection,
  contentLengthOf,
  headerFate,
  headerValue,
} from "./upstream-response.ts";
import { restartReadTimer } from "./upstream-timer.ts";
import { failTry, mayTryNext, requestWritten, statusFailure } from "./upstream-try.ts";

/** Bytes of an upstream's connection can be read. */
export function readUpstream(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): void {
  const { network } = context.host;
  while (!call.finished) {
    const chunk = network.read(call.socket);
    if (chunk === null) return;
    const made = currentTry(request);
    if (made !== null) made.bytesReceived += chunk.bytes;
    restartReadTimer(context, request, call);
    if (call.response === null) readHead(context, request, call, chunk);
    else readBody(context, request, call, chunk);
    if (call.socket < 0) return;
  }
}

function readHead(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  chunk: Chunk,
): void {
  request.logAction = "reading response header from upstream";
  if (!call.bodySent) requestWritten(context, request, call);
  const before = call.received.length;
  const room = Math.max(0, headRoom(call) - before);
  call.received += chunkText(sliceChunk(chunk, 0, Math.min(chunk.bytes, room + 1)));
  const reading = headReading(call, chunk);
  if (reading.kind === "again" || isTooBig(call, reading)) {
    if (call.received.length < headRoom(call)) return;
    context.logError(request, "error", "upstream sent too big header");
    rejectHeader(context, request, call, "too big");
    return;
  }
  if (reading.kind === "invalid") {
    context.logError(request, "error", `upstream sent invalid header: "${reading.shown}"`);
    rejectHeader(context, request, call, `invalid: ${reading.shown}`);
    return;
  }
  if (reading.kind === "no status line") {
    oldResponse(context, request, call, chunk);
    return;
  }
  const rest = sliceChunk(chunk, Math.max(0, reading.length - before));
  call.roomBytes = Math.max(1, headRoom(call) - reading.length);
  headArrived(context, request, call, { head: reading.head, rest });
}

/** What proxy_buffer_size leaves for the head: a cached answer's buffer begins with the head of the cache file. */
function headRoom(call: UpstreamCall): number {
  const key = call.cache === null ? 0 : CACHE_HEADER_BYTES + call.cache.keyText.length;
  return Math.max(1, call.conf.bufferSize - key);
}

/** ngx_http_file_cache_header_t with the line `KEY: ` and its line ends. */
const CACHE_HEADER_BYTES = 343;

/** The whole head must fit in proxy_buffer_size, even when it came at once. */
function isTooBig(call: UpstreamCall, reading: HeadReading): boolean {
  return reading.kind === "head" && reading.length > headRoom(call);
}

/** Heads by the chunk they came in: a backend that sends the same frozen chunk again is not read again. */
const readings = new WeakMap<Chunk, HeadReading>();

function headReading(call: UpstreamCall, chunk: Chunk): HeadReading {
  const isWhole = call.received === chunk.text;
  const known = isWhole ? readings.get(chunk) : undefined;
  const reading = known ?? readResponseHead(call.received);
  if (isWhole && known === undefined) readings.set(chunk, reading);
  if (call.conf.module !== "uwsgi") return reading;
  if (reading.kind === "no status line") {
    const first = { version: 1000, status: 200, statusLine: "200 OK" };
    const lines = readHeaderLines(call.received, 0, first);
    return lines.kind === "head" ? { ...lines, head: withCgiStatus(lines.head) } : lines;
  }
  return reading;
}

/** An answer in the manner of CGI: the header Status, or Location alone, give the status. */
function withCgiStatus(head: ResponseHead): ResponseHead {
  const status = headerValue(head, "status");
  if (status !== null && /^\d{3}/.test(status)) {
    return Object.freeze({ ...head, status: Number(status.slice(0, 3)), statusLine: status });
  }
  if (headerValue(head, "location") === null) return head;
  return Object.freeze({ ...head, status: 302, statusLine: "302 Moved Temporarily" });
}

function rejectHeader(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  what: string,
): void {
  failTry(context, request, call, { failure: "invalid_header", transition: "rejectHeader", what });
}

/** No status line: all that comes is body, as in HTTP/0.9. */
function oldResponse(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  chunk: Chunk,
): void {
  context.logError(request, "error", "upstream sent no valid HTTP/1.0 header");
  request.httpVersion = 9;
  noteNoMaker(context, request);
  const made = currentTry(request);
  if (made !== null) made.status = 200;
  const all = call.received.length > chunk.bytes ? textChunk(call.received) : chunk;
  call.roomBytes = headRoom(call);
  const head: ResponseHead = { version: 9, status: 0, statusLine: "", headers: [] };
  startBody(context, request, call, { head, rest: all });
}

interface HeadAndRest {
  readonly head: ResponseHead;
  /** What came with it of the body. */
  readonly rest: Chunk;
}

function headArrived(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  arrived: HeadAndRest,
): void {
  const { head } = arrived;
  request.kept["upstream.head"] = head;
  const made = currentTry(request);
  if (made !== null && made.status === 0) made.status = head.status;
  if (made !== null) made.headerAt = context.sim.now;
  call.keepConnection = !closesConnection(head) && endsAtOnce(call, head);
  if (head.status >= 300 && passOver(context, request, call, head)) return;
  if (redirectByHeader(context, request, call, head)) return;
  startBody(context, request, call, arrived);
}

/** The answer has no body, so that the connection is free again (ngx_http_proxy_process_header). */
function endsAtOnce(call: UpstreamCall, head: ResponseHead): boolean {
  if (head.status === 101) return false;
  const isEmpty = head.status === 204 || head.status === 304 || call.isHead;
  return isEmpty || contentLengthOf(head) === 0;
}

/** A status that another peer, the cache or an error page answers instead (ngx_http_upstream_test_next). */
function passOver(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  head: ResponseHead,
): boolean {
  const failure = statusFailure(head.status);
  if (failure !== null) {
    if (call.selection.tries > 1 && mayTryNext(context, request, call, failure)) {
      const what = `${head.status}`;
      failTry(context, request, call, { failure, transition: "rejectStatus", what });
      return true;
    }
    if (serveStaleForStatus(context, request, call, failure)) return true;
  }
  if (revalidate(context, request, call, head)) return true;
  return interceptError(context, request, call, head);
}

/** Whether the header waits for no body; a stream's HEADERS frame never does (ngx_http_v2_header_filter). */
function leavesAtOnce({ stream }: NginxRequest, call: UpstreamCall, rest: Chunk): boolean {
  return stream > 0 || (!call.isBuffered && rest.bytes === 0);
}

function startBody(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  { head, rest }: HeadAndRest,
): void {
  call.response = head;
  prepareCaching(context, request, call, head);
  applyHead(context, request, call, head);
  noteMaker(context, request);
  stepCall(context, call, "receiveHeader", () => headFacts(call, head));
  context.step(request, "receiveUpstreamHeader", head.status, () => ({ fine: true }));
  expectBody(call, head);
  call.isBuffered = isBuffered(call, head);
  call.isHeaderHeld = true;
  const isHeaderOnly = request.headerOnly || request.method === "HEAD";
  const endsHere = isHeaderOnly && head.version !== 9 && call.cache?.cacheable !== true;
  if (isHeaderOnly || leavesAtOnce(request, call, rest)) releaseHeader(context, request, call);
  if (request.aborted || call.finished) return;
  if (endsHere) {
    stepCall(context, call, "finish");
    finishUpstream(context, request, call, "ok");
    return;
  }
  if (isHeaderOnly) call.clientGone = true;
  if (head.status === 101 && hasUpgrade(request)) upgrade(context, request, call);
  restartReadTimer(context, request, call);
  if (rest.bytes > 0 || call.left === 0) readBody(context, request, call, rest);
  if (!call.isBuffered && !call.finished) releaseHeader(context, request, call);
}

function upgrade(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  call.upgraded = true;
  // Source: ngx_http_upstream_upgrade: after other protocols the connection is not kept.
  request.keepalive = false;
  stepCall(context, call, "upgrade");
}

/** What has no status line is nobody's response, as the recordings see it. */
function noteNoMaker(context: NginxContext, request: NginxRequest): void {
  const { sink } = context.host;
  if (sink.wants(request.number)) sink.observe(request.number, { by: null });
}

/** Whoever made the answer has said so; a script behind a socket has not. */
function noteMaker(context: NginxContext, request: NginxRequest): void {
  const { sink } = context.host;
  if (!sink.wants(request.number)) return;
  request.madeBy = sink.observed(request.number).by === undefined ? "upstream" : null;
}

function hasUpgrade(request: NginxRequest): boolean {
  return request.headersIn.some((header) => header.key === "upgrade");
}

function headFacts(call: UpstreamCall, head: ResponseHead): Facts {
  const lines = head.headers.map((header) => `${header.name}: ${header.value}`);
  const peer = currentPeer(call)?.name ?? "the upstream";
  const message: Message = {
    kind: "http",
    title: `Response from ${peer}`,
    head: [`HTTP/${head.version === 1001 ? "1.1" : "1.0"} ${head.statusLine}`, ...lines, ""].join(
      "\r\n",
    ),
    bodyBytes: Math.max(0, contentLengthOf(head)),
  };
  return {
    values: { peer, status: head.status, statusLine: head.statusLine },
    alternatives: head.headers.map((header) => headerFate(call, header)),
    messages: [message],
  };
}

/** The upstream closed its side. */
export function upstreamEnded(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): void {
  readUpstream(context, request, call);
  if (call.finished || call.socket < 0) return;
  if (call.response === null) {
    request.logAction = "reading response header from upstream";
    context.logError(request, "error", "upstream prematurely closed connection");
    const what = "closed before a full header";
    failTry(context, request, call, { failure: "error", transition: "breakOff", what });
    return;
  }
  request.logAction = endsWithHeader(context, request, call)
    ? "sending to client"
    : "reading upstream";
  takeRest(context, request, call);
  if (call.finished) return;
  if (call.upgraded) {
    bodyComplete(context, request, call);
    return;
  }
  if (call.left < 0 && call.chunked === null) {
    bodyComplete(context, request, call);
    return;
  }
  context.logError(request, "error", "upstream prematurely closed connection");
  cutBody(context, request, call, "the upstream closed the connection");
}

/**
 * Without buffering, nginx writes to the client and reads on in one turn: an end that came with the
 * header is met there. Source: ngx_http_upstream_process_non_buffered_downstream.
 */
function endsWithHeader({ sim }: NginxContext, request: NginxRequest, call: UpstreamCall): boolean {
  const headerAt = currentTry(request)?.headerAt ?? null;
  return !call.isBuffered && headerAt !== null && sim.now - headerAt <= READ_TURN_NS;
}

/**
 * The upstream reset the connection. What lies in a buffer that is not full is lost with it
 * (ngx_event_pipe_read_upstream returns at once); without buffering it has gone on already.
 */
export function upstreamReset(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): void {
  readUpstream(context, request, call);
  if (call.finished || call.socket < 0) return;
  const reset = "failed (104: Connection reset by peer)";
  if (call.response === null) {
    if (!call.bodySent) requestWritten(context, request, call);
    request.logAction = "reading response header from upstream";
    context.logError(request, "error", `recv() ${reset}`);
    const what = "reset before a full header";
    failTry(context, request, call, { failure: "error", transition: "breakOff", what });
    return;
  }
  request.logAction = "reading upstream";
  context.logError(request, "error", `${call.isBuffered ? "readv()" : "recv()"} ${reset}`);
  cutBody(context, request, call, "the upstream reset the connection");
}
