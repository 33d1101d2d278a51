// Cookies as a client keeps them (RFC 6265bis): reading Set-Cookie, storing by name, domain and path,
// and choosing what goes with a request. Left out: the public suffix list, partitions and limits on
// the number of cookies.

export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: "Strict" | "Lax" | "None" | null;
  /** Milliseconds since 1970; null for a session cookie. */
  readonly expiresMs: number | null;
  /** When it was first stored; an update keeps it. */
  readonly createdMs: number;
}

export interface CookieUrl {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
}

/** Reads one Set-Cookie value; null when it must be ignored (RFC 6265bis section 5.6). */
export function parseSetCookie(text: string, url: CookieUrl, nowMs: number): Cookie | null {
  const [pair, ...attributes] = text.split(";");
  const equals = pair.indexOf("=");
  const name = (equals < 0 ? "" : pair.slice(0, equals)).trim();
  const value = pair.slice(equals + 1).trim();
  if (name === "" && value === "") return null;
  const found = readAttributes(attributes);
  const domain = (found.get("domain") ?? "").replace(/^\./, "").toLowerCase();
  if (domain !== "" && !domainMatches(url.host, domain)) return null;
  const path = found.get("path") ?? "";
  return Object.freeze({
    name,
    value,
    domain: domain === "" ? url.host : domain,
    hostOnly: domain === "",
    path: path.startsWith("/") ? path : defaultPath(url.path),
    secure: found.has("secure"),
    httpOnly: found.has("httponly"),
    sameSite: sameSiteOf(found.get("samesite")),
    expiresMs: expiryOf(found, nowMs),
    createdMs: nowMs,
  });
}

function readAttributes(attributes: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const attribute of attributes) {
    const equals = attribute.indexOf("=");
    const key = (equals < 0 ? attribute : attribute.slice(0, equals)).trim().toLowerCase();
    found.set(key, equals < 0 ? "" : attribute.slice(equals + 1).trim());
  }
  return found;
}

function sameSiteOf(text: string | undefined): Cookie["sameSite"] {
  const wanted = text?.toLowerCase();
  return wanted === "strict"
    ? "Strict"
    : wanted === "lax"
      ? "Lax"
      : wanted === "none"
        ? "None"
        : null;
}

/** Max-Age beats Expires; more than 400 days become 400 (RFC 6265bis section 5.5). */
function expiryOf(attributes: ReadonlyMap<string, string>, nowMs: number): number | null {
  const cap = nowMs + 400 * 86_400_000;
  const maxAge = attributes.get("max-age");
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) {
    const seconds = Number(maxAge);
    return seconds <= 0 ? 0 : Math.min(cap, nowMs + seconds * 1000);
  }
  const expires = parseHttpDate(attributes.get("expires") ?? "");
  return expires === null ? null : Math.min(cap, expires);
}

const MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

/** `Thu, 01 Jan 1970 00:00:00 GMT` as milliseconds since 1970, or null. */
export function parseHttpDate(text: string): number | null {
  const found = /(\d{1,2})[ -]([A-Za-z]{3})[ -](\d{4}) (\d{2}):(\d{2}):(\d{2})/.exec(text);
  if (found === null) return null;
  const month = MONTHS.indexOf(found[2].toLowerCase()) / 3;
  if (!Number.isInteger(month) || month < 0) return null;
  const days = daysSince1970(Number(found[3]), month, Number(found[1]));
  return (((days * 24 + Number(found[4])) * 60 + Number(found[5])) * 60 + Number(found[6])) * 1000;
}

/** The civil calendar's day number (proleptic Gregorian); months count from 0. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month < 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 10) % 12) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The directory of the request's path (RFC 6265bis section 5.1.4). */
function defaultPath(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, end);
}

export function domainMatches(host: string, domain: string): boolean {
  if (host === domain) return true;
  return host.endsWith(`.${domain}`) && !/^[\d.]+$/.test(host);
}

function pathMatches(path: string, cookiePath: string): boolean {
  if (path === cookiePath) return true;
  if (!path.startsWith(cookiePath)) return false;
  return cookiePath.endsWith("/") || path.charAt(cookiePath.length) === "/";
}

/** Stores a cookie: it replaces the one of the same name, domain and path, or removes it when expired. */
export function storeCookie(cookies: Cookie[], cookie: Cookie, nowMs: number): void {
  const at = cookies.findIndex((other) => isSameCookie(other, cookie));
  const expired = cookie.expiresMs !== null && cookie.expiresMs <= nowMs;
  if (at >= 0 && expired) cookies.splice(at, 1);
  else if (at >= 0) cookies[at] = Object.freeze({ ...cookie, createdMs: cookies[at].createdMs });
  else if (!expired) cookies.push(cookie);
}

function isSameCookie(a: Cookie, b: Cookie): boolean {
  return (
    a.name === b.name && a.domain === b.domain && a.path === b.path && a.hostOnly === b.hostOnly
  );
}

/** The cookies for a URL: longer paths first, then in the order they were first stored. */
export function cookiesFor(
  cookies: readonly Cookie[],
  url: CookieUrl,
  nowMs: number,
): readonly Cookie[] {
  const path = url.path.split("?", 1)[0];
  const fitting = cookies.filter(
    (cookie) =>
      (cookie.hostOnly ? url.host === cookie.domain : domainMatches(url.host, cookie.domain)) &&
      pathMatches(path, cookie.path) &&
      (!cookie.secure || url.scheme === "https") &&
      (cookie.expiresMs === null || cookie.expiresMs > nowMs),
  );
  return fitting
    .map((cookie, order) => ({ cookie, order }))
    .sort((a, b) => b.cookie.path.length - a.cookie.path.length || a.order - b.order)
    .map(({ cookie }) => cookie);
}

/** The value of the Cookie header, or null when there is nothing to send. */
export function cookieHeader(cookies: readonly Cookie[]): string | null {
  if (cookies.length === 0) return null;
  return cookies.map(({ name, value }) => (name === "" ? value : `${name}=${value}`)).join("; ");
}
