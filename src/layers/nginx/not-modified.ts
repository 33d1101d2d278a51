// Conditional requests: 304 when the client has the file already, 412 when a precondition fails.
// Source: src/http/modules/ngx_http_not_modified_filter_module.c (1.22.1).
import { IF_MODIFIED_SINCE } from "./core-directives.ts";
import { parseHttpTime } from "./http-time.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { headerOut } from "./response-header.ts";
import { valueAt } from "./settings.ts";

/** Header filter: 412 to refuse, or the answer turned into 304. */
export function notModifiedFilter(_: NginxContext, request: NginxRequest): number | undefined {
  const { out } = request;
  if (out.status !== 200 || request.parent !== null) return;
  if (request.kept.disableNotModified === true) return;
  const find = (key: string) =>
    request.headersIn.find((header) => header.key === key)?.value ?? null;
  const unmodified = find("if-unmodified-since");
  if (unmodified !== null && !isUnmodified(request, unmodified)) return 412;
  const match = find("if-match");
  if (match !== null && !etagMatches(request, match, false)) return 412;
  const since = find("if-modified-since");
  const none = find("if-none-match");
  if (since === null && none === null) return;
  if (since !== null && isModified(request, since)) return;
  if (none !== null && !etagMatches(request, none, true)) return;
  out.status = 304;
  out.statusLine = null;
  out.contentType = null;
  out.contentLength = null;
  const dropped = ["content-encoding", "accept-ranges", "content-length"];
  out.list = out.list.filter((header) => !dropped.includes(header.name.toLowerCase()));
  return;
}

function isUnmodified(request: NginxRequest, date: string): boolean {
  const { lastModified } = request.out;
  if (lastModified === null) return false;
  return (parseHttpTime(date) ?? -1) >= lastModified;
}

function isModified(request: NginxRequest, date: string): boolean {
  const { lastModified } = request.out;
  const mode = valueAt(request.location, IF_MODIFIED_SINCE);
  if (lastModified === null || mode === "off") return true;
  const since = parseHttpTime(date) ?? -1;
  if (since === lastModified) return false;
  return mode === "exact" || since < lastModified;
}

/** Whether a list of entity tags holds ours; a weak comparison leaves out `W/`. */
function etagMatches(request: NginxRequest, list: string, weak: boolean): boolean {
  if (list === "*") return true;
  const etag = headerOut(request, "etag");
  if (etag === null) return false;
  const plain = (tag: string): string => (weak ? tag.replace(/^W\//, "") : tag);
  return list.split(",").some((tag) => plain(tag.trim()) === plain(etag));
}
