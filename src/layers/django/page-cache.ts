// The page cache: UpdateCacheMiddleware, FetchFromCacheMiddleware and cache_page.
// Source: django/middleware/cache.py and django/utils/cache.py, 3.2 as Debian ships it.
import { fromSeconds } from "../../kernel/time.ts";
import { maxAge, patchResponseHeaders } from "./cache-control.ts";
import { appOf, type Django, settingsOf, worldOf } from "./django.ts";
import { absoluteUri, type HttpRequest, meta } from "./http-request.ts";
import { getHeader, hasVary, isStreaming, type Response } from "./http-response.ts";
import { type Run, raiseException } from "./run.ts";
import { setting } from "./settings.ts";
import { languageOf } from "./url-state.ts";

/** A stored page, or (under its URL alone) the headers that its key depends on. */
export interface CachedResponse {
  readonly expiresAt: number;
  readonly headers: readonly string[];
  readonly response: Response | null;
}

type Store = Map<string, CachedResponse>;

/** LocMemCache is each process's own; the other backends are shared. Simplification: looking into a cache costs no time. */
function storeOf(django: Django, run: Run): Store | null {
  const settings = settingsOf(django, run);
  const alias = setting<string>(settings, "CACHE_MIDDLEWARE_ALIAS");
  const backend = String(
    settings.caches[alias]?.BACKEND ?? "django.core.cache.backends.locmem.LocMemCache",
  );
  if (backend.endsWith(".DummyCache")) return null;
  return backend.endsWith(".LocMemCache") ? appOf(django, run).cache : worldOf(django).sharedCache;
}

function lookUp(django: Django, store: Store, key: string): CachedResponse | null {
  const entry = store.get(key);
  if (entry === undefined) return null;
  if (entry.expiresAt > django.sim.now) return entry;
  store.delete(key);
  return null;
}

/** Keys: the method (HEAD is stored as GET), the absolute URL, the language; null when the host is not allowed. */
function urlKey(django: Django, run: Run): string | null {
  const settings = settingsOf(django, run);
  const uri = absoluteUri(settings, run.http as HttpRequest);
  if (typeof uri !== "string") {
    raiseException(run, uri);
    return null;
  }
  const language = setting<boolean>(settings, "USE_I18N") ? `.${languageOf(django, run)}` : "";
  return `${setting<string>(settings, "CACHE_MIDDLEWARE_KEY_PREFIX")}.${uri}${language}`;
}

function pageKey(http: HttpRequest, key: string, headers: readonly string[]): string {
  return `${key}\n${headers.map((name) => meta(http, name) ?? "").join("\n")}`;
}

/** process_request: a stored page is left in run.value. */
export function fetchFromCache(django: Django, run: Run): void {
  const http = run.http as HttpRequest;
  run.cacheUpdate = false;
  if (http.method !== "GET" && http.method !== "HEAD") return;
  const key = urlKey(django, run);
  const store = storeOf(django, run);
  if (key === null) return;
  const headers = store === null ? null : lookUp(django, store, key);
  const page =
    headers === null || store === null
      ? null
      : lookUp(django, store, pageKey(http, key, headers.headers));
  if (page === null || page.response === null) {
    run.cacheUpdate = true;
    return;
  }
  run.value = copyResponse(page.response);
}

/** A response of its own: what outer layers add must not reach the stored copy. */
function copyResponse(response: Response): Response {
  return {
    ...response,
    headers: response.headers.map(([name, value]) => [name, value]),
    cookies: response.cookies.map((cookie) => ({ ...cookie })),
    fromCache: true,
  };
}

/** process_response: stores a page that may be stored. `pageTimeout` is cache_page's, in seconds. */
export function updateCache(
  django: Django,
  run: Run,
  response: Response,
  pageTimeout: number | null = null,
): void {
  if (!run.cacheUpdate) return;
  if (isStreaming(response) || (response.status !== 200 && response.status !== 304)) return;
  if (response.cookies.length > 0 && hasVary(response, "Cookie")) return;
  if ((getHeader(response, "Cache-Control") ?? "").includes("private")) return;
  const seconds =
    pageTimeout ??
    maxAge(response) ??
    setting<number>(settingsOf(django, run), "CACHE_MIDDLEWARE_SECONDS");
  if (pageTimeout === null && seconds === 0) return;
  patchResponseHeaders(django, response, seconds);
  const store = storeOf(django, run);
  if (seconds <= 0 || response.status !== 200 || store === null) return;
  const key = urlKey(django, run);
  if (key === null) return;
  const headers = varyHeaders(django, run, response);
  const expiresAt = django.sim.now + fromSeconds(seconds);
  store.set(key, Object.freeze({ expiresAt, headers, response: null }));
  store.set(
    pageKey(run.http as HttpRequest, key, headers),
    Object.freeze({ expiresAt, headers, response: Object.freeze({ ...copyResponse(response) }) }),
  );
}

/** The request headers that Vary names, as META keys; Accept-Language is covered by the language. */
function varyHeaders(django: Django, run: Run, response: Response): readonly string[] {
  const names = (getHeader(response, "Vary") ?? "")
    .split(",")
    .map((name) => name.trim().toUpperCase().replaceAll("-", "_"))
    .filter((name) => name !== "");
  const skipLanguage = setting<boolean>(settingsOf(django, run), "USE_I18N");
  return names
    .filter((name) => !(skipLanguage && name === "ACCEPT_LANGUAGE"))
    .map((name) => `HTTP_${name}`)
    .toSorted();
}
