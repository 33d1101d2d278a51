// supervisorctl: what each verb does to supervisord's programs, and what it prints.
// Source: supervisor 4.2.5 supervisorctl.py, rpcinterface.py, options.py.
// Simplification: it prints at once what the real one prints when the program has stopped or started; a start
// that fails later (`ERROR (spawn error)`) is told by supervisord's log alone.
import { SIGNAL_NUMBER, type Signal } from "../../host/processes.ts";
import { MILLISECOND, SECOND } from "../../kernel/time.ts";
import { supervisedMachine } from "./machine.ts";
import type { SystemctlResult } from "./socket-units.ts";
import { cancelRetry, commandIsThere, reportStop, spawn, stopProgram } from "./supervised.ts";
import { updatePrograms } from "./supervisor-update.ts";
import { configurationFile, leave, readDaemonConfig, scheduleTurn } from "./supervisord.ts";
import { type Daemon, NOT_YET, type Runtime, type Supervised, world } from "./world.ts";

const { transition } = supervisedMachine;

/** Exit codes. Source: supervisorctl.py, LSBInitExitStatuses and LSBStatusExitStatuses. */
const GENERIC = 1;
const NOT_ALL_RUNNING = 3;
const UNREACHABLE = 4;

const line = (text: string, exit = 0): SystemctlResult => ({ exit, output: [text] });

/** `supervisorctl [-c FILE] VERB [NAME…]`. */
export function supervisorctl(runtime: Runtime, args: readonly string[]): SystemctlResult {
  const file = configurationFile(args);
  const [verb = "", ...names] = args.filter(
    (word, i) => !word.startsWith("-") && args[i - 1] !== "-c" && args[i - 1] !== "--configuration",
  );
  const read = readDaemonConfig(runtime, file, "root");
  if (read.config === null || read.config.controlUrl === null) {
    const why = read.config === null ? read.error : NO_SECTION;
    return { exit: 2, output: [`Error: ${why}`, "For help, use /usr/bin/supervisorctl -h"] };
  }
  const url = read.config.controlUrl;
  const daemon = [...world(runtime).daemons.values()].find(({ config }) =>
    config.servers.some((server) => server.url === url),
  );
  if (daemon === undefined) {
    const why = url.startsWith("unix:") ? "no such file" : "refused connection";
    return line(`${url} ${why}`, UNREACHABLE);
  }
  return perform(runtime, daemon, verb, names);
}

const NO_SECTION = ".ini file does not include supervisorctl section";

function perform(
  runtime: Runtime,
  daemon: Daemon,
  verb: string,
  names: readonly string[],
): SystemctlResult {
  switch (verb) {
    case "start":
    case "stop":
    case "restart":
      return joined(chosen(daemon, names).map((name) => change(runtime, daemon, verb, name)));
    case "signal":
      return joined(
        chosen(daemon, names.slice(1)).map((name) => signal(runtime, daemon, names[0] ?? "", name)),
      );
    case "status":
      return status(runtime, daemon);
    case "reread":
    case "update":
      return updatePrograms(runtime, daemon, verb);
    case "pid":
      return line(String(names[0] === undefined ? daemon.pid : pidOf(daemon, names[0])));
    case "shutdown":
      leave(runtime, daemon, "exit");
      return line("Shut down");
    case "reload":
      leave(runtime, daemon, "restart");
      return line("Restarted supervisord");
    default:
      return line(`*** Unknown syntax: ${[verb, ...names].join(" ")}`, GENERIC);
  }
}

function joined(results: readonly SystemctlResult[]): SystemctlResult {
  const exit = results.findLast((result) => result.exit !== 0)?.exit ?? 0;
  return { exit, output: results.flatMap(({ output }) => output) };
}

function chosen(daemon: Daemon, names: readonly string[]): readonly string[] {
  return names.includes("all") ? daemon.programs.map(({ config }) => config.name) : names;
}

function programNamed(daemon: Daemon, name: string): Supervised | undefined {
  return daemon.programs.find(({ config }) => config.name === name.replace(/^(.+):\1$/, "$1"));
}

function pidOf(daemon: Daemon, name: string): number {
  return Math.max(0, programNamed(daemon, name)?.pid ?? 0);
}

function change(
  runtime: Runtime,
  daemon: Daemon,
  verb: "start" | "stop" | "restart",
  name: string,
): SystemctlResult {
  const program = programNamed(daemon, name);
  if (program === undefined) {
    const missing = line(`${name}: ERROR (no such process)`, GENERIC);
    return verb === "restart" ? joined([missing, missing]) : missing;
  }
  if (verb === "stop") return stop(runtime, daemon, program);
  if (verb === "start") return start(runtime, daemon, program);
  const stopped = stop(runtime, daemon, program);
  if (program.killing) program.next = "start";
  const started = program.killing
    ? line(`${program.config.name}: started`)
    : start(runtime, daemon, program);
  return joined([stopped, started]);
}

