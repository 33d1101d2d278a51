// The request that proxy_pass sends: request line, proxy_set_header lines, the defaults that none of them overrides,
// then the client's headers.
// Source: nginx 1.22.1, ngx_http_proxy_module.c, ngx_http_proxy_create_request and ngx_http_proxy_headers.
import type { HeaderLine } from "./request.ts";

/** What a proxied request is made of, variables already evaluated. */
export interface ProxyRequestParts {
  readonly method: string;
  readonly uri: string;
  readonly version: "1.0" | "1.1";
  /** proxy_set_header lines in file order. */
  readonly set: readonly (readonly [name: string, value: string])[];
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

/** The head as sent, with its empty line. */
export function proxyRequestHead(parts: ProxyRequestParts): string {
  const lines = [`${parts.method} ${parts.uri} HTTP/${parts.version}`];
  const named = new Set(parts.set.map(([name]) => name.toLowerCase()));
  const settings = [
    ...parts.set,
    ...defaultHeaders(parts).filter(([name]) => !named.has(name.toLowerCase())),
  ];
  for (const [name, value] of settings) {
    named.add(name.toLowerCase());
    if (value !== "") lines.push(`${name}: ${value}`);
  }
  for (const header of parts.client) {
    if (!named.has(header.key)) lines.push(`${header.name}: ${header.value}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function defaultHeaders(parts: ProxyRequestParts): readonly (readonly [string, string])[] {
  const length = parts.bodyBytes < 0 ? "" : `${parts.bodyBytes}`;
  const always = [
    ["Host", parts.host],
    ["Connection", "close"],
    ["Content-Length", length],
    ["Transfer-Encoding", ""],
    ["TE", ""],
    ["Keep-Alive", ""],
    ["Expect", ""],
    ["Upgrade", ""],
  ] as const;
  if (parts.revalidation === null) return always;
  return [
    ...always,
    ["If-Modified-Since", parts.revalidation.lastModified],
    ["If-Unmodified-Since", ""],
    ["If-None-Match", parts.revalidation.etag],
    ["If-Match", ""],
    ["Range", ""],
    ["If-Range", ""],
  ];
}
