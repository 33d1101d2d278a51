// Installs process supervision on a host: the program "supervisord", and systemd for systemctl.
import type { Host } from "../../host/processes.ts";
import { SUPERVISORD_START_NS } from "./costs.ts";
import { socketMachine, supervisedMachine, unitMachine } from "./machine.ts";
import type { SystemctlResult } from "./socket-units.ts";
import { supervisorctl } from "./supervisorctl.ts";
import { beginDaemon, forgetDaemon, onChildExit, onTurn, signalDaemon } from "./supervisord.ts";
import { onChildOfManager, onWatch, systemctl, triggerService } from "./systemd.ts";
import { onActive, onRestart } from "./unit-start.ts";
import { onKill, onOom } from "./unit-stop.ts";
import { type EventKinds, emptyWorld, type Runtime, type Unit, world } from "./world.ts";

export interface Supervision {
  /** `systemctl VERB NAME`, for the shell. */
  systemctl(verb: string, name: string): SystemctlResult;
  /** `supervisorctl …`, for the shell: the words after it. */
  supervisorctl(args: readonly string[]): SystemctlResult;
}

/** Registers supervisord and returns systemd's commands. */
export function installSupervisor(host: Host): Supervision {
  const { sim } = host;
  sim.world.supervisor = emptyWorld();
  const runtime: Runtime = {
    host,
    supervised: sim.machine(supervisedMachine),
    unit: sim.machine(unitMachine),
    socket: sim.machine(socketMachine),
    handlers: host.network.handlers({
      acceptable: (listener) => triggerService(runtime, listener),
    }),
    events: registerEvents(host, () => runtime),
  };
  host.processes.register({
    name: "supervisord",
    start: (process) =>
      host.cpu.run(process.pid, SUPERVISORD_START_NS, runtime.events.started, process.pid, 0),
    signal: (pid, signal) => {
      const daemon = world(runtime).daemons.get(pid);
      if (daemon !== undefined) signalDaemon(runtime, daemon, signal);
    },
    childExited: (pid, child, status) => {
      const daemon = world(runtime).daemons.get(pid);
      if (daemon !== undefined) onChildExit(runtime, daemon, child, status);
    },
    ended: (pid) => {
      const daemon = world(runtime).daemons.get(pid);
      if (daemon !== undefined) forgetDaemon(runtime, daemon);
    },
  });
  host.processes.register({
    name: "systemd",
    start: () => undefined,
    signal: () => undefined,
    childExited: (_pid, child, status) => onChildOfManager(runtime, child, status),
    ended: () => undefined,
  });
  return {
    systemctl: (verb, name) => systemctl(runtime, verb, name),
    supervisorctl: (args) => supervisorctl(runtime, args),
  };
}

function registerEvents(host: Host, runtime: () => Runtime): EventKinds {
  const { sim } = host;
  const ofUnit = (name: string, act: (at: Runtime, unit: Unit, job: number) => void): number =>
    sim.event(`systemd: ${name}`, (index, job) => {
      const state = world(runtime());
      const unit = state.units.get(state.unitNames[index] ?? "");
      if (unit !== undefined) act(runtime(), unit, job);
    });
  return {
    started: sim.event("supervisord: started", (pid) => {
      const process = host.processes.get(pid);
      if (process !== null && host.processes.alive(pid)) beginDaemon(runtime(), process);
    }),
    turn: sim.event("supervisord: turn", (pid) => {
      const daemon = world(runtime()).daemons.get(pid);
      if (daemon !== undefined) onTurn(runtime(), daemon);
    }),
    unitActive: ofUnit("unit is up", onActive),
    unitRestart: ofUnit("RestartSec over", onRestart),
    unitKill: ofUnit("TimeoutStopSec over", onKill),
    unitWatch: ofUnit("main process looked for", onWatch),
    unitOom: ofUnit("a process was killed for memory", onOom),
  };
}
