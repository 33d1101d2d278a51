// A unit's stop: KillSignal, the wait, KILL for what is left, and the stop that systemd orders itself
// when the kernel has killed one of the unit's processes for memory.
// Source: systemd.kill(5), systemd.service(5) v252, OOMPolicy=; src/core/service.c.
import { type ExitStatus, NO_PID, SIGNAL_NUMBER, type Signal } from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { SECOND } from "../../kernel/time.ts";
import { isClean, restartsAfterFailure } from "./exit-rules.ts";
import { unitMachine } from "./machine.ts";
import { watchSocket } from "./socket-listening.ts";
import { journal, note } from "./unit-journal.ts";
import { indexOf, isUp, restOfGroup, scheduleRestart, startUnit } from "./unit-start.ts";
import { type Runtime, type Unit, world } from "./world.ts";

const { transition } = unitMachine;
const TIMEOUT_STOP = "TimeoutStopSec";

/** A stop job: KillSignal to the main process or the whole group, KILL after TimeoutStopSec. */
export function stopUnit(runtime: Runtime, unit: Unit, startAgain: boolean): void {
  const { host } = runtime;
  const { sim, processes } = host;
  const { service } = unit;
  unit.startAfterStop = startAgain;
  if (!isUp(runtime, unit) && !sim.is(runtime.unit, unit.entity, "auto-restart")) {
    if (startAgain) startUnit(runtime, unit);
    return;
  }
  sim.fire(runtime.unit, unit.entity, transition.stop, unit.mainPid);
  journal(runtime, `Stopping ${unit.name}.service - ${service.description}...`);
  if (processes.alive(unit.mainPid)) signalUnit(runtime, unit);
  else finishStop(runtime, unit, 0);
}

/** KillSignal to the main process or the whole group, and the clock for what is left. */
function signalUnit(runtime: Runtime, unit: Unit): void {
  const { sim, processes } = runtime.host;
  const { service } = unit;
  unit.job++;
  const signal = (
    Object.hasOwn(SIGNAL_NUMBER, service.killSignal) ? service.killSignal : "TERM"
  ) as Signal;
  if (service.killMode === "control-group")
    for (const pid of restOfGroup(runtime, unit.mainPid)) processes.kill(pid, signal);
  processes.kill(unit.mainPid, signal);
  const patience = Math.round(service.timeoutStopSeconds * SECOND);
  sim.after(patience, runtime.events.unitKill, indexOf(runtime, unit), unit.job);
  const cause = service.causes.get(TIMEOUT_STOP);
  sim.setClock({
    ...{ entity: unit.entity, name: TIMEOUT_STOP, deadline: sim.now + patience, handle: NO_EVENT },
    facts: {
      ...{ party: "supervisor", waitsFor: "the unit's processes to end" },
      otherwise: "systemd kills them",
      ...(cause !== undefined && { cause }),
    },
  });
  watchEnd(runtime, unit);
}

/** The kernel killed a process of the unit for memory: OOMPolicy= decides what that means. */
export function onOom(runtime: Runtime, unit: Unit): void {
  const { sim, processes } = runtime.host;
  if (!isUp(runtime, unit)) return;
  journal(
    runtime,
    `${unit.name}.service: A process of this unit has been killed by the OOM killer.`,
  );
  if (unit.service.oomPolicy === "continue" || !processes.alive(unit.mainPid)) return;
  unit.result = "oom-kill";
  const row = sim.fire(runtime.unit, unit.entity, transition.stop, unit.mainPid);
  note(runtime, unit, row, { key: "OOMPolicy", oom: unit.service.oomPolicy });
  signalUnit(runtime, unit);
}

/** TimeoutStopSec is over and processes are left. */
export function onKill(runtime: Runtime, unit: Unit, job: number): void {
  const { sim, processes } = runtime.host;
  if (job !== unit.job || !sim.is(runtime.unit, unit.entity, "deactivating")) return;
  journal(runtime, `${unit.name}.service: State 'stop-sigterm' timed out. Killing.`);
  unit.killed = true;
  sim.endClock(unit.entity, TIMEOUT_STOP, true);
  sim.fire(runtime.unit, unit.entity, transition.kill, unit.mainPid);
  for (const pid of restOfGroup(runtime, unit.mainPid)) processes.kill(pid, "KILL");
  processes.kill(unit.mainPid, "KILL");
}

function resultOf(unit: Unit, status: ExitStatus, clean: boolean): Unit["result"] {
  if (unit.killed) return "timeout";
  if (clean) return "success";
  return status < 0 ? "signal" : "exit-code";
}

/** The main process is gone: the rest of the group goes too, and the stop is done. */
export function finishStop(runtime: Runtime, unit: Unit, status: ExitStatus): void {
  const { sim } = runtime.host;
  sim.endClock(unit.entity, TIMEOUT_STOP, false);
  const { service, name } = unit;
  const wasOom = unit.result === "oom-kill";
  const clean = !wasOom && !unit.killed && isClean(service, status);
  if (!wasOom) unit.result = resultOf(unit, status, clean);
  unit.mainPid = NO_PID;
  unit.job++;
  journal(
    runtime,
    clean
      ? `${name}.service: Deactivated successfully.`
      : `${name}.service: Failed with result '${unit.result}'.`,
  );
  if (wasOom && restartsAfterFailure(service)) {
    scheduleRestart(runtime, unit, "a process killed for memory");
    return;
  }
  if (!wasOom) journal(runtime, `Stopped ${name}.service - ${service.description}.`);
  const end = clean ? transition.deactivate : transition.failToStop;
  sim.fire(runtime.unit, unit.entity, end, status);
  watchSocket(runtime, unit);
  if (!unit.startAfterStop) return;
  unit.startAfterStop = false;
  startUnit(runtime, unit);
}

/** A process that a command of the scenario started is no child of the manager: it looks for its end. */
const WATCH_NS = 5_000_000;

export function watchEnd(runtime: Runtime, unit: Unit): void {
  const parent = runtime.host.processes.get(unit.mainPid)?.parent;
  if (parent === world(runtime).manager) return;
  runtime.host.sim.after(WATCH_NS, runtime.events.unitWatch, indexOf(runtime, unit), unit.job);
}
