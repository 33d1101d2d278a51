// Reads requests off a connection: request line, headers, then off to the phases. Everything that nginx
// refuses before it has looked for a location is refused here.
// Source: src/http/ngx_http_request.c, ngx_http_process_request_line to ngx_http_process_request (1.22.1).

import { NO_EVENT } from "../../kernel/event-queue.ts";
import { chunkText, sliceChunk } from "./body-chunks.ts";
import { causeOf } from "./cause.ts";
import { connectionStep, setConnectionTimer } from "./connection-end.ts";
import type { Core } from "./core.ts";
import {
  CLIENT_HEADER_BUFFER_SIZE,
  CLIENT_HEADER_TIMEOUT,
  IGNORE_INVALID_HEADERS,
  LARGE_CLIENT_HEADER_BUFFERS,
  MERGE_SLASHES,
  UNDERSCORES_IN_HEADERS,
} from "./core-directives.ts";
import { REQUEST_CPU_NS } from "./costs.ts";
import { type HeaderResult, parseHeaderLine } from "./header-lines.ts";
import { acceptHeader, checkHeaders, takeHost } from "./header-rules.ts";
import { rememberHead, takeKnownHead, wholeHead } from "./known-heads.ts";
import { newRequest } from "./new-request.ts";
import type { ClientConnection, NginxRequest } from "./request.ts";
import { parseRequestLine, type RequestLine } from "./request-line.ts";
import { settingOf, valueAt } from "./settings.ts";
import { normaliseUri } from "./uri.ts";
import { recentRequests } from "./world.ts";

/** How far the header has been read. Lies in request.kept.reading. */
export interface Reading {
  /** "refused": answered without reading on. */
  phase: "line" | "headers" | "done" | "refused";
  headerLines: number;
  /** Room left in the buffer at hand and how many large ones are in use. */
  room: number;
  largeBuffers: number;
}

/** The first bytes of a request are here. */
export function beginRequest(core: Core, connection: ClientConnection): NginxRequest {
  connectionStep(core, connection, "beginRequest", () => ({ fine: true }));
  connection.logAction = "reading client request line";
  return makeRequest(core, connection);
}

/** The next request has arrived together with the last. */
export function beginPipelined(core: Core, connection: ClientConnection): void {
  connectionStep(core, connection, "pipeline", () => ({ fine: true }));
  connection.logAction = "reading client pipelined request line";
  connection.pipelined = true;
  const request = makeRequest(core, connection);
  readRequest(core, connection, request);
}

function makeRequest(core: Core, connection: ClientConnection): NginxRequest {
  connection.requests++;
  const request = newRequest(core, connection, 0);
  const room = valueAt(connection.address.defaultServer, CLIENT_HEADER_BUFFER_SIZE);
  const reading: Reading = { phase: "line", headerLines: 0, room, largeBuffers: 0 };
  request.kept.reading = reading;
  // Of requests that came together the observation shows the first.
  if (connection.pipelined && connection.observed === request.number)
    request.kept.unobserved = true;
  request.logAction = connection.logAction;
  connection.request = request.id;
  recentRequests.keep(core.world().requests, request.id, request);
  core.world().requested++;
  return request;
}

/** Reads on in what has arrived. */
export function readRequest(core: Core, connection: ClientConnection, request: NginxRequest): void {
  const reading = request.kept.reading as Reading;
  const whole = reading.phase === "line" ? wholeHead(connection) : null;
  if (whole !== null && takeKnownHead(core, request, whole)) {
    connection.pending = [];
    enterPhases(core, connection, request);
    return;
  }
  const text = pendingText(connection);
  let at = 0;
  if (reading.phase === "line") at = readLine(core, request, text);
  if (at >= 0 && reading.phase === "headers" && !request.finished)
    at = readHeaders(core, request, text, at);
  if (request.finished) return;
  if (reading.phase === "refused") {
    core.cancel(connection.timer);
    connection.timer = NO_EVENT;
    return;
  }
  if (at > 0) consume(connection, at);
  if (reading.phase === "done") {
    if (at === whole?.bytes) rememberHead(request, whole);
    enterPhases(core, connection, request);
  } else if (connection.timer < 0) startTimer(core, connection, request);
}

