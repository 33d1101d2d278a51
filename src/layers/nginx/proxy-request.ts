// The request that proxy_pass sends: request line, proxy_set_header lines, the defaults that none of them overrides,
// then the client's headers.
// Source: nginx 1.22.1, ngx_http_proxy_module.c, ngx_http_proxy_create_request and ngx_http_proxy_headers.
import { type Chunk, textChunk } from "../../host/network.ts";
import type { HeaderLine } from "./request.ts";

/** What a proxied request is made of. */
export interface ProxyRequestParts<V> {
  readonly method: string;
  readonly uri: string;
  readonly version: "1.0" | "1.1";
  /** proxy_set_header lines in file order; a level's list is the same object for every request. */
  readonly set: readonly { readonly name: string; readonly value: V }[];
  /** The value of such a line for this request. */
  readonly evaluate: (value: V) => string;
  /** $proxy_host. */
  readonly host: string;
  /** Bytes of the body, or -1 when there is none. */
  readonly bodyBytes: number;
  /** The client's headers, or none with proxy_pass_request_headers off. */
  readonly client: readonly HeaderLine[];
  /** For a request whose answer may be cached: what the cache asks with. */
  readonly revalidation: Revalidation | null;
}

/** The conditions of a request that refreshes a cache entry; empty texts are not sent. */
export interface Revalidation {
  readonly lastModified: string;
  readonly etag: string;
}

/** Defaults of every request; those that are always empty only keep the client's header away. */
const DEFAULTS = [
  "Host",
  "Connection",
  "Content-Length",
  "Transfer-Encoding",
  "TE",
  "Keep-Alive",
  "Expect",
  "Upgrade",
];
const CACHE_DEFAULTS = [
  ...DEFAULTS,
  "If-Modified-Since",
  "If-Unmodified-Since",
  "If-None-Match",
  "If-Match",
  "Range",
  "If-Range",
];

/** What a list of proxy_set_header lines leaves of the defaults and of the client's headers. */
interface HeaderPlan {
  readonly defaults: readonly string[];
  /** Names, in lower case, that the client's headers may not have. */
  readonly taken: ReadonlySet<string>;
}

const plans = new WeakMap<object, HeaderPlan>();
const cachePlans = new WeakMap<object, HeaderPlan>();

function planOf(set: readonly { readonly name: string }[], forCache: boolean): HeaderPlan {
  const known = (forCache ? cachePlans : plans).get(set);
  if (known !== undefined) return known;
  const named = new Set(set.map(({ name }) => name.toLowerCase()));
  const all = forCache ? CACHE_DEFAULTS : DEFAULTS;
  const defaults = all.filter((name) => !named.has(name.toLowerCase()));
  const taken = new Set([...named, ...all.map((name) => name.toLowerCase())]);
  const plan = { defaults, taken };
  (forCache ? cachePlans : plans).set(set, plan);
  return plan;
}

/** The last head made of a client's headers that many requests share, and what else it was made of. */
interface Made {
  readonly parts: Omit<ProxyRequestParts<unknown>, "evaluate" | "client" | "revalidation">;
  readonly values: readonly string[];
  readonly chunk: Chunk;
}

const made = new WeakMap<readonly HeaderLine[], Made>();

/** The head as sent. What a crowd sends again and again is the same chunk, which its reader then knows. */
export function proxyRequestChunk<V>(parts: ProxyRequestParts<V>): Chunk {
  const values = valuesOf(parts);
  const before = made.get(parts.client);
  if (before !== undefined && isSame(before, parts, values)) return before.chunk;
  const chunk = textChunk(headOf(parts, values));
  if (parts.revalidation === null && Object.isFrozen(parts.client)) {
    const { method, uri, version, set, host, bodyBytes } = parts;
    made.set(parts.client, {
      parts: { method, uri, version, set, host, bodyBytes },
      values,
      chunk,
    });
  }
  return chunk;
}

function isSame<V>(
  { parts: before, values: earlier }: Made,
  parts: ProxyRequestParts<V>,
  values: readonly string[],
): boolean {
  if (before.method !== parts.method || before.uri !== parts.uri || before.host !== parts.host)
    return false;
  if (before.version !== parts.version || before.bodyBytes !== parts.bodyBytes) return false;
  // The list of lines is compared by identity: one level of one configuration has one.
  if (before.set !== parts.set || parts.revalidation !== null) return false;
  for (let i = 0; i < values.length; i++) if (values[i] !== earlier[i]) return false;
  return true;
}

/** The head as sent, with its empty line. */
export function proxyRequestHead<V>(parts: ProxyRequestParts<V>): string {
  return headOf(parts, valuesOf(parts));
}

function valuesOf<V>({ set, evaluate }: ProxyRequestParts<V>): readonly string[] {
  return set.map(({ value }) => evaluate(value));
}

function headOf<V>(parts: ProxyRequestParts<V>, values: readonly string[]): string {
  const { defaults, taken } = planOf(parts.set, parts.revalidation !== null);
  let head = `${parts.method} ${parts.uri} HTTP/${parts.version}\r\n`;
  for (let i = 0; i < values.length; i++) head += line(parts.set[i].name, values[i]);
  for (const name of defaults) head += line(name, defaultValue(name, parts));
  for (const header of parts.client) {
    if (!taken.has(header.key)) head += `${header.name}: ${header.value}\r\n`;
  }
  return `${head}\r\n`;
}

/** A header with an empty value is not sent. */
function line(name: string, value: string): string {
  return value === "" ? "" : `${name}: ${value}\r\n`;
}

function defaultValue<V>(name: string, parts: ProxyRequestParts<V>): string {
  switch (name) {
    case "Host":
      return parts.host;
    case "Connection":
      return "close";
    case "Content-Length":
      return parts.bodyBytes < 0 ? "" : `${parts.bodyBytes}`;
    case "If-Modified-Since":
      return parts.revalidation?.lastModified ?? "";
    case "If-None-Match":
      return parts.revalidation?.etag ?? "";
    default:
      return "";
  }
}
