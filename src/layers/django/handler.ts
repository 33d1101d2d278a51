// WSGIHandler: the outermost frame of a call. It makes the request, calls the chain, logs what nobody
// logged, and hands status and headers to the server.
// Source: django/core/handlers/wsgi.py, WSGIHandler.__call__; base.py, get_response, 3.2.
import { memoByIdentity } from "../../kernel/memo.ts";
import type { Message } from "../layer.ts";
import { MIDDLEWARE_IN_NS } from "./costs.ts";
import {
  appOf,
  type Django,
  fire,
  forgetRun,
  isException,
  isIn,
  note,
  settingsOf,
  worldOf,
} from "./django.ts";
import { type HttpRequest, makeRequest } from "./http-request.ts";
import {
  contentBytes,
  contentText,
  cookieText,
  type Response,
  reasonPhrase,
} from "./http-response.ts";
import { logResponse, mailsErrors } from "./logs.ts";
import { needUser } from "./needs.ts";
import type { PyException } from "./python-values.ts";
import { closeOldConnections } from "./queries.ts";
import { asResponse, type FrameOf, push, type Run } from "./run.ts";
import { sendNext } from "./sending.ts";
import { shortException, tracebackOf } from "./traceback.ts";

/** The place in the handler's frame from which only the server is answered. */
export const HANDLER_ANSWERS = 4;

export function handlerFrame(django: Django, run: Run, frame: FrameOf<"handler">): void {
  if (run.raised !== null) {
    // The report that is mailed for a 500 swallows what goes wrong in it.
    if (frame.pc !== 3) {
      crash(django, run, run.raised);
      return;
    }
    run.raised = null;
    frame.pc = HANDLER_ANSWERS;
  }
  switch (frame.pc) {
    case 0:
      begin(django, run, frame);
      return;
    case 1:
      frame.response = asResponse(run.value);
      frame.pc = 2;
      return;
    case 2:
      logUnlogged(django, run, frame);
      return;
    case 3:
      if (!needUser(django, run)) return;
      frame.pc = HANDLER_ANSWERS;
      return;
    default:
      run.frames.pop();
      startSending(django, run, frame.response as Response);
  }
}

function begin(django: Django, run: Run, frame: FrameOf<"handler">): void {
  const settings = settingsOf(django, run);
  closeOldConnections(django, run.slot);
  const http = makeRequest(settings, run.environ);
  if (isException(http)) {
    crash(django, run, http);
    return;
  }
  run.http = http;
  const row = fire(django, run, "makeRequest");
  note(django, run, row, () => ({
    values: { method: http.method, path: http.path, query: http.query, ...sceneStart(django, run) },
    cause: { file: settings.file, line: 1, note: "the settings that this process imported" },
    messages: [requestTable(http)],
  }));
  frame.pc = 1;
  const { chain } = appOf(django, run).project;
  push(
    run,
    chain.length > 0
      ? { kind: "middleware", pc: 0, costNs: MIDDLEWARE_IN_NS, index: 0, response: null }
      : { kind: "innermost", pc: 0, costNs: 0 },
  );
}

/** What the stage draws of the chain: a ring for each middleware, and what lies inside. */
function sceneStart(django: Django, run: Run): Readonly<Record<string, string | number>> {
  const { chain } = appOf(django, run).project;
  return { rings: chain.map((link) => shortName(link.name)).join(" "), depth: -1, direction: "in" };
}

/** `Security` of SecurityMiddleware. */
export function shortName(name: string): string {
  return name.replace(/(?<=.)Middleware$/, "");
}

