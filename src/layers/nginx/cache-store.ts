// Whether the answer that is being read may be stored, and storing it when it is whole.
// Source: nginx 1.22.1, ngx_http_upstream.c (ngx_http_upstream_send_response, _process_request).
import type { Chunk } from "../../host/network.ts";
import type { Facts } from "../layer.ts";
import { fireEntry, freeCache, nodeOf } from "./cache.ts";
import { validityAlternatives } from "./cache-facts.ts";
import { anyTrue } from "./cache-lookup.ts";
import { configuredValidity, headerVerdict } from "./cache-validity.ts";
import { storeAnswer } from "./cache-write.ts";
import { causeOf } from "./cause.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import type { UpstreamCall } from "./upstream-call.ts";
import type { ResponseHead } from "./upstream-header.ts";
import { headerValue } from "./upstream-response.ts";

/** Decides from headers and settings whether the answer is stored, and for how long. */
export function prepareCaching(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  head: ResponseHead,
): void {
  const { cache: use, conf } = call;
  if (use === null || conf.cache === null) return;
  const nowSec = Math.floor(context.nowMs() / 1000);
  const verdict = headerVerdict(head.headers, conf.ignored, nowSec);
  const { updatingSec, errorSec, vary } = verdict;
  Object.assign(use, { updatingSec, errorSec, vary: conf.ignored.has("vary") ? "" : vary });
  use.validSec = verdict.validSec;
  use.headCacheable = use.cacheable && verdict.cacheable;
  let reason = verdict.forbiddenBy;
  if (!isBuffered(call, head)) reason ??= "the answer is not buffered";
  if (reason === null && anyTrue(context, request, conf.cache.noCache)) reason = "proxy_no_cache";
  if (reason === null && use.validSec === 0) {
    const seconds = configuredValidity(conf.cache.valid, head.status);
    if (seconds > 0) use.validSec = nowSec + seconds;
    else reason = `no validity for status ${head.status}`;
  }
  if (reason === null) return;
  if (use.cacheable) noteRefusal(context, request, call, { reason, head });
  use.cacheable = false;
}

/** X-Accel-Buffering goes before proxy_buffering (ngx_http_upstream_process_buffering). */
export function isBuffered(call: UpstreamCall, head: ResponseHead): boolean {
  const { conf } = call;
  const said = conf.ignored.has("x-accel-buffering")
    ? null
    : headerValue(head, "x-accel-buffering")?.toLowerCase();
  if (said === "yes") return true;
  return said === "no" ? false : conf.buffering;
}

function noteRefusal(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  { reason, head }: { readonly reason: string; readonly head: ResponseHead },
): void {
  const use = call.cache;
  const node = use === null ? null : nodeOf(context, use);
  if (use === null || node === null) return;
  fireEntry(context, request, node, {
    transition: node.file === null ? "leave" : "keepStale",
    facts: () => ({
      values: { key: use.keyText, reason },
      cause: causeOf(
        call.conf.cache?.validSetting.span ?? call.conf.cache?.zoneSetting.span,
        `not stored: ${reason}`,
      ),
      alternatives: validityAlternatives(call, head, Math.floor(context.nowMs() / 1000)),
    }),
  });
}

/** Keeps bytes of the body for the file. */
export function keepForCache(call: UpstreamCall, chunks: readonly Chunk[]): void {
  if (call.cache?.cacheable === true) call.cache.body.push(...chunks);
}

/** The body is whole: the answer is stored, or the entry is given back. */
export function finishCaching(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): void {
  const use = call.cache;
  if (use === null || call.response === null) return;
  const head = call.response;
  const facts = (): Facts => ({
    cause: causeOf(
      call.conf.cache?.validSetting.span ?? call.conf.cache?.zoneSetting.span,
      "how long an answer may be kept",
    ),
    alternatives: validityAlternatives(call, head, Math.floor(context.nowMs() / 1000)),
  });
  if (use.cacheable) storeAnswer(context, request, use, { head, facts });
  else freeCache(context, request, use);
}
