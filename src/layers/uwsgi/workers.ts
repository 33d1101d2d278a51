// Workers: the fork, the import when each has one of its own (lazy-apps), and what the master does about
// those that died.
// Source: uWSGI 2.0.21 core/master_utils.c uwsgi_respawn_worker, core/master.c master_loop, core/uwsgi.c
// uwsgi_init_all_apps, end_me; recorded log lines.

import { type ExitStatus, NO_PID, type Pid } from "../../host/processes.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { FORK_NS, FORKBOMB_DELAY_NS } from "./costs.ts";
import { importApplication, reportImport } from "./importing.ts";
import { log, logDated } from "./log-lines.ts";
import { masterMachine, workerMachine } from "./machine.ts";
import { EXIT, stop, whenBuried } from "./reloading.ts";
import { leave, nextOf } from "./serving.ts";
import { scheduleCycle, wallSecond } from "./watching.ts";
import {
  type Master,
  masterOfWorker,
  type Runtime,
  type Seat,
  type Worker,
  world,
} from "./world.ts";

/** The places of all workers, empty. */
export function emptySeat(number: number): Seat {
  return {
    ...{ number, pid: NO_PID, death: null, accepting: true, cursedAt: -1, harakiriAt: 0 },
    ...{ spawnedAt: 0, requests: [], harakiriTries: 0 },
  };
}

/** fork(): the line comes when the child runs. Without a master the first worker is no fork. */
export function spawnWorker(
  runtime: Runtime,
  master: Master,
  seat: Seat,
  how: "spawned" | "Respawned",
): void {
  const { host, application } = runtime;
  const { config } = master;
  const isItself = !config.switches.has("master") && seat.number === 1;
  const pid = isItself ? master.pid : host.processes.fork(master.pid, "worker", config.texts.uid);
  if (!isItself) application.forked?.(master.pid, pid);
  Object.assign(seat, { pid, accepting: true, cursedAt: -1, harakiriAt: 0, harakiriTries: 0 });
  seat.spawnedAt = wallSecond(host);
  const { threads } = config.numbers;
  const worker: Worker = {
    pid,
    entity: host.sim.spawn(runtime.worker, NO_REQUEST),
    master: master.pid,
    seat: seat.number - 1,
    phase: "spawned",
    requests: [],
    freeCores: Array.from({ length: threads }, (_, core) => core),
    served: 0,
    applications: [...master.applications],
  };
  world(runtime).workers.set(pid, worker);
  if (!isItself) for (const { id } of master.listeners) host.network.share(id, pid);
  log(host, master, spawnLine(master, seat, how, isItself));
  host.sim.after(FORK_NS, runtime.events.forked, pid);
}

function spawnLine(master: Master, seat: Seat, how: string, isItself: boolean): string {
  const { number, pid } = seat;
  if (how === "Respawned") return `Respawned uWSGI worker ${number} (new pid: ${pid})`;
  const { processes, threads } = master.config.numbers;
  const only = isItself && processes === 1 ? " (and the only)" : "";
  return `spawned uWSGI worker ${number}${only} (pid: ${pid}, cores: ${threads})`;
}

/** The child runs: with lazy-apps it imports the application first. */
export function onForked(runtime: Runtime, worker: Worker): void {
  const { sim, cpu } = runtime.host;
  if (worker.phase !== "spawned") return;
  const master = masterOfWorker(runtime, worker);
  if (master === undefined || !master.config.switches.has("lazy-apps")) {
    enterLoop(runtime, worker);
    return;
  }
  const { ok, costNs } = importApplication(runtime, master, worker.pid);
  sim.fire(runtime.worker, worker.entity, workerMachine.transition.importApplication, worker.pid);
  cpu.run(worker.pid, costNs, runtime.events.workerLoaded, worker.pid, ok ? 1 : 0);
}

/** The import in a worker is over: without an application and with need-app everything ends. */
export function onWorkerLoaded(runtime: Runtime, worker: Worker, ok: boolean): void {
  const { host } = runtime;
  const master = masterOfWorker(runtime, worker);
  if (master === undefined || worker.phase !== "spawned") return;
  worker.applications = reportImport(runtime, master, worker.pid, ok);
  master.seats[worker.seat].requests = [];
  if (!ok && master.config.switches.has("need-app")) {
    host.processes.exit(worker.pid, EXIT.failedApplication);
    if (master.config.switches.has("master")) stop(runtime, master);
    return;
  }
  enterLoop(runtime, worker);
}

function enterLoop(runtime: Runtime, worker: Worker): void {
  const { sim } = runtime.host;
  worker.phase = "running";
  sim.fire(runtime.worker, worker.entity, workerMachine.transition.wait, worker.served);
  nextOf(runtime, worker);
}