function startTimer(core: Core, connection: ClientConnection, request: NginxRequest): void {
  const timeout = settingOf(request.server, CLIENT_HEADER_TIMEOUT);
  setConnectionTimer(core, connection, "client_header_timeout", timeout);
}

/** The text at the head of what has arrived; counted filler is no header and is written out shortly. */
function pendingText(connection: ClientConnection): string {
  let text = "";
  for (const chunk of connection.pending) {
    if (chunk.text === null && text.includes("\n\r\n")) break;
    text += chunk.text ?? chunkText(sliceChunk(chunk, 0, 65_536));
    if (text.length > 400_000) break;
  }
  return text;
}

function consume(connection: ClientConnection, bytes: number): void {
  let left = bytes;
  while (left > 0 && connection.pending.length > 0) {
    const [first] = connection.pending;
    if (first.bytes > left) {
      connection.pending[0] = sliceChunk(first, left);
      return;
    }
    left -= first.bytes;
    connection.pending.shift();
  }
}

/** Reads the request line; how many bytes it took, 0 when it is incomplete. */
function readLine(core: Core, request: NginxRequest, text: string): number {
  const result = parseRequestLine(text);
  const reading = request.kept.reading as Reading;
  const limit = valueAt(request.server, LARGE_CLIENT_HEADER_BUFFERS).bytes;
  if (result.kind === "error") {
    request.requestLine = result.text;
    refuse(
      core,
      request,
      result.message,
      result.message === "client sent invalid version" ? 505 : 400,
    );
    return 0;
  }
  const size = result.kind === "line" ? result.end : text.length - result.start;
  if (size > limit || (result.kind === "incomplete" && size >= limit)) {
    request.requestLine = text.slice(0, limit);
    refuse(core, request, "client sent too long URI", 414);
    return 0;
  }
  if (result.kind === "incomplete") {
    // Logs show what there is of the line.
    request.requestLine = text.slice(result.start).split(/[\r\n]/, 1)[0];
    return 0;
  }
  if (result.end > reading.room) {
    reading.largeBuffers = 1;
    reading.room = limit;
  }
  reading.room -= result.end;
  takeLine(core, request, result);
  return request.finished ? 0 : result.end;
}

/** Takes what a request line says. */
export function takeLine(core: Core, request: NginxRequest, line: RequestLine): void {
  request.requestLine = line.text;
  request.method = line.method;
  request.httpVersion = line.httpVersion;
  request.kept.protocol = line.protocol;
  request.requestBytes = line.end - line.start;
  request.validUnparsedUri = !line.emptyPath;
  const path = line.target.split("?", 1)[0];
  request.quotedUri = path.includes("%");
  request.plusInUri = path.includes("+");
  request.uri = "";
  const normal = normaliseUri(line.target, valueAt(request.server, MERGE_SLASHES));
  if (normal === null) {
    refuse(core, request, "client sent invalid request", 400);
    return;
  }
  request.uri = normal.uri;
  request.unparsedUri = line.target;
  request.args = normal.args ?? "";
  request.hasArgs = normal.args !== null;
  const reading = request.kept.reading as Reading | undefined;
  if (reading !== undefined) reading.phase = "headers";
  core.step(request, "readRequestLine", 0, () => ({
    values: {
      line: line.text,
      method: line.method,
      uri: normal.uri,
      target: line.target,
      version: line.protocol,
    },
    cause: causeOf(request.address.listen.span, "the connection arrived here"),
  }));
  if (line.host !== null)
    takeHost(core, request, line.host, "client sent invalid host in request line");
  request.logAction = "reading client request headers";
  if (request.finished || line.httpVersion >= 1000) return;
  if (request.host === null) takeHost(core, request, null, "");
  if (reading !== undefined) reading.phase = "done";
}

/** Refuses a request whose header is wrong. */
export function refuse(core: Core, request: NginxRequest, message: string, status: number): void {
  const reading = request.kept.reading as Reading | undefined;
  if (reading !== undefined) reading.phase = "refused";
  core.logError(request, "info", message);
  core.finalize(request, status);
}

