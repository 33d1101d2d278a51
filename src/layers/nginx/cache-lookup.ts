// What the cache has for a request: a fresh answer, a stale one that may be used meanwhile, nothing, or another
// request that fetches it right now.
// Source: nginx 1.22.1, ngx_http_upstream.c, ngx_http_upstream_cache.
import { fromMs } from "../../kernel/time.ts";
import type { Alternative, Facts } from "../layer.ts";
import {
  type CacheFile,
  type CacheStatus,
  type CacheUse,
  fireEntry,
  lockNode,
  nodeOf,
  openCache,
} from "./cache.ts";
import { type CachePath, proxyCachePathRow, uwsgiCachePathRow } from "./cache-directives.ts";
import { keyDigest } from "./cache-key.ts";
import { causeOf } from "./cause.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { settingOf } from "./settings.ts";
import type { Template } from "./template.ts";
import { stepCall, UPSTREAM, type UpstreamCall } from "./upstream-call.ts";
import type { CacheConf } from "./upstream-conf.ts";
import { upstreamEvents } from "./upstream-events.ts";
import { worldOf } from "./world.ts";

export type Lookup =
  /** The stored answer is to be served. */
  | { readonly kind: "serve"; readonly file: CacheFile; readonly update: boolean }
  /** Another request fetches it: looked at again later. */
  | { readonly kind: "wait" }
  /** The upstream is needed. */
  | { readonly kind: "fetch" }
  /** A cached refusal, or no such cache. */
  | { readonly kind: "status"; readonly status: number };

const LOCK_LOOK_MS = 500;

/** Whether this request goes through the cache; prepares its use on the first call. */
export function beginCache(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  defaultKey: () => string,
): "none" | "ready" | "unknown zone" {
  const conf = call.conf.cache;
  if (conf === null || !conf.methods.includes(request.method)) return "none";
  const zone = context.evaluate(conf.zone, request);
  if (zone === "" || zone === "off") return "none";
  const path = cachePath(request, call, zone);
  if (path === null) {
    context.logError(request, "error", `cache "${zone}" not found`);
    return "unknown zone";
  }
  const keyText = conf.key === null ? defaultKey() : context.evaluate(conf.key, request);
  call.cache = newUse(path, keyText, conf);
  call.cache.background = request.parent !== null && request.subrequestOf === UPSTREAM;
  return "ready";
}

function cachePath(request: NginxRequest, call: UpstreamCall, zone: string): CachePath | null {
  const http = request.configuration.http;
  if (http === null) return null;
  const row = call.conf.module === "proxy" ? proxyCachePathRow : uwsgiCachePathRow;
  return settingOf(http, row).value.find((path) => path.zone === zone) ?? null;
}

function newUse(path: CachePath, keyText: string, conf: CacheConf): CacheUse {
  const key = keyDigest(keyText);
  return {
    zone: path.zone,
    path,
    keyText,
    minUses: conf.minUses,
    mainKey: key,
    key,
    status: null,
    cacheable: true,
    headCacheable: true,
    updating: false,
    lockTimeMs: 0,
    lockTimeoutMs: conf.lockTimeoutMs,
    waitUntilMs: 0,
    isCounted: false,
    updated: false,
    background: false,
    stale: null,
    staleUpdating: false,
    staleError: false,
    validSec: 0,
    updatingSec: 0,
    errorSec: 0,
    vary: "",
    errorStatus: 0,
    body: [],
  };
}

/** Whether one of these texts is neither empty nor `0` (ngx_http_test_predicates). */
export function anyTrue(
  context: NginxContext,
  request: NginxRequest,
  texts: readonly Template[],
): boolean {
  return texts.some((text) => {
    const value = context.evaluate(text, request);
    return value !== "" && value !== "0";
  });
}

