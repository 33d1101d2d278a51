// systemd's service manager, as far as systemctl start, stop, restart and reload need it: when a unit
// is active, what its end means, when it is started again and when no more.
// Source: systemd.service(5), systemd.unit(5), systemd.kill(5) v252; src/core/service.c.
// Simplification: READY=1 of Type=notify comes a fixed time after exec; dependencies, sockets and
// watchdogs are left out.

import { type ExitStatus, NO_PID, SIGNAL_NUMBER, type Signal } from "../../host/processes.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { SECOND } from "../../kernel/time.ts";
import { isProgram } from "./commands.ts";
import { EXEC_NS, NOTIFY_NS } from "./costs.ts";
import { endText, isClean, restarts, statusText } from "./exit-rules.ts";
import { unitMachine } from "./machine.ts";
import { programOf, unitNamed } from "./units.ts";
import { type Runtime, type Unit, world } from "./world.ts";

const { transition } = unitMachine;

export interface SystemctlResult {
  readonly exit: number;
  readonly output: readonly string[];
}

const OK: SystemctlResult = { exit: 0, output: [] };

/** `systemctl VERB NAME`: begins the job; the unit's processes end or start in their own time. */
export function systemctl(runtime: Runtime, verb: string, name: string): SystemctlResult {
  if (verb === "daemon-reload") return OK;
  const unit = unitNamed(runtime, name);
  if (unit === null)
    return {
      exit: 5,
      output: [`Failed to ${verb} ${name}.service: Unit ${name}.service not found.`],
    };
  switch (verb) {
    case "start":
      if (!isUp(runtime, unit)) startUnit(runtime, unit);
      return OK;
    case "stop":
      return stopUnit(runtime, unit, false);
    case "restart":
      return stopUnit(runtime, unit, true);
    case "reload":
      return reloadUnit(runtime, unit);
    case "reset-failed":
      unit.starts = [];
      return OK;
    case "is-active":
      return status(runtime, unit);
    default:
      return { exit: 1, output: [`Unknown operation ${verb}.`] };
  }
}

function status(runtime: Runtime, unit: Unit): SystemctlResult {
  const state = unitMachine.stateNames[runtime.host.sim.stateOf(unit.entity)];
  return {
    exit: state === "active" ? 0 : 3,
    output: [state === "auto-restart" ? "activating" : state],
  };
}

function isUp(runtime: Runtime, unit: Unit): boolean {
  const { sim } = runtime.host;
  return (
    sim.is(runtime.unit, unit.entity, "active") || sim.is(runtime.unit, unit.entity, "activating")
  );
}

function journal(runtime: Runtime, text: string): void {
  const { sink, clock, settings } = runtime.host;
  if (!sink.wants(NO_REQUEST)) return;
  const [day, month, , ...time] = clock.logDate().split(/[/: ]/);
  sink.log(
    "journal",
    `${month} ${day} ${time.slice(0, 3).join(":")} ${settings.hostname} systemd[1]: ${text}`,
    NO_REQUEST,
  );
}

/** A start job: refused when the unit was started too often. */
function startUnit(runtime: Runtime, unit: Unit): void {
  const { host } = runtime;
  const { sim } = host;
  const { service, name } = unit;
  unit.job++;
  unit.starts = unit.starts.filter((at) => sim.now - at < service.startLimitSeconds * SECOND);
  if (unit.starts.length >= service.startLimitBurst) {
    journal(runtime, `${name}.service: Start request repeated too quickly.`);
    // Source: service.c service_enter_dead: an earlier failure stays the result.
    const result = unit.result === "success" ? "start-limit-hit" : unit.result;
    journal(runtime, `${name}.service: Failed with result '${result}'.`);
    journal(runtime, `Failed to start ${name}.service - ${service.description}.`);
    const row = sim.fire(runtime.unit, unit.entity, transition.refuseStart, unit.starts.length);
    note(runtime, unit, row, {
      key: "StartLimitBurst",
      interval: `${service.startLimitSeconds} s`,
    });
    return;
  }
  unit.starts.push(sim.now);
  unit.killed = false;
  unit.result = "success";
  const row = sim.fire(runtime.unit, unit.entity, transition.start, unit.restarts);
  const cause = service.causes.get("ExecStart");
  if (sim.recording(unit.entity))
    sim.note(row, {
      values: { name, command: unit.argv.join(" ") },
      ...(cause === undefined ? {} : { cause }),
    });
  if (service.type !== "simple")
    journal(runtime, `Starting ${name}.service - ${service.description}...`);
  if (!isProgram(unit.argv[0] ?? "")) {
    failToExecute(runtime, unit);
    return;
  }
  unit.mainPid = host.processes.start({
    parent: manager(runtime),
    argv: unit.argv,
    env: unit.env,
    cwd: unit.cwd,
    user: unit.user,
    command: unit.command,
    ...(unit.commandLine === null ? {} : { commandLine: unit.commandLine }),
    ...(cause === undefined
      ? {}
      : { commandAt: { file: cause.file, line: cause.line, start: cause.start ?? 0 } }),
  });
  const wait = service.type === "notify" || service.type === "forking" ? NOTIFY_NS : EXEC_NS;
  sim.after(wait, runtime.events.unitActive, indexOf(runtime, unit), unit.job);
}

