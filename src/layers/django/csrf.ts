// CSRF protection: a secret in a cookie, a token in the form, both masked. Checked before the view.
// Source: django/middleware/csrf.py, 3.2.

import { csrfFailurePage, csrfWords } from "./csrf-page.ts";
import { type Django, dateAfter, randomText, settingsOf } from "./django.ts";
import {
  domainOf,
  getHost,
  type HttpRequest,
  hostMatches,
  isSecure,
  meta,
  portOf,
} from "./http-request.ts";
import { makeResponse, patchVary, type Response, setCookie } from "./http-response.ts";
import { logResponse } from "./logs.ts";
import { needPost, needSession, sessionData } from "./needs.ts";
import type { PyException } from "./python-values.ts";
import { push, type Run, raiseException } from "./run.ts";
import { type Settings, setting } from "./settings.ts";
import { findTemplate } from "./template-files.ts";
import { languageOf } from "./url-state.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const SECRET_LENGTH = 32;
const TOKEN_LENGTH = 64;

export const NO_COOKIE = "CSRF cookie not set.";
export const BAD_TOKEN = "CSRF token missing or incorrect.";
export const NO_REFERER = "Referer checking failed - no Referer.";
const MALFORMED_REFERER = "Referer checking failed - Referer is malformed.";
const INSECURE_REFERER = "Referer checking failed - Referer is insecure while host is secure.";

/** Source: django/views/csrf.py, CSRF_FAILURE_TEMPLATE_NAME. */
const DEFAULT_FAILURE_VIEW = "django.views.csrf.csrf_failure";
const FAILURE_TEMPLATE = "403_csrf.html";

const UNSAFE = (method: string): boolean => !["GET", "HEAD", "OPTIONS", "TRACE"].includes(method);

/** Masks a secret: 32 random characters, then the secret added to them, character by character. */
export function maskSecret(secret: string, mask: string): string {
  let cipher = "";
  for (let i = 0; i < SECRET_LENGTH; i++)
    cipher += ALPHABET[(ALPHABET.indexOf(secret[i]) + ALPHABET.indexOf(mask[i])) % ALPHABET.length];
  return mask + cipher;
}

/** The secret inside a token. */
export function unmaskToken(token: string): string {
  let secret = "";
  for (let i = 0; i < SECRET_LENGTH; i++) {
    const difference = ALPHABET.indexOf(token[i + SECRET_LENGTH]) - ALPHABET.indexOf(token[i]);
    secret += ALPHABET[(difference + ALPHABET.length) % ALPHABET.length];
  }
  return secret;
}

function newToken(django: Django, run: Run): string {
  return maskSecret(
    randomText(django, run, SECRET_LENGTH, false),
    randomText(django, run, SECRET_LENGTH, false),
  );
}

/** A token of the right shape stays; a bare secret is masked; anything else is replaced. Source: _sanitize_token. */
function sanitize(django: Django, run: Run, token: string): string {
  if (/[^a-zA-Z0-9]/.test(token)) return newToken(django, run);
  if (token.length === TOKEN_LENGTH) return token;
  if (token.length === SECRET_LENGTH)
    return maskSecret(token, randomText(django, run, SECRET_LENGTH, false));
  return newToken(django, run);
}

/** Where the token is kept with CSRF_USE_SESSIONS. */
const SESSION_KEY = "_csrftoken";

const NO_SESSION: PyException = Object.freeze({
  name: "ImproperlyConfigured",
  message:
    "CSRF_USE_SESSIONS is enabled, but request.session is not set. SessionMiddleware must appear before CsrfViewMiddleware in MIDDLEWARE.",
  context: {
    name: "AttributeError",
    message: "'WSGIRequest' object has no attribute 'session'",
  },
});

/** process_request: false when it must be asked again, once the session has been loaded. */
export function csrfRequest(django: Django, run: Run): boolean {
  if (setting<boolean>(settingsOf(django, run), "CSRF_USE_SESSIONS"))
    return tokenFromSession(django, run);
  tokenFromCookie(django, run);
  return true;
}

function tokenFromSession(django: Django, run: Run): boolean {
  if (run.session === null) {
    raiseException(run, NO_SESSION);
    return true;
  }
  if (!needSession(django, run)) return false;
  run.csrf.cookie = sessionData(run)[SESSION_KEY] ?? null;
  return true;
}

