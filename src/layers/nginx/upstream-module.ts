// The module that talks to upstreams: its directives, variables and handlers, and what it does with the events of its
// connections and timers.
import type { Errno, SocketId } from "../../host/network.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import { proxyCachePathRow, uwsgiCachePathRow } from "./cache-directives.ts";
import type { NginxContext, NginxModule } from "./phases.ts";
import { proxyPassRow, proxyRows, proxySetHeaderRow, proxySslRows } from "./proxy-directives.ts";
import type { NginxRequest } from "./request.ts";
import { forgetNames, installResolver, resolverRow, resolverTimeoutRow } from "./resolver.ts";
import type { DirectiveRow } from "./settings.ts";
import {
  beginUpstream,
  cleanUp,
  clientWentAway,
  contentHandler,
  lookAgain,
  nameResolved,
} from "./upstream.ts";
import { upstreamRow } from "./upstream-block.ts";
import { cutBody } from "./upstream-body.ts";
import {
  callIs,
  callOf,
  renewCalls,
  UPSTREAM,
  type UpstreamCall,
  upstreamState,
} from "./upstream-call.ts";
import { upstreamProblem } from "./upstream-checks.ts";
import { setUpstreamEvents } from "./upstream-events.ts";
import { cacheMachine, limitMachine, peerMachine, upstreamMachine } from "./upstream-machine.ts";
import { closeIdle } from "./upstream-peer.ts";
import { readUpstream, upstreamEnded, upstreamReset } from "./upstream-read.ts";
import { resolveTargets } from "./upstream-target.ts";
import { connected, connectFailed, requestWritten, timeOutTry } from "./upstream-try.ts";
import { upstreamVariables } from "./upstream-variables.ts";
import { uwsgiParamRow, uwsgiPassRow, uwsgiRows } from "./uwsgi-directives.ts";

/** proxy_pass, uwsgi_pass, upstream blocks and the cache. */
export const upstreamModule: NginxModule = {
  name: UPSTREAM,
  directives: [
    upstreamRow,
    resolverRow,
    resolverTimeoutRow,
    proxyPassRow,
    proxySetHeaderRow,
    proxyCachePathRow,
    uwsgiCachePathRow,
    uwsgiPassRow,
    uwsgiParamRow,
    ...Object.values(proxyRows),
    ...Object.values(proxySslRows),
    ...Object.values(uwsgiRows),
  ] as unknown as readonly DirectiveRow[],
  variables: upstreamVariables,
  content: { proxy: contentHandler("proxy"), uwsgi: contentHandler("uwsgi") },
  bodyReady: beginUpstream,
  clientGone: clientWentAway,
  cleanup: cleanUp,
  finishHttp: (http, resolve) => upstreamProblem(http) ?? resolveTargets(http, resolve),
  install,
  workerEnded,
};

type Handle = (context: NginxContext, request: NginxRequest, call: UpstreamCall) => void;

function install(context: NginxContext): void {
  const { sim, host } = context;
  for (const machine of [upstreamMachine, peerMachine, cacheMachine, limitMachine]) {
    registerMachine(sim, machine);
  }
  sim.renewal.add(() => renewCalls(context));
  const bySocket = (handle: Handle) => (socket: SocketId) => onSocket(context, socket, handle);
  const handlers = host.network.handlers({
    connected: bySocket(connected),
    connectFailed: (socket: SocketId, errno: Errno) =>
      onSocket(context, socket, (at, request, call) => connectFailed(at, request, call, errno)),
    readable: bySocket(readUpstream),
    ended: bySocket(upstreamEnded),
    reset: bySocket(upstreamReset),
    drained: bySocket(requestDrained),
    tlsFailed: (socket) => onSocket(context, socket, (at, r, c) => connectFailed(at, r, c, 104)),
  });
  const byRequest = (handle: Handle) => (id: number) => onRequest(context, id, handle);
  setUpstreamEvents(sim, {
    handlers,
    timeout: sim.event("nginx upstream timer", byRequest(timedOut)),
    idleTimeout: sim.event("nginx idle upstream connection", (socket) =>
      closeIdleSocket(context, socket),
    ),
    lockLook: sim.event("nginx cache lock", byRequest(lookAgain)),
  });
  installResolver(context, (id, answer) =>
    onRequest(context, id, (at, request, call) => nameResolved(at, request, call, answer)),
  );
}

function registerMachine(
  sim: Simulation,
  machine: Parameters<Simulation["machine"]>[0] | object,
): void {
  sim.machine(machine as Parameters<Simulation["machine"]>[0]);
}

function onRequest(context: NginxContext, id: number, handle: Handle): void {
  const call = callOf(context, id);
  const request = context.request(id);
  if (call !== null && request !== null && !call.finished) handle(context, request, call);
}

function onSocket(context: NginxContext, socket: SocketId, handle: Handle): void {
  const call = upstreamState(context).bySocket.get(socket);
  if (call === undefined) {
    closeIdleSocket(context, socket);
    return;
  }
  const request = context.request(call.request);
  if (request !== null && !call.finished) handle(context, request, call);
}

/** The peer of an idle connection closed or spoke, or its time is over. */
function closeIdleSocket(context: NginxContext, socket: SocketId): void {
  for (const idle of upstreamState(context).idle.values()) {
    const connection = idle.find((one) => one.socket === socket);
    if (connection === undefined) continue;
    closeIdle(context, connection);
    return;
  }
}

function requestDrained(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  if (callIs(context, call, "sending")) requestWritten(context, request, call);
}

function timedOut(context: NginxContext, request: NginxRequest, call: UpstreamCall): void {
  if (!callIs(context, call, "reading body")) {
    timeOutTry(context, request, call);
    return;
  }
  request.logAction = "reading upstream";
  context.logError(request, "error", "upstream timed out (110: Connection timed out)");
  cutBody(context, request, call, "nothing came for the read timeout");
}

function workerEnded(context: NginxContext, worker: number): void {
  forgetNames(context, worker);
  const state = upstreamState(context);
  const prefix = `${worker}/`;
  for (const key of [...state.groups.keys()]) if (key.startsWith(prefix)) state.groups.delete(key);
  for (const [key, entity] of [...state.peers]) {
    if (!key.startsWith(prefix)) continue;
    state.peers.delete(key);
    context.sim.retire(entity);
  }
  for (const { timer } of state.idle.get(worker) ?? []) context.cancel(timer);
  state.idle.delete(worker);
}
