// The start of a master: configuration, preloading, sockets, the first lines, the first workers.
// Source: gunicorn/app/base.py run, arbiter.py start 20.1.0.

import { userExists } from "../../host/debian-files.ts";
import type { Process } from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { type Entity, NO_REQUEST } from "../../kernel/simulation.ts";
import { splitCommandLine, type Word } from "../../text/command-line.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { exitMaster, manageWorkers } from "./arbiter.ts";
import {
  type ConfigSources,
  type GunicornConfig,
  isConfigFailure,
  isOn,
  loadConfig,
  numberOf,
  textOf,
} from "./config.ts";
import { configurationLines, printedConfiguration } from "./config-dump.ts";
import { PROCESS_BYTES } from "./costs.ts";
import { arbiterFacts } from "./facts.ts";
import { bindSockets, listenersText } from "./listeners.ts";
import {
  logError,
  logs,
  openLogFiles,
  printError,
  printOutput,
  standardError,
  unwritableLog,
} from "./logging.ts";
import { arbiterMachine } from "./machine.ts";
import { createPidfile } from "./pidfile.ts";
import { effectiveLimits, type ParserLimits } from "./request-parser.ts";
import { type Runtime, world } from "./runtime.ts";
import { loadApplication } from "./worker.ts";
import type { Master } from "./world.ts";

const { transition } = arbiterMachine;

/** Environment by which a reexec'd master knows its parent. Source: arbiter.py reexec. */
const PARENT_VARIABLE = "GUNICORN_PID";

/** What the configuration is read from, for a process. */
export function configSources(runtime: Runtime, process: Process): ConfigSources {
  const { host } = runtime;
  return {
    words: commandWords(process),
    command: process.commandAt ?? { file: "command", line: 1, start: 0 },
    env: process.env,
    cwd: process.cwd,
    cores: host.settings.cores,
    readFile: (path) => {
      const node = host.disk.open(path, process.user);
      return "error" in node ? null : node.text;
    },
    isDirectory: (path) => {
      const node = host.disk.stat(path, process.user);
      return !("error" in node);
    },
    userExists,
  };
}

/** The words after the program's name, at their places in the command as written. */
function commandWords(process: Process): Word[] {
  const count = process.argv.length - 1;
  const tail = splitCommandLine(process.commandLine ?? "").slice(-count);
  const matches =
    count > 0 &&
    tail.length === count &&
    tail.every((word, i) => word.text === process.argv[i + 1]);
  if (matches) return [...tail];
  let start = (process.argv[0]?.length ?? 0) + 1;
  return process.argv.slice(1).map((text) => {
    const word = { text, start, end: start + text.length, quoted: false };
    start = word.end + 1;
    return word;
  });
}

/** The interpreter runs and gunicorn is imported: the configuration decides what comes. */
export function configure(runtime: Runtime, process: Process): void {
  const { host } = runtime;
  const { sim } = host;
  const entity = sim.spawn(runtime.arbiter, NO_REQUEST);
  const config = loadConfig(configSources(runtime, process));
  host.sink.diagnose(config.diagnostics);
  if (isConfigFailure(config)) {
    refuse(runtime, process, entity, config);
    return;
  }
  const unwritable = unwritableLog(host, config);
  if (unwritable !== null) {
    refuse(runtime, process, entity, { lines: ["", `Error: ${unwritable}`, ""], exit: 1 });
    return;
  }
  const pid =
    isOn(config, "daemon") && process.env[PARENT_VARIABLE] === undefined
      ? daemonize(runtime, process)
      : process.pid;
  host.memory.add(pid, PROCESS_BYTES);
  const master = newMaster(runtime, { pid, entity, config });
  const parent = Number(process.env[PARENT_VARIABLE] ?? 0);
  master.masterPid = parent;
  if (parent > 0) master.name = "Master.2";
  world(runtime).masters.set(pid, master);
  const row = sim.fire(
    runtime.arbiter,
    entity,
    transition.readConfiguration,
    numberOf(config, "workers"),
  );
  if (sim.recording(entity)) sim.note(row, arbiterFacts(master));
  if (isOn(config, "check_config") || isOn(config, "print_config")) {
    checkOnly(runtime, master);
    return;
  }
  logConfiguration(runtime, master);
  if (isOn(config, "preload_app") && !preload(runtime, master)) return;
  host.sim.after(master.preloadNs, runtime.events.bind, pid, 2);
}