function tokenFromCookie(django: Django, run: Run): void {
  const http = run.http as HttpRequest;
  const cookie = http.cookies.get(setting<string>(settingsOf(django, run), "CSRF_COOKIE_NAME"));
  if (cookie === undefined) return;
  const token = sanitize(django, run, cookie);
  if (token !== cookie) run.csrf.needsReset = true;
  run.csrf.cookie = token;
}

/** get_token(): a token for a form; the cookie will be sent. */
export function csrfToken(django: Django, run: Run): string {
  const secret =
    run.csrf.cookie === null
      ? randomText(django, run, SECRET_LENGTH, false)
      : unmaskToken(run.csrf.cookie);
  run.csrf.cookie ??= maskSecret(secret, randomText(django, run, SECRET_LENGTH, false));
  run.csrf.cookieUsed = true;
  return maskSecret(secret, randomText(django, run, SECRET_LENGTH, false));
}

/** rotate_token(): a new secret, at login. */
export function rotateToken(django: Django, run: Run): void {
  run.csrf.cookie = newToken(django, run);
  run.csrf.cookieUsed = true;
  run.csrf.needsReset = true;
}

/**
 * process_view: a refusal is left in run.value. False when it must be asked again, once the form has
 * been read. `lenient` is ensure_csrf_cookie's, which refuses nothing.
 */
export function csrfView(django: Django, run: Run, lenient: boolean): boolean {
  const http = run.http as HttpRequest;
  if (run.csrf.processingDone || isExempt(run)) return true;
  if (UNSAFE(http.method) && !lenient) {
    const settings = settingsOf(django, run);
    const referer = isSecure(settings, http) ? refererProblem(settings, http) : null;
    if (referer !== null) return reject(django, run, referer);
    if (run.csrf.cookie === null) return reject(django, run, NO_COOKIE);
    if (http.method === "POST" && !needPost(django, run)) return false;
    if (!tokenIsRight(django, run, run.csrf.cookie)) return reject(django, run, BAD_TOKEN);
  }
  run.csrf.processingDone = true;
  return true;
}

/**
 * requires_csrf_token's process_view, around the error pages: it refuses nothing, but it reads the form
 * to look for the token. False when it must be asked again, or when reading raised.
 */
export function csrfOfErrorPage(django: Django, run: Run): boolean {
  const http = run.http as HttpRequest;
  const { cookie, processingDone } = run.csrf;
  if (processingDone || !UNSAFE(http.method)) return true;
  const settings = settingsOf(django, run);
  if (isSecure(settings, http) && refererProblem(settings, http) !== null) return true;
  if (cookie === null || http.method !== "POST") return true;
  return needPost(django, run);
}

function isExempt(run: Run): boolean {
  const pattern = run.match?.pattern;
  if (pattern === undefined) return false;
  return [...pattern.decorators, ...(run.views[pattern.view]?.decorators ?? [])].includes(
    "csrf_exempt",
  );
}

function tokenIsRight(django: Django, run: Run, cookie: string): boolean {
  const http = run.http as HttpRequest;
  const field =
    http.method === "POST"
      ? http.post?.fields.findLast(([name]) => name === "csrfmiddlewaretoken")?.[1]
      : undefined;
  const given =
    field || (meta(http, setting<string>(settingsOf(django, run), "CSRF_HEADER_NAME")) ?? "");
  return unmaskToken(sanitize(django, run, given)) === unmaskToken(cookie);
}

function refererProblem(settings: Settings, http: HttpRequest): string | null {
  const referer = meta(http, "HTTP_REFERER");
  if (referer === null) return NO_REFERER;
  const url = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?/.exec(referer);
  const scheme = url?.[1]?.toLowerCase() ?? "";
  const host = url?.[2] ?? "";
  if (scheme === "" || host === "") return MALFORMED_REFERER;
  if (scheme !== "https") return INSECURE_REFERER;
  return trustedHosts(settings, http).some((pattern) => hostMatches(host, pattern))
    ? null
    : `Referer checking failed - ${referer} does not match any trusted origins.`;
}

