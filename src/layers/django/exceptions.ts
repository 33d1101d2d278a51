// Exceptions become responses: convert_exception_to_response and response_for_exception.
// Source: django/core/handlers/exception.py, 3.2.
import type { Cause } from "../layer.ts";
import { CONVERT_SERVER_ERROR_NS, DEBUG_PAGE_NS } from "./costs.ts";
import { csrfOfErrorPage, csrfRequest, csrfResponse } from "./csrf.ts";
import { appOf, type Django, fire, isException, isIn, note, pay, settingsOf } from "./django.ts";
import { defaultErrorPage, technical500 } from "./error-pages.ts";
import type { HttpRequest } from "./http-request.ts";
import { absoluteUri, allowedPatterns } from "./http-request.ts";
import { makeResponse, type Response, reasonPhrase } from "./http-response.ts";
import { logRecord, logResponse, mailsErrors } from "./logs.ts";
import { NO_POST, needPost, needUser } from "./needs.ts";
import type { PyException } from "./python-values.ts";
import { languagePrefixOf, resolvePath, type Tried } from "./resolver.ts";
import { asResponse, type FrameOf, finish, push, type Run, raiseException } from "./run.ts";
import { settingCause } from "./settings.ts";
import { technical404 } from "./technical-404.ts";
import { findTemplate } from "./template-files.ts";
import { NOT_CAUGHT, SUSPICIOUS, shortException } from "./traceback.ts";
import { urlQuote } from "./url-encoding.ts";
import { importUrlconf, languageOf } from "./url-state.ts";

const READ_USER = 1;
const MAKE_PAGE = 2;
const PAGE_RETURNED = 3;
const MAIL = 4;
const DONE = 5;
const READ_POST = 6;
const MAIL_POST = 7;

/** Whether the exception ends in the handler for uncaught ones. */
function isUncaught({ name }: PyException): boolean {
  return (
    ![
      "Http404",
      "Resolver404",
      "PermissionDenied",
      "MultiPartParserError",
      "BadRequest",
      "SessionInterrupted",
    ].includes(name) && !SUSPICIOUS.has(name)
  );
}

/** With DEBUG_PROPAGATE_EXCEPTIONS, an exception that no handler is for leaves Django. */
export function propagates(django: Django, run: Run, exception: PyException): boolean {
  const { values } = settingsOf(django, run);
  return values.DEBUG_PROPAGATE_EXCEPTIONS === true && isUncaught(exception);
}

function statusOf(exception: PyException): number {
  if (exception.name === "Http404" || exception.name === "Resolver404") return 404;
  if (exception.name === "PermissionDenied") return 403;
  return isUncaught(exception) ? 500 : 400;
}

export function convertFrame(django: Django, run: Run, frame: FrameOf<"convert">): void {
  if (run.raised !== null) {
    // Only the reading of the user is inside a try of its own.
    if (frame.pc !== READ_USER && frame.pc !== MAIL) {
      run.frames.pop();
      return;
    }
    run.raised = null;
    frame.pc = frame.pc === READ_USER ? READ_POST : MAIL_POST;
  }
  switch (frame.pc) {
    case 0:
      classify(django, run, frame);
      return;
    case READ_USER:
      if (needUser(django, run)) frame.pc = READ_POST;
      return;
    case READ_POST:
      if (needPost(django, run)) frame.pc = MAKE_PAGE;
      return;
    case MAKE_PAGE:
      frame.pc = PAGE_RETURNED;
      makePage(django, run, frame);
      return;
    case PAGE_RETURNED:
      frame.response = asResponse(run.value) as Response;
      logException(django, run, frame, frame.response);
      return;
    case MAIL:
      if (needUser(django, run)) frame.pc = MAIL_POST;
      return;
    case MAIL_POST:
      if (needPost(django, run)) frame.pc = DONE;
      return;
    default:
      finishConversion(django, run, frame, frame.response as Response);
      return;
  }
}

/** What a form that is beyond a limit raises. */
const UNREADABLE = new Set(["RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent"]);