function requestTable(http: HttpRequest): Message {
  const fields = [
    { name: "method", value: http.method },
    { name: "path", value: http.path },
    { name: "path_info", value: http.pathInfo },
    { name: "GET", value: http.query },
    { name: "content_type", value: http.contentType },
    {
      name: "COOKIES",
      value: [...http.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    },
    ...[...http.environ]
      .filter(([name]) => name.startsWith("HTTP_") || name === "REMOTE_ADDR")
      .map(([name, value]) => ({ name: `META['${name}']`, value })),
  ];
  return { kind: "table", title: "HttpRequest", fields };
}

function logUnlogged(django: Django, run: Run, frame: FrameOf<"handler">): void {
  const response = frame.response as Response;
  frame.pc = HANDLER_ANSWERS;
  if (response.status < 400 || response.logged) return;
  const http = run.http as HttpRequest;
  logResponse(django, run, {
    response,
    format: "%s: %s",
    args: [reasonPhrase(response.status), http.path],
  });
  if (response.status >= 500 && run.hasUser && mailsErrors(settingsOf(django, run))) frame.pc = 3;
}

/** An exception leaves the application: the server hears of it. */
export function crash(django: Django, run: Run, exception: PyException): void {
  run.frames = [];
  run.raised = null;
  const name = exception.name.slice(exception.name.lastIndexOf(".") + 1);
  if (
    isIn(django, run, "view") ||
    isIn(django, run, "view middleware") ||
    isIn(django, run, "resolving the URL")
  )
    fire(django, run, "raiseException");
  const row = fire(django, run, "crash");
  note(django, run, row, () => ({ values: { exception: shortException(exception) } }));
  // What happens to a body that is being sent comes too late for the observation.
  if (!run.started) {
    observe(django, run, { crashed: true, exception: name });
    forgetRun(django, run);
  }
  django.servers[run.server].raised(run.slot, exception.name, tracebackOf(exception));
}

/** What start_response is called with. */
interface Start {
  readonly status: string;
  readonly headers: readonly (readonly [string, string])[];
}

function startOf({ status, headers, cookies }: Response): Start {
  const cookieLines = cookies.map((cookie) => ["Set-Cookie", cookieText(cookie)] as const);
  return { status: `${status} ${reasonPhrase(status)}`, headers: [...headers, ...cookieLines] };
}

/** A rehearsed answer never changes: its lines are made once, and frozen, which tells the server so. */
const knownStart = memoByIdentity((response: Response): Start => {
  const { status, headers } = startOf(response);
  return { status, headers: Object.freeze(headers) };
});

function startSending(django: Django, run: Run, response: Response): void {
  run.response = response;
  run.started = true;
  const { status, headers } = Object.isFrozen(response) ? knownStart(response) : startOf(response);
  const row = fire(django, run, "startResponse", response.status);
  note(django, run, row, () => ({
    values: {
      status: response.status,
      reason: reasonPhrase(response.status),
      bytes: contentBytes(response),
      headers: headers.length,
    },
    messages: [responseMessage(status, headers, response)],
  }));
  observe(django, run, {});
  if (django.host.sink.wants(run.request)) django.host.sink.observe(run.request, { by: "django" });
  run.wait = "next";
  django.servers[run.server].startResponse(run.slot, status, headers);
  // Unless the server has given up over the headers, it iterates at once.
  if (worldOf(django).runs.get(run.slot) === run) sendNext(django, run);
}

export function responseMessage(
  status: string,
  headers: readonly (readonly [string, string])[],
  response: Response,
): Message {
  const head = `HTTP/1.1 ${status}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}`;
  const body = contentText(response) ?? undefined;
  return { kind: "http", title: "HttpResponse", head, body, bodyBytes: contentBytes(response) };
}

/** Tells the recorder what happened to the request in Django. */
export function observe(
  django: Django,
  run: Run,
  more: { readonly crashed?: true; readonly exception?: string },
): void {
  const { sink } = django.host;
  if (!sink.wants(run.request)) return;
  const { observed } = run;
  // What a later error of the handling raised is listed, but the first is what happened to the request.
  const exception = more.exception ?? observed.exceptions[0];
  sink.observe(run.request, {
    django: {
      middleware: observed.middleware,
      ...(observed.view !== undefined && { view: observed.view }),
      ...(observed.view === undefined &&
        observed.matched !== undefined && { matched: observed.matched }),
      ...(observed.urlName !== undefined && { urlName: observed.urlName }),
      ...(observed.kwargs !== undefined && { kwargs: observed.kwargs }),
      ...(observed.args !== undefined && { args: observed.args }),
      ...(exception !== undefined && { exception }),
      ...(observed.exceptions.length > 1 && { exceptions: observed.exceptions }),
      ...(more.crashed === true && { crashed: true }),
      queries: observed.queries,
      ...(observed.sql.length > 0 && { sql: observed.sql }),
      unfinished: undefined,
    },
  });
}
