// The file cache: entries by key, the lock that lets one request fetch for many, storing and dropping. The zone of
// keys is shared by the workers and survives a reload; an entry whose file is gone from the disk counts as missing.
// Source: nginx 1.22.1, src/http/ngx_http_file_cache.c.
import type { Chunk } from "../../host/network.ts";
import type { Entity } from "../../kernel/simulation.ts";
import type { Facts } from "../layer.ts";
import type { CachePath } from "./cache-directives.ts";
import { variantKey } from "./cache-key.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import type { ResponseHead } from "./upstream-header.ts";
import { type CacheTransition, cacheMachine } from "./upstream-machine.ts";

/** The values of $upstream_cache_status. */
export type CacheStatus =
  | "MISS"
  | "BYPASS"
  | "EXPIRED"
  | "STALE"
  | "UPDATING"
  | "REVALIDATED"
  | "HIT";

/** A stored answer. Frozen. */
export interface CacheFile {
  readonly path: string;
  readonly head: ResponseHead;
  readonly body: readonly Chunk[];
  readonly bytes: number;
  readonly validSec: number;
  readonly updatingSec: number;
  readonly errorSec: number;
  /** Of a 200 or 206; null otherwise. */
  readonly lastModified: string | null;
  readonly etag: string | null;
  readonly vary: string;
  readonly variant: string;
}

/** An entry of the zone (ngx_http_file_cache_node_t). */
export interface CacheNode {
  readonly key: string;
  readonly entity: Entity;
  uses: number;
  /** Requests at work on it. */
  count: number;
  file: CacheFile | null;
  updating: boolean;
  lockTimeMs: number;
  /** A cached refusal of nginx's own (502, 504, an intercepted status); 0: none. */
  errorStatus: number;
  validSec: number;
  /** Dropped when not used until then. */
  expireSec: number;
}

export interface CacheZone {
  /** The least recently used first. */
  readonly nodes: Map<string, CacheNode>;
  bytes: number;
}

/** A request's dealings with the cache (ngx_http_cache_t). */
export interface CacheUse {
  readonly zone: string;
  readonly path: CachePath;
  readonly keyText: string;
  /** proxy_cache_min_uses: with more than 1 an entry that is not stored yet is remembered. */
  readonly minUses: number;
  readonly mainKey: string;
  /** The key in use: the main key, or the variant's after a Vary mismatch. */
  key: string;
  status: CacheStatus | null;
  cacheable: boolean;
  /** What it was when the answer's header was read, before status and settings forbade storing it. */
  headCacheable: boolean;
  /** This request holds the lock or refreshes the entry. */
  updating: boolean;
  lockTimeMs: number;
  lockTimeoutMs: number;
  /** When waiting for the lock ends; 0: not waiting yet. */
  waitUntilMs: number;
  /** Counted in the node already. */
  isCounted: boolean;
  updated: boolean;
  background: boolean;
  /** The stale entry that was found. */
  stale: CacheFile | null;
  staleUpdating: boolean;
  staleError: boolean;
  validSec: number;
  updatingSec: number;
  errorSec: number;
  vary: string;
  errorStatus: number;
  /** What was read for the file. */
  body: Chunk[];
}

const CACHE = "cache";

/** A zone of keys. */
export function cacheZone(context: NginxContext, name: string): CacheZone {
  const zones = context.moduleState<Map<string, CacheZone>>(CACHE, () => new Map());
  const known = zones.get(name);
  if (known !== undefined) return known;
  const made: CacheZone = { nodes: new Map(), bytes: 0 };
  zones.set(name, made);
  return made;
}

export type Opened =
  | { readonly kind: "fresh"; readonly file: CacheFile }
  /** Expired, and this request is the one to refresh it. */
  | { readonly kind: "stale"; readonly file: CacheFile }
  /** Expired, and another request refreshes it. */
  | { readonly kind: "updating"; readonly file: CacheFile }
  | { readonly kind: "missing" }
  /** Not used often enough to be stored. */
  | { readonly kind: "scarce" }
  | { readonly kind: "error"; readonly status: number };

/** Looks an entry up (ngx_http_file_cache_open). */
export function openCache(
  context: NginxContext,
  request: NginxRequest,
  use: CacheUse,
  minUses: number,
): Opened {
  const nowSec = Math.floor(context.nowMs() / 1000);
  const known = existingNode(context, request, use, nowSec);
  const node = known ?? addNode(context, request, use);
  if (!use.isCounted) {
    node.count++;
    if (known !== null) node.uses++;
    use.isCounted = true;
  }
  node.expireSec = nowSec + use.path.inactiveSec;
  if (known !== null && node.errorStatus !== 0) {
    if (node.validSec >= nowSec) return { kind: "error", status: node.errorStatus };
    node.errorStatus = 0;
  }
  if (node.file === null && node.uses < minUses) return { kind: "scarce" };
  if (node.file === null) return { kind: "missing" };
  if (context.host.disk.lstat(node.file.path) === null) {
    loseFile(context, request, use, node);
    return { kind: "missing" };
  }
  return readFile(context, request, use, node);
}

function readFile(
  context: NginxContext,
  request: NginxRequest,
  use: CacheUse,
  node: CacheNode,
): Opened {
  const file = node.file as CacheFile;
  const nowSec = Math.floor(context.nowMs() / 1000);
  if (file.vary !== "" && variantKey(request, use.mainKey, file.vary) !== file.variant) {
    return openVariant(context, request, use, file.vary);
  }
  if (file.validSec >= nowSec) return { kind: "fresh", file };
  use.staleUpdating = file.validSec + file.updatingSec >= nowSec;
  use.staleError = file.validSec + file.errorSec >= nowSec;
  use.stale = file;
  fireEntry(context, request, node, "expire");
  if (node.updating) return { kind: "updating", file };
  node.updating = true;
  use.updating = true;
  use.lockTimeMs = node.lockTimeMs;
  fireEntry(context, request, node, "update");
  return { kind: "stale", file };
}

