// The master process: sockets, the application loaded once before the fork, workers replaced when they
// die, reload by exec of itself, and the end.
// Source: uWSGI 2.0.21 core/uwsgi.c uwsgi_start, core/master.c, core/master_utils.c; recorded log lines.

import {
  type ExitStatus,
  NO_PID,
  type Pid,
  type Process,
  type Signal,
} from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { splitCommandLine } from "../../text/command-line.ts";
import { isConfigFailure, loadConfig, type UwsgiConfig } from "./config.ts";
import { BURY_NS, FORK_NS, REEXEC_NS } from "./costs.ts";
import { log } from "./log-lines.ts";
import { masterMachine, workerMachine } from "./machine.ts";
import { leave, nextOf } from "./serving.ts";
import { bindSockets } from "./sockets.ts";
import { scheduleCycle } from "./watching.ts";
import { type Master, type Runtime, type Seat, type Worker, world } from "./world.ts";

const { transition } = masterMachine;
/** Source: core/uwsgi.c UWSGI_FAILED_APP_CODE. */
const FAILED_APP_CODE = 22;

/** exec() is done: options, sockets, application. */
export function begin(runtime: Runtime, process: Process): void {
  const { host } = runtime;
  const count = process.argv.length - 1;
  const tail = splitCommandLine(process.commandLine ?? process.argv.join(" ")).slice(-count);
  const words =
    count === 0
      ? []
      : process.argv
          .slice(1)
          .map((text, i) => ({ ...(tail[i] ?? { start: 0, end: 0, quoted: false }), text }));
  const config = loadConfig({
    words,
    command: process.commandAt ?? { file: "command", line: 1, start: 0 },
    cwd: process.cwd,
    readFile: (path) => {
      const node = host.disk.open(path, process.user);
      return "error" in node ? null : node.text;
    },
  });
  host.sink.diagnose(config.diagnostics);
  const entity = host.sim.spawn(runtime.master, NO_REQUEST);
  if (isConfigFailure(config)) {
    for (const line of config.lines) log(host, { pid: process.pid, config: EMPTY_CONFIG }, line);
    host.sim.fire(runtime.master, entity, transition.refuse, config.exit);
    host.sim.retire(entity);
    host.processes.exit(process.pid, config.exit);
    return;
  }
  const master: Master = {
    pid: process.pid,
    entity,
    config,
    phase: "starting",
    listeners: [],
    seats: [],
    total: 0,
    hasApplication: false,
    startedAt: host.sim.now,
    cycleFrom: host.sim.now,
    cycle: NO_EVENT,
    reloads: 0,
  };
  world(runtime).masters.set(process.pid, master);
  const error = bindSockets(runtime, master);
  if (error !== null) {
    refuse(runtime, master, error);
    return;
  }
  if (config.texts.pidfile !== undefined) host.disk.write(config.texts.pidfile, `${process.pid}\n`);
  host.sim.fire(runtime.master, entity, transition.listen, master.listeners.length);
  loadApplication(runtime, master);
}

/** Source: core/init.c uwsgi_setup_post_buffering; the blanks at both ends are uWSGI's own. */
const HARAKIRI_WARNING =
  " *** WARNING: you have enabled harakiri without post buffering. " +
  "Slow upload could be rejected on post-unbuffered webservers *** ";

const EMPTY_CONFIG = { texts: {} } as UwsgiConfig;

function refuse(runtime: Runtime, master: Master, text: string): void {
  log(runtime.host, master, text);
  runtime.host.sim.fire(runtime.master, master.entity, transition.refuse, 1);
  master.phase = "gone";
  runtime.host.processes.exit(master.pid, 1);
}

/**
 * The application is imported in the master, before the fork.
 * Simplification: with lazy-apps it is imported there too; only its memory would differ.
 */
function loadApplication(runtime: Runtime, master: Master): void {
  const { config, pid } = master;
  master.phase = "loading";
  const { harakiri, "post-buffering": postBuffering } = config.numbers;
  if (harakiri > 0 && postBuffering === 0) log(runtime.host, master, HARAKIRI_WARNING);
  if (config.module === null) {
    onLoaded(runtime, master, false);
    return;
  }
  const env = { ...runtime.host.processes.get(pid)?.env, ...config.env };
  const { module, attribute, chdir } = config;
  const { result, costNs } = runtime.application.load(pid, { module, attribute, chdir, env });
  if (!result.ok) {
    if (result.reason === "import-error")
      for (const line of result.traceback) log(runtime.host, master, line);
    log(
      runtime.host,
      master,
      "unable to load app 0 (mountpoint='') (callable not found or import error)",
    );
  }
  runtime.host.cpu.run(pid, costNs, runtime.events.loaded, pid, result.ok ? 1 : 0);
}

