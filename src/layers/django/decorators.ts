// Decorators around a view: each is a frame that acts before the view, after it, or instead of it.
// Source: django/contrib/auth/decorators.py, django/views/decorators/*.py, 3.2.
import { parseIsoDate } from "../../host/calendar.ts";
import { neverCache, patchCacheControl } from "./cache-control.ts";
import { conditionalGet, conditionalResponse, setValidators } from "./conditional.ts";
import { csrfRequest, csrfResponse, csrfToken, csrfView, logRejection } from "./csrf.ts";
import type { Django } from "./django.ts";
import { compressResponse } from "./gzip.ts";
import type { HttpRequest } from "./http-request.ts";
import {
  makeResponse,
  patchVary,
  type Response,
  setDefaultHeader,
  setHeader,
} from "./http-response.ts";
import { loginRedirect } from "./login-url.ts";
import { logResponse } from "./logs.ts";
import { needUser } from "./needs.ts";
import { fetchFromCache, updateCache } from "./page-cache.ts";
import { asResponse, type Frame, type FrameOf, finish, push, type Run, raise } from "./run.ts";
import { isStockView } from "./stock-views.ts";
import { atomicFrameOf } from "./transactions.ts";
import type { Decorator } from "./view-spec.ts";

const BEFORE_DONE = 1;
const VIEW_RETURNED = 2;

export function decoratorsFrame(django: Django, run: Run, frame: FrameOf<"decorators">): void {
  const decorator = frame.list[frame.index];
  if (decorator === undefined) {
    if (frame.pc === 1) {
      finish(run, run.value);
      return;
    }
    frame.pc = 1;
    callBody(run, frame);
    return;
  }
  const { name, value } = named(decorator);
  switch (frame.pc) {
    case 0:
      run.value = null;
      if (before(django, run, name, value)) frame.pc = BEFORE_DONE;
      return;
    case BEFORE_DONE: {
      const answer = asResponse(run.value);
      if (answer !== null) logRejection(django, run, answer);
      if (answer !== null) {
        finish(run, after(django, run, { name, value, response: answer, early: true }));
        return;
      }
      frame.pc = VIEW_RETURNED;
      const inner = innerFrame(frame);
      run.value = null;
      run.frames.push(name === "atomic" ? atomicFrameOf(inner) : inner);
      return;
    }
    default: {
      const response = asResponse(run.value);
      finish(
        run,
        response === null ? null : after(django, run, { name, value, response, early: false }),
      );
    }
  }
}

function innerFrame(frame: FrameOf<"decorators">): Frame {
  return {
    kind: "decorators",
    pc: 0,
    costNs: 0,
    list: frame.list,
    index: frame.index + 1,
    response: null,
    view: frame.view,
  };
}

function named(decorator: Decorator): { readonly name: string; readonly value: unknown } {
  if (typeof decorator === "string") return { name: decorator, value: null };
  const [name, value] = Object.entries(decorator)[0] ?? ["", null];
  return { name, value };
}

/** The view itself: the scenario's steps, one of Django's own views, or a page with its name. */
function callBody(run: Run, frame: FrameOf<"decorators">): void {
  const { view } = frame;
  const spec = run.views[view];
  run.value = null;
  if (spec === undefined && isStockView(run, view))
    run.frames.push({ kind: "stockView", pc: 0, costNs: 0, view, response: null });
  else
    run.frames.push({
      kind: "steps",
      pc: 0,
      costNs: 0,
      steps: spec?.steps ?? [],
      response: null,
      view,
    });
}

const METHODS: Readonly<Record<string, readonly string[]>> = {
  require_GET: ["GET"],
  require_POST: ["POST"],
  require_safe: ["GET", "HEAD"],
};

