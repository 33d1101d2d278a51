// supervisord: one loop that starts programs, notices their ends, and decides by state and time what
// comes next. It watches only its direct children.
// Source: supervisor 4.2.5 supervisord.py runforever, process.py spawn, finish, transition.

import type { CommandPlace } from "../../host/processes.ts";
import {
  type ExitStatus,
  NO_PID,
  type Process,
  SIGNAL_NUMBER,
  type Signal,
} from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { SECOND } from "../../kernel/time.ts";
import { commandExists, readCommand } from "./commands.ts";
import { TURN_NS } from "./costs.ts";
import { supervisedMachine } from "./machine.ts";
import { type ProgramConfig, readSupervisordConf } from "./supervisord-conf.ts";
import { type Daemon, type Runtime, type Supervised, world } from "./world.ts";

const { transition } = supervisedMachine;
type Level = "INFO" | "WARN" | "CRIT";

function log(runtime: Runtime, daemon: Daemon, level: Level, text: string): void {
  const { sink, clock } = runtime.host;
  if (!sink.wants(NO_REQUEST)) return;
  const ms = String(clock.nowMs() % 1000).padStart(3, "0");
  const line = `${clock.isoDate()},${ms} ${level} ${text}`;
  sink.log("supervisor", line, NO_REQUEST, { level: level.toLowerCase() });
  if (daemon.logfile !== null) sink.log(daemon.logfile, line, NO_REQUEST);
}

const DEFAULT_FILE = "/etc/supervisor/supervisord.conf";

/** The interpreter runs: the configuration is read and the programs with autostart are started. */
export function beginDaemon(runtime: Runtime, process: Process): void {
  const { host } = runtime;
  const { argv } = process;
  const file = configurationFile(argv);
  const node = host.disk.open(file, process.user);
  const text = "error" in node ? null : node.text;
  const config = text === null ? null : readSupervisordConf(text, file);
  if (config !== null) host.sink.diagnose(config.diagnostics);
  const error = config === null ? `could not find config file ${file}` : config.error;
  if (config === null || error !== null) {
    refuse(runtime, process, error ?? "");
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
    programs: [],
    turn: NO_EVENT,
    leaving: "no",
  };
  world(runtime).daemons.set(pid, daemon);
  daemon.programs = config.programs.map((program) => newProgram(runtime, program));
  announce(runtime, daemon, process);
  startPrograms(runtime, daemon);
  scheduleTurn(runtime, daemon);
}

