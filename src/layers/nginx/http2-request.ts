// A request of HTTP/2: its pseudo-headers and headers become what the phases expect, with nginx's checks.
// Source: src/http/v2/ngx_http_v2.c, ngx_http_v2_pseudo_header to ngx_http_v2_run_request (1.22.1).

import type { HeaderBlock, StreamId } from "../http2-session.ts";
import type { Core } from "./core.ts";
import { IGNORE_INVALID_HEADERS, UNDERSCORES_IN_HEADERS } from "./core-directives.ts";
import { acceptHeader, checkHeaders } from "./header-rules.ts";
import { newRequest } from "./new-request.ts";
import type { ClientConnection, NginxRequest } from "./request.ts";
import { parseRequestLine, type RequestLine } from "./request-line.ts";
import { enterPhases, refuse, takeLine } from "./request-reader.ts";
import { valueAt } from "./settings.ts";
import { recentRequests } from "./world.ts";

/** A stream's request, of which nothing has been read. */
export function makeHttp2Request(
  core: Core,
  connection: ClientConnection,
  stream: StreamId,
  { end, bytes }: HeaderBlock,
): NginxRequest {
  const world = core.world();
  const request = newRequest(core, connection, stream);
  recentRequests.keep(world.requests, request.id, request);
  world.requested++;
  const { id } = request;
  connection.streams?.set(stream, { id: stream, request: id, pending: [], ended: end });
  request.logAction = "reading client request headers";
  request.requestBytes = bytes;
  request.kept.protocol = "HTTP/2.0";
  request.httpVersion = 2000;
  return request;
}

/** Makes a stream's request and takes it into the phases, or refuses it. */
export function readHttp2Request(
  core: Core,
  connection: ClientConnection,
  stream: StreamId,
  block: HeaderBlock,
): void {
  const request = makeHttp2Request(core, connection, stream, block);
  const line = lineOf(core, request, block);
  if (line === null) return;
  takeLine(core, request, line);
  // What goes wrong with the fields is logged before there is a line to show.
  request.requestLine = "";
  if (!request.finished) takeFields(core, request, block);
  if (request.finished) return;
  request.requestLine = line.text;
  checkHeaders(core, request);
  if (request.finished || !matchesBody(core, request, block.end)) return;
  request.requestBytes = block.bytes;
  enterPhases(core, connection, request);
}

/** The pseudo-headers as a request line; null when the request was refused. */
function lineOf(core: Core, request: NginxRequest, { fields }: HeaderBlock): RequestLine | null {
  const find = (name: string) => fields.find(([key]) => key === name)?.[1] ?? "";
  const [method, path, scheme] = [find(":method"), find(":path"), find(":scheme")];
  const missing = method === "" ? "method" : scheme === "" ? "scheme" : path === "" ? "path" : null;
  if (missing !== null) {
    takeFields(core, request, { fields });
    if (request.finished) return null;
    refuse(core, request, `client sent no :${missing} header`, 400);
    return null;
  }
  if (!/^[A-Z_-]+$/.test(method)) {
    refuse(core, request, `client sent invalid method: "${method}"`, 400);
    return null;
  }
  const read = parseRequestLine(`GET ${path} HTTP/1.1\r\n`);
  if (read.kind !== "line" || !path.startsWith("/")) {
    refuse(core, request, `client sent invalid :path header: "${path}"`, 400);
    return null;
  }
  const text = `${method} ${path} HTTP/2.0`;
  return { ...read, text, method, protocol: "HTTP/2.0", httpVersion: 2000 };
}

/** The other fields; :authority stands as the Host header, and cookies come together again. */
function takeFields(
  core: Core,
  request: NginxRequest,
  { fields }: Pick<HeaderBlock, "fields">,
): void {
  const cookies = fields.flatMap(([name, value]) => (name === "cookie" ? [value] : []));
  for (const [name, value] of fields) {
    if (request.finished) return;
    if (name === ":authority") take(core, request, "host", value);
    else if (!name.startsWith(":") && name !== "cookie") takeField(core, request, name, value);
  }
  if (cookies.length > 0 && !request.finished) take(core, request, "cookie", cookies.join("; "));
}

/** Names that nginx drops, as with HTTP/1: with an underscore, or other unusual characters. */
function takeField(core: Core, request: NginxRequest, name: string, value: string): void {
  const allowed = valueAt(request.server, UNDERSCORES_IN_HEADERS)
    ? /^[a-z0-9_-]+$/
    : /^[a-z0-9-]+$/;
  if (!allowed.test(name) && valueAt(request.server, IGNORE_INVALID_HEADERS)) {
    core.logError(request, "info", `client sent invalid header: "${name}"`);
    return;
  }
  take(core, request, name, value);
}

function take(core: Core, request: NginxRequest, name: string, value: string): void {
  const header = { name, key: name, value };
  request.headersIn.push(header);
  acceptHeader(core, request, header);
}

/** Whether the body that is announced can come; one without a length is taken up to END_STREAM. */
function matchesBody(core: Core, request: NginxRequest, ended: boolean): boolean {
  if (request.contentLengthIn > 0 && ended) {
    refuse(core, request, "client prematurely closed stream", 400);
    return false;
  }
  if (request.contentLengthIn < 0 && !ended) request.chunkedIn = true;
  return true;
}