/** Source: rpcinterface.py stopProcess, RUNNING_STATES: also in BACKOFF, where nothing runs. */
function stop(runtime: Runtime, daemon: Daemon, program: Supervised): SystemctlResult {
  const { name } = program.config;
  const state = stateOf(runtime, program);
  if (state !== "STARTING" && state !== "RUNNING" && state !== "BACKOFF")
    return line(`${name}: ERROR (not running)`);
  if (!cancelRetry(runtime, program, transition.forgoRetry)) {
    program.stopReportedAt = NOT_YET;
    stopProgram(runtime, program);
    if (program.killing) reportStop(runtime, daemon, program);
    scheduleTurn(runtime, daemon);
  }
  return line(`${name}: stopped`);
}

/** Source: rpcinterface.py startProcess: the file is looked for before anything is tried. */
function start(runtime: Runtime, daemon: Daemon, program: Supervised): SystemctlResult {
  const { name } = program.config;
  if (!commandIsThere(runtime, program)) return line(`${name}: ERROR (no such file)`, GENERIC);
  const state = stateOf(runtime, program);
  if (state === "STARTING" || state === "RUNNING" || state === "BACKOFF")
    return line(`${name}: ERROR (already started)`);
  if (state === "STOPPING") program.next = "start";
  else spawn(runtime, daemon, program, transition.start);
  scheduleTurn(runtime, daemon);
  return line(`${name}: started`);
}

function signal(runtime: Runtime, daemon: Daemon, option: string, name: string): SystemctlResult {
  const program = programNamed(daemon, name);
  if (program === undefined) return line(`${name}: ERROR (no such process)`, GENERIC);
  const number = /^\d+$/.test(option) ? Number(option) : null;
  const known = Object.entries(SIGNAL_NUMBER).find(
    ([text, value]) => value === number || text === option.replace(/^SIG/, "").toUpperCase(),
  );
  if (known === undefined) return line(`${name}: ERROR (bad signal name)`, GENERIC);
  const state = stateOf(runtime, program);
  if (state !== "STARTING" && state !== "RUNNING" && state !== "STOPPING")
    return line(`${name}: ERROR (not running)`, GENERIC);
  runtime.host.processes.kill(program.pid, known[0] as Signal);
  return line(`${name}: signalled`);
}

function stateOf(runtime: Runtime, program: Supervised): string {
  return supervisedMachine.stateNames[runtime.host.sim.stateOf(program.entity)];
}

/** Source: supervisorctl.py _show_statuses: the name, the state and what is known of it, in columns. */
function status(runtime: Runtime, daemon: Daemon): SystemctlResult {
  const sorted = [...daemon.programs].sort((a, b) => (a.config.name < b.config.name ? -1 : 1));
  const width = Math.max(32, ...sorted.map(({ config }) => config.name.length));
  const output = sorted.map((program) => {
    const state = stateOf(runtime, program);
    return `${program.config.name.padEnd(width)} ${state.padEnd(9)} ${described(runtime, program)}`;
  });
  const down = sorted.some((program) =>
    ["STOPPED", "EXITED", "FATAL"].includes(stateOf(runtime, program)),
  );
  return { exit: down ? NOT_ALL_RUNNING : 0, output };
}

/** Source: rpcinterface.py _interpretProcessInfo. */
function described({ host, supervised }: Runtime, program: Supervised): string {
  const { sim, clock } = host;
  const { entity } = program;
  if (sim.is(supervised, entity, "RUNNING")) {
    const seconds = Math.floor((sim.now - program.lastStart) / SECOND);
    const two = (value: number): string => String(Math.floor(value) % 60).padStart(2, "0");
    const uptime = `${Math.floor(seconds / 3600)}:${two(seconds / 60)}:${two(seconds)}`;
    return `pid ${program.pid}, uptime ${uptime}`;
  }
  if (sim.is(supervised, entity, "FATAL") || sim.is(supervised, entity, "BACKOFF"))
    return program.spawnError;
  if (!sim.is(supervised, entity, "STOPPED") && !sim.is(supervised, entity, "EXITED")) return "";
  if (!program.started) return "Not started";
  const agoMs = (sim.now - program.stoppedAt) / MILLISECOND;
  return shortDate(clock.httpDate(clock.nowMs() - agoMs));
}

/** `Sat, 21 Nov 2026 15:37:00 GMT` as `Nov 21 03:37 PM`. */
function shortDate(httpDate: string): string {
  const [, day, month, , time] = httpDate.split(" ");
  const hour = Number(time.slice(0, 2));
  const twelve = String(hour % 12 === 0 ? 12 : hour % 12).padStart(2, "0");
  return `${month} ${day} ${twelve}:${time.slice(3, 5)} ${hour < 12 ? "AM" : "PM"}`;
}
