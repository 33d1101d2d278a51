// The bare client's cookie jars, by name, and what they fill into a request: the Cookie header,
// {{csrf}} (the token of the last page of that jar that had a form with one) and {{cookie:NAME}}.
// Like the client of the recordings, a jar stores Secure cookies from plain http too, and sends them
// over https only.
import type { BareUrl, Fillings } from "./bare-request.ts";
import { type Cookie, cookieHeader, cookiesFor, parseSetCookie, storeCookie } from "./cookies.ts";
import type { HeaderList } from "./response-reader.ts";

export interface CookieJar {
  readonly cookies: Cookie[];
  csrfToken: string | null;
}

export function newJar(): CookieJar {
  return { cookies: [], csrfToken: null };
}

/** What a jar gives to a request to this URL. */
export function fillingsOf(jar: CookieJar, url: BareUrl, nowMs: number): Fillings {
  const cookies = cookiesFor(jar.cookies, cookieUrl(url), nowMs);
  return {
    cookie: cookieHeader(cookies),
    fill: (text) =>
      text
        .replace(/\{\{csrf\}\}/g, (mark) => jar.csrfToken ?? mark)
        .replace(/\{\{cookie:([^}]*)\}\}/g, (mark, name: string) => {
          return jar.cookies.find((cookie) => cookie.name === name)?.value ?? mark;
        }),
  };
}

/** Takes the cookies of a response and the token of its page. */
export function keepFromResponse(jar: CookieJar, url: BareUrl, response: JarResponse): void {
  for (const [name, value] of response.headers) {
    if (name !== "set-cookie") continue;
    const cookie = parseSetCookie(value, cookieUrl(url), response.nowMs);
    if (cookie !== null) storeCookie(jar.cookies, cookie, response.nowMs);
  }
  jar.csrfToken = csrfTokenOf(response.body) ?? jar.csrfToken;
}

export interface JarResponse {
  readonly headers: HeaderList;
  readonly body: string;
  readonly nowMs: number;
}

/** The value of the first hidden input that Django's csrf_token tag made, or null. */
export function csrfTokenOf(html: string): string | null {
  const input = /<input[^>]*name=["']csrfmiddlewaretoken["'][^>]*>/i.exec(html)?.[0] ?? "";
  return /value=["']([^"']*)["']/i.exec(input)?.[1] ?? null;
}

function cookieUrl(url: BareUrl): { scheme: string; host: string; path: string } {
  return { scheme: url.scheme, host: url.host.toLowerCase(), path: url.target };
}
