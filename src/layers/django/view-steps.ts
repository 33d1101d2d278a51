// The steps that a scenario gives a view or a middleware, run one after another. The last one that
// makes a response wins.

import { type Chunk, textChunk } from "../../host/network.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import { fromMs } from "../../kernel/time.ts";
import { MEBIBYTE, TOUCH_MEBIBYTE_NS } from "./costs.ts";
import { csrfToken } from "./csrf.ts";
import {
  type Django,
  dateAfter,
  fire,
  isException,
  isIn,
  note,
  pay,
  settingsOf,
  sleep,
} from "./django.ts";
import { echoValue } from "./echo.ts";
import {
  fillerContent,
  headerProblem,
  makeResponse,
  type Response,
  redirectResponse,
  type StreamBody,
  setCookie,
  setHeader,
} from "./http-response.ts";
import { INFO } from "./messages.ts";
import { needBody, needPost, needSession, sessionData } from "./needs.ts";
import { dumpJson } from "./python-json.ts";
import { type PyException, reprText } from "./python-values.ts";
import {
  asResponse,
  type FrameOf,
  finish,
  push,
  type Run,
  raise,
  raiseException,
  type Session,
} from "./run.ts";
import { setting } from "./settings.ts";
import { stepTimeNs } from "./spread.ts";
import { findTemplate } from "./template-files.ts";
import { atomicFrameOf } from "./transactions.ts";
import type { Cookie, RespondStep, Spread, ViewStep } from "./view-spec.ts";

/** The pc counts half steps: an even one begins a step, an odd one takes its frame's result. */
export function stepsFrame(django: Django, run: Run, frame: FrameOf<"steps">): void {
  const step = frame.steps[frame.pc >> 1];
  if (step === undefined) {
    leave(run, frame);
    return;
  }
  if (frame.pc % 2 === 1) {
    const response = asResponse(run.value);
    if (response !== null) frame.response = response;
    frame.pc++;
    return;
  }
  run.value = null;
  if (runStep(django, run, frame, step)) frame.pc++;
}

/** A view without a response answers with its own name; other code returns nothing. */
function leave(run: Run, frame: FrameOf<"steps">): void {
  finish(
    run,
    frame.response ??
      (frame.view === "" || frame.nested === true ? null : makeResponse(`<p>${frame.view}</p>\n`)),
  );
}

/** Begins a step; false when it must be begun again, once what it needs is there. */
function runStep(django: Django, run: Run, frame: FrameOf<"steps">, step: ViewStep): boolean {
  const spreadOut = (ms?: number, spread?: Spread): number => {
    run.varies ||= spread !== undefined;
    return stepTimeNs(django.sim, { ms, spread }, run.request, frame.pc >> 1);
  };
  if ("work" in step) pay(django, run, spreadOut(step.work, step.spread));
  else if ("sleep" in step) sleep(django, run, spreadOut(step.sleep, step.spread));
  else if ("allocate" in step) allocate(django, run, step.allocate);
  else if ("query" in step) runQuery(run, step, spreadOut(step.ms, step.spread));
  else if ("transaction" in step) runTransaction(run, frame, step.transaction);
  else if ("session" in step) return setSession(django, run, step.session);
  else if ("flush" in step) return flushSession(run);
  else if ("login" in step)
    push(run, { kind: "login", pc: 0, costNs: 0, username: step.login, user: null });
  else if ("logout" in step) push(run, { kind: "logout", pc: 0, costNs: 0 });
  else if ("raise" in step) raiseStep(run, step);
  else if ("message" in step) addMessage(django, run, step.message);
  else if ("read" in step)
    return step.read === "POST" ? needPost(django, run) : needBody(django, run);
  else return respondStep(django, run, frame, step);
  return true;
}

/** Every page is touched once; the kernel looks at the limits while that happens. */
function allocate(django: Django, run: Run, mebibytes: number): void {
  run.heldBytes += mebibytes * MEBIBYTE;
  django.host.memory.add(run.pid, mebibytes * MEBIBYTE);
  if (isIn(django, run, "view"))
    note(django, run, fire(django, run, "takeMemory", mebibytes), () => ({}));
  pay(django, run, mebibytes * TOUCH_MEBIBYTE_NS);
}

function runQuery(run: Run, step: Extract<ViewStep, { query: string }>, timeNs: number): void {
  run.frames.push({
    kind: "query",
    pc: 0,
    costNs: 0,
    sql: step.query,
    params: [],
    stepCostNs: step.ms === undefined ? -1 : timeNs,
    rows: step.rows ?? -1,
    counted: true,
    silent: false,
    query: -1,
    startedAt: 0,
  });
}

function runTransaction(run: Run, frame: FrameOf<"steps">, steps: readonly ViewStep[]): void {
  push(
    run,
    atomicFrameOf({
      kind: "steps",
      pc: 0,
      costNs: 0,
      steps,
      response: frame.response,
      view: frame.view,
      nested: true,
    }),
  );
}

function setSession(django: Django, run: Run, values: Readonly<Record<string, string>>): boolean {
  if (!needSession(django, run)) return false;
  Object.assign(sessionData(run), values);
  (run.session as Session).modified = true;
  return true;
}

function flushSession(run: Run): boolean {
  if (run.session === null) {
    raise(run, "AttributeError", "'WSGIRequest' object has no attribute 'session'");
    return false;
  }
  push(run, { kind: "deleteSession", pc: 0, costNs: 0, key: run.session.key, flush: true });
  return true;
}