/** A child ended: the master notices when it next asks. Without a master nobody does. */
export function noteDeath(runtime: Runtime, master: Master, child: Pid, status: ExitStatus): void {
  const seat = master.seats.find((each) => each.pid === child);
  if (seat === undefined || !master.config.switches.has("master")) return;
  seat.death = status;
  seat.harakiriAt = 0;
  scheduleCycle(runtime, master, runtime.host.sim.now);
}

/** waitpid() told the master of a worker. */
export function reapOne(runtime: Runtime, master: Master, seat: Seat): void {
  const { host } = runtime;
  const { number, pid, death } = seat;
  const status = death ?? 0;
  seat.death = null;
  if (status === EXIT.failedApplication && reportFailure(runtime, master, seat)) {
    seat.pid = NO_PID;
    whenBuried(runtime, master);
    return;
  }
  if (master.phase === "reloading" || master.phase === "stopping") {
    const now = wallSecond(host);
    const seconds = now - (seat.cursedAt < 0 ? now : seat.cursedAt);
    log(host, master, `worker ${number} buried after ${seconds} seconds`);
    Object.assign(seat, { cursedAt: -1, pid: NO_PID });
    whenBuried(runtime, master);
    return;
  }
  const line = obituary(seat, pid, status);
  if (line !== null) log(host, master, line);
  respawn(runtime, master, seat);
}

/** Says that a worker has no application; whether that ends everything. */
function reportFailure({ host }: Runtime, master: Master, { number, pid }: Seat): boolean {
  const { switches } = master.config;
  const text = `OOPS ! failed loading app in worker ${number} (pid ${pid})`;
  if (!switches.has("lazy-apps") || !switches.has("need-app")) {
    log(host, master, `${text} :( trying again...`);
    return false;
  }
  log(host, master, text);
  logDated(host, master, "need-app requested, destroying the instance...");
  master.needsApplication = true;
  return true;
}

function obituary({ number, accepting, cursedAt }: Seat, pid: Pid, status: number): string | null {
  const signal = status < 0 ? `killed by signal ${-status} ` : "";
  if (accepting)
    return `DAMN ! worker ${number} (pid: ${pid}) died${signal && ", "}${signal || " "}:( trying respawn ...`;
  if (cursedAt >= 0) return `worker ${number} killed successfully (pid: ${pid})`;
  return signal === ""
    ? null
    : `DAMN ! worker ${number} (pid: ${pid}) MISTERIOUSLY ${signal}:( trying respawn ...`;
}

/** A new process for the place; when they die faster than they are born the master sleeps first. */
function respawn(runtime: Runtime, master: Master, seat: Seat): void {
  const { host } = runtime;
  const now = wallSecond(host);
  const isSoon = now <= master.respawnedAt + 1;
  master.respawnRate = isSoon ? master.respawnRate + 1 : 0;
  const isBomb = master.respawnRate > master.config.numbers.processes;
  if (isBomb) {
    log(host, master, "worker respawning too fast !!! i have to sleep a bit (2 seconds)...");
    master.respawnRate = 0;
    master.respawnedAt = now + 2;
    host.sim.after(FORKBOMB_DELAY_NS, runtime.events.respawn, master.pid, seat.number);
    return;
  }
  master.respawnedAt = now;
  spawnAgain(runtime, master, seat.number);
}

/** Forks into a place whose worker died. */
export function spawnAgain(runtime: Runtime, master: Master, number: number): void {
  const seat = master.seats[number - 1];
  if (master.phase !== "running" || seat === undefined) return;
  const { respawn: transition } = masterMachine.transition;
  runtime.host.sim.fire(runtime.master, master.entity, transition, seat.pid);
  spawnWorker(runtime, master, seat, "Respawned");
}

/** A worker's process is gone. */
export function forgetWorker(runtime: Runtime, worker: Worker, status: ExitStatus): void {
  const { sim } = runtime.host;
  runtime.application.processEnded(worker.pid);
  const { end, die } = workerMachine.transition;
  const left = sim.is(runtime.worker, worker.entity, "leaving") && status >= 0;
  sim.fire(runtime.worker, worker.entity, left ? end : die, status);
  sim.retire(worker.entity);
  world(runtime).workers.delete(worker.pid);
}

/**
 * A worker whose master is gone ends by itself: at once when idle, after its request when busy.
 * Source: uWSGI 2.0.21 core/signal.c, uwsgi_receive_signal, when the master's socket is closed.
 */
export function orphan(runtime: Runtime, master: Master, pid: Pid): void {
  const { host } = runtime;
  const worker = world(runtime).workers.get(pid);
  if (worker === undefined || pid === master.pid || !host.processes.alive(pid)) return;
  leave(runtime, worker);
  if (worker.requests.length > 0) return;
  const text = "screams: UAAAAAAH my master disconnected: i will kill myself !!!";
  logDated(host, { pid, config: master.config }, `uWSGI worker ${worker.seat + 1} ${text}`);
  host.processes.exit(pid, 0);
}
