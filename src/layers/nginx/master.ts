// The master process: reads the configuration, binds, keeps its workers, obeys signals.
// Source: src/core/nginx.c; src/core/ngx_cycle.c; src/os/unix/ngx_process_cycle.c (1.22.1).
import { ERRNO, type ListenerId } from "../../host/network.ts";
import { type ExitStatus, type Pid, SIGNAL_NUMBER, type Signal } from "../../host/processes.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { MILLISECOND } from "../../kernel/time.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { type BoundAddress, listenAddresses, tlsConfig } from "./bind.ts";
import type { Core } from "./core.ts";
import { WORKER_PROCESSES } from "./core-directives.ts";
import { logProcess } from "./error-log.ts";
import { errnoText } from "./error-text.ts";
import { openingProblem } from "./opening-files.ts";
import type { LogLevel } from "./phases.ts";
import { type Configuration, valueAt } from "./settings.ts";
import { quitWorker, startWorker, terminateWorker } from "./worker.ts";
import type { Master } from "./world.ts";

export interface MasterHooks {
  /** Reads a configuration; null when nginx refuses it. */
  read(path: string): {
    readonly configuration: Configuration | null;
    readonly diagnostics: readonly Diagnostic[];
  };
}

/** `nginx: [emerg] …` as it stands in the log when nginx starts. */
export function startLine(core: Core, pid: Pid, diagnostic: Diagnostic): string {
  const place = diagnostic.file === "" ? "" : ` in ${diagnostic.file}:${diagnostic.line}`;
  const match = /^\[(\w+)\] (.*)$/s.exec(diagnostic.message);
  const [level, text] = match === null ? ["emerg", diagnostic.message] : [match[1], match[2]];
  return `${core.host.clock.errorLogDate()} [${level}] ${pid}#${pid}: ${text}${place}`;
}

/** Writes what reading the configuration found where the start of nginx is recorded. */
export function logStart(core: Core, pid: Pid, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === "not-simulated") continue;
    core.host.sink.log("nginx:start", startLine(core, pid, diagnostic), NO_REQUEST);
  }
}

/** Starts the master: exit 1 when the configuration or an address is refused. */
export function startMaster(core: Core, hooks: MasterHooks, pid: Pid, path: string): void {
  const entity = core.sim.spawn(core.master, NO_REQUEST);
  const { transition } = core.master.machine;
  const { configuration, diagnostics } = hooks.read(path);
  logStart(core, pid, diagnostics);
  const refuse = (): void => {
    core.sim.fire(core.master, entity, transition.refuse, pid);
    core.sim.retire(entity);
    core.host.processes.exit(pid, 1);
  };
  const opening = configuration === null ? null : openingProblem(configuration, core.host.disk);
  if (opening !== null) logStart(core, pid, [opening]);
  if (configuration === null || opening !== null) {
    refuse();
    return;
  }
  const master: Master = {
    pid,
    entity,
    configPath: path,
    configuration,
    listeners: new Map(),
    workers: [],
    oldWorkers: [],
    quitting: false,
  };
  if (!bindAll(core, master, configuration, (line) => logStart(core, pid, [line]))) {
    refuse();
    return;
  }
  core.world().masters.set(pid, master);
  core.sim.fire(core.master, entity, transition.startWorkers, pid);
  note(core, master, "notice", 'using the "epoll" event method');
  note(core, master, "notice", "nginx/1.22.1");
  startWorkers(core, master);
}

function note(core: Core, master: Master, level: LogLevel, text: string): void {
  logProcess(core, master.configuration.main, master.pid, { level, text });
}

/** Source: src/os/unix/ngx_process.h, NGX_MAX_PROCESSES. */
const PROCESSES_MAX = 1024;

function startWorkers(core: Core, master: Master): void {
  const wanted = valueAt(master.configuration.main, WORKER_PROCESSES);
  const count = Math.min(wanted === 0 ? core.host.settings.cores : wanted, PROCESSES_MAX);
  note(core, master, "notice", "start worker processes");
  master.workers = [];
  for (let i = 0; i < count; i++) spawnWorker(core, master);
}

