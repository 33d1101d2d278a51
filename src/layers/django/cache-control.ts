// Cache-Control and Expires. Source: django/utils/cache.py, 3.2.
import { type Django, dateAfter } from "./django.ts";
import { getHeader, type Response, setHeader } from "./http-response.ts";

type Directives = Map<string, string | true>;

function parseDirectives(text: string): Directives {
  const directives: Directives = new Map();
  for (const part of text.split(",")) {
    const item = part.trim();
    if (item === "") continue;
    const equals = item.indexOf("=");
    if (equals < 0) directives.set(item.toLowerCase(), true);
    else directives.set(item.slice(0, equals).toLowerCase(), item.slice(equals + 1));
  }
  return directives;
}

/** patch_cache_control(): adds directives; the smaller max-age stays; private and public exclude each other. */
export function patchCacheControl(
  response: Response,
  values: Readonly<Record<string, unknown>>,
): void {
  const directives = parseDirectives(getHeader(response, "Cache-Control") ?? "");
  const wanted = { ...values };
  const known = directives.get("max-age");
  if (known !== undefined && typeof wanted.max_age === "number")
    wanted.max_age = Math.min(Number(known), wanted.max_age);
  if (directives.has("private") && "public" in wanted) directives.delete("private");
  else if (directives.has("public") && "private" in wanted) directives.delete("public");
  for (const [name, value] of Object.entries(wanted))
    addDirective(directives, name.replaceAll("_", "-"), value);
  setHeader(
    response,
    "Cache-Control",
    [...directives].map(([name, value]) => (value === true ? name : `${name}=${value}`)).join(", "),
  );
}

function addDirective(directives: Directives, name: string, value: unknown): void {
  if (name === "no-cache" && directives.get("no-cache") === true) return;
  if (value === true) directives.set(name, true);
  else if (value !== false && value !== null) directives.set(name, String(value));
}

/** patch_response_headers(): Expires unless there is one, and max-age. */
export function patchResponseHeaders(django: Django, response: Response, seconds: number): void {
  const timeout = Math.max(seconds, 0);
  if (getHeader(response, "Expires") === null)
    setHeader(response, "Expires", dateAfter(django, timeout));
  patchCacheControl(response, { max_age: timeout });
}

export function neverCache(django: Django, response: Response): void {
  patchResponseHeaders(django, response, -1);
  patchCacheControl(response, {
    no_cache: true,
    no_store: true,
    must_revalidate: true,
    private: true,
  });
}

/** get_max_age(): the max-age of Cache-Control, or null. */
export function maxAge(response: Response): number | null {
  const value = parseDirectives(getHeader(response, "Cache-Control") ?? "").get("max-age");
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : null;
}
