// A worker at work: accept, read the vars, call the application, write what it gives, log, close.
// Source: uWSGI 2.0.21 core/uwsgi.c simple_loop_run, core/protocol.c, proto/uwsgi.c; documentation.
import { type ListenerId, NO_SOCKET, type SocketId, textChunk } from "../../host/network.ts";
import { uniformInteger } from "../../kernel/random.ts";
import { SECOND } from "../../kernel/time.ts";
import { PARSE_NS, WAKE_NS, WRITE_NS } from "./costs.ts";
import { buildEnviron, observedEnviron } from "./environ.ts";
import { acceptFacts, callFacts, refuseFacts } from "./facts.ts";
import { parseHttp } from "./http-request.ts";
import { log } from "./log-lines.ts";
import { requestMachine, workerMachine } from "./machine.ts";
import { chooseApplication } from "./mounts.ts";
import { type PacketResult, parsePacket } from "./packet.ts";
import { receiveText } from "./receiving.ts";
import { logRequest } from "./request-log.ts";
import { limitSilence, logReset } from "./router.ts";
import { beginHarakiri, endHarakiri, wallSecond, watchListenQueue } from "./watching.ts";
import {
  type Master,
  masterOfWorker,
  type Runtime,
  type UwsgiRequest,
  type Worker,
  world,
} from "./world.ts";

const { transition } = requestMachine;
const WINNER_DRAW = 0x7501;

/** A connection waits: the race for it begins after the time a wake-up takes. */
export function onAcceptable(runtime: Runtime, listener: ListenerId): void {
  const { waking } = world(runtime);
  if (waking.has(listener)) return;
  waking.add(listener);
  runtime.host.sim.after(WAKE_NS, runtime.events.wake, listener);
}

/** Idle workers take what waits; which one is drawn with the run's seed. */
export function onWake(runtime: Runtime, listener: ListenerId): void {
  const state = world(runtime);
  const { network, sim } = runtime.host;
  state.waking.delete(listener);
  while (network.waiting(listener) > 0) {
    const ready = [...state.workers.values()].filter(
      (worker) => canAccept(runtime, worker) && holds(runtime, worker, listener),
    );
    if (ready.length === 0) return;
    const winner = ready[uniformInteger(sim.seed, state.wakeups++, WINNER_DRAW, ready.length)];
    if (!acceptOne(runtime, winner, listener)) return;
  }
}

function holds(runtime: Runtime, worker: Worker, listener: ListenerId): boolean {
  return masterOfWorker(runtime, worker)?.listeners.some(({ id }) => id === listener) ?? false;
}

function canAccept(runtime: Runtime, worker: Worker): boolean {
  const master = masterOfWorker(runtime, worker);
  return (
    master !== undefined &&
    worker.phase === "running" &&
    worker.requests.length < master.config.numbers.threads
  );
}

function acceptOne(runtime: Runtime, worker: Worker, listener: ListenerId): boolean {
  const { sim, network } = runtime.host;
  const master = masterOfWorker(runtime, worker);
  const queued = network.waiting(listener);
  const socket = network.accept(listener, worker.pid, runtime.handlers);
  if (socket === NO_SOCKET || master === undefined) return false;
  const { request: number } = network.info(socket);
  const entity = sim.spawn(runtime.request, number);
  const core = worker.freeCores.shift() ?? 0;
  const state = world(runtime);
  const slot = state.nextSlot++ * 8 + runtime.serverId;
  const protocol = master.listeners.find(({ id }) => id === listener)?.protocol ?? "uwsgi";
  const request = newRequest(worker, {
    socket,
    entity,
    protocol,
    listener,
    request: number,
    core,
    slot,
  });
  request.startedAt = sim.now;
  state.requests.set(socket, request);
  state.calls.set(slot, socket);
  worker.requests.push(socket);
  const { accept, acceptNext } = workerMachine.transition;
  sim.fire(
    runtime.worker,
    worker.entity,
    sim.is(runtime.worker, worker.entity, "idle") ? accept : acceptNext,
    worker.requests.length,
  );
  const row = sim.fire(runtime.request, entity, transition.accept, queued);
  if (sim.recording(entity)) sim.note(row, acceptFacts(master, worker, queued - 1));
  if (!canAccept(runtime, worker))
    for (const { id } of master.listeners) network.watch(id, worker.pid, false);
  const { numbers } = master.config;
  const wait = numbers[protocol === "router" ? "http-timeout" : "socket-timeout"] * SECOND;
  sim.after(wait, runtime.events.timeout, socket, slot);
  watchListenQueue(runtime, master);
  readVars(runtime, request);
  return true;
}

