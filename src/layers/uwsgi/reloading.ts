// The end of workers: a reload, graceful or brutal, after which the binary executes itself with the same
// process number and sockets, and the stop of all.
// Source: uWSGI 2.0.21 core/uwsgi.c grace_them_all, reap_them_all, kill_them_all, gracefully_kill;
// core/master_utils.c uwsgi_reload, uwsgi_curse; recorded log lines.

import { NO_PID } from "../../host/processes.ts";
import { REEXEC_NS } from "./costs.ts";
import { log } from "./log-lines.ts";
import { masterMachine } from "./machine.ts";
import { buryRouter } from "./router.ts";
import { leave } from "./serving.ts";
import { wakeMaster, wallSecond } from "./watching.ts";
import { type Master, masterOfWorker, type Runtime, type Worker, world } from "./world.ts";

const { transition } = masterMachine;
/** Source: uwsgi.h UWSGI_RELOAD_CODE, UWSGI_END_CODE, UWSGI_FAILED_APP_CODE. */
export const EXIT = { reload: 17, failedApplication: 22, end: 30 } as const;

/** What the router is connected to when no socket is named: a port that the kernel chose. */
const ROUTED_SOCKET = "127.0.0.1:42429";

/** HUP waits for running requests, TERM does not; either way the binary then executes itself. */
export function reload(runtime: Runtime, master: Master, graceful: boolean): void {
  const { host } = runtime;
  if (master.phase !== "running") return;
  master.phase = "reloading";
  host.sim.fire(runtime.master, master.entity, transition.reload, graceful ? 1 : 0);
  buryRouter(runtime, master);
  log(
    host,
    master,
    graceful ? "...gracefully killing workers..." : "...brutally killing workers...",
  );
  curseAll(runtime, master, graceful);
  wakeMaster(runtime, master);
}

function curseAll(runtime: Runtime, master: Master, graceful: boolean): void {
  for (const worker of workersOf(runtime, master)) {
    master.seats[worker.seat].cursedAt = wallSecond(runtime.host);
    if (graceful) endGracefully(runtime, worker);
    else endAtOnce(runtime, worker);
  }
}

/** SIGHUP in a worker: it ends when it has nothing to do, or after what it does. */
export function endGracefully(runtime: Runtime, worker: Worker): void {
  const { host } = runtime;
  const master = masterOfWorker(runtime, worker);
  if (master === undefined) return;
  log(host, master, `Gracefully killing worker ${worker.seat + 1} (pid: ${worker.pid})...`);
  master.seats[worker.seat].accepting = false;
  leave(runtime, worker);
  if (worker.requests.length === 0) host.processes.exit(worker.pid, EXIT.reload);
}

/** SIGTERM or SIGINT in a worker: the process ends in the middle of its requests. */
export function endAtOnce(runtime: Runtime, worker: Worker): void {
  leave(runtime, worker);
  runtime.host.processes.exit(worker.pid, EXIT.end);
}

export function workersOf(runtime: Runtime, master: Master): Worker[] {
  return [...world(runtime).workers.values()].filter((worker) => worker.master === master.pid);
}

/** When all workers are buried the reload or the stop goes on. */
export function whenBuried(runtime: Runtime, master: Master): void {
  if (master.seats.some(({ pid }) => pid !== NO_PID)) return;
  if (master.phase === "stopping") endMaster(runtime, master);
  else if (master.phase === "reloading") executeAgain(runtime, master);
}

function executeAgain(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  const { config } = master;
  const sockets = config.sockets.filter(({ protocol }) => protocol !== "router");
  const names = sockets.length === 0 ? [ROUTED_SOCKET] : sockets.map(({ text }) => text);
  log(host, master, "binary reloading uWSGI...");
  log(host, master, `chdir() to ${host.processes.get(master.pid)?.cwd ?? "/"}`);
  log(host, master, "closing all non-uwsgi socket fds > 2 (max_fd = 1048576)...");
  names.forEach(
    (name, i) => void log(host, master, `found fd ${3 + i} mapped to socket ${i} (${name})`),
  );
  log(host, master, "running /usr/bin/uwsgi-core");
  master.reloads++;
  master.total = 0;
  master.seats = [];
  runtime.application.processEnded(master.pid);
  host.sim.fire(runtime.master, master.entity, transition.reexec, master.reloads);
  host.sim.after(REEXEC_NS, runtime.events.started, master.pid, 1);
}

/** INT and QUIT, and TERM with die-on-term: the workers end at once, and the master after them. */
export function stop(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  if (master.phase === "stopping" || master.phase === "gone") return;
  if (master.phase === "running" || master.phase === "loading")
    host.sim.fire(runtime.master, master.entity, transition.stop, 0);
  master.phase = "stopping";
  log(host, master, "SIGINT/SIGTERM received...killing workers...");
  buryRouter(runtime, master);
  curseAll(runtime, master, false);
  wakeMaster(runtime, master);
}

function endMaster(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  log(host, master, "goodbye to uWSGI.");
  if (master.config.switches.has("vacuum")) {
    for (const { address } of master.config.sockets) {
      if (address.kind !== "unix") continue;
      host.disk.remove(address.path);
      log(host, master, `VACUUM: unix socket ${address.path} removed.`);
    }
  }
  host.processes.exit(master.pid, master.needsApplication ? EXIT.failedApplication : 0);
}
