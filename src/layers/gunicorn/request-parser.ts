// Gunicorn's reading of a request head: the request line, the header block, the framing of the body,
// each with its limits, in the order of the program's own checks.
// Source: gunicorn/http/message.py 20.1.0 with the hardening that Debian took over from 22.0
// (CVE-2024-1135): tokens for methods and names, exact versions, strict Transfer-Encoding.

import { memoByIdentity } from "../../kernel/memo.ts";
import { type ProxyProtocolInfo, readProxyLine } from "./proxy-protocol.ts";
import { type RequestError, requestError } from "./request-error.ts";
import { type Framing, readFraming } from "./request-framing.ts";
import { splitRequestUri } from "./request-uri.ts";

export interface ParserLimits {
  /** limit_request_line; 0 is no limit. */
  readonly lineBytes: number;
  readonly fields: number;
  /** limit_request_field_size; 0 is no limit. */
  readonly fieldBytes: number;
  readonly stripHeaderSpaces: boolean;
  readonly proxyProtocol: boolean;
  readonly proxyAllowIps: readonly string[];
  readonly secureSchemeHeaders: Readonly<Record<string, string>>;
  readonly tolerateDangerousFraming: boolean;
}

/** Who sends: the peer's address, or null on a unix socket. */
export interface Peer {
  readonly ip: string | null;
  /** Whether its scheme headers count (forwarded_allow_ips, or any unix socket). */
  readonly trusted: boolean;
  /** 1 for the first request of a connection. */
  readonly requestNumber: number;
}

export interface RequestHead {
  readonly method: string;
  /** As sent: RAW_URI. */
  readonly uri: string;
  readonly path: string;
  readonly query: string;
  readonly version: readonly [major: number, minor: number];
  /** Names in upper case, in the order sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly scheme: "http" | "https";
  /** The header that decided the scheme, if one did. */
  readonly schemeHeader: string | null;
  readonly framing: Framing;
  /** Its framing is ambiguous and was tolerated: the connection must end with the answer. */
  readonly mustClose: boolean;
  readonly proxy: ProxyProtocolInfo | null;
  /** The head's own bytes, up to the empty line. */
  readonly text: string;
}

export type ParseResult =
  | { readonly kind: "more" }
  | { readonly kind: "head"; readonly head: RequestHead; readonly consumed: number }
  | { readonly kind: "error"; readonly error: RequestError };

/** Source: message.py MAX_REQUEST_LINE, MAX_HEADERS, DEFAULT_MAX_HEADERFIELD_SIZE. */
const REQUEST_LINE_BYTES_MAX = 8190;
const FIELDS_MAX = 32768;
const FIELD_BYTES_DEFAULT = 8190;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-zA-Z]+$/;
const VERSION = /^HTTP\/(\d+)\.(\d+)$/;

/** The limits as the parser applies them: what is out of range becomes the largest value. */
export function effectiveLimits(limits: ParserLimits): ParserLimits {
  const { lineBytes, fields, fieldBytes } = limits;
  return Object.freeze({
    ...limits,
    lineBytes:
      lineBytes < 0 || lineBytes >= REQUEST_LINE_BYTES_MAX ? REQUEST_LINE_BYTES_MAX : lineBytes,
    fields: fields <= 0 || fields > FIELDS_MAX ? FIELDS_MAX : fields,
    fieldBytes: fieldBytes < 0 ? FIELD_BYTES_DEFAULT : fieldBytes,
  });
}

