// Serving an answer out of the cache: a fresh one, a stale one after a failure, or one that the upstream has just
// confirmed with 304.
// Source: nginx 1.22.1, ngx_http_upstream.c (ngx_http_upstream_cache_send, _test_next, _next).
import { bytesOf } from "./body-chunks.ts";
import { type CacheFile, type CacheStatus, fireEntry, nodeOf } from "./cache.ts";
import { configuredValidity, headerVerdict } from "./cache-validity.ts";
import { refreshAnswer } from "./cache-write.ts";
import { causeOf } from "./cause.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { stepCall, type UpstreamCall } from "./upstream-call.ts";
import type { NextCondition } from "./upstream-directives.ts";
import { releaseCall } from "./upstream-finish.ts";
import type { ResponseHead } from "./upstream-header.ts";
import { applyHead } from "./upstream-response.ts";

/** Sends a stored answer and ends the request with it. */
export function sendFromCache(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  file: CacheFile,
): void {
  request.kept["cache.served"] = true;
  request.madeBy = "nginx";
  applyHead(context, request, call, file.head);
  // A stored answer to HEAD (proxy_cache_convert_head off) has a length without a body.
  request.out.contentLength ??= bytesOf(file.body);
  releaseCall(context, request, call, "elsewhere");
  context.sendHeader(request);
  context.sendBody(request, file.body, true);
  context.finalize(request, "ok");
}

/** After a failed try: serves the stale entry if proxy_cache_use_stale or stale-if-error allow it. */
export function serveStale(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  failure: NextCondition,
): boolean {
  const { cache: use, conf } = call;
  if (use === null || conf.cache === null || use.stale === null) return false;
  if (use.status !== "EXPIRED") return false;
  const isStatus = failure.startsWith("http_");
  const allowed = conf.cache.useStale.has(failure) || (!isStatus && use.staleError);
  if (!allowed) return false;
  answerFromStale(context, request, call, "STALE");
  return true;
}

/** The upstream answered with a status that proxy_cache_use_stale names. */
export function serveStaleForStatus(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  failure: NextCondition,
): boolean {
  const { cache: use, conf } = call;
  if (use === null || use.stale === null || use.status !== "EXPIRED") return false;
  if (conf.cache?.useStale.has(failure) !== true) return false;
  answerFromStale(context, request, call, "STALE");
  return true;
}

function answerFromStale(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  status: CacheStatus,
): void {
  const use = call.cache;
  const file = use?.stale ?? null;
  if (use === null || file === null) return;
  use.status = status;
  stepCall(context, call, status === "STALE" ? "serveStale" : "revalidate", () => ({
    values: { status, key: use.keyText },
    cause: causeOf(call.conf.cache?.zoneSetting.span, `$upstream_cache_status is ${status}`),
  }));
  const node = nodeOf(context, use);
  if (node !== null && status === "STALE") {
    fireEntry(context, request, node, "keepStale");
    fireEntry(context, request, node, "serveStale");
  }
  sendFromCache(context, request, call, file);
}

/** A 304 to nginx's own question: the entry is good for another while (proxy_cache_revalidate). */
export function revalidate(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  head: ResponseHead,
): boolean {
  const { cache: use, conf } = call;
  if (use === null || conf.cache === null || use.stale === null) return false;
  if (head.status !== 304 || use.status !== "EXPIRED" || !conf.cache.revalidate) return false;
  const nowSec = Math.floor(context.nowMs() / 1000);
  const fresh = headerVerdict(head.headers, conf.ignored, nowSec);
  const stored = headerVerdict(use.stale.head.headers, conf.ignored, nowSec);
  const verdict = fresh.validSec !== 0 ? fresh : stored;
  // Source: ngx_http_upstream_test_next: the stored head is read again first, so its status counts.
  const seconds = configuredValidity(conf.cache.valid, use.stale.head.status);
  const validSec = verdict.validSec || (seconds > 0 ? nowSec + seconds : 0);
  if (validSec !== 0) {
    const { updatingSec, errorSec } = verdict;
    const file = Object.freeze({ ...use.stale, validSec, updatingSec, errorSec });
    refreshAnswer(context, request, use, file);
  }
  answerFromStale(context, request, call, "REVALIDATED");
  return true;
}
