// Runs the rewrite module's script of a server or location: rewrite, return, set, if, break.
// Source: src/http/modules/ngx_http_rewrite_module.c; src/http/ngx_http_script.c (1.22.1).

import type { DiskNode } from "../../host/disk.ts";
import { textChunk } from "../../host/network.ts";
import type { Alternative } from "../layer.ts";
import { causeOf } from "./cause.ts";
import { discardBody } from "./client-body.ts";
import type { Core } from "./core.ts";
import { isMissing, logDiskError, setContentType, testFile } from "./paths.ts";
import { matchFailure, type Pattern } from "./pattern.ts";
import { enterLocation } from "./phase-engine.ts";
import type { PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { sendBody } from "./response-body.ts";
import { addLocation, sendHeader } from "./response-header.ts";
import {
  conditionText,
  linesLostInside,
  type ScriptVerdicts,
  scriptAlternatives,
} from "./rewrite-facts.ts";
import type { Condition, ScriptStep } from "./settings.ts";
import type { Template } from "./template.ts";
import { escapeArgs, unescapeRedirect } from "./uri.ts";
import { evaluateTemplate, keepCaptures, VALUE_MAX, variableOf } from "./variables.ts";

/** The server's script. */
export function rewriteServer(core: Core, request: NginxRequest): PhaseResult {
  return beginScript(core, request, request.server.script) ?? "next";
}

/** The location's script; not that of the server when no location matched. */
export function rewriteLocation(core: Core, request: NginxRequest): PhaseResult {
  if (request.location.kind === "server") return "next";
  return beginScript(core, request, request.location.script) ?? "next";
}

/** A script that is being run; the verdicts are kept only for those who look. */
interface Script {
  readonly steps: readonly ScriptStep[];
  readonly verdicts: ScriptVerdicts | null;
}

function beginScript(core: Core, request: NginxRequest, steps: readonly ScriptStep[]): Outcome {
  if (steps.length === 0) return null;
  const verdicts = core.sim.recording(request.entity) ? new Map() : null;
  return runScript(core, request, { steps, verdicts });
}

type Outcome = PhaseResult | null;

/** Runs steps in order; null when the script ran to its end, "next" when it was left early. */
function runScript(core: Core, request: NginxRequest, script: Script): Outcome {
  for (const step of script.steps) {
    const outcome = runStep(core, request, step, script);
    if (outcome !== null) return outcome;
  }
  return null;
}

function runStep(core: Core, request: NginxRequest, step: ScriptStep, script: Script): Outcome {
  switch (step.kind) {
    case "break":
      request.uriChanged = false;
      return "next";
    case "set": {
      const value = setVariable(core, request, step.name, step.value);
      if (isOutOfMemory(core, request, value)) return 500;
      script.verdicts?.set(step, `$${step.name} is "${value}"`);
      return null;
    }
    case "return":
      return runReturn(core, request, step, script);
    case "rewrite":
      return runRewrite(core, request, step, script);
    case "if":
      return runIf(core, request, step, script);
  }
}

/** Source: src/os/unix/ngx_alloc.c, ngx_alloc: the log line of a malloc() that failed. */
function isOutOfMemory(core: Core, request: NginxRequest, { length }: string): boolean {
  if (length <= VALUE_MAX) return false;
  core.logError(request, "emerg", `malloc(${length}) failed (12: Cannot allocate memory)`);
  return true;
}

function setVariable(core: Core, request: NginxRequest, name: string, template: Template): string {
  const value = evaluateTemplate(core, template, request);
  if (name === "args") {
    request.args = value;
    request.hasArgs = true;
  } else request.variables[name] = value;
  return value;
}

function runIf(
  core: Core,
  request: NginxRequest,
  step: ScriptStep & { kind: "if" },
  script: Script,
): Outcome {
  const { condition } = step;
  if (condition.kind === "match") {
    const value = variableOf(core, condition.variable, request) ?? "";
    const failed = givesUp(core, request, condition.pattern, value);
    if (failed !== null) return failed;
  }
  const isTrue = holds(core, request, condition);
  const verdict = isTrue ? "is true" : "is false";
  const lost = isTrue ? linesLostInside(request.location, step.inner) : [];
  stepFacts(core, request, step, {
    ...{ script, lost, verdict: `the condition ${verdict}` },
    what: `if (${conditionText(step.condition)}) ${verdict}`,
  });
  if (!isTrue) return null;
  // An if of the server has no settings of its own, nor are the location's looked at yet.
  if (request.location.kind !== "server") {
    request.location = step.inner;
    enterLocation(core, request);
  }
  return runScript(core, request, { ...script, steps: step.inner.script });
}

/** 500 and an alert when a match takes too many steps. Source: ngx_http_script_regex_start_code. */
function givesUp(core: Core, request: NginxRequest, pattern: Pattern, subject: string): 500 | null {
  const failure = matchFailure(pattern, subject);
  if (failure === null) return null;
  core.logError(request, "alert", failure);
  return 500;
}

/** Whether a condition holds: the empty text and "0" are false. */
function holds(core: Core, request: NginxRequest, condition: Condition): boolean {
  switch (condition.kind) {
    case "true": {
      const value = variableOf(core, condition.variable, request) ?? "";
      return value !== "" && value !== "0";
    }
    case "equal": {
      const value = variableOf(core, condition.variable, request) ?? "";
      return (value === evaluateTemplate(core, condition.value, request)) !== condition.negated;
    }
    case "match": {
      const value = variableOf(core, condition.variable, request) ?? "";
      const match = condition.pattern.regex.exec(value);
      if (match !== null) keepCaptures(request, match, condition.pattern.names);
      return (match !== null) !== condition.negated;
    }
    case "file":
      return fileHolds(core, request, condition);
  }
}

function fileHolds(
  core: Core,
  request: NginxRequest,
  condition: Condition & { kind: "file" },
): boolean {
  const path = evaluateTemplate(core, condition.path, request);
  const found = testFile(core, request, path);
  if (found.error !== null) {
    if (!isMissing(found)) logDiskError(core, request, "crit", { path, found });
    return condition.negated;
  }
  return passes(found.node, condition.test) !== condition.negated;
}

function passes(node: DiskNode, test: "f" | "d" | "e" | "x"): boolean {
  if (test === "f") return node.kind === "file";
  if (test === "d") return node.kind === "directory";
  return test === "e" || (node.mode & 0o100) !== 0;
}

/** A line that acted: for the heading, and what became of it among the others. */
interface Acted {
  readonly script: Script;
  readonly what: string;
  readonly verdict: string;
  /** Of an if that is true: lines around it that do not hold inside. */
  readonly lost?: readonly Alternative[];
}

/** A line in the few words that fit into the drawing. */
function shortly(step: ScriptStep, verdict: string): string {
  if (step.kind === "return") return `return ${step.status}`;
  return step.kind === "if" ? `if: ${verdict.split(" ").at(-1)}` : step.kind;
}

function stepFacts(core: Core, request: NginxRequest, step: ScriptStep, acted: Acted): void {
  const { script, what, verdict, lost = [] } = acted;
  const { kind } = step;
  const inServer = core.sim.is(core.requestMachine, request.entity, "server-rewrite");
  const name = inServer ? "rewriteInServer" : "rewriteInLocation";
  script.verdicts?.set(step, verdict);
  core.step(request, name, 0, () => ({
    values: {
      [inServer ? "inServer" : "inLocation"]: shortly(step, verdict),
      what,
      kind,
      verdict,
      uri: request.uri,
      lost: lost.map(({ text }) => text).join(", "),
    },
    cause: causeOf(step.span, verdict),
    alternatives: [
      ...scriptAlternatives(script.steps, step, script.verdicts ?? new Map()),
      ...lost,
    ],
  }));
}

function runRewrite(
  core: Core,
  request: NginxRequest,
  step: ScriptStep & { kind: "rewrite" },
  script: Script,
): Outcome {
  const failed = givesUp(core, request, step.pattern, request.uri);
  if (failed !== null) return failed;
  const match = step.pattern.regex.exec(request.uri);
  if (match === null) {
    script.verdicts?.set(step, "the pattern does not match");
    return null;
  }
  keepCaptures(request, match, step.pattern.names);
  request.internal = true;
  request.validUnparsedUri = false;
  request.uriChanged = step.flag !== "break";
  if (step.flag === "break") request.validLocation = false;
  if (step.redirect !== 0) {
    addLocation(request, redirectTarget(core, request, step));
    const what = `redirects with ${step.redirect}`;
    stepFacts(core, request, step, { script, what, verdict: `the pattern matches: ${what}` });
    return step.redirect;
  }
  if (!changeUri(core, request, step)) return 500;
  const what = `the URI becomes ${request.uri}`;
  stepFacts(core, request, step, { script, what, verdict: `the pattern matches: ${what}` });
  return step.flag === "" ? null : "next";
}

/** Captures are escaped, the whole is decoded as far as that is safe, the arguments are appended. */
function redirectTarget(
  core: Core,
  request: NginxRequest,
  step: ScriptStep & { kind: "rewrite" },
): string {
  const escaped = expand(core, request, step.replacement, true);
  const target = unescapeRedirect(escaped);
  if (!step.appendArgs || request.args === "") return target;
  const hasArgs = step.replacement.parts.some(
    (part) => part.kind === "text" && part.text.includes("?"),
  );
  return `${target}${hasArgs ? "&" : "?"}${request.args}`;
}

/** Fills in a replacement; captures are escaped where nginx must not confuse them with syntax. */
function expand(core: Core, request: NginxRequest, template: Template, isQuoted: boolean): string {
  const mayNeed = request.quotedUri || request.plusInUri;
  let out = "";
  let inArgs = false;
  for (const part of template.parts) {
    if (out.length > VALUE_MAX) break;
    if (part.kind === "variable") {
      out += variableOf(core, part.name, request) ?? "";
      continue;
    }
    const text = part.kind === "text" ? part.text : (request.captures[part.group] ?? "");
    const isEscaped = part.kind === "capture" && mayNeed && (isQuoted || inArgs);
    out += isEscaped ? escapeArgs(text) : text;
    inArgs ||= part.kind === "text" && text.includes("?");
  }
  return out;
}

function changeUri(
  core: Core,
  request: NginxRequest,
  step: ScriptStep & { kind: "rewrite" },
): boolean {
  const { parts } = step.replacement;
  // Only a `?` that stands in the configuration begins arguments; one in a variable is part of the URI.
  const at = parts.findIndex((part) => part.kind === "text" && part.text.includes("?"));
  if (at < 0) {
    request.uri = expand(core, request, step.replacement, false);
    if (!step.appendArgs) request.args = "";
  } else {
    const literal = parts[at] as { readonly kind: "text"; readonly text: string };
    const mark = literal.text.indexOf("?");
    const head = [
      ...parts.slice(0, at),
      { kind: "text" as const, text: literal.text.slice(0, mark) },
    ];
    const tail = [
      { kind: "text" as const, text: literal.text.slice(mark + 1) },
      ...parts.slice(at + 1),
    ];
    const template = step.replacement;
    const uri = expand(core, request, { ...template, parts: head }, false);
    const question = { kind: "text" as const, text: "?" };
    const args = expand(core, request, { ...template, parts: [question, ...tail] }, false).slice(1);
    const kept = step.appendArgs && request.args !== "" ? `&${request.args}` : "";
    request.uri = uri;
    request.args = args + kept;
    request.hasArgs = true;
  }
  if (isOutOfMemory(core, request, request.uri)) return false;
  if (request.uri !== "") return true;
  core.logError(request, "error", "the rewritten URI has a zero length");
  return false;
}

const REDIRECTS = [301, 302, 303, 307, 308];

/** `return`: a redirect, a text, or a bare status. */
function runReturn(
  core: Core,
  request: NginxRequest,
  step: ScriptStep & { kind: "return" },
  script: Script,
): Outcome {
  const { status, text } = step;
  const what = `return ${status}`;
  stepFacts(core, request, step, { script, what, verdict: "ends the phases here" });
  const hasText = text !== null && text.source !== "";
  if (status >= 400 && !hasText) return status;
  const refused = discardBody(core, request);
  if (refused !== null) return refused;
  request.out.status = status;
  request.madeBy ??= "nginx";
  const value = text === null ? "" : evaluateTemplate(core, text, request);
  if (REDIRECTS.includes(status)) {
    addLocation(request, value);
    return status;
  }
  request.out.contentLength = value.length;
  setContentType(request);
  sendHeader(core, request);
  sendBody(core, request, value === "" ? [] : [textChunk(value)], true);
  core.finalize(request, "ok");
  return "done";
}