/** Reads a head from all bytes received so far (latin-1). Call again with more after `more`. */
export function parseRequestHead(data: string, limits: ParserLimits, peer: Peer): ParseResult {
  let line = readLine(data, 0, limits.lineBytes);
  if (line === null) return { kind: "more" };
  if ("error" in line) return { kind: "error", error: line.error };
  let proxy: ProxyProtocolInfo | null = null;
  if (limits.proxyProtocol && peer.requestNumber === 1 && line.text.startsWith("PROXY")) {
    const read = readProxyLine(line.text, limits.proxyAllowIps, peer.ip);
    if ("error" in read) return { kind: "error", error: read.error };
    proxy = read.info;
    line = readLine(data, line.end, limits.lineBytes);
    if (line === null) return { kind: "more" };
    if ("error" in line) return { kind: "error", error: line.error };
  }
  const requestLine = parseRequestLine(line.text);
  if ("error" in requestLine) return { kind: "error", error: requestLine.error };
  return parseRest(data, { start: line.end, requestLine, proxy, limits, peer });
}

function readLine(
  data: string,
  from: number,
  limit: number,
): { text: string; end: number } | { error: RequestError } | null {
  const end = data.indexOf("\r\n", from);
  const length = (end < 0 ? data.length : end) - from;
  const tooLong = limit > 0 && (end < 0 ? length - 2 : length) > limit;
  if (tooLong) return { error: requestError("LimitRequestLine", { size: length, limit }) };
  return end < 0 ? null : { text: data.slice(from, end), end: end + 2 };
}

interface RequestLine {
  readonly method: string;
  readonly uri: string;
  readonly path: string;
  readonly query: string;
  readonly version: readonly [number, number];
}

function parseRequestLine(line: string): RequestLine | { error: RequestError } {
  const first = line.indexOf(" ");
  const second = first < 0 ? -1 : line.indexOf(" ", first + 1);
  if (second < 0) return { error: requestError("InvalidRequestLine", { text: line }) };
  const method = line.slice(0, first);
  const uri = line.slice(first + 1, second);
  const versionText = line.slice(second + 1);
  if (!TOKEN.test(method)) return { error: requestError("InvalidRequestMethod", { text: method }) };
  // Source: Debian's parser: an empty target is left to the version check, which its spaces fail.
  const parts = splitRequestUri(uri);
  if (parts === null) return { error: requestError("InvalidRequestLine", { text: line }) };
  const version = VERSION.exec(versionText);
  if (version === null) return { error: requestError("InvalidHTTPVersion", { text: versionText }) };
  return {
    method: method.toUpperCase(),
    uri,
    ...parts,
    version: [Number(version[1]), Number(version[2])],
  };
}

interface Rest {
  readonly start: number;
  readonly requestLine: RequestLine;
  readonly proxy: ProxyProtocolInfo | null;
  readonly limits: ParserLimits;
  readonly peer: Peer;
}

function parseRest(data: string, rest: Rest): ParseResult {
  const { start, limits, peer, requestLine } = rest;
  const empty = data.startsWith("\r\n", start);
  const end = empty ? start : data.indexOf("\r\n\r\n", start);
  if (end < 0) {
    const bufferMax = limits.fields * ((limits.fieldBytes || FIELD_BYTES_DEFAULT) + 2) + 4;
    if (data.length - start <= bufferMax) return { kind: "more" };
    return {
      kind: "error",
      error: requestError("LimitRequestHeaders", { text: "max buffer headers" }),
    };
  }
  const consumed = end + (empty ? 2 : 4);
  const read = empty ? NO_HEADERS : parseHeaders(data.slice(start, end), limits, peer.trusted);
  if ("error" in read) return { kind: "error", error: read.error };
  const framing = readFraming(read.headers, requestLine.version, limits.tolerateDangerousFraming);
  if (typeof framing === "string" || "unsupported" in framing) {
    const logged = {
      method: requestLine.method,
      uri: requestLine.uri,
      query: requestLine.query,
      version: requestLine.version,
      headers: read.headers,
    };
    const error =
      typeof framing === "string"
        ? requestError("InvalidHeader", { text: framing, logged })
        : requestError("UnsupportedTransferCoding", { text: framing.unsupported });
    return { kind: "error", error };
  }
  // Written out, not spread: a crowd's heads then have one layout in memory.
  const head = Object.freeze({
    method: requestLine.method,
    uri: requestLine.uri,
    path: requestLine.path,
    query: requestLine.query,
    version: requestLine.version,
    headers: read.headers,
    scheme: read.scheme,
    schemeHeader: read.schemeHeader,
    framing: framing.framing,
    mustClose: framing.mustClose,
    proxy: rest.proxy,
    text: data.slice(0, consumed),
  });
  return { kind: "head", head, consumed };
}

