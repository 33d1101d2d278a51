// A client's connection that speaks HTTP/2: its beginning, its streams, and what nginx does when it is
// idle, done, or broken. Each stream carries one request, which runs as any other.
// The frames themselves are the business of the layer http2.
// Source: src/http/v2/ngx_http_v2.c (1.22.1).
import type { Chunk, SocketId } from "../../host/network.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import { MILLISECOND } from "../../kernel/time.ts";
import { ERROR, SETTING, WINDOW_BYTES_MAX } from "../../wire/http2-frame.ts";
import type { HeaderBlock, Http2Handlers, Http2Profile, StreamId } from "../http2-session.ts";
import { causeOf } from "./cause.ts";
import { continueBody } from "./client-body.ts";
import {
  closeConnection,
  connectionStep,
  finishHttp2,
  setConnectionTimer,
} from "./connection-end.ts";
import { type Core, moduleOf } from "./core.ts";
import {
  KEEPALIVE_REQUESTS,
  KEEPALIVE_TIME,
  KEEPALIVE_TIMEOUT,
  LARGE_CLIENT_HEADER_BUFFERS,
} from "./core-directives.ts";
import { logConnectionError } from "./error-log.ts";
import { complete, terminate } from "./finalize.ts";
import { HTTP2_BODY_PREREAD_SIZE, HTTP2_MAX_CONCURRENT_STREAMS } from "./http2-directives.ts";
import { makeHttp2Request, readHttp2Request } from "./http2-request.ts";
import type { ClientConnection, NginxRequest } from "./request.ts";
import { type ServerConf, settingOf, valueAt } from "./settings.ts";

/** Source: NGX_HTTP_V2_MAX_FRAME_SIZE. */
const MAX_FRAME_BYTES = 2 ** 24 - 1;

const profileOf = memoByIdentity(
  (server: ServerConf): Http2Profile =>
    Object.freeze({
      role: "server",
      name: "Nginx",
      settings: Object.freeze([
        [SETTING.maxConcurrentStreams, valueAt(server, HTTP2_MAX_CONCURRENT_STREAMS)],
        [SETTING.initialWindowSize, valueAt(server, HTTP2_BODY_PREREAD_SIZE)],
        [SETTING.maxFrameSize, MAX_FRAME_BYTES],
      ] as const),
      connectionWindowBytes: WINDOW_BYTES_MAX,
      // Below a quarter of the window it is filled up again.
      refillsAfter: 3 / 4,
      policy: "nginx",
    }),
);

/** ALPN chose h2 (or the port takes nothing else): nginx sends its settings at once. */
export function beginHttp2(core: Core, connection: ClientConnection): void {
  connection.streams = new Map();
  connection.logAction = "processing HTTP/2 connection";
  core.http2.open({
    socket: connection.socket,
    handlers: core.http2Handlers,
    profile: profileOf(connection.address.defaultServer),
    request: connection.lastNumber,
  });
}

/** What nginx hears of its clients' streams. `core` is asked for when something comes. */
export function clientStreams(core: () => Core): Http2Handlers {
  return {
    headers: (socket, stream, block) => {
      const connection = core().connection(socket);
      if (connection !== null) beginStream(core(), connection, stream, block);
    },
    data: (socket, stream, chunk, end) => receiveData(core(), { socket, stream, chunk, end }),
    reset: (socket, stream) => withRequest(core(), socket, stream, clientCanceled),
    drained: (socket, stream) => withRequest(core(), socket, stream, windowOpened),
    failed: (socket, problem) => {
      const connection = core().connection(socket);
      if (connection !== null) failHttp2(core(), connection, problem);
    },
  };
}

type Act = (core: Core, request: NginxRequest, connection: ClientConnection) => void;

function withRequest(core: Core, socket: SocketId, id: StreamId, act: Act): void {
  const connection = core.connection(socket);
  const request = core.request(connection?.streams?.get(id)?.request ?? -1);
  if (connection !== null && request !== null) act(core, request, connection);
}

function note(core: Core, connection: ClientConnection, message: string): void {
  logConnectionError(core, connection, "info", { message, request: connection.lastNumber });
}

/** What the client sends is no HTTP/2, or too much of it. */
function failHttp2(core: Core, connection: ClientConnection, problem: string): void {
  note(core, connection, problem);
  dropStreams(core, connection);
  if (core.connection(connection.socket) === connection) closeConnection(core, connection, "drop");
}