/** Facts of a unit's step, with the line of its file whose key decided. */
function note(
  runtime: Runtime,
  unit: Unit,
  row: number,
  { key, ...values }: Readonly<Record<string, string>>,
): void {
  const { sim } = runtime.host;
  if (!sim.recording(unit.entity)) return;
  const cause = unit.service.causes.get(key);
  sim.note(row, { values, ...(cause === undefined ? {} : { cause }) });
}

/** Source: systemd.exec(5), Process Exit Codes; src/core/execute.c. */
const EXIT_EXEC = 203;

/** The command is no program of this machine: the forked process cannot execute it. */
function failToExecute(runtime: Runtime, unit: Unit): void {
  const command = unit.argv[0] ?? "";
  const why = `${command}: No such file or directory`;
  journal(runtime, `${unit.name}.service: Failed to locate executable ${why}`);
  journal(runtime, `${unit.name}.service: Failed at step EXEC spawning ${why}`);
  onMainExit(runtime, unit, EXIT_EXEC);
}

/** SIGCHLD of the manager: the main process of a unit may be the one that ended. */
export function onChildOfManager(runtime: Runtime, child: number, status: ExitStatus): void {
  for (const unit of world(runtime).units.values()) {
    if (unit.mainPid !== child) continue;
    const forks =
      unit.service.type === "forking" &&
      status === 0 &&
      runtime.host.sim.is(runtime.unit, unit.entity, "activating");
    if (!forks) onMainExit(runtime, unit, status);
  }
}

/** The manager's own process, parent of every unit's. */
function manager(runtime: Runtime): number {
  const state = world(runtime);
  const { processes } = runtime.host;
  if (!processes.alive(state.manager))
    state.manager = processes.start({ parent: NO_PID, argv: ["systemd"] });
  return state.manager;
}

function indexOf(runtime: Runtime, unit: Unit): number {
  const { unitNames } = world(runtime);
  if (!unitNames.includes(unit.name)) unitNames.push(unit.name);
  return unitNames.indexOf(unit.name);
}

/** The unit is active now, if its process still lives. */
export function onActive(runtime: Runtime, unit: Unit, job: number): void {
  const { sim, processes } = runtime.host;
  if (job !== unit.job || !sim.is(runtime.unit, unit.entity, "activating")) return;
  if (unit.service.type === "forking") unit.mainPid = followFork(runtime, unit);
  if (!processes.alive(unit.mainPid)) return;
  const row = sim.fire(runtime.unit, unit.entity, transition.activate, unit.mainPid);
  note(runtime, unit, row, { key: "Type", name: unit.name, type: unit.service.type });
  journal(runtime, `Started ${unit.name}.service - ${unit.service.description}.`);
}

/** A forking unit's main process is the one that stayed. */
function followFork(runtime: Runtime, unit: Unit): number {
  const { processes } = runtime.host;
  if (processes.alive(unit.mainPid)) return unit.mainPid;
  const program = programOf(unit.name);
  return (
    processes.living().find((process) => process.program === program && process.role === "master")
      ?.pid ?? unit.mainPid
  );
}

/** A process that a command of the scenario started is no child of the manager: it looks for its end. */
const WATCH_NS = 5_000_000;

function watchEnd(runtime: Runtime, unit: Unit): void {
  const parent = runtime.host.processes.get(unit.mainPid)?.parent;
  if (parent === world(runtime).manager) return;
  runtime.host.sim.after(WATCH_NS, runtime.events.unitWatch, indexOf(runtime, unit), unit.job);
}

/** Looks whether the main process has ended, while the unit stops. */
export function onWatch(runtime: Runtime, unit: Unit, job: number): void {
  const { processes } = runtime.host;
  if (job !== unit.job || unit.mainPid === NO_PID) return;
  if (processes.alive(unit.mainPid)) {
    watchEnd(runtime, unit);
    return;
  }
  const ended = processes.exits().findLast((exit) => exit.pid === unit.mainPid);
  onMainExit(runtime, unit, ended?.status ?? 0);
}

/** The main process ended: what follows depends on the state, the status and Restart=. */
export function onMainExit(runtime: Runtime, unit: Unit, exitStatus: ExitStatus): void {
  const { sim } = runtime.host;
  const { service, name } = unit;
  const clean = isClean(service, exitStatus);
  unit.mainPid = NO_PID;
  unit.result = clean ? "success" : exitStatus < 0 ? "signal" : "exit-code";
  if (sim.is(runtime.unit, unit.entity, "deactivating")) {
    finishStop(runtime, unit, exitStatus);
    return;
  }
  if (!isUp(runtime, unit)) return;
  if (!clean || exitStatus !== 0)
    journal(runtime, `${name}.service: Main process exited, ${statusText(exitStatus)}`);
  journal(
    runtime,
    clean
      ? `${name}.service: Deactivated successfully.`
      : `${name}.service: Failed with result '${unit.result}'.`,
  );
  unit.job++;
  if (restarts(service, exitStatus, clean)) {
    const row = sim.fire(runtime.unit, unit.entity, transition.scheduleRestart, exitStatus);
    note(runtime, unit, row, {
      key: "Restart",
      how: endText(exitStatus),
      rule: service.restart,
      wait: `${Math.round(service.restartSeconds * 1000)} ms`,
    });
    sim.after(
      Math.max(EXEC_NS, Math.round(service.restartSeconds * SECOND)),
      runtime.events.unitRestart,
      indexOf(runtime, unit),
      unit.job,
    );
    return;
  }
  const starting = sim.is(runtime.unit, unit.entity, "activating");
  sim.fire(
    runtime.unit,
    unit.entity,
    starting ? transition.failToStart : clean ? transition.exit : transition.fail,
    exitStatus,
  );
}

