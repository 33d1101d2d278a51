// A fresh request of a connection, or a subrequest of one, before anything is known of it.
import { NO_EVENT } from "../../kernel/event-queue.ts";
import type { StreamId } from "../http2-session.ts";
import type { Core } from "./core.ts";
import type { ClientConnection, NginxRequest } from "./request.ts";
import { newHeadersOut } from "./response-header.ts";

/** Changes of the URI that nginx allows. Source: NGX_HTTP_MAX_URI_CHANGES, plus one. */
export const URI_CHANGES = 11;

/** A request whose first byte has just come. One literal: spreading parts of it costs more than all of it. */
export function newRequest(
  core: Core,
  connection: ClientConnection,
  stream: StreamId,
): NginxRequest {
  const world = core.world();
  const id = world.nextRequest++;
  const number = connection.lastNumber;
  const server = connection.address.defaultServer;
  return {
    id,
    number,
    entity: core.sim.spawn(core.requestMachine, number),
    socket: connection.socket,
    worker: connection.worker,
    configuration: connection.configuration,
    address: connection.address,
    startedAt: core.sim.now,
    parent: null,
    main: id,
    subrequestOf: null,
    stream,
    subrequests: 0,
    requestLine: "",
    method: "",
    httpVersion: 1000,
    targetHost: null,
    unparsedUri: "",
    uri: "",
    args: "",
    hasArgs: false,
    validUnparsedUri: true,
    quotedUri: false,
    plusInUri: false,
    requestBytes: 0,
    headersIn: [],
    host: null,
    contentLengthIn: -1,
    chunkedIn: false,
    expect100: false,
    body: null,
    connectionType: "",
    remoteAddr: connection.clientIp,
    remotePort: connection.clientPort,
    server,
    location: server.location,
    locationLabel: null,
    trail: [],
    internal: false,
    uriChanged: false,
    uriChanges: URI_CHANGES,
    captures: [],
    variables: {},
    ctx: {},
    kept: {},
    phaseHandler: 0,
    contentHandler: null,
    accessCode: 0,
    errorPage: false,
    errStatus: 0,
    keepalive: false,
    headerOnly: false,
    lingeringClose: false,
    discardBody: false,
    addUriToAlias: false,
    validLocation: true,
    out: newHeadersOut(),
    headerSent: false,
    bodyReplaced: false,
    chunkedOut: false,
    sentBytes: 0,
    headerBytes: 0,
    responseComplete: false,
    aborted: false,
    waitingFor: null,
    timer: NO_EVENT,
    logUpstream: null,
    logAction: "",
    errorLines: [],
    madeBy: null,
    observed: {},
    finished: false,
  };
}

/** The fields of a response of which nothing is sent. */
export function unsentResponse() {
  return {
    headerSent: false,
    bodyReplaced: false,
    chunkedOut: false,
    sentBytes: 0,
    headerBytes: 0,
    responseComplete: false,
    aborted: false,
    waitingFor: null,
    timer: NO_EVENT,
    logUpstream: null,
    logAction: "",
    errorLines: [],
    madeBy: null,
    observed: {},
    finished: false,
  };
}
