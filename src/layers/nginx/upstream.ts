// proxy_pass and uwsgi_pass: the content handlers. They read the client's body, look into the cache, build the request
// for the upstream, and hand over to the tries.
// Source: nginx 1.22.1, ngx_http_proxy_module.c (ngx_http_proxy_handler), ngx_http_upstream.c
// (ngx_http_upstream_init_request).
// Simplification: proxy_request_buffering off also reads the whole body first.
import { type Chunk, textChunk } from "../../host/network.ts";
import type { Facts } from "../layer.ts";
import { triesOf } from "./balancer.ts";
import {
  beginCache,
  entryFacts,
  type Lookup,
  lockStillHeld,
  lookInCache,
  stepLookup,
} from "./cache-lookup.ts";
import { sendFromCache } from "./cache-serve.ts";
import type { NginxContext, PhaseHandler } from "./phases.ts";
import { proxyRows, proxySetHeaderRow } from "./proxy-directives.ts";
import { requestFacts } from "./proxy-facts.ts";
import { proxyUri } from "./proxy-pass.ts";
import { proxyRequestChunk, proxyRequestHead, type Revalidation } from "./proxy-request.ts";
import type { NginxRequest } from "./request.ts";
import { answerValues, type ResolverAnswer, resolveFacts, resolveName } from "./resolver.ts";
import { settingOf, valueAt } from "./settings.ts";
import type { Template } from "./template.ts";
import type { UpstreamUrl } from "./upstream-address.ts";
import {
  newCall,
  stepCall,
  triesMade,
  UPSTREAM,
  type UpstreamCall,
  upstreamState,
} from "./upstream-call.ts";
import { upstreamConf } from "./upstream-conf.ts";
import type { UpstreamPrefix } from "./upstream-directives.ts";
import { finishUpstream, releaseCall } from "./upstream-finish.ts";
import { upstreamMachine } from "./upstream-machine.ts";
import { type ChosenTarget, chooseTarget, resolvedBlock } from "./upstream-target.ts";
import { connect } from "./upstream-try.ts";
import { uwsgiParamRow, uwsgiRows } from "./uwsgi-directives.ts";
import { uwsgiPacket, uwsgiPairs } from "./uwsgi-packet.ts";

/** The content handler of proxy_pass or uwsgi_pass: the body first, then the upstream. */
export function contentHandler(module: UpstreamPrefix): PhaseHandler {
  return (context, request) => {
    request.ctx[UPSTREAM] = module;
    return context.readBody(request, UPSTREAM);
  };
}

/** The client's body is here: the upstream's part begins. */
export function beginUpstream(context: NginxContext, request: NginxRequest): void {
  const module = request.ctx[UPSTREAM] === "uwsgi" ? "uwsgi" : "proxy";
  takeOverUri(context, request);
  const chosen = chooseTarget(context, request, module);
  if ("status" in chosen) {
    if (triesMade(request).length === 0) request.logUpstream = null;
    context.finalize(request, chosen.status);
    return;
  }
  const { sim } = context;
  const call = newCall({
    request: request.id,
    entity: sim.spawn(sim.machine(upstreamMachine), request.number),
    conf: upstreamConf(request.location, module),
    block: chosen.block,
    unresolved: chosen.unresolved ?? null,
    worker: request.worker,
    schema: chosen.url.schema,
    host: chosen.url.hostHeader,
    port: chosen.url.port,
    startedAt: sim.now,
  });
  upstreamState(context).calls.set(request.id, call);
  request.waitingFor = UPSTREAM;
  request.ctx["proxy.host"] = call.host;
  request.ctx["proxy.port"] = call.port;
  if (module === "proxy") call.uri = uriOf(request, chosen);
  lookUp(context, request, call, chosen);
}

function uriOf(request: NginxRequest, chosen: ChosenTarget): string {
  const { uri } = chosen.url;
  const { locationName } = chosen.target;
  return proxyUri(request, { uri, locationName, hasVariables: chosen.hasVariables });
}

function lookUp(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  chosen: ChosenTarget,
): void {
  const begun = beginCache(context, request, call, () => {
    const { target } = chosen.url;
    const host = target.isUnix ? `unix:${target.host}:` : chosen.url.hostHeader;
    return `${chosen.url.schema}${host}${call.uri}`;
  });
  if (begun === "unknown zone") {
    finishUpstream(context, request, call, 500);
    return;
  }
  if (begun === "none") {
    fetchFromUpstream(context, request, call);
    return;
  }
  stepLookup(context, call);
  followLookup(context, request, call, lookInCache(context, request, call));
}

