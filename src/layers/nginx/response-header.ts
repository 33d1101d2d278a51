// The response's header: which lines, in which order, and the filters that change it on the way.
// Source: src/http/ngx_http_header_filter_module.c; ngx_http_chunked_filter_module.c (1.22.1).
import { textChunk } from "../../host/network.ts";
import type { Message } from "../layer.ts";
import type { Core } from "./core.ts";
import {
  ABSOLUTE_REDIRECT,
  CHUNKED_TRANSFER_ENCODING,
  KEEPALIVE_TIMEOUT,
  PORT_IN_REDIRECT,
  SERVER_NAME_IN_REDIRECT,
  SERVER_TOKENS,
} from "./core-directives.ts";
import { responseFields, sendFields } from "./http2-response.ts";
import { statusText } from "./pages.ts";
import type { HeadersOut, NginxRequest } from "./request.ts";
import { lostHeaders, sendAlternatives, sendCause } from "./send-facts.ts";
import { urlHost } from "./server-address.ts";
import { valueAt } from "./settings.ts";
import { specialPage } from "./special-response.ts";
import { writtenHead } from "./written-heads.ts";

/** An empty header. */
export function newHeadersOut(): HeadersOut {
  return {
    status: 200,
    statusLine: null,
    contentType: null,
    charset: null,
    contentLength: null,
    lastModified: null,
    list: [],
    ownServer: false,
    ownDate: false,
    allowRanges: false,
    contentOffset: 0,
  };
}

/** Sets the Location of nginx's own; an earlier one is replaced. */
export function addLocation(request: NginxRequest, value: string): void {
  const { out } = request;
  out.list = out.list.filter((header) => header.location !== true);
  out.list.push({ name: "Location", value, location: true });
}

/** A header of the list by name (lower case), or null. */
export function headerOut(request: NginxRequest, key: string): string | null {
  return request.out.list.find((header) => header.name.toLowerCase() === key)?.value ?? null;
}

/** `nginx/1.22.1`, or `nginx` with server_tokens off. */
export function serverSignature(request: NginxRequest): string {
  return valueAt(request.location, SERVER_TOKENS) === "off" ? "nginx" : "nginx/1.22.1";
}

/** Sends the header through the filters. A filter that refuses (412, 416) gets its page sent instead. */
export function sendHeader(core: Core, request: NginxRequest): void {
  if (request.headerSent) return;
  const { out } = request;
  if (request.errStatus !== 0) {
    out.status = request.errStatus;
    out.statusLine = null;
  }
  for (const filter of core.hooks.headerFilters) {
    const refused = filter(core, request);
    if (typeof refused === "number") {
      replaceByPage(core, request, refused);
      return;
    }
  }
  request.headerSent = true;
  if (request.parent !== null) return;
  decideChunked(request);
  writeHeader(core, request);
}

function replaceByPage(core: Core, request: NginxRequest, status: number): void {
  request.errStatus = 0;
  specialPage(core, request, status);
  request.bodyReplaced = true;
  if (status !== 412) return;
  // The filter's page makes sending the header an error, so that the connection is closed after it.
  request.keepalive = false;
  request.lingeringClose = false;
  request.kept.cutAfter = true;
}

/** Without a known length HTTP/1.1 clients get chunks, others a body that ends with the connection. */
function decideChunked(request: NginxRequest): void {
  const { out } = request;
  const { status } = out;
  const hasBody = status !== 304 && status !== 204 && status >= 200 && request.method !== "HEAD";
  if (!hasBody || out.contentLength !== null || request.stream > 0) return;
  const mayChunk = valueAt(request.location, CHUNKED_TRANSFER_ENCODING);
  if (request.httpVersion >= 1001 && mayChunk) request.chunkedOut = true;
  else request.keepalive = false;
}

function writeHeader(core: Core, request: NginxRequest): void {
  if (request.httpVersion < 1000) {
    sendStep(core, request, "");
    return;
  }
  if (request.method === "HEAD") request.headerOnly = true;
  const { out } = request;
  if (![200, 206, 304].includes(out.status)) {
    out.lastModified = null;
  }
  if (out.statusLine === null && (out.status === 204 || out.status === 304)) {
    request.headerOnly = true;
    if (out.status === 204) dropBodyHeaders(out);
  }
  if (request.stream > 0) {
    const fields = responseFields(core, request);
    sendStep(core, request, fieldText(fields));
    sendFields(core, request, fields);
    return;
  }
  const date = core.host.clock.httpDate();
  const head = writtenHead(request, date, () => textChunk(headerText(core, request, date)));
  request.headerBytes = head.bytes;
  request.sentBytes += head.bytes;
  sendStep(core, request, head.text ?? "");
  core.host.network.send(request.socket, head, request.number);
}

