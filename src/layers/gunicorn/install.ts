// Installs gunicorn on a host: the program, its machines, its events, and the server's side of WSGI.

import type { SocketHandlers } from "../../host/network.ts";
import type { Host, Program } from "../../host/processes.ts";
import { renewed } from "../../kernel/renewal.ts";
import type { WsgiApplication, WsgiServer } from "../application.ts";
import { onAcceptable, onWake, reuseConnection } from "./accepting.ts";
import {
  callApplication,
  onDrained,
  onExhausted,
  onItem,
  onStartResponse,
  sendHead,
  sendItem,
} from "./answering.ts";
import { forgetMaster, onStopPoll, onTurn, reapChild, signalMaster, spawnNext } from "./arbiter.ts";
import { bodyIsRead } from "./body-reader.ts";
import { closeConnection, endRequest } from "./closing.ts";
import { INTERPRETER_START_NS } from "./costs.ts";
import { onRaised, rejectHead } from "./failing.ts";
import { logError, printError } from "./logging.ts";
import { arbiterMachine, requestMachine, workerMachine } from "./machine.ts";
import { closeLost, continueReading, deliverBody, readBody } from "./receiving.ts";
import { orphanMaster } from "./reload.ts";
import {
  connectionOf,
  connectionOfSlot,
  type EventKinds,
  masterOf,
  type Runtime,
  workerOf,
  world,
} from "./runtime.ts";
import { configure, start } from "./starting.ts";
import { scheduleTurn } from "./watching.ts";
import { exitWorker, nextOf, onLoaded, startChild, turnOf } from "./worker.ts";
import {
  afterQuit,
  forgetWorker,
  orphanWorker,
  signalWorker,
  stopWorker,
} from "./worker-signals.ts";
import { type Connection, emptyWorld, type Master, type Worker } from "./world.ts";

/** Registers the program "gunicorn" and returns what the application calls. */
export function installGunicorn(
  host: Host,
  application: WsgiApplication,
  serverId: number,
): WsgiServer {
  const { sim } = host;
  sim.world.gunicorn = emptyWorld();
  sim.renewal.add(() => {
    const gunicorn = world(runtime);
    gunicorn.calls = renewed(gunicorn.calls);
    gunicorn.waking = new Set(gunicorn.waking);
    return gunicorn.calls.size;
  });
  const wakeups = (): number => world(runtime).wakeups;
  sim.renewal.addCounted(wakeups, () => {
    const gunicorn = world(runtime);
    gunicorn.connections = renewed(gunicorn.connections);
    return gunicorn.connections.size;
  });
  const runtime: Runtime = {
    host,
    application,
    serverId,
    arbiter: sim.machine(arbiterMachine),
    worker: sim.machine(workerMachine),
    request: sim.machine(requestMachine),
    handlers: host.network.handlers(socketHandlers(() => runtime)),
    events: registerEvents(host, () => runtime),
    loop: {
      next: (worker) => nextOf(runtime, worker),
      turn: (worker) => turnOf(runtime, worker),
      leave: (worker, status) => {
        const { leave } = workerMachine.transition;
        sim.fire(runtime.worker, worker.entity, leave, status);
        exitWorker(runtime, worker, status);
      },
    },
  };
  host.processes.register(program(runtime));
  return wsgiServer(runtime);
}

function registerEvents(host: Host, runtime: () => Runtime): EventKinds {
  const { sim } = host;
  const event = sim.event.bind(sim);
  const ofMaster = (name: string, act: (at: Runtime, master: Master, b: number) => void): number =>
    event(`gunicorn: ${name}`, (pid, b) => {
      const master = masterOf(runtime(), pid);
      if (master !== undefined) act(runtime(), master, b);
    });
  const ofWorker = (name: string, act: (at: Runtime, worker: Worker) => void): number =>
    event(`gunicorn: ${name}`, (pid) => {
      const worker = workerOf(runtime(), pid);
      if (worker !== undefined) act(runtime(), worker);
    });
  const ofConnection = (name: string, act: (at: Runtime, connection: Connection) => void): number =>
    event(`gunicorn: ${name}`, (socket) => {
      const connection = connectionOf(runtime(), socket);
      if (connection !== undefined) act(runtime(), connection);
    });
  return {
    configure: event("gunicorn: configure", (pid) => {
      const process = host.processes.get(pid);
      if (process !== null && host.processes.alive(pid)) configure(runtime(), process);
    }),
    bind: ofMaster("bind", (at, master, stage) => start(at, master, stage)),
    spawn: ofMaster("fork the next worker", spawnNext),
    turn: ofMaster("turn of the arbiter", onTurn),
    stopPoll: ofMaster("poll while stopping", onStopPoll),
    masterExit: ofMaster("master exits", (at, master) =>
      at.host.processes.exit(master.pid, master.exitStatus),
    ),
    childStart: ofWorker("worker starts", startChild),
    loaded: ofWorker("application imported", onLoaded),
    workerTurn: ofWorker("turn of a worker", (at, worker) => {
      if (worker.config.workerKind !== "sync" || worker.connections.length === 0)
        turnOf(at, worker);
    }),
    quit: ofWorker("worker quits", afterQuit),
    workerExit: ofWorker("worker exits", (at, worker) =>
      at.host.processes.exit(worker.pid, worker.exitStatus),
    ),
    wake: event("gunicorn: select returns", (listener) => onWake(runtime(), listener)),
    parsed: ofConnection("head parsed", callApplication),
    errorReady: ofConnection("error page ready", rejectHead),
    lost: ofConnection("peer lost", closeLost),
    headReady: ofConnection("head of the response ready", sendHead),
    bodyReady: ofConnection("item ready", sendItem),
    bodyArrived: ofConnection("body arrived", (at, connection) => {
      if (connection.slot >= 0) deliverBody(at, connection);
    }),
    keepAlive: ofConnection("keepalive over", (at, connection) => {
      const { expire, losePeer } = requestMachine.transition;
      const isKept = host.sim.is(at.request, connection.entity, "kept alive");
      endRequest(at, connection, isKept ? expire : losePeer);
      closeConnection(at, connection);
    }),
  };
}