/** Source: options.py: -c FILE, or the first of the default places; Debian's is this one. */
function configurationFile(argv: readonly string[]): string {
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

/** Starts what is down and has autostart. */
function startPrograms(runtime: Runtime, daemon: Daemon): void {
  for (const program of daemon.programs) {
    const state = supervisedMachine.stateNames[runtime.host.sim.stateOf(program.entity)];
    const down = state === "STOPPED" || state === "EXITED" || state === "FATAL";
    if (down && program.config.autostart) spawn(runtime, daemon, program, transition.start);
  }
}

function newProgram(runtime: Runtime, config: ProgramConfig): Supervised {
  const entity = runtime.host.sim.spawn(runtime.supervised, NO_REQUEST);
  return {
    config,
    entity,
    pid: NO_PID,
    lastStart: 0,
    backoff: 0,
    until: 0,
    exitStatus: 0,
    killing: false,
    started: false,
    toReap: null,
  };
}

function announce(runtime: Runtime, daemon: Daemon, process: Process): void {
  const { config, pid } = daemon;
  if (process.user === "root" && config.user === null) {
    const text =
      "Supervisor is running as root.  Privileges were not dropped because no user is specified in the config file.  " +
      "If you intend to run as root, you can set user=root in the config file to avoid this message.";
    log(runtime, daemon, "CRIT", text);
  } else if (config.user === "root") {
    log(runtime, daemon, "INFO", "Set uid to user 0 succeeded");
  }
  log(runtime, daemon, "INFO", `supervisord started with pid ${pid}`);
  if (config.pidfile !== null) runtime.host.disk.write(config.pidfile, `${pid}\n`);
}

/** spawn(): the process is started, or the command cannot be found. */
function spawn(runtime: Runtime, daemon: Daemon, program: Supervised, by: number): void {
  const { host } = runtime;
  const { config } = program;
  const { sim } = host;
  const row = sim.fire(runtime.supervised, program.entity, by, program.backoff);
  if (sim.recording(program.entity))
    sim.note(row, {
      values: { name: config.name, tries: program.backoff },
      ...causeOf(config, "command"),
    });
  program.lastStart = sim.now;
  program.started = true;
  const { argv, env } = readCommand(config.command);
  if (!commandExists(host.disk, argv[0] ?? "")) {
    log(runtime, daemon, "INFO", `spawnerr: can't find command '${argv[0] ?? ""}'`);
    sim.fire(runtime.supervised, program.entity, transition.failToSpawn, program.backoff + 1);
    backOff(runtime, program);
    return;
  }
  const stdout = config.stdoutLogfile ?? `/tmp/${config.name}-stdout---supervisor.log`;
  const stderr = config.redirectStderr
    ? stdout
    : (config.stderrLogfile ?? `/tmp/${config.name}-stderr---supervisor.log`);
  program.pid = host.processes.start({
    parent: daemon.pid,
    argv,
    env: { ...config.environment, ...env },
    cwd: config.directory ?? "/",
    stdout,
    stderr,
    commandLine: config.command,
    ...commandAtOf(config),
    ...(config.user === null ? {} : { user: config.user }),
  });
  log(runtime, daemon, "INFO", `spawned: '${config.name}' with pid ${program.pid}`);
}

/** Where the command of a program stands in the configuration. */
function commandAtOf(config: ProgramConfig): { readonly commandAt?: CommandPlace } {
  const cause = config.causes.get("command");
  return cause === undefined
    ? {}
    : { commandAt: { file: cause.file, line: cause.line, start: cause.start ?? 0 } };
}

function causeOf(config: ProgramConfig, key: string): object {
  const cause = config.causes.get(key);
  return cause === undefined ? {} : { cause };
}

function backOff(runtime: Runtime, program: Supervised): void {
  program.backoff++;
  program.until = runtime.host.sim.now + program.backoff * SECOND;
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
  if (status >= 0) reap(runtime, daemon, program);
  scheduleTurn(runtime, daemon);
}

/** finish(): what the end of a process means depends on when it came. */
function reap(runtime: Runtime, daemon: Daemon, program: Supervised): void {
  const { sim } = runtime.host;
  const { config, toReap } = program;
  if (toReap === null) return;
  program.toReap = null;
  program.pid = NO_PID;
  program.exitStatus = toReap;
  const how = toReap >= 0 ? `exit status ${toReap}` : `terminated by ${signalName(-toReap)}`;
  const fire = (by: number): number => sim.fire(runtime.supervised, program.entity, by, toReap);
  if (program.killing) {
    program.killing = false;
    log(runtime, daemon, "INFO", `stopped: ${config.name} (${how})`);
    fire(transition.stopped);
    if (daemon.leaving !== "no") leaveWhenDown(runtime, daemon);
    return;
  }
  if (sim.now - program.lastStart < config.startSeconds * SECOND) {
    log(runtime, daemon, "WARN", `exited: ${config.name} (${how}; not expected)`);
    fire(transition.exitTooSoon);
    backOff(runtime, program);
    return;
  }
  if (sim.is(runtime.supervised, program.entity, "STARTING")) fire(transition.run);
  program.backoff = 0;
  const expected = toReap >= 0 && config.exitCodes.includes(toReap);
  log(
    runtime,
    daemon,
    expected ? "INFO" : "WARN",
    `exited: ${config.name} (${how}; ${expected ? "expected" : "not expected"})`,
  );
  const row = fire(transition.exit);
  if (sim.recording(program.entity))
    sim.note(row, {
      values: { name: config.name, how, expected, autorestart: config.autorestart },
      ...causeOf(config, "autorestart"),
    });
}

function signalName(number: number): string {
  const found = Object.entries(SIGNAL_NUMBER).find(([, value]) => value === number);
  return found === undefined ? `signal ${number}` : `SIG${found[0]}`;
}

function scheduleTurn(runtime: Runtime, daemon: Daemon): void {
  if (daemon.turn !== NO_EVENT || !daemon.programs.some((program) => isPending(runtime, program)))
    return;
  daemon.turn = runtime.host.sim.after(TURN_NS, runtime.events.turn, daemon.pid);
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
  return state === "EXITED" && wantsRestart(program);
}

function wantsRestart({ config, exitStatus }: Supervised): boolean {
  if (config.autorestart === "unexpected")
    return exitStatus < 0 || !config.exitCodes.includes(exitStatus);
  return config.autorestart === "true";
}

/** One turn of the loop: every program's transition, then the ends that are to be noticed. */
export function onTurn(runtime: Runtime, daemon: Daemon): void {
  daemon.turn = NO_EVENT;
  for (const program of daemon.programs) {
    transit(runtime, daemon, program);
    reap(runtime, daemon, program);
  }
  scheduleTurn(runtime, daemon);
}

function transit(runtime: Runtime, daemon: Daemon, program: Supervised): void {
  const running = daemon.leaving === "no";
  switch (supervisedMachine.stateNames[runtime.host.sim.stateOf(program.entity)]) {
    case "EXITED":
      if (running && wantsRestart(program)) spawn(runtime, daemon, program, transition.restart);
      return;
    case "BACKOFF":
      afterBackoff(runtime, daemon, program);
      return;
    case "STARTING":
      if (program.toReap === null) afterStartSeconds(runtime, daemon, program);
      return;
    case "STOPPING":
      if (program.toReap === null) afterStopWait(runtime, daemon, program);
      return;
    default:
      return;
  }
}

function afterBackoff(runtime: Runtime, daemon: Daemon, program: Supervised): void {
  const { sim } = runtime.host;
  const { config } = program;
  if (program.backoff > config.startRetries) {
    sim.fire(runtime.supervised, program.entity, transition.giveUp, program.backoff);
    program.until = 0;
    program.backoff = 0;
    const why = "too many start retries too quickly";
    log(runtime, daemon, "INFO", `gave up: ${config.name} entered FATAL state, ${why}`);
  } else if (daemon.leaving === "no" && sim.now > program.until) {
    spawn(runtime, daemon, program, transition.retry);
  }
}

function afterStartSeconds(runtime: Runtime, daemon: Daemon, program: Supervised): void {
  const { sim } = runtime.host;
  const { name, startSeconds } = program.config;
  if (sim.now - program.lastStart <= startSeconds * SECOND) return;
  program.backoff = 0;
  const row = sim.fire(runtime.supervised, program.entity, transition.run, program.pid);
  const values = { name, seconds: startSeconds };
  if (sim.recording(program.entity))
    sim.note(row, { values, ...causeOf(program.config, "startsecs") });
  const text = `process has stayed up for > than ${startSeconds} seconds (startsecs)`;
  log(runtime, daemon, "INFO", `success: ${name} entered RUNNING state, ${text}`);
}

function afterStopWait(runtime: Runtime, daemon: Daemon, program: Supervised): void {
  const { sim, processes } = runtime.host;
  const { name, killAsGroup } = program.config;
  if (sim.now < program.until) return;
  log(runtime, daemon, "WARN", `killing '${name}' (${program.pid}) with SIGKILL`);
  sim.fire(runtime.supervised, program.entity, transition.kill, program.pid);
  const group = killAsGroup ? processes.children(program.pid) : [];
  for (const pid of [...group, program.pid]) processes.kill(pid, "KILL");
}

/** Signals to supervisord itself. */
export function signalDaemon(runtime: Runtime, daemon: Daemon, signal: Signal): void {
  if (signal !== "TERM" && signal !== "INT" && signal !== "QUIT" && signal !== "HUP") return;
  const restart = signal === "HUP";
  log(
    runtime,
    daemon,
    "WARN",
    `received SIG${signal} indicating ${restart ? "restart" : "exit"} request`,
  );
  daemon.leaving = restart ? "restart" : "exit";
  const names = daemon.programs
    .filter((program) => program.pid !== NO_PID)
    .map((program) => program.config.name);
  if (names.length > 0) log(runtime, daemon, "INFO", `waiting for ${names.join(", ")} to die`);
  for (const program of daemon.programs) stopProgram(runtime, program);
  leaveWhenDown(runtime, daemon);
  scheduleTurn(runtime, daemon);
}

function stopProgram(runtime: Runtime, program: Supervised): void {
  const { sim, processes } = runtime.host;
  const { config } = program;
  const state = supervisedMachine.stateNames[sim.stateOf(program.entity)];
  if (program.pid === NO_PID || (state !== "STARTING" && state !== "RUNNING")) return;
  program.killing = true;
  program.until = sim.now + config.stopWaitSeconds * SECOND;
  sim.fire(runtime.supervised, program.entity, transition.stop, program.pid);
  const signal = (
    Object.hasOwn(SIGNAL_NUMBER, config.stopSignal) ? config.stopSignal : "TERM"
  ) as Signal;
  if (config.stopAsGroup)
    for (const child of processes.children(program.pid)) processes.kill(child, signal);
  processes.kill(program.pid, signal);
}

function leaveWhenDown(runtime: Runtime, daemon: Daemon): void {
  if (daemon.programs.some((program) => program.pid !== NO_PID)) return;
  if (daemon.leaving === "exit") {
    if (daemon.config.pidfile !== null) runtime.host.disk.remove(daemon.config.pidfile);
    runtime.host.processes.exit(daemon.pid, 0);
    return;
  }
  daemon.leaving = "no";
  log(runtime, daemon, "INFO", `supervisord started with pid ${daemon.pid}`);
  startPrograms(runtime, daemon);
}

/** supervisord is gone; its programs run on without it. */
export function forgetDaemon(runtime: Runtime, daemon: Daemon): void {
  if (daemon.turn !== NO_EVENT) runtime.host.sim.cancel(daemon.turn);
  for (const program of daemon.programs) runtime.host.sim.retire(program.entity);
  world(runtime).daemons.delete(daemon.pid);
}