/** Looks into the cache, also when a wait for the lock is over. */
export function lookInCache(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): Lookup {
  const { cache: use, conf } = call;
  if (use === null || conf.cache === null) return { kind: "fetch" };
  if (use.status === null && anyTrue(context, request, conf.cache.bypass)) {
    return fetch(context, request, call, "BYPASS");
  }
  use.status ??= "MISS";
  const opened = openCache(context, request, use, conf.cache.minUses);
  switch (opened.kind) {
    case "fresh":
      return serve(context, request, call, { file: opened.file, status: "HIT", update: false });
    case "stale":
      return staleFound(context, request, call, opened.file);
    case "updating":
      return updatingFound(context, request, call, opened.file);
    case "scarce":
      use.cacheable = false;
      return fetch(context, request, call, "MISS");
    case "error":
      use.status = "HIT";
      return { kind: "status", status: opened.status };
    case "missing":
      return missing(context, request, call, conf.cache);
  }
}

function staleFound(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  file: CacheFile,
): Lookup {
  const use = call.cache as CacheUse;
  const conf = call.conf.cache as CacheConf;
  const mayServe = conf.useStale.has("updating") || use.staleUpdating;
  if (mayServe && !use.background && conf.backgroundUpdate) {
    return serve(context, request, call, { file, status: "STALE", update: true });
  }
  return fetch(context, request, call, "EXPIRED");
}

function updatingFound(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  file: CacheFile,
): Lookup {
  const use = call.cache as CacheUse;
  const conf = call.conf.cache as CacheConf;
  const mayServe = conf.useStale.has("updating") || use.staleUpdating;
  if (mayServe && !use.background) {
    return serve(context, request, call, { file, status: "UPDATING", update: false });
  }
  const node = nodeOf(context, use);
  if (use.background && node !== null) {
    use.updating = true;
    use.lockTimeMs = node.lockTimeMs;
  }
  return fetch(context, request, call, "EXPIRED");
}

function serve(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  found: { readonly file: CacheFile; readonly status: CacheStatus; readonly update: boolean },
): Lookup {
  const use = call.cache as CacheUse;
  use.status = found.status;
  worldOf(context.host.sim).cacheHits++;
  const node = nodeOf(context, use);
  const transition = found.status === "HIT" ? "hit" : "serveUpdating";
  if (node !== null) {
    fireEntry(context, request, node, {
      transition,
      facts: () => entryFacts(context, call, found.status),
    });
  }
  return { kind: "serve", file: found.file, update: found.update };
}

function fetch(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  status: CacheStatus,
): Lookup {
  const use = call.cache as CacheUse;
  use.status = status;
  // An update in the background keeps nobody waiting.
  if (!use.background) worldOf(context.host.sim).cacheMisses++;
  if (status === "EXPIRED") Object.assign(use, { validSec: 0, updatingSec: 0, errorSec: 0 });
  if (isBeyondRangeLimit(request, call)) use.cacheable = false;
  const node = nodeOf(context, use);
  if (node !== null && status === "MISS") {
    fireEntry(context, request, node, {
      transition: "fetch",
      facts: () => entryFacts(context, call, status),
    });
  }
  return { kind: "fetch" };
}

function missing(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  conf: CacheConf,
): Lookup {
  const use = call.cache as CacheUse;
  if (!conf.lock || lockNode(context, use, conf.lockAgeMs) === "locked") {
    return fetch(context, request, call, "MISS");
  }
  if (use.lockTimeoutMs === 0) {
    use.cacheable = false;
    return fetch(context, request, call, "MISS");
  }
  return waitForLock(context, request, call);
}

function waitForLock(context: NginxContext, request: NginxRequest, call: UpstreamCall): Lookup {
  const use = call.cache as CacheUse;
  const nowMs = context.nowMs();
  if (use.waitUntilMs === 0) use.waitUntilMs = nowMs + use.lockTimeoutMs;
  const delayMs = Math.min(LOCK_LOOK_MS, Math.max(0, use.waitUntilMs - nowMs));
  call.timer = context.sim.after(fromMs(delayMs), upstreamEvents(context.sim).lockLook, request.id);
  return { kind: "wait" };
}

/** Half a second later: whether to look again, or go on waiting (ngx_http_file_cache_lock_wait). */
export function lockStillHeld(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): boolean {
  const use = call.cache;
  if (use === null) return false;
  const nowMs = context.nowMs();
  if (use.waitUntilMs <= nowMs) {
    context.logError(request, "info", "cache lock timeout");
    use.lockTimeoutMs = 0;
    return false;
  }
  const node = nodeOf(context, use);
  if (node === null || !node.updating || node.lockTimeMs <= nowMs) return false;
  const delayMs = Math.min(LOCK_LOOK_MS, node.lockTimeMs - nowMs);
  const kind = upstreamEvents(context.sim).lockLook;
  call.timer = context.sim.after(fromMs(delayMs), kind, request.id);
  return true;
}