function followLookup(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  lookup: Lookup,
): void {
  const status = call.cache?.status ?? "MISS";
  switch (lookup.kind) {
    case "wait":
      stepCall(context, call, "waitForLock", () => entryFacts(context, call, status));
      return;
    case "fetch":
      fetchFromUpstream(context, request, call);
      return;
    case "status":
      stepCall(context, call, "hit", () => entryFacts(context, call, status));
      finishUpstream(context, request, call, lookup.status);
      return;
    case "serve":
      stepCall(context, call, "hit", () => entryFacts(context, call, status));
      context.step(request, "serveFromCache", 0, () => ({ fine: true }));
      if (lookup.update) updateInBackground(context, request, call);
      sendFromCache(context, request, call, lookup.file);
      return;
  }
}

/** A stale entry was served: a subrequest fetches a new one. */
function updateInBackground(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): void {
  const use = call.cache;
  if (use === null) return;
  use.updating = false;
  context.subrequest(request, {
    module: UPSTREAM,
    uri: request.uri,
    args: request.args,
    headerOnly: true,
    background: true,
  });
}

/** A background refresh asks for what its parent was asked (NGX_HTTP_SUBREQUEST_CLONE). */
function takeOverUri(context: NginxContext, request: NginxRequest): void {
  if (request.parent === null || request.subrequestOf !== UPSTREAM) return;
  const parent = context.request(request.parent);
  if (parent !== null) request.validUnparsedUri = parent.validUnparsedUri;
}

/** Half a second of waiting for the cache lock is over. */
export function lookAgain(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  if (lockStillHeld(context, request, call)) return;
  stepCall(context, call, "lookAgain", () => ({ fine: true }));
  followLookup(context, request, call, lookInCache(context, request, call));
}

function fetchFromUpstream(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  const made = triesMade(request);
  if (made.length > 0) made.push(border(context));
  const head =
    call.conf.module === "proxy"
      ? proxyHead(context, request, call)
      : uwsgiHead(context, request, call);
  if (head === null) {
    finishUpstream(context, request, call, 500);
    return;
  }
  call.head = head;
  if (call.unresolved === null) startTries(context, request, call);
  else resolveUpstream(context, request, call, call.unresolved);
}

/** The host of a proxy_pass with variables: DNS first (ngx_http_upstream_resolve_handler). */
function resolveUpstream(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  url: UpstreamUrl,
): void {
  stepCall(context, call, "resolve", () => resolveFacts(request, url.host));
  resolveName(context, request, url.host);
}

/** What the resolver found for a request that waits for it. */
export function nameResolved(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  answer: ResolverAnswer,
): void {
  const url = call.unresolved;
  if (url === null) return;
  const facts = (): Facts => ({
    values: answerValues(url.host, answer),
    cause: resolveFacts(request, url.host).cause,
  });
  if (answer.problem !== null) {
    context.logError(request, "error", answer.problem);
    stepCall(context, call, "failToResolve", facts);
    finishUpstream(context, request, call, 502);
    return;
  }
  stepCall(context, call, "hearAddress", facts);
  call.block = resolvedBlock(url, answer.addresses);
  call.group = null;
  startTries(context, request, call);
}

function startTries(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  const { block, conf } = call;
  call.selection.tries = triesOf(block.group);
  call.selection.key = selectionKey(context, request, call);
  if (conf.nextUpstreamTries > 0) {
    call.selection.tries = Math.min(call.selection.tries, conf.nextUpstreamTries);
  }
  stepCall(context, call, "miss", () => requestFacts(request, call));
  context.step(request, "callUpstream", 0, () => ({ fine: true }));
  connect(context, request, call);
}

function border(context: NginxContext) {
  return {
    peer: null,
    status: 0,
    startedAt: context.sim.now,
    connectedAt: null,
    headerAt: null,
    endedAt: context.sim.now,
    bytesReceived: 0,
    responseBytes: 0,
  };
}

function selectionKey(context: NginxContext, request: NginxRequest, call: UpstreamCall): string {
  const { hashKey, group } = call.block;
  if (group.method === "ip_hash") return request.remoteAddr;
  return hashKey === null ? "" : context.evaluate(hashKey, request);
}

