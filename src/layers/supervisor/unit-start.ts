// A unit's start and the end of its main process: when it is active, what its end means, and when it is
// started again or no more. Source: systemd.service(5), systemd.unit(5) v252; src/core/service.c.
// Simplification: READY=1 of Type=notify comes a fixed time after exec; dependencies and watchdogs are
// left out.

import { type ExitStatus, NO_PID, type Pid } from "../../host/processes.ts";
import { SECOND } from "../../kernel/time.ts";
import { isProgram } from "./commands.ts";
import { EXEC_NS, NOTIFY_NS } from "./costs.ts";
import { endText, isClean, restarts, statusText } from "./exit-rules.ts";
import { unitMachine } from "./machine.ts";
import { failSocket, handListeners, watchSocket } from "./socket-listening.ts";
import { journal, note } from "./unit-journal.ts";
import { programOf } from "./units.ts";
import { type Runtime, type Unit, world } from "./world.ts";

const { transition } = unitMachine;

export function isUp(runtime: Runtime, unit: Unit): boolean {
  const { sim } = runtime.host;
  return (
    sim.is(runtime.unit, unit.entity, "active") || sim.is(runtime.unit, unit.entity, "activating")
  );
}

/** A start job: refused when the unit was started too often. */
export function startUnit(runtime: Runtime, unit: Unit): void {
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
    failSocket(runtime, unit);
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
    inherits: handListeners(runtime, unit),
    ...(unit.commandLine === null ? {} : { commandLine: unit.commandLine }),
    ...(cause === undefined
      ? {}
      : { commandAt: { file: cause.file, line: cause.line, start: cause.start ?? 0 } }),
  });
  if (service.memoryMaxBytes !== null)
    host.memory.limit(
      unit.mainPid,
      service.memoryMaxBytes,
      runtime.events.unitOom,
      indexOf(runtime, unit),
    );
  const wait = service.type === "notify" || service.type === "forking" ? NOTIFY_NS : EXEC_NS;
  sim.after(wait, runtime.events.unitActive, indexOf(runtime, unit), unit.job);
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

/** The manager's own process, parent of every unit's. */
export function manager(runtime: Runtime): number {
  const state = world(runtime);
  const { processes } = runtime.host;
  if (!processes.alive(state.manager))
    state.manager = processes.start({ parent: NO_PID, argv: ["systemd"] });
  return state.manager;
}

export function indexOf(runtime: Runtime, unit: Unit): number {
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
export function followFork(runtime: Runtime, unit: Unit): number {
  const { processes } = runtime.host;
  if (processes.alive(unit.mainPid)) return unit.mainPid;
  const program = programOf(unit.name);
  return (
    processes.living().find((process) => process.program === program && process.role === "master")
      ?.pid ?? unit.mainPid
  );
}

/** The main process ended while the unit was up. */
export function onMainExit(runtime: Runtime, unit: Unit, status: ExitStatus): void {
  const { service, name } = unit;
  if (!isUp(runtime, unit)) return;
  const clean = isClean(service, status);
  if (service.killMode === "control-group" || service.killMode === "mixed")
    for (const pid of restOfGroup(runtime, unit.mainPid)) runtime.host.processes.kill(pid, "KILL");
  unit.mainPid = NO_PID;
  unit.result = clean ? "success" : status < 0 ? "signal" : "exit-code";
  if (!clean || status !== 0)
    journal(runtime, `${name}.service: Main process exited, ${statusText(status)}`);
  journal(
    runtime,
    clean
      ? `${name}.service: Deactivated successfully.`
      : `${name}.service: Failed with result '${unit.result}'.`,
  );
  unit.job++;
  if (restarts(service, status, clean)) {
    scheduleRestart(runtime, unit, endText(status));
    return;
  }
  const { sim } = runtime.host;
  const starting = sim.is(runtime.unit, unit.entity, "activating");
  sim.fire(
    runtime.unit,
    unit.entity,
    starting ? transition.failToStart : clean ? transition.exit : transition.fail,
    status,
  );
  watchSocket(runtime, unit);
}

/**
 * The processes of a unit beside its main one: all that descend from it, adopted or not.
 * Simplification: with KillMode=control-group they get TERM first when the main process is gone.
 */
export function restOfGroup(runtime: Runtime, mainPid: Pid): readonly Pid[] {
  const { processes } = runtime.host;
  return processes
    .living()
    .filter((process) => process.group === mainPid && process.pid !== mainPid)
    .map((process) => process.pid);
}

/** The unit will be started again after RestartSec; `how` it ended, for people. */
export function scheduleRestart(runtime: Runtime, unit: Unit, how: string): void {
  const { sim } = runtime.host;
  const { service } = unit;
  const row = sim.fire(runtime.unit, unit.entity, transition.scheduleRestart, unit.restarts);
  note(runtime, unit, row, {
    key: "Restart",
    how,
    rule: service.restart,
    wait: `${Math.round(service.restartSeconds * 1000)} ms`,
  });
  sim.after(
    Math.max(EXEC_NS, Math.round(service.restartSeconds * SECOND)),
    runtime.events.unitRestart,
    indexOf(runtime, unit),
    unit.job,
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
