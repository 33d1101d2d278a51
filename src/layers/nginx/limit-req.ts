// limit_req: the leaky bucket of nginx, in its own integers. A zone has one bucket for each key; its
// excess is in thousandths of a request, its times in milliseconds. A zone is shared by all workers
// and survives a reload.
// Source: nginx 1.22.1, src/http/modules/ngx_http_limit_req_module.c.

/** One bucket. */
export interface LimitReqNode {
  /** Thousandths of a request over the rate. */
  excess: number;
  lastMs: number;
}

export interface LimitReqZoneState {
  /** By key, the least recently used first. */
  readonly nodes: Map<string, LimitReqNode>;
}

/** A `limit_req_zone`. */
export interface LimitReqZone {
  readonly name: string;
  /** Requests a second, times 1000. */
  readonly rate: number;
  readonly sizeBytes: number;
}

/** A `limit_req` line. Burst and delay in thousandths of a request; nodelay is an infinite delay. */
export interface LimitReqLimit {
  readonly zone: LimitReqZone;
  readonly burst: number;
  readonly delay: number;
}

export type LimitReqVerdict =
  | { readonly kind: "none" }
  | { readonly kind: "passed"; readonly weighed: readonly LimitReqWeight[] }
  | {
      readonly kind: "delayed" | "rejected";
      /** Thousandths of a request, of the zone that decided. */
      readonly excess: number;
      readonly delayMs: number;
      readonly zone: LimitReqZone;
      /** Which of the lines decided. */
      readonly index: number;
      readonly weighed: readonly LimitReqWeight[];
    };

/** How full one bucket was found. */
export interface LimitReqWeight {
  readonly index: number;
  readonly key: string;
  readonly excess: number;
  /** What the bucket held before, and what has leaked since; null for a key never seen. */
  readonly before: number | null;
  readonly leaked: number;
}

/** Keys idle for this long may be dropped (ngx_http_limit_req_expire). */
const IDLE_MS = 60_000;
/** Buckets dropped at most for each new one. */
const EXPIRED_PER_REQUEST = 2;
/** Bytes of a node without its key: the tree node and the counters. */
const NODE_BYTES = 80;

/**
 * Weighs a request against its limits, one key for each (an empty key is not limited), at a time in
 * milliseconds. All zones must let it pass; the longest delay counts.
 */
export function limitRequest(
  limits: readonly LimitReqLimit[],
  zones: readonly LimitReqZoneState[],
  keys: readonly string[],
  nowMs: number,
): LimitReqVerdict {
  const weighed: LimitReqWeight[] = [];
  const pending: number[] = [];
  let isLastAccounted = false;
  for (let index = 0; index < limits.length; index++) {
    if (keys[index] === "") continue;
    const isLast = index === limits.length - 1;
    const node = zones[index].nodes.get(keys[index]);
    const leaked = node === undefined ? 0 : leakedSince(limits[index].zone, node, nowMs);
    const excess = weigh(limits[index], zones[index], keys[index], nowMs);
    weighed.push({ index, key: keys[index], excess, before: node?.excess ?? null, leaked });
    if (excess > limits[index].burst) {
      const { zone } = limits[index];
      return { kind: "rejected", excess, delayMs: 0, zone, index, weighed };
    }
    if (isLast) store(zones[index], keys[index], excess, nowMs);
    else pending.push(index);
    isLastAccounted = isLast;
  }
  if (weighed.length === 0) return { kind: "none" };
  return account({ limits, zones, keys, nowMs }, pending, weighed, isLastAccounted);
}

interface Weighing {
  readonly limits: readonly LimitReqLimit[];
  readonly zones: readonly LimitReqZoneState[];
  readonly keys: readonly string[];
  readonly nowMs: number;
}

