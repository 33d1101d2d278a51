// Runs a request through the phases: the checkers decide from what a handler answers whether the next
// handler, the next phase, or the end comes.
// Source: src/http/ngx_http_core_module.c, ngx_http_core_run_phases and ngx_http_core_*_phase (1.22.1).
import { memoByIdentity } from "../../kernel/memo.ts";
import type { Cause, Facts } from "../layer.ts";
import { causeOf } from "./cause.ts";
import { discardBody } from "./client-body.ts";
import type { Core, PhaseEntry } from "./core.ts";
import { CLIENT_MAX_BODY_SIZE, INTERNAL, SATISFY } from "./core-directives.ts";
import { decideKeepalive } from "./keepalive.ts";
import { findLocation, type LocationChoice } from "./location.ts";
import { type RequestTransition, requestMachine } from "./machine.ts";
import { diskPath } from "./paths.ts";
import type { PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { addLocation } from "./response-header.ts";
import { type LocationConf, placeText, settingOf, valueAt } from "./settings.ts";
import { escapeUri } from "./uri.ts";
import { keepCaptures } from "./variables.ts";

/** Runs handlers from the request's current one until one waits or the request has ended. */
export function runPhases(core: Core, request: NginxRequest): void {
  while (!request.finished && request.phaseHandler < core.phases.length) {
    const entry = core.phases[request.phaseHandler];
    if (check(core, request, entry) === "stop") return;
  }
}

type Verdict = "go on" | "stop";

function check(core: Core, request: NginxRequest, entry: PhaseEntry): Verdict {
  switch (entry.phase) {
    case "find-config":
      return findConfig(core, request);
    case "post-rewrite":
      return postRewrite(core, request);
    case "access":
      return access(core, request, entry);
    case "post-access":
      return postAccess(core, request);
    case "content":
      return content(core, request, entry);
    default:
      return generic(core, request, entry);
  }
}

function generic(core: Core, request: NginxRequest, entry: PhaseEntry): Verdict {
  enterPhase(core, request, entry);
  const result = entry.handler(core, request);
  if (result === "next") request.phaseHandler++;
  else if (result === "ok") request.phaseHandler = entry.next;
  else return stop(core, request, result);
  return "go on";
}

function stop(core: Core, request: NginxRequest, result: PhaseResult): Verdict {
  if (typeof result === "number") core.finalize(request, result);
  return "stop";
}

/** The transition that leads from a phase to the next one. */
const ONWARD: Readonly<Record<string, RequestTransition>> = {
  "post-read": "beginServerRewrite",
  rewrite: "beginPreaccess",
  preaccess: "beginAccess",
  access: "beginPrecontent",
  precontent: "beginContent",
};

/** The same by the state's number: the transition's number, or -1 where none leads on. */
const onwardFrom = Int16Array.from(requestMachine.stateNames, (state) => {
  const onward = ONWARD[state];
  return onward === undefined ? -1 : requestMachine.transition[onward];
});

/** Takes the transitions up to a phase; those in which nothing is configured are fine print. */
function enterPhase(core: Core, request: NginxRequest, entry: PhaseEntry): void {
  const { sim, requestMachine: handle } = core;
  const { entity } = request;
  for (let hops = 0; hops < 5; hops++) {
    const state = sim.stateOf(entity);
    const onward = onwardFrom[state];
    if (onward < 0 || requestMachine.stateNames[state] === entry.phase) return;
    const row = sim.fire(handle, entity, onward);
    if (sim.recording(entity))
      sim.note(row, phaseFacts(request, requestMachine.transitionNames[onward]));
  }
}

function phaseFacts(request: NginxRequest, transition: RequestTransition): Facts {
  const { settings } = request.location;
  const isIdle =
    (transition === "beginServerRewrite" && request.server.script.length === 0) ||
    (transition === "beginPreaccess" && !hasLimits(request)) ||
    (transition === "beginAccess" && !hasAccessRules(request)) ||
    (transition === "beginPrecontent" && !settings.has("try_files"));
  if (transition === "beginContent") return contentFacts(request);
  const said = SAID_AT[transition];
  // On the way through after an internal redirect the drawing keeps what was decided before.
  if (isIdle && said !== undefined && !request.internal)
    return { fine: true, values: { [said]: "none set" } };
  if (isIdle) return { fine: true };
  return { values: { location: request.location.label }, cause: phaseCause(request, transition) };
}

/** The first line that has something to do in a phase. */
function phaseCause(request: NginxRequest, transition: RequestTransition): Cause | undefined {
  const { server, location } = request;
  if (transition === "beginServerRewrite")
    return causeOf(server.script[0]?.span, "the server's rewrite directives run first");
  const name = (WORK[transition] ?? []).find((word) => location.settings.has(word)) ?? "";
  return causeOf(location.settings.get(name)?.span, "has a say in this phase");
}

/** The directives that a phase obeys. */
const WORK: Readonly<Partial<Record<RequestTransition, readonly string[]>>> = {
  beginPreaccess: ["limit_req", "limit_conn"],
  beginAccess: ["allow", "deny", "auth_basic", "auth_request"],
  beginPrecontent: ["try_files"],
};

/** Under which name the drawing shows what a phase decided. */
const SAID_AT: Readonly<Partial<Record<RequestTransition, string>>> = {
  beginServerRewrite: "inServer",
  beginPreaccess: "limit",
  beginAccess: "access",
  beginPrecontent: "tried",
};

function hasLimits({ location }: NginxRequest): boolean {
  return location.settings.has("limit_req") || location.settings.has("limit_conn");
}

function hasAccessRules({ location }: NginxRequest): boolean {
  const { settings } = location;
  return ["allow", "deny", "auth_basic", "auth_request"].some((name) => settings.has(name));
}

function contentFacts(request: NginxRequest): Facts {
  const { contentHandler, location } = request;
  const handler = contentHandler ?? "index, autoindex, static";
  const cause = causeOf(location.span, placeText(location));
  return { values: { handler, location: location.label }, cause };
}

function findConfig(core: Core, request: NginxRequest): Verdict {
  core.step(request, "findConfig", 0, () => ({ fine: true }));
  request.contentHandler = null;
  request.uriChanged = false;
  const explain = core.sim.recording(request.entity);
  const choice = findLocation(request.server.locations, request.uri, explain);
  takeLocation(request, choice);
  const { location } = request;
  core.step(request, "chooseLocation", location.line, () => ({
    values: {
      uri: request.uri,
      location: location.label,
      verdict: winningVerdict(choice),
      ...rewriteNote(request),
    },
    cause: causeOf(location.span, winningVerdict(choice)),
    alternatives: choice.trail,
  }));
  if (choice.failure !== null) {
    core.logError(request, "alert", choice.failure);
    core.finalize(request, 500);
    return "stop";
  }
  if (!request.internal && valueAt(location, INTERNAL)) {
    core.finalize(request, 404);
    return "stop";
  }
  noteLocation(core, request);
  enterLocation(core, request);
  if (bodyTooLarge(core, request)) return "stop";
  if (choice.redirectTo !== null) {
    const args = request.args === "" ? "" : `?${request.args}`;
    addLocation(request, escapeUri(choice.redirectTo.name) + args);
    core.finalize(request, 301);
    return "stop";
  }
  request.phaseHandler++;
  return "go on";
}

/** What the drawing shows at the rewrite phase until a line of it acts. */
function rewriteNote({ location, internal }: NginxRequest): { readonly inLocation?: string } {
  if (internal) return {};
  const isEmpty = location.kind === "server" || location.script.length === 0;
  return { inLocation: isEmpty ? "none set" : "" };
}

function winningVerdict({ trail }: LocationChoice): string {
  return trail.find(({ chosen }) => chosen)?.verdict ?? "no location matches";
}

function takeLocation(request: NginxRequest, choice: LocationChoice): void {
  const location = choice.redirectTo ?? choice.location ?? request.server.location;
  request.location = location;
  if (choice.match !== null && location.pattern !== null)
    keepCaptures(request, choice.match, location.pattern.names);
}

const trailOf = memoByIdentity(({ label }: LocationConf) => `location ${label}`);

/** The observation shows the location used last, by a subrequest, too. */
function noteLocation(core: Core, request: NginxRequest): void {
  const main = core.request(request.main) ?? request;
  main.locationLabel = request.location.label;
  const step = trailOf(request.location);
  if (main.trail.length === 0) main.trail = [step];
  else main.trail.push(step);
}

/** What changes when a location's settings begin to hold (ngx_http_update_location_config). */
export function enterLocation(core: Core, request: NginxRequest): void {
  const { limitExcept } = request.location;
  if (limitExcept !== null && !limitExcept.methods.includes(request.method))
    request.location = limitExcept.conf;
  decideKeepalive(core, request);
  if (request.location.handler !== null) request.contentHandler = request.location.handler;
}

function bodyTooLarge(core: Core, request: NginxRequest): boolean {
  const limit = settingOf(request.location, CLIENT_MAX_BODY_SIZE);
  const length = request.contentLengthIn;
  if (length === -1 || request.discardBody || limit.value === 0 || length <= limit.value)
    return false;
  core.logError(request, "error", `client intended to send too large body: ${length} bytes`);
  request.expect100 = false;
  discardBody(core, request);
  core.finalize(request, 413);
  return true;
}

function postRewrite(core: Core, request: NginxRequest): Verdict {
  if (!request.uriChanged) {
    request.phaseHandler++;
    return "go on";
  }
  request.uriChanges--;
  if (request.uriChanges === 0) {
    const what = `rewrite or internal redirection cycle while processing "${request.uri}"`;
    core.logError(request, "error", what);
    core.finalize(request, 500);
    return "stop";
  }
  request.phaseHandler = core.findConfigIndex;
  request.location = request.server.location;
  return "go on";
}

function access(core: Core, request: NginxRequest, entry: PhaseEntry): Verdict {
  if (request.parent !== null) {
    request.phaseHandler = entry.next;
    return "go on";
  }
  enterPhase(core, request, entry);
  const result = entry.handler(core, request);
  if (result === "next") {
    request.phaseHandler++;
    return "go on";
  }
  if (result === "again" || result === "done") return "stop";
  const satisfyAny = valueAt(request.location, SATISFY) === "any";
  if (result === "ok") {
    request.phaseHandler = satisfyAny ? entry.next : request.phaseHandler + 1;
    if (satisfyAny) dropChallenge(request);
    return "go on";
  }
  if (satisfyAny && (result === 403 || result === 401)) {
    if (request.accessCode !== 401) request.accessCode = result;
    request.phaseHandler++;
    return "go on";
  }
  return stop(core, request, result);
}

function dropChallenge(request: NginxRequest): void {
  request.accessCode = 0;
  request.out.list = request.out.list.filter((header) => header.name !== "WWW-Authenticate");
}

function postAccess(core: Core, request: NginxRequest): Verdict {
  const code = request.accessCode;
  if (code === 0) {
    request.phaseHandler++;
    return "go on";
  }
  request.accessCode = 0;
  if (code === 403) core.logError(request, "error", "access forbidden by rule");
  core.finalize(request, code);
  return "stop";
}

function content(core: Core, request: NginxRequest, entry: PhaseEntry): Verdict {
  enterPhase(core, request, entry);
  const handler =
    request.contentHandler === null ? undefined : core.content.get(request.contentHandler);
  const result = (handler ?? entry.handler)(core, request);
  if (result === "ok") core.finalize(request, "ok");
  else if (result !== "next") return stop(core, request, result);
  else if (request.phaseHandler + 1 < core.phases.length) {
    request.phaseHandler++;
    return "go on";
  } else noHandler(core, request);
  return "stop";
}

function noHandler(core: Core, request: NginxRequest): void {
  if (!request.uri.endsWith("/")) {
    core.logError(request, "error", "no handler found");
    core.finalize(request, 404);
    return;
  }
  const { path } = diskPath(core, request, request.uri);
  core.logError(request, "error", `directory index of "${path}" is forbidden`);
  core.finalize(request, 403);
}
