// The response's body on its way out: filters, chunked framing, and the socket.
// Source: the body filters of nginx, in the order of ngx_http_top_body_filter; ngx_http_chunked_filter_module.c.
import { type Chunk, textChunk } from "../../host/network.ts";
import { bytesOf } from "./body-chunks.ts";
import type { Core } from "./core.ts";
import { sendFrames } from "./http2-response.ts";
import type { NginxRequest } from "./request.ts";

/** Sends chunks of the body; `last` ends it. Dropped for HEAD, 304 and subrequests. */
export function sendBody(
  core: Core,
  request: NginxRequest,
  chunks: readonly Chunk[],
  last: boolean,
): void {
  if (request.responseComplete || request.aborted) return;
  const isReplaced = request.bodyReplaced;
  if (!isReplaced && !request.headerOnly && request.parent === null)
    writeBody(core, request, filtered(core, request, chunks, last), last);
  if (last) request.responseComplete = true;
}

function filtered(
  core: Core,
  request: NginxRequest,
  chunks: readonly Chunk[],
  last: boolean,
): readonly Chunk[] {
  let current = chunks;
  for (const filter of core.hooks.bodyFilters) current = filter(core, request, current, last);
  return current;
}

const LAST_CHUNK = textChunk("0\r\n\r\n");
const CHUNK_END = textChunk("\r\n");

function writeBody(
  core: Core,
  request: NginxRequest,
  chunks: readonly Chunk[],
  last: boolean,
): void {
  if (request.stream > 0) {
    sendFrames(core, request, chunks, last);
    return;
  }
  const bytes = bytesOf(chunks);
  if (!request.chunkedOut) {
    for (const chunk of chunks) write(core, request, chunk);
    return;
  }
  if (bytes > 0) {
    write(core, request, textChunk(`${bytes.toString(16)}\r\n`));
    for (const chunk of chunks) write(core, request, chunk);
    write(core, request, CHUNK_END);
  }
  if (last) write(core, request, LAST_CHUNK);
}

function write(core: Core, request: NginxRequest, chunk: Chunk): void {
  if (chunk.bytes === 0) return;
  request.sentBytes += chunk.bytes;
  core.host.network.send(request.socket, chunk, request.number);
}
