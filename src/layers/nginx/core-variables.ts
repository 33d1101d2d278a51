// The variables of nginx's core: the request, the connection, the server, headers, arguments, cookies.
// Source: src/http/ngx_http_variables.c, ngx_http_core_variables (1.22.1).
import { MILLISECOND, SECOND } from "../../kernel/time.ts";
import { chunkText } from "./body-chunks.ts";
import { bodyIsPending } from "./client-body.ts";
import type { Core } from "./core.ts";
import { CLIENT_MAX_BODY_SIZE, SATISFY } from "./core-directives.ts";
import { ROOT } from "./location-directives.ts";
import { diskPath } from "./paths.ts";
import type { NginxContext, VariableRow } from "./phases.ts";
import type { ClientConnection, NginxRequest } from "./request.ts";
import { absoluteLocation, headerOut } from "./response-header.ts";
import { valueAt } from "./settings.ts";
import { evaluateTemplate } from "./variables.ts";

type Get = (context: Core, request: NginxRequest) => string | null;

const rows: [string, Get][] = [];
const define = (name: string, get: Get): void => void rows.push([name, get]);

const tlsOf = (context: Core, request: NginxRequest) =>
  context.host.network.info(request.socket).tls;
const isTls = (context: Core, request: NginxRequest): boolean =>
  context.connection(request.socket)?.tls ?? false;

function localPort(context: Core, request: NginxRequest): string {
  const { local } = context.host.network.info(request.socket);
  return local.kind === "tcp" ? `${local.port}` : "";
}

function localIp(context: Core, request: NginxRequest): string {
  const { local } = context.host.network.info(request.socket);
  return local.kind === "tcp" ? local.ip : `unix:${local.path}`;
}

/** All lines of a header, joined as nginx joins those that may stand several times. */
function headerIn(request: NginxRequest, key: string): string | null {
  const lines = request.headersIn.filter((header) => header.key === key);
  if (lines.length === 0) return null;
  if (key === "cookie") return lines.map((line) => line.value).join("; ");
  if (key === "x-forwarded-for") return lines.map((line) => line.value).join(", ");
  return lines[0].value;
}

/** `$http_x_y`: the first header named so, with dashes or (underscores_in_headers on) underscores. */
function namedHeader(request: NginxRequest, name: string): string | null {
  const first = request.headersIn.find(({ key }) => key.replaceAll("-", "_") === name);
  return first === undefined ? null : headerIn(request, first.key);
}

/** Whether no request of a connection runs. */
function isResting({ request, streams }: ClientConnection): boolean {
  return request === null && (streams === null || streams.size === 0);
}

/** Parts of a request line that could not be read are not found. */
const found = (text: string | undefined): string | null => (text === "" ? null : (text ?? null));

