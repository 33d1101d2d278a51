// The index of a directory: the first index file that exists takes the request over.
// Source: src/http/modules/ngx_http_index_module.c (1.22.1).
import type { DiskError } from "../../host/disk.ts";
import type { Alternative } from "../layer.ts";
import { causeOf } from "./cause.ts";
import type { Core } from "./core.ts";
import { LOG_NOT_FOUND } from "./core-directives.ts";
import { diskErrorText } from "./error-text.ts";
import { INDEX } from "./location-directives.ts";
import { aliasIsLost, diskPath, testFile } from "./paths.ts";
import type { PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { settingOf, valueAt } from "./settings.ts";
import { evaluateTemplate } from "./variables.ts";

/** Looks for an index file when the URI ends in a slash. */
export function indexHandler(core: Core, request: NginxRequest): PhaseResult {
  if (!request.uri.endsWith("/")) return "next";
  if (!["GET", "HEAD", "POST"].includes(request.method)) return "next";
  if (aliasIsLost(core, request)) return 500;
  const directory = diskPath(core, request, request.uri).path;
  let tested = false;
  const seen: Alternative[] = [];
  for (const template of valueAt(request.location, INDEX)) {
    const name = evaluateTemplate(core, template, request);
    if (name.startsWith("/")) return redirect(core, request, name, seen);
    const found = testFile(core, request, directory + name);
    if (found.error === null) return redirect(core, request, request.uri + name, seen);
    const verdict = `${core.shown(directory + name)}: ${diskErrorText(found.error)}`;
    seen.push({ text: `index ${template.source}`, verdict, chosen: false });
    const problem =
      found.error === "ENOENT"
        ? tested
          ? null
          : testDirectory(core, request, directory, directory + name)
        : refuse(core, request, directory + name, found.error);
    if (problem !== null) return problem;
    tested = true;
  }
  return "next";
}

function redirect(
  core: Core,
  request: NginxRequest,
  uri: string,
  seen: readonly Alternative[],
): PhaseResult {
  const { span } = settingOf(request.location, INDEX);
  const found = { text: `index ${uri.slice(uri.lastIndexOf("/") + 1)}`, verdict: "is there" };
  core.internalRedirect(request, uri, request.hasArgs ? request.args : null, () => ({
    values: { uri, why: "the index file of the directory" },
    cause: causeOf(span ?? request.location.span, "names the index files, tested in order"),
    alternatives: [...seen, { ...found, chosen: true }],
  }));
  return "done";
}

/** Whether the directory itself is there; its absence is told by the index file's name. */
function testDirectory(
  core: Core,
  request: NginxRequest,
  directory: string,
  path: string,
): PhaseResult | null {
  const found = testFile(core, request, directory.replace(/\/$/, "") || "/");
  if (found.error === null) {
    if (found.node.kind === "directory") return null;
    core.logError(request, "alert", `"${directory.replace(/\/$/, "")}" is not a directory`);
    return 500;
  }
  if (found.error === "ELOOP") return 403;
  if (found.error === "EACCES") return null;
  return refuse(core, request, path, found.error);
}

function refuse(core: Core, request: NginxRequest, path: string, error: DiskError): PhaseResult {
  if (error === "ELOOP") return 403;
  if (error === "EACCES") {
    core.logError(request, "error", `"${path}" is forbidden ${diskErrorText(error)}`);
    return 403;
  }
  if (valueAt(request.location, LOG_NOT_FOUND))
    core.logError(request, "error", `"${path}" is not found ${diskErrorText(error)}`);
  return 404;
}
