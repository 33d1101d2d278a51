// The browser's HTTP cache (RFC 9111, a private cache): what may be kept, for how long it is fresh, and
// how a stale entry is asked about. Left out: ranges, partitions by site, and the size of the cache.
import { parseHttpDate } from "./cookies.ts";
import { type HeaderList, headerOf, type ResponseHead } from "./response-reader.ts";

export interface CacheEntry {
  readonly url: string;
  readonly head: ResponseHead;
  readonly body: string;
  readonly bodyBytes: number;
  readonly requestMs: number;
  readonly responseMs: number;
  /** The request headers that Vary names, as they were sent. */
  readonly varied: HeaderList;
}

/** Source: RFC 9110 section 15.1. */
const HEURISTIC_STATUSES = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);
/** Kept without any date, until evicted. Source: Chromium net/http/http_response_headers.cc. */
const PERMANENT_STATUSES = new Set([301, 308, 410]);

/** The directives of Cache-Control, names in lower case. */
export function cacheControlOf(head: ResponseHead): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of head.headers) {
    if (name !== "cache-control") continue;
    for (const part of value.split(",")) {
      const [key, argument = ""] = part.trim().split("=", 2);
      found.set(key.toLowerCase(), argument.replaceAll('"', ""));
    }
  }
  return found;
}

/** Whether the answer to a GET may be kept at all. */
export function isStorable(head: ResponseHead): boolean {
  const control = cacheControlOf(head);
  if (control.has("no-store") || head.status === 206) return false;
  const isExplicit = control.has("max-age") || headerOf(head, "expires") !== null;
  return isExplicit || HEURISTIC_STATUSES.has(head.status);
}

/** Seconds for which the answer is fresh, and the rule that says so. */
export function freshnessOf(entry: CacheEntry): {
  readonly seconds: number;
  readonly rule: string;
} {
  const { head, responseMs } = entry;
  const control = cacheControlOf(head);
  const maxAge = control.get("max-age");
  if (maxAge !== undefined && /^\d+$/.test(maxAge)) {
    return { seconds: Number(maxAge), rule: `Cache-Control: max-age=${maxAge}` };
  }
  const dateMs = parseHttpDate(headerOf(head, "date") ?? "") ?? responseMs;
  const expires = headerOf(head, "expires");
  if (expires !== null) {
    const expiresMs = parseHttpDate(expires) ?? 0;
    return { seconds: Math.max(0, (expiresMs - dateMs) / 1000), rule: `Expires: ${expires}` };
  }
  const modifiedMs = parseHttpDate(headerOf(head, "last-modified") ?? "");
  if (modifiedMs !== null && HEURISTIC_STATUSES.has(head.status)) {
    const seconds = Math.max(0, (dateMs - modifiedMs) / 10_000);
    return { seconds, rule: "a tenth of its age since Last-Modified (heuristic)" };
  }
  if (PERMANENT_STATUSES.has(head.status))
    return { seconds: Infinity, rule: `status ${head.status}` };
  return { seconds: 0, rule: "no freshness information" };
}

/** The answer's age now, in seconds (RFC 9111 section 4.2.3). */
export function ageOf(entry: CacheEntry, nowMs: number): number {
  const { head, requestMs, responseMs } = entry;
  const dateMs = parseHttpDate(headerOf(head, "date") ?? "") ?? responseMs;
  const apparent = Math.max(0, responseMs - dateMs);
  const header = Number(headerOf(head, "age") ?? 0);
  const corrected = (Number.isNaN(header) ? 0 : header) * 1000 + (responseMs - requestMs);
  return (Math.max(apparent, corrected) + (nowMs - responseMs)) / 1000;
}

export type Lookup =
  | { readonly kind: "miss"; readonly why: string }
  | { readonly kind: "fresh"; readonly entry: CacheEntry; readonly why: string }
  | { readonly kind: "stale"; readonly entry: CacheEntry; readonly why: string };

/** What the cache says of a request. `mode` is how the user asked. */
export function lookUp(
  entry: CacheEntry | undefined,
  mode: "normal" | "validate" | "bypass",
  nowMs: number,
): Lookup {
  if (entry === undefined) return { kind: "miss", why: "it was never fetched" };
  if (mode === "bypass") return { kind: "miss", why: "a hard reload passes the cache by" };
  if (headerOf(entry.head, "vary")?.includes("*") === true) return { kind: "miss", why: "Vary: *" };
  const { seconds, rule } = freshnessOf(entry);
  const age = ageOf(entry, nowMs);
  const mustAsk = mode === "validate" || cacheControlOf(entry.head).has("no-cache");
  if (!mustAsk && seconds > age) {
    return { kind: "fresh", entry, why: `${rule}: fresh, ${Math.floor(age)} s old` };
  }
  const why = mustAsk
    ? "it must be asked about every time"
    : `${rule}: stale, ${Math.floor(age)} s old`;
  return { kind: "stale", entry, why };
}

/** The entry after 304 Not Modified: the stored body with the new headers (RFC 9111 section 4.3.4). */
export function refreshed(
  entry: CacheEntry,
  head: ResponseHead,
  times: Pick<CacheEntry, "requestMs" | "responseMs">,
): CacheEntry {
  const renewed = new Set(head.headers.map(([name]) => name));
  const kept = entry.head.headers.filter(
    ([name]) => !renewed.has(name) || name === "content-length",
  );
  const fresh = head.headers.filter(([name]) => name !== "content-length");
  const headers = Object.freeze([...kept, ...fresh]);
  return Object.freeze({ ...entry, ...times, head: Object.freeze({ ...entry.head, headers }) });
}