function spawnWorker(core: Core, master: Master): void {
  const pid = startWorker(core, master);
  master.workers.push(pid);
  note(core, master, "notice", `start worker process ${pid}`);
}

/** Binds what is not bound yet; false when an address is taken. */
function bindAll(
  core: Core,
  master: Master,
  configuration: Configuration,
  report: (diagnostic: Diagnostic) => void,
): boolean {
  const opened: [string, ListenerId][] = [];
  const emerg = (text: string): Diagnostic => ({
    severity: "error",
    message: `[emerg] ${text}`,
    file: "",
    line: 0,
  });
  for (const bound of listenAddresses(configuration)) {
    if (master.listeners.has(bound.bind)) continue;
    const listener = bind(core, master.pid, bound);
    if (typeof listener === "number") {
      opened.push([bound.bind, listener]);
      continue;
    }
    const text = `bind() to ${bound.bind} failed ${errnoText(listener.errno)}`;
    // Simplification: nginx tries five times, half a second apart; here it gives up at once.
    const tries = listener.errno === ERRNO.EADDRINUSE ? 5 : 1;
    for (let i = 0; i < tries; i++) report(emerg(text));
    if (tries > 1) report(emerg("still could not bind()"));
    for (const [, id] of opened) core.host.network.unlisten(id, master.pid);
    return false;
  }
  for (const [name, id] of opened) master.listeners.set(name, id);
  return true;
}

function bind(core: Core, pid: Pid, bound: BoundAddress) {
  const [first] = bound.addresses;
  const isTls = bound.addresses.some((address) => address.listen.ssl);
  const confOf = () => {
    const configuration = core.world().masters.get(pid)?.configuration;
    const addresses = configuration === undefined ? [] : listenAddresses(configuration);
    return addresses.find((candidate) => candidate.bind === bound.bind)?.addresses[0] ?? first;
  };
  return core.host.network.listen(pid, bound.address, {
    backlog: first.listen.backlog,
    handlers: core.sockets,
    ...(isTls && { tls: (name: string | null) => tlsConfig(core, confOf(), name) }),
    ...(bound.address.kind === "unix" && { mode: "0666", owner: "root" }),
  });
}

/** What the master does on a signal. */
export function signalMaster(core: Core, hooks: MasterHooks, master: Master, signal: Signal): void {
  switch (signal) {
    case "HUP":
      reload(core, hooks, master);
      return;
    case "QUIT":
      stopMaster(core, master, "quit");
      return;
    case "TERM":
    case "INT":
      stopMaster(core, master, "terminate");
      return;
    case "WINCH":
      for (const pid of master.workers) tell(core, pid, "QUIT");
      // Nobody takes their place: the master stops accepting connections (ngx_noaccept).
      master.oldWorkers.push(...master.workers.splice(0));
      return;
    case "USR1":
      note(core, master, "notice", "signal 10 (SIGUSR1) received, reopening logs");
      return;
    default:
      return;
  }
}

/** The master signals a worker; workers hear of it over the kernel, as of any signal. */
function tell(core: Core, pid: Pid, signal: Signal): void {
  core.host.processes.kill(pid, signal);
}

/** In ms: nginx lets new workers start before it tells the old ones. Source: ngx_master_process_cycle. */
const OLD_WORKERS_WAIT_NS = 100 * MILLISECOND;

function reload(core: Core, hooks: MasterHooks, master: Master): void {
  note(core, master, "notice", "signal 1 (SIGHUP) received from 1, reconfiguring");
  if (master.quitting) return;
  note(core, master, "notice", "reconfiguring");
  const { transition } = core.master.machine;
  const { configuration, diagnostics } = hooks.read(master.configPath);
  for (const diagnostic of diagnostics) reportReload(core, master, diagnostic);
  const report = (diagnostic: Diagnostic): void => reportReload(core, master, diagnostic);
  const opening = configuration === null ? null : openingProblem(configuration, core.host.disk);
  if (opening !== null) report(opening);
  const isRefused = configuration === null || opening !== null;
  if (isRefused || !bindAll(core, master, configuration, report)) {
    core.sim.fire(core.master, master.entity, transition.refuseReload, master.pid);
    return;
  }
  master.configuration = configuration;
  core.sim.fire(core.master, master.entity, transition.reload, master.pid);
  closeUnused(core, master);
  master.oldWorkers.push(...master.workers);
  note(core, master, "notice", 'using the "epoll" event method');
  startWorkers(core, master);
  core.sim.after(OLD_WORKERS_WAIT_NS, core.events.quitOldWorkers, master.pid);
}