type RequestIds = Pick<
  UwsgiRequest,
  "socket" | "entity" | "protocol" | "listener" | "request" | "core" | "slot"
>;

function newRequest(worker: Worker, ids: RequestIds): UwsgiRequest {
  return {
    ...ids,
    worker: worker.pid,
    application: -1,
    data: "",
    rest: [],
    vars: null,
    pairs: 0,
    blockBytes: 0,
    environ: null,
    bodyLeft: 0,
    wanted: null,
    status: null,
    headers: [],
    headersSent: false,
    headerBytes: 0,
    sent: 0,
    item: null,
    exhausted: false,
    startedAt: 0,
    peerEnded: false,
    peerReset: false,
    job: -1,
  };
}

/** Reads until the block of vars is complete. */
export function readVars(runtime: Runtime, request: UwsgiRequest): void {
  const { host } = runtime;
  const worker = world(runtime).workers.get(request.worker);
  const master = worker === undefined ? undefined : masterOfWorker(runtime, worker);
  if (master === undefined) return;
  if (!receiveText(runtime, request)) {
    if (request.peerEnded || request.peerReset) finish(runtime, request, transition.losePeer);
    return;
  }
  const result = parse(runtime, master, request);
  if (result.kind === "more") {
    if (request.peerEnded || request.peerReset) finish(runtime, request, transition.losePeer);
    return;
  }
  if (result.kind !== "vars") {
    refuseBlock(runtime, master, request, result);
    return;
  }
  request.vars = result.vars;
  request.pairs = result.pairs;
  request.blockBytes = result.bytes;
  if (request.data.length > result.consumed)
    request.rest.unshift(textChunk(request.data.slice(result.consumed)));
  request.bodyLeft = Number.parseInt(result.vars.get("CONTENT_LENGTH") ?? "", 10) || 0;
  request.job = runtime.events.parsed;
  host.cpu.run(request.worker, PARSE_NS, runtime.events.parsed, request.socket, 0);
}

function parse(runtime: Runtime, master: Master, request: UwsgiRequest): PacketResult {
  const bufferSize = master.config.numbers["buffer-size"];
  if (request.protocol === "uwsgi") return parsePacket(request.data, bufferSize);
  const { local, peer } = runtime.host.network.info(request.socket);
  return parseHttp(request.data, {
    bufferSize,
    remoteIp: peer.kind === "tcp" ? peer.ip : "",
    port: local.kind === "tcp" ? String(local.port) : "",
    hostname: runtime.host.settings.hostname,
    routedFrom: request.protocol === "router" && peer.kind === "tcp" ? String(peer.port) : null,
    managesScriptName: master.config.switches.has("manage-script-name"),
  });
}

/** A block beyond buffer-size: one line in the log, no request line, and a reset when bytes are left. */
function refuseBlock(
  runtime: Runtime,
  master: Master,
  request: UwsgiRequest,
  result: PacketResult,
): void {
  const { host } = runtime;
  const max = master.config.numbers["buffer-size"];
  const what =
    request.protocol === "http"
      ? `invalid HTTP request size (max ${max})...skip`
      : `invalid request block size: ${result.kind === "too large" ? result.bytes : 0} (max ${max})...skip`;
  if (result.kind === "too large") log(host, master, what, request.request);
  const row = host.sim.fire(
    runtime.request,
    request.entity,
    transition.refuseBlock,
    result.kind === "too large" ? result.bytes : 0,
  );
  if (host.sim.recording(request.entity))
    host.sim.note(row, refuseFacts(master, result.kind === "too large" ? result.bytes : 0));
  // Source: proto/uwsgi.c reads at most buffer-size + 4 bytes: what lies beyond is left unread.
  if (request.protocol === "router") {
    if (result.kind === "too large") logReset(runtime, master, request);
    while (host.network.read(request.socket) !== null);
  } else if (request.data.length > max + 4) host.network.abort(request.socket);
  forget(runtime, request);
}

