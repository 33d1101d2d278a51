// The body of an upstream's answer: how its end is known, passing it to the client as it comes, and what happens when
// it breaks off. nginx reads as fast as the upstream sends, whatever the client's speed.
// Source: nginx 1.22.1, ngx_http_upstream.c (ngx_http_upstream_process_request), src/event/ngx_event_pipe.c and
// ngx_http_proxy_module.c (the input filters).
// Simplification: a slow client does not stop the reading when buffers and temporary file are full; proxy_limit_rate
// changes nothing.
import type { Chunk } from "../../host/network.ts";
import { bytesOf, dropBytes, takeBytes } from "./body-chunks.ts";
import { finishCaching, keepForCache } from "./cache-store.ts";
import { causeOf } from "./cause.ts";
import { decodeChunked, leastChunkedBytes, newChunkedState } from "./chunked-decoder.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { currentTry, stepCall, type UpstreamCall } from "./upstream-call.ts";
import { finishUpstream } from "./upstream-finish.ts";
import type { ResponseHead } from "./upstream-header.ts";
import { currentPeer, keepAlternative } from "./upstream-peer.ts";
import { closesConnection, contentLengthOf, isChunked } from "./upstream-response.ts";

/** How the end of the body will be known (ngx_http_proxy_input_filter_init). */
export function expectBody(call: UpstreamCall, head: ResponseHead): void {
  if (head.status === 204 || head.status === 304 || call.isHead) call.left = 0;
  else if (isChunked(head)) {
    call.chunked = newChunkedState();
    call.left = -1;
  } else call.left = contentLengthOf(head);
}

/**
 * Bytes of the body have come. They are collected in buffers of proxy_buffer_size and proxy_buffers, and go on when one
 * is full, when the end is there, or at once with proxy_buffering off (ngx_event_pipe_read_upstream).
 */
export function readBody(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  chunk: Chunk,
): void {
  request.logAction = "reading upstream";
  // $upstream_response_length counts what was read, framing and surplus included.
  const made = currentTry(request);
  if (made !== null) made.responseBytes += chunk.bytes;
  if (chunk.bytes > 0) {
    if (call.held.length === 0) call.held = [chunk];
    else call.held.push(chunk);
    call.heldBytes += chunk.bytes;
  }
  if (!call.isBuffered) {
    takeHeld(context, request, call, call.heldBytes);
    return;
  }
  let fullBytes = 0;
  while (call.heldBytes - fullBytes >= call.roomBytes) {
    fullBytes += call.roomBytes;
    call.roomBytes = call.conf.buffers.bytes;
  }
  if (fullBytes > 0) takeHeld(context, request, call, fullBytes);
  if (call.finished || call.heldBytes < leastUseful(call)) return;
  call.roomBytes = call.conf.buffers.bytes;
  takeHeld(context, request, call, call.heldBytes);
}

/** All that was collected goes on: the connection has ended. */
export function takeRest(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  if (call.heldBytes > 0) takeHeld(context, request, call, call.heldBytes);
}

/** From how many bytes on a buffer is used before it is full (p->length); infinite when only the end tells. */
function leastUseful(call: UpstreamCall): number {
  if (call.chunked !== null) return leastChunkedBytes(call.chunked);
  return call.left < 0 ? Number.POSITIVE_INFINITY : call.left;
}

/** Takes bytes off what was collected and passes on what they say. */
function takeHeld(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  bytes: number,
): void {
  const pieces = takeBytes(call.held, bytes);
  call.held = dropBytes(call.held, bytes);
  call.heldBytes -= bytes;
  if (call.chunked !== null) takeChunked(context, request, call, pieces);
  else if (call.left < 0) passOn(context, request, call, pieces);
  else takeCounted(context, request, call, pieces);
}

function takeCounted(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  pieces: readonly Chunk[],
): void {
  const taken = takeBytes(pieces, call.left);
  if (bytesOf(pieces) > call.left && call.left > 0) {
    const message = 'upstream sent more data than specified in "Content-Length" header';
    context.logError(request, "warn", message);
  }
  call.left -= bytesOf(taken);
  passOn(context, request, call, taken);
  if (call.left === 0) bodyComplete(context, request, call);
}