/** Source: max_headers of nginx 1.29, in Debian's 1.22.1 since deb12u8. */
const HEADERS_MAX = 1000;

/** Reads header lines from a position; where reading stopped. */
function readHeaders(core: Core, request: NginxRequest, text: string, from: number): number {
  const reading = request.kept.reading as Reading;
  let at = from;
  for (;;) {
    const result = parseHeaderLine(text, at, valueAt(request.server, UNDERSCORES_IN_HEADERS));
    if (outgrows(core, request, text.slice(at), sizeOf(result, at))) return 0;
    if (result.kind === "incomplete") return at;
    if (result.kind === "error") {
      const byte = result.byte.toString(16).padStart(2, "0");
      refuse(core, request, `client sent invalid header line: "${result.text}\\x${byte}..."`, 400);
      return 0;
    }
    request.requestBytes += result.end - at;
    at = result.end;
    if (result.kind === "done") break;
    if (!takeHeader(core, request, result)) return 0;
  }
  reading.phase = "done";
  checkHeaders(core, request);
  return request.finished ? 0 : at;
}

function takeHeader(
  core: Core,
  request: NginxRequest,
  result: HeaderResult & { kind: "header" },
): boolean {
  const reading = request.kept.reading as Reading;
  if (++reading.headerLines > HEADERS_MAX) {
    request.lingeringClose = true;
    refuse(core, request, "client sent too many header lines", 494);
    return false;
  }
  if (result.unusual && valueAt(request.server, IGNORE_INVALID_HEADERS)) {
    core.logError(request, "info", `client sent invalid header line: "${result.text}"`);
    return true;
  }
  request.headersIn.push(result.header);
  acceptHeader(core, request, result.header);
  return !request.finished;
}

/** Bytes of a complete header line; null of one that is incomplete or wrong. */
function sizeOf(result: HeaderResult, at: number): number | null | "wrong" {
  if (result.kind === "error") return "wrong";
  return result.kind === "incomplete" ? null : result.end - at;
}

/** Whether the header no longer fits in the buffers that the configuration allows. */
function outgrows(
  core: Core,
  request: NginxRequest,
  rest: string,
  whole: number | null | "wrong",
): boolean {
  if (whole === "wrong") return false;
  const reading = request.kept.reading as Reading;
  const { count, bytes } = valueAt(request.server, LARGE_CLIENT_HEADER_BUFFERS);
  const size = whole ?? rest.length;
  if (size <= reading.room) {
    if (whole !== null) reading.room -= size;
    return false;
  }
  const isFull = reading.largeBuffers >= count;
  if (size <= bytes && !isFull) {
    if (whole === null && size < bytes) return false;
    reading.largeBuffers++;
    reading.room = bytes - size;
    return false;
  }
  request.lingeringClose = true;
  const shown = rest.slice(0, Math.min(isFull ? reading.room : bytes, LOGGED_BYTES_MAX));
  refuse(core, request, `client sent too long header line: "${shown}..."`, 494);
  return true;
}

/** Source: NGX_MAX_ERROR_STR - 300. */
const LOGGED_BYTES_MAX = 1748;

/** The header is complete: the worker takes the request through the phases. */
export function enterPhases(core: Core, connection: ClientConnection, request: NginxRequest): void {
  core.cancel(connection.timer);
  connection.timer = NO_EVENT;
  core.step(request, "readHeaders", request.headersIn.length, () => ({
    values: {
      headers: request.headersIn.length,
      bytes: request.requestBytes,
      host: request.host,
      ...(request.stream > 0 && { stream: true }),
    },
    messages: [headMessage(request)],
  }));
  core.host.cpu.run(request.worker, REQUEST_CPU_NS, core.events.process, request.id, 0);
}

function headMessage(request: NginxRequest) {
  const lines = request.headersIn.map((header) => `${header.name}: ${header.value}`);
  const head = `${[request.requestLine, ...lines].join("\r\n")}\r\n\r\n`;
  const bodyBytes = Math.max(request.contentLengthIn, 0);
  return { kind: "http" as const, title: "Request as nginx reads it", head, bodyBytes };
}
