// The arbiter: one loop that handles a signal, or sleeps at most a second, then kills workers without
// a heartbeat and keeps their number right. Between two forks and while it stops it sleeps too.
// Source: gunicorn/arbiter.py run, manage_workers, murder_workers, reap_workers, stop, halt 20.1.0.

import { type ExitStatus, type Pid, SIGNAL_NUMBER, type Signal } from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { uniform } from "../../kernel/random.ts";
import { SECOND } from "../../kernel/time.ts";
import { causeOf, isOn, numberOf } from "./config.ts";
import { MASTER_EXIT_NS, SIGNALS_WAITING_MAX, SPAWN_PAUSE_MAX_NS, STOP_POLL_NS } from "./costs.ts";
import { closeSockets } from "./listeners.ts";
import { logError, printError } from "./logging.ts";
import { arbiterMachine } from "./machine.ts";
import { isPidfileOurs, movePidfile, removePidfile } from "./pidfile.ts";
import { reexec, reload } from "./reload.ts";
import { reopenLogs } from "./reopening.ts";
import { type Runtime, workerOf } from "./runtime.ts";
import { isSilent, scheduleNextTurn } from "./watching.ts";
import { APP_LOAD_ERROR, forkWorker, WORKER_BOOT_ERROR } from "./worker.ts";
import type { Master, Worker } from "./world.ts";

const { transition } = arbiterMachine;
/** Purpose of the draw for the pause between two forks. */
const SPAWN_DRAW = 0x6703;

/** Queued by the handler, at most five; a sleeping loop wakes at once. */
export function signalMaster(runtime: Runtime, master: Master, signal: Signal): void {
  if (signal === "ABRT" || signal === "CHLD" || signal === "PIPE") {
    if (signal === "ABRT") runtime.host.processes.exit(master.pid, -SIGNAL_NUMBER.ABRT);
    return;
  }
  if (master.signals.length < SIGNALS_WAITING_MAX) master.signals.push(signal);
  if (master.phase === "sleeping") runLoop(runtime, master);
}

/** The main loop until it sleeps: signals first, then a turn for every wake-up. */
export function runLoop(runtime: Runtime, master: Master): void {
  cancelTurn(runtime, master);
  master.phase = "sleeping";
  for (;;) {
    promote(runtime, master);
    const signal = master.signals.shift();
    if (signal !== undefined) {
      handleSignal(runtime, master, signal);
      master.pipe = true;
    } else if (master.pipe) {
      master.pipe = false;
      murderWorkers(runtime, master);
      manageWorkers(runtime, master);
    } else {
      break;
    }
    if (master.phase !== "sleeping") return;
  }
  master.sleepingSince = runtime.host.sim.now;
  scheduleNextTurn(runtime, master);
}

/** The second of select() is over, at a turn that can find something. */
export function onTurn(runtime: Runtime, master: Master): void {
  master.turn = NO_EVENT;
  if (master.phase !== "sleeping") return;
  master.pipe = true;
  runLoop(runtime, master);
}

function cancelTurn(runtime: Runtime, master: Master): void {
  if (master.turn !== NO_EVENT) runtime.host.sim.cancel(master.turn);
  master.turn = NO_EVENT;
}

/** maybe_promote_master: the old master of a USR2 is gone. */
function promote(runtime: Runtime, master: Master): void {
  if (master.masterPid === 0 || !master.orphaned) return;
  logError(runtime.host, master, { level: "INFO", text: "Master has been promoted." });
  master.name = "Master";
  master.masterPid = 0;
  master.orphaned = false;
  movePidfile(runtime, master);
}

function handleSignal(runtime: Runtime, master: Master, signal: Signal): void {
  const { sim } = runtime.host;
  const info = (text: string): void => logError(runtime.host, master, { level: "INFO", text });
  sim.fire(runtime.arbiter, master.entity, transition.handleSignal, SIGNAL_NUMBER[signal]);
  info(`Handling signal: ${signal.toLowerCase()}`);
  switch (signal) {
    case "TERM":
      stop(runtime, master, { signal: "TERM", reason: null, status: 0, again: false });
      return;
    case "INT":
    case "QUIT":
      stop(runtime, master, { signal: "QUIT", reason: null, status: 0, again: true });
      return;
    case "HUP":
      info(`Hang up: ${master.name}`);
      reload(runtime, master, { manage: manageWorkers, exit: exitMaster });
      return;
    case "TTIN":
      master.numWorkers++;
      manageWorkers(runtime, master);
      return;
    case "TTOU":
      if (master.numWorkers <= 1) return;
      master.numWorkers--;
      manageWorkers(runtime, master);
      return;
    case "USR1":
      reopenLogs(runtime, master);
      killWorkers(runtime, master, "USR1");
      return;
    case "USR2":
      reexec(runtime, master);
      return;
    case "WINCH":
      winch(runtime, master, info);
      return;
    default:
      return;
  }
}