/** RestartSec is over. */
export function onRestart(runtime: Runtime, unit: Unit, job: number): void {
  const { sim } = runtime.host;
  if (job !== unit.job || !sim.is(runtime.unit, unit.entity, "auto-restart")) return;
  unit.restarts++;
  journal(
    runtime,
    `${unit.name}.service: Scheduled restart job, restart counter is at ${unit.restarts}.`,
  );
  journal(runtime, `Stopped ${unit.name}.service - ${unit.service.description}.`);
  startUnit(runtime, unit);
}

/** A stop job: KillSignal to the main process or the whole group, KILL after TimeoutStopSec. */
function stopUnit(runtime: Runtime, unit: Unit, startAgain: boolean): SystemctlResult {
  const { host } = runtime;
  const { sim, processes } = host;
  const { service } = unit;
  unit.startAfterStop = startAgain;
  if (!isUp(runtime, unit) && !sim.is(runtime.unit, unit.entity, "auto-restart")) {
    if (startAgain) startUnit(runtime, unit);
    return OK;
  }
  unit.job++;
  sim.fire(runtime.unit, unit.entity, transition.stop, unit.mainPid);
  journal(runtime, `Stopping ${unit.name}.service - ${service.description}...`);
  if (!processes.alive(unit.mainPid)) {
    finishStop(runtime, unit, 0);
    return OK;
  }
  const signal = (
    Object.hasOwn(SIGNAL_NUMBER, service.killSignal) ? service.killSignal : "TERM"
  ) as Signal;
  if (service.killMode === "control-group")
    for (const child of processes.children(unit.mainPid)) processes.kill(child, signal);
  processes.kill(unit.mainPid, signal);
  sim.after(
    Math.round(service.timeoutStopSeconds * SECOND),
    runtime.events.unitKill,
    indexOf(runtime, unit),
    unit.job,
  );
  watchEnd(runtime, unit);
  return OK;
}

/** TimeoutStopSec is over and processes are left. */
export function onKill(runtime: Runtime, unit: Unit, job: number): void {
  const { sim, processes } = runtime.host;
  if (job !== unit.job || !sim.is(runtime.unit, unit.entity, "deactivating")) return;
  journal(runtime, `${unit.name}.service: State 'stop-sigterm' timed out. Killing.`);
  unit.killed = true;
  sim.fire(runtime.unit, unit.entity, transition.kill, unit.mainPid);
  for (const child of processes.children(unit.mainPid)) processes.kill(child, "KILL");
  processes.kill(unit.mainPid, "KILL");
}

function finishStop(runtime: Runtime, unit: Unit, status: ExitStatus): void {
  const { sim } = runtime.host;
  const { service, name } = unit;
  const clean = !unit.killed && isClean(service, status);
  unit.mainPid = NO_PID;
  unit.job++;
  journal(
    runtime,
    clean
      ? `${name}.service: Deactivated successfully.`
      : `${name}.service: Failed with result '${unit.killed ? "timeout" : "exit-code"}'.`,
  );
  journal(runtime, `Stopped ${name}.service - ${service.description}.`);
  sim.fire(
    runtime.unit,
    unit.entity,
    clean ? transition.deactivate : transition.failToStop,
    status,
  );
  if (!unit.startAfterStop) return;
  unit.startAfterStop = false;
  startUnit(runtime, unit);
}

/** ExecReload=: HUP to the main process, which is what kill -HUP and nginx -s reload do. */
function reloadUnit(runtime: Runtime, unit: Unit): SystemctlResult {
  const { sim, processes } = runtime.host;
  const { name, service } = unit;
  if (!sim.is(runtime.unit, unit.entity, "active")) {
    return { exit: 1, output: [`${name}.service is not active, cannot reload.`] };
  }
  if (service.execReload === null) {
    return {
      exit: 3,
      output: [
        `Failed to reload ${name}.service: Job type reload is not applicable for unit ${name}.service.`,
      ],
    };
  }
  journal(runtime, `Reloading ${name}.service - ${service.description}...`);
  sim.fire(runtime.unit, unit.entity, transition.reload, unit.mainPid);
  processes.kill(followFork(runtime, unit), "HUP");
  journal(runtime, `Reloaded ${name}.service - ${service.description}.`);
  return OK;
}
