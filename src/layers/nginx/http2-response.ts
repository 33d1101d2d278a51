// A response on a stream of HTTP/2: the header as fields in nginx's order, and the body in DATA frames.
// Source: src/http/v2/ngx_http_v2_filter_module.c (1.22.1).
import type { Chunk } from "../../host/network.ts";
import { listed } from "../../wire/hpack-policy.ts";
import type { HeaderField } from "../../wire/hpack-table.ts";
import { bytesOf } from "./body-chunks.ts";
import type { Core } from "./core.ts";
import { HTTP2_CHUNK_SIZE } from "./http2-directives.ts";
import type { NginxRequest } from "./request.ts";
import { absoluteLocation, contentType, lastModified, serverSignature } from "./response-header.ts";
import { valueAt } from "./settings.ts";

const HELD = "http2 held";
/** Less than this waits for more, or for the end. Source: ngx_http_write_filter, postpone_output. */
const POSTPONED_BYTES = 1460;

/** The header's fields. What nginx keeps in its list of other headers is marked: it is written out. */
export function responseFields(core: Core, request: NginxRequest): readonly HeaderField[] {
  const { out } = request;
  const fields: HeaderField[] = [[":status", `${out.status}`.padStart(3, "0")]];
  if (!out.ownServer) fields.push(["server", serverSignature(request)]);
  if (!out.ownDate) fields.push(["date", core.host.clock.httpDate()]);
  if (out.contentType !== null) fields.push(["content-type", contentType(out)]);
  if (out.contentLength !== null) fields.push(["content-length", `${out.contentLength}`]);
  const modified = lastModified(core, out);
  if (modified !== null) fields.push(["last-modified", modified]);
  const location = out.list.find(isMoved);
  if (location !== undefined)
    fields.push(["location", absoluteLocation(core, request) ?? location.value]);
  if (request.ctx.gzipVary === true) fields.push(["vary", "Accept-Encoding"]);
  for (const header of out.list)
    if (header !== location) fields.push(listed([header.name.toLowerCase(), header.value]));
  return fields;
}

/** A Location of nginx's own, or an upstream's that is no mere path (r->headers_out.location). */
function isMoved({ name, value, location }: NginxRequest["out"]["list"][number]): boolean {
  return location === true || (name.toLowerCase() === "location" && !value.startsWith("/"));
}

/** Sends the header; its stream ends with it when no body follows. */
export function sendFields(
  core: Core,
  request: NginxRequest,
  fields: readonly HeaderField[],
): void {
  const end = request.headerOnly || request.out.contentLength === 0;
  const bytes = core.http2.respond(request.socket, request.stream, fields, end);
  request.headerBytes += bytes;
  request.sentBytes += bytes;
}

/** Sends a part of the body. The heads of its frames count as header, as nginx counts them. */
export function sendFrames(
  core: Core,
  request: NginxRequest,
  chunks: readonly Chunk[],
  end: boolean,
): void {
  const held = [...((request.kept[HELD] as readonly Chunk[] | undefined) ?? []), ...chunks];
  request.kept[HELD] = held;
  if (end || request.kept.unbuffered === true || bytesOf(held) >= POSTPONED_BYTES)
    flushFrames(core, request, end);
}

/** Sends what was held back for a longer frame. */
export function flushFrames(core: Core, request: NginxRequest, end: boolean): void {
  const chunks = (request.kept[HELD] as readonly Chunk[] | undefined) ?? [];
  request.kept[HELD] = [];
  if (chunks.length === 0 && !end) return;
  const frameBytes = valueAt(request.location, HTTP2_CHUNK_SIZE);
  const bytes = core.http2.data(request.socket, request.stream, { chunks, end, frameBytes });
  request.sentBytes += bytes;
  request.headerBytes += Math.max(0, bytes - bytesOf(chunks));
}
