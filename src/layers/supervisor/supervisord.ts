// supervisord: one loop that starts programs, notices their ends, and decides by state and time what
// comes next. It watches only its direct children.
// Source: supervisor 4.2.5 supervisord.py runforever, process.py spawn, finish, transition.

import { userExists } from "../../host/debian-files.ts";
import { isDiskError } from "../../host/disk.ts";
import type { ExitStatus, Process, Signal } from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { MILLISECOND, SECOND } from "../../kernel/time.ts";
import { TURN_NS } from "./costs.ts";
import { supervisedMachine } from "./machine.ts";
import type { ProgramConfig } from "./program-section.ts";
import {
  cancelRetry,
  commandIsThere,
  isToBeStarted,
  isUnstopped,
  newProgram,
  reap,
  spawn,
  stopProgram,
  transit,
  wantsRestart,
} from "./supervised.ts";
import { log } from "./supervisor-log.ts";
import { readSupervisordConf, type SupervisordConfig } from "./supervisord-conf.ts";
import { type Daemon, NOT_YET, type Runtime, type Supervised, world } from "./world.ts";

const { transition } = supervisedMachine;
const DEFAULT_FILE = "/etc/supervisor/supervisord.conf";

/** The interpreter runs: the configuration is read and the programs with autostart are started. */
export function beginDaemon(runtime: Runtime, process: Process): void {
  const { host } = runtime;
  const { argv } = process;
  const file = configurationFile(argv);
  const { config, error } = readDaemonConfig(runtime, file, process.user);
  if (config === null) {
    refuse(runtime, process, error);
    return;
  }
  const foreground = config.noDaemon || argv.includes("-n") || argv.includes("--nodaemon");
  const pid = foreground ? process.pid : host.processes.fork(process.pid, "master");
  if (!foreground) host.processes.exit(process.pid, 0);
  const { command } = process;
  const { logfile } = config;
  const daemon: Daemon = {
    pid,
    command,
    config,
    logfile,
    file,
    programs: [],
    turn: NO_EVENT,
    leaving: "no",
    reportedAt: NOT_YET,
  };
  world(runtime).daemons.set(pid, daemon);
  daemon.programs = config.programs.map((program) => newProgram(runtime, program));
  announce(runtime, daemon, process);
  // Simplification: the first turn comes at once; the real one waits a second for its poll() first.
  onTurn(runtime, daemon);
}

type ReadConfig =
  | { readonly config: SupervisordConfig; readonly error: "" }
  | { readonly config: null; readonly error: string };

/** Reads the file; what is wrong with it in supervisord's words. */
export function readDaemonConfig({ host }: Runtime, file: string, user: string): ReadConfig {
  const node = host.disk.open(file, user);
  const text = "error" in node ? null : node.text;
  if (text === null) return { config: null, error: `could not find config file ${file}` };
  const config = readSupervisordConf(text, file, {
    userExists,
    directoryExists: (path) => {
      const found = host.disk.stat(path);
      return !isDiskError(found) && found.kind === "directory";
    },
  });
  host.sink.diagnose(config.diagnostics);
  return config.error === null ? { config, error: "" } : { config: null, error: config.error };
}

/** Source: options.py: -c FILE, or the first of the default places; Debian's is this one. */
export function configurationFile(argv: readonly string[]): string {
  const at = argv.findIndex((word) => word === "-c" || word === "--configuration");
  if (at >= 0) return argv[at + 1] ?? "";
  const joined = argv.find((word) => word.startsWith("--configuration="));
  return joined === undefined ? DEFAULT_FILE : joined.slice("--configuration=".length);
}

function refuse({ host }: Runtime, process: Process, error: string): void {
  const lines = [`Error: ${error}`, "For help, use /usr/bin/supervisord -h"];
  const read = host.sink.wants(NO_REQUEST);
  for (const line of read ? lines : []) host.sink.log("supervisor", line, NO_REQUEST);
  host.processes.exit(process.pid, 2);
}

