// A request as an nginx worker holds it (ngx_http_request_t), and the client connection it came on.
// Both lie in sim.world.nginx as plain data and are looked up at every event.
// Source: src/http/ngx_http_request.h.
import type { Chunk, SocketId } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { Entity, RequestNumber } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { StreamId } from "../http2-session.ts";
import type { AddressConf, Configuration, LocationConf, ServerConf } from "./settings.ts";

/** Number of a request inside nginx; the key of world.nginx.requests. */
export type RequestId = number;

/** A header line as received. */
export interface HeaderLine {
  readonly name: string;
  /** The name in lower case. */
  readonly key: string;
  readonly value: string;
}

/** A header of the response, in the order it was added. */
export interface HeaderOut {
  name: string;
  value: string;
  /** A Location of nginx's own: made absolute when it begins with a slash (r->headers_out.location). */
  location?: true;
}

/** The response's header before it is written (headers_out). */
export interface HeadersOut {
  status: number;
  /** `404 Not Found` of an upstream, kept as it was; null: nginx's own text for the status. */
  statusLine: string | null;
  /** Content-Type without charset; null: none is sent. */
  contentType: string | null;
  charset: string | null;
  contentLength: number | null;
  /** Seconds since 1970, and what is sent (null: no Last-Modified). */
  lastModified: number | null;
  /** Everything else in insertion order. A `Location` of nginx's own is in here, too, until it is written. */
  list: HeaderOut[];
  /** The application's own Server or Date stand in the list: nginx writes none. */
  ownServer: boolean;
  ownDate: boolean;
  /** Ranges may be served of this body (r->allow_ranges). */
  allowRanges: boolean;
  /** Length of the whole entity, before a range was cut out. */
  contentOffset: number;
}

/** What the client is sending as the body (r->request_body). */
export interface RequestBody {
  chunks: Chunk[];
  /** Bytes received so far, without chunk framing. */
  bytes: number;
  /** All of it is here. */
  complete: boolean;
  /** It did not fit in client_body_buffer_size. */
  inFile: boolean;
}

export interface NginxRequest {
  readonly id: RequestId;
  /** The request number of the run (for recorders and logs). */
  readonly number: RequestNumber;
  readonly entity: Entity;
  readonly socket: SocketId;
  readonly worker: Pid;
  readonly configuration: Configuration;
  readonly address: AddressConf;
  /** When its first byte was read. */
  readonly startedAt: Instant;
  /** A subrequest's parent and main request; null for a client's. */
  readonly parent: RequestId | null;
  readonly main: RequestId;
  /** The stream of HTTP/2 it came on; 0 with HTTP/1. */
  readonly stream: StreamId;
  /** Who is told when this subrequest has ended (phases.ts, SubrequestDone). */
  readonly subrequestOf: string | null;
  subrequests: number;

  /** The request line as sent, without its line end. */
  requestLine: string;
  method: string;
  /** 9, 1000 (1.0), 1001 (1.1), 2000. */
  httpVersion: number;
  /** `http://host` of an absolute request target, lower case; null otherwise. */
  targetHost: string | null;
  /** The target as sent ($request_uri). */
  unparsedUri: string;
  /** Normalised ($uri). */
  uri: string;
  args: string;
  /** Whether $args is found: not where the target had no arguments at all. */
  hasArgs: boolean;
  /** The URI is as the client sent it: the raw form may be passed on (r->valid_unparsed_uri). */
  validUnparsedUri: boolean;
  /** The URI has escapes, so that it is re-escaped when passed on (r->quoted_uri / space_in_uri …). */
  quotedUri: boolean;
  /** A `+` stands in the path as sent. */
  plusInUri: boolean;
  /** Bytes of the request line and headers ($request_length without the body). */
  requestBytes: number;
  headersIn: HeaderLine[];
  /** Host without port, lower case; null when neither the line nor a header had one. */
  host: string | null;
  /** Content-Length, -1 when absent, and Transfer-Encoding: chunked. */
  contentLengthIn: number;
  chunkedIn: boolean;
  expect100: boolean;
  body: RequestBody | null;
  /** Value of the Connection header that counts. */
  connectionType: "" | "close" | "keep-alive";
  /** $remote_addr and the port, as realip may have changed them. */
  remoteAddr: string;
  remotePort: number;