function proxyHead(context: NginxContext, request: NginxRequest, call: UpstreamCall): Chunk | null {
  const { location } = request;
  if (call.uri === "") {
    context.logError(request, "error", "zero length URI to proxy");
    return null;
  }
  const setBody = valueAt(location, proxyRows.setBody);
  const body = setBody === null ? null : context.evaluate(setBody, request);
  const method = methodOf(context, request, call);
  call.isHead = method.length === 4 && method.toUpperCase() === "HEAD";
  const parts = {
    method,
    uri: call.uri,
    version: valueAt(location, proxyRows.httpVersion),
    set: valueAt(location, proxySetHeaderRow),
    evaluate: (value: Template) => context.evaluate(value, request),
    host: call.host,
    bodyBytes: body === null ? bodyBytesOf(request) : body.length,
    client: call.conf.passRequestHeaders ? request.headersIn : [],
    revalidation: revalidationOf(call),
  };
  call.sendsBody = body === null && call.conf.passRequestBody;
  return body === null ? proxyRequestChunk(parts) : textChunk(proxyRequestHead(parts) + body);
}

/** The method sent: HEAD becomes GET for the cache, proxy_method replaces it. */
function methodOf(context: NginxContext, request: NginxRequest, call: UpstreamCall): string {
  const isConverted = call.cache !== null && call.conf.cache?.convertHead === true;
  if (isConverted && request.method === "HEAD") return "GET";
  const set = valueAt(request.location, proxyRows.method);
  return set === null ? request.method : context.evaluate(set, request);
}

function bodyBytesOf(request: NginxRequest): number {
  return request.chunkedIn ? (request.body?.bytes ?? 0) : request.contentLengthIn;
}

function revalidationOf(call: UpstreamCall): Revalidation | null {
  const { cache: use, conf } = call;
  if (use === null || !use.cacheable) return null;
  const asks = use.status === "EXPIRED" && conf.cache?.revalidate === true && use.stale !== null;
  if (!asks) return { lastModified: "", etag: "" };
  return { lastModified: use.stale?.lastModified ?? "", etag: use.stale?.etag ?? "" };
}

function uwsgiHead(context: NginxContext, request: NginxRequest, call: UpstreamCall): Chunk | null {
  const { location } = request;
  const parts = {
    modifier1: valueAt(location, uwsgiRows.modifier1),
    modifier2: valueAt(location, uwsgiRows.modifier2),
    parameters: settingOf(location, uwsgiParamRow).value.map(({ name, value, ifNotEmpty }) => ({
      name,
      value: context.evaluate(value, request),
      ifNotEmpty,
    })),
    client: call.conf.passRequestHeaders ? request.headersIn : [],
    revalidation: revalidationOf(call),
  };
  const packet = uwsgiPacket(parts);
  if (packet !== null) return textChunk(packet);
  const bytes = uwsgiPairs(parts).reduce(
    (sum, [name, value]) => sum + name.length + value.length + 4,
    0,
  );
  context.logError(request, "alert", `uwsgi request is too big: ${bytes}`);
  return null;
}

/** The client went away. True: the request was ended here, or goes on for the cache. */
export function clientWentAway(context: NginxContext, request: NginxRequest): boolean {
  const call = upstreamState(context).calls.get(request.id);
  if (call === undefined || call.finished || call.conf.ignoreClientAbort) return call !== undefined;
  const closed = "epoll_wait() reported that client prematurely closed connection";
  const isConnected = call.socket >= 0;
  // A stream that ended is no connection that did: nothing more is logged.
  const note = (message: string): void => {
    if (request.stream === 0) context.logError(request, "info", message);
  };
  if (call.cache?.cacheable === true) {
    note(closed);
    if (!isConnected) abandon(context, request, call);
    call.clientGone = true;
    return true;
  }
  const also = isConnected ? ", so upstream connection is closed too" : "";
  note(`${closed}${also}`);
  abandon(context, request, call);
  return true;
}

function abandon(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  stepCall(context, call, "abandon", () => ({ values: { status: 499 } }));
  finishUpstream(context, request, call, 499);
}

/** The request is freed while its call is still at work: give everything back. */
export function cleanUp(context: NginxContext, request: NginxRequest): void {
  const call = upstreamState(context).calls.get(request.id);
  if (call === undefined || call.finished) return;
  stepCall(context, call, "abandon", () => ({ fine: true }));
  releaseCall(context, request, call, "elsewhere");
}
