// The end of a request's dealings with its upstream: the peer and the connection are given back, the cache is told,
// and the response is ended or the client gets the failure.
// Source: nginx 1.22.1, ngx_http_upstream.c, ngx_http_upstream_finalize_request.
import { NO_SOCKET } from "../../host/network.ts";
import { freeCache } from "./cache.ts";
import { configuredValidity } from "./cache-validity.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { currentTry, stopTimer, type UpstreamCall, upstreamState } from "./upstream-call.ts";
import { upstreamEvents } from "./upstream-events.ts";
import { keepIdle, releasePeer } from "./upstream-peer.ts";
import { upstreamAddr, upstreamStatus } from "./upstream-variables.ts";

/** Closes the connection of a try that failed. */
export function closeUpstream(context: NginxContext, call: UpstreamCall): void {
  if (call.socket !== NO_SOCKET) {
    upstreamState(context).bySocket.delete(call.socket);
    if (context.host.network.isOpen(call.socket)) context.host.network.close(call.socket);
    call.socket = NO_SOCKET;
  }
  if (call.hasSlot) context.freeSlot(call.worker);
  call.hasSlot = false;
}

/** How a call ends: a status that nginx answers with, a complete response, a cut one, or not by itself. */
export type Ending = number | "ok" | "error" | "elsewhere";

/** Gives everything back and ends the request, unless something else goes on with it ("elsewhere"). */
export function finishUpstream(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  ending: Ending,
): void {
  if (call.finished) return;
  releaseCall(context, request, call, ending);
  if (ending === "elsewhere") return;
  request.logAction = "sending to client";
  if (!request.headerSent) {
    context.finalize(request, ending);
    return;
  }
  if (ending === "ok") {
    if (!call.clientGone && !request.responseComplete) context.sendBody(request, [], true);
    context.finalize(request, "ok");
    return;
  }
  // A body that the upstream cut short is flushed, and then counts as complete ($request_completion).
  request.kept.completed = ending !== 499;
  context.finalize(request, ending === 499 ? 499 : "error");
}

/** Gives everything back: the peer, the connection (kept if it may be), the cache entry, the call itself. */
export function releaseCall(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  ending: Ending,
): void {
  call.finished = true;
  stopTimer(context, call);
  const made = currentTry(request);
  if (made !== null && made.endedAt === null) {
    made.endedAt = context.sim.now;
  }
  const isKept =
    call.socket !== NO_SOCKET && keepIdle(context, call, upstreamEvents(context.sim).idleTimeout);
  releasePeer(context, request, call, null);
  if (isKept) call.hasSlot = false;
  closeUpstream(context, call);
  releaseCache(context, request, call, ending);
  noteObserved(context, request, call);
  upstreamState(context).calls.delete(request.id);
  context.sim.retire(call.entity);
}

/** What the recordings show of the upstream. */
function noteObserved(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  if (context.host.sink.wants(request.number)) {
    const address = upstreamAddr(request);
    const status = upstreamStatus(request);
    if (address !== null && address !== "") request.observed.upstreamAddr = address;
    if (status !== null && status !== "-") request.observed.upstreamStatus = status;
  }
  const cached = call.cache?.status ?? null;
  if (cached === null) return;
  request.observed.cacheStatus = cached;
  request.kept["cache.status"] = cached;
}

function releaseCache(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  ending: Ending,
): void {
  const use = call.cache;
  if (use === null) return;
  if (use.cacheable && (ending === 502 || ending === 504)) {
    const seconds = configuredValidity(call.conf.cache?.valid ?? [], ending);
    if (seconds > 0) {
      use.validSec = Math.floor(context.nowMs() / 1000) + seconds;
      use.errorStatus = ending;
    }
  }
  freeCache(context, request, use);
}