function classify(django: Django, run: Run, frame: FrameOf<"convert">): void {
  const { exception } = frame;
  run.observed.exceptions.push(shortException(exception));
  // The form cannot be asked for again, or the same exception would be raised.
  if (UNREADABLE.has(exception.name)) (run.http as HttpRequest).post ??= NO_POST;
  if (SUSPICIOUS.has(exception.name)) {
    logRecord(django, run, {
      logger: `django.security.${exception.name}`,
      level: "ERROR",
      message: exception.message,
    });
  }
  const technical =
    settingsOf(django, run).debug &&
    statusOf(exception) !== 404 &&
    (isUncaught(exception) || SUSPICIOUS.has(exception.name));
  // The mail about the record, like the technical page, asks who the user is, and shows the form.
  const mailed = SUSPICIOUS.has(exception.name) && mailsErrors(settingsOf(django, run));
  frame.pc = technical || mailed ? (run.hasUser ? READ_USER : READ_POST) : MAKE_PAGE;
  pay(django, run, technical ? DEBUG_PAGE_NS : isUncaught(exception) ? CONVERT_SERVER_ERROR_NS : 0);
}

function makePage(django: Django, run: Run, frame: FrameOf<"convert">): void {
  const { exception } = frame;
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  const status = statusOf(exception);
  if (settings.debug && status === 404) {
    const page = notFoundPage(django, run, exception);
    if (isException(page)) raiseException(run, { ...page, context: exception });
    else run.value = page;
  } else if (settings.debug && (status === 500 || SUSPICIOUS.has(exception.name))) {
    run.value = technical500(http, exception, status);
  } else {
    push(run, { kind: "errorView", pc: 0, costNs: 0, exception, status });
  }
}

/** DEBUG's page for 404 shows the URL: a host that is not allowed is an exception here as well. */
function notFoundPage(django: Django, run: Run, exception: PyException): Response | PyException {
  const http = run.http as HttpRequest;
  const settings = settingsOf(django, run);
  const tried: Tried[] = [];
  const { urlconf } = appOf(django, run);
  if (urlconf !== null)
    resolvePath(
      urlconf,
      http.pathInfo,
      languagePrefixOf(urlconf, languageOf(django, run), settings.languageCode),
      tried,
    );
  const url = absoluteUri(settings, http);
  if (typeof url !== "string") return url;
  return technical404({
    path: http.pathInfo,
    method: http.method,
    url,
    reason: exception.message,
    view: exception.name === "Resolver404" ? null : (run.observed.view ?? null),
    urlconf: settings.rootUrlconf,
    tried,
  });
}

/** The exception as raised while another was being handled: that one is the first of its chain. */
function within(raised: PyException, handled: PyException): PyException {
  const { context } = raised;
  return { ...raised, context: context === undefined ? handled : within(context, handled) };
}

const OWN_HANDLER = 1;
const DEFAULT_HANDLER = 2;

/** The handler view of a status: the project's, or the default page with a template if there is one. */
export function errorViewFrame(django: Django, run: Run, frame: FrameOf<"errorView">): void {
  if (run.raised !== null) {
    // A handler that raises ends in handler500; that one raising ends the conversion.
    run.raised = within(run.raised, frame.handling ?? frame.exception);
    if (frame.status === 500 || NOT_CAUGHT.has(run.raised.name)) {
      run.frames.pop();
      return;
    }
    frame.handling = run.raised;
    run.raised = null;
    const { debug } = settingsOf(django, run);
    if (debug) {
      finish(run, technical500(run.http as HttpRequest, frame.handling, 500));
      return;
    }
    frame.status = 500;
    frame.pc = 0;
  }
  if (frame.pc === OWN_HANDLER) {
    finish(run, run.value);
    return;
  }
  if (frame.pc === DEFAULT_HANDLER) {
    // views/defaults.py: requires_csrf_token sends the cookie when a token was handed out.
    const page = asResponse(run.value) as Response;
    csrfResponse(django, run, page);
    finish(run, page);
    return;
  }
  const problem = importUrlconf(django, run);
  if (problem !== null) {
    raiseException(run, problem);
    return;
  }
  const view = appOf(django, run).urlconf?.handlers.get(frame.status);
  if (view !== undefined) {
    frame.pc = OWN_HANDLER;
    run.value = null;
    run.frames.push({
      kind: "decorators",
      pc: 0,
      costNs: 0,
      list: run.views[view]?.decorators ?? [],
      index: 0,
      response: null,
      view,
    });
    return;
  }
  defaultHandler(django, run, frame);
}

