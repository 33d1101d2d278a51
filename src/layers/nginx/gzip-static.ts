// gzip_static: a compressed file beside the original is sent in its place, as it lies on the disk.
// Source: src/http/modules/ngx_http_gzip_static_module.c (1.22.1).
import { causeOf } from "./cause.ts";
import type { Core } from "./core.ts";
import { choiceRow } from "./directive-rows.ts";
import { isGzipAllowed, setsVary } from "./gzip.ts";
import { aliasIsLost, diskPath, isMissing, logDiskError, type Opened, openFile } from "./paths.ts";
import type { PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { settingOf, valueAt } from "./settings.ts";
import { sendFile } from "./static-file.ts";

/** `always` sends the compressed file even to clients that did not ask for it. */
export const GZIP_STATIC = choiceRow("gzip_static", "off", ["off", "on", "always"]);

/** Answers with URI.gz where that is a file and the client may have it. */
export function gzipStaticHandler(core: Core, request: NginxRequest): PhaseResult {
  const mode = valueAt(request.location, GZIP_STATIC);
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (mode === "off" || !isRead || request.uri.endsWith("/")) return "next";
  const mayHave = mode === "always" || isGzipAllowed(core, request);
  // Without gzip_vary nothing depends on a file that is not sent.
  if (!mayHave && !setsVary(request)) return "next";
  if (aliasIsLost(core, request)) return 500;
  const path = `${diskPath(core, request, request.uri).path}.gz`;
  const opened = openFile(core, request, path);
  if (opened.node === null) {
    logProblem(core, request, path, opened);
    return "next";
  }
  if (mode === "on" && setsVary(request)) request.ctx.gzipVary = true;
  if (!mayHave || opened.node.kind === "directory") return "next";
  core.step(request, "openFile", opened.node.bytes, () => ({
    values: {
      path: core.shown(path),
      result: "file",
      bytes: opened.node.bytes,
      rule: `gzip_static ${mode}: the compressed file is there already`,
    },
    cause: causeOf(
      settingOf(request.location, GZIP_STATIC).span,
      "looks for a compressed file first",
    ),
    alternatives: [
      { text: core.shown(path), verdict: "is there: sent as it is", chosen: true },
      {
        text: core.shown(path).replace(/\.gz$/, ""),
        verdict: "the original is not looked at",
        chosen: false,
      },
    ],
  }));
  return sendFile(core, request, opened.node, "gzip");
}

function logProblem(core: Core, request: NginxRequest, path: string, opened: Opened): void {
  if (opened.error === null || isMissing(opened)) return;
  const level = ["EACCES", "ELOOP"].includes(opened.error) ? "error" : "crit";
  logDiskError(core, request, level, { path, found: opened });
}
