// The headers that Chromium sends, in its order (recorded with Chromium 156, browser.md section 8).

import type { HeaderField } from "../../wire/hpack-table.ts";
import type { HeaderFields } from "../http2-session.ts";
import type { BrowserUrl, SiteRelation } from "./browser-url.ts";
import { type Cookie, cookieHeader } from "./cookies.ts";
import { fieldsOf, priorityHeader, type Urgency } from "./http2-client.ts";

export type FetchKind = "document" | "style" | "script" | "image" | "favicon";
/** How it came to be https, which moves the headers that only https has. */
export type Upgrade = "none" | "HttpsUpgrades" | "redirect";

export interface ChromiumRequest {
  readonly kind: FetchKind;
  readonly method: string;
  readonly url: BrowserUrl;
  readonly relation: SiteRelation;
  readonly userActivated: boolean;
  readonly upgrade: Upgrade;
  readonly referer: string | null;
  readonly cookies: readonly Cookie[];
  /** A form's body, with its type. */
  readonly body: string | null;
  readonly reload: "none" | "max-age=0" | "no-cache";
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Origin of the page that posts. */
  readonly origin: string | null;
}

const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const BRANDS = '"Not:A-Brand";v="8", "Chromium";v="156"';
const IMAGE_TYPES = "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
const ACCEPT: Readonly<Record<FetchKind, string>> = {
  document:
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8," +
    "application/signed-exchange;v=b3;q=0.7",
  style: "text/css,*/*;q=0.1",
  script: "*/*",
  image: IMAGE_TYPES,
  favicon: IMAGE_TYPES,
};
const DESTINATION: Readonly<Record<FetchKind, string>> = {
  document: "document",
  style: "style",
  script: "script",
  image: "image",
  favicon: "image",
};

type Header = readonly [name: string, value: string];

function headersOf(request: ChromiumRequest): readonly Header[] {
  return request.kind === "document" ? documentHeaders(request) : subresourceHeaders(request);
}

/** The same request as fields of HTTP/2: pseudo-headers, the body's length, the rest, the priority. */
export function composeFields(request: ChromiumRequest, urgency: Urgency): HeaderFields {
  const { method, url } = request;
  const fields = fieldsOf(headersOf(request));
  const isLength = ([name]: HeaderField) => name === "content-length";
  return [
    [":method", method],
    [":authority", url.authority],
    [":scheme", url.scheme],
    [":path", url.target],
    ...fields.filter(isLength),
    ...fields.filter((field) => !isLength(field)),
    priorityHeader(urgency),
  ];
}

/** The request's head: request line, headers in order, empty line. */
export function composeHead(request: ChromiumRequest): string {
  const { method, url } = request;
  const headers = headersOf(request);
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${url.target} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n`;
}

function documentHeaders(request: ChromiumRequest): readonly Header[] {
  const isSecure = hasSecureHeaders(request.url);
  const isMoved = isSecure && request.upgrade !== "none";
  const clientHints = isSecure ? hints() : [];
  const fetchHeaders = isSecure ? fetchMetadata(request) : [];
  const afterAccept = !isMoved
    ? fetchHeaders
    : request.upgrade === "HttpsUpgrades"
      ? [...clientHints, ...fetchHeaders]
      : [...fetchHeaders, ...clientHints];
  return [
    ["Host", request.url.authority],
    ["Connection", "keep-alive"],
    ...when("Content-Length", request.body === null ? null : String(request.body.length)),
    ...cacheControl(request),
    ...(isMoved ? [] : clientHints),
    ["Upgrade-Insecure-Requests", "1"],
    ...when("Content-Type", request.body === null ? null : "application/x-www-form-urlencoded"),
    ["User-Agent", USER_AGENT],
    ...when("Origin", request.origin),
    ["Accept", ACCEPT.document],
    ...afterAccept,
    ...when("Referer", request.referer),
    ...commonEnd(request),
    ...conditionals(request),
  ];
}

function subresourceHeaders(request: ChromiumRequest): readonly Header[] {
  const isSecure = hasSecureHeaders(request.url);
  const [brands, mobile, platform] = hints();
  return [
    ["Host", request.url.authority],
    ["Connection", "keep-alive"],
    ...cacheControl(request),
    ...(isSecure ? [platform] : []),
    ["User-Agent", USER_AGENT],
    ...(isSecure ? [brands, mobile] : []),
    ["Accept", ACCEPT[request.kind]],
    ...conditionals(request),
    ...(isSecure ? fetchMetadata(request) : []),
    ...when("Referer", request.referer),
    ...commonEnd(request),
  ];
}

/** https and localhost: what browsers call a trustworthy origin. */
function hasSecureHeaders(url: BrowserUrl): boolean {
  return url.scheme === "https" || url.host === "localhost" || url.host === "127.0.0.1";
}

function hints(): readonly [Header, Header, Header] {
  return [
    ["sec-ch-ua", BRANDS],
    ["sec-ch-ua-mobile", "?0"],
    ["sec-ch-ua-platform", '"Linux"'],
  ];
}

function fetchMetadata(request: ChromiumRequest): readonly Header[] {
  const isDocument = request.kind === "document";
  return [
    ["Sec-Fetch-Site", request.relation],
    ["Sec-Fetch-Mode", isDocument ? "navigate" : "no-cors"],
    ...(isDocument && request.userActivated ? [["Sec-Fetch-User", "?1"] as const] : []),
    ["Sec-Fetch-Dest", DESTINATION[request.kind]],
  ];
}

function cacheControl({ reload }: ChromiumRequest): readonly Header[] {
  if (reload === "none") return [];
  if (reload === "max-age=0") return [["Cache-Control", "max-age=0"]];
  return [
    ["Pragma", "no-cache"],
    ["Cache-Control", "no-cache"],
  ];
}

function conditionals({ etag, lastModified }: ChromiumRequest): readonly Header[] {
  return [...when("If-None-Match", etag), ...when("If-Modified-Since", lastModified)];
}

function commonEnd(request: ChromiumRequest): readonly Header[] {
  const encodings = request.url.scheme === "https" ? "gzip, deflate, br, zstd" : "gzip, deflate";
  return [
    ["Accept-Encoding", encodings],
    ["Accept-Language", "en-US,en;q=0.9"],
    ...when("Cookie", cookieHeader(request.cookies)),
  ];
}

function when(name: string, value: string | null): readonly Header[] {
  return value === null ? [] : [[name, value]];
}

/** A form's fields as application/x-www-form-urlencoded (WHATWG URL, section 5.2). */
export function encodeForm(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}
