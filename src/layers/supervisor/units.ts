// The units systemd knows: those of files below /etc/systemd/system, those of the Debian packages, and
// the processes that a scenario started by a command and that systemctl then takes for a unit's.
import { NO_PID } from "../../host/processes.ts";
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { readCommand } from "./commands.ts";
import { unitMachine } from "./machine.ts";
import { packagedUnit, readServiceUnit, type ServiceUnit } from "./unit-file.ts";
import { type Runtime, type Unit, world } from "./world.ts";

const { transition } = unitMachine;

/** The unit of a file, or of a package; one that a command of the scenario already runs is active. */
export function unitNamed(runtime: Runtime, name: string): Unit | null {
  const { host } = runtime;
  const state = world(runtime);
  const known = state.units.get(name);
  const file = `/etc/systemd/system/${name}.service`;
  const node = host.disk.open(file);
  const text = "error" in node ? null : node.text;
  const service = text === null ? packagedUnit(name) : readServiceUnit(text, file, name);
  if (known !== undefined) {
    if (service !== null) adoptService(known, service);
    return known;
  }
  if (service === null) return null;
  if (text !== null) host.sink.diagnose(service.diagnostics);
  const unit = newUnit(runtime, service);
  const running = host.processes
    .living()
    .find((process) => process.program === programOf(name) && process.role === "master");
  if (running !== undefined) adoptProcess(runtime, unit, running.pid);
  if (unit.argv.length === 0) return null;
  state.units.set(name, unit);
  state.unitNames.push(name);
  return unit;
}

export function programOf(name: string): string {
  return name === "supervisor" ? "supervisord" : name;
}

function newUnit(runtime: Runtime, service: ServiceUnit): Unit {
  const unit: Unit = {
    name: service.name,
    entity: runtime.host.sim.spawn(runtime.unit, NO_REQUEST),
    service,
    argv: [],
    env: {},
    cwd: "/",
    user: "root",
    command: -1,
    commandLine: null,
    mainPid: NO_PID,
    starts: [],
    restarts: 0,
    job: 0,
    startAfterStop: false,
    killed: false,
    result: "success",
  };
  adoptService(unit, service);
  return unit;
}

function adoptService(unit: Unit, service: ServiceUnit): void {
  unit.service = service;
  if (service.execStart === "") return;
  const { argv, env } = readCommand(service.execStart);
  unit.argv = argv;
  unit.env = { ...service.environment, ...env };
  unit.cwd = service.workingDirectory;
  unit.user = service.user ?? "root";
  unit.commandLine = service.execStart;
}

/** A process that the scenario started by a command becomes the unit's main process. */
function adoptProcess(runtime: Runtime, unit: Unit, pid: number): void {
  const { sim, processes } = runtime.host;
  const process = processes.get(pid);
  if (process === null) return;
  unit.argv = process.argv;
  unit.env = process.env;
  unit.cwd = process.cwd;
  unit.user = process.user;
  unit.command = process.command;
  unit.commandLine = process.commandLine ?? null;
  unit.mainPid = pid;
  sim.fire(runtime.unit, unit.entity, transition.start, pid);
  sim.fire(runtime.unit, unit.entity, transition.activate, pid);
}
