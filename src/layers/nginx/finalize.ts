// The end of a request: its page when it failed, its log line, and what becomes of the connection.
// Source: src/http/ngx_http_request.c, ngx_http_finalize_request to ngx_http_free_request (1.22.1).

import { fromMs } from "../../kernel/time.ts";
import { writeAccessLog } from "./access-log.ts";
import { bodyIsPending, discardTimeoutNs } from "./client-body.ts";
import { connectionAfter, dropConnection } from "./connection-end.ts";
import { type Core, moduleOf } from "./core.ts";
import { RESET_TIMEDOUT_CONNECTION, SEND_TIMEOUT } from "./core-directives.ts";
import { SEND_BUFFER_BYTES } from "./costs.ts";
import { flushFrames } from "./http2-response.ts";
import type { NginxRequest } from "./request.ts";
import { settingOf, valueAt } from "./settings.ts";
import { specialResponse } from "./special-response.ts";
import { recentRequests } from "./world.ts";

/** Ends a request with a status, after a complete response ("ok"), or after a cut one ("error"). */
export function finalize(core: Core, request: NginxRequest, result: number | "ok" | "error"): void {
  if (request.finished) return;
  if (request.parent !== null) {
    finalizeSubrequest(core, request, result);
    return;
  }
  if (result === "ok") {
    complete(core, request);
    return;
  }
  if (result === "error" || request.headerSent) {
    terminate(core, request, 0);
    return;
  }
  if (result === 408 || result === 499 || result === 444) {
    terminate(core, request, result);
    return;
  }
  if (hasPage(result)) {
    core.clearTimer(request);
    if (specialResponse(core, request, result) === "complete") complete(core, request);
    return;
  }
  complete(core, request);
}

/** Statuses that get a page, or an error_page. */
function hasPage(status: number): boolean {
  return status >= 300 || status === 201 || status === 204;
}

/** The response is made; the request ends when the kernel has taken it and the body has come. */
export function complete(core: Core, request: NginxRequest): void {
  if (request.finished) return;
  core.clearTimer(request);
  const { network } = core.host;
  const isHeld = request.stream > 0 && core.http2.isHeld(request.socket, request.stream);
  const isFull =
    network.isOpen(request.socket) && network.unsentBytes(request.socket) > SEND_BUFFER_BYTES;
  if (isHeld || isFull) {
    request.waitingFor = "send";
    request.logAction = "sending to client";
    const timeout = settingOf(request.location, SEND_TIMEOUT);
    core.setTimer(request, fromMs(timeout.value), core.events.requestTimer, {
      ...{ name: "send_timeout", span: timeout.span },
      waitsFor: "the client to take more of the answer",
      otherwise: "Nginx closes the connection",
    });
    return;
  }
  const connection = core.connection(request.socket);
  const waitsForBody = request.discardBody && request.stream === 0 && bodyIsPending(request);
  if (waitsForBody && connection !== null && !connection.ended) {
    request.waitingFor = "discard";
    core.setTimer(request, discardTimeoutNs(request), core.events.requestTimer);
    return;
  }
  request.kept.completed = request.kept.cutAfter !== true;
  free(core, request);
  connectionAfter(core, request);
}

/** Closes at once, whatever was sent; the status is logged when nothing was. */
export function terminate(
  core: Core,
  request: NginxRequest,
  status: number,
  timedOut = status === 408,
): void {
  if (request.finished) return;
  core.clearTimer(request);
  if (request.stream > 0) flushFrames(core, request, false);
  if (status > 0 && request.sentBytes === 0) request.out.status = status;
  request.aborted = true;
  const { network } = core.host;
  // A connection that timed out, or was closed by `return 444`, may be reset instead of closed.
  const resets = timedOut || status === 444;
  if (
    resets &&
    valueAt(request.location, RESET_TIMEDOUT_CONNECTION) &&
    network.isOpen(request.socket)
  )
    network.abort(request.socket);
  free(core, request);
  dropConnection(core, request);
}

/** error_page holds for subrequests, too. */
function finalizeSubrequest(
  core: Core,
  request: NginxRequest,
  result: number | "ok" | "error",
): void {
  const isPage = typeof result === "number" && hasPage(result);
  if (isPage && specialResponse(core, request, result) === "elsewhere") return;
  endSubrequest(core, request, result);
}

function endSubrequest(core: Core, request: NginxRequest, result: number | "ok" | "error"): void {
  const status = result === "ok" ? request.out.status : result === "error" ? 500 : result;
  request.out.status = status;
  const parent = core.request(request.parent as number);
  release(core, request);
  if (parent === null || parent.finished) return;
  parent.subrequests--;
  moduleOf(core, request.subrequestOf)?.subrequestDone?.(core, parent, request, status);
}

function free(core: Core, request: NginxRequest): void {
  request.finished = true;
  core.step(request, "finish", request.out.status, () => ({
    values: { status: request.out.status, bytes: request.sentBytes },
  }));
  for (const log of core.hooks.logHandlers) log(core, request);
  observeRequest(core, request);
  writeAccessLog(core, request);
  release(core, request);
}

/** Forgets a request; modules give back what they hold for it. */
function release(core: Core, request: NginxRequest): void {
  request.finished = true;
  for (const cleanUp of core.hooks.cleanups) cleanUp(core, request);
  core.clearTimer(request);
  const { sim, requestMachine, world } = core;
  const name = sim.is(requestMachine, request.entity, "log") ? "free" : "drop";
  core.step(request, name, 0, () => ({ fine: true }));
  sim.retire(request.entity);
  recentRequests.drop(world().requests, request.id);
}

/** What the recordings say of a request; of several pipelined ones, of the first. */
function observeRequest(core: Core, request: NginxRequest): void {
  const { sink } = core.host;
  if (!sink.wants(request.number) || request.kept.unobserved === true) return;
  const { trail, errorLines, out } = request;
  const connection = core.connection(request.socket);
  if (connection !== null) {
    connection.observed = request.number;
    connection.observedLines = [...errorLines];
  }
  const wasSeen = request.headerSent && request.httpVersion >= 1000;
  const nginx: Record<string, unknown> = {
    server: request.server.firstName,
    location: request.locationLabel === null ? null : core.shown(request.locationLabel).trimEnd(),
    uri: core.shown(request.uri),
    ...(trail.length > 1 && { trail: trail.map((part) => core.shown(part)) }),
    ...(!wasSeen && { status: out.status }),
    ...request.observed,
    ...(errorLines.length > 0 && { errorLog: [...errorLines] }),
  };
  sink.observe(request.number, {
    nginx,
    ...(wasSeen && request.madeBy !== null && { by: request.madeBy }),
  });
}
