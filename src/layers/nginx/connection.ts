// A client's connection in a worker: accepted, secured, waiting, serving, kept, drained, closed.
// Source: src/event/ngx_event_accept.c; src/http/ngx_http_request.c (1.22.1).
import type { SocketHandlers, SocketId } from "../../host/network.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { acceptAll } from "./accepting.ts";
import { continueBody, continueDiscard, discardTimeoutNs } from "./client-body.ts";
import {
  clientLeft,
  closeConnection,
  connectionStep,
  forgetConnection,
  noteConnection,
  setConnectionTimer,
} from "./connection-end.ts";
import { type Core, moduleOf } from "./core.ts";
import { CLIENT_HEADER_TIMEOUT, LINGERING_TIMEOUT } from "./core-directives.ts";
import { complete, terminate } from "./finalize.ts";
import { beginHttp2, endHttp2, http2ClientLeft } from "./http2.ts";
import type { ClientConnection, NginxRequest, RequestId } from "./request.ts";
import { beginRequest, readRequest } from "./request-reader.ts";
import { settingOf } from "./settings.ts";
import type { Worker } from "./world.ts";

/** What nginx hears of its clients' sockets. `core` is asked for when an event comes. */
export function clientSockets(core: () => Core): SocketHandlers {
  return {
    acceptable: (listener, pid) => acceptAll(core(), listener, pid),
    readable: (socket) => withConnection(core(), socket, receive),
    ended: (socket) => withConnection(core(), socket, clientEnded),
    reset: (socket) => withConnection(core(), socket, clientReset),
    drained: (socket) => withConnection(core(), socket, drained),
    waitsForDrain: (socket) => waitsForDrain(core(), socket),
    secured: (socket) => withConnection(core(), socket, secured),
    tlsFailed: (socket) => withConnection(core(), socket, handshakeFailed),
  };
}

type Act = (core: Core, connection: ClientConnection) => void;

function withConnection(core: Core, socket: SocketId, act: Act): void {
  const connection = core.connection(socket);
  if (connection !== null) act(core, connection);
}

function secured(core: Core, connection: ClientConnection): void {
  const tls = core.host.network.info(connection.socket).tls;
  connection.tls = true;
  connection.logAction = "waiting for request";
  connectionStep(core, connection, "finishHandshake", () => ({
    values: { version: tls?.version, name: tls?.serverName, alpn: tls?.alpn },
  }));
  setConnectionTimer(
    core,
    connection,
    "client_header_timeout",
    settingOf(connection.address.defaultServer, CLIENT_HEADER_TIMEOUT),
  );
  if (tls?.alpn === "h2") beginHttp2(core, connection);
}

function handshakeFailed(core: Core, connection: ClientConnection): void {
  core.cancel(connection.timer);
  connectionStep(core, connection, "failHandshake");
  forgetConnection(core, connection);
}

/** Bytes have arrived. */
function receive(core: Core, connection: ClientConnection): void {
  const { network } = core.host;
  const { listen } = connection.address;
  // A port with http2 and without ssl takes nothing but HTTP/2.
  if (connection.streams === null && listen.http2 && !listen.ssl) beginHttp2(core, connection);
  if (connection.streams !== null && !connection.lingering) {
    core.http2.receive(connection.socket);
    return;
  }
  for (let chunk = network.read(connection.socket); chunk !== null; ) {
    // A list of one is made as such: an empty one that is pushed to gets room for sixteen.
    if (connection.pending.length === 0) connection.pending = [chunk];
    else connection.pending.push(chunk);
    chunk = network.read(connection.socket);
  }
  const { request: number } = network.info(connection.socket);
  if (connection.lingering) {
    connection.pending = [];
    setConnectionTimer(
      core,
      connection,
      "lingering_timeout",
      settingOf(connection.address.defaultServer, LINGERING_TIMEOUT),
    );
    return;
  }
  if (connection.pending.length === 0) return;
  if (core.sim.is(core.connectionMachine, connection.entity, "TLS handshake")) {
    // Plain HTTP on a TLS port: read as a request, which is then refused with 497.
    connectionStep(core, connection, "finishHandshake", () => ({ fine: true }));
  }
  serve(core, connection, number);
}

function serve(core: Core, connection: ClientConnection, number: number): void {
  if (connection.request === null) {
    connection.lastNumber = number;
    core.sim.attribute(connection.entity, number);
    connection.pipelined = false;
    const isKept = core.sim.is(core.connectionMachine, connection.entity, "keep-alive");
    if (isKept) core.cancel(connection.timer);
    if (isKept) connection.timer = NO_EVENT;
    readRequest(core, connection, beginRequest(core, connection));
    return;
  }
  const request = core.request(connection.request);
  if (request !== null) goOn(core, connection, request);
}

