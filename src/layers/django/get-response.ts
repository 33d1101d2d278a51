// The innermost part: find the view, ask process_view, call the view, let process_exception answer for
// it. Source: django/core/handlers/base.py, BaseHandler._get_response, 3.2.
import type { Alternative, Facts } from "../layer.ts";
import { CONVERT_NS, RESOLVE_NS, URLCONF_NS, VIEW_NS } from "./costs.ts";
import { logRejection } from "./csrf.ts";
import { appOf, type Django, fire, isIn, note, passed, settingsOf } from "./django.ts";
import { refusalWords } from "./early-answer.ts";
import { propagates } from "./exceptions.ts";
import { responseMessage } from "./handler.ts";
import type { HttpRequest } from "./http-request.ts";
import { type Response, reasonPhrase } from "./http-response.ts";
import { csrfVerdict } from "./middleware-changes.ts";
import { processException, processView } from "./middleware-hooks.ts";
import type { PyException } from "./python-values.ts";
import { languagePrefixOf, type ResolverMatch, resolvePath, type Tried } from "./resolver.ts";
import {
  asResponse,
  type FrameOf,
  finish,
  type Observed,
  push,
  type Run,
  raise,
  raiseException,
} from "./run.ts";
import { spanCause } from "./settings.ts";
import { NOT_CAUGHT, shortException } from "./traceback.ts";
import { currentUrlconf, importUrlconf, languageOf } from "./url-state.ts";

/** convert_exception_to_response around _get_response. */
export function innermostFrame(django: Django, run: Run, frame: FrameOf<"innermost">): void {
  const exception = run.raised;
  if (exception !== null) {
    if (frame.pc === 2 || NOT_CAUGHT.has(exception.name) || propagates(django, run, exception)) {
      run.frames.pop();
      return;
    }
    run.raised = null;
    noteRaised(django, run, exception);
    frame.pc = 2;
    push(run, { kind: "convert", pc: 0, costNs: CONVERT_NS, exception, response: null });
    return;
  }
  if (frame.pc > 0) {
    finish(run, run.value);
    return;
  }
  frame.pc = 1;
  push(run, {
    kind: "getResponse",
    pc: 0,
    costNs: RESOLVE_NS,
    index: 0,
    response: null,
    raised: null,
  });
}

function noteRaised(django: Django, run: Run, exception: PyException): void {
  if (isIn(django, run, "handling an exception")) return;
  const row = fire(django, run, "raiseException");
  note(django, run, row, () => ({
    values: {
      exception: shortException(exception),
      where: run.observed.view ?? "the URL resolver",
    },
  }));
}

const RESOLVED = 1;
const VIEW_HOOK = 7;
const VIEW_MIDDLEWARE = 2;
const VIEW_RETURNED = 3;
const EXCEPTION_HOOK = 4;
const TEMPLATE = 5;
const DONE = 6;

export function getResponseFrame(django: Django, run: Run, frame: FrameOf<"getResponse">): void {
  if (run.raised !== null) {
    if (frame.pc === VIEW_RETURNED && !NOT_CAUGHT.has(run.raised.name)) {
      viewRaised(django, run, frame);
      return;
    }
    if (frame.pc === EXCEPTION_HOOK && frame.raised !== null)
      run.raised = { ...run.raised, context: frame.raised };
    run.frames.pop();
    return;
  }
  switch (frame.pc) {
    case 0:
      resolve(django, run, frame);
      return;
    case RESOLVED:
      nextProcessView(django, run, frame);
      return;
    case VIEW_HOOK:
      if (processView(django, run, appOf(django, run).project.chain[frame.index - 1])) {
        noteVerdict(django, run, frame);
        frame.pc = VIEW_MIDDLEWARE;
      }
      return;
    case VIEW_MIDDLEWARE:
      processViewReturned(django, run, frame);
      return;
    case VIEW_RETURNED:
      viewReturned(django, run, frame);
      return;
    case EXCEPTION_HOOK:
      exceptionHookReturned(django, run, frame);
      return;
    case TEMPLATE:
      renderTemplateResponse(run, frame);
      return;
    default:
      finish(run, frame.response);
  }
}