/** The vars are parsed: harakiri starts to count, and the application is called. */
export function callApplication(runtime: Runtime, request: UwsgiRequest): void {
  const { host, application } = runtime;
  const worker = world(runtime).workers.get(request.worker);
  const master = worker === undefined ? undefined : masterOfWorker(runtime, worker);
  request.job = -1;
  if (worker === undefined || master === undefined || request.vars === null) return;
  const seat = master.seats[worker.seat];
  request.application = chooseApplication(master, worker, request);
  if (request.application >= 0)
    seat.requests[request.application] = (seat.requests[request.application] ?? 0) + 1;
  worker.served++;
  request.startedAt = host.sim.now;
  if (master.config.numbers.harakiri > 0) beginHarakiri(runtime, master, request);
  if (request.application < 0) {
    answerWithoutApplication(runtime, master, request);
    return;
  }
  const { numbers } = master.config;
  const environ = buildEnviron(request.vars, {
    multithread: numbers.threads > 1,
    multiprocess: numbers.processes > 1,
    core: request.core,
  });
  request.environ = environ;
  limitSilence(runtime, master, request);
  const row = host.sim.fire(
    runtime.request,
    request.entity,
    transition.callApplication,
    request.pairs,
  );
  if (host.sim.recording(request.entity)) host.sim.note(row, callFacts(master, request));
  if (host.sink.wants(request.request)) observeCall(runtime, request);
  application.call(runtime.serverId, request.slot, worker.pid, environ, request.request);
}

function observeCall(runtime: Runtime, request: UwsgiRequest): void {
  const { sink } = runtime.host;
  const before = sink.observed(request.request);
  const wsgi = observedEnviron(request.environ ?? new Map());
  const calls = before.wsgi === undefined ? 1 : ((before.attempts as number | undefined) ?? 1) + 1;
  sink.observe(request.request, calls > 1 ? { wsgi, attempts: calls } : { wsgi });
}

const NO_APPLICATION_BODY = textChunk("Internal Server Error");

/** Full dynamic mode: every request is answered 500 by uWSGI itself. */
function answerWithoutApplication(runtime: Runtime, master: Master, request: UwsgiRequest): void {
  const { host } = runtime;
  log(
    host,
    master,
    "--- no python application found, check your startup logs for errors ---",
    request.request,
  );
  host.sim.fire(runtime.request, request.entity, transition.answerWithoutApplication, 500);
  request.status = "500 Internal Server Error";
  request.headers = [
    ["Connection", "close"],
    ["Content-Type", "text/plain"],
  ];
  request.item = NO_APPLICATION_BODY;
  request.exhausted = true;
  if (host.sink.wants(request.request)) host.sink.observe(request.request, { by: "uwsgi" });
  write(runtime, request);
}

/** Spends the time of writing; then `sendItem`. */
export function write(runtime: Runtime, request: UwsgiRequest): void {
  request.job = runtime.events.write;
  runtime.host.cpu.run(request.worker, WRITE_NS, runtime.events.write, request.socket, 0);
}

/** The request line, and the end of the connection. */
export function complete(
  runtime: Runtime,
  request: UwsgiRequest,
  by: number = transition.complete,
): void {
  logRequest(runtime, request);
  if (request.environ !== null && by === transition.complete)
    runtime.application.close(request.slot);
  finish(runtime, request, by);
}

