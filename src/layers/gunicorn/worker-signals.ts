// What signals do to a worker, and what remains when its process is gone.
// Source: gunicorn/workers/base.py init_signals, handle_exit, handle_quit, handle_abort 20.1.0;
// gthread.py handle_quit; signal(7) for the signals without a handler.
import { SIGNAL_NUMBER, type Signal } from "../../host/processes.ts";
import { onAcceptable } from "./accepting.ts";
import { abortConnection } from "./closing.ts";
import { QUIT_PAUSE_NS } from "./costs.ts";
import { abortFacts } from "./facts.ts";
import { logError, openLogFiles } from "./logging.ts";
import { workerMachine } from "./machine.ts";
import { continueReading } from "./receiving.ts";
import { type Runtime, world } from "./runtime.ts";
import { watchWorker } from "./watching.ts";
import { exitWorker, leaveWorker, scheduleWorkerTurn } from "./worker.ts";
import type { Connection, Worker } from "./world.ts";

const { transition } = workerMachine;

/** A signal that can be caught arrived. */
export function signalWorker(runtime: Runtime, worker: Worker, signal: Signal): void {
  switch (signal) {
    case "TERM":
      terminate(runtime, worker);
      return;
    case "QUIT":
    case "INT":
      quit(runtime, worker);
      return;
    case "ABRT":
      abort(runtime, worker);
      return;
    case "USR1":
      worker.files = openLogFiles(runtime.host, worker.logging);
      return;
    case "WINCH":
      logError(runtime.host, worker, { level: "DEBUG", text: "worker: SIGWINCH ignored." });
      return;
    case "HUP":
    case "USR2":
      runtime.host.processes.exit(worker.pid, -SIGNAL_NUMBER[signal]);
      return;
    default:
      return;
  }
}

/** handle_exit: finish what runs, then leave. An idle sync worker is woken by its self-pipe. */
function terminate(runtime: Runtime, worker: Worker): void {
  const { sim } = runtime.host;
  worker.alive = false;
  if (worker.phase !== "running") return;
  if (worker.config.workerKind !== "sync") {
    scheduleWorkerTurn(runtime, worker);
    return;
  }
  if (worker.connections.length === 0) {
    leaveWorker(runtime, worker, 0);
    return;
  }
  if (sim.is(runtime.worker, worker.entity, "busy"))
    sim.fire(runtime.worker, worker.entity, transition.finish, worker.connections.length);
}

/** handle_quit: 0.1 s of sleep inside the handler, then SystemExit in whatever runs. */
function quit(runtime: Runtime, worker: Worker): void {
  if (worker.phase === "exiting") return;
  worker.alive = false;
  if (worker.config.workerKind === "sync") {
    worker.phase = "exiting";
    silence(runtime, worker);
  }
  runtime.host.sim.after(QUIT_PAUSE_NS, runtime.events.quit, worker.pid);
}

/** The application hears of the exit at once; the peer keeps waiting until the process ends. */
function silence(runtime: Runtime, worker: Worker): void {
  for (const connection of connectionsOf(runtime, worker)) {
    if (connection.slot < 0) continue;
    world(runtime).calls.delete(connection.slot);
    if (connection.environ !== null) runtime.application.interrupt(connection.slot, "SystemExit");
    connection.environ = null;
    if (connection.job >= 0) runtime.host.cpu.cancel(worker.pid, connection.job, connection.socket);
    connection.job = -1;
  }
}

/** The 0.1 s are over. */
export function afterQuit(runtime: Runtime, worker: Worker): void {
  if (worker.config.workerKind === "sync") {
    endProcess(runtime, worker, { status: 0, transition: transition.quit, reason: "quit" });
    return;
  }
  // A greenlet raises it in the main one, which ends the process around all others.
  if (worker.config.workerKind === "gevent") {
    for (const connection of connectionsOf(runtime, worker)) connection.environ = null;
    endProcess(runtime, worker, { status: 0, transition: transition.quit, reason: "quit" });
    return;
  }
  leaveThreads(runtime, worker, 0, transition.quit);
}

/** handle_abort: the arbiter lost patience. */
function abort(runtime: Runtime, worker: Worker): void {
  if (worker.phase === "exiting") return;
  worker.alive = false;
  if (worker.config.workerKind !== "gthread" || worker.phase !== "running") {
    endProcess(runtime, worker, { status: 1, transition: transition.abort, reason: "timeout" });
    return;
  }
  leaveThreads(runtime, worker, 1, transition.abort);
}

interface Ending {
  readonly status: number;
  readonly transition: number;
  readonly reason: "timeout" | "quit";
}

function endProcess(
  runtime: Runtime,
  worker: Worker,
  { status, transition: by, reason }: Ending,
): void {
  const { sim, network } = runtime.host;
  for (const connection of connectionsOf(runtime, worker)) {
    const { socket } = connection;
    abortConnection(runtime, connection, () => abortFacts(worker, sim.now, reason));
    if (network.isOpen(socket)) network.close(socket);
  }
  if (!sim.is(runtime.worker, worker.entity, "forked"))
    sim.fire(runtime.worker, worker.entity, by, status);
  exitWorker(runtime, worker, status);
}

/** sys.exit() in the main thread: Python still joins the threads of the pool. */
function leaveThreads(runtime: Runtime, worker: Worker, status: number, by: number): void {
  const active = worker.connections.length - worker.kept.length;
  if (active === 0) {
    runtime.host.sim.fire(runtime.worker, worker.entity, by, status);
    exitWorker(runtime, worker, status);
    return;
  }
  leaveWorker(runtime, worker, status);
}

function connectionsOf(runtime: Runtime, worker: Worker): Connection[] {
  const { connections } = world(runtime);
  return worker.connections
    .map((socket) => connections.get(socket))
    .filter((each): each is Connection => each !== undefined);
}

/** The process is gone (its sockets are closed already): everything kept for it goes too. */
export function forgetWorker(runtime: Runtime, worker: Worker, status: number): void {
  const { sim } = runtime.host;
  const state = world(runtime);
  for (const connection of connectionsOf(runtime, worker)) {
    // A killed process runs no handler: the application is not interrupted, it is gone.
    connection.environ = null;
    abortConnection(runtime, connection, () => abortFacts(worker, sim.now, "kill"));
  }
  runtime.application.processEnded(worker.pid);
  const exiting = sim.is(runtime.worker, worker.entity, "exiting");
  sim.fire(
    runtime.worker,
    worker.entity,
    exiting && status >= 0 ? transition.end : transition.die,
    status,
  );
  sim.retire(worker.entity);
  for (const listener of worker.listeners) {
    state.holders.set(
      listener,
      (state.holders.get(listener) ?? []).filter((holder) => holder !== worker),
    );
  }
  state.workers.delete(worker.pid);
}

/** The master died: the worker finds out when its loop comes round. */
export function orphanWorker(runtime: Runtime, worker: Worker): void {
  worker.orphaned = true;
  if (worker.phase === "running" && worker.idleSince >= 0) scheduleWorkerTurn(runtime, worker);
}

/** STOP and CONT: a stopped worker's heart stops too. */
export function stopWorker(runtime: Runtime, worker: Worker, stopped: boolean): void {
  const { sim, network } = runtime.host;
  if (stopped) {
    worker.stoppedAt = sim.now;
    watchWorker(runtime, worker);
    return;
  }
  worker.lastBeat = sim.now;
  worker.stoppedAt = -1;
  for (const connection of connectionsOf(runtime, worker)) continueReading(runtime, connection);
  for (const listener of worker.listeners)
    if (network.waiting(listener) > 0) onAcceptable(runtime, listener);
}
