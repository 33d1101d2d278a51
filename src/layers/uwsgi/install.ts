// Installs uWSGI on a host: the program, its machines, its events, and the server's side of WSGI.

import type { SocketHandlers } from "../../host/network.ts";
import type { Host, Program } from "../../host/processes.ts";
import { renewed } from "../../kernel/renewal.ts";
import type { WsgiApplication, WsgiServer } from "../application.ts";
import {
  onDrained,
  onExhausted,
  onItem,
  onRaised,
  onStartResponse,
  sendItem,
} from "./answering.ts";
import { START_NS } from "./costs.ts";
import { log } from "./log-lines.ts";
import { masterMachine, requestMachine, workerMachine } from "./machine.ts";
import { begin, forgetMaster, onLoaded, resume, signalMaster, signalWorker } from "./master.ts";
import { continueBody, deliverBody, onBodyTimeout, readBody } from "./receiving.ts";
import { onSilence } from "./router.ts";
import { callApplication, dropRequest, finish, onAcceptable, onWake, readVars } from "./serving.ts";
import { onAlarm, onCycle } from "./watching.ts";
import { forgetWorker, noteDeath, onForked, onWorkerLoaded, spawnAgain } from "./workers.ts";
import {
  type EventKinds,
  emptyWorld,
  type Master,
  masterOfWorker,
  type Runtime,
  type UwsgiRequest,
  type Worker,
  world,
} from "./world.ts";

/** Registers the program "uwsgi" and returns what the application calls. */
export function installUwsgi(
  host: Host,
  application: WsgiApplication,
  serverId: number,
): WsgiServer {
  const { sim } = host;
  sim.world.uwsgi = emptyWorld();
  sim.renewal.add(() => {
    const uwsgi = world(runtime);
    uwsgi.requests = renewed(uwsgi.requests);
    uwsgi.calls = renewed(uwsgi.calls);
    uwsgi.waking = new Set(uwsgi.waking);
    return uwsgi.requests.size + uwsgi.calls.size;
  });
  const runtime: Runtime = {
    host,
    application,
    serverId,
    master: sim.machine(masterMachine),
    worker: sim.machine(workerMachine),
    request: sim.machine(requestMachine),
    handlers: host.network.handlers(socketHandlers(() => runtime)),
    events: registerEvents(host, () => runtime),
  };
  host.processes.register(program(runtime));
  return wsgiServer(runtime);
}

function registerEvents(host: Host, runtime: () => Runtime): EventKinds {
  const { sim } = host;
  const ofMaster = (name: string, act: (at: Runtime, master: Master, b: number) => void): number =>
    sim.event(`uwsgi: ${name}`, (pid, b) => {
      const master = world(runtime()).masters.get(pid);
      if (master !== undefined) act(runtime(), master, b);
    });
  const ofRequest = (
    name: string,
    act: (at: Runtime, request: UwsgiRequest, b: number) => void,
  ): number =>
    sim.event(`uwsgi: ${name}`, (socket, b) => {
      const request = world(runtime()).requests.get(socket);
      if (request !== undefined) act(runtime(), request, b);
    });
  return {
    started: sim.event("uwsgi: started", (pid) => {
      const process = host.processes.get(pid);
      const master = world(runtime()).masters.get(pid);
      if (process === null || !host.processes.alive(pid)) return;
      if (master === undefined) begin(runtime(), process);
      else resume(runtime(), master);
    }),
    loaded: ofMaster("application imported", (at, master, ok) => onLoaded(at, master, ok === 1)),
    forked: sim.event("uwsgi: worker runs", (pid) => {
      const worker = world(runtime()).workers.get(pid);
      if (worker !== undefined) onForked(runtime(), worker);
    }),
    wake: sim.event("uwsgi: a connection waits", (listener) => onWake(runtime(), listener)),
    parsed: ofRequest("vars parsed", callApplication),
    write: ofRequest("item ready", sendItem),
    bodyArrived: ofRequest("body arrived", deliverBody),
    timeout: ofRequest("socket-timeout", (at, request, slot) => {
      if (request.slot === slot && request.vars === null)
        finish(at, request, requestMachine.transition.losePeer);
    }),
    bodyTimeout: ofRequest("socket-timeout of the body", onBodyTimeout),
    routerTimeout: ofRequest("http-timeout", (at, request, slot) => {
      if (request.slot === slot) onSilence(at, request);
    }),
    cycle: ofMaster("turn of the master", onCycle),
    workerLoaded: sim.event("uwsgi: application imported by a worker", (pid, ok) => {
      const worker = world(runtime()).workers.get(pid);
      if (worker !== undefined) onWorkerLoaded(runtime(), worker, ok === 1);
    }),
    respawn: ofMaster("a worker is forked late", spawnAgain),
    alarm: ofRequest("alarm", (at, request, slot) => {
      const worker = world(at).workers.get(request.worker);
      const master = worker === undefined ? undefined : masterOfWorker(at, worker);
      if (request.slot === slot && master !== undefined) onAlarm(at, master, request);
    }),
  };
}