/** A Vary mismatch: the entry of this variant is looked up (ngx_http_file_cache_reopen). */
function openVariant(
  context: NginxContext,
  request: NginxRequest,
  use: CacheUse,
  vary: string,
): Opened {
  if (use.key !== use.mainKey) return { kind: "missing" };
  leaveNode(context, use);
  use.key = variantKey(request, use.mainKey, vary);
  return openCache(context, request, use, 1);
}

function existingNode(
  context: NginxContext,
  request: NginxRequest,
  use: CacheUse,
  nowSec: number,
): CacheNode | null {
  const zone = cacheZone(context, use.zone);
  const node = zone.nodes.get(use.key);
  if (node === undefined) return null;
  if (node.expireSec < nowSec && node.count === 0) {
    forgetNode(context, request, use, node);
    return null;
  }
  zone.nodes.delete(use.key);
  zone.nodes.set(use.key, node);
  return node;
}

/** A new entry of the zone for the key in use. */
export function addNode(context: NginxContext, request: NginxRequest, use: CacheUse): CacheNode {
  const entity = context.sim.spawn(context.sim.machine(cacheMachine), request.number);
  const node: CacheNode = {
    key: use.key,
    entity,
    uses: 1,
    count: 0,
    file: null,
    updating: false,
    lockTimeMs: 0,
    errorStatus: 0,
    validSec: 0,
    expireSec: 0,
  };
  cacheZone(context, use.zone).nodes.set(use.key, node);
  return node;
}

/** The node of the key in use, or null when it was dropped. */
export function nodeOf(context: NginxContext, use: CacheUse): CacheNode | null {
  return cacheZone(context, use.zone).nodes.get(use.key) ?? null;
}

function loseFile(
  context: NginxContext,
  request: NginxRequest,
  use: CacheUse,
  node: CacheNode,
): void {
  cacheZone(context, use.zone).bytes -= node.file?.bytes ?? 0;
  node.file = null;
  fireEntry(context, request, node, "lose");
}

/** Drops an entry and its file. */
export function forgetNode(
  context: NginxContext,
  request: NginxRequest,
  use: CacheUse,
  node: CacheNode,
): void {
  const zone = cacheZone(context, use.zone);
  zone.nodes.delete(node.key);
  if (node.file !== null) {
    zone.bytes -= node.file.bytes;
    context.host.disk.remove(node.file.path);
  }
  fireEntry(context, request, node, "forget");
  context.sim.retire(node.entity);
}

/** This request no longer works on the node. */
export function leaveNode(context: NginxContext, use: CacheUse): void {
  const node = nodeOf(context, use);
  if (node !== null && use.isCounted) node.count--;
  use.isCounted = false;
}

/** Tries to be the one that fetches; otherwise the caller waits (ngx_http_file_cache_lock). */
export function lockNode(
  context: NginxContext,
  use: CacheUse,
  lockAgeMs: number,
): "locked" | "wait" {
  const node = nodeOf(context, use);
  if (node === null) return "locked";
  const nowMs = context.nowMs();
  if (!node.updating || node.lockTimeMs <= nowMs) {
    node.updating = true;
    node.lockTimeMs = nowMs + lockAgeMs;
    use.updating = true;
    use.lockTimeMs = node.lockTimeMs;
  }
  return use.updating ? "locked" : "wait";
}

/** The request ends without having stored anything (ngx_http_file_cache_free). */
export function freeCache(context: NginxContext, request: NginxRequest, use: CacheUse): void {
  if (use.updated) return;
  use.updated = true;
  const node = nodeOf(context, use);
  leaveNode(context, use);
  if (node === null) return;
  const isHolder = use.updating && node.lockTimeMs === use.lockTimeMs;
  if (isHolder) node.updating = false;
  use.updating = false;
  if (use.errorStatus !== 0) {
    node.errorStatus = use.errorStatus;
    node.validSec = use.validSec;
    return;
  }
  if (node.file === null) fireEntry(context, request, node, "leave");
  else if (isHolder) fireEntry(context, request, node, "keepStale");
  const isUnused = node.file === null && node.count === 0;
  if (isUnused && use.minUses === 1) forgetNode(context, request, use, node);
}

/** A transition of an entry, with facts for those who look. */
export type EntryStep =
  | CacheTransition
  | { readonly transition: CacheTransition; readonly facts: () => Facts };

/** Takes a transition of an entry's machine, if it permits it in its present state. */
export function fireEntry(
  context: NginxContext,
  request: NginxRequest,
  node: CacheNode,
  step: EntryStep,
): void {
  const { sim } = context;
  const transition = typeof step === "string" ? step : step.transition;
  const handle = sim.machine(cacheMachine);
  const number = cacheMachine.transition[transition];
  const permitted = (cacheMachine.fromMask[number] >>> sim.stateOf(node.entity)) & 1;
  if (permitted === 0) return;
  sim.attribute(node.entity, request.number);
  const row = sim.fire(handle, node.entity, number, 0);
  if (!sim.recording(node.entity)) return;
  sim.note(
    row,
    typeof step === "string" ? { values: { key: node.key }, fine: true } : step.facts(),
  );
}
