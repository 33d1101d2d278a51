// From the head of an upstream's answer to the head that the client gets: what is hidden, dropped, rewritten or
// passed, and what X-Accel headers ask nginx to do.
// Source: nginx 1.22.1, ngx_http_upstream.c, ngx_http_upstream_process_headers and ngx_http_upstream_headers_in.
import { parseHttpDate } from "../../host/calendar.ts";
import { memoByIdentity, memoByText } from "../../kernel/memo.ts";
import type { Alternative } from "../layer.ts";
import { CHARSET } from "./location-directives.ts";
import type { NginxContext } from "./phases.ts";
import { proxyPassRow, proxyRows } from "./proxy-directives.ts";
import { type Evaluate, rewriteCookie, rewriteRedirect } from "./proxy-rewrite.ts";
import type { HeaderLine, HeaderOut, HeadersOut, NginxRequest } from "./request.ts";
import { type Configuration, valueAt } from "./settings.ts";
import type { UpstreamCall } from "./upstream-call.ts";
import type { UpstreamConf } from "./upstream-conf.ts";
import type { ResponseHead } from "./upstream-header.ts";
import { allLocations } from "./upstream-target.ts";

/** Headers that speak about the connection or are written by nginx itself. */
const DROPPED = new Set([
  "content-length",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "status",
]);
/** What an answer with X-Accel-Redirect keeps of the application's headers. */
const KEPT_IN_REDIRECT = new Set([
  "content-type",
  "set-cookie",
  "content-disposition",
  "cache-control",
  "expires",
  "accept-ranges",
]);

/** A header's value in a head; null when it is missing. The last one counts. */
export function headerValue(head: ResponseHead, key: string): string | null {
  const { headers } = head;
  for (let i = headers.length - 1; i >= 0; i--) if (headers[i].key === key) return headers[i].value;
  return null;
}

/** Of a header that came twice the first, which nginx keeps where it reads it as a line. */
export function firstHeaderValue(head: ResponseHead, key: string): string | null {
  return head.headers.find((header) => header.key === key)?.value ?? null;
}

