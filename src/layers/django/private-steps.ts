// Which steps of a call nothing outside it takes part in: they read only what does not change while the
// call runs, and change only what is the call's own. When nobody looks, the time that such steps take is
// added up and spent in one go before the next step that is not one of them, so that everything that can
// be seen of the request happens at the same moment as when each takes its own. Whatever is not named
// here counts as seen from outside: databases, caches, sessions, files, logs, dates, exceptions, answers.
import { appOf, type Django, settingsOf, worldOf } from "./django.ts";
import type { HttpRequest } from "./http-request.ts";
import type { Response } from "./http-response.ts";
import type { ChainLink } from "./project.ts";
import type { Frame, FrameOf, Run } from "./run.ts";
import { setting } from "./settings.ts";
import type { ViewStep } from "./view-spec.ts";

/** Whether the top frame's next step is private to the call. */
export function isPrivate(django: Django, run: Run, frame: Frame): boolean {
  // An exception ends the stretch; and importing the URLconf is the process's affair, not the call's.
  if (run.raised !== null || appOf(django, run).urlconf === null) return false;
  switch (frame.kind) {
    case "handler":
      return handlerIsPrivate(django, run, frame);
    case "middleware":
      return middlewareIsPrivate(django, run, frame);
    case "innermost":
      return true;
    case "getResponse":
      return getResponseIsPrivate(run, frame);
    case "decorators":
      return frame.index >= frame.list.length;
    case "steps":
      return frame.pc % 2 === 1 || stepIsPrivate(frame.steps[frame.pc >> 1]);
    case "query":
      return frame.pc === 1;
    default:
      return false;
  }
}

/** WSGIHandler: not when a connection may be closed, something is logged, or the server is answered. */
function handlerIsPrivate(django: Django, run: Run, { pc, response }: FrameOf<"handler">): boolean {
  if (pc === HANDLER_BEGINS) return !worldOf(django).connections.has(run.slot);
  if (pc === HANDLER_RETURNED) return true;
  return pc === HANDLER_LOGS && (response as Response).status < 400;
}

const HANDLER_BEGINS = 0;
const HANDLER_RETURNED = 1;
const HANDLER_LOGS = 2;

/** The places in a middleware's frame where one of its hooks is called. */
const REQUEST_HOOKS: ReadonlySet<number> = new Set([0, 6]);
const RESPONSE_HOOK = 3;

function middlewareIsPrivate(
  django: Django,
  run: Run,
  { pc, index }: FrameOf<"middleware">,
): boolean {
  const link = appOf(django, run).project.chain[index];
  if (link.own !== null) return true;
  if (REQUEST_HOOKS.has(pc)) return requestHookIsPrivate(django, run, link);
  return pc !== RESPONSE_HOOK || responseHookIsPrivate(django, run, link);
}

function requestHookIsPrivate(django: Django, run: Run, { stock }: ChainLink): boolean {
  switch (stock) {
    case "csrf":
      return !setting<boolean>(settingsOf(django, run), "CSRF_USE_SESSIONS");
    case "security":
    case "session":
    case "common":
    case "auth":
    case "messages":
    case "xframe":
    case "gzip":
    case "conditional":
    case "updateCache":
      return true;
    default:
      return false;
  }
}

function responseHookIsPrivate(django: Django, run: Run, { stock }: ChainLink): boolean {
  switch (stock) {
    case "session":
      return !sessionIsSaved(django, run);
    case "csrf":
      return !run.csrf.cookieUsed;
    case "messages":
      return run.messages === null || (!run.messages.used && run.messages.queued.length === 0);
    case "security":
    case "common":
    case "auth":
    case "xframe":
    case "fetchCache":
      return true;
    default:
      return false;
  }
}

function sessionIsSaved(django: Django, run: Run): boolean {
  return (
    run.session?.modified === true ||
    setting<boolean>(settingsOf(django, run), "SESSION_SAVE_EVERY_REQUEST")
  );
}

/** The place in the innermost frame where a middleware's process_view is called. */
const VIEW_HOOK = 7;
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** The CSRF check of a form reads it, and logs a refusal. */
function getResponseIsPrivate(run: Run, { pc }: FrameOf<"getResponse">): boolean {
  return pc !== VIEW_HOOK || SAFE_METHODS.has((run.http as HttpRequest).method);
}

/** Steps of a view that need nothing but the processor. A query's frame asks for itself. */
const OWN_STEPS: readonly string[] = [
  "work",
  "query",
  "respond",
  "json",
  "redirect",
  "csrf",
  "message",
  "header",
  "allowed",
  "raise",
];

function stepIsPrivate(step: ViewStep | undefined): boolean {
  return step === undefined || OWN_STEPS.some((name) => name in step);
}
