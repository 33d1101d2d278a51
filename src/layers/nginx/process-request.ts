// The worker gets to a request whose header is complete, and takes it into the phases.
// Source: ngx_http_process_request, ngx_http_handler (1.22.1).
import type { Core } from "./core.ts";
import { wantsKeepalive } from "./keepalive.ts";
import { runPhases } from "./phase-engine.ts";
import type { RequestId } from "./request.ts";
import { refuse } from "./request-reader.ts";

/** Event: the CPU time of a request was spent. */
export function processRequest(core: Core, id: RequestId): void {
  const request = core.request(id);
  if (request === null || request.finished) return;
  const connection = core.connection(request.socket);
  if (connection === null) return;
  if (request.address.listen.ssl && !connection.tls) {
    refuse(core, request, "client sent plain HTTP request to HTTPS port", 497);
    return;
  }
  request.logAction = "";
  request.keepalive = wantsKeepalive(request);
  request.lingeringClose = request.contentLengthIn > 0 || request.chunkedIn;
  request.phaseHandler = 0;
  runPhases(core, request);
}
