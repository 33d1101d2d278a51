// One program under supervisord: how it is started, what its end means, how it is stopped.
// Source: supervisor 4.2.5 process.py spawn, finish, transition, kill, stop_report.
import type { CommandPlace } from "../../host/processes.ts";
import { NO_PID, SIGNAL_NUMBER, type Signal } from "../../host/processes.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { SECOND } from "../../kernel/time.ts";
import { commandExists, readCommand } from "./commands.ts";
import { supervisedMachine } from "./machine.ts";
import type { ProgramConfig } from "./program-section.ts";
import { log } from "./supervisor-log.ts";
import { type Daemon, NOT_YET, type Runtime, type Supervised } from "./world.ts";

const { transition } = supervisedMachine;

export function newProgram(runtime: Runtime, config: ProgramConfig): Supervised {
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
    spawnError: "",
    stoppedAt: 0,
    stopReportedAt: null,
    next: "nothing",
  };
}

/** spawn(): the process is started, or the command cannot be found. */
export function spawn(runtime: Runtime, daemon: Daemon, program: Supervised, by: number): void {
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
  program.spawnError = "";
  const { argv, env } = readCommand(config.command);
  if (!commandExists(host.disk, argv[0] ?? "")) {
    program.spawnError = argv.length === 0 ? "command is empty" : `can't find command '${argv[0]}'`;
    log(runtime, daemon, "INFO", `spawnerr: ${program.spawnError}`);
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

/** finish(): what the end of a process means depends on when it came. False when none has ended. */
export function reap(runtime: Runtime, daemon: Daemon, program: Supervised): boolean {
  const { sim } = runtime.host;
  const { config, toReap } = program;
  if (toReap === null) return false;
  program.toReap = null;
  program.stoppedAt = sim.now;
  program.pid = NO_PID;
  program.exitStatus = toReap;
  const how = toReap >= 0 ? `exit status ${toReap}` : `terminated by ${signalName(-toReap)}`;
  const fire = (by: number): number => sim.fire(runtime.supervised, program.entity, by, toReap);
  const expected = toReap >= 0 && config.exitCodes.includes(toReap);
  if (program.killing) {
    program.killing = false;
    program.stopReportedAt = null;
    log(runtime, daemon, expected ? "INFO" : "WARN", `stopped: ${config.name} (${how})`);
    fire(transition.stopped);
    return true;
  }
  if (sim.now - program.lastStart < config.startSeconds * SECOND) {
    log(runtime, daemon, "WARN", `exited: ${config.name} (${how}; not expected)`);
    fire(transition.exitTooSoon);
    program.spawnError = "Exited too quickly (process log may have details)";
    backOff(runtime, program);
    return true;
  }
  if (sim.is(runtime.supervised, program.entity, "STARTING")) fire(transition.run);
  program.backoff = 0;
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
  return true;
}

function signalName(number: number): string {
  const found = Object.entries(SIGNAL_NUMBER).find(([, value]) => value === number);
  return found === undefined ? `signal ${number}` : `SIG${found[0]}`;
}

export function wantsRestart({ config, exitStatus }: Supervised): boolean {
  if (config.autorestart === "unexpected")
    return exitStatus < 0 || !config.exitCodes.includes(exitStatus);
  return config.autorestart === "true";
}

export function transit(runtime: Runtime, daemon: Daemon, program: Supervised): void {
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
    case "STOPPED":
      if (running && isToBeStarted(program)) spawn(runtime, daemon, program, transition.start);
      return;
    case "STOPPING":
      reportStop(runtime, daemon, program);
      if (program.toReap === null) afterStopWait(runtime, daemon, program);
      return;
    default:
      return;
  }
}

/** Source: process.py transition: STOPPED, autostart, and never started before. */
export function isToBeStarted({ config, started }: Supervised): boolean {
  return config.autostart && !started;
}

/** Source: states.py STOPPED_STATES. */
export function isUnstopped(runtime: Runtime, program: Supervised): boolean {
  const state = supervisedMachine.stateNames[runtime.host.sim.stateOf(program.entity)];
  return state !== "STOPPED" && state !== "EXITED" && state !== "FATAL";
}

/** Whether there is anything that the program's command could start. */
export function commandIsThere({ host }: Runtime, { config }: Supervised): boolean {
  return commandExists(host.disk, readCommand(config.command).argv[0] ?? "");
}

/** A program in BACKOFF has no process: it leaves that state at once by the transition `by`. */
export function cancelRetry(runtime: Runtime, program: Supervised, by: number): boolean {
  const { sim } = runtime.host;
  if (!sim.is(runtime.supervised, program.entity, "BACKOFF")) return false;
  sim.fire(runtime.supervised, program.entity, by, program.backoff);
  return true;
}

/** Source: process.py stop_report: at once, then when more than 2 s have passed. */
const STOP_REPORT_NS = 2 * SECOND;

/** The line of a program that supervisorctl waits for. */
export function reportStop(runtime: Runtime, daemon: Daemon, program: Supervised): void {
  const { now } = runtime.host.sim;
  const last = program.stopReportedAt;
  if (last === null || (last !== NOT_YET && now <= last + STOP_REPORT_NS)) return;
  program.stopReportedAt = now;
  log(runtime, daemon, "INFO", `waiting for ${program.config.name} to stop`);
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

export function stopProgram(runtime: Runtime, program: Supervised): void {
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