/** The import is over: the first lines, and the workers. */
export function onLoaded(runtime: Runtime, master: Master, ok: boolean): void {
  const { host } = runtime;
  const { config, pid } = master;
  if (master.phase !== "loading") return;
  master.hasApplication = ok;
  if (ok) {
    log(
      host,
      master,
      `WSGI app 0 (mountpoint='') ready in 0 seconds on interpreter 0x55d0c8a6f2b0 pid: ${pid} (default app)`,
    );
  }
  for (const { module, attribute, prefix } of config.mounts) {
    log(host, master, `mounting ${module}:${attribute} on ${prefix}`);
  }
  if (!ok && config.switches.has("need-app")) {
    log(host, master, "*** no app loaded. GAME OVER ***");
    host.sim.fire(runtime.master, master.entity, transition.gameOver, FAILED_APP_CODE);
    master.phase = "gone";
    host.processes.exit(pid, FAILED_APP_CODE);
    return;
  }
  if (!ok) {
    log(host, master, "*** no app loaded. going in full dynamic mode ***");
  }
  host.sim.fire(
    runtime.master,
    master.entity,
    ok ? transition.loadApplication : transition.goDynamic,
    pid,
  );
  master.phase = "running";
  master.cycleFrom = host.sim.now;
  if (config.switches.has("master"))
    log(
      host,
      master,
      `${master.reloads > 0 ? "gracefully (RE)spawned" : "spawned"} uWSGI master process (pid: ${pid})`,
    );
  for (let i = 0; i < config.numbers.processes; i++) {
    master.seats[i] ??= { number: i + 1, pid: NO_PID, requests: [], harakiriTries: 0 };
    spawnWorker(runtime, master, master.seats[i], "spawned");
  }
}

/** fork(): the line comes when the child runs. Without a master and with one process it is no fork. */
function spawnWorker(
  runtime: Runtime,
  master: Master,
  seat: Seat,
  how: "spawned" | "Respawned",
): void {
  const { host, application } = runtime;
  const alone = !master.config.switches.has("master") && master.config.numbers.processes === 1;
  const pid = alone
    ? master.pid
    : host.processes.fork(master.pid, "worker", master.config.texts.uid);
  if (!alone) application.forked?.(master.pid, pid);
  seat.pid = pid;
  const threads = master.config.numbers.threads;
  const worker: Worker = {
    pid,
    entity: host.sim.spawn(runtime.worker, NO_REQUEST),
    master: master.pid,
    seat: seat.number - 1,
    phase: "spawned",
    requests: [],
    freeCores: Array.from({ length: threads }, (_, core) => core),
    served: 0,
    applications: master.hasApplication ? [""] : [],
  };
  world(runtime).workers.set(pid, worker);
  if (!alone) for (const { id } of master.listeners) host.network.share(id, pid);
  if (how === "Respawned")
    log(host, master, `Respawned uWSGI worker ${seat.number} (new pid: ${pid})`);
  else
    log(
      host,
      master,
      `spawned uWSGI worker ${seat.number}${alone ? " (and the only)" : ""} (pid: ${pid}, cores: ${threads})`,
    );
  host.sim.after(FORK_NS, runtime.events.forked, pid);
}

/** The child runs its loop. */
export function onForked(runtime: Runtime, worker: Worker): void {
  if (worker.phase !== "spawned") return;
  worker.phase = "running";
  nextOf(runtime, worker);
}

/** A signal to the master. */
export function signalMaster(runtime: Runtime, master: Master, signal: Signal): void {
  const { switches } = master.config;
  if (!switches.has("master")) {
    if (signal === "INT" || signal === "QUIT" || signal === "TERM") stop(runtime, master);
    return;
  }
  switch (signal) {
    case "HUP":
      reload(runtime, master, true);
      return;
    case "TERM":
      switches.has("die-on-term") ? stop(runtime, master) : reload(runtime, master, false);
      return;
    case "INT":
    case "QUIT":
      stop(runtime, master);
      return;
    default:
      return;
  }
}

/** HUP waits for running requests, TERM does not; either way the binary then executes itself. */
function reload(runtime: Runtime, master: Master, graceful: boolean): void {
  const { host } = runtime;
  if (master.phase !== "running") return;
  master.phase = "reloading";
  host.sim.fire(runtime.master, master.entity, transition.reload, graceful ? 1 : 0);
  log(
    host,
    master,
    graceful ? "...gracefully killing workers..." : "...brutally killing workers...",
  );
  for (const worker of workersOf(runtime, master)) {
    if (graceful)
      log(host, master, `Gracefully killing worker ${worker.seat + 1} (pid: ${worker.pid})...`);
    endWorker(runtime, worker, graceful);
  }
  host.sim.after(BURY_NS, runtime.events.bury, master.pid);
}