/** False when it must be asked again. An answer instead of the view is left in run.value. */
function before(django: Django, run: Run, name: string, value: unknown): boolean {
  switch (name) {
    case "login_required":
      if (!needUser(django, run)) return false;
      if (run.user === null) run.value = loginRedirect(django, run);
      return true;
    case "permission_required":
      return permissionBefore(
        django,
        run,
        value as { readonly perm: string; readonly raise_exception?: boolean },
      );
    case "require_GET":
    case "require_POST":
    case "require_safe":
      methodBefore(django, run, METHODS[name]);
      return true;
    case "require_http_methods":
      methodBefore(django, run, value as readonly string[]);
      return true;
    case "csrf_protect":
      if (run.csrf.cookie === null && !csrfRequest(django, run)) return false;
      return csrfView(django, run, false);
    case "ensure_csrf_cookie":
      if (run.csrf.cookie === null && !csrfRequest(django, run)) return false;
      csrfView(django, run, true);
      csrfToken(django, run);
      return true;
    case "cache_page":
      fetchFromCache(django, run);
      return run.raised === null;
    case "etag":
    case "last_modified":
      run.value = conditionalResponse(django, run, validators(name, value), null);
      return true;
    default:
      return true;
  }
}

function validators(
  name: string,
  value: unknown,
): { readonly etag: string | null; readonly lastModifiedMs: number | null } {
  return name === "etag"
    ? { etag: quoteEtag(String(value)), lastModifiedMs: null }
    : { etag: null, lastModifiedMs: parseIsoDate(String(value)) };
}

function quoteEtag(etag: string): string {
  return /^(W\/)?"[^"]*"$/.test(etag) ? etag : `"${etag}"`;
}

function permissionBefore(
  django: Django,
  run: Run,
  wanted: { readonly raise_exception?: boolean },
): boolean {
  if (!needUser(django, run)) return false;
  if (run.user?.isSuperuser === true) return true;
  if (run.user !== null && !run.permissionsLoaded) {
    push(run, { kind: "loadPermissions", pc: 0, costNs: 0 });
    return false;
  }
  // Simplification: nobody but a superuser has permissions; the queries for them are made all the same.
  if (wanted.raise_exception === true) {
    raise(run, "PermissionDenied");
    return false;
  }
  run.value = loginRedirect(django, run);
  return true;
}

function methodBefore(django: Django, run: Run, allowed: readonly string[]): void {
  const { method, path } = run.http as HttpRequest;
  if (allowed.includes(method)) return;
  const response = makeResponse("", { status: 405 });
  setHeader(response, "Allow", allowed.join(", "));
  logResponse(django, run, {
    response,
    format: "Method Not Allowed (%s): %s",
    args: [method, path],
  });
  run.value = response;
}

interface Returned {
  readonly name: string;
  readonly value: unknown;
  readonly response: Response;
  /** The decorator answered itself; the view was not called. */
  readonly early: boolean;
}

function after(django: Django, run: Run, { name, value, response, early }: Returned): Response {
  switch (name) {
    case "csrf_protect":
    case "ensure_csrf_cookie":
      csrfResponse(django, run, response);
      return response;
    case "never_cache":
      neverCache(django, response);
      return response;
    case "cache_control":
      patchCacheControl(response, value as Readonly<Record<string, unknown>>);
      return response;
    case "vary_on_headers":
      patchVary(response, ...(value as readonly string[]));
      return response;
    case "vary_on_cookie":
      patchVary(response, "Cookie");
      return response;
    case "cache_page":
      if (!early) updateCache(django, run, response, Number(value));
      return response;
    case "etag":
    case "last_modified":
      setValidators(run, validators(name, value), response);
      return response;
    case "conditional_page":
      return conditionalGet(django, run, response);
    case "gzip_page":
      compressResponse(django, run, response);
      return response;
    default:
      frameOptionsAfter(name, response);
      return response;
  }
}

function frameOptionsAfter(name: string, response: Response): void {
  if (name === "xframe_options_exempt") response.xframeExempt = true;
  if (name === "xframe_options_sameorigin")
    setDefaultHeader(response, "X-Frame-Options", "SAMEORIGIN");
  if (name === "xframe_options_deny") setDefaultHeader(response, "X-Frame-Options", "DENY");
}
