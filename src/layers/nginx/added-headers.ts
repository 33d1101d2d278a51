// expires, add_header and charset: headers that the configuration adds to responses.
// Source: ngx_http_headers_filter_module.c, ngx_http_charset_filter_module.c (1.22.1).
// Simplification: charset only names a character set, nothing is recoded.
import { parseHttpTime } from "./http-time.ts";
import {
  ADD_HEADER,
  type AddedHeader,
  CHARSET,
  CHARSET_TYPES,
  EXPIRES,
  type Expires,
  parseExpires,
} from "./location-directives.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { valueAt } from "./settings.ts";

const SAFE: ReadonlySet<number> = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);

/** Statuses that get expires and headers without `always`. */
export function isSafeToAdd(status: number): boolean {
  return SAFE.has(status);
}

/** Header filter: expires, then add_header in file order. */
export function addedHeadersFilter(context: NginxContext, request: NginxRequest): undefined {
  if (request.parent !== null) return;
  const isSafe = isSafeToAdd(request.out.status);
  if (isSafe) setExpires(context, request);
  for (const header of valueAt(request.location, ADD_HEADER)) {
    if (!isSafe && !header.always) continue;
    addHeader(request, header, context.evaluate(header.value, request));
  }
}

function addHeader(request: NginxRequest, { name }: AddedHeader, value: string): void {
  const { out } = request;
  const key = name.toLowerCase();
  if (key === "last-modified" || key === "etag") {
    if (key === "last-modified") out.lastModified = value === "" ? null : parseHttpTime(value);
    setHeader(request, name, value);
    return;
  }
  if (value !== "") out.list.push({ name, value });
}

/** Takes the place of a header that is there (ngx_http_set_response_header); an empty value removes it. */
function setHeader(request: NginxRequest, name: string, value: string): void {
  if (value !== "") replace(request, name, value);
  else {
    const key = name.toLowerCase();
    request.out.list = request.out.list.filter((header) => header.name.toLowerCase() !== key);
  }
}

function setExpires(context: NginxContext, request: NginxRequest): void {
  let expires: Expires = valueAt(request.location, EXPIRES);
  if (expires.kind === "variable" && expires.template !== null) {
    const read = parseExpires(context.evaluate(expires.template, request), false);
    if ("emerg" in read) return;
    expires = read;
  }
  if (expires.kind === "off") return;
  const { date, control } = expiry(context, request, expires);
  replace(request, "Expires", date);
  replace(request, "Cache-Control", control);
}

const DAY_SECONDS = 86_400;

function expiry(context: NginxContext, request: NginxRequest, expires: Expires) {
  const { clock } = context.host;
  const now = Math.floor(context.nowMs() / 1000);
  const { kind, seconds } = expires;
  if (kind === "epoch") return { date: "Thu, 01 Jan 1970 00:00:01 GMT", control: "no-cache" };
  if (kind === "max")
    return { date: "Thu, 31 Dec 2037 23:55:55 GMT", control: "max-age=315360000" };
  if (seconds === 0 && kind !== "daily") return { date: clock.httpDate(), control: "max-age=0" };
  let at = now + seconds;
  if (kind === "daily") {
    const today = now - (now % DAY_SECONDS) + seconds;
    at = today > now ? today : today + DAY_SECONDS;
  } else if (kind === "modified" && request.out.lastModified !== null)
    at = request.out.lastModified + seconds;
  const age = at - now;
  const control = seconds < 0 || age < 0 ? "no-cache" : `max-age=${age}`;
  return { date: clock.httpDate(at * 1000), control };
}

/** Sets a header; one that is there already keeps its place. */
function replace(request: NginxRequest, name: string, value: string): void {
  const { list } = request.out;
  const key = name.toLowerCase();
  const first = list.find((header) => header.name.toLowerCase() === key);
  if (first === undefined) {
    list.push({ name, value });
    return;
  }
  first.value = value;
  request.out.list = list.filter((header) => header === first || header.name.toLowerCase() !== key);
}

/** Header filter: `; charset=…` for types of text. */
export function charsetFilter(context: NginxContext, request: NginxRequest): undefined {
  const { out } = request;
  const charset = valueAt(request.location, CHARSET);
  if (charset === "off" || out.charset !== null || (out.contentType ?? "") === "") return;
  // A redirect gets none: Netscape 4 used it for the next page (ngx_http_set_charset).
  if (out.status === 301 || out.status === 302) return;
  if (out.list.some((header) => header.name.toLowerCase() === "content-encoding")) return;
  const types = valueAt(request.location, CHARSET_TYPES);
  if (!types.includes(out.contentType as string) && !types.includes("*")) return;
  const name = charset.startsWith("$") ? context.variable(charset.slice(1), request) : charset;
  if (name !== null && name !== "") out.charset = name;
}