function trustedHosts(settings: Settings, http: HttpRequest): readonly string[] {
  const origins = [...setting<readonly string[]>(settings, "CSRF_TRUSTED_ORIGINS")];
  const cookieDomain = setting<boolean>(settings, "CSRF_USE_SESSIONS")
    ? setting<string | null>(settings, "SESSION_COOKIE_DOMAIN")
    : setting<string | null>(settings, "CSRF_COOKIE_DOMAIN");
  if (cookieDomain !== null) {
    const port = portOf(settings, http);
    return [...origins, ["443", "80"].includes(port) ? cookieDomain : `${cookieDomain}:${port}`];
  }
  const own = getHost(settings, http);
  return typeof own === "string" && domainOf(own) !== "" ? [...origins, own] : origins;
}

function reject(django: Django, run: Run, reason: string): boolean {
  const settings = settingsOf(django, run);
  const view = setting<string>(settings, "CSRF_FAILURE_VIEW");
  const own = run.views[view];
  run.csrf.rejection = reason;
  if (view !== DEFAULT_FAILURE_VIEW) {
    push(run, {
      kind: "decorators",
      pc: 0,
      costNs: 0,
      list: own?.decorators ?? [],
      index: 0,
      response: null,
      view,
    });
    return true;
  }
  const active = setting<boolean>(settings, "USE_I18N") ? languageOf(django, run) : "en";
  const words = csrfWords(active, settings.languageCode);
  run.value = makeResponse(csrfFailurePage(reason, settings.debug, words), {
    status: 403,
    type: "text/html",
  });
  if (findTemplate(django, run, FAILURE_TEMPLATE) === null) return true;
  run.frames.push({
    kind: "template",
    pc: 0,
    costNs: 0,
    name: FAILURE_TEMPLATE,
    context: {
      title: words.title,
      main: words.main,
      reason,
      no_referer: reason === NO_REFERER,
      no_referer1: words.noReferer1,
      no_referer2: words.noReferer2,
      no_referer3: words.noReferer3,
      no_cookie: reason === NO_COOKIE,
      no_cookie1: words.noCookie1,
      no_cookie2: words.noCookie2,
      DEBUG: settings.debug,
      docs_version: "3.2",
      more: words.more,
    },
    target: null,
    bare: true,
  });
  return true;
}

/** The refusal is logged with the response that the failure view made. */
export function logRejection(django: Django, run: Run, response: Response): void {
  const reason = run.csrf.rejection;
  if (reason === null) return;
  run.csrf.rejection = null;
  logResponse(django, run, {
    response,
    format: "Forbidden (%s): %s",
    args: [reason, (run.http as HttpRequest).path],
    logger: "django.security.csrf",
  });
}

/** process_response: the cookie goes out when a token was handed out, each time. */
export function csrfResponse(django: Django, run: Run, response: Response): void {
  if (!run.csrf.needsReset && response.csrfCookieSet) return;
  if (!run.csrf.cookieUsed) return;
  const settings = settingsOf(django, run);
  response.csrfCookieSet = true;
  if (setting<boolean>(settings, "CSRF_USE_SESSIONS")) {
    keepInSession(run);
    return;
  }
  const age = setting<number | null>(settings, "CSRF_COOKIE_AGE");
  setCookie(response, setting<string>(settings, "CSRF_COOKIE_NAME"), run.csrf.cookie ?? "", {
    maxAge: age,
    expires: age === null ? "" : dateAfter(django, age),
    domain: setting<string | null>(settings, "CSRF_COOKIE_DOMAIN"),
    path: setting<string>(settings, "CSRF_COOKIE_PATH"),
    secure: setting<boolean>(settings, "CSRF_COOKIE_SECURE"),
    httponly: setting<boolean>(settings, "CSRF_COOKIE_HTTPONLY"),
    samesite: setting<string | null>(settings, "CSRF_COOKIE_SAMESITE"),
  });
  patchVary(response, "Cookie");
}

/** The session was loaded when the request came in; a token that it has already changes nothing. */
function keepInSession(run: Run): void {
  const { session } = run;
  if (session === null || session.data === null) return;
  const token = run.csrf.cookie ?? "";
  session.accessed = true;
  if (session.data[SESSION_KEY] === token) return;
  session.data = { ...session.data, [SESSION_KEY]: token };
  session.modified = true;
}
