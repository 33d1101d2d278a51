// systemctl: what each verb does to a unit, and which unit the end of a process belongs to.
// Source: systemctl(1), systemd.service(5) v252.

import type { ListenerId } from "../../host/network.ts";
import { type ExitStatus, NO_PID } from "../../host/processes.ts";
import { unitMachine } from "./machine.ts";
import { triggered } from "./socket-listening.ts";
import { type SystemctlResult, systemctlSocket } from "./socket-units.ts";
import { journal } from "./unit-journal.ts";
import { followFork, isUp, onMainExit, startUnit } from "./unit-start.ts";
import { finishStop, stopUnit, watchEnd } from "./unit-stop.ts";
import { unitNamed } from "./units.ts";
import { type Runtime, type Unit, world } from "./world.ts";

const { transition } = unitMachine;

const OK: SystemctlResult = { exit: 0, output: [] };

/** `systemctl VERB NAME`: begins the job; the unit's processes end or start in their own time. */
export function systemctl(runtime: Runtime, verb: string, name: string): SystemctlResult {
  if (verb === "daemon-reload") return OK;
  if (name.endsWith(".socket"))
    return systemctlSocket(runtime, verb, name.slice(0, -".socket".length));
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
      stopUnit(runtime, unit, false);
      return OK;
    case "restart":
      stopUnit(runtime, unit, true);
      return OK;
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

/** SIGCHLD of the manager: the main process of a unit may be the one that ended. */
export function onChildOfManager(runtime: Runtime, child: number, status: ExitStatus): void {
  for (const unit of world(runtime).units.values()) {
    if (unit.mainPid !== child) continue;
    const forks =
      unit.service.type === "forking" &&
      status === 0 &&
      runtime.host.sim.is(runtime.unit, unit.entity, "activating");
    if (!forks) onEnd(runtime, unit, status);
  }
}

/** A connection came for a service that does not run. */
export function triggerService(runtime: Runtime, listener: ListenerId): void {
  const name = triggered(runtime, listener);
  const unit = name === null ? null : unitNamed(runtime, name);
  if (unit !== null && !isUp(runtime, unit)) startUnit(runtime, unit);
}

/** What the end of the main process is depends on whether the unit was being stopped. */
function onEnd(runtime: Runtime, unit: Unit, status: ExitStatus): void {
  if (runtime.host.sim.is(runtime.unit, unit.entity, "deactivating"))
    finishStop(runtime, unit, status);
  else onMainExit(runtime, unit, status);
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
  onEnd(runtime, unit, ended?.status ?? 0);
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
