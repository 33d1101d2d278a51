// What becomes of a connection after a request: kept for the next one, drained, or closed.
// Source: ngx_http_finalize_connection, ngx_http_set_keepalive, ngx_http_set_lingering_close (1.22.1).

import type { TransitionOf } from "../../kernel/machine.ts";
import { fromMs } from "../../kernel/time.ts";
import { ERROR } from "../../wire/http2-frame.ts";
import type { Facts } from "../layer.ts";
import { causeOf } from "./cause.ts";
import type { Core } from "./core.ts";
import { KEEPALIVE_TIMEOUT, LINGERING_CLOSE, LINGERING_TIMEOUT } from "./core-directives.ts";
import { logConnectionError } from "./error-log.ts";
import { restHttp2 } from "./http2.ts";
import type { connectionMachine } from "./machine.ts";
import type { ClientConnection, NginxRequest } from "./request.ts";
import { beginPipelined } from "./request-reader.ts";
import { type Setting, settingOf, valueAt } from "./settings.ts";
import { recentConnections } from "./world.ts";

export type ConnectionTransition = TransitionOf<typeof connectionMachine>;

/** Takes a transition of a connection. */
export function connectionStep(
  core: Core,
  connection: ClientConnection,
  transition: ConnectionTransition,
  facts?: () => Facts,
): void {
  const { sim, connectionMachine: handle } = core;
  const row = sim.fire(handle, connection.entity, handle.machine.transition[transition]);
  if (facts !== undefined && sim.recording(connection.entity)) sim.note(row, facts());
}

/** After a request that ended in order. */
export function connectionAfter(core: Core, request: NginxRequest): void {
  const connection = core.connection(request.socket);
  if (connection === null) return;
  if (connection.streams !== null) {
    streamAfter(core, connection, request, ERROR.none);
    return;
  }
  connection.request = null;
  const worker = core.world().workers.get(connection.worker);
  const { keepalive, location, lingeringClose } = request;
  const timeout = settingOf(location, KEEPALIVE_TIMEOUT);
  if (keepalive && worker?.exiting === false) {
    if (connection.pending.length > 0) {
      beginPipelined(core, connection);
      return;
    }
    keep(core, connection, request, timeout.value.timeoutMs);
    if (connection.ended) clientLeft(core, connection);
  } else if (mustLinger(request, connection, lingeringClose)) {
    linger(core, connection, settingOf(location, LINGERING_TIMEOUT));
  } else closeConnection(core, connection, "close");
}

function keep(
  core: Core,
  connection: ClientConnection,
  request: NginxRequest,
  timeoutMs: number,
): void {
  connection.logAction = "keepalive";
  const setting = settingOf(request.location, KEEPALIVE_TIMEOUT);
  connectionStep(core, connection, "keepAlive", () => ({
    values: { seconds: timeoutMs / 1000 },
    cause: causeOf(setting.span, "how long an idle connection is kept"),
  }));
  const { span } = setting;
  setConnectionTimer(core, connection, "keepalive_timeout", { value: timeoutMs, span });
}

function mustLinger(
  request: NginxRequest,
  connection: ClientConnection,
  lingeringClose: boolean,
): boolean {
  const mode = valueAt(request.location, LINGERING_CLOSE);
  if (mode === "always") return true;
  return mode === "on" && (lingeringClose || connection.pending.length > 0) && !connection.ended;
}

/** FIN first; what the client still sends is read and dropped, so that it gets the answer and no reset. */
function linger(core: Core, connection: ClientConnection, timeout: Setting<number>): void {
  connection.lingering = true;
  connection.pending = [];
  connectionStep(core, connection, "linger", () => ({ fine: true }));
  core.host.network.end(connection.socket);
  setConnectionTimer(core, connection, "lingering_timeout", timeout);
}

/** After a request that was cut. */
export function dropConnection(core: Core, request: NginxRequest): void {
  const connection = core.connection(request.socket);
  if (connection === null) return;
  if (connection.streams !== null) {
    streamAfter(core, connection, request, ERROR.internal);
    return;
  }
  connection.request = null;
  closeConnection(core, connection, "close");
}

