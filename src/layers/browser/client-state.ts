// What Chromium keeps of its answers beside the cache: cookies, with their rules of who may set and get
// them (RFC 6265bis), and hosts that must be asked over https only (HSTS, RFC 6797).
import { type BrowserUrl, relationOf } from "./browser-url.ts";
import { type BrowserContext, browserWorld, type Fetch, type Visit } from "./context.ts";
import { type Cookie, cookiesFor, parseSetCookie, storeCookie } from "./cookies.ts";
import { headerOf, type ResponseHead } from "./response-reader.ts";

function cookieUrl(url: BrowserUrl) {
  return { scheme: url.scheme, host: url.host, path: url.target };
}

/** Stores the cookies of an answer that Chromium takes. */
export function keepCookies(context: BrowserContext, fetch: Fetch, head: ResponseHead): void {
  const { cookies } = browserWorld(context);
  const nowMs = context.host.clock.nowMs();
  for (const [name, value] of head.headers) {
    if (name !== "set-cookie") continue;
    const cookie = parseSetCookie(value, cookieUrl(fetch.url), nowMs);
    if (cookie !== null && isAccepted(cookie, fetch.url)) storeCookie(cookies, cookie, nowMs);
  }
}

/** Source: RFC 6265bis section 5.7, as browser.md section 6 lists it. */
function isAccepted(cookie: Cookie, url: BrowserUrl): boolean {
  const isSecure = url.scheme === "https" || url.host === "localhost";
  if (cookie.secure && !isSecure) return false;
  if (cookie.name.startsWith("__Secure-") && !cookie.secure) return false;
  if (cookie.name.startsWith("__Host-"))
    return cookie.secure && cookie.path === "/" && cookie.hostOnly;
  if (cookie.sameSite === "None" && !cookie.secure) return false;
  return cookie.name.length + cookie.value.length <= 4096;
}

/** How long a cookie without SameSite may go with a cross-site POST. Source: Chromium, Lax+POST. */
const LAX_POST_MS = 120_000;

/** The cookies that go with a request (RFC 6265bis section 5.8.3). */
export function cookiesForFetch(
  context: BrowserContext,
  fetch: Fetch,
  visit: Visit | undefined,
): readonly Cookie[] {
  const nowMs = context.host.clock.nowMs();
  const fitting = cookiesFor(browserWorld(context).cookies, cookieUrl(fetch.url), nowMs);
  const isNavigation = fetch.kind === "document";
  const relation = isNavigation ? visit?.relation : relationOf(visit?.url ?? null, fetch.url);
  if (relation !== "cross-site") return fitting;
  return fitting.filter((cookie) => {
    if (cookie.sameSite === "None") return true;
    if (!isNavigation || cookie.sameSite === "Strict") return false;
    if (fetch.method === "GET" || fetch.method === "HEAD") return true;
    return cookie.sameSite === null && nowMs - cookie.createdMs < LAX_POST_MS;
  });
}

/** Takes Strict-Transport-Security from https answers. */
export function keepHsts(context: BrowserContext, fetch: Fetch, head: ResponseHead): void {
  const value = headerOf(head, "strict-transport-security");
  const isAddress = /^[\d.]+$/.test(fetch.url.host);
  if (value === null || fetch.url.scheme !== "https" || isAddress) return;
  const maxAge = /max-age\s*=\s*"?(\d+)/i.exec(value)?.[1];
  if (maxAge === undefined) return;
  const { hsts } = browserWorld(context);
  const untilMs = context.host.clock.nowMs() + Number(maxAge) * 1000;
  if (Number(maxAge) === 0) hsts.delete(fetch.url.host);
  else
    hsts.set(
      fetch.url.host,
      Object.freeze({ untilMs, subdomains: /includeSubDomains/i.test(value) }),
    );
}

/** The host whose policy demands https for this one, or null. */
export function hstsHostFor(context: BrowserContext, host: string): string | null {
  const { hsts } = browserWorld(context);
  const nowMs = context.host.clock.nowMs();
  const labels = host.split(".");
  for (let first = 0; first < labels.length; first++) {
    const name = labels.slice(first).join(".");
    const policy = hsts.get(name);
    const applies = policy !== undefined && (first === 0 || policy.subdomains);
    if (applies && policy.untilMs > nowMs) return name;
  }
  return null;
}