function winch(runtime: Runtime, master: Master, info: (text: string) => void): void {
  if (!isOn(master.config, "daemon")) {
    logError(runtime.host, master, { level: "DEBUG", text: "SIGWINCH ignored. Not daemonized" });
    return;
  }
  info("graceful stop of workers");
  master.numWorkers = 0;
  killWorkers(runtime, master, "TERM");
}

/** manage_workers: forks what is missing, one after the other; then dismisses the oldest too many. */
export function manageWorkers(runtime: Runtime, master: Master): void {
  const { sim } = runtime.host;
  const missing = master.numWorkers - master.workers.length;
  if (missing > 0 || master.phase === "spawning") {
    if (sim.is(runtime.arbiter, master.entity, "supervising"))
      sim.fire(runtime.arbiter, master.entity, transition.replaceWorkers, missing);
    master.phase = "spawning";
    master.spawnLeft = Math.max(0, missing);
    spawnNext(runtime, master);
    return;
  }
  dismissExtra(runtime, master);
  countWorkers(runtime, master);
}

/** The debug line at the end of manage_workers(), when the number is another one than before. */
function countWorkers({ host }: Runtime, master: Master): void {
  const count = Math.min(master.workers.length, master.numWorkers);
  if (count === master.workersLogged) return;
  master.workersLogged = count;
  logError(host, master, { level: "DEBUG", text: `${count} workers` });
}

/** One fork, then a sleep of up to 0.1 s: signals wait, ended children are reaped at once. */
export function spawnNext(runtime: Runtime, master: Master): void {
  const { sim } = runtime.host;
  if (master.phase !== "spawning") return;
  if (master.spawnLeft === 0) {
    sim.fire(runtime.arbiter, master.entity, transition.haveWorkers, master.workers.length);
    master.phase = "sleeping";
    dismissExtra(runtime, master);
    countWorkers(runtime, master);
    runLoop(runtime, master);
    return;
  }
  master.spawnLeft--;
  sim.fire(runtime.arbiter, master.entity, transition.forkWorker, master.workerAge + 1);
  forkWorker(runtime, master);
  const pause =
    uniform(sim.seed, master.pid * 4096 + master.workerAge, SPAWN_DRAW) * SPAWN_PAUSE_MAX_NS;
  sim.after(Math.round(pause), runtime.events.spawn, master.pid);
}

/**
 * TERM for the oldest workers beyond the wanted number.
 * Simplification: the second TERM that the next turn of the loop sends is left out; in reality it now
 * and then finds a worker without its handler and shows as `terminated due to signal 15`.
 */
function dismissExtra(runtime: Runtime, master: Master): void {
  const { sim, processes } = runtime.host;
  // One that has ended and not been reaped yet is no worker any more: waitpid() reaps all at once.
  const byAge = master.workers
    .map((pid) => workerOf(runtime, pid))
    .filter((worker): worker is Worker => worker !== undefined)
    .sort((a, b) => a.age - b.age);
  const extra = byAge.length - master.numWorkers;
  for (const worker of byAge.slice(0, Math.max(0, extra))) {
    if (!worker.alive || worker.dismissed) continue;
    worker.dismissed = true;
    if (sim.is(runtime.arbiter, master.entity, "supervising"))
      sim.fire(runtime.arbiter, master.entity, transition.dismissWorker, worker.pid);
    processes.kill(worker.pid, "TERM");
  }
}

/** murder_workers: ABRT at the first turn that finds a silent worker, KILL at every later one. */
function murderWorkers(runtime: Runtime, master: Master): void {
  const { sim, processes } = runtime.host;
  for (const pid of master.workers.slice()) {
    const worker = workerOf(runtime, pid);
    if (worker === undefined || !isSilent(runtime, worker)) continue;
    if (worker.aborted) {
      sim.fire(runtime.arbiter, master.entity, transition.killWorker, pid);
      processes.kill(pid, "KILL");
      continue;
    }
    logError(runtime.host, master, { level: "CRITICAL", text: `WORKER TIMEOUT (pid:${pid})` });
    worker.aborted = true;
    sim.fire(runtime.arbiter, master.entity, transition.timeOutWorker, pid);
    sim.endClock(worker.entity, "timeout", true);
    processes.kill(pid, "ABRT");
  }
}

function killWorkers(runtime: Runtime, master: Master, signal: Signal): void {
  for (const pid of master.workers.slice()) {
    if (runtime.host.processes.alive(pid)) runtime.host.processes.kill(pid, signal);
    else forgetChild(master, pid);
  }
}

function forgetChild(master: Master, pid: Pid): void {
  const at = master.workers.indexOf(pid);
  if (at >= 0) master.workers.splice(at, 1);
}

