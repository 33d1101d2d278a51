// URLs as a browser reads them (WHATWG URL standard, by the standard's own class), and what a typed
// text stands for.

export interface BrowserUrl {
  readonly href: string;
  readonly scheme: "http" | "https";
  /** Lower case, without port. */
  readonly host: string;
  readonly port: number;
  /** The value of Host: without a default port. */
  readonly authority: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** `https://www.example.com` */
  readonly origin: string;
  /** With `#`, or empty. */
  readonly fragment: string;
}

/** Reads a URL, relative to another when given; null when it is not http or https. */
export function readUrl(text: string, base?: string): BrowserUrl | null {
  const url = URL.canParse(text, base) ? new URL(text, base) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return null;
  const scheme = url.protocol === "https:" ? "https" : "http";
  return Object.freeze({
    href: url.href,
    scheme,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port),
    authority: url.host,
    target: url.pathname + url.search,
    origin: url.origin,
    fragment: url.hash,
  });
}

export interface Typed {
  readonly url: BrowserUrl;
  /** No scheme was typed, so https was taken by itself and http is the way back. */
  readonly assumedHttps: boolean;
}

/** What a text in the address bar stands for; null when it is a search or no web address. */
export function readTyped(text: string): Typed | null {
  const trimmed = text.trim();
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    const url = readUrl(trimmed);
    return url === null ? null : { url, assumedHttps: false };
  }
  const host = trimmed.split(/[/?#]/, 1)[0];
  const isAddress = /\./.test(host) || /^localhost(:\d+)?$/i.test(host);
  if (!isAddress || /\s/.test(host)) return null;
  const plain = readUrl(`http://${trimmed}`);
  if (plain === null) return null;
  if (!canBeUpgraded(plain)) return { url: plain, assumedHttps: false };
  const secure = readUrl(`https://${trimmed}`);
  return secure === null ? null : { url: secure, assumedHttps: true };
}

/** Upgrades to https leave alone addresses, localhost and names without a dot. */
export function canBeUpgraded(url: BrowserUrl): boolean {
  const { host } = url;
  return (
    !/^[\d.]+$/.test(host) &&
    !host.includes(":") &&
    host.includes(".") &&
    !host.endsWith(".localhost")
  );
}

/** The same URL over another scheme: port 80 becomes 443 and back, other ports stay. */
export function withScheme(url: BrowserUrl, scheme: "http" | "https"): BrowserUrl {
  const changed = url.href.replace(/^https?:/, `${scheme}:`);
  return readUrl(changed) ?? url;
}

/** The registrable domain. Simplification: the last two labels, without the public suffix list. */
export function siteOf(url: BrowserUrl): string {
  if (/^[\d.]+$/.test(url.host)) return `${url.scheme}://${url.host}`;
  return `${url.scheme}://${url.host.split(".").slice(-2).join(".")}`;
}

export type SiteRelation = "none" | "same-origin" | "same-site" | "cross-site";

/** How a URL relates to the page that asks for it: the value of Sec-Fetch-Site. */
export function relationOf(from: BrowserUrl | null, to: BrowserUrl): SiteRelation {
  if (from === null) return "none";
  if (from.origin === to.origin) return "same-origin";
  return siteOf(from) === siteOf(to) ? "same-site" : "cross-site";
}

/** The Referer for a request, or null (W3C Referrer Policy). */
export function refererFor(from: BrowserUrl | null, to: BrowserUrl, policy: string): string | null {
  if (from === null || policy === "no-referrer") return null;
  const full = from.href.replace(/#.*$/, "");
  const sameOrigin = from.origin === to.origin;
  const downgrade = from.scheme === "https" && to.scheme === "http";
  if (policy === "unsafe-url") return full;
  if (policy === "same-origin") return sameOrigin ? full : null;
  if (downgrade && policy !== "origin" && policy !== "origin-when-cross-origin") return null;
  if (policy === "origin" || policy === "strict-origin") return `${from.origin}/`;
  if (policy === "no-referrer-when-downgrade") return full;
  return sameOrigin ? full : `${from.origin}/`;
}