function reportReload(core: Core, master: Master, diagnostic: Diagnostic): void {
  if (diagnostic.severity === "not-simulated") return;
  const line = startLine(core, master.pid, diagnostic);
  const level = diagnostic.severity === "error" ? "emerg" : "warn";
  const text = line.slice(line.indexOf(": ") + 2);
  note(core, master, level, text);
}

/** Addresses that the new configuration no longer names. */
function closeUnused(core: Core, master: Master): void {
  const wanted = new Set(listenAddresses(master.configuration).map((bound) => bound.bind));
  for (const [name, id] of [...master.listeners]) {
    if (wanted.has(name)) continue;
    core.host.network.unlisten(id, master.pid);
    master.listeners.delete(name);
  }
}

/** Event: the new workers are up, the old ones finish. */
export function quitOldWorkers(core: Core, pid: Pid): void {
  const master = core.world().masters.get(pid);
  if (master === undefined) return;
  for (const old of master.oldWorkers) tell(core, old, "QUIT");
}

function stopMaster(core: Core, master: Master, how: "quit" | "terminate"): void {
  master.quitting = true;
  core.sim.fire(core.master, master.entity, core.master.machine.transition[how], master.pid);
  for (const id of master.listeners.values()) core.host.network.unlisten(id, master.pid);
  master.listeners.clear();
  const signal = how === "quit" ? "QUIT" : "TERM";
  for (const pid of [...master.workers, ...master.oldWorkers]) tell(core, pid, signal);
  exitWhenAlone(core, master);
}

function exitWhenAlone(core: Core, master: Master): void {
  if (!master.quitting || master.workers.length + master.oldWorkers.length > 0) return;
  note(core, master, "notice", "exit");
  core.host.processes.exit(master.pid, 0);
}

/** A worker has ended: it is replaced unless it was told to go. */
export function workerEnded(core: Core, master: Master, child: Pid, status: ExitStatus): void {
  note(core, master, "notice", `signal ${SIGNAL_NUMBER.CHLD} (SIGCHLD) received from ${child}`);
  const how = status < 0 ? `exited on signal ${-status}` : `exited with code ${status}`;
  note(core, master, status < 0 ? "alert" : "notice", `worker process ${child} ${how}`);
  const wasOld = master.oldWorkers.includes(child);
  master.oldWorkers = master.oldWorkers.filter((pid) => pid !== child);
  master.workers = master.workers.filter((pid) => pid !== child);
  if (master.quitting) {
    exitWhenAlone(core, master);
    return;
  }
  if (wasOld) return;
  core.sim.fire(
    core.master,
    master.entity,
    core.master.machine.transition.replaceWorker,
    master.pid,
  );
  spawnWorker(core, master);
}

/** What a worker does on a signal. */
export function signalWorker(core: Core, pid: Pid, signal: Signal): void {
  if (signal === "QUIT") quitWorker(core, pid);
  else if (signal === "TERM" || signal === "INT") terminateWorker(core, pid);
}

/** The master process is gone. */
export function forgetMaster(core: Core, pid: Pid): void {
  const master = core.world().masters.get(pid);
  if (master === undefined) return;
  core.world().masters.delete(pid);
  const { transition } = core.master.machine;
  const isStopping = core.sim.is(core.master, master.entity, "shutting down");
  core.sim.fire(core.master, master.entity, isStopping ? transition.exit : transition.die, pid);
  core.sim.retire(master.entity);
}
