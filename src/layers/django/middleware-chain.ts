// The chain: each middleware is a frame that sees the request on its way in and the response on its
// way out, and each is wrapped by convert_exception_to_response.
// Source: django/utils/deprecation.py, MiddlewareMixin; django/core/handlers/base.py, 3.2.
import { CONVERT_NS, MIDDLEWARE_IN_NS, MIDDLEWARE_OUT_NS } from "./costs.ts";
import { appOf, type Django, fire, isIn, note, passed } from "./django.ts";
import { earlyAnswer } from "./early-answer.ts";
import { propagates } from "./exceptions.ts";
import { responseMessage } from "./handler.ts";
import { type Response, reasonPhrase } from "./http-response.ts";
import { requestChange, responseChange, responseLines } from "./middleware-changes.ts";
import { processRequest, processResponse } from "./middleware-hooks.ts";
import { OWN_PURPOSE, PURPOSES, type Purpose } from "./middleware-purposes.ts";
import type { ChainLink } from "./project.ts";
import { asResponse, type FrameOf, finish, push, type Run } from "./run.ts";
import { spanCause } from "./settings.ts";
import { NOT_CAUGHT, shortException } from "./traceback.ts";

const REQUEST_RETURNED = 1;
const INNER_RETURNED = 2;
const RESPONSE_HOOK = 3;
const RESPONSE_RETURNED = 4;
const CONVERTED = 5;
const REQUEST_HOOK = 6;

export function middlewareFrame(django: Django, run: Run, frame: FrameOf<"middleware">): void {
  const link = appOf(django, run).project.chain[frame.index];
  if (run.raised !== null) {
    caught(django, run, frame, link);
    return;
  }
  switch (frame.pc) {
    case 0:
      enter(django, run, frame, link);
      return;
    case REQUEST_HOOK:
      askRequestHook(django, run, frame, link);
      return;
    case REQUEST_RETURNED: {
      const response = asResponse(run.value);
      noteRequestChange(django, run, frame, link);
      if (response === null) {
        callInner(django, run, frame);
        return;
      }
      answerEarly(django, run, link, response);
      frame.response = response;
      // A project's own middleware is a __call__ that returns at once; MiddlewareMixin goes on to
      // process_response with its own answer.
      frame.pc = link.own === null ? RESPONSE_HOOK : RESPONSE_RETURNED;
      if (link.own !== null) rememberResponse(django, run, frame);
      return;
    }
    case INNER_RETURNED:
      frame.response = asResponse(run.value);
      frame.pc = RESPONSE_HOOK;
      frame.costNs = MIDDLEWARE_OUT_NS;
      return;
    case RESPONSE_HOOK:
      run.value = null;
      rememberResponse(django, run, frame);
      if (processResponse(django, run, link, frame.response as Response))
        frame.pc = RESPONSE_RETURNED;
      return;
    case RESPONSE_RETURNED:
      leave(django, run, frame, link);
      return;
    default:
      finish(run, run.value);
  }
}

function enter(django: Django, run: Run, frame: FrameOf<"middleware">, link: ChainLink): void {
  passed(django, run, link.name, "request");
  const row = fire(django, run, "callMiddleware", frame.index);
  note(django, run, row, () => ({
    values: {
      name: link.name,
      purpose: purposeOf(link).request,
      depth: frame.index,
      direction: "in",
      index: frame.index + 1,
      count: appOf(django, run).project.chain.length,
    },
    cause: spanCause(link.span, `number ${frame.index + 1} of MIDDLEWARE`),
  }));
  if (django.sim.recording(run.entity)) frame.row = row;
  askRequestHook(django, run, frame, link);
}

/** Asked again after what it waits for, such as the session's data. */
function askRequestHook(
  django: Django,
  run: Run,
  frame: FrameOf<"middleware">,
  link: ChainLink,
): void {
  frame.pc = REQUEST_RETURNED;
  run.value = null;
  if (!processRequest(django, run, link)) frame.pc = REQUEST_HOOK;
}

function purposeOf(link: ChainLink): Purpose {
  return link.stock === null ? OWN_PURPOSE : PURPOSES[link.stock];
}

/** What it left on the request, beside the words of its way in. */
function noteRequestChange(
  django: Django,
  run: Run,
  { row, index }: FrameOf<"middleware">,
  link: ChainLink,
): void {
  if (row === undefined) return;
  const change = requestChange(run, link);
  note(django, run, row, () => ({ values: { change, [`in ${index}`]: change } }));
}

function rememberResponse(django: Django, run: Run, frame: FrameOf<"middleware">): void {
  if (frame.before !== undefined || !django.sim.recording(run.entity)) return;
  frame.before = responseLines(frame.response as Response);
}

function callInner(django: Django, run: Run, frame: FrameOf<"middleware">): void {
  frame.pc = INNER_RETURNED;
  const { chain } = appOf(django, run).project;
  const index = frame.index + 1;
  push(
    run,
    index < chain.length
      ? { kind: "middleware", pc: 0, costNs: MIDDLEWARE_IN_NS, index, response: null }
      : { kind: "innermost", pc: 0, costNs: 0 },
  );
}

function answerEarly(django: Django, run: Run, link: ChainLink, response: Response): void {
  const row = fire(django, run, "answerEarly", response.status);
  note(django, run, row, () => {
    const { why, cause } = earlyAnswer(django, run, link, response);
    const reason = reasonPhrase(response.status);
    return {
      values: { name: link.name, status: response.status, reason, why },
      cause,
      messages: [responseMessage(`${response.status} ${reason}`, response.headers, response)],
    };
  });
}

function leave(django: Django, run: Run, frame: FrameOf<"middleware">, link: ChainLink): void {
  const response = asResponse(run.value) ?? (frame.response as Response);
  passed(django, run, link.name, "response");
  const row = fire(django, run, "returnThroughMiddleware", frame.index);
  note(django, run, row, () => {
    const change = responseChange(frame.before ?? [], responseLines(response));
    return {
      values: {
        name: link.name,
        purpose: purposeOf(link).response,
        change,
        [`out ${frame.index}`]: change,
        depth: frame.index,
        direction: "out",
        status: response.status,
        headers: response.headers.map(([name]) => name).join(", "),
      },
      cause: spanCause(link.span, "responses pass MIDDLEWARE from the last to the first"),
    };
  });
  finish(run, response);
}

/** What the middleware or something inside it raised: an Exception becomes a response right here. */
function caught(django: Django, run: Run, frame: FrameOf<"middleware">, link: ChainLink): void {
  const exception = run.raised;
  if (exception === null) return;
  if (frame.pc === CONVERTED) {
    // The error handler raised too: nothing is left to catch it at this layer.
    run.frames.pop();
    return;
  }
  const name = exception.name.slice(exception.name.lastIndexOf(".") + 1);
  passed(django, run, link.name, `raised ${name}`);
  if (NOT_CAUGHT.has(exception.name) || propagates(django, run, exception)) {
    run.frames.pop();
    return;
  }
  run.raised = null;
  if (!isIn(django, run, "handling an exception")) {
    const row = fire(django, run, "raiseException");
    note(django, run, row, () => ({
      values: { exception: shortException(exception), where: link.name },
      cause: spanCause(link.span, "this middleware raised"),
    }));
  } else {
    fire(django, run, "failToConvert");
  }
  frame.pc = CONVERTED;
  push(run, { kind: "convert", pc: 0, costNs: CONVERT_NS, exception, response: null });
}