function takeChunked(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  pieces: readonly Chunk[],
): void {
  const data: Chunk[] = [];
  for (const piece of pieces) {
    if (call.chunked === null) return;
    const decoded = decodeChunked(call.chunked, piece);
    data.push(...decoded.data);
    if (decoded.invalid) {
      badChunk(context, request, call);
      return;
    }
    if (decoded.done) break;
  }
  passOn(context, request, call, data);
  if (call.chunked?.place === "end") bodyComplete(context, request, call);
}

/**
 * The connection is closed at once. What nginx had not yet written is lost, the header included when the bad chunk came
 * with it (postpone_output).
 */
export function badChunk(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  request.logAction =
    !call.isBuffered && call.isHeaderHeld
      ? "reading response header from upstream"
      : "reading upstream";
  context.logError(request, "error", "upstream sent invalid chunked response");
  call.isHeaderHeld = false;
  cutBody(context, request, call, "an invalid chunk");
}

function passOn(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  chunks: readonly Chunk[],
): void {
  const bytes = bytesOf(chunks);
  if (bytes === 0) return;
  call.bodyBytes += bytes;
  keepForCache(call, chunks);
  stepCall(context, call, "receiveBody", () => ({ values: { bytes }, fine: true }));
  if (!call.clientGone) sendPieces(context, request, call, chunks);
  warnOfTempFile(context, request, call);
}

/** The header leaves with the first bytes of the body, or at the end (postpone_output). */
export function releaseHeader(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): void {
  if (!call.isHeaderHeld) return;
  call.isHeaderHeld = false;
  // The filters run before the body is looked at, and what they log says so.
  const action = request.logAction;
  request.logAction = "reading response header from upstream";
  context.sendHeader(request);
  request.logAction = action;
}

/** At most proxy_busy_buffers_size goes to the client at a time: a chunk each, when it gets chunks. */
function sendPieces(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  chunks: readonly Chunk[],
): void {
  releaseHeader(context, request, call);
  if (!call.conf.buffering) request.kept.unbuffered = true;
  if (!request.chunkedOut) {
    context.sendBody(request, chunks, false);
    return;
  }
  let rest = [...chunks];
  while (rest.length > 0) {
    context.sendBody(request, takeBytes(rest, call.conf.busyBuffersSize), false);
    rest = dropBytes(rest, call.conf.busyBuffersSize);
  }
}

/** What the client has not taken when the buffers are full goes to a file. */
function warnOfTempFile(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  const { conf } = call;
  if (call.tempFileWarned || !conf.buffering || conf.maxTempFileSize === 0) return;
  const roomBytes = conf.bufferSize + conf.buffers.count * conf.buffers.bytes;
  if (call.clientGone || call.cache?.cacheable === true) return;
  if (context.unsentBytes(request) <= roomBytes) return;
  call.tempFileWarned = true;
  context.logError(
    request,
    "warn",
    `an upstream response is buffered to a temporary file /var/lib/nginx/proxy/1/00/0000000001`,
  );
}

/** All of the body is here. */
export function bodyComplete(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): void {
  const head = call.response;
  if (head !== null && !closesConnection(head)) call.keepConnection = head.status !== 101;
  finishCaching(context, request, call);
  releaseHeader(context, request, call);
  stepCall(context, call, "finish", () => ({
    values: { bytes: call.bodyBytes },
    alternatives: [keepAlternative(context, call)],
  }));
  finishUpstream(context, request, call, "ok");
}

/** The body broke off: the client's connection is closed after what came. */
export function cutBody(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  what: string,
): void {
  releaseHeader(context, request, call);
  stepCall(context, call, "cut", () => ({
    values: { what, bytes: call.bodyBytes },
    cause: causeOf(currentPeer(call)?.span, "the server that was asked"),
  }));
  finishUpstream(context, request, call, "error");
}