function endWorker(runtime: Runtime, worker: Worker, graceful: boolean): void {
  leave(runtime, worker);
  if (!graceful) runtime.host.processes.kill(worker.pid, "KILL");
  else if (worker.requests.length === 0) runtime.host.processes.exit(worker.pid, 0);
}

function workersOf(runtime: Runtime, master: Master): Worker[] {
  return [...world(runtime).workers.values()].filter((worker) => worker.master === master.pid);
}

/** Workers are looked for once a second; when all are gone the reload or the stop goes on. */
export function onBury(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  if (workersOf(runtime, master).length > 0) {
    host.sim.after(BURY_NS, runtime.events.bury, master.pid);
    return;
  }
  for (const seat of master.seats)
    log(host, master, `worker ${seat.number} buried after 1 seconds`);
  if (master.phase === "stopping") {
    endMaster(runtime, master);
    return;
  }
  if (master.phase !== "reloading") return;
  log(host, master, "binary reloading uWSGI...");
  log(host, master, `chdir() to ${host.processes.get(master.pid)?.cwd ?? "/"}`);
  log(host, master, `closing all non-uwsgi socket fds > 2 (max_fd = 1048576)...`);
  master.listeners.forEach(
    (_, i) =>
      void log(
        host,
        master,
        `found fd ${3 + i} mapped to socket ${i} (${master.config.sockets[i].text})`,
      ),
  );
  log(host, master, "running /usr/bin/uwsgi-core");
  master.reloads++;
  master.total = 0;
  master.seats = [];
  runtime.application.processEnded(master.pid);
  host.sim.fire(runtime.master, master.entity, transition.reexec, master.reloads);
  host.sim.after(REEXEC_NS, runtime.events.started, master.pid, 1);
}

/** After the exec of a reload: the sockets are kept, the configuration and the code are new. */
export function resume(runtime: Runtime, master: Master): void {
  loadApplication(runtime, master);
}

function stop(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  if (master.phase === "stopping" || master.phase === "gone") return;
  if (master.phase === "running" || master.phase === "loading")
    host.sim.fire(runtime.master, master.entity, transition.stop, 0);
  master.phase = "stopping";
  log(host, master, "SIGINT/SIGTERM received...killing workers...");
  const alone = workersOf(runtime, master).some((worker) => worker.pid === master.pid);
  if (alone) {
    endMaster(runtime, master);
    return;
  }
  for (const worker of workersOf(runtime, master)) endWorker(runtime, worker, false);
  host.sim.after(BURY_NS, runtime.events.bury, master.pid);
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
  host.processes.exit(master.pid, 0);
}

/** waitpid() in the master: a worker that was not told to end is replaced. */
export function reapWorker(runtime: Runtime, master: Master, child: Pid, status: ExitStatus): void {
  const { host } = runtime;
  const seat = master.seats.find((each) => each.pid === child);
  if (seat === undefined || master.phase !== "running") return;
  if (status < 0)
    log(
      host,
      master,
      `DAMN ! worker ${seat.number} (pid: ${child}) died, killed by signal ${-status} :( trying respawn ...`,
    );
  host.sim.fire(runtime.master, master.entity, transition.respawn, child);
  spawnWorker(runtime, master, seat, "Respawned");
  if (master.config.numbers.harakiri > 0) scheduleCycle(runtime, master, host.sim.now);
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

/** The master's process is gone. */
export function forgetMaster(runtime: Runtime, master: Master, status: ExitStatus): void {
  const { sim } = runtime.host;
  if (master.cycle !== NO_EVENT) sim.cancel(master.cycle);
  if (master.phase === "stopping" && status >= 0)
    sim.fire(runtime.master, master.entity, transition.exit, status);
  else if (!sim.is(runtime.master, master.entity, "exited"))
    sim.fire(runtime.master, master.entity, transition.die, status);
  sim.retire(master.entity);
  runtime.application.processEnded(master.pid);
  world(runtime).masters.delete(master.pid);
  for (const { pid } of master.seats) orphan(runtime, master, pid);
}

/**
 * A worker whose master is gone ends by itself: at once when idle, after its request when busy.
 * Source: uWSGI 2.0.21 core/signal.c, uwsgi_receive_signal, when the master's socket is closed.
 */
function orphan(runtime: Runtime, master: Master, pid: Pid): void {
  const { host } = runtime;
  const worker = world(runtime).workers.get(pid);
  if (worker === undefined || pid === master.pid || !host.processes.alive(pid)) return;
  leave(runtime, worker);
  if (worker.requests.length > 0) return;
  const text = "screams: UAAAAAAH my master disconnected: i will kill myself !!!";
  log(host, { pid, config: master.config }, `uWSGI worker ${worker.seat + 1} ${text}`);
  host.processes.exit(pid, 0);
}
