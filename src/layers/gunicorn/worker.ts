// A worker process: born by fork, it imports the application, serves, and leaves when it is told to,
// when its parent is gone, or when it has served its number of requests.
// Source: gunicorn/workers/base.py, sync.py, gthread.py; arbiter.py spawn_worker 20.1.0.

import { uniformInteger } from "../../kernel/random.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { acceptOne, canAccept, serveQueue } from "./accepting.ts";
import { numberOf, textOf } from "./config.ts";
import { APPLICATION_BYTES, CHILD_START_NS, WORKER_EXIT_NS } from "./costs.ts";
import { bootFailureFacts, workerFacts } from "./facts.ts";
import { logError, printError } from "./logging.ts";
import { workerMachine } from "./machine.ts";
import { type Runtime, world } from "./runtime.ts";
import { idleTurnNs, watchWorker } from "./watching.ts";
import type { Master, Worker } from "./world.ts";

const { transition } = workerMachine;
/** Purpose of the draw for max_requests_jitter. */
const JITTER_DRAW = 0x6702;
/** Exit codes with a meaning for the arbiter. Source: arbiter.py WORKER_BOOT_ERROR, APP_LOAD_ERROR. */
export const WORKER_BOOT_ERROR = 3;
export const APP_LOAD_ERROR = 4;
/** A preloaded application costs nothing to "import" again. Source: app/base.py wsgi(): callable is set. */
const PRELOADED_LOAD_NS = 0;

/** fork(): the worker exists from now on; its first line comes a little later. */
export function forkWorker(runtime: Runtime, master: Master): void {
  const { host, application } = runtime;
  const { sim } = host;
  const state = world(runtime);
  const pid = host.processes.fork(master.pid, "worker", textOf(master.config, "user") ?? undefined);
  host.memory.add(pid, host.memory.held(master.pid));
  if (master.preloaded) application.forked?.(master.pid, pid);
  const age = ++master.workerAge;
  const worker: Worker = {
    pid,
    entity: sim.spawn(runtime.worker, NO_REQUEST),
    master: master.pid,
    age,
    config: master.config,
    logging: master.logging,
    limits: master.limits,
    listeners: master.listeners.slice(),
    alive: true,
    phase: "forked",
    booted: false,
    aborted: false,
    dismissed: false,
    orphaned: false,
    load: null,
    requests: 0,
    requestsMax: requestsMax(runtime, master, pid),
    lastBeat: sim.now,
    idleSince: -1,
    stoppedAt: -1,
    exitStatus: 0,
    connections: [],
    queue: [],
    kept: [],
    freeSlots: [],
    slots: 0,
    nextListener: 0,
    files: { ...master.files },
  };
  state.workers.set(pid, worker);
  master.workers.push(pid);
  for (const listener of worker.listeners) {
    host.network.share(listener, pid);
    state.holders.set(listener, [...(state.holders.get(listener) ?? []), worker]);
  }
  sim.after(CHILD_START_NS, runtime.events.childStart, pid);
}

/** Drawn once, at the fork; -1 is never. */
function requestsMax(runtime: Runtime, { config }: Master, pid: number): number {
  const max = numberOf(config, "max_requests");
  if (max === 0) return -1;
  const jitter = numberOf(config, "max_requests_jitter");
  return max + uniformInteger(runtime.host.sim.seed, pid, JITTER_DRAW, jitter + 1);
}

/** The child's first line, then the import of the application. */
export function startChild(runtime: Runtime, worker: Worker): void {
  const { host } = runtime;
  logError(host, worker, { level: "INFO", text: `Booting worker with pid: ${worker.pid}` });
  if (worker.phase !== "forked") return;
  worker.phase = "loading";
  const row = host.sim.fire(runtime.worker, worker.entity, transition.load, worker.pid);
  if (host.sim.recording(worker.entity))
    host.sim.note(row, { ...workerFacts(worker), fine: undefined });
  const preloaded = world(runtime).masters.get(worker.master)?.preloaded === true;
  if (preloaded && runtime.application.forked !== undefined) {
    worker.load = { ok: true };
    host.cpu.run(worker.pid, PRELOADED_LOAD_NS, runtime.events.loaded, worker.pid, 0);
    return;
  }
  const { result, costNs } = loadApplication(runtime, worker);
  worker.load = result;
  host.cpu.run(worker.pid, costNs, runtime.events.loaded, worker.pid, 0);
}

/** Imports the application in a process; the attribute may be written as a call. */
export function loadApplication(
  runtime: Runtime,
  process: Pick<Worker, "pid" | "config">,
): ReturnType<Runtime["application"]["load"]> {
  const { config, pid } = process;
  const env = { ...runtime.host.processes.get(pid)?.env, ...config.env };
  const name = /^\s*([A-Za-z_]\w*)\s*(\(.*\))?\s*$/.exec(config.attribute);
  runtime.host.memory.add(pid, APPLICATION_BYTES);
  return runtime.application.load(pid, {
    module: config.module,
    attribute: name?.[1] ?? config.attribute,
    chdir: config.chdir,
    env,
  });
}

/** The import ended: the worker boots, or exits with the code that tells the arbiter why. */
export function onLoaded(runtime: Runtime, worker: Worker): void {
  const { host } = runtime;
  const { load } = worker;
  if (worker.phase !== "loading" || load === null) return;
  if (load.ok) {
    worker.booted = true;
    if (worker.config.workerKind === "gevent") host.cpu.alone(worker.pid);
    worker.phase = "running";
    host.sim.fire(runtime.worker, worker.entity, transition.boot, worker.pid);
    nextOf(runtime, worker);
    return;
  }
  const code = load.reason === "no-attribute" ? APP_LOAD_ERROR : WORKER_BOOT_ERROR;
  const row = host.sim.fire(runtime.worker, worker.entity, transition.failToBoot, worker.pid);
  if (host.sim.recording(worker.entity)) host.sim.note(row, bootFailureFacts(worker, load, code));
  if (load.reason === "no-attribute") {
    printError(host, worker, `Failed to find attribute '${load.attribute}' in '${load.module}'.`);
  } else {
    logError(host, worker, {
      level: "ERROR",
      text: "Exception in worker process",
      more: load.traceback,
    });
  }
  exitWorker(runtime, worker, code);
}