/** Content-Length of a head, or -1. A chunked body has none. */
export const contentLengthOf = memoByIdentity((head: ResponseHead): number => {
  if (isChunked(head)) return -1;
  const text = headerValue(head, "content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : -1;
});

/** The answer comes in chunks (ngx_http_upstream_process_transfer_encoding). */
export function isChunked(head: ResponseHead): boolean {
  return headerValue(head, "transfer-encoding")?.toLowerCase().includes("chunked") ?? false;
}

/** The upstream closes the connection after this answer. */
export function closesConnection(head: ResponseHead): boolean {
  if (head.version < 1001) return true;
  return headerValue(head, "connection")?.toLowerCase().includes("close") ?? false;
}

/** Where X-Accel-Redirect sends the request; null: nowhere. */
export function accelRedirect(call: UpstreamCall, head: ResponseHead): string | null {
  if (call.conf.ignored.has("x-accel-redirect")) return null;
  return firstHeaderValue(head, "x-accel-redirect");
}

/** Fills the response's header from an upstream's answer (or a cached one). */
export function applyHead(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  head: ResponseHead,
): void {
  const { out } = request;
  out.status = head.status;
  out.statusLine = head.statusLine === "" ? null : head.statusLine;
  const bodyBytes = contentLengthOf(head);
  out.contentLength = bodyBytes < 0 ? null : bodyBytes;
  const plain = plainHead(head, call.conf);
  if (plain === null) {
    const rewriter = headerRewriter(context, request, call);
    for (const header of head.headers)
      if (!call.conf.hidden.has(header.key)) copyHeader(request, call, header, rewriter);
  } else {
    if (plain.hasType) {
      out.contentType = plain.contentType;
      out.charset = plain.charset;
    }
    const copied = plain.copied.map(({ name, value }): HeaderOut => ({ name, value }));
    out.list = out.list.length === 0 ? copied : [...out.list, ...copied];
  }
  replaceOwnHeaders(call, head, out);
  if (call.conf.forceRanges) out.allowRanges = true;
  request.kept.disableNotModified = call.cache?.headCacheable !== true;
  warnOfCharset(context, request, call, head);
}

/** The part of applyHead that an answer with X-Accel-Redirect keeps. */
export function applyRedirectHead(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  head: ResponseHead,
): void {
  const rewriter = headerRewriter(context, request, call);
  for (const header of head.headers) {
    if (KEPT_IN_REDIRECT.has(header.key)) copyHeader(request, call, header, rewriter);
  }
}

/** What becomes of a header of the upstream, for those who look. */
export function headerFate(call: UpstreamCall, header: HeaderLine): Alternative {
  const text = `${header.name}: ${header.value}`;
  const { conf } = call;
  if (conf.hidden.has(header.key)) {
    const isOwn = header.key === "server" || header.key === "date";
    const verdict = isOwn ? "hidden: nginx writes its own" : "hidden from the client";
    return { text, verdict, chosen: false };
  }
  if (header.key === "content-length")
    return { text, verdict: "nginx writes its own, from what it sends", chosen: false };
  if (DROPPED.has(header.key))
    return { text, verdict: "speaks of this connection alone: not passed on", chosen: false };
  const isRedirect = header.key === "location" || header.key === "refresh";
  const verdict = isRedirect ? "passed, rewritten where proxy_redirect says so" : "passed on";
  return { text, verdict, chosen: true };
}

interface HeaderRewriter {
  location(value: string): string | null;
  cookie(value: string): string | null;
  /** A proxy_redirect other than `off` holds. */
  readonly rewritesRedirects: boolean;
}

/** Headers that are not just copied: they are rewritten, or say something to nginx. */
const SPECIAL: ReadonlySet<string> = new Set([
  "location",
  "refresh",
  "set-cookie",
  "accept-ranges",
  "server",
  "date",
  "last-modified",
]);

/** A head of which nothing but the type is more than copied, worked out once. */
interface PlainHead {
  readonly conf: UpstreamConf;
  readonly hasType: boolean;
  readonly contentType: string;
  readonly charset: string | null;
  readonly copied: readonly HeaderLine[];
}

const plainHeads = new WeakMap<ResponseHead, PlainHead>();

function plainHead(head: ResponseHead, conf: UpstreamConf): PlainHead | null {
  const known = plainHeads.get(head);
  if (known?.conf === conf) return known;
  const passed = head.headers.filter(({ key }) => !conf.hidden.has(key) && !DROPPED.has(key));
  if (passed.some(({ key }) => SPECIAL.has(key))) return null;
  const type = passed.findLast(({ key }) => key === "content-type");
  const { contentType, charset } = splitContentType(type?.value ?? "");
  const copied = passed.filter(({ key }) => key !== "content-type");
  const made = { conf, hasType: type !== undefined, contentType, charset, copied };
  plainHeads.set(head, made);
  return made;
}

const NOTHING_REWRITTEN: HeaderRewriter = {
  location: () => null,
  cookie: () => null,
  rewritesRedirects: false,
};

function headerRewriter(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): HeaderRewriter {
  if (call.conf.module !== "proxy") {
    return NOTHING_REWRITTEN;
  }
  const { location } = request;
  const evaluate: Evaluate = (template, captures) => {
    if (captures !== undefined) request.captures = [...captures];
    return context.evaluate(template, request);
  };
  const rules = valueAt(location, proxyRows.redirect);
  const target = valueAt(location, proxyPassRow);
  const cookies = {
    domain: valueAt(location, proxyRows.cookieDomain),
    path: valueAt(location, proxyRows.cookiePath),
    flags: valueAt(location, proxyRows.cookieFlags),
  };
  return {
    location: (value) => rewriteRedirect(value, { rules, target }, evaluate),
    cookie: (value) => rewriteCookie(value, cookies, evaluate),
    rewritesRedirects: !rules.some((rule) => rule.kind === "off"),
  };
}

function copyHeader(
  request: NginxRequest,
  call: UpstreamCall,
  header: HeaderLine,
  rewriter: HeaderRewriter,
): void {
  const { out } = request;
  if (DROPPED.has(header.key)) return;
  if (header.key === "content-type") {
    const { contentType, charset } = splitContentType(header.value);
    out.contentType = contentType;
    out.charset = charset;
    return;
  }
  if (header.key === "accept-ranges" && call.cache?.headCacheable === true) {
    out.allowRanges = true;
    return;
  }
  if (header.key === "server") out.ownServer = true;
  if (header.key === "date") out.ownDate = true;
  if (header.key === "last-modified") {
    const ms = call.cache?.headCacheable === true ? parseHttpDate(header.value) : null;
    out.lastModified = ms === null ? null : Math.floor(ms / 1000);
  }
  out.list.push(rewritten(header, rewriter));
}

/** `text/html; charset=utf-8` as type and charset (ngx_http_upstream_copy_content_type); any other form stays whole. */
const splitContentType = memoByText(
  (value: string): { readonly contentType: string; readonly charset: string | null } => {
    const match = /^([^;]*[^; ]); charset=([^" ;]+)$/.exec(value);
    return match === null
      ? { contentType: value, charset: null }
      : { contentType: match[1], charset: match[2] };
  },
);

function rewritten(header: HeaderLine, rewriter: HeaderRewriter): HeaderOut {
  const { name, value } = header;
  if (header.key === "set-cookie") return { name, value: rewriter.cookie(value) ?? value };
  if (header.key === "refresh") return { name, value: rewriteRefresh(value, rewriter) };
  if (header.key !== "location") return { name, value };
  const changed = rewriter.location(value);
  if (changed !== null) return { name, value: changed, location: true };
  return { name, value };
}

function rewriteRefresh(value: string, rewriter: HeaderRewriter): string {
  const at = value.toLowerCase().indexOf("url=");
  if (at < 0) return value;
  const changed = rewriter.location(value.slice(at + 4));
  return changed === null ? value : value.slice(0, at + 4) + changed;
}

/** With proxy_pass_header Server or Date nginx writes none of its own, even when the upstream sent none. */
function replaceOwnHeaders(call: UpstreamCall, head: ResponseHead, out: HeadersOut): void {
  if (call.conf.module !== "proxy" || head.version === 9) return;
  if (!call.conf.hidden.has("server")) out.ownServer = true;
  if (!call.conf.hidden.has("date")) out.ownDate = true;
}

/** Character sets that a `charset` anywhere names; others nginx does not know. */
const namedCharsets = memoByIdentity((configuration: Configuration): ReadonlySet<string> => {
  const { http } = configuration;
  const levels = http === null ? [] : [http, ...http.servers, ...allLocations(http)];
  return new Set(levels.map((level) => valueAt(level, CHARSET).toLowerCase()));
});

function warnOfCharset(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  head: ResponseHead,
): void {
  const charset = headerValue(head, "x-accel-charset");
  if (charset === null || call.conf.ignored.has("x-accel-charset")) return;
  if (request.out.contentType === null) return;
  if (namedCharsets(request.configuration).has(charset.toLowerCase())) {
    request.out.charset = charset;
    return;
  }
  context.logError(request, "error", `unknown charset "${charset}" to override`);
}
