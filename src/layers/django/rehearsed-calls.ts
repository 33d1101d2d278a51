// What a crowd's calls have in common: up to the first thing that can be seen from outside, a call with the
// same environ in a process with the same code does the same. The first one is gone through step by step,
// the next ones begin where it came to. A run cannot tell whether anything is remembered here.
import { deepFreeze } from "../../kernel/freeze.ts";
import type { Environ } from "../application.ts";
import { copyOfFrame, copyOfLeft, type Left } from "./call-copies.ts";
import { appOf, type Django, type LoadedApp, settle, worldOf } from "./django.ts";
import { HANDLER_ANSWERS } from "./handler.ts";
import { advance } from "./interpreter.ts";
import type { Project } from "./project.ts";
import type { Frame, Run } from "./run.ts";
import type { Urlconf } from "./urlconf.ts";

interface Rehearsed {
  readonly urlconf: Urlconf | null;
  readonly views: Run["views"];
  readonly state: number;
  readonly left: Left;
  readonly frames: readonly Frame[];
  /** The whole call was gone through: nothing of it will change any more. */
  readonly isWhole: boolean;
}

const known = new WeakMap<Project, WeakMap<Environ, Rehearsed>>();

/** Begins a call, and goes as far as it gets without waiting. */
export function beginCall(django: Django, run: Run): void {
  const app = appOf(django, run);
  if (run.isWatched || !isOrdinary(django, run, app)) {
    advance(django, run);
    return;
  }
  const rehearsed = known.get(app.project)?.get(run.environ);
  if (rehearsed?.urlconf === app.urlconf && rehearsed.views === run.views) {
    repeat(django, run, rehearsed);
    return;
  }
  advance(django, run);
  if (mayBeRepeated(run)) remember(django, run, app);
}

/** Nothing is left of an earlier call of this thread that the beginning depends on. */
function isOrdinary(django: Django, { slot }: Run, app: LoadedApp): boolean {
  return app.urlconf !== null && !app.languages.has(slot) && !worldOf(django).connections.has(slot);
}

/** The call waits for the work that it owes, and nothing in it was its own: no draw, no answer half made. */
function mayBeRepeated(run: Run): boolean {
  const { wait, owedNs, raised, draws, varies, value, frames } = run;
  if (wait !== "cpu" || owedNs === 0 || raised !== null || draws > 0 || varies) return false;
  return isWhole(run) || (value === null && frames.every(hasNoResponse));
}

/** Nothing is left to do but to hand the answer to the server. */
function isWhole({ frames }: Run): boolean {
  return frames.length === 1 && frames[0].pc === HANDLER_ANSWERS;
}

function hasNoResponse(frame: Frame): boolean {
  return !("response" in frame) || frame.response === null;
}

function remember(django: Django, run: Run, { project, urlconf }: LoadedApp): void {
  const whole = isWhole(run);
  const { http, match, session, hasUser, csrf, messages, observed, owedNs, frames, views } = run;
  const left = { http, match, session, hasUser, csrf, messages, observed, owedNs };
  const state = django.sim.stateOf(run.entity);
  // Of a whole call nothing changes any more; of another the next one gets copies.
  const kept = whole
    ? deepFreeze({ left, frames: frames.map(copyOfFrame) })
    : { left: copyOfLeft(left), frames: frames.map(copyOfFrame) };
  let calls = known.get(project);
  if (calls === undefined) {
    calls = new WeakMap();
    known.set(project, calls);
  }
  calls.set(run.environ, { urlconf, views, state, isWhole: whole, ...kept });
}

function repeat(django: Django, run: Run, { state, left, frames, isWhole }: Rehearsed): void {
  const { http, match, session, hasUser, csrf, messages, observed, owedNs } = isWhole
    ? left
    : copyOfLeft(left);
  run.http = http;
  run.match = match;
  run.session = session;
  run.hasUser = hasUser;
  run.csrf = csrf;
  run.messages = messages;
  run.observed = observed;
  run.owedNs = owedNs;
  run.frames = frames.map(copyOfFrame);
  django.sim.skipTo(django.requests, run.entity, state);
  settle(django, run);
}