function goOn(core: Core, connection: ClientConnection, request: NginxRequest): void {
  if (isReadingHeader(request)) readRequest(core, connection, request);
  else if (request.waitingFor === "discard") {
    if (continueDiscard(connection, request)) {
      request.discardBody = false;
      complete(core, request);
    } else core.setTimer(request, discardTimeoutNs(request), core.events.requestTimer);
  } else if (request.body !== null && !request.body.complete)
    continueBody(core, connection, request);
}

function isReadingHeader(request: NginxRequest): boolean {
  const reading = request.kept.reading as { readonly phase: string } | undefined;
  return reading !== undefined && reading.phase !== "done";
}

/** The client sent FIN. */
function clientEnded(core: Core, connection: ClientConnection): void {
  connection.ended = true;
  if (connection.lingering) {
    closeConnection(core, connection, "clientCloses");
    return;
  }
  if (connection.streams !== null) {
    http2ClientLeft(core, connection);
    return;
  }
  const request = connection.request === null ? null : core.request(connection.request);
  if (request === null) {
    clientLeft(core, connection);
    return;
  }
  if (isReadingHeader(request)) {
    core.logError(request, "info", "client prematurely closed connection");
    terminate(core, request, 400);
    return;
  }
  if (request.body !== null && !request.body.complete) {
    core.logError(request, "info", "client prematurely closed connection");
    terminate(core, request, 400);
    return;
  }
  if (request.waitingFor === "discard") {
    complete(core, request);
    return;
  }
  moduleOf(core, request.waitingFor)?.clientGone?.(core, request);
}

function clientReset(core: Core, connection: ClientConnection): void {
  if (connection.streams !== null && !connection.lingering) {
    http2ClientLeft(core, connection);
    return;
  }
  const request = connection.request === null ? null : core.request(connection.request);
  if (request === null) {
    closeConnection(core, connection, closingStep(core, connection));
    return;
  }
  const module = moduleOf(core, request.waitingFor);
  if (module?.clientGone?.(core, request) === true) return;
  terminate(core, request, isReadingHeader(request) || request.headerSent ? 400 : 499);
}

function closingStep(core: Core, connection: ClientConnection): "clientCloses" | "close" {
  const isServing = core.sim.is(core.connectionMachine, connection.entity, "serving");
  return isServing ? "close" : "clientCloses";
}

/** Whether a response that is complete waits for the client's kernel to have it. */
function waitsForDrain(core: Core, socket: SocketId): boolean {
  const request = core.connection(socket)?.request ?? null;
  return request !== null && core.request(request)?.waitingFor === "send";
}

/** All that was sent has left. */
function drained(core: Core, connection: ClientConnection): void {
  for (const { request } of [...(connection.streams?.values() ?? [])]) taken(core, request);
  if (connection.request !== null) taken(core, connection.request);
}

/** The kernel has taken what was sent for a request. */
function taken(core: Core, id: RequestId): void {
  const request = core.request(id);
  if (request === null) return;
  if (request.waitingFor !== "send") return;
  request.waitingFor = null;
  complete(core, request);
}

/** The connection's timer: no request came, it idled too long, or its last bytes took too long. */
export function connectionTimedOut(core: Core, socket: SocketId): void {
  const connection = core.connection(socket);
  if (connection === null) return;
  connection.timer = NO_EVENT;
  const request = connection.request === null ? null : core.request(connection.request);
  if (request !== null) {
    core.logError(request, "info", "client timed out (110: Connection timed out)");
    terminate(core, request, 408);
    return;
  }
  if (connection.streams !== null && !connection.lingering) {
    endHttp2(core, connection);
    return;
  }
  const isWaiting = core.sim.is(core.connectionMachine, connection.entity, "waiting for request");
  if (isWaiting)
    noteConnection(core, connection, "client timed out (110: Connection timed out)", false);
  const inHandshake = core.sim.is(core.connectionMachine, connection.entity, "TLS handshake");
  closeConnection(core, connection, inHandshake ? "drop" : "timeOut");
}

/** A request's own timer: its body or its response stood still. */
export function requestTimedOut(core: Core, id: number): void {
  const request = core.request(id);
  if (request === null) return;
  request.timer = NO_EVENT;
  if (request.waitingFor === "discard") {
    request.keepalive = false;
    request.discardBody = false;
    complete(core, request);
    return;
  }
  core.logError(request, "info", "client timed out (110: Connection timed out)");
  terminate(core, request, request.headerSent ? 0 : 408, true);
}

/** Closes idle connections at once: the worker finishes. */
export function closeIdle(core: Core, worker: Worker): void {
  for (const connection of [...core.world().connections.values()]) {
    if (connection.worker !== worker.pid || connection.request !== null) continue;
    const isIdle = core.sim.is(core.connectionMachine, connection.entity, "keep-alive");
    const isWaiting = core.sim.is(core.connectionMachine, connection.entity, "waiting for request");
    if (connection.streams !== null) endHttp2(core, connection);
    else if (isIdle || isWaiting) closeConnection(core, connection, "reuse");
  }
}