/** Found, though perhaps empty, once a request line was read. */
const uriOf: Get = (_, r) => (r.kept.protocol === undefined ? null : r.uri);
define("uri", uriOf);
define("document_uri", uriOf);
define("request_uri", (_, r) => found(r.unparsedUri));
define("args", (_, r) => (r.hasArgs ? r.args : null));
define("query_string", (_, r) => (r.hasArgs ? r.args : null));
define("is_args", (_, r) => (r.args === "" ? "" : "?"));
define("request", (_, r) => found(r.requestLine));
define("request_method", (context, r) => found((context.request(r.main) ?? r).method));
define("server_protocol", (_, r) => found(r.kept.protocol as string | undefined));
define("scheme", (context, r) => (isTls(context, r) ? "https" : "http"));
define("https", (context, r) => (isTls(context, r) ? "on" : ""));
define("host", (_, r) => r.host ?? r.server.firstName);
define("hostname", (context) => context.host.settings.hostname);
define("server_name", (_, r) => r.server.firstName);
define("server_port", localPort);
define("server_addr", localIp);
define("remote_addr", (_, r) => r.remoteAddr);
define("remote_port", (_, r) => `${r.remotePort || ""}`);
define("binary_remote_addr", (_, r) => r.remoteAddr);
define("remote_user", (_, r) => remoteUser(r));
define("content_length", (_, r) => {
  const sent = headerIn(r, "content-length");
  if (sent !== null || !r.chunkedIn) return sent;
  // The length of a chunked body is known once it has been read, or 0 when it was thrown away.
  if (r.body !== null) return r.body.complete ? `${r.body.bytes}` : null;
  return r.kept.body === undefined || bodyIsPending(r) ? null : "0";
});
define("content_type", (_, r) => headerIn(r, "content-type"));
define("request_length", (_, r) => `${r.requestBytes}`);
define("request_id", (context, r) => requestId(context, r));
define("request_time", (context, r) => {
  const ms = Math.floor((context.sim.now - r.startedAt) / MILLISECOND);
  return (ms / 1000).toFixed(3);
});
define("request_completion", (_, r) => (r.kept.completed === true ? "OK" : ""));
define("request_body", (_, r) => {
  const hasBody = r.contentLengthIn >= 0 || r.chunkedIn;
  if (r.body === null || !hasBody || r.body.inFile) return null;
  return r.body.chunks.map(chunkText).join("");
});
define("request_filename", (context, r) => diskPath(context, r, r.uri).path);
define("document_root", (context, r) =>
  evaluateTemplate(context, valueAt(r.location, ROOT).path, r),
);
define("realpath_root", (context, r) =>
  evaluateTemplate(context, valueAt(r.location, ROOT).path, r),
);
define("nginx_version", () => "1.22.1");
define("pid", (_, r) => `${r.worker}`);
define("connection", (context, r) => `${context.connection(r.socket)?.number ?? 0}`);
define("connection_requests", (context, r) => `${context.connection(r.socket)?.requests ?? 0}`);
define("connection_time", (context, r) => {
  const since = context.sim.now - (context.connection(r.socket)?.acceptedAt ?? context.sim.now);
  return (since / SECOND).toFixed(3);
});
define("connections_active", (context) => `${context.world().connections.size}`);
define("connections_reading", () => "0");
define("connections_writing", (context) => `${context.world().requests.size}`);
define("connections_waiting", (context) => {
  const { connections } = context.world();
  return `${[...connections.values()].filter(isResting).length}`;
});
define("status", (_, r) => statusOf(r));
define("bytes_sent", (_, r) => `${r.sentBytes}`);
define("body_bytes_sent", (_, r) => `${Math.max(0, r.sentBytes - r.headerBytes)}`);
define("pipe", (context, r) => (context.connection(r.socket)?.pipelined === true ? "p" : "."));
define("msec", (context) => (context.nowMs() / 1000).toFixed(3));
define("time_local", (context) => context.host.clock.logDate());
define("time_iso8601", (context) => `${context.host.clock.isoDate().replace(" ", "T")}+00:00`);
define("limit_rate", () => "0");
define(
  "realip_remote_addr",
  (context, r) => context.connection(r.socket)?.clientIp ?? r.remoteAddr,
);
define("realip_remote_port", (context, r) => `${context.connection(r.socket)?.clientPort ?? 0}`);
define("proxy_protocol_addr", () => null);
define("tcpinfo_rtt", () => null);
define("invalid_referer", () => null);
define("ssl_protocol", (context, r) => tlsOf(context, r)?.version ?? null);
define("ssl_cipher", (context, r) => tlsOf(context, r)?.cipher ?? null);
define("ssl_server_name", (context, r) => tlsOf(context, r)?.serverName ?? null);
define("ssl_alpn_protocol", (context, r) => tlsOf(context, r)?.alpn ?? null);
define("ssl_session_reused", (context, r) => {
  const tls = tlsOf(context, r);
  return tls === null ? null : tls.resumed ? "r" : ".";
});
define("http2", (context, r) => (r.stream === 0 ? "" : isTls(context, r) ? "h2" : "h2c"));
define("satisfy", (_, r) => valueAt(r.location, SATISFY));
define("client_max_body_size", (_, r) => `${valueAt(r.location, CLIENT_MAX_BODY_SIZE)}`);