interface Headers {
  readonly headers: readonly (readonly [string, string])[];
  readonly scheme: "http" | "https";
  readonly schemeHeader: string | null;
}

const NO_HEADERS: Headers = { headers: [], scheme: "http", schemeHeader: null };

function parseHeaders(
  block: string,
  limits: ParserLimits,
  trusted: boolean,
): Headers | { error: RequestError } {
  const lines = block.split("\r\n");
  const headers: (readonly [string, string])[] = [];
  for (let at = 0; at < lines.length; ) {
    if (headers.length >= limits.fields) return limited("limit request headers fields");
    const field = readField(lines, at, limits);
    if ("error" in field) return field;
    at = field.next;
    headers.push([field.name, field.value]);
  }
  const scheme = trusted ? schemeOf(headers, limits.secureSchemeHeaders) : NO_HEADERS;
  return "error" in scheme ? scheme : { ...scheme, headers };
}

/** What is wrong with the lines after a chunked body, or null. */
export function trailerError(
  block: string,
  limits: ParserLimits,
  trusted: boolean,
): RequestError | null {
  const read = parseHeaders(block, limits, trusted);
  return "error" in read ? read.error : null;
}

function limited(text: string): { error: RequestError } {
  return { error: requestError("LimitRequestHeaders", { text }) };
}

/** https when a secure scheme header has exactly its value; two that disagree are refused. */
function schemeOf(
  headers: Headers["headers"],
  secure: Readonly<Record<string, string>>,
): Headers | { error: RequestError } {
  let found: Headers = NO_HEADERS;
  for (const [name, value] of headers) {
    if (secure[name] === undefined) continue;
    const scheme = value === secure[name] ? "https" : "http";
    if (found.schemeHeader !== null && found.scheme !== scheme)
      return { error: requestError("InvalidSchemeHeaders", {}) };
    found = { headers, scheme, schemeHeader: found.schemeHeader ?? name };
  }
  return found;
}

type Field = { readonly name: string; readonly value: string; readonly next: number };

/** One header with its continuation lines; the size counts every line with its CRLF. */
function readField(
  lines: readonly string[],
  start: number,
  limits: ParserLimits,
): Field | { error: RequestError } {
  const line = lines[start];
  const colon = line.indexOf(":");
  if (colon <= 0) return { error: requestError("InvalidHeader", { text: line }) };
  const written = line.slice(0, colon);
  const name = (limits.stripHeaderSpaces ? written.replace(/[ \t]+$/, "") : written).toUpperCase();
  if (!TOKEN.test(name)) return { error: requestError("InvalidHeaderName", { text: name }) };
  const values = [line.slice(colon + 1).replace(/^[ \t]+/, "")];
  let size = line.length + 2;
  let next = start + 1;
  while (next < lines.length && /^[ \t]/.test(lines[next])) {
    size += lines[next].length + 2;
    values.push(lines[next].replace(/^[ \t]+|[ \t]+$/g, ""));
    next++;
  }
  if (limits.fieldBytes > 0 && size > limits.fieldBytes)
    return limited("limit request headers fields size");
  return { name, value: values.join(" "), next };
}

/** Whether the request itself asks for the connection to end. Source: Message.should_close. */
export const requestShouldClose = memoByIdentity((head: RequestHead): boolean => {
  if (head.mustClose) return true;
  const connection = head.headers
    .find(([name]) => name === "CONNECTION")?.[1]
    .toLowerCase()
    .trim();
  if (connection === "close") return true;
  if (connection === "keep-alive") return false;
  return head.version[0] < 1 || (head.version[0] === 1 && head.version[1] === 0);
});
