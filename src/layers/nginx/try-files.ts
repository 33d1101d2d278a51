// try_files: the first candidate that exists becomes the URI; else the last argument decides.
// Source: src/http/modules/ngx_http_try_files_module.c (1.22.1).
import type { Alternative, Facts } from "../layer.ts";
import { causeOf } from "./cause.ts";
import type { Core } from "./core.ts";
import { diskErrorText } from "./error-text.ts";
import { ROOT, TRY_FILES } from "./location-directives.ts";
import { aliasIsLost, diskPath, isMissing, logDiskError, testFile } from "./paths.ts";
import type { PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { settingOf, valueAt } from "./settings.ts";
import { evaluateTemplate } from "./variables.ts";

/** Tests the candidates in order. */
export function tryFilesHandler(core: Core, request: NginxRequest): PhaseResult {
  const setting = settingOf(request.location, TRY_FILES);
  if (setting.value === null) return "next";
  if (aliasIsLost(core, request)) return 500;
  const seen: Alternative[] = [];
  for (const candidate of setting.value.candidates) {
    const name = evaluateTemplate(core, candidate.template, request);
    const stripped = withoutPrefix(request, name, candidate.template.constant === null);
    const path = diskPath(core, request, "").root + stripped;
    const verdict = test(core, request, path, candidate.directory);
    const chosen = verdict === null;
    seen.push({ text: candidate.text, verdict: verdict ?? `${core.shown(path)} is there`, chosen });
    if (!chosen) continue;
    takeUri(request, stripped, candidate.directory);
    note(core, request, seen, core.shown(path));
    return "next";
  }
  const { last } = setting.value;
  seen.push({ text: last.text, verdict: "none before it exists", chosen: true });
  note(core, request, seen, last.text);
  if (last.kind === "code") return last.status;
  goTo(core, request, evaluateTemplate(core, last.template, request));
  return "done";
}

function note(core: Core, request: NginxRequest, seen: readonly Alternative[], what: string): void {
  core.step(request, "tryFiles", seen.length, () => ({
    values: { what, tried: what, tested: seen.length, uri: request.uri },
    cause: causeOf(settingOf(request.location, TRY_FILES).span, "tests these in order"),
    alternatives: seen,
  }));
}

function goTo(core: Core, request: NginxRequest, target: string): void {
  const { span } = settingOf(request.location, TRY_FILES);
  const why = (): Facts => ({
    values: { uri: target, name: target, why: "the last argument of try_files" },
    cause: causeOf(span, "its last argument leads here"),
  });
  if (target.startsWith("@")) {
    core.namedLocation(request, target, why);
    return;
  }
  const mark = target.indexOf("?");
  const uri = mark < 0 ? target : target.slice(0, mark);
  core.internalRedirect(request, uri, mark < 0 ? "" : target.slice(mark + 1), why);
}

/** With alias a candidate that has variables and begins with the location's name loses that name. */
function withoutPrefix(request: NginxRequest, name: string, hasVariables: boolean): string {
  const { isAlias, aliasBytes } = valueAt(request.location, ROOT);
  if (!isAlias || aliasBytes < 0 || !hasVariables) return name;
  return name.startsWith(request.uri.slice(0, aliasBytes)) ? name.slice(aliasBytes) : name;
}

/** Null when the candidate is what was asked for, else why not. */
function test(core: Core, request: NginxRequest, path: string, directory: boolean): string | null {
  const found = testFile(core, request, path);
  if (found.error !== null) {
    if (!isMissing(found)) logDiskError(core, request, "crit", { path, found });
    return `${core.shown(path)}: ${diskErrorText(found.error)}`;
  }
  const isDirectory = found.node.kind === "directory";
  if (isDirectory === directory) return null;
  return `${core.shown(path)} is a ${isDirectory ? "directory" : "file"}`;
}

function takeUri(request: NginxRequest, name: string, directory: boolean): void {
  const { isAlias, aliasBytes } = valueAt(request.location, ROOT);
  if (!isAlias) request.uri = name;
  else if (aliasBytes < 0) {
    if (directory) return;
    request.uri = name;
    request.addUriToAlias = true;
  } else request.uri = request.uri.slice(0, aliasBytes) + name;
}