/** Ends the request by a transition and closes its socket. */
export function finish(runtime: Runtime, request: UwsgiRequest, by: number): void {
  runtime.host.sim.fire(runtime.request, request.entity, by, request.sent);
  forget(runtime, request);
}

function forget(runtime: Runtime, request: UwsgiRequest): void {
  const { host } = runtime;
  const worker = world(runtime).workers.get(request.worker);
  dropRequest(runtime, request);
  if (host.network.isOpen(request.socket)) host.network.close(request.socket);
  if (worker !== undefined) nextOf(runtime, worker);
}

/** Forgets what is kept for a request; its socket is left alone. */
export function dropRequest(runtime: Runtime, request: UwsgiRequest): void {
  const { host } = runtime;
  const state = world(runtime);
  const server = state.workers.get(request.worker);
  const master = server === undefined ? undefined : masterOfWorker(runtime, server);
  if (master !== undefined) endHarakiri(runtime, master, request);
  host.sim.endClock(request.entity, "harakiri", false);
  if (request.job >= 0) host.cpu.cancel(request.worker, request.job, request.socket);
  state.requests.delete(request.socket);
  state.calls.delete(request.slot);
  host.sim.retire(request.entity);
  const worker = server;
  if (worker === undefined) return;
  worker.requests = worker.requests.filter((socket: SocketId) => socket !== request.socket);
  worker.freeCores.push(request.core);
}

/** After a request: leave if told to, otherwise accept the next or wait. */
export function nextOf(runtime: Runtime, worker: Worker): void {
  const { network } = runtime.host;
  const master = masterOfWorker(runtime, worker);
  // Without its master nothing but the last request kept it.
  if (master === undefined) {
    exitWhenIdle(runtime, worker);
    return;
  }
  const max = master.config.numbers["max-requests"];
  if (worker.phase === "running" && max > 0 && worker.served >= max)
    retire(runtime, master, worker);
  if (worker.phase === "leaving") exitWhenIdle(runtime, worker);
  if (worker.phase !== "running") return;
  for (const { id } of master.listeners) {
    if (canAccept(runtime, worker) && acceptOne(runtime, worker, id)) return;
  }
  rest(runtime, worker);
  for (const { id } of master.listeners) network.watch(id, worker.pid, true);
}

/**
 * The worker has served its number of requests; one that is younger than min-worker-lifetime goes on.
 * Source: core/utils.c uwsgi_close_request, core/uwsgi.c goodbye_cruel_world.
 */
function retire(runtime: Runtime, master: Master, worker: Worker): void {
  const { host } = runtime;
  const seat = master.seats[worker.seat];
  const ageMs = host.clock.nowMs() - seat.spawnedAt * 1000;
  if (ageMs < master.config.numbers["min-worker-lifetime"] * 1000) return;
  seat.cursedAt = wallSecond(host);
  seat.accepting = false;
  log(host, master, `...The work of process ${worker.pid} is done. Seeya!`);
  leave(runtime, worker);
}

function exitWhenIdle({ host: { processes } }: Runtime, worker: Worker): void {
  if (worker.requests.length === 0 && processes.alive(worker.pid)) processes.exit(worker.pid, 0);
}

function rest(runtime: Runtime, worker: Worker): void {
  const { sim } = runtime.host;
  if (worker.requests.length > 0 || sim.is(runtime.worker, worker.entity, "idle")) return;
  const busy = sim.is(runtime.worker, worker.entity, "busy");
  const { rest: toIdle, wait } = workerMachine.transition;
  sim.fire(runtime.worker, worker.entity, busy ? toIdle : wait, worker.served);
}

/** The worker takes no more connections. */
export function leave(runtime: Runtime, worker: Worker): void {
  const { sim, network } = runtime.host;
  if (worker.phase === "leaving") return;
  worker.phase = "leaving";
  sim.fire(runtime.worker, worker.entity, workerMachine.transition.leave, worker.requests.length);
  for (const { id } of masterOfWorker(runtime, worker)?.listeners ?? [])
    network.watch(id, worker.pid, false);
}
