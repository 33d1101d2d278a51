// One try after another: choose a peer, connect, send the request, and, when a try fails, decide whether the next
// peer is asked, a stale cache entry is served, or the client gets the failure.
// Source: nginx 1.22.1, ngx_http_upstream.c (ngx_http_upstream_connect, _send_request, _next).
import { type Address, type Errno, type TlsClientOptions, textChunk } from "../../host/network.ts";
import type { Alternative, Facts } from "../layer.ts";
import type { PeerConfig } from "./balancer.ts";
import { bytesOf } from "./body-chunks.ts";
import { serveStale } from "./cache-serve.ts";
import { causeOf } from "./cause.ts";
import { errnoText } from "./error-text.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import {
  addTry,
  callIs,
  currentTry,
  stepCall,
  stopTimer,
  type UpstreamCall,
  upstreamForLog,
  upstreamState,
} from "./upstream-call.ts";
import type { NextCondition } from "./upstream-directives.ts";
import { upstreamEvents } from "./upstream-events.ts";
import { closeUpstream, finishUpstream } from "./upstream-finish.ts";
import type { UpstreamTransition } from "./upstream-machine.ts";
import {
  choosePeer,
  connectLevel,
  currentPeer,
  peerAlternatives,
  releasePeer,
  takeIdle,
} from "./upstream-peer.ts";
import { passSpan } from "./upstream-target.ts";
import { startTimer } from "./upstream-timer.ts";

/** Why a try failed: a condition of proxy_next_upstream, or that there was no peer at all. */
export type Failure = NextCondition | "no live";

/** The status a failure gives when no other try is made. */
const STATUS_OF: Readonly<Partial<Record<Failure, number>>> = {
  timeout: 504,
  http_504: 504,
  http_500: 500,
  http_503: 503,
  http_403: 403,
  http_404: 404,
  http_429: 429,
};
/** Methods that are not repeated once they were sent, unless `non_idempotent` is named. */
const NON_IDEMPOTENT = new Set(["POST", "LOCK", "PATCH"]);
/**
 * Up to here a request counts as sent when it was written: it fits in the kernel's buffers.
 * Source: Linux, net.core.wmem_default 212992.
 */
const SEND_BUFFER_BYTES = 212_992;

/** nginx checks no certificate of an upstream (proxy_ssl_verify off) and sends no name (proxy_ssl_server_name off). */
const UPSTREAM_TLS: TlsClientOptions = {
  serverName: null,
  alpn: ["http/1.1"],
  verify: false,
  profile: "openssl",
};

/** Begins a try (ngx_http_upstream_connect). */
export function connect(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  const { sim } = context;
  request.logAction = "connecting to upstream";
  const made = currentTry(request);
  if (made !== null && made.endedAt === null && made.peer !== null) made.endedAt = sim.now;
  addTry(request, {
    peer: null,
    status: 0,
    startedAt: sim.now,
    connectedAt: null,
    headerAt: null,
    endedAt: null,
    bytesReceived: 0,
    responseBytes: 0,
  });
  call.requestSent = false;
  call.bodySent = false;
  call.received = "";
  call.response = null;
  const peer = choosePeer(context, request, call);
  if (peer === null) {
    findNoPeer(context, request, call);
    return;
  }
  tryPeer(context, request, call, peer);
}

function findNoPeer(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  const { name } = call.block.group;
  setPeer(request, call, name, false);
  context.logError(request, "error", "no live upstreams");
  stepCall(context, call, "findNoPeer", () => ({
    values: { upstream: name },
    cause: causeOf(call.block.directive?.span, "none of its servers may be asked now"),
    alternatives: peerAlternatives(context, call),
  }));
  tryNext(context, request, call, "no live");
}

function setPeer(request: NginxRequest, call: UpstreamCall, name: string, isHeld: boolean): void {
  const made = currentTry(request);
  if (made !== null) made.peer = name;
  request.logUpstream = upstreamForLog(call, name, isHeld);
}

