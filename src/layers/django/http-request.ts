// WSGIRequest: what Django makes of the environ, and the rules for host, scheme and path.
// Source: django/core/handlers/wsgi.py and django/http/request.py, 3.2.
import type { Chunk } from "../../host/network.ts";
import { memoByText } from "../../kernel/memo.ts";
import type { Environ } from "../application.ts";
import type { PyException } from "./python-values.ts";
import { reprText } from "./python-values.ts";
import { type Settings, setting } from "./settings.ts";
import { decodeUtf8, parseQuery, urlQuote } from "./url-encoding.ts";

export interface UploadedFile {
  readonly field: string;
  readonly name: string;
  readonly bytes: number;
}

export interface PostData {
  readonly fields: readonly (readonly [string, string])[];
  readonly files: readonly UploadedFile[];
  /** A field too long to hold: its name or value is filler. */
  readonly filler: { readonly name: string; readonly bytes: number } | null;
}

export interface HttpRequest {
  readonly environ: Environ;
  readonly method: string;
  readonly path: string;
  readonly pathInfo: string;
  readonly scriptName: string;
  readonly query: string;
  readonly contentType: string;
  readonly boundary: string | null;
  /** What a missing or empty boundary is called in the error: `None` or nothing. */
  readonly boundaryGiven: string;
  readonly contentLength: number;
  readonly cookies: ReadonlyMap<string, string>;
  /** The body once it has been read. */
  body: readonly Chunk[] | null;
  post: PostData | null;
  /** The body was parsed as it came, and cannot be read any more. */
  streamed?: boolean;
}

/** Makes the request; the exception of a server that gave no REQUEST_METHOD. */
export function makeRequest(settings: Settings, environ: Environ): HttpRequest | PyException {
  const head = requestHeadOf(settings, environ);
  return "message" in head ? head : requestOf(head, null, null);
}

/** The same, with fields of its own. */
export function copyOfRequest(http: HttpRequest): HttpRequest {
  // A body that was streamed is told by a field more, which most have not.
  return http.streamed === undefined ? requestOf(http, http.body, http.post) : { ...http };
}

/** Written out, for the reason in call-copies.ts. */
function requestOf(
  head: HttpRequestHead,
  body: HttpRequest["body"],
  post: HttpRequest["post"],
): HttpRequest {
  return {
    environ: head.environ,
    method: head.method,
    path: head.path,
    pathInfo: head.pathInfo,
    scriptName: head.scriptName,
    query: head.query,
    contentType: head.contentType,
    boundary: head.boundary,
    boundaryGiven: head.boundaryGiven,
    contentLength: head.contentLength,
    cookies: head.cookies,
    body,
    post,
  };
}

type HttpRequestHead = Omit<HttpRequest, "body" | "post">;

/** What has been made of environs, with the one setting that it depends on. */
const known = new WeakMap<
  Environ,
  { readonly forced: string | null; readonly head: HttpRequestHead | PyException }
>();

function requestHeadOf(settings: Settings, environ: Environ): HttpRequestHead | PyException {
  const forced = setting<string | null>(settings, "FORCE_SCRIPT_NAME");
  const before = known.get(environ);
  if (before !== undefined && before.forced === forced) return before.head;
  const head = readEnviron(forced, environ);
  known.set(environ, { forced, head });
  return head;
}

function readEnviron(forced: string | null, environ: Environ): HttpRequestHead | PyException {
  const scriptName = forced ?? pathText(environ.get("SCRIPT_NAME") ?? "");
  const pathInfo = pathText(environ.get("PATH_INFO") || "/") || "/";
  const method = environ.get("REQUEST_METHOD");
  if (method === undefined) return { name: "KeyError", message: "'REQUEST_METHOD'" };
  const type = environ.get("CONTENT_TYPE") ?? "";
  const length = Number.parseInt(environ.get("CONTENT_LENGTH") ?? "", 10);
  return {
    environ,
    method: method.toUpperCase(),
    path: `${scriptName.replace(/\/+$/, "")}/${pathInfo.replace("/", "")}`,
    pathInfo,
    scriptName,
    query: environ.get("QUERY_STRING") ?? "",
    contentType: type.split(";")[0].trim().toLowerCase(),
    boundaryGiven: /;\s*boundary\s*=/i.test(type) ? "" : "None",
    boundary:
      /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]+))/i
        .exec(type)
        ?.slice(1)
        .find((text) => text !== undefined) ?? null,
    contentLength: Number.isFinite(length) && length > 0 ? length : 0,
    cookies: parseCookies(environ.get("HTTP_COOKIE") ?? ""),
  };
}