/** views/defaults.py: wrapped in requires_csrf_token, which reads the token where it is kept. */
function defaultHandler(django: Django, run: Run, frame: FrameOf<"errorView">): void {
  if (run.csrf.cookie === null && !csrfRequest(django, run)) return;
  if (run.raised !== null || !csrfOfErrorPage(django, run)) return;
  frame.pc = DEFAULT_HANDLER;
  const template = findTemplate(django, run, `${frame.status}.html`);
  if (template === null) {
    run.value = defaultErrorPage(frame.status);
    return;
  }
  run.value = makeResponse("", { status: frame.status });
  run.frames.push({
    kind: "template",
    pc: 0,
    costNs: 0,
    name: `${frame.status}.html`,
    context: errorContext(run, frame),
    target: null,
    bare: frame.status === 500 || frame.status === 400,
  });
}

/** What the templates 404.html and 403.html may show. Source: django/views/defaults.py, 3.2. */
function errorContext(
  run: Run,
  { status, exception }: FrameOf<"errorView">,
): Readonly<Record<string, string>> {
  if (status === 403) return { exception: exception.message };
  if (status !== 404) return {};
  const told = exception.name === "Http404" && exception.message !== "";
  return {
    request_path: urlQuote((run.http as HttpRequest).path, "/"),
    exception: told ? exception.message : exception.name,
  };
}

function logException(
  django: Django,
  run: Run,
  frame: FrameOf<"convert">,
  response: Response,
): void {
  const { exception } = frame;
  const { path } = run.http as HttpRequest;
  const record = recordOf(exception, path, response, settingsOf(django, run).debug);
  frame.pc = DONE;
  if (record === null) return;
  logResponse(django, run, { response, exception, ...record });
  // A handler that failed made it an error, which is mailed with the user's name and the form.
  if (response.status >= 500 && mailsErrors(settingsOf(django, run)))
    frame.pc = run.hasUser ? MAIL : MAIL_POST;
}

/** The log line of an exception's response; null when there is none. */
function recordOf(
  exception: PyException,
  path: string,
  response: Response,
  debug: boolean,
): { readonly format: string; readonly args: readonly string[] } | null {
  switch (exception.name) {
    case "PermissionDenied":
      return { format: "Forbidden (Permission denied): %s", args: [path] };
    case "MultiPartParserError":
      return { format: "Bad request (Unable to parse request body): %s", args: [path] };
    case "BadRequest":
    case "SessionInterrupted":
      return debug ? null : { format: "%s: %s", args: [exception.message, path] };
    default:
      return isUncaught(exception)
        ? { format: "%s: %s", args: [reasonPhrase(response.status), path] }
        : null;
  }
}

function finishConversion(
  django: Django,
  run: Run,
  frame: FrameOf<"convert">,
  response: Response,
): void {
  const { exception } = frame;
  if (isIn(django, run, "handling an exception")) {
    const row = fire(django, run, "convertException", response.status);
    note(django, run, row, () => ({
      values: {
        exception: shortException(exception),
        status: response.status,
        reason: reasonPhrase(response.status),
        debug: settingsOf(django, run).debug,
      },
      cause: causeOf(django, run, exception),
      ...(exception.name === "DisallowedHost" && {
        alternatives: allowedPatterns(settingsOf(django, run)).map((pattern) => ({
          text: pattern,
          verdict: "does not match the Host",
          chosen: false,
        })),
      }),
    }));
  }
  finish(run, response);
}

function causeOf(django: Django, run: Run, exception: PyException): Cause | undefined {
  const settings = settingsOf(django, run);
  if (exception.name === "DisallowedHost")
    return settingCause(settings, "ALLOWED_HOSTS", "none of these matches the Host header");
  if (exception.name === "RequestDataTooBig")
    return settingCause(settings, "DATA_UPLOAD_MAX_MEMORY_SIZE", "the body is larger");
  return settingCause(
    settings,
    "DEBUG",
    settings.debug
      ? "DEBUG shows the exception to the client"
      : "without DEBUG the client sees only a standard page",
  );
}