function account(
  weighing: Weighing,
  pending: readonly number[],
  weighed: readonly LimitReqWeight[],
  isLastAccounted: boolean,
): LimitReqVerdict {
  const { limits, zones, keys, nowMs } = weighing;
  const last = weighed[weighed.length - 1];
  let index = last.index;
  let excess = isLastAccounted ? last.excess : 0;
  let delayMs = isLastAccounted ? delayOf(limits[index], excess) : 0;
  for (const i of [...pending].reverse()) {
    const now = weigh(limits[i], zones[i], keys[i], nowMs);
    store(zones[i], keys[i], now, nowMs);
    const delay = delayOf(limits[i], now);
    if (delay <= delayMs) continue;
    delayMs = delay;
    excess = now;
    index = i;
  }
  if (delayMs === 0) return { kind: "passed", weighed };
  return { kind: "delayed", excess, delayMs, zone: limits[index].zone, index, weighed };
}

function delayOf(limit: LimitReqLimit, excess: number): number {
  if (excess <= limit.delay) return 0;
  return Math.floor(((excess - limit.delay) * 1000) / limit.zone.rate);
}

/** What the bucket would hold with this request: 0 for a key never seen. */
function weigh(limit: LimitReqLimit, zone: LimitReqZoneState, key: string, nowMs: number): number {
  const node = zone.nodes.get(key);
  if (node === undefined) {
    makeRoom(zone, limit.zone, key, nowMs);
    return 0;
  }
  return Math.max(0, node.excess - leakedSince(limit.zone, node, nowMs) + 1000);
}

function leakedSince(zone: LimitReqZone, node: LimitReqNode, nowMs: number): number {
  return Math.trunc((zone.rate * elapsedMs(node, nowMs)) / 1000);
}

function elapsedMs(node: LimitReqNode, nowMs: number): number {
  const ms = nowMs - node.lastMs;
  if (ms < -IDLE_MS) return 1;
  return Math.max(0, ms);
}

function store(zone: LimitReqZoneState, key: string, excess: number, nowMs: number): void {
  const node = zone.nodes.get(key);
  const lastMs = node === undefined || elapsedMs(node, nowMs) > 0 ? nowMs : node.lastMs;
  zone.nodes.delete(key);
  zone.nodes.set(key, { excess, lastMs });
}

function makeRoom(state: LimitReqZoneState, zone: LimitReqZone, key: string, nowMs: number): void {
  let dropped = 0;
  for (const [old, node] of state.nodes) {
    const leaked = (zone.rate * elapsedMs(node, nowMs)) / 1000;
    const isIdle = nowMs - node.lastMs >= IDLE_MS && node.excess - leaked <= 0;
    if (!isIdle || dropped === EXPIRED_PER_REQUEST) break;
    state.nodes.delete(old);
    dropped++;
  }
  if (state.nodes.size < zoneCapacity(zone, key.length)) return;
  for (const old of state.nodes.keys()) {
    state.nodes.delete(old);
    return;
  }
}

/**
 * How many keys a zone holds: nodes lie in slabs of a power of two of bytes.
 * Simplification: all keys of a zone are taken to be as long as the newest, and the pages that the
 * slab allocator uses for itself are not counted.
 */
function zoneCapacity(zone: LimitReqZone, keyBytes: number): number {
  let slab = 128;
  while (slab < NODE_BYTES + keyBytes) slab *= 2;
  return Math.max(1, Math.floor(zone.sizeBytes / slab));
}

/** `3960` as `3.960`: requests over the rate, as the log has it. */
export function formatExcess(excess: number): string {
  return `${Math.floor(excess / 1000)}.${String(excess % 1000).padStart(3, "0")}`;
}

/** `5r/s` or `30r/m` as requests a second times 1000; null when it is no rate. */
export function parseRate(text: string): number | null {
  const match = /^(\d+)(?:r\/([sm]))?$/.exec(text);
  if (match === null || Number(match[1]) === 0) return null;
  const rate = Number(match[1]) * 1000;
  return match[2] !== "m" ? rate : Math.floor(rate / 60);
}