function addMessage(django: Django, run: Run, text: string): void {
  if (run.messages === null) {
    raiseException(run, {
      name: "MessageFailure",
      message:
        "You cannot add messages without installing django.contrib.messages.middleware.MessageMiddleware",
      context: {
        name: "AttributeError",
        message: "'WSGIRequest' object has no attribute '_messages'",
      },
    });
    return;
  }
  if (INFO >= setting<number>(settingsOf(django, run), "MESSAGE_LEVEL"))
    run.messages.queued.push(text);
}

function raiseStep(
  run: Run,
  { raise: name, message = "" }: { readonly raise: string; readonly message?: string },
): void {
  raise(run, name, exceptionText(name, message));
}

/** str() of an exception: a KeyError's is the key's repr(), a ValidationError's the list of messages. */
function exceptionText(name: string, message: string): string {
  if (message === "") return "";
  if (name === "KeyError") return reprText(message);
  return name === "ValidationError" ? `['${message}']` : message;
}

function respondStep(django: Django, run: Run, frame: FrameOf<"steps">, step: ViewStep): boolean {
  if ("respond" in step) setResponse(run, respond(django, step.respond));
  else if ("json" in step)
    setResponse(run, makeResponse(jsonOf(step), { status: step.status, type: "application/json" }));
  else if ("redirect" in step)
    setResponse(run, redirectResponse(step.redirect, step.permanent === true));
  else if ("csrf" in step) setResponse(run, makeResponse(formWithToken(csrfToken(django, run))));
  else if ("render" in step) render(django, run, step);
  else if ("echo" in step) return echo(django, run, step.echo);
  else if ("header" in step) addHeader(run, frame, step.header);
  else if ("allowed" in step) setResponse(run, methodNotAllowed(step.allowed));
  return true;
}

/** The text of a step's value, which is the scenario's and never changes. */
const jsonOf = memoByIdentity((step: { readonly json: unknown }) => dumpJson(step.json));

function setResponse(run: Run, response: Response | PyException): void {
  if (isException(response)) raiseException(run, response);
  else run.value = response;
}

function formWithToken(token: string): string {
  return `<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="${token}"></form>\n`;
}

function methodNotAllowed(allowed: readonly string[]): Response {
  const response = makeResponse("", { status: 405 });
  setHeader(response, "Allow", allowed.join(", "));
  return response;
}

function respond(django: Django, step: RespondStep): Response | PyException {
  const options = { status: step.status, type: step.type };
  const response = makeResponse(step.stream === undefined ? contentOf(step) : [], options);
  if (step.stream !== undefined) response.stream = streamOf(step.stream);
  for (const [name, value] of Object.entries(step.headers ?? {})) {
    const problem = headerProblem(value);
    if (problem !== null) return problem;
    setHeader(response, name, value);
  }
  for (const [name, value] of Object.entries(step.cookies ?? {}))
    addCookie(django, response, { name, cookie: value });
  return response;
}

function contentOf(step: RespondStep): string | readonly Chunk[] {
  if (step.body !== undefined) return step.body;
  return step.bytes === undefined ? "ok\n" : fillerContent(step.bytes);
}

function streamOf(stream: NonNullable<RespondStep["stream"]>): StreamBody {
  const raiseAfter = stream.raise === undefined ? -1 : Number(stream.raise);
  return {
    chunks: stream.chunks,
    bytes: stream.bytes,
    sleepNs: fromMs(stream.sleep ?? 0),
    raiseAfter: Number.isFinite(raiseAfter) ? raiseAfter : stream.chunks - 1,
    gzip: null,
  };
}

interface NamedCookie {
  readonly name: string;
  readonly cookie: string | Cookie;
}

/** set_cookie(): a lifetime is told twice, as Max-Age and as a date. */
function addCookie(django: Django, response: Response, { name, cookie }: NamedCookie): void {
  if (typeof cookie === "string") {
    setCookie(response, name, cookie);
    return;
  }
  const text = (key: string): string | undefined =>
    cookie[key] === undefined || cookie[key] === null ? undefined : String(cookie[key]);
  const given = cookie.max_age ?? cookie["max-age"];
  const maxAge = typeof given === "number" ? given : undefined;
  setCookie(response, name, cookie.value, {
    path: text("path"),
    domain: text("domain"),
    samesite: text("samesite"),
    expires: text("expires") ?? (maxAge === undefined ? undefined : dateAfter(django, maxAge)),
    maxAge,
    secure: cookie.secure === true,
    httponly: cookie.httponly === true,
  });
}

function render(django: Django, run: Run, step: Extract<ViewStep, { render: string }>): void {
  const found = findTemplate(django, run, step.render);
  if (found === null && step.bytes !== undefined) {
    // A template that the scenario describes by its size alone.
    pay(django, run, fromMs(step.ms ?? 0));
    run.value = makeResponse(fillerContent(step.bytes));
    return;
  }
  run.value = null;
  run.frames.push({
    kind: "template",
    pc: 0,
    costNs: fromMs(step.ms ?? 0),
    name: step.render,
    context: (step.context ?? {}) as Record<string, unknown>,
    target: null,
  });
}

function echo(django: Django, run: Run, names: readonly string[]): boolean {
  const parts: string[] = [];
  for (const name of names) {
    const value = echoValue(django, run, name);
    if (value === null) return false;
    parts.push(`${dumpJson(name)}: ${value}`);
  }
  run.value = makeResponse([textChunk(`{${parts.join(", ")}}`)], { type: "application/json" });
  return true;
}

/** In a response hook the header goes on the response that passes by. */
function addHeader(
  run: Run,
  frame: FrameOf<"steps">,
  [name, value]: readonly [string, string],
): void {
  const problem = headerProblem(value);
  if (problem !== null) {
    raiseException(run, problem);
    return;
  }
  if (frame.response === null) frame.response = makeResponse("");
  setHeader(frame.response, name, value);
}