/** Fields as a person reads them. */
function fieldText(fields: ReturnType<typeof responseFields>): string {
  const lines = fields.map(([name, value]) => `${name.replace("\0", "")}: ${value}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function dropBodyHeaders(out: HeadersOut): void {
  out.contentType = null;
  out.lastModified = null;
  out.contentLength = null;
}

function headerText(core: Core, request: NginxRequest, date: string): string {
  const { out } = request;
  let text = `HTTP/1.1 ${out.statusLine ?? statusText(out.status)}\r\n`;
  if (!out.ownServer) text += `Server: ${serverSignature(request)}\r\n`;
  if (!out.ownDate) text += `Date: ${date}\r\n`;
  // An empty default_type means no Content-Type at all.
  if (out.contentType) text += `Content-Type: ${contentType(out)}\r\n`;
  if (out.contentLength !== null) text += `Content-Length: ${out.contentLength}\r\n`;
  const modified = lastModified(core, out);
  if (modified !== null) text += `Last-Modified: ${modified}\r\n`;
  const absolute = absoluteLocation(core, request);
  if (absolute !== null) text += `Location: ${absolute}\r\n`;
  if (request.chunkedOut) text += "Transfer-Encoding: chunked\r\n";
  text += connectionLines(request);
  if (request.ctx.gzipVary === true) text += "Vary: Accept-Encoding\r\n";
  for (const { name, value, location } of out.list)
    if (location !== true || absolute === null) text += `${name}: ${value}\r\n`;
  return `${text}\r\n`;
}

/** Content-Type with its charset. */
export function contentType(out: HeadersOut): string {
  return out.charset === null ? `${out.contentType}` : `${out.contentType}; charset=${out.charset}`;
}

/** The line from the file's time; a Last-Modified among the other headers takes its place. */
export function lastModified(core: Core, out: HeadersOut): string | null {
  if (out.list.some((header) => header.name.toLowerCase() === "last-modified")) return null;
  return out.lastModified === null ? null : core.host.clock.httpDate(out.lastModified * 1000);
}

function connectionLines(request: NginxRequest): string {
  if (request.httpVersion >= 2000) return "";
  if (request.out.status === 101) return "Connection: upgrade\r\n";
  if (!request.keepalive) return "Connection: close\r\n";
  const { headerSeconds } = valueAt(request.location, KEEPALIVE_TIMEOUT);
  if (headerSeconds === 0) return "Connection: keep-alive\r\n";
  return `Connection: keep-alive\r\nKeep-Alive: timeout=${headerSeconds}\r\n`;
}

/** The Location made absolute, or null when it stays as it is. */
export function absoluteLocation(core: Core, request: NginxRequest): string | null {
  const location = request.out.list.find((header) => header.location === true);
  const { location: conf } = request;
  if (location === undefined || !location.value.startsWith("/")) return null;
  if (!valueAt(conf, ABSOLUTE_REDIRECT)) return null;
  const connection = core.connection(request.socket);
  const tls = connection?.tls ?? false;
  const { local } = core.host.network.info(request.socket);
  const localIp = local.kind === "tcp" ? local.ip : "";
  const named = valueAt(conf, SERVER_NAME_IN_REDIRECT) ? request.server.firstName : request.host;
  const port = local.kind === "tcp" ? local.port : 0;
  const isUsual = port === (tls ? 443 : 80) || port === 0;
  const shown = isUsual || !valueAt(conf, PORT_IN_REDIRECT) ? "" : `:${port}`;
  return `${tls ? "https" : "http"}://${named ?? urlHost(localIp)}${shown}${location.value}`;
}

function sendStep(core: Core, request: NginxRequest, head: string): void {
  const { out } = request;
  core.step(request, "sendHeader", out.status, () => ({
    values: {
      lost: lostHeaders(request),
      status: out.status,
      bytes: head.length,
      chunked: request.chunkedOut,
      keepalive: request.keepalive,
      ...(request.stream > 0 && { stream: true }),
    },
    cause: sendCause(request),
    alternatives: sendAlternatives(core, request),
    messages: [headMessage(head, out.contentLength ?? 0)],
  }));
}

function headMessage(head: string, bodyBytes: number): Message {
  return { kind: "http", title: "Response header from nginx", head, bodyBytes };
}