function tryPeer(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  peer: PeerConfig,
): void {
  setPeer(request, call, peer.name, true);
  const idle = takeIdle(context, call, peer);
  if (idle !== null) {
    call.socket = idle.socket;
    call.hasSlot = true;
    call.reused = true;
    call.connectionRequests = idle.requests + 1;
    call.connectionSince = idle.since;
    upstreamState(context).bySocket.set(idle.socket, call);
    stepCall(context, call, "reuse", () => peerFacts(context, request, call, peer));
    sendRequest(context, request, call);
    return;
  }
  if (!context.takeSlot(request)) {
    releasePeer(context, request, call, null);
    stepCall(context, call, "giveUp", () => ({ values: { status: 500 } }));
    finishUpstream(context, request, call, 500);
    return;
  }
  stepCall(context, call, "choosePeer", () => peerFacts(context, request, call, peer));
  openConnection(context, request, call, peer.address);
}

function peerFacts(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  peer: PeerConfig,
): Facts {
  return {
    values: {
      peer: peer.name,
      upstream: call.block.group.name,
      method: call.block.group.method,
      peers: call.block.group.primary.peers.length,
    },
    cause:
      causeOf(peer.span, "the server chosen") ??
      causeOf(passSpan(request), "names the only server there is"),
    alternatives: peerAlternatives(context, call),
  };
}

function openConnection(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  to: Address,
): void {
  const { sim, host } = context;
  const events = upstreamEvents(sim);
  call.hasSlot = true;
  call.reused = false;
  call.connectionRequests = 1;
  call.connectionSince = sim.now;
  const options = { pid: request.worker, handlers: events.handlers, to, request: request.number };
  call.socket = host.network.connect(
    call.schema === "https://" ? { ...options, tls: UPSTREAM_TLS } : options,
  );
  upstreamState(context).bySocket.set(call.socket, call);
  startTimer(context, request, call, "connect");
}

/** connect() succeeded. */
export function connected(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  stopTimer(context, call);
  stepCall(context, call, "connect", () => ({ values: { peer: currentPeer(call)?.name } }));
  sendRequest(context, request, call);
}

/** connect() failed. */
export function connectFailed(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  errno: Errno,
): void {
  const peer = currentPeer(call);
  const isUnix = peer?.address.kind === "unix";
  const to = isUnix ? ` to ${peer?.name}` : "";
  const level = isUnix ? connectLevel(errno) : "error";
  context.logError(request, level, `connect()${to} failed ${errnoText(errno)}`);
  failTry(context, request, call, {
    failure: "error",
    transition: "failToConnect",
    what: errnoText(errno),
  });
}

function sendRequest(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  const { sim, host } = context;
  const made = currentTry(request);
  if (made !== null && made.connectedAt === null) made.connectedAt = sim.now;
  request.logAction = "sending request to upstream";
  const head = call.head ?? textChunk("");
  host.network.send(call.socket, head, request.number);
  const body = call.sendsBody ? (request.body?.chunks ?? []) : [];
  for (const chunk of body) host.network.send(call.socket, chunk, request.number);
  call.requestSent = true;
  const bodyBytes = bytesOf(body);
  if (bodyBytes > SEND_BUFFER_BYTES && host.network.unsentBytes(call.socket) > 0) {
    startTimer(context, request, call, "send");
    return;
  }
  requestWritten(context, request, call);
}

/** All of the request was taken by the kernel: now the answer is waited for. */
export function requestWritten(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): void {
  if (call.bodySent) return;
  call.bodySent = true;
  startTimer(context, request, call, "read");
  const bodyBytes = call.sendsBody ? (request.body?.bytes ?? 0) : 0;
  stepCall(context, call, "send", () => ({
    values: { peer: currentPeer(call)?.name, bytes: (call.head?.bytes ?? 0) + bodyBytes },
    messages: [
      {
        kind: "http",
        title: `Request to ${currentPeer(call)?.name ?? "the upstream"}`,
        head: call.head?.text ?? "",
        bodyBytes,
      },
    ],
  }));
}

/** The timer of the present stage ran out before a header came. */
export function timeOutTry(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  if (callIs(context, call, "reading header")) {
    request.logAction = "reading response header from upstream";
  }
  failTry(context, request, call, {
    failure: "timeout",
    transition: "timeOut",
    what: request.logAction,
  });
}

export interface TryFailure {
  readonly failure: Failure;
  readonly transition: UpstreamTransition;
  /** What happened, for the words. */
  readonly what: string;
}