function resolve(django: Django, run: Run, frame: FrameOf<"getResponse">): void {
  if (appOf(django, run).urlconf === null) {
    const problem = importUrlconf(django, run);
    if (problem !== null) {
      raiseException(run, problem);
      return;
    }
    frame.costNs = URLCONF_NS;
    return;
  }
  const http = run.http as HttpRequest;
  const row = fire(django, run, "resolveUrl");
  const urlconf = currentUrlconf(django, run);
  const wanted = django.sim.recording(run.entity);
  const tried: Tried[] | null = wanted ? [] : null;
  const settings = settingsOf(django, run);
  const prefix = languagePrefixOf(urlconf, languageOf(django, run), settings.languageCode);
  const match = resolvePath(urlconf, http.pathInfo, prefix, tried);
  note(django, run, row, () => ({
    values: {
      path: http.pathInfo,
      urlconf: settings.rootUrlconf,
      depth: appOf(django, run).project.chain.length,
      "inside urls.py": "now",
      "detail urls.py": http.pathInfo,
    },
    alternatives: (tried ?? []).map((entry) => alternative(entry, match)),
  }));
  if (match === null) {
    raise(run, "Resolver404", "");
    return;
  }
  run.match = Object.freeze(match);
  noteMatch(django, run, match);
  frame.pc = RESOLVED;
}

function alternative(
  { node, rest, matched, depth }: Tried,
  match: ResolverMatch | null,
): Alternative {
  const chosen = match !== null && node === match.pattern;
  const kind = node.kind === "resolver" ? "the include's prefix" : "the pattern";
  const verdict = chosen
    ? "matches to the end"
    : matched
      ? `${kind} matches; nothing inside it does`
      : `does not match “${rest}”`;
  return {
    text: "  ".repeat(depth - 1) + node.written,
    verdict,
    chosen,
    cause: spanCause(node.route.span, verdict),
  };
}

function noteMatch(django: Django, run: Run, match: ResolverMatch): void {
  const { observed } = run;
  observed.matched = match.pattern.view;
  if (match.urlName !== null) observed.urlName = match.urlName;
  if (django.host.sink.wants(run.request)) observeArguments(observed, match);
  const row = fire(django, run, "matchPattern");
  note(
    django,
    run,
    row,
    (): Facts => ({
      values: {
        view: match.pattern.view,
        pattern: match.pattern.written,
        name: match.urlName,
        "inside urls.py": "done",
        "detail urls.py": match.pattern.written,
        kwargs: [...match.kwargs].map(([name, value]) => `${name}=${value.text}`).join(", "),
      },
      cause: spanCause(match.pattern.route.span, "the first pattern that matches the whole path"),
    }),
  );
}

function observeArguments(observed: Observed, match: ResolverMatch): void {
  if (match.kwargs.size > 0)
    observed.kwargs = Object.fromEntries(
      [...match.kwargs].map(([name, value]) => [name, value.text]),
    );
  if (match.args.length > 0) observed.args = match.args.map((argument) => argument.text);
}

/** process_view from the first middleware to the last. */
function nextProcessView(django: Django, run: Run, frame: FrameOf<"getResponse">): void {
  const { chain } = appOf(django, run).project;
  while (frame.index < chain.length) {
    const link = chain[frame.index++];
    if (link.stock !== "csrf" && link.own?.view === undefined) continue;
    passed(django, run, link.name, "view");
    const row = fire(django, run, "callViewMiddleware", frame.index - 1);
    note(django, run, row, () => ({
      values: { name: link.name, csrf: link.stock === "csrf" },
      cause: spanCause(link.span, "its process_view runs before the view"),
    }));
    if (django.sim.recording(run.entity)) frame.row = row;
    frame.pc = VIEW_HOOK;
    run.value = null;
    return;
  }
  callView(django, run, frame);
}

/** What the CSRF check found, beside the words of its process_view. */
function noteVerdict(django: Django, run: Run, { row, index }: FrameOf<"getResponse">): void {
  const { stock } = appOf(django, run).project.chain[index - 1];
  if (row === undefined || stock !== "csrf") return;
  note(django, run, row, () => ({ values: { change: csrfVerdict(run) } }));
}

