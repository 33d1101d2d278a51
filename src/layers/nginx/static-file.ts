// Files from the disk: the static handler. Types, ETag, Last-Modified, directory redirects.
// Source: src/http/modules/ngx_http_static_module.c; ngx_http_set_etag (1.22.1).
import type { DiskNode } from "../../host/disk.ts";
import { type Chunk, fillerChunk, textChunk } from "../../host/network.ts";
import { toByteText } from "../../text/utf8.ts";
import type { Alternative } from "../layer.ts";
import { causeOf } from "./cause.ts";
import { discardBody } from "./client-body.ts";
import type { Core } from "./core.ts";
import { ETAG, LOG_NOT_FOUND } from "./core-directives.ts";
import { diskErrorText } from "./error-text.ts";
import { ROOT } from "./location-directives.ts";
import {
  aliasIsLost,
  diskPath,
  isMissing,
  logDiskError,
  type Opened,
  openFile,
  setContentType,
} from "./paths.ts";
import type { PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { sendBody } from "./response-body.ts";
import { addLocation, sendHeader } from "./response-header.ts";
import { settingOf, valueAt } from "./settings.ts";
import { escapeUri } from "./uri.ts";

const READING = ["GET", "HEAD", "POST"];

/** Answers with the file that the URI means. */
export function staticHandler(core: Core, request: NginxRequest): PhaseResult {
  if (!READING.includes(request.method)) return 405;
  if (request.uri.endsWith("/")) return "next";
  if (aliasIsLost(core, request)) return 500;
  const { path } = diskPath(core, request, request.uri);
  const opened = openFile(core, request, path);
  fileStep(core, request, path, opened);
  if (opened.node === null) return openFailed(core, request, path, opened);
  const { node } = opened;
  if (node.kind === "directory") return redirectToDirectory(request);
  if (node.kind !== "file") {
    core.logError(request, "crit", `"${path}" is not a regular file`);
    return 404;
  }
  return request.method === "POST" ? 405 : sendFile(core, request, node);
}

function fileStep(core: Core, request: NginxRequest, path: string, opened: Opened): void {
  core.step(request, "openFile", opened.node?.bytes ?? 0, () => ({
    values: {
      path: core.shown(path),
      result: opened.node === null ? diskErrorText(opened.error) : opened.node.kind,
      bytes: opened.node?.bytes ?? null,
      rule: pathRule(request),
    },
    cause: causeOf(
      settingOf(request.location, ROOT).span ?? request.location.span,
      pathRule(request),
    ),
    alternatives: [pathAlternative(core, request, path)],
  }));
}

function pathRule({ location }: NginxRequest): string {
  const { isAlias } = valueAt(location, ROOT);
  return isAlias ? "alias replaces the location's prefix" : "root comes before the whole URI";
}

/** How root or alias and the URI made the path. */
function pathAlternative(core: Core, request: NginxRequest, path: string): Alternative {
  const setting = settingOf(request.location, ROOT);
  const { isAlias, aliasBytes } = setting.value;
  const { root } = diskPath(core, request, "");
  const rest = isAlias && aliasBytes >= 0 ? request.uri.slice(aliasBytes) : request.uri;
  const isDefault = setting.span === null;
  return {
    text: `${isAlias ? "alias" : "root"} ${core.shown(root)}${isDefault ? " (the default)" : ""}`,
    chosen: true,
    verdict: `${pathRule(request)}: ${core.shown(root)} + ${core.shown(rest)} = ${core.shown(path)}`,
    cause: causeOf(setting.span, pathRule(request)),
  };
}

function openFailed(
  core: Core,
  request: NginxRequest,
  path: string,
  opened: Opened & { node: null },
): number {
  const isAbsent = isMissing(opened);
  const status = isAbsent ? 404 : opened.error === "EACCES" || opened.error === "ELOOP" ? 403 : 500;
  if (!isAbsent || valueAt(request.location, LOG_NOT_FOUND)) {
    const level = status === 500 ? "crit" : "error";
    logDiskError(core, request, level, { path, found: opened });
  }
  return status;
}

function redirectToDirectory(request: NginxRequest): number {
  const args = request.args === "" ? "" : `?${request.args}`;
  addLocation(request, `${escapeUri(request.uri)}/${args}`);
  return 301;
}

/** Sends a file; one that is compressed already says so, and has no ranges. */
export function sendFile(
  core: Core,
  request: NginxRequest,
  node: DiskNode,
  encoding: "gzip" | null = null,
): PhaseResult {
  const refused = discardBody(core, request);
  if (refused !== null) return refused;
  request.logAction = "sending response to client";
  const chunk = fileChunk(node);
  const { out } = request;
  out.status = 200;
  out.contentLength = chunk.bytes;
  out.lastModified = node.mtime;
  if (valueAt(request.location, ETAG)) {
    const value = `"${node.mtime.toString(16)}-${chunk.bytes.toString(16)}"`;
    out.list.push({ name: "ETag", value });
  }
  setContentType(request);
  if (encoding === null) out.allowRanges = true;
  else out.list.push({ name: "Content-Encoding", value: encoding });
  request.madeBy ??= "nginx";
  sendHeader(core, request);
  sendBody(core, request, [chunk], true);
  core.finalize(request, "ok");
  return "done";
}

const chunks = new WeakMap<DiskNode, Chunk>();

/** A file's bytes. Nodes are frozen, so the chunk is made once for each version. */
export function fileChunk(node: DiskNode): Chunk {
  const known = chunks.get(node);
  if (known !== undefined) return known;
  const chunk = node.text === null ? fillerChunk(node.bytes) : textChunk(toByteText(node.text));
  chunks.set(node, chunk);
  return chunk;
}