/** reap_workers, in the handler of CHLD: two exit codes bring the whole server down. */
export function reapChild(runtime: Runtime, master: Master, child: Pid, status: ExitStatus): void {
  if (master.reexecPid === child) {
    master.reexecPid = 0;
  } else if (status === WORKER_BOOT_ERROR || status === APP_LOAD_ERROR) {
    const reason = status === WORKER_BOOT_ERROR ? "Worker failed to boot." : "App failed to load.";
    if (master.phase === "stopping") {
      crashWhileStopping(runtime, master, reason, status);
      return;
    }
    stop(runtime, master, { signal: "TERM", reason, status, again: false });
    return;
  } else {
    if (status < 0)
      logError(runtime.host, master, {
        level: "WARNING",
        text: `Worker with pid ${child} was terminated due to signal ${-status}`,
      });
    forgetChild(master, child);
  }
  master.pipe = true;
  if (master.phase === "sleeping") runLoop(runtime, master);
}

/** HaltServer raised inside halt(): nobody catches it, and Python prints it. */
function crashWhileStopping(
  runtime: Runtime,
  master: Master,
  reason: string,
  status: number,
): void {
  const last = `gunicorn.errors.HaltServer: <HaltServer '${reason}' ${status}>`;
  const during = "During handling of the above exception, another exception occurred:";
  for (const line of [
    "Traceback (most recent call last):",
    "  <frames>",
    last,
    "",
    during,
    "",
    "Traceback (most recent call last):",
    "  <frames>",
    last,
  ]) {
    printError(runtime.host, master, line);
  }
  exitMaster(runtime, master, 1);
}

interface Stop {
  readonly signal: "TERM" | "QUIT";
  readonly reason: string | null;
  readonly status: number;
  /** INT and QUIT stop the workers quickly, and then halt() stops again. */
  readonly again: boolean;
}

/** stop() of the loop: listeners closed, workers told, then 0.1 s at a time until none is left. */
function stop(runtime: Runtime, master: Master, { signal, reason, status, again }: Stop): void {
  const { sim } = runtime.host;
  cancelTurn(runtime, master);
  sim.fire(runtime.arbiter, master.entity, transition.stop, status);
  master.phase = "stopping";
  master.stopReason = reason;
  master.exitStatus = status;
  master.stopAgain = again;
  beginStop(runtime, master, signal);
}

function beginStop(runtime: Runtime, master: Master, signal: "TERM" | "QUIT"): void {
  const { sim } = runtime.host;
  closeSockets(runtime, master);
  const cause = causeOf(master.config, "graceful_timeout");
  master.stopUntil = sim.now + numberOf(master.config, "graceful_timeout") * SECOND;
  sim.setClock({
    ...{ entity: master.entity, name: "graceful_timeout", handle: NO_EVENT },
    deadline: master.stopUntil,
    facts: {
      party: "gunicorn",
      waitsFor: "the workers to finish their requests",
      otherwise: "the arbiter kills them",
      ...(cause !== undefined && { cause }),
    },
  });
  killWorkers(runtime, master, signal);
  onStopPoll(runtime, master);
}

/** `while WORKERS and time < limit: sleep(0.1)`, then KILL to all that are left. */
export function onStopPoll(runtime: Runtime, master: Master): void {
  const { sim } = runtime.host;
  if (master.phase !== "stopping") return;
  if (master.workers.length > 0 && sim.now < master.stopUntil) {
    sim.after(STOP_POLL_NS, runtime.events.stopPoll, master.pid);
    return;
  }
  if (master.workers.length > 0) {
    sim.fire(runtime.arbiter, master.entity, transition.killRemaining, master.workers.length);
    sim.endClock(master.entity, "graceful_timeout", true);
    killWorkers(runtime, master, "KILL");
  }
  if (master.stopAgain) {
    master.stopAgain = false;
    beginStop(runtime, master, "TERM");
    return;
  }
  sim.endClock(master.entity, "graceful_timeout", false);
  const info = (text: string): void => logError(runtime.host, master, { level: "INFO", text });
  info(`Shutting down: ${master.name}`);
  if (master.stopReason !== null) info(`Reason: ${master.stopReason}`);
  if (isPidfileOurs(runtime, master)) removePidfile(runtime, master);
  exitMaster(runtime, master, master.exitStatus);
}

/** sys.exit() of the master. */
export function exitMaster(runtime: Runtime, master: Master, status: number): void {
  const { sim } = runtime.host;
  master.phase = "gone";
  master.exitStatus = status;
  cancelTurn(runtime, master);
  sim.after(MASTER_EXIT_NS, runtime.events.masterExit, master.pid);
}

/** The master's process is gone. */
export function forgetMaster(runtime: Runtime, master: Master): void {
  const { sim } = runtime.host;
  cancelTurn(runtime, master);
  const state = arbiterMachine.stateNames[sim.stateOf(master.entity)];
  const gone = master.phase === "gone";
  if (gone && state === "stopping workers")
    sim.fire(runtime.arbiter, master.entity, transition.exit, master.exitStatus);
  else if (gone && state === "binding sockets")
    sim.fire(runtime.arbiter, master.entity, transition.giveUpBinding, master.exitStatus);
  else if (state !== "exited")
    sim.fire(runtime.arbiter, master.entity, transition.die, master.exitStatus);
  sim.retire(master.entity);
}