function socketHandlers(runtime: () => Runtime): SocketHandlers {
  const on = (socket: number, act: (at: Runtime, connection: Connection) => void): void => {
    const connection = connectionOf(runtime(), socket);
    if (connection !== undefined) act(runtime(), connection);
  };
  const readable = (at: Runtime, connection: Connection): void => {
    if (at.host.sim.is(at.request, connection.entity, "kept alive"))
      reuseConnection(at, connection);
    else continueReading(at, connection);
  };
  return {
    acceptable: (listener) => onAcceptable(runtime(), listener),
    wakesAll: true,
    readable: (socket) => on(socket, readable),
    ended: (socket) =>
      on(socket, (at, connection) => {
        connection.peerEnded = true;
        if (at.host.sim.is(at.request, connection.entity, "kept alive")) loseKept(at, connection);
        else continueReading(at, connection);
      }),
    reset: (socket) =>
      on(socket, (at, connection) => {
        connection.peerReset = true;
        if (at.host.sim.is(at.request, connection.entity, "kept alive"))
          return loseKept(at, connection);
        if (at.host.sim.is(at.request, connection.entity, "waiting for the peer"))
          return onDrained(at, connection);
        continueReading(at, connection);
      }),
    drained: (socket) => on(socket, onDrained),
  };
}

/** A thread would read the end of the stream, and what of the last body comes before it. */
function loseKept(runtime: Runtime, connection: Connection): void {
  if (!bodyIsRead(connection.body) && !connection.peerReset) {
    reuseConnection(runtime, connection);
    return;
  }
  const worker = workerOf(runtime, connection.worker);
  const text = connection.peerReset ? "Ignoring connection reset" : "Closing connection. ";
  if (worker !== undefined)
    logError(runtime.host, worker, { level: "DEBUG", text }, connection.request);
  endRequest(runtime, connection, requestMachine.transition.losePeer);
  closeConnection(runtime, connection);
}

function program(runtime: Runtime): Program {
  const { host } = runtime;
  return {
    name: "gunicorn",
    start: (process) =>
      host.cpu.run(process.pid, INTERPRETER_START_NS, runtime.events.configure, process.pid, 0),
    signal: (pid, signal) => {
      const master = masterOf(runtime, pid);
      const worker = workerOf(runtime, pid);
      if (master !== undefined) signalMaster(runtime, master, signal);
      else if (worker !== undefined) signalWorker(runtime, worker, signal);
      else if (signal === "TERM" || signal === "INT" || signal === "QUIT")
        host.processes.exit(pid, signal === "INT" ? -2 : signal === "QUIT" ? -3 : -15);
    },
    childExited: (pid, child, status) => {
      const master = masterOf(runtime, pid);
      if (master !== undefined && master.phase !== "gone")
        reapChild(runtime, master, child, status);
    },
    ended: (pid, status) => {
      const master = masterOf(runtime, pid);
      const worker = workerOf(runtime, pid);
      if (worker !== undefined) forgetWorker(runtime, worker, status);
      if (master === undefined) return;
      forgetMaster(runtime, master);
      runtime.application.processEnded(pid);
      world(runtime).masters.delete(pid);
    },
    orphaned: (pid) => {
      const worker = workerOf(runtime, pid);
      if (worker !== undefined) return orphanWorker(runtime, worker);
      const master = orphanMaster(runtime, pid);
      if (master !== undefined && master.masterPid > 0 && master.phase === "sleeping")
        scheduleTurn(runtime, master, host.sim.now);
    },
    stopped: (pid, stopped) => {
      const worker = workerOf(runtime, pid);
      if (worker !== undefined) stopWorker(runtime, worker, stopped);
    },
  };
}

function wsgiServer(runtime: Runtime): WsgiServer {
  const on = (slot: number, act: (connection: Connection) => void): void => {
    const connection = connectionOfSlot(runtime, slot);
    if (connection !== undefined) act(connection);
  };
  return {
    startResponse: (slot, status, headers) =>
      on(slot, (connection) => onStartResponse(runtime, connection, status, headers)),
    item: (slot, chunk) => on(slot, (connection) => onItem(runtime, connection, chunk)),
    exhausted: (slot) => on(slot, (connection) => onExhausted(runtime, connection)),
    raised: (slot, exception, traceback) =>
      on(slot, (connection) => onRaised(runtime, connection, { exception, traceback })),
    readBody: (slot, bytes) => on(slot, (connection) => readBody(runtime, connection, bytes)),
    stderr: (slot, line) =>
      on(slot, (connection) => {
        const worker = workerOf(runtime, connection.worker);
        if (worker !== undefined) printError(runtime.host, worker, line, connection.request);
      }),
  };
}
