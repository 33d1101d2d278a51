// The first process: its options and sockets, the application loaded before the fork, the signals it
// takes, and its end. With master = true it is the master; without, it is the first worker itself.
// Source: uWSGI 2.0.21 core/uwsgi.c uwsgi_start, core/master.c; recorded log lines.

import { type ExitStatus, NO_PID, type Process, type Signal } from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { splitCommandLine } from "../../text/command-line.ts";
import { isConfigFailure, loadConfig, type UwsgiConfig } from "./config.ts";
import { importApplication, reportImport } from "./importing.ts";
import { log } from "./log-lines.ts";
import { masterMachine } from "./machine.ts";
import { EXIT, endAtOnce, endGracefully, reload, stop } from "./reloading.ts";
import { announceRouter, spawnRouter } from "./router.ts";
import { bindSockets } from "./sockets.ts";
import { beginTurns, scheduleCycle, touchTime } from "./watching.ts";
import { emptySeat, orphan, spawnWorker } from "./workers.ts";
import { type Master, type Runtime, type Worker, world } from "./world.ts";

const { transition } = masterMachine;

/** The options as the command line and the files have them now. */
function readConfig({ host }: Runtime, process: Process): ReturnType<typeof loadConfig> {
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
  return config;
}

/** exec() is done: options, sockets, application. */
export function begin(runtime: Runtime, process: Process): void {
  const { host } = runtime;
  const config = readConfig(runtime, process);
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
    applications: [],
    startedAt: host.sim.now,
    cycleFrom: host.sim.now,
    cycle: NO_EVENT,
    cycleAt: 0,
    touched: null,
    router: NO_PID,
    respawnedAt: 0,
    respawnRate: 0,
    needsApplication: false,
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

/** The application is imported before the fork, unless lazy-apps leaves that to the workers. */
function loadApplication(runtime: Runtime, master: Master): void {
  const { config, pid } = master;
  const { host } = runtime;
  master.phase = "loading";
  const { harakiri, "post-buffering": postBuffering } = config.numbers;
  if (harakiri > 0 && postBuffering === 0) log(host, master, HARAKIRI_WARNING);
  announceRouter(runtime, master);
  if (!config.switches.has("master")) spawnRouter(runtime, master);
  if (config.switches.has("lazy-apps")) {
    host.sim.fire(runtime.master, master.entity, transition.leaveImport, pid);
    spawnAll(runtime, master);
    return;
  }
  const { ok, costNs } = importApplication(runtime, master, pid);
  host.cpu.run(pid, costNs, runtime.events.loaded, pid, ok ? 1 : 0);
}

/** The import is over: the first lines, and the workers. */
export function onLoaded(runtime: Runtime, master: Master, ok: boolean): void {
  const { host } = runtime;
  const { config, pid, entity } = master;
  if (master.phase !== "loading") return;
  master.applications = reportImport(runtime, master, pid, ok);
  const hasSome = master.applications.length > 0;
  if (!hasSome && config.switches.has("need-app")) {
    host.sim.fire(runtime.master, entity, transition.gameOver, EXIT.failedApplication);
    master.phase = "gone";
    host.processes.exit(pid, EXIT.failedApplication);
    return;
  }
  const { loadApplication: loaded, goDynamic } = transition;
  host.sim.fire(runtime.master, entity, hasSome ? loaded : goDynamic, pid);
  spawnAll(runtime, master);
}

function spawnAll(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  const { config, pid } = master;
  master.phase = "running";
  beginTurns(runtime, master);
  master.touched = touchTime(runtime, master);
  const how = master.reloads > 0 ? "gracefully (RE)spawned" : "spawned";
  if (config.switches.has("master")) log(host, master, `${how} uWSGI master process (pid: ${pid})`);
  for (let i = 0; i < config.numbers.processes; i++) {
    master.seats[i] ??= emptySeat(i + 1);
    spawnWorker(runtime, master, master.seats[i], "spawned");
  }
  if (config.switches.has("master")) spawnRouter(runtime, master);
  if (config.texts["touch-reload"] !== undefined) scheduleCycle(runtime, master, host.sim.now);
}

/** A signal to the first process. */
export function signalMaster(runtime: Runtime, master: Master, signal: Signal): void {
  const { switches } = master.config;
  if (!switches.has("master")) {
    signalAlone(runtime, master, signal);
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

/** Without a master the first process is a worker, or still reads its application. */
function signalAlone(runtime: Runtime, master: Master, signal: Signal): void {
  const worker = world(runtime).workers.get(master.pid);
  if (worker !== undefined) signalWorker(runtime, worker, signal);
  else if (signal === "INT" || signal === "TERM" || signal === "QUIT")
    runtime.host.processes.exit(master.pid, EXIT.end);
}

/** A signal to a worker. QUIT has no handler there. */
export function signalWorker(runtime: Runtime, worker: Worker, signal: Signal): void {
  if (signal === "HUP") endGracefully(runtime, worker);
  else if (signal === "TERM" || signal === "INT") endAtOnce(runtime, worker);
  else if (signal === "QUIT") runtime.host.processes.kill(worker.pid, "KILL");
}

/**
 * After the exec of a reload: the sockets are kept, the configuration and the code are new.
 * Simplification: sockets that the new configuration names are not bound, those it leaves out stay open.
 */
export function resume(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  const process = host.processes.get(master.pid);
  const config = process === null ? master.config : readConfig(runtime, process);
  if (isConfigFailure(config)) {
    for (const line of config.lines) log(host, master, line);
    master.phase = "gone";
    host.processes.exit(master.pid, config.exit);
    return;
  }
  master.config = Object.freeze({ ...config, sockets: master.config.sockets });
  loadApplication(runtime, master);
}

/** The master's process is gone. */
export function forgetMaster(runtime: Runtime, master: Master, status: ExitStatus): void {
  const { sim } = runtime.host;
  const isSupervised = master.config.switches.has("master");
  if (master.cycle !== NO_EVENT) sim.cancel(master.cycle);
  if (master.phase === "stopping" && status >= 0)
    sim.fire(runtime.master, master.entity, transition.exit, status);
  else if (!sim.is(runtime.master, master.entity, "exited"))
    sim.fire(runtime.master, master.entity, transition.die, status);
  sim.retire(master.entity);
  runtime.application.processEnded(master.pid);
  if (isSupervised) world(runtime).masters.delete(master.pid);
  if (isSupervised) for (const { pid } of master.seats) orphan(runtime, master, pid);
}