/** The words of a failure, and the end. */
function refuse(
  runtime: Runtime,
  process: Process,
  entity: Entity,
  { lines, exit }: { readonly lines: readonly string[]; readonly exit: number },
): void {
  const { sim, sink, processes } = runtime.host;
  printFailure(runtime, process, lines);
  if (exit !== 0) sink.diagnose([refusal(process, lines)]);
  sim.fire(runtime.arbiter, entity, transition.refuseConfiguration, exit);
  sim.retire(entity);
  processes.exit(process.pid, exit);
}

/** Why gunicorn does not start, at the command that started it. */
function refusal(process: Process, lines: readonly string[]): Diagnostic {
  const { file, line, start } = process.commandAt ?? { file: "command:1", line: 1, start: 0 };
  const message = lines.findLast((text) => text !== "") ?? "gunicorn does not start";
  const end = start + (process.commandLine ?? process.argv.join(" ")).length;
  return { severity: "error", message, file, line, start, end };
}

function printFailure({ host }: Runtime, process: Process, lines: readonly string[]): void {
  const stream = standardError(host, process.pid);
  if (stream === null || !host.sink.wants(NO_REQUEST)) return;
  for (const line of lines.flatMap((text) => text.split("\n")))
    host.sink.log(stream, line, NO_REQUEST);
}

/** fork, setsid, fork: the command returns 0, the child goes on without a terminal. */
function daemonize(runtime: Runtime, process: Process): number {
  const pid = runtime.host.processes.fork(process.pid, process.role);
  runtime.host.processes.exit(process.pid, 0);
  return pid;
}

function newMaster(runtime: Runtime, ids: Pick<Master, "pid" | "entity" | "config">): Master {
  const { config } = ids;
  return {
    ...ids,
    logging: config,
    limits: limitsOf(config),
    phase: "binding",
    name: "Master",
    masterPid: 0,
    reexecPid: 0,
    listeners: [],
    bindTries: 0,
    numWorkers: numberOf(config, "workers"),
    workerAge: 0,
    workers: [],
    workersLogged: -1,
    signals: [],
    pipe: false,
    sleepingSince: 0,
    turn: NO_EVENT,
    turnAt: 0,
    spawnLeft: 0,
    stopUntil: 0,
    stopAgain: false,
    stopReason: null,
    exitStatus: 0,
    preloaded: false,
    preloadNs: 0,
    orphaned: false,
    systemd: false,
    pidfile: null,
    files: openLogFiles(runtime.host, config),
  };
}

/** The parser's limits of a configuration. */
export function limitsOf(config: GunicornConfig): ParserLimits {
  const { settings } = config;
  return effectiveLimits({
    lineBytes: numberOf(config, "limit_request_line"),
    fields: numberOf(config, "limit_request_fields"),
    fieldBytes: numberOf(config, "limit_request_field_size"),
    stripHeaderSpaces: isOn(config, "strip_header_spaces"),
    proxyProtocol: isOn(config, "proxy_protocol"),
    proxyAllowIps: settings.get("proxy_allow_ips")?.value as readonly string[],
    tolerateDangerousFraming: isOn(config, "tolerate_dangerous_framing"),
    secureSchemeHeaders: settings.get("secure_scheme_headers")?.value as Readonly<
      Record<string, string>
    >,
  });
}

/** The dump at --log-level debug, at the start and at every reload. */
export function logConfiguration({ host }: Runtime, master: Master): void {
  if (!logs(master.logging, "DEBUG")) return;
  const more = configurationLines(master.config);
  logError(host, master, { level: "DEBUG", text: "Current configuration:", more });
}

/** --check-config: the application is imported, and that is all. --print-config says more before. */
function checkOnly(runtime: Runtime, master: Master): void {
  if (isOn(master.config, "print_config"))
    for (const line of printedConfiguration(master.config)) printOutput(runtime.host, master, line);
  const { result } = loadApplication(runtime, master);
  if (!result.ok) {
    const lines =
      result.reason === "import-error"
        ? result.traceback
        : [`Failed to find attribute '${result.attribute}' in '${result.module}'.`];
    for (const line of ["", "Error while loading the application:", "", ...lines])
      printError(runtime.host, master, line);
  }
  exitMaster(runtime, master, result.ok ? 0 : 1);
}

