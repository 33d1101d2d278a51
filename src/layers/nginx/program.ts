// nginx as a program of the machine: its command line, its signals, and what `nginx -t` prints.
// Source: src/core/nginx.c, ngx_get_options, ngx_signal_process (1.22.1).
import type { Disk } from "../../host/disk.ts";
import { NO_PID, type Process, type Program, type Signal } from "../../host/processes.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { NameQuestions } from "../name-lookup.ts";
import type { ConfigurationResult } from "./configuration.ts";
import { readConfiguration } from "./configuration.ts";
import type { Core } from "./core.ts";
import {
  forgetMaster,
  logStart,
  signalMaster,
  signalWorker,
  startLine,
  startMaster,
  workerEnded,
} from "./master.ts";
import { nginxModules } from "./modules.ts";
import { openingProblem } from "./opening-files.ts";
import { isBuiltIn } from "./variables.ts";
import { forgetWorker } from "./worker.ts";

export interface NginxOptions {
  /** Addresses of a name as the system's resolver gives them at start; null when it does not resolve. */
  resolveAtStart(name: string): readonly string[] | null;
  /** The DNS server that the directive `resolver` names; absent where nobody answers. */
  readonly names?: NameQuestions;
}

export const DEFAULT_CONFIGURATION = "/etc/nginx/nginx.conf";

const allVariables = nginxModules.flatMap((module) => module.variables ?? []);
const known = {
  variables: new Map(allVariables.filter((row) => !row.prefix).map((row) => [row.name, row])),
  prefixVariables: allVariables.filter((row) => row.prefix === true),
};

/** Reads a configuration file as nginx would. */
export function readNginxConfiguration(
  disk: Disk,
  path: string,
  options: NginxOptions,
): ConfigurationResult {
  return readConfiguration({
    disk,
    path,
    modules: nginxModules,
    resolveAtStart: options.resolveAtStart,
    isVariable: (name) => isBuiltIn(known, name),
  });
}

export interface CheckResult {
  readonly exit: number;
  readonly output: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What `nginx -t` prints (without dates) and its exit code. */
export function checkConfiguration(disk: Disk, path: string, options: NginxOptions): CheckResult {
  const { configuration, diagnostics } = readNginxConfiguration(disk, path, options);
  const lines = diagnostics
    .filter((diagnostic) => diagnostic.severity !== "not-simulated")
    .map(
      ({ message, file, line }) => `nginx: ${message}${file === "" ? "" : ` in ${file}:${line}`}`,
    );
  const problem = configuration === null ? null : openingProblem(configuration, disk);
  const opening = problem === null ? null : `nginx: ${problem.message}`;
  return { ...verdict(path, configuration !== null, lines, opening), diagnostics };
}

/** Errors that nginx finds when the text is read and found good: in shared memory and the event module. */
const AFTER_SYNTAX = /\[emerg\] .*(?:zero size shared memory|worker_connections are not enough)/;

/** The text is judged first; what it names is opened afterwards. */
function verdict(path: string, good: boolean, lines: readonly string[], opening: string | null) {
  const failed = `nginx: configuration file ${path} test failed`;
  const ok = `nginx: the configuration file ${path} syntax is ok`;
  const isLate = AFTER_SYNTAX.test(lines.at(-1) ?? "");
  if (!good && isLate)
    return { exit: 1, output: [...lines.slice(0, -1), ok, ...lines.slice(-1), failed] };
  if (!good) return { exit: 1, output: [...lines, failed] };
  if (opening !== null) return { exit: 1, output: [...lines, ok, opening, failed] };
  return {
    exit: 0,
    output: [...lines, ok, `nginx: configuration file ${path} test is successful`],
  };
}

interface Arguments {
  readonly path: string;
  readonly test: boolean;
  readonly signal: string | null;
}

function readArguments(argv: readonly string[]): Arguments {
  let path = DEFAULT_CONFIGURATION;
  let test = false;
  let signal: string | null = null;
  for (let i = 1; i < argv.length; i++) {
    if (argv[i] === "-c") path = argv[++i] ?? path;
    else if (argv[i] === "-t" || argv[i] === "-T") test = true;
    else if (argv[i] === "-s") signal = argv[++i] ?? "";
    else if (argv[i] === "-g" || argv[i] === "-p" || argv[i] === "-e") i++;
  }
  return { path, test, signal };
}

const SIGNALS: Readonly<Record<string, Signal>> = {
  stop: "TERM",
  quit: "QUIT",
  reopen: "USR1",
  reload: "HUP",
};

export interface CommandResult {
  readonly exit: number;
  readonly output: readonly string[];
}

/** `nginx`, `nginx -t` and `nginx -s …` typed by an operator. */
export function runNginxCommand(
  core: Core,
  options: NginxOptions,
  args: readonly string[],
): CommandResult {
  const { path, test, signal } = readArguments(["nginx", ...args]);
  const { configuration, diagnostics } = readNginxConfiguration(core.host.disk, path, options);
  const shown = diagnostics.filter((diagnostic) => diagnostic.severity !== "not-simulated");
  const lines = shown.map((diagnostic) => startLine(core, 1, diagnostic));
  if (test) {
    const problem = configuration === null ? null : openingProblem(configuration, core.host.disk);
    const opening = problem === null ? null : startLine(core, 1, problem);
    return verdict(path, configuration !== null, lines, opening);
  }
  if (configuration === null) return { exit: 1, output: lines };
  if (signal === null) {
    core.host.processes.start({ parent: NO_PID, argv: ["nginx", ...args] });
    return { exit: 0, output: lines };
  }
  const wanted = SIGNALS[signal];
  if (wanted === undefined) {
    return { exit: 1, output: [`nginx: invalid option: "-s ${signal}"`] };
  }
  const [master] = [...core.world().masters.values()];
  if (master === undefined) {
    const problem = 'nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)';
    return { exit: 1, output: [...lines, problem] };
  }
  core.host.processes.kill(master.pid, wanted);
  const started: Diagnostic = {
    severity: "warning",
    message: "[notice] signal process started",
    file: "",
    line: 0,
  };
  return { exit: 0, output: [...lines, startLine(core, 1, started)] };
}

/** The program that the process table runs. */
export function nginxProgram(
  core: Core,
  options: NginxOptions,
  keep: (diagnostics: readonly Diagnostic[]) => void,
): Program {
  const hooks = {
    read: (path: string) => {
      const result = readNginxConfiguration(core.host.disk, path, options);
      keep(result.diagnostics);
      return result;
    },
  };
  return {
    name: "nginx",
    start: (process) => startProcess(core, hooks, options, process),
    signal: (pid, signal) => {
      const master = core.world().masters.get(pid);
      if (master !== undefined) signalMaster(core, hooks, master, signal);
      else signalWorker(core, pid, signal);
    },
    childExited: (pid, child, status) => {
      const master = core.world().masters.get(pid);
      if (master !== undefined) workerEnded(core, master, child, status);
    },
    ended: (pid) => {
      forgetWorker(core, pid);
      forgetMaster(core, pid);
    },
  };
}

function startProcess(
  core: Core,
  hooks: Parameters<typeof startMaster>[1],
  options: NginxOptions,
  process: Process,
): void {
  const { path, test, signal } = readArguments(process.argv);
  if (!test && signal === null) {
    startMaster(core, hooks, process.pid, path);
    return;
  }
  const result = runNginxCommand(core, options, process.argv.slice(1));
  logStart(core, process.pid, hooks.read(path).diagnostics);
  core.host.processes.exit(process.pid, result.exit);
}
