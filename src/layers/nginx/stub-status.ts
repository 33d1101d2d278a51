// The status page and the one-pixel picture: content handlers without a backend.
// Source: ngx_http_stub_status_module.c, ngx_http_empty_gif_module.c (1.22.1).
import { textChunk } from "../../host/network.ts";
import { discardBody } from "./client-body.ts";
import type { Core } from "./core.ts";
import type { PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { sendBody } from "./response-body.ts";
import { sendHeader } from "./response-header.ts";

function answer(core: Core, request: NginxRequest, type: string, body: string): PhaseResult {
  const refused = discardBody(core, request);
  if (refused !== null) return refused;
  const { out } = request;
  out.status = 200;
  out.contentType = type;
  out.contentLength = body.length;
  request.madeBy ??= "nginx";
  sendHeader(core, request);
  sendBody(core, request, [textChunk(body)], true);
  core.finalize(request, "ok");
  return "done";
}

/** `Active connections: 1` and the counters. */
export function stubStatus(core: Core, request: NginxRequest): PhaseResult {
  if (request.method !== "GET" && request.method !== "HEAD") return 405;
  const { accepted, requested, connections } = core.world();
  const all = [...connections.values()];
  const waiting = all.filter((connection) => connection.request === null).length;
  const page =
    `Active connections: ${all.length} \nserver accepts handled requests\n` +
    ` ${accepted} ${accepted} ${requested} \n` +
    `Reading: 0 Writing: ${all.length - waiting} Waiting: ${waiting} \n`;
  return answer(core, request, "text/plain", page);
}

/** A transparent GIF of 43 bytes. */
const PIXEL =
  "GIF89a\x01\x00\x01\x00\x80\x01\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x01\x00," +
  "\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02L\x01\x00;";

export function emptyGif(core: Core, request: NginxRequest): PhaseResult {
  if (request.method !== "GET" && request.method !== "HEAD") return 405;
  request.out.lastModified = 23_349_600;
  return answer(core, request, "image/gif", PIXEL);
}