/** --preload: the master imports the application itself; an error ends it. */
function preload(runtime: Runtime, master: Master): boolean {
  const { result, costNs } = loadApplication(runtime, master);
  master.preloadNs = costNs;
  master.preloaded = result.ok;
  if (result.ok) return true;
  const lines =
    result.reason === "import-error"
      ? result.traceback
      : [
          "Traceback (most recent call last):",
          "  <frames>",
          `gunicorn.errors.AppImportError: Failed to find attribute '${result.attribute}' in '${result.module}'.`,
        ];
  for (const line of lines) printError(runtime.host, master, line);
  exitMaster(runtime, master, 1);
  return false;
}

/**
 * start(): the first line, the pid file, the sockets. `stage` is 2 for the first call, 0 for a retry
 * and 1 after the fifth failure.
 */
export function start(runtime: Runtime, master: Master, stage: number): void {
  const info = (text: string): void => logError(runtime.host, master, { level: "INFO", text });
  if (master.phase !== "binding") return;
  if (stage === 2 && !prepare(runtime, master)) return;
  if (stage === 1) {
    const wanted = master.config.bind[master.listeners.length];
    logError(runtime.host, master, { level: "ERROR", text: `Can't connect to ${wanted.repr}` });
    exitMaster(runtime, master, 1);
    return;
  }
  const bound = bindSockets(runtime, master);
  if (bound === "later") return;
  if (bound !== "bound") {
    exitMaster(runtime, master, bound.exit);
    return;
  }
  logError(runtime.host, master, { level: "DEBUG", text: "Arbiter booted" });
  info(`Listening at: ${listenersText(runtime, master)} (${master.pid})`);
  info(`Using worker: ${master.config.workerText}`);
  warnOfThreads(runtime, master);
  runtime.host.sim.fire(runtime.arbiter, master.entity, transition.listen, master.listeners.length);
  master.phase = "spawning";
  manageWorkers(runtime, master);
}

/** The first line, the pid file and what is checked before the sockets; false when it ends here. */
function prepare(runtime: Runtime, master: Master): boolean {
  logError(runtime.host, master, { level: "INFO", text: "Starting gunicorn 20.1.0" });
  const refused = createPidfile(runtime, master);
  const missing = refused === null ? missingCertificate(runtime, master) : null;
  const lines =
    refused !== null
      ? ["", `Error: ${refused}`, ""]
      : missing !== null
        ? ["Traceback (most recent call last):", "  <frames>", missing]
        : [];
  for (const line of lines) printError(runtime.host, master, line);
  if (lines.length > 0) {
    exitMaster(runtime, master, 1);
    return false;
  }
  if (master.masterPid > 0) inheritSockets(runtime, master);
  else takePassedSockets(runtime, master);
  return true;
}

/** The ValueError for a certificate or key that is not there. Source: gunicorn/sock.py create_sockets. */
function missingCertificate({ host }: Runtime, { config, pid }: Master): string | null {
  for (const name of ["certfile", "keyfile"]) {
    const given = textOf(config, name);
    if (given === null || given === "") continue;
    const path = given.startsWith("/") ? given : `${config.chdir.replace(/\/$/, "")}/${given}`;
    if ("error" in host.disk.stat(path, host.processes.get(pid)?.user ?? "root"))
      return `ValueError: ${name} "${given}" does not exist`;
  }
  return null;
}

/** GUNICORN_FD: the sockets of the old master are the new one's too. */
function inheritSockets(runtime: Runtime, master: Master): void {
  const parent = world(runtime).masters.get(master.masterPid);
  if (parent === undefined) return;
  master.listeners = parent.listeners.slice();
  for (const listener of master.listeners) runtime.host.network.share(listener, master.pid);
}

/** LISTEN_FDS: systemd's sockets take the place of --bind. Source: gunicorn/systemd.py, sock.py create_sockets. */
function takePassedSockets({ host, handlers }: Runtime, master: Master): void {
  const passed = host.processes.get(master.pid)?.inherits ?? [];
  if (passed.length === 0) return;
  master.listeners = passed.slice();
  master.systemd = true;
  for (const listener of passed) {
    host.network.share(listener, master.pid);
    host.network.handOver(listener, handlers);
  }
}

/** Source: gthread.py check_config. */
function warnOfThreads(runtime: Runtime, master: Master): void {
  const { config } = master;
  if (config.workerKind !== "gthread") return;
  const keptMax = numberOf(config, "worker_connections") - numberOf(config, "threads");
  if (keptMax > 0 || numberOf(config, "keepalive") === 0) return;
  const text =
    "No keepalived connections can be handled. Check the number of worker connections and threads.";
  logError(runtime.host, master, { level: "WARNING", text });
}