function announce(runtime: Runtime, daemon: Daemon, process: Process): void {
  const { config, pid } = daemon;
  for (const warning of config.warnings) log(runtime, daemon, "WARN", warning);
  if (process.user === "root" && config.user === null) {
    const text =
      "Supervisor is running as root.  Privileges were not dropped because no user is specified in the config file.  " +
      "If you intend to run as root, you can set user=root in the config file to avoid this message.";
    log(runtime, daemon, "CRIT", text);
  } else if (config.user === "root") {
    log(runtime, daemon, "INFO", "Set uid to user 0 succeeded");
  }
  for (const { kind, hasPassword } of config.servers) {
    log(runtime, daemon, "INFO", "RPC interface 'supervisor' initialized");
    const open = `Server '${kind}' running without any HTTP authentication checking`;
    if (!hasPassword) log(runtime, daemon, "CRIT", open);
  }
  log(runtime, daemon, "INFO", `supervisord started with pid ${pid}`);
  if (config.pidfile !== null) runtime.host.disk.write(config.pidfile, `${pid}\n`);
}

/** SIGCHLD: the pipe of a process that ended wakes the loop; after a kill, children may hold it open. */
export function onChildExit(
  runtime: Runtime,
  daemon: Daemon,
  child: number,
  status: ExitStatus,
): void {
  const program = daemon.programs.find((each) => each.pid === child);
  if (program === undefined) return;
  program.toReap = status;
  if (status >= 0) reapAndGoOn(runtime, daemon, program);
  scheduleTurn(runtime, daemon);
}

/** finish(), and what waited for it: the end of supervisord, or a restart by supervisorctl. */
function reapAndGoOn(runtime: Runtime, daemon: Daemon, program: Supervised): void {
  if (!reap(runtime, daemon, program)) return;
  if (daemon.leaving !== "no") {
    stopNext(runtime, daemon);
    return;
  }
  const { next } = program;
  program.next = "nothing";
  if (next === "start" && commandIsThere(runtime, program))
    spawn(runtime, daemon, program, transition.start);
  if (next === "remove") removeProgram(runtime, daemon, program);
}

/** The program is no longer one of supervisord's; `update` may put another of its name there. */
export function removeProgram(runtime: Runtime, daemon: Daemon, program: Supervised): void {
  daemon.programs = daemon.programs.filter((other) => other !== program);
  runtime.host.sim.retire(program.entity);
  const changed = daemon.config.programs.find(({ name }) => name === program.config.name);
  if (changed !== undefined) addProgram(runtime, daemon, changed);
}

/** A new group: its program starts at the loop's next turn, if it has autostart. */
export function addProgram(runtime: Runtime, daemon: Daemon, config: ProgramConfig): void {
  daemon.programs.push(newProgram(runtime, config));
  scheduleTurn(runtime, daemon);
}

export function scheduleTurn(runtime: Runtime, daemon: Daemon, afterNs = TURN_NS): void {
  if (daemon.turn !== NO_EVENT || !daemon.programs.some((program) => isPending(runtime, program)))
    return;
  daemon.turn = runtime.host.sim.after(afterNs, runtime.events.turn, daemon.pid);
}

/** Whether time alone will change the program's state. */
function isPending(runtime: Runtime, program: Supervised): boolean {
  const state = supervisedMachine.stateNames[runtime.host.sim.stateOf(program.entity)];
  if (
    program.toReap !== null ||
    state === "STARTING" ||
    state === "BACKOFF" ||
    state === "STOPPING"
  )
    return true;
  if (state === "STOPPED") return isToBeStarted(program);
  return state === "EXITED" && wantsRestart(program);
}

/** One turn of the loop: every program's transition, then the ends that are to be noticed. */
export function onTurn(runtime: Runtime, daemon: Daemon): void {
  daemon.turn = NO_EVENT;
  if (daemon.leaving !== "no") reportWaiting(runtime, daemon);
  let hasStalePipe = false;
  for (const program of daemon.programs.slice()) {
    transit(runtime, daemon, program);
    hasStalePipe ||= (program.toReap ?? 0) < 0;
    reapAndGoOn(runtime, daemon, program);
  }
  if (!world(runtime).daemons.has(daemon.pid)) return;
  // The children of a killed process hold its pipe, which poll() then finds closed at once (POLLNVAL).
  scheduleTurn(runtime, daemon, hasStalePipe ? MILLISECOND : TURN_NS);
}