/** A range that begins beyond proxy_cache_max_range_offset is passed on and not stored. */
function isBeyondRangeLimit(request: NginxRequest, call: UpstreamCall): boolean {
  const limit = call.conf.cache?.maxRangeOffset ?? Number.MAX_SAFE_INTEGER;
  const range = request.headersIn.find((header) => header.key === "range");
  if (range === undefined || limit === Number.MAX_SAFE_INTEGER) return false;
  if (limit === 0) return true;
  const match = /^bytes= *(\d*)/i.exec(range.value);
  if (match === null) return false;
  return match[1] === "" || Number(match[1]) >= limit;
}

/** What the panel shows of a look into the cache. */
export function entryFacts(context: NginxContext, call: UpstreamCall, status: CacheStatus): Facts {
  const use = call.cache;
  const conf = call.conf.cache;
  const nowSec = Math.floor(context.nowMs() / 1000);
  const file = use === null ? null : (nodeOf(context, use)?.file ?? null);
  return {
    values: {
      status,
      key: use?.keyText,
      zone: use?.zone,
      left: file === null ? null : file.validSec - nowSec,
    },
    cause: causeOf(conf?.zoneSetting.span, `$upstream_cache_status is ${status}`),
    alternatives: lookAlternatives(call, status, file === null ? null : file.validSec - nowSec),
  };
}

/** What was found under the key, and the settings that decide what becomes of it. */
function lookAlternatives(
  call: UpstreamCall,
  status: CacheStatus,
  leftSec: number | null,
): readonly Alternative[] {
  const { cache: use, conf } = call;
  if (use === null || conf.cache === null) return [];
  const { cache } = conf;
  const name = (directive: string): string => `${conf.module}_${directive}`;
  const isBypass = status === "BYPASS";
  const mayUpdate = cache.useStale.has("updating") || use.staleUpdating;
  const onOff = (isOn: boolean): string => (isOn ? "on" : "off");
  return [
    { text: `key ${use.keyText}`, verdict: foundVerdict(use, leftSec), chosen: !isBypass },
    ...cache.bypass.map((text) => ({
      text: `${name("cache_bypass")} ${text.source}`,
      verdict: isBypass
        ? "not empty and not 0: the cache is not asked"
        : "empty or 0: does not hold",
      chosen: isBypass,
    })),
    ...(leftSec !== null && leftSec < 0
      ? [
          {
            text: name("cache_use_stale updating"),
            verdict: mayUpdate
              ? "an expired entry may be served meanwhile"
              : "not set: no expired entry",
            chosen: mayUpdate,
          },
          {
            text: `${name("cache_background_update")} ${onOff(cache.backgroundUpdate)}`,
            verdict: cache.backgroundUpdate
              ? "a subrequest fetches the new answer"
              : "the first request after the end fetches it itself",
            chosen: cache.backgroundUpdate,
          },
        ]
      : []),
    {
      text: `${name("cache_lock")} ${onOff(cache.lock)}`,
      verdict: cache.lock
        ? "one request fetches, others wait"
        : "every request that misses fetches",
      chosen: cache.lock,
    },
  ];
}

function foundVerdict(use: CacheUse, leftSec: number | null): string {
  if (leftSec === null) return "nothing is stored under it";
  const more = use.minUses > 1 ? `, ${use.minUses} requests are needed to store it` : "";
  return leftSec >= 0
    ? `stored and fresh for another ${leftSec} s`
    : `stored, but expired ${-leftSec} s ago${more}`;
}

/** Enters the cache in the call's machine. */
export function stepLookup(context: NginxContext, call: UpstreamCall): void {
  stepCall(context, call, "lookInCache", () => ({
    values: { key: call.cache?.keyText, zone: call.cache?.zone },
    cause: causeOf(call.conf.cache?.zoneSetting.span, "the cache of this location"),
  }));
}
