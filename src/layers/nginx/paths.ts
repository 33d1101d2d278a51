// From a URI to a file: root plus URI, or alias instead of the location's name.
// Source: ngx_http_map_uri_to_path, ngx_http_set_exten, ngx_http_set_content_type (1.22.1).
import { type DiskError, type DiskNode, isDiskError } from "../../host/disk.ts";
import { showByteText } from "../../text/utf8.ts";
import type { Core } from "./core.ts";
import { DEFAULT_TYPE, DISABLE_SYMLINKS, type SymlinkGuard } from "./core-directives.ts";
import { diskErrorText } from "./error-text.ts";
import { ROOT, TYPES } from "./location-directives.ts";
import { type Found, hasOpenFileCache, openCached } from "./open-file-cache.ts";
import type { NginxRequest } from "./request.ts";
import { settingOf, valueAt } from "./settings.ts";
import { evaluateTemplate } from "./variables.ts";

export interface DiskPath {
  /** Bytes, as nginx hands them to the kernel. */
  readonly path: string;
  /** The part that root or alias gives ($document_root). */
  readonly root: string;
}

/** The file that a URI means in the request's location. */
export function diskPath(core: Core, request: NginxRequest, uri: string): DiskPath {
  const setting = valueAt(request.location, ROOT);
  const root = evaluateTemplate(core, setting.path, request);
  if (!setting.isAlias) return { path: root + uri, root };
  if (setting.aliasBytes < 0) return { path: request.addUriToAlias ? root + uri : root, root };
  return { path: root + uri.slice(setting.aliasBytes), root };
}

/** `alias` after a rewrite that stayed in the location cannot be resolved: nginx answers 500. */
export function aliasIsLost(core: Core, request: NginxRequest): boolean {
  const { isAlias } = valueAt(request.location, ROOT);
  if (!isAlias || request.validLocation) return false;
  const { name } = request.location;
  core.logError(
    request,
    "alert",
    `"alias" cannot be used in location "${name}" where URI was rewritten`,
  );
  return true;
}

export type Opened =
  | { readonly node: DiskNode; readonly error: null }
  | {
      readonly node: null;
      readonly error: DiskError;
      readonly failed: "open()" | "openat()" | "stat()";
    };

/** Opens a file as the worker's user, minding disable_symlinks. */
export function openFile(core: Core, request: NginxRequest, path: string): Opened {
  return look(core, request, path, "open");
}

/** Looks at a file or directory without opening it (try_files, index, if -f). */
export function testFile(core: Core, request: NginxRequest, path: string): Opened {
  return look(core, request, path, "stat");
}

/** Whether an error says that nothing is there, which nginx seldom logs. */
export function isMissing({ error }: Opened): boolean {
  return error === "ENOENT" || error === "ENOTDIR" || error === "ENAMETOOLONG";
}

/** Logs why a file could not be opened or looked at. */
export function logDiskError(
  core: Core,
  request: NginxRequest,
  level: "crit" | "error",
  { path, found }: { readonly path: string; readonly found: Opened & { readonly node: null } },
): void {
  core.logError(request, level, `${found.failed} "${path}" failed ${diskErrorText(found.error)}`);
}

function look(core: Core, request: NginxRequest, bytes: string, how: "open" | "stat"): Opened {
  const path = showByteText(bytes);
  const isGuarded = valueAt(request.location, DISABLE_SYMLINKS).mode !== "off";
  const opens = how === "open" || hasOpenFileCache(request);
  const found = openCached(core, request, path, () => opened(core, request, path, opens));
  if (!("error" in found)) return { node: found, error: null };
  // With disable_symlinks every part of the path is opened in its directory.
  const failed = isGuarded ? "openat()" : opens ? "open()" : "stat()";
  return { node: null, error: found.error, failed };
}

function opened(core: Core, request: NginxRequest, path: string, opens: boolean): Found {
  if (meetsLink(core, request, path)) return { error: "ELOOP" };
  const { disk } = core.host;
  const user = core.world().workers.get(request.worker)?.user ?? "nobody";
  return opens ? disk.open(path, user) : disk.stat(path, user);
}

/** Whether disable_symlinks stops at a link of the path; its part named by `from=` may have some. */
function meetsLink(core: Core, request: NginxRequest, path: string): boolean {
  const { mode, from } = valueAt(request.location, DISABLE_SYMLINKS);
  if (mode === "off") return false;
  const free = from === null ? "" : evaluateTemplate(core, from, request).replace(/\/$/, "");
  const start = free !== "" && path.startsWith(`${free}/`) ? free.length + 1 : 1;
  for (let cut = path.indexOf("/", start); ; cut = path.indexOf("/", cut + 1)) {
    const part = cut < 0 ? path : path.slice(0, cut);
    if (isForbiddenLink(core, part, mode)) return true;
    if (cut < 0) return false;
  }
}

function isForbiddenLink(core: Core, path: string, mode: SymlinkGuard["mode"]): boolean {
  const { disk } = core.host;
  const link = disk.lstat(path);
  if (link?.kind !== "link") return false;
  if (mode === "on") return true;
  const target = disk.stat(path);
  return !isDiskError(target) && target.owner !== link.owner;
}

/** The extension of a URI's last part: after its last dot, if that does not begin the part. */
export function extensionOf(uri: string): string {
  for (let i = uri.length - 1; i > 1; i--) {
    if (uri[i] === "/") return "";
    if (uri[i] === "." && uri[i - 1] !== "/") return uri.slice(i + 1);
  }
  return "";
}

/** Content-Type by the URI's extension, else default_type. */
export function setContentType(request: NginxRequest): void {
  if (request.out.contentType !== null) return;
  const extension = extensionOf(request.uri).toLowerCase();
  const known = extension === "" ? undefined : valueAt(request.location, TYPES).get(extension);
  request.out.contentType = known ?? settingOf(request.location, DEFAULT_TYPE).value;
}