function statusOf(request: NginxRequest): string {
  if (request.errStatus !== 0) return `${request.errStatus}`.padStart(3, "0");
  // An answer without a status line counts as HTTP/0.9.
  if (request.out.status === 0) return request.stream > 0 ? "000" : "009";
  // Ended in order with no header at all: `try_files … =200`.
  const isUnanswered =
    !request.headerSent && request.madeBy === null && request.kept["upstream.head"] === undefined;
  if (isUnanswered && request.out.status === 200) return "000";
  return `${request.out.status}`.padStart(3, "0");
}

/** The user name of `Authorization: Basic`, whether its password is right or not. */
function remoteUser(request: NginxRequest): string | null {
  const header = headerIn(request, "authorization");
  const match = /^basic +(\S+)/i.exec(header ?? "");
  if (match === null) return null;
  const decoded = decodeBase64(match[1]);
  const colon = decoded?.indexOf(":") ?? -1;
  return decoded === null || colon < 0 ? null : decoded.slice(0, colon);
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The bytes of a base64 text, or null. */
export function decodeBase64(text: string): string | null {
  const clean = text.replace(/=+$/, "");
  let out = "";
  let bits = 0;
  let count = 0;
  for (const ch of clean) {
    const value = BASE64.indexOf(ch);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += String.fromCharCode((bits >> count) & 255);
  }
  return out;
}

function requestId(context: NginxContext, request: NginxRequest): string {
  let id = "";
  for (let part = 0; part < 4; part++) {
    const draw = context.sim.draw(request.id, REQUEST_ID + part) >>> 0;
    id += draw.toString(16).padStart(8, "0");
  }
  return id;
}

/** Purposes of the draws that make $request_id. */
const REQUEST_ID = 7100;

const PREFIXES: readonly VariableRow[] = [
  {
    name: "http_",
    prefix: true,
    get: (_, request, suffix) => namedHeader(request, suffix.toLowerCase()),
  },
  {
    name: "sent_http_",
    prefix: true,
    get: (context, request, suffix) => sentHeader(context as Core, request, suffix),
  },
  { name: "arg_", prefix: true, get: (_, request, suffix) => argument(request.args, suffix) },
  {
    name: "cookie_",
    prefix: true,
    get: (_, request, suffix) => cookie(headerIn(request, "cookie"), suffix),
  },
  { name: "sent_trailer_", prefix: true, get: () => null },
];

function sentHeader(core: Core, request: NginxRequest, suffix: string): string | null {
  const { out } = request;
  switch (suffix) {
    case "content_type":
      if (!out.contentType) return null;
      return out.charset === null ? out.contentType : `${out.contentType}; charset=${out.charset}`;
    case "content_length":
      return out.contentLength === null ? null : `${out.contentLength}`;
    case "connection":
      return request.keepalive ? "keep-alive" : "close";
    case "transfer_encoding":
      return request.chunkedOut ? "chunked" : null;
    case "location":
      // The header filter makes it absolute when it writes it.
      return (
        (request.headerSent ? absoluteLocation(core, request) : null) ?? headerOut(request, suffix)
      );
    default:
      return headerOut(request, suffix.replaceAll("_", "-"));
  }
}

/** `$arg_x`: the first argument of that name, in any case, raw. */
export function argument(args: string, name: string): string | null {
  for (const part of args.split("&")) {
    const equals = part.indexOf("=");
    if (equals >= 0 && part.slice(0, equals).toLowerCase() === name.toLowerCase())
      return part.slice(equals + 1);
  }
  return null;
}

function cookie(header: string | null, name: string): string | null {
  for (const part of (header ?? "").split(/[;,]/)) {
    const match = /^\s*([^=\s]+)\s*=\s*(.*)$/s.exec(part);
    if (match !== null && match[1].toLowerCase() === name.toLowerCase()) return match[2];
  }
  return null;
}

export const coreVariables: readonly VariableRow[] = [
  ...rows.map(
    ([name, get]): VariableRow => ({
      name,
      get: (context, request) => get(context as Core, request),
    }),
  ),
  ...PREFIXES,
];