/** A request's header block: refused, or a request of its own. */
function beginStream(
  core: Core,
  connection: ClientConnection,
  id: StreamId,
  block: HeaderBlock,
): void {
  const { socket, address, streams } = connection;
  const { defaultServer } = address;
  if (streams === null) return;
  connection.lastNumber = core.http2.requestOf(socket, id);
  if (streams.size >= valueAt(defaultServer, HTTP2_MAX_CONCURRENT_STREAMS)) {
    note(core, connection, `concurrent streams exceeded ${streams.size}`);
    core.http2.reset(socket, id, ERROR.refusedStream);
    return;
  }
  core.sim.attribute(connection.entity, connection.lastNumber);
  if (streams.size === 0) connectionStep(core, connection, "beginRequest", () => ({ fine: true }));
  core.cancel(connection.timer);
  connection.requests++;
  if (isWornOut(core, connection)) core.http2.goAway(socket, ERROR.none);
  const problem = sizeProblem(block, valueAt(defaultServer, LARGE_CLIENT_HEADER_BUFFERS));
  if (problem !== null) {
    // The request is logged with what is known of it: nothing.
    makeHttp2Request(core, connection, id, block).out.status = 0;
    core.http2.goAway(socket, ERROR.enhanceYourCalm);
    failHttp2(core, connection, problem);
    return;
  }
  readHttp2Request(core, connection, id, block);
}

/** All fields of a request must fit in large_client_header_buffers together. */
function sizeProblem(
  { fields }: HeaderBlock,
  buffers: { readonly count: number; readonly bytes: number },
): string | null {
  let left = buffers.count * buffers.bytes;
  for (const [name, value] of fields) {
    if (value.length > left) return "client sent too large header field";
    left -= name.length + value.length;
    if (left < 0) return "client sent too large header";
  }
  return null;
}

/** After this request the connection takes no other. */
function isWornOut(core: Core, { address, requests, acceptedAt }: ClientConnection): boolean {
  const { location } = address.defaultServer;
  const ageMs = (core.sim.now - acceptedAt) / MILLISECOND;
  return (
    valueAt(location, KEEPALIVE_TIMEOUT).timeoutMs === 0 ||
    requests >= valueAt(location, KEEPALIVE_REQUESTS) ||
    ageMs > valueAt(location, KEEPALIVE_TIME)
  );
}

interface Piece {
  readonly socket: SocketId;
  readonly stream: StreamId;
  readonly chunk: Chunk;
  readonly end: boolean;
}

function receiveData(core: Core, { socket, stream: id, chunk, end }: Piece): void {
  const connection = core.connection(socket);
  const stream = connection?.streams?.get(id);
  if (connection === null || stream === undefined) return;
  stream.ended ||= end;
  const request = core.request(stream.request);
  if (request === null || request.discardBody) return;
  if (chunk.bytes > 0) stream.pending.push(chunk);
  if (request.body !== null && !request.body.complete) continueBody(core, stream, request);
}

/** RST_STREAM from the client. */
function clientCanceled(core: Core, request: NginxRequest): void {
  core.logError(request, "info", `client canceled stream ${request.stream}`);
  abandon(core, request);
}

/** Nobody waits for the answer any more: who works at it hears of it, otherwise it is 499. */
function abandon(core: Core, request: NginxRequest): void {
  if (request.body !== null && !request.body.complete) {
    core.logError(request, "info", "client prematurely closed stream");
    terminate(core, request, 499);
    return;
  }
  if (moduleOf(core, request.waitingFor)?.clientGone?.(core, request) === true) return;
  terminate(core, request, request.headerSent || request.out.status === 0 ? 0 : 499);
}

/** What the windows held back has been sent. */
function windowOpened(core: Core, request: NginxRequest): void {
  if (request.waitingFor !== "send") return;
  request.waitingFor = null;
  complete(core, request);
}

/** The client's side of the connection is gone, with everything on it. */
export function http2ClientLeft(core: Core, connection: ClientConnection): void {
  const isIdle = connection.streams?.size === 0;
  if (!isIdle) note(core, connection, "client prematurely closed connection");
  dropStreams(core, connection);
  if (core.connection(connection.socket) === connection)
    closeConnection(core, connection, isIdle ? "clientCloses" : "close");
}

function dropStreams(core: Core, connection: ClientConnection): void {
  core.http2.forget(connection.socket);
  for (const { request } of [...(connection.streams?.values() ?? [])]) {
    const running = core.request(request);
    if (running !== null) abandon(core, running);
  }
}

/** The idle connection's time is over, or its worker finishes: GOAWAY, and the end when no stream runs. */
export function endHttp2(core: Core, connection: ClientConnection): void {
  core.http2.goAway(connection.socket, ERROR.none);
  if (connection.streams?.size === 0) finishHttp2(core, connection);
}

/** After the last stream: the connection is kept, or ends. */
export function restHttp2(core: Core, connection: ClientConnection): void {
  const worker = core.world().workers.get(connection.worker);
  const isOver = core.http2.isGoingAway(connection.socket);
  if (isOver || worker?.exiting !== false) {
    endHttp2(core, connection);
    return;
  }
  const { value, span } = settingOf(connection.address.defaultServer.location, KEEPALIVE_TIMEOUT);
  connectionStep(core, connection, "keepAlive", () => ({
    values: { seconds: value.timeoutMs / 1000 },
    cause: causeOf(span, "how long an idle connection is kept"),
  }));
  setConnectionTimer(core, connection, "keepalive_timeout", { value: value.timeoutMs, span });
}
