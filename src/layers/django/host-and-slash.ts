// CommonMiddleware: the host check, PREPEND_WWW, APPEND_SLASH, Content-Length.
// Source: django/middleware/common.py, 3.2.
import { type Django, isException, settingsOf } from "./django.ts";
import { fullPath, getHost, type HttpRequest, meta, schemeOf } from "./http-request.ts";
import {
  contentBytes,
  getHeader,
  isStreaming,
  type Response,
  redirectResponse,
  setHeader,
} from "./http-response.ts";
import type { PyException } from "./python-values.ts";
import { type Run, raise, raiseException } from "./run.ts";
import { searches } from "./security-middleware.ts";
import { setting } from "./settings.ts";
import { findPath } from "./url-state.ts";

export function commonRequest(django: Django, run: Run): void {
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  const agent = meta(http, "HTTP_USER_AGENT");
  if (
    agent !== null &&
    setting<readonly string[]>(settings, "DISALLOWED_USER_AGENTS").some((pattern) =>
      searches(pattern, agent),
    )
  ) {
    raise(run, "PermissionDenied", "Forbidden user agent");
    return;
  }
  const host = getHost(settings, http);
  if (typeof host !== "string") {
    raiseException(run, host);
    return;
  }
  const prepend =
    setting<boolean>(settings, "PREPEND_WWW") && host !== "" && !host.startsWith("www.");
  const target = slashTarget(django, run);
  if (isException(target)) {
    raiseException(run, target);
    return;
  }
  const path = target.path ?? fullPath(http);
  if (!prepend && path === fullPath(http)) return;
  const response = redirectResponse(
    prepend ? `${schemeOf(settings, http)}://www.${host}${path}` : path,
    true,
  );
  if (!isException(response)) run.value = response;
}

export function commonResponse(django: Django, run: Run, response: Response): boolean {
  if (response.status === 404) {
    const target = slashTarget(django, run);
    if (isException(target)) {
      raiseException(run, target);
      return false;
    }
    const redirect = target.path === null ? null : redirectResponse(target.path, true);
    if (redirect !== null && !isException(redirect)) {
      run.value = redirect;
      return true;
    }
  }
  if (!isStreaming(response) && getHeader(response, "Content-Length") === null)
    setHeader(response, "Content-Length", String(contentBytes(response)));
  return true;
}

/** The path with a slash when APPEND_SLASH wants one: only if that resolves and the path itself does not. */
function slashTarget(django: Django, run: Run): { readonly path: string | null } | PyException {
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  if (!setting<boolean>(settings, "APPEND_SLASH") || http.pathInfo.endsWith("/"))
    return { path: null };
  const plain = findPath(django, run, http.pathInfo);
  if (plain !== null) return isException(plain) ? plain : { path: null };
  const slashed = findPath(django, run, `${http.pathInfo}/`);
  if (slashed === null || isException(slashed)) return slashed ?? { path: null };
  const path = fullPath(http, { forceSlash: true }).replace(/^\/\//, "/%2F");
  return settings.debug && ["POST", "PUT", "PATCH"].includes(http.method)
    ? cannotRedirect(django, run, path)
    : { path };
}

function cannotRedirect(django: Django, run: Run, path: string): PyException {
  const { method } = run.http as HttpRequest;
  const host = getHost(settingsOf(django, run), run.http as HttpRequest);
  const message =
    `You called this URL via ${method}, but the URL doesn't end in a slash and you have APPEND_SLASH set. ` +
    `Django can't redirect to the slash URL while maintaining ${method} data. Change your form to point to ` +
    `${typeof host === "string" ? host : ""}${path} (note the trailing slash), or set APPEND_SLASH=False in your Django settings.`;
  return { name: "RuntimeError", message };
}
