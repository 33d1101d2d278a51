// What each middleware does with a request, before a view, with a response. The project's own run the
// steps that the scenario gives them.
// Source: the modules below django/middleware and django/contrib/*/middleware.py, 3.2.25.
import { processAuthRequest } from "./auth.ts";
import { conditionalGet } from "./conditional.ts";
import { csrfRequest, csrfResponse, csrfView } from "./csrf.ts";
import type { Django } from "./django.ts";
import { settingsOf } from "./django.ts";
import { compressResponse } from "./gzip.ts";
import { commonRequest, commonResponse } from "./host-and-slash.ts";
import type { Response } from "./http-response.ts";
import { getHeader, setHeader } from "./http-response.ts";
import { localeRequest, localeResponse } from "./locale-middleware.ts";
import { messagesRequest, messagesResponse } from "./messages.ts";
import { fetchFromCache, updateCache } from "./page-cache.ts";
import type { ChainLink } from "./project.ts";
import { push, type Run } from "./run.ts";
import { securityRequest, securityResponse } from "./security-middleware.ts";
import { sessionRequest, sessionResponse } from "./sessions.ts";
import { setting } from "./settings.ts";
import type { ViewStep } from "./view-spec.ts";

/** process_request: false when it must be asked again. A response is left in run.value. */
export function processRequest(django: Django, run: Run, link: ChainLink): boolean {
  if (link.own !== null) {
    ownSteps(run, link.own.request, null);
    return true;
  }
  switch (link.stock) {
    case "security":
      securityRequest(django, run);
      return true;
    case "session":
      sessionRequest(django, run);
      return true;
    case "common":
      commonRequest(django, run);
      return true;
    case "csrf":
      return csrfRequest(django, run);
    case "auth":
      processAuthRequest(run);
      return true;
    case "messages":
      messagesRequest(django, run);
      return true;
    case "locale":
      localeRequest(django, run);
      return true;
    case "fetchCache":
    case "cache":
      fetchFromCache(django, run);
      return true;
    default:
      return true;
  }
}

/** process_view: false when it must be asked again, after what it waits for. */
export function processView(django: Django, run: Run, link: ChainLink): boolean {
  if (link.stock === "csrf") return csrfView(django, run, false);
  ownSteps(run, link.own?.view, null);
  return true;
}

export function processException(_django: Django, run: Run, link: ChainLink): void {
  ownSteps(run, link.own?.exception, null);
}

/** process_response: false when it must be asked again. A response in run.value replaces the one given. */
export function processResponse(
  django: Django,
  run: Run,
  link: ChainLink,
  response: Response,
): boolean {
  if (link.own !== null) {
    ownSteps(run, link.own.response, response);
    return true;
  }
  switch (link.stock) {
    case "security":
      securityResponse(django, run, response);
      return true;
    case "session":
      return sessionResponse(django, run, response);
    case "common":
      return commonResponse(django, run, response);
    case "csrf":
      csrfResponse(django, run, response);
      return true;
    case "messages":
      return messagesResponse(django, run, response);
    case "xframe":
      frameOptions(django, run, response);
      return true;
    default:
      return transformResponse(django, run, link, response);
  }
}

function transformResponse(django: Django, run: Run, link: ChainLink, response: Response): boolean {
  switch (link.stock) {
    case "gzip":
      compressResponse(django, run, response);
      return true;
    case "conditional":
      run.value = conditionalGet(django, run, response);
      return true;
    case "locale":
      return localeResponse(django, run, response);
    case "updateCache":
    case "cache":
      updateCache(django, run, response);
      return true;
    default:
      return true;
  }
}

function frameOptions(django: Django, run: Run, response: Response): void {
  if (getHeader(response, "X-Frame-Options") !== null || response.xframeExempt) return;
  setHeader(
    response,
    "X-Frame-Options",
    setting<string>(settingsOf(django, run), "X_FRAME_OPTIONS").toUpperCase(),
  );
}

/** The steps of a middleware of the project; the response they act on is the one on its way out. */
function ownSteps(
  run: Run,
  steps: readonly ViewStep[] | undefined,
  response: Response | null,
): void {
  if (steps === undefined || steps.length === 0) return;
  push(run, { kind: "steps", pc: 0, costNs: 0, steps, response, view: "" });
}
