// Why a middleware answered in the view's place, in the learner's words and with the line that decided:
// the redirect to https, the missing slash, www., the CSRF refusal, the cache.
import type { Cause } from "../layer.ts";
import { type Django, settingsOf } from "./django.ts";
import { type HttpRequest, meta, rawHost, schemeOf } from "./http-request.ts";
import { getHeader, type Response } from "./http-response.ts";
import type { ChainLink } from "./project.ts";
import type { Run } from "./run.ts";
import { setting, settingCause, spanCause } from "./settings.ts";

export interface EarlyAnswer {
  /** A sentence, or "" when there is nothing to add. */
  readonly why: string;
  readonly cause: Cause;
}

const OTHERWISE = "this middleware answers; what is listed below it never sees the request";

/** The reason of a response that a middleware made on the way in. */
export function earlyAnswer(
  django: Django,
  run: Run,
  link: ChainLink,
  response: Response,
): EarlyAnswer {
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  const of = (why: string, setting: string, note: string): EarlyAnswer => ({
    why,
    cause: settingCause(settings, setting, note) ?? spanCause(link.span, OTHERWISE),
  });
  if (link.stock === "security")
    return of(
      `${schemeWords(setting<readonly string[] | null>(settings, "SECURE_PROXY_SSL_HEADER") !== null, schemeOf(settings, http))} SECURE_SSL_REDIRECT sends the visitor to ${getHeader(response, "Location") ?? ""}.`,
      "SECURE_SSL_REDIRECT",
      "a request that does not look secure is redirected",
    );
  if (link.stock === "common")
    return of(
      `No pattern matches the path as it is, or the name lacks www.: the visitor is sent to ${getHeader(response, "Location") ?? ""}.`,
      "APPEND_SLASH",
      "a path without a final slash is redirected when the one with it resolves",
    );
  return { why: "", cause: spanCause(link.span, OTHERWISE) };
}

function schemeWords(header: boolean, scheme: string): string {
  return header
    ? `SECURE_PROXY_SSL_HEADER does not say https, so the request counts as ${scheme}.`
    : `wsgi.url_scheme is ${scheme}, since the connection from the proxy is plain ${scheme} and nothing says otherwise.`;
}

/** What a refused form is told only in the log, with what was compared. */
export function refusalWords(django: Django, run: Run, reason: string): string {
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  if (!reason.includes("trusted origins")) return reason;
  return `The Referer ${meta(http, "HTTP_REFERER") ?? ""} must name this request's host, which is ${rawHost(settings, http)} as Django sees it, or one of CSRF_TRUSTED_ORIGINS.`;
}