  server: ServerConf;
  location: LocationConf;
  /** The label the observation shows: the location searched last; null before the search. */
  locationLabel: string | null;
  /** How it went through the locations: `location X`, `redirect URI`, `named @x`. */
  trail: string[];
  internal: boolean;
  uriChanged: boolean;
  /** Changes left before the cycle error; begins at 11 (NGX_HTTP_MAX_URI_CHANGES + 1). */
  uriChanges: number;
  /** Groups of the last regular expression that matched; [0] is the whole match. */
  captures: string[];
  /** Values set by set, map caches and named groups. */
  variables: Record<string, string | null>;
  /** The modules' own state, cleared by internal redirects (r->ctx). */
  ctx: Record<string, unknown>;
  /** The modules' state that stays until the request is freed (r->upstream, r->upstream_states, cleanups). */
  kept: Record<string, unknown>;

  /** The handler of the phase table that runs next. */
  phaseHandler: number;
  /** The content handler chosen by the location (proxy_pass…), or null. */
  contentHandler: string | null;
  /** satisfy any: the best refusal so far. */
  accessCode: number;
  /** Whether limit_req, limit_conn and auth ran already (once per request, not per redirect). */
  errorPage: boolean;
  /** r->err_status: the status an error page keeps. */
  errStatus: number;
  keepalive: boolean;
  headerOnly: boolean;
  /** A response to an error or a body that must be read before the next request: close after it. */
  lingeringClose: boolean;
  discardBody: boolean;

  out: HeadersOut;
  headerSent: boolean;
  /** The answer was replaced by an error page while its header was sent (412, 416): its body is dropped. */
  bodyReplaced: boolean;
  /** Transfer-Encoding: chunked to the client. */
  chunkedOut: boolean;
  /** Bytes given to the connection, header included, and the header's own size. */
  sentBytes: number;
  headerBytes: number;
  /** All was given to the connection. */
  responseComplete: boolean;
  /** Closed before all was sent; nothing more is written. */
  aborted: boolean;
  /** Which module's events (body read, writable, subrequest done) this request waits for. */
  waitingFor: string | null;
  /** The timer that runs for it (client_body_timeout, send_timeout, a delay). */
  timer: EventHandle;
  /** try_files in a regex location with alias found a file: the path is alias plus URI. */
  addUriToAlias: boolean;
  /** rewrite … break: the URI part of proxy_pass no longer counts (r->valid_location). */
  validLocation: boolean;
  /** `upstream: "…"` of the error log, when a module has an upstream at work. */
  logUpstream: string | null;
  /** What the error log says after `while`; empty: nothing. */
  logAction: string;
  /** Error-log lines of this request that the level let through, for the observation. */
  errorLines: string[];
  /** Who made the response, for the observation. */
  madeBy: "nginx" | "upstream" | "gunicorn" | "uwsgi" | null;
  /** Fields of the observation that modules add: upstreamAddr, cacheStatus, limitReqStatus… */
  observed: Record<string, string>;
  finished: boolean;
}

/** A stream of HTTP/2 on a client's connection, as long as its request runs (ngx_http_v2_stream_t). */
export interface ClientStream {
  readonly id: StreamId;
  readonly request: RequestId;
  /** What has come of the body and was not taken. */
  pending: Chunk[];
  /** The client has said END_STREAM. */
  ended: boolean;
}

/** A client's connection in a worker (ngx_connection_t with ngx_http_connection_t). */
export interface ClientConnection {
  readonly socket: SocketId;
  /** `*1` of the error log. */
  readonly number: number;
  readonly worker: Pid;
  readonly entity: Entity;
  readonly configuration: Configuration;
  readonly address: AddressConf;
  readonly acceptedAt: Instant;
  readonly clientIp: string;
  readonly clientPort: number;
  /** Requests so far. */
  requests: number;
  /** Text received and not yet parsed, and filler after it. */
  pending: Chunk[];
  request: RequestId | null;
  /** With HTTP/2: its streams whose requests run; null with HTTP/1. */
  streams: Map<StreamId, ClientStream> | null;
  timer: EventHandle;
  logAction: string;
  tls: boolean;
  /** The client has sent FIN. */
  ended: boolean;
  lingering: boolean;
  /** The request at hand came with the one before it. */
  pipelined: boolean;
  /** The request number of the bytes read last. */
  lastNumber: RequestNumber;
  /** The number of the last request that was observed, and its log lines so far. */
  observed: RequestNumber;
  observedLines: string[];
}