/** Signals to supervisord itself. */
export function signalDaemon(runtime: Runtime, daemon: Daemon, signal: Signal): void {
  if (signal === "USR2") {
    log(runtime, daemon, "INFO", "received SIGUSR2 indicating log reopen request");
    log(runtime, daemon, "INFO", "supervisord logreopen");
  }
  if (signal !== "TERM" && signal !== "INT" && signal !== "QUIT" && signal !== "HUP") return;
  const what = signal === "HUP" ? "restart" : "exit";
  if (what === "restart" && daemon.leaving === "exit") {
    const text = "ignored SIGHUP indicating restart request (shutdown in progress)";
    log(runtime, daemon, "WARN", text);
    return;
  }
  log(runtime, daemon, "WARN", `received SIG${signal} indicating ${what} request`);
  leave(runtime, daemon, what);
}

/** The mood changes: the programs are stopped one after the other, the last of the file first. */
export function leave(runtime: Runtime, daemon: Daemon, what: "exit" | "restart"): void {
  daemon.leaving = what;
  daemon.reportedAt = NOT_YET;
  stopNext(runtime, daemon);
}

/** Source: supervisord.py ordered_stop_groups_phase_1, shutdown_report; process.py stop_all. */
function stopNext(runtime: Runtime, daemon: Daemon): void {
  for (;;) {
    const last = daemon.programs.findLast((program) => isUnstopped(runtime, program));
    if (last === undefined) {
      leaveDown(runtime, daemon);
      return;
    }
    if (!cancelRetry(runtime, last, transition.giveUp)) {
      stopProgram(runtime, last);
      reportWaiting(runtime, daemon);
      scheduleTurn(runtime, daemon);
      return;
    }
  }
}

/** Source: supervisord.py shutdown_report: at once, then when more than 3 s have passed. */
const REPORT_NS = 3 * SECOND;

function reportWaiting(runtime: Runtime, daemon: Daemon): void {
  const { now } = runtime.host.sim;
  if (daemon.reportedAt !== NOT_YET && now <= daemon.reportedAt + REPORT_NS) return;
  daemon.reportedAt = now;
  const names = daemon.programs
    .filter((program) => isUnstopped(runtime, program))
    .map((program) => program.config.name);
  log(runtime, daemon, "INFO", `waiting for ${names.join(", ")} to die`);
}

/** All programs are down: the end, or everything from the beginning with the file as it is now. */
function leaveDown(runtime: Runtime, daemon: Daemon): void {
  const { host } = runtime;
  const process = host.processes.get(daemon.pid);
  const read = readDaemonConfig(runtime, daemon.file, process?.user ?? "root");
  if (daemon.leaving === "exit" || process === null || read.config === null) {
    if (daemon.config.pidfile !== null) host.disk.remove(daemon.config.pidfile);
    if (daemon.leaving === "restart" && process !== null) refuse(runtime, process, read.error);
    else host.processes.exit(daemon.pid, 0);
    return;
  }
  for (const program of daemon.programs) host.sim.retire(program.entity);
  daemon.leaving = "no";
  daemon.config = read.config;
  daemon.programs = read.config.programs.map((program) => newProgram(runtime, program));
  announce(runtime, daemon, process);
  scheduleTurn(runtime, daemon);
}

/** supervisord is gone; its programs run on without it. */
export function forgetDaemon(runtime: Runtime, daemon: Daemon): void {
  if (daemon.turn !== NO_EVENT) runtime.host.sim.cancel(daemon.turn);
  for (const program of daemon.programs) runtime.host.sim.retire(program.entity);
  world(runtime).daemons.delete(daemon.pid);
}