/** A try failed: the peer is given back, the connection closed, and the next step decided. */
export function failTry(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  failed: TryFailure,
): void {
  const peer = currentPeer(call);
  stopTimer(context, call);
  releasePeer(context, request, call, failed.failure);
  request.logUpstream =
    peer === null ? request.logUpstream : upstreamForLog(call, peer.name, false);
  if (failed.failure === "timeout") {
    context.logError(request, "error", "upstream timed out (110: Connection timed out)");
  }
  stepCall(context, call, failed.transition, () => failureFacts(call, failed, peer));
  closeUpstream(context, call);
  tryNext(context, request, call, failed.failure);
}

function failureFacts(call: UpstreamCall, failed: TryFailure, peer: PeerConfig | null): Facts {
  const { conf } = call;
  const isConnecting = failed.what === "connecting to upstream";
  const limit = isConnecting ? conf.connectTimeout : conf.readTimeout;
  const isTimeout = failed.failure === "timeout";
  return {
    values: { peer: peer?.name, what: failed.what, seconds: limit.value / 1000 },
    cause: isTimeout
      ? causeOf(limit.span, "the time that ran out")
      : causeOf(peer?.span, "the server that was asked"),
  };
}

/** Whether another peer is asked, a stale entry is served, or the client gets the failure. */
function tryNext(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  failure: Failure,
): void {
  const status = STATUS_OF[failure] ?? 502;
  const made = currentTry(request);
  if (made !== null) {
    made.status = status;
    made.endedAt = context.sim.now;
  }
  if (call.reused && failure === "error") call.selection.tries++;
  call.reused = false;
  const next = nextFacts(context, request, call, failure);
  if (mayTryNext(context, request, call, failure)) {
    stepCall(context, call, "tryNext", next);
    connect(context, request, call);
    return;
  }
  if (serveStale(context, request, call, failure === "no live" ? "error" : failure)) return;
  stepCall(context, call, "giveUp", () => {
    const { values, ...rest } = next();
    return { ...rest, values: { ...values, status } };
  });
  finishUpstream(context, request, call, status);
}

/** What proxy_next_upstream says of this failure: each condition, and what is left of tries and time. */
function nextFacts(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  failure: Failure,
): () => Facts {
  return () => {
    const { conf, selection } = call;
    const directive = `${conf.module}_next_upstream`;
    const named: Alternative[] = [...conf.nextUpstream].map((condition) => ({
      text: `${directive} ${condition}`,
      chosen: condition === failure,
      verdict: condition === failure ? "this is what happened" : "did not happen",
      cause: causeOf(conf.next.span, "the conditions for another try"),
    }));
    const because = stopsBecause(context, request, call, failure);
    const verdict = because === null ? "another server may be asked" : `no other try: ${because}`;
    const text = `tries left: ${selection.tries}`;
    return {
      values: { failure, tries: selection.tries, because },
      cause: causeOf(conf.next.span, "the conditions for another try"),
      alternatives: [...named, { text, verdict, chosen: because === null }],
    };
  };
}

/** Why no other server is asked, or null. The same conditions as `mayTryNext`, in words. */
function stopsBecause(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  failure: Failure,
): string | null {
  if (mayTryNext(context, request, call, failure)) return null;
  const { conf, selection } = call;
  if (failure === "no live") return "no server may be asked";
  if (selection.tries === 0) return "every server that may be asked has been tried";
  if (conf.nextUpstream.has("off") || !conf.nextUpstream.has(failure))
    return `${failure} is not among the conditions`;
  if (call.requestSent && NON_IDEMPOTENT.has(request.method))
    return `a ${request.method} that was sent is not repeated`;
  return "the time for all tries is over";
}

/** The conditions of proxy_next_upstream, its tries and its time (ngx_http_upstream_next). */
export function mayTryNext(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  failure: Failure,
): boolean {
  const { conf, selection } = call;
  if (selection.tries === 0 || failure === "no live") return false;
  if (conf.nextUpstream.has("off") || !conf.nextUpstream.has(failure)) return false;
  const isRepeat = call.requestSent && NON_IDEMPOTENT.has(request.method);
  if (isRepeat && !conf.nextUpstream.has("non_idempotent")) return false;
  const elapsed = context.sim.now - call.startedAt;
  return conf.nextUpstreamTimeoutNs === 0 || elapsed < conf.nextUpstreamTimeoutNs;
}

/** Whether a status is passed over for another peer (ngx_http_upstream_test_next). */
export function statusFailure(status: number): NextCondition | null {
  const known = [500, 502, 503, 504, 403, 404, 429];
  return known.includes(status) ? (`http_${status}` as NextCondition) : null;
}