function socketHandlers(runtime: () => Runtime): SocketHandlers {
  const on = (socket: number, act: (at: Runtime, request: UwsgiRequest) => void): void => {
    const request = world(runtime()).requests.get(socket);
    if (request !== undefined) act(runtime(), request);
  };
  const goOn = (at: Runtime, request: UwsgiRequest): void => {
    if (request.job >= 0) return;
    const { sim } = at.host;
    if (sim.is(at.request, request.entity, "reading vars")) readVars(at, request);
    else if (sim.is(at.request, request.entity, "waiting for the body")) continueBody(at, request);
  };
  return {
    acceptable: (listener) => onAcceptable(runtime(), listener),
    readable: (socket) => on(socket, goOn),
    ended: (socket) =>
      on(socket, (at, request) => {
        request.peerEnded = true;
        goOn(at, request);
      }),
    reset: (socket) =>
      on(socket, (at, request) => {
        request.peerReset = true;
        if (at.host.sim.is(at.request, request.entity, "waiting for the peer"))
          onDrained(at, request);
        else goOn(at, request);
      }),
    drained: (socket) => on(socket, onDrained),
  };
}

function program(runtime: Runtime): Program {
  const { host } = runtime;
  const masterOf = (pid: number): Master | undefined => world(runtime).masters.get(pid);
  const workerOf = (pid: number): Worker | undefined => world(runtime).workers.get(pid);
  return {
    name: "uwsgi",
    start: (process) => host.cpu.run(process.pid, START_NS, runtime.events.started, process.pid, 0),
    signal: (pid, signal) => {
      const master = masterOf(pid);
      const worker = workerOf(pid);
      if (master !== undefined) signalMaster(runtime, master, signal);
      else if (worker !== undefined) signalWorker(runtime, worker, signal);
    },
    childExited: (pid, child, status) => {
      const master = masterOf(pid);
      if (master !== undefined) noteDeath(runtime, master, child, status);
    },
    ended: (pid, status) => {
      const worker = workerOf(pid);
      if (worker !== undefined) {
        for (const socket of worker.requests.slice()) abortRequest(runtime, socket);
        forgetWorker(runtime, worker, status);
      }
      const master = masterOf(pid);
      if (master !== undefined) forgetMaster(runtime, master, status);
    },
  };
}

function abortRequest(runtime: Runtime, socket: number): void {
  const request = world(runtime).requests.get(socket);
  if (request === undefined) return;
  runtime.host.sim.fire(
    runtime.request,
    request.entity,
    requestMachine.transition.abort,
    request.sent,
  );
  dropRequest(runtime, request);
}

function wsgiServer(runtime: Runtime): WsgiServer {
  const on = (slot: number, act: (request: UwsgiRequest) => void): void => {
    const state = world(runtime);
    const socket = state.calls.get(slot);
    const request = socket === undefined ? undefined : state.requests.get(socket);
    if (request !== undefined) act(request);
  };
  return {
    startResponse: (slot, status, headers) =>
      on(slot, (request) => onStartResponse(request, status, headers)),
    item: (slot, chunk) => on(slot, (request) => onItem(runtime, request, chunk)),
    exhausted: (slot) => on(slot, (request) => onExhausted(runtime, request)),
    raised: (slot, exception, traceback) =>
      on(slot, (request) => onRaised(runtime, request, exception, traceback)),
    readBody: (slot, bytes) => on(slot, (request) => readBody(runtime, request, bytes)),
    stderr: (slot, line) =>
      on(slot, (request) => {
        const worker = world(runtime).workers.get(request.worker);
        const master = worker === undefined ? undefined : masterOfWorker(runtime, worker);
        if (master !== undefined) log(runtime.host, master, line, request.request);
      }),
  };
}