/** Path bytes as text; bytes that are no UTF-8 stay percent-encoded. Source: repercent_broken_unicode. */
function pathText(bytes: string): string {
  const strict = decodeUtf8(bytes, true);
  if (strict !== null) return strict;
  const broken = (decodeUtf8(bytes) as string).indexOf("\ufffd");
  return broken < 0 ? bytes : repercent(bytes);
}

function repercent(bytes: string): string {
  let rest = bytes;
  let out = "";
  while (rest !== "") {
    let end = rest.length;
    while (end > 0 && decodeUtf8(rest.slice(0, end), true) === null) end--;
    out += decodeUtf8(rest.slice(0, end), true) ?? "";
    if (end < rest.length)
      out += `%${rest.charCodeAt(end).toString(16).toUpperCase().padStart(2, "0")}`;
    rest = rest.slice(end + 1);
  }
  return out;
}

function parseCookies(header: string): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const part of header.split(";")) {
    const equals = part.indexOf("=");
    const name = equals < 0 ? "" : part.slice(0, equals).trim();
    const value = part.slice(equals + 1).trim();
    if (name !== "" || value !== "") cookies.set(name, unquoteCookie(value));
  }
  return cookies;
}

function unquoteCookie(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value
    .slice(1, -1)
    .replace(/\\([0-3][0-7][0-7]|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : code,
    );
}

export function meta(request: HttpRequest, name: string): string | null {
  return request.environ.get(name) ?? null;
}

export function queryFields(request: HttpRequest): readonly (readonly [string, string])[] {
  return parseQuery(request.query);
}

/** `https` or `http`: from the header that SECURE_PROXY_SSL_HEADER trusts, else from the server. */
export function schemeOf(settings: Settings, request: HttpRequest): string {
  const trusted = setting<readonly string[] | null>(settings, "SECURE_PROXY_SSL_HEADER");
  if (trusted !== null) {
    const value = meta(request, trusted[0]);
    if (value !== null) return value === trusted[1] ? "https" : "http";
  }
  return meta(request, "wsgi.url_scheme") ?? "http";
}

export function isSecure(settings: Settings, request: HttpRequest): boolean {
  return schemeOf(settings, request) === "https";
}

export function portOf(settings: Settings, request: HttpRequest): string {
  const forwarded = setting<boolean>(settings, "USE_X_FORWARDED_PORT")
    ? meta(request, "HTTP_X_FORWARDED_PORT")
    : null;
  return forwarded ?? meta(request, "SERVER_PORT") ?? "";
}

export function rawHost(settings: Settings, request: HttpRequest): string {
  const forwarded = setting<boolean>(settings, "USE_X_FORWARDED_HOST")
    ? meta(request, "HTTP_X_FORWARDED_HOST")
    : null;
  const host = forwarded ?? meta(request, "HTTP_HOST");
  if (host !== null) return host;
  const port = portOf(settings, request);
  const usual = isSecure(settings, request) ? "443" : "80";
  const name = meta(request, "SERVER_NAME") ?? "";
  return port === usual ? name : `${name}:${port}`;
}

/** Hosts that DEBUG allows when ALLOWED_HOSTS is empty. */
export const DEBUG_HOSTS = [".localhost", "127.0.0.1", "[::1]"] as const;

export function allowedPatterns(settings: Settings): readonly string[] {
  if (settings.debug && settings.allowedHosts.length === 0) return DEBUG_HOSTS;
  return settings.allowedHosts.map((entry) => entry.path);
}

/** get_host(): the host, or DisallowedHost. */
export function getHost(settings: Settings, request: HttpRequest): string | PyException {
  const host = rawHost(settings, request);
  const domain = domainOf(host);
  if (domain !== "" && allowedPatterns(settings).some((pattern) => hostMatches(domain, pattern)))
    return host;
  const message = `Invalid HTTP_HOST header: ${reprText(host)}.`;
  const advice =
    domain === ""
      ? "The domain name provided is not valid according to RFC 1034/1035."
      : `You may need to add ${reprText(domain)} to ALLOWED_HOSTS.`;
  return { name: "DisallowedHost", message: `${message} ${advice}` };
}

/** The host without port and final dot, lower-cased; "" when it is no valid host. Source: split_domain_port. */
export const domainOf = memoByText((host: string): string => {
  const lower = host.toLowerCase();
  if (!/^([a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(:\d+)?$/.test(lower)) return "";
  if (lower.endsWith("]")) return lower;
  const domain = lower.replace(/:\d*$/, "");
  return domain.endsWith(".") ? domain.slice(0, -1) : domain;
});

/** Source: django/utils/http.py, is_same_domain. */
export function hostMatches(host: string, pattern: string): boolean {
  if (pattern === "*") return true;
  const wanted = pattern.toLowerCase();
  if (wanted === "") return false;
  return wanted.startsWith(".")
    ? host.endsWith(wanted) || host === wanted.slice(1) || host === wanted
    : host === wanted;
}

/** url_has_allowed_host_and_scheme(): whether a URL of the client's leads to this host only. */
export function isSafeUrl(settings: Settings, http: HttpRequest, url: string): boolean {
  const trimmed = url.trim();
  if (trimmed === "") return false;
  // Chrome takes a backslash for a slash.
  return [trimmed, trimmed.replaceAll("\\", "/")].every((read) => staysHere(settings, http, read));
}

function staysHere(settings: Settings, http: HttpRequest, url: string): boolean {
  const [, written = "", host = ""] = /^(?:([\w.+-]+):)?(?:\/\/([^/?#]*))?/.exec(url) ?? [];
  const isBroken = host.includes("[") !== host.includes("]");
  if (url.startsWith("///") || isBroken || /^\p{C}/u.test(url)) return false;
  if (host === "") return written === "";
  const scheme = written === "" ? "http" : written.toLowerCase();
  const isOurs = host === getHost(settings, http);
  return isOurs && (scheme === "https" || (scheme === "http" && !isSecure(settings, http)));
}

/** escape_uri_path(). */
export function escapePath(path: string): string {
  return urlQuote(path, "/:@&+$,-_.!~*'()");
}

export function fullPath(
  request: HttpRequest,
  options: { readonly forceSlash?: boolean } = {},
): string {
  const slash = options.forceSlash === true && !request.path.endsWith("/") ? "/" : "";
  const query = request.query === "" ? "" : `?${urlQuote(request.query, "/#%[]=:;$&()+,!?*@'~")}`;
  return escapePath(request.path) + slash + query;
}

/** build_absolute_uri() of the request itself. */
export function absoluteUri(settings: Settings, request: HttpRequest): string | PyException {
  const host = getHost(settings, request);
  if (typeof host !== "string") return host;
  const path = fullPath(request);
  return `${schemeOf(settings, request)}://${host}${/\/\.\.?\//.test(path) ? withoutDots(path) : path}`;
}

/** urljoin() takes `.` and `..` out of the path. */
function withoutDots(path: string): string {
  const cut = path.indexOf("?");
  const query = cut < 0 ? "" : path.slice(cut);
  const out: string[] = [];
  for (const part of (cut < 0 ? path : path.slice(0, cut)).split("/")) {
    if (part === "..") {
      if (out.length > 1) out.pop();
    } else if (part !== ".") out.push(part);
  }
  return out.join("/") + query;
}
