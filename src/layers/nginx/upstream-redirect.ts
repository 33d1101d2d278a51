// Answers of an upstream that nginx replaces: X-Accel-Redirect sends the request to another location, and
// proxy_intercept_errors puts an error_page in the place of an error.
// Source: nginx 1.22.1, ngx_http_upstream.c (ngx_http_upstream_process_headers, _intercept_errors).

import { configuredValidity } from "./cache-validity.ts";
import { ERROR_PAGE } from "./location-directives.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { valueAt } from "./settings.ts";
import { stepCall, type UpstreamCall } from "./upstream-call.ts";
import { finishUpstream, releaseCall } from "./upstream-finish.ts";
import type { ResponseHead } from "./upstream-header.ts";
import { accelRedirect, applyRedirectHead, firstHeaderValue } from "./upstream-response.ts";

/** Goes where X-Accel-Redirect says; false when the answer has none. */
export function redirectByHeader(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  head: ResponseHead,
): boolean {
  const target = accelRedirect(call, head);
  if (target === null) return false;
  stepCall(context, call, "redirect", () => ({ values: { target, status: head.status } }));
  const cut = target.indexOf("?");
  const path = cut < 0 ? target : target.slice(0, cut);
  const isNamed = target.startsWith("@");
  const isRefused = !isNamed && isUnsafe(path);
  if (isRefused) context.logError(request, "error", `unsafe URI "${target}" was detected`);
  releaseCall(context, request, call, "elsewhere");
  applyRedirectHead(context, request, call, head);
  request.logAction = "";
  if (isNamed) {
    context.namedLocation(request, target);
    return true;
  }
  if (isRefused) {
    context.finalize(request, 404);
    return true;
  }
  if (request.method !== "HEAD") request.method = "GET";
  context.internalRedirect(request, decodePath(path), cut < 0 ? null : target.slice(cut + 1));
  return true;
}

/** `..` segments and zero bytes are refused (ngx_http_parse_unsafe_uri). */
function isUnsafe(path: string): boolean {
  const decoded = decodePath(path);
  return path === "" || decoded.includes("\0") || /(^|\/)\.\.(\/|$)/.test(decoded);
}

function decodePath(path: string): string {
  return path.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Leaves an error to error_page, with proxy_intercept_errors on. */
export function interceptError(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  head: ResponseHead,
): boolean {
  const pages = valueAt(request.location, ERROR_PAGE);
  const hasPage = pages.some((page) => page.status === head.status);
  if (!call.conf.interceptErrors || !hasPage) return false;
  const authenticate = firstHeaderValue(head, "www-authenticate");
  if (head.status === 401 && authenticate !== null) {
    request.out.list.push({ name: "WWW-Authenticate", value: authenticate });
  }
  stepCall(context, call, "intercept", () => ({ values: { status: head.status } }));
  const use = call.cache;
  if (use?.cacheable === true) {
    const seconds = configuredValidity(call.conf.cache?.valid ?? [], head.status);
    if (seconds > 0) {
      use.validSec = Math.floor(context.nowMs() / 1000) + seconds;
      use.errorStatus = head.status;
    }
  }
  finishUpstream(context, request, call, head.status);
  return true;
}