function processViewReturned(django: Django, run: Run, frame: FrameOf<"getResponse">): void {
  const response = asResponse(run.value);
  frame.pc = RESOLVED;
  if (response === null) return;
  const refusal = run.csrf.rejection;
  logRejection(django, run, response);
  const link = appOf(django, run).project.chain[frame.index - 1];
  const row = fire(django, run, "answerEarly", response.status);
  note(django, run, row, () => ({
    values: {
      name: link.name,
      status: response.status,
      reason: reasonPhrase(response.status),
      why: refusal === null ? "" : refusalWords(django, run, refusal),
    },
    cause: spanCause(link.span, "its process_view answered: the view is not called"),
    messages: [
      responseMessage(
        `${response.status} ${reasonPhrase(response.status)}`,
        response.headers,
        response,
      ),
    ],
  }));
  frame.response = response;
  frame.pc = TEMPLATE;
}

function callView(django: Django, run: Run, frame: FrameOf<"getResponse">): void {
  const match = run.match as ResolverMatch;
  const { view } = match.pattern;
  const spec = run.views[view];
  if (django.host.sink.wants(run.request)) run.observed.middleware.push("view");
  run.observed.view = view;
  frame.pc = VIEW_RETURNED;
  const row = fire(django, run, "callView");
  note(django, run, row, () => ({
    values: {
      view,
      "inside view": "now",
      "detail view": view,
      kwargs: [...match.kwargs].map(([name, value]) => `${name}=${value.repr}`).join(", "),
    },
    cause: spanCause(match.pattern.route.span, "this pattern names the view"),
  }));
  const list = [...match.pattern.decorators, ...(spec?.decorators ?? [])];
  const atomic =
    settingsOf(django, run).database.ATOMIC_REQUESTS === true &&
    !list.includes("non_atomic_requests");
  run.value = null;
  run.frames.push({
    kind: "decorators",
    pc: 0,
    costNs: VIEW_NS,
    list: atomic ? ["atomic", ...list] : list,
    index: 0,
    response: null,
    view,
  });
}

function viewReturned(django: Django, run: Run, frame: FrameOf<"getResponse">): void {
  const response = asResponse(run.value);
  if (response === null) {
    const view = run.observed.view ?? "";
    frame.pc = DONE;
    raise(
      run,
      "ValueError",
      `The view ${view} didn't return an HttpResponse object. It returned None instead.`,
    );
    return;
  }
  noteReturned(django, run, response);
  frame.response = response;
  frame.pc = TEMPLATE;
}

function noteReturned(django: Django, run: Run, response: Response): void {
  const row = fire(django, run, "returnResponse", response.status);
  note(django, run, row, () => ({
    values: {
      status: response.status,
      reason: reasonPhrase(response.status),
      view: run.observed.view,
      "inside view": "done",
    },
    messages: [
      responseMessage(
        `${response.status} ${reasonPhrase(response.status)}`,
        response.headers,
        response,
      ),
    ],
  }));
}

/** process_exception from the last middleware to the first. */
function viewRaised(django: Django, run: Run, frame: FrameOf<"getResponse">): void {
  const exception = run.raised as PyException;
  run.raised = null;
  frame.raised = exception;
  frame.index = appOf(django, run).project.chain.length;
  noteRaised(django, run, exception);
  nextProcessException(django, run, frame);
}

function nextProcessException(django: Django, run: Run, frame: FrameOf<"getResponse">): void {
  const { chain } = appOf(django, run).project;
  while (frame.index > 0) {
    const link = chain[--frame.index];
    if (link.own?.exception === undefined) continue;
    passed(django, run, link.name, "exception");
    frame.pc = EXCEPTION_HOOK;
    run.value = null;
    processException(django, run, link);
    return;
  }
  frame.pc = DONE;
  raiseException(run, frame.raised as PyException);
}

function exceptionHookReturned(django: Django, run: Run, frame: FrameOf<"getResponse">): void {
  const response = asResponse(run.value);
  if (response === null) {
    nextProcessException(django, run, frame);
    return;
  }
  const link = appOf(django, run).project.chain[frame.index];
  const row = fire(django, run, "handleByMiddleware", response.status);
  note(django, run, row, () => ({
    values: { name: link.name, status: response.status },
    cause: spanCause(link.span, "its process_exception answered for the view"),
  }));
  frame.response = response;
  frame.pc = TEMPLATE;
}

/** A TemplateResponse is rendered after the view, outside its transaction. */
function renderTemplateResponse(run: Run, frame: FrameOf<"getResponse">): void {
  const template = frame.response?.template ?? null;
  frame.pc = DONE;
  if (template === null) return;
  run.value = frame.response;
  run.frames.push({
    kind: "template",
    pc: 0,
    costNs: 0,
    name: template.name,
    context: {},
    target: null,
  });
}