/** A stream whose request is over; one that either side could still speak on is reset. */
function streamAfter(
  core: Core,
  connection: ClientConnection,
  request: NginxRequest,
  code: number,
): void {
  connection.streams?.delete(request.stream);
  core.http2.reset(connection.socket, request.stream, code);
  if (connection.streams?.size === 0 && core.http2.speaks(connection.socket))
    restHttp2(core, connection);
}

/** GOAWAY was said and nothing runs: FIN, and what the client still sends is dropped. */
export function finishHttp2(core: Core, connection: ClientConnection): void {
  core.http2.forget(connection.socket);
  const { defaultServer } = connection.address;
  if (valueAt(defaultServer, LINGERING_CLOSE) === "off") closeConnection(core, connection, "reuse");
  else linger(core, connection, settingOf(defaultServer, LINGERING_TIMEOUT));
}

/** Closes the socket and forgets the connection. */
export function closeConnection(
  core: Core,
  connection: ClientConnection,
  transition: ConnectionTransition,
): void {
  const { network } = core.host;
  if (transition === "reuse") core.http2.goAway(connection.socket, ERROR.none);
  core.http2.forget(connection.socket);
  connectionStep(core, connection, transition, () => ({ fine: true }));
  core.cancel(connection.timer);
  if (network.isOpen(connection.socket)) network.close(connection.socket);
  forgetConnection(core, connection);
}

/** Frees the connection's slot; the worker may end with its last one. */
export function forgetConnection(core: Core, connection: ClientConnection): void {
  core.sim.retire(connection.entity);
  recentConnections.drop(core.world().connections, connection.socket);
  core.freeSlot(connection.worker);
}

/** The directives whose clock a connection without a running request has, and what each waits for. */
const CONNECTION_WAITS = {
  client_header_timeout: [
    "the whole header of the client's request",
    "Nginx answers 408, or closes a connection on which nothing was asked",
  ],
  keepalive_timeout: [
    "the client's next request on this connection",
    "Nginx closes the idle connection",
  ],
  lingering_timeout: ["the client to close its end", "Nginx closes the connection"],
} as const;

export function setConnectionTimer(
  core: Core,
  connection: ClientConnection,
  name: keyof typeof CONNECTION_WAITS,
  { value: ms, span }: Setting<number>,
): void {
  const { sim } = core;
  core.cancel(connection.timer);
  connection.timer = sim.after(fromMs(ms), core.events.connectionTimer, connection.socket);
  if (!sim.recording(connection.entity)) return;
  const [waitsFor, otherwise] = CONNECTION_WAITS[name];
  const cause = causeOf(span, "how long Nginx waits");
  const facts = { party: "nginx", waitsFor, otherwise, ...(cause !== undefined && { cause }) };
  const deadline = sim.now + fromMs(ms);
  sim.setClock({ entity: connection.entity, name, deadline, handle: connection.timer, facts });
}

/** FIN on a connection without a request: closed, with a line at level info. */
export function clientLeft(core: Core, connection: ClientConnection): void {
  const isKept = core.sim.is(core.connectionMachine, connection.entity, "keep-alive");
  const kept = `client ${connection.clientIp} closed keepalive connection`;
  noteConnection(core, connection, isKept ? kept : "client closed connection", isKept);
  closeConnection(core, connection, "clientCloses");
}

/** A line about a connection without a request; the observation counts it to the last request on it. */
export function noteConnection(
  core: Core,
  connection: ClientConnection,
  message: string,
  plain: boolean,
): void {
  const request = connection.lastNumber;
  const options = { message, request, ...(plain && { plain: true as const }) };
  const line = logConnectionError(core, connection, "info", options);
  if (line === null || connection.pipelined) return;
  const earlier = connection.observed === request ? connection.observedLines : [];
  core.host.sink.observe(request, { nginx: { errorLog: [...earlier, line] } });
}
