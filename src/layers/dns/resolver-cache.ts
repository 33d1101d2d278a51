// How the resolver keeps what it is told: record sets as entries with a machine each, and messages that
// tie a question to its sets.
import type { DnsRecord } from "../../wire/dns-message.ts";
import { canonicalName, isAtOrBelow, labelsOf, lastLabels } from "../../wire/dns-name.ts";
import {
  type CachedSet,
  cacheKey,
  expiryOf,
  freshSet,
  replaces,
  setsOf,
  TRUST,
  type Trust,
} from "./cache.ts";
import { type DnsContext, dnsWorld, type Task } from "./context.ts";
import { cacheEntry } from "./machine.ts";
import type { Zone } from "./zone.ts";

const steps = cacheEntry.transition;

/** Stores the sets among these records. Sets with TTL 0 are used once and not kept. */
export function storeRecords(
  context: DnsContext,
  task: Task | null,
  records: readonly DnsRecord[],
  trust: Trust,
): void {
  for (const [key, set] of setsOf(records)) storeSet(context, task, { key, set, trust });
}

interface Storing {
  readonly key: string;
  readonly set: readonly DnsRecord[];
  readonly trust: Trust;
  /** A SOA that came with a negative answer: its time is capped lower. */
  readonly negative?: boolean;
}

export function storeSet(context: DnsContext, task: Task | null, storing: Storing): void {
  const { sim } = context.host;
  const { cache } = dnsWorld(context);
  const { key, set, trust } = storing;
  const expiresAt = expiryOf(set, sim.now, storing.negative ?? false);
  if (expiresAt <= sim.now) return;
  const old = cache.sets.get(key) ?? null;
  const fresh = freshSet(cache, key, sim.now);
  if (old !== null && fresh === null) expireSet(context, old);
  if (!replaces(fresh, set, trust)) return;
  const request = task === null ? -1 : sim.requestOf(task.entity);
  const entity = fresh?.entity ?? sim.spawn(context.machines.entry, request);
  const seconds = Math.round((expiresAt - sim.now) / 1e9);
  const row = sim.fire(
    context.machines.entry,
    entity,
    fresh === null ? steps.store : steps.replace,
    seconds,
  );
  if (sim.recording(entity)) {
    const { name, type, data } = set[0];
    sim.note(row, { fine: true, values: { name, type, data, seconds } });
  }
  cache.sets.set(
    key,
    Object.freeze({ records: Object.freeze(set.slice()), trust, expiresAt, entity }),
  );
}

function expireSet(context: DnsContext, set: CachedSet): void {
  const { sim } = context.host;
  sim.fire(context.machines.entry, set.entity, steps.expire);
  sim.retire(set.entity);
}

/** Ties a question to the sets that answer it. */
export function storeMessage(
  context: DnsContext,
  question: { readonly name: string; readonly type: string },
  message: {
    readonly rcode: "NOERROR" | "NXDOMAIN";
    readonly sets: readonly string[];
    readonly negative: boolean;
  },
): void {
  const { cache } = dnsWorld(context);
  const { now } = context.host.sim;
  const expiries = message.sets.map((key) => cache.sets.get(key)?.expiresAt ?? now);
  const expiresAt = expiries.length === 0 ? now : Math.min(...expiries);
  if (expiresAt <= now) return;
  const key = cacheKey(question.name, question.type);
  cache.messages.set(key, Object.freeze({ ...message, expiresAt }));
}

/** The deepest zone at or above a name whose servers are cached; null when not even the root's are. */
export function deepestZone(context: DnsContext, name: string): string | null {
  const { cache } = dnsWorld(context);
  const canonical = canonicalName(name);
  for (let count = labelsOf(canonical).length; count >= 0; count--) {
    const zone = lastLabels(canonical, count);
    if (freshSet(cache, cacheKey(zone, "NS"), context.host.sim.now) === null) continue;
    if (canBeReached(context, zone)) return zone;
  }
  return null;
}

/** Servers that lie inside their own zone cannot be found without their addresses. */
function canBeReached(context: DnsContext, zone: string): boolean {
  return serversOfZone(context, zone).some(
    ({ name, ips }) => ips.length > 0 || !isAtOrBelow(canonicalName(name), zone),
  );
}

/** The servers of a zone: names from its NS set, addresses as far as the cache knows them. */
export function serversOfZone(
  context: DnsContext,
  zone: string,
): readonly { readonly name: string; readonly ips: readonly string[] }[] {
  const { cache } = dnsWorld(context);
  const { now } = context.host.sim;
  const set = freshSet(cache, cacheKey(zone, "NS"), now);
  return (set?.records ?? []).map(({ data }) => ({
    name: data,
    ips: (freshSet(cache, cacheKey(data, "A"), now)?.records ?? []).map((record) => record.data),
  }));
}

/** Fills the cache as if everybody's names had just been looked up, with what they have not too. */
export function warmCache(context: DnsContext): void {
  for (const server of context.tree.servers.values()) {
    for (const zone of server.zones) warmZone(context, zone);
  }
}

/** Types that clients ask beside A, and that most names do not have. */
const ASKED_BESIDE = ["AAAA", "HTTPS"] as const;

function warmZone(context: DnsContext, zone: Zone): void {
  for (const [name, types] of zone.nodes) {
    for (const [type, records] of types)
      warmSet(context, { zone: zone.origin, name, type, records });
  }
  for (const [name, types] of zone.nodes) {
    if (!types.has("A")) continue;
    const absent = ASKED_BESIDE.filter((type) => !types.has(type));
    const sets = [cacheKey(zone.origin, "SOA")];
    for (const type of absent) {
      storeMessage(context, { name, type }, { rcode: "NOERROR", sets, negative: true });
    }
  }
}

interface Warming {
  readonly zone: string;
  readonly name: string;
  readonly type: string;
  readonly records: readonly DnsRecord[];
}

function warmSet(context: DnsContext, { zone, name, type, records }: Warming): void {
  const set = records.map(({ name: owner, type: t, ttl, data }) => ({
    name: owner,
    type: t,
    ttl,
    data,
  }));
  const isDelegation = type === "NS" && name !== zone;
  if (isDelegation || !isAtOrBelow(name, zone)) return;
  const key = cacheKey(name, type);
  storeSet(context, null, { key, set, trust: TRUST.answer });
  storeMessage(context, { name, type }, { rcode: "NOERROR", sets: [key], negative: false });
}
