// Chromium's connections that speak HTTP/2: one to an origin, with a stream for each request. What
// arrives on a stream goes to its request; what ends the connection ends them all.
import type { Chunk, SocketId } from "../../host/network.ts";
import { ERROR } from "../../wire/http2-frame.ts";
import type { HeaderBlock, Http2Handlers, StreamId } from "../http2-session.ts";
import { type BrowserContext, browserWorld, type Fetch, type PoolSocket } from "./context.ts";
import { completeFetch, failFetch } from "./fetch.ts";
import { CHROMIUM_HTTP2, headOfFields } from "./http2-client.ts";
import { headArrived } from "./install.ts";
import type { NetError } from "./net-errors.ts";
import { endStreamBody, feedStream, takeStreamHead } from "./response-reader.ts";
import { forgetSocket, releaseSocket, retryOnAnother, serve } from "./socket-pool.ts";

/** ALPN chose h2: the connection serves its origin, unless another one does already. */
export function beginHttp2(context: BrowserContext, socket: PoolSocket): void {
  const { network } = context.host;
  const others = [...browserWorld(context).sockets.values()].filter(
    (other) => other.origin === socket.origin && other !== socket && other.streams !== null,
  );
  if (others.length > 0) {
    forgetSocket(context, socket);
    network.close(socket.id);
    return;
  }
  socket.streams = new Map();
  context.http2.open({
    socket: socket.id,
    handlers: context.http2Handlers,
    profile: CHROMIUM_HTTP2,
    request: network.info(socket.id).request,
  });
}

/** What the browser hears of its streams. */
export function browserStreams(context: () => BrowserContext): Http2Handlers {
  const on = (socket: SocketId, stream: StreamId, act: (fetch: Fetch) => void): void => {
    const world = browserWorld(context());
    const fetch = world.fetches.get(world.sockets.get(socket)?.streams?.get(stream) ?? -1);
    if (fetch !== undefined) act(fetch);
  };
  return {
    headers: (socket, stream, block) =>
      on(socket, stream, (fetch) => takeHead(context(), fetch, block)),
    data: (socket, stream, chunk, end) =>
      on(socket, stream, (fetch) => takeData(context(), fetch, chunk, end)),
    reset: (socket, stream, code) =>
      on(socket, stream, (fetch) => streamWasReset(context(), fetch, code)),
    goAway: (socket, last) => serverGoesAway(context(), socket, last),
    failed: (socket) => endHttp2(context(), socket, "ERR_HTTP2_PROTOCOL_ERROR"),
  };
}

function takeHead(context: BrowserContext, fetch: Fetch, { fields, end }: HeaderBlock): void {
  takeStreamHead(fetch.reader, headOfFields(fields));
  headArrived(context, fetch);
  if (end) complete(context, fetch);
}

function takeData(context: BrowserContext, fetch: Fetch, chunk: Chunk, end: boolean): void {
  feedStream(fetch.reader, chunk);
  if (end) complete(context, fetch);
}

/** END_STREAM: the answer is whole, if it is as long as it said. */
function complete(context: BrowserContext, fetch: Fetch): void {
  const isWhole = endStreamBody(fetch.reader);
  releaseSocket(context, fetch, true);
  if (isWhole) completeFetch(context, fetch);
  else failFetch(context, fetch, "ERR_HTTP2_PROTOCOL_ERROR");
}

/** A stream that the server refused can be asked for again; any other reset is the request's end. */
function streamWasReset(context: BrowserContext, fetch: Fetch, code: number): void {
  forgetStream(context, fetch);
  if (code === ERROR.refusedStream) sendAgain(context, fetch, "ERR_HTTP2_SERVER_REFUSED_STREAM");
  else failFetch(context, fetch, "ERR_HTTP2_PROTOCOL_ERROR");
}

/** Source: Chromium, net/http/http_network_transaction.cc, kMaxRetryAttempts. */
const RETRIES_MAX = 2;

/** A request that no server has begun to answer tries another connection, or fails after some tries. */
function sendAgain(context: BrowserContext, fetch: Fetch, error: NetError): void {
  if (fetch.retries++ < RETRIES_MAX) retryOnAnother(context, fetch);
  else failFetch(context, fetch, error);
}

function forgetStream(context: BrowserContext, fetch: Fetch): void {
  browserWorld(context).sockets.get(fetch.socket)?.streams?.delete(fetch.stream);
}

/** GOAWAY: streams after `last` go elsewhere, and the connection ends with its last stream. */
function serverGoesAway(context: BrowserContext, id: SocketId, last: StreamId): void {
  const socket = browserWorld(context).sockets.get(id);
  if (socket?.streams == null) return;
  for (const [stream, number] of [...socket.streams]) {
    const fetch = browserWorld(context).fetches.get(number);
    if (stream <= last || fetch === undefined) continue;
    forgetStream(context, fetch);
    sendAgain(context, fetch, "ERR_HTTP2_SERVER_REFUSED_STREAM");
  }
  closeWhenIdle(context, socket);
}

/** A connection that takes no further stream ends with its last one. */
export function closeWhenIdle(context: BrowserContext, socket: PoolSocket): void {
  const isOver = context.http2.isGoingAway(socket.id) && socket.streams?.size === 0;
  if (!isOver) return;
  forgetSocket(context, socket);
  if (context.host.network.isOpen(socket.id)) context.host.network.close(socket.id);
  serve(context, socket.origin);
}

/** The connection is gone: each of its requests tries another, or fails. */
export function endHttp2(context: BrowserContext, id: SocketId, error: NetError): void {
  const { network } = context.host;
  const world = browserWorld(context);
  const socket = world.sockets.get(id);
  if (socket?.streams == null) return;
  const fetches = [...socket.streams.values()].flatMap((each) => world.fetches.get(each) ?? []);
  const mayRetry = error !== "ERR_HTTP2_PROTOCOL_ERROR" && socket.served > 0;
  forgetSocket(context, socket);
  if (network.isOpen(id)) network.close(id);
  for (const fetch of fetches) {
    if (mayRetry && !fetch.reader.started) sendAgain(context, fetch, error);
    else failFetch(context, fetch, error);
  }
}