/** What the worker does after a connection, or when it has booted. */
export function nextOf(runtime: Runtime, worker: Worker): void {
  if (worker.config.workerKind === "sync") nextOfSync(runtime, worker);
  else nextOfThreads(runtime, worker);
}

/** run_for_one: accept until nobody waits, then look at the parent, then wait in select(). */
function nextOfSync(runtime: Runtime, worker: Worker): void {
  if (worker.phase !== "running") return;
  if (!worker.alive) {
    leaveWorker(runtime, worker, 0);
    return;
  }
  const { sim, network } = runtime.host;
  worker.lastBeat = sim.now;
  worker.idleSince = -1;
  const { listeners } = worker;
  for (let i = 0; i < listeners.length; i++) {
    const listener = listeners[(worker.nextListener + i) % listeners.length];
    if (!acceptOne(runtime, worker, listener)) continue;
    worker.nextListener = (worker.nextListener + i + 1) % listeners.length;
    return;
  }
  if (worker.orphaned) {
    leaveParentless(runtime, worker);
    return;
  }
  worker.idleSince = sim.now;
  rest(runtime, worker);
  for (const listener of listeners) network.watch(listener, worker.pid, true);
}

/** A thread or greenlet is free: it takes a waiting connection; a draining worker may now leave. */
function nextOfThreads(runtime: Runtime, worker: Worker): void {
  const { sim, network } = runtime.host;
  serveQueue(runtime, worker);
  const active = worker.connections.length - worker.kept.length;
  if (worker.phase === "draining") {
    if (active === 0) exitWorker(runtime, worker, worker.exitStatus);
    return;
  }
  if (worker.phase !== "running") return;
  if (worker.idleSince < 0) worker.idleSince = sim.now;
  if (active === 0) rest(runtime, worker);
  if (!worker.alive || worker.orphaned) scheduleWorkerTurn(runtime, worker);
  if (canAccept(worker))
    for (const listener of worker.listeners) network.watch(listener, worker.pid, true);
}

/** Back to waiting: the worker belongs to no request any more. */
function rest(runtime: Runtime, worker: Worker): void {
  const { sim } = runtime.host;
  if (!sim.is(runtime.worker, worker.entity, "busy")) return;
  sim.endClock(worker.entity, "timeout", false);
  sim.attribute(worker.entity, NO_REQUEST);
  sim.fire(runtime.worker, worker.entity, transition.rest, worker.requests);
}

/** The end of a turn: a worker whose parent changed leaves, and a threaded one that is not alive. */
export function turnOf(runtime: Runtime, worker: Worker): void {
  if (worker.phase !== "running") return;
  if (worker.orphaned) {
    leaveParentless(runtime, worker);
    return;
  }
  if (!worker.alive) leaveWorker(runtime, worker, 0);
}

/** The loop of an idle worker comes round: schedules that moment. */
export function scheduleWorkerTurn(runtime: Runtime, worker: Worker): void {
  const { sim } = runtime.host;
  const since = worker.idleSince < 0 ? sim.now : worker.idleSince;
  const period = idleTurnNs(worker);
  const turns = Math.floor((sim.now - since) / period) + 1;
  sim.at(since + turns * period, runtime.events.workerTurn, worker.pid);
}

function leaveParentless(runtime: Runtime, worker: Worker): void {
  logError(runtime.host, worker, {
    level: "INFO",
    text: `Parent changed, shutting down: <Worker ${worker.pid}>`,
  });
  leaveWorker(runtime, worker, 0);
}

/** The loop is left: a threaded worker lets its requests end first. */
export function leaveWorker(runtime: Runtime, worker: Worker, status: number): void {
  const { sim, network } = runtime.host;
  if (worker.phase === "exiting" || worker.phase === "draining") return;
  worker.exitStatus = status;
  const active = worker.connections.length - worker.kept.length;
  for (const listener of worker.listeners) network.watch(listener, worker.pid, false);
  if (worker.config.workerKind !== "sync" && active > 0) {
    worker.phase = "draining";
    for (const listener of worker.listeners) network.unlisten(listener, worker.pid);
    if (sim.is(runtime.worker, worker.entity, "busy"))
      sim.fire(runtime.worker, worker.entity, transition.finish, active);
    watchWorker(runtime, worker);
    return;
  }
  sim.fire(runtime.worker, worker.entity, transition.leave, status);
  exitWorker(runtime, worker, status);
}

/** `Worker exiting` and the end of the process, a little later. */
export function exitWorker(runtime: Runtime, worker: Worker, status: number): void {
  const { sim } = runtime.host;
  worker.phase = "exiting";
  worker.exitStatus = status;
  if (sim.is(runtime.worker, worker.entity, "finishing"))
    sim.fire(runtime.worker, worker.entity, transition.leave, status);
  logError(runtime.host, worker, { level: "INFO", text: `Worker exiting (pid: ${worker.pid})` });
  sim.endClock(worker.entity, "timeout", false);
  sim.attribute(worker.entity, NO_REQUEST);
  sim.after(WORKER_EXIT_NS, runtime.events.workerExit, worker.pid);
}
