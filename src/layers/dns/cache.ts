// The resolver's cache: record sets with the trust they came with, and messages that say which question
// they answer. As in Unbound, a record set alone answers no client, except that a cached CNAME leads on;
// the same data again does not prolong its time. Times are simulated nanoseconds.
import { SECOND } from "../../kernel/time.ts";
import type { DnsRecord } from "../../wire/dns-message.ts";
import { canonicalName } from "../../wire/dns-name.ts";
import { NEGATIVE_TTL_MAX, TTL_MAX } from "./costs.ts";

/** RFC 2181 section 5.4.1: glue < referral < authority section of an answer < answer. */
export const TRUST = { glue: 0, referral: 1, authority: 2, answer: 3 } as const;
export type Trust = (typeof TRUST)[keyof typeof TRUST];

export interface CachedSet {
  readonly records: readonly DnsRecord[];
  readonly trust: Trust;
  readonly expiresAt: number;
  /** The machine that stands for it. */
  readonly entity: number;
}

export interface CachedMessage {
  readonly rcode: "NOERROR" | "NXDOMAIN" | "SERVFAIL";
  /** Keys of the sets it consists of, in order; of a negative message the SOA's. */
  readonly sets: readonly string[];
  readonly negative: boolean;
  readonly expiresAt: number;
}

export interface Cache {
  readonly sets: Map<string, CachedSet>;
  readonly messages: Map<string, CachedMessage>;
}

export function newCache(): Cache {
  return { sets: new Map(), messages: new Map() };
}

export function cacheKey(name: string, type: string): string {
  return `${canonicalName(name)} ${type}`;
}

/** A fresh record set, or null. */
export function freshSet(cache: Cache, key: string, now: number): CachedSet | null {
  const found = cache.sets.get(key);
  return found !== undefined && found.expiresAt > now ? found : null;
}

/** A message whose sets are all still fresh, or null. */
export function freshMessage(cache: Cache, key: string, now: number): CachedMessage | null {
  const found = cache.messages.get(key);
  if (found === undefined || found.expiresAt <= now) return null;
  return found.sets.every((set) => freshSet(cache, set, now) !== null) ? found : null;
}

/** Whether a set should take the place of what the cache holds. */
export function replaces(
  old: CachedSet | null,
  records: readonly DnsRecord[],
  trust: Trust,
): boolean {
  if (old === null || trust > old.trust) return true;
  return trust === old.trust && !sameData(old.records, records);
}

function sameData(a: readonly DnsRecord[], b: readonly DnsRecord[]): boolean {
  const texts = (records: readonly DnsRecord[]) => records.map(({ data }) => data).sort();
  return texts(a).join("\n") === texts(b).join("\n");
}

/** When a set that arrives now expires; seconds are capped as Unbound caps them. */
export function expiryOf(records: readonly DnsRecord[], now: number, negative: boolean): number {
  const cap = negative ? NEGATIVE_TTL_MAX : TTL_MAX;
  const ttl = records.reduce((least, record) => Math.min(least, record.ttl), cap);
  return now + ttl * SECOND;
}

/** The records with their time counted down to now, in whole seconds, rounded down. */
export function countedDown(set: CachedSet, now: number): readonly DnsRecord[] {
  const ttl = Math.floor((set.expiresAt - now) / SECOND);
  const last = lastCountdown.get(set);
  if (last !== undefined && last.ttl === ttl) return last.records;
  const records = set.records.map((record) =>
    Object.freeze({ ...record, ttl: Math.min(ttl, record.ttl) }),
  );
  lastCountdown.set(set, { ttl, records: Object.freeze(records) });
  return records;
}

/** The last answer of `countedDown` for each set: it holds for a second. */
const lastCountdown = new WeakMap<CachedSet, { ttl: number; records: readonly DnsRecord[] }>();

/** Groups records into sets by name and type, in order of appearance. */
export function setsOf(records: readonly DnsRecord[]): ReadonlyMap<string, readonly DnsRecord[]> {
  const sets = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const key = cacheKey(record.name, record.type);
    sets.set(key, [...(sets.get(key) ?? []), record]);
  }
  return sets;
}
