// Gunicorn's two logs: where a line goes, the prefix of the error log, and files that are reopened.
// Both are set up once, when the master starts: a reload leaves their files, level and format as they are.
// Source: gunicorn/glogging.py Logger, arbiter.py setup 20.1.0.
// Simplification: lines carry +0000 always; the real workers take Django's TIME_ZONE once it is loaded.
import { isDiskError } from "../../host/disk.ts";
import type { Host, Pid } from "../../host/processes.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import { NO_REQUEST, type RequestNumber } from "../../kernel/simulation.ts";
import { type GunicornConfig, isOn, textOf } from "./config.ts";
import type { LogFile } from "./world.ts";

export type Level = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

const ORDER: Readonly<Record<Level, number>> = {
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
};

/** Where standard output and error of a gunicorn go unless a supervisor redirects them. */
const STANDARD_STREAM = "gunicorn";

export interface LogFiles {
  error: LogFile | null;
  access: LogFile | null;
}

interface Writer {
  readonly pid: Pid;
  readonly logging: GunicornConfig;
  readonly files: LogFiles;
}

/** Opens the log files a configuration names, making those that are not there. */
export function openLogFiles(host: Host, config: GunicornConfig): LogFiles {
  return { error: openFile(host, config, "errorlog"), access: openFile(host, config, "accesslog") };
}

function openFile(host: Host, config: GunicornConfig, name: string): LogFile | null {
  const given = textOf(config, name);
  if (given === null || given === "-" || given === "") return null;
  const path = given.startsWith("/") ? given : `${config.chdir.replace(/\/$/, "")}/${given}`;
  if (host.disk.lstat(path) === null) host.disk.write(path, "");
  return { path, now: path };
}

/** What gunicorn says of a log it cannot open; null when both can be. Source: util.py check_is_writeable. */
export function unwritableLog(host: Host, config: GunicornConfig): string | null {
  const paths = ["errorlog", "accesslog"].map((name) => textOf(config, name) ?? "-");
  return paths.join("") === "--" ? null : withoutDirectory(host, paths);
}

function withoutDirectory({ disk }: Host, paths: readonly string[]): string | null {
  const path = paths.find((text) => {
    const directory = text.slice(0, text.lastIndexOf("/"));
    return directory.startsWith("/") && isDiskError(disk.stat(directory));
  });
  return path === undefined
    ? null
    : `Error: '${path}' isn't writable [FileNotFoundError(2, 'No such file or directory')]`;
}

/**
 * The file an open descriptor leads to after somebody moved it.
 * Simplification: a moved log is looked for beside its old place, under its name with something added.
 */
function whereItIs(host: Host, file: LogFile): string {
  if (host.disk.lstat(file.now) !== null) return file.now;
  const cut = file.now.lastIndexOf("/");
  const directory = file.now.slice(0, cut) || "/";
  const name = file.now.slice(cut + 1);
  const moved = host.disk
    .list(directory)
    .filter((other) => other.startsWith(name) && other !== name);
  const newest = moved
    .map((other) => `${directory === "/" ? "" : directory}/${other}`)
    .sort((a, b) => (host.disk.lstat(b)?.version ?? 0) - (host.disk.lstat(a)?.version ?? 0))[0];
  file.now = newest ?? file.now;
  return file.now;
}

/** Whether the configured level lets lines of this one through. */
export function logs(config: GunicornConfig, level: Level): boolean {
  return ORDER[level] >= thresholdOf(config);
}

const thresholdOf = memoByIdentity((config: GunicornConfig): number => {
  const named = (textOf(config, "loglevel") ?? "info").toUpperCase();
  return ORDER[named as Level] ?? ORDER.INFO;
});

/** A line of the error log, with time, process and level; further lines (a traceback) follow bare. */
export function logError(
  host: Host,
  writer: Writer,
  line: { readonly level: Level; readonly text: string; readonly more?: readonly string[] },
  request: RequestNumber = NO_REQUEST,
): void {
  if (!logs(writer.logging, line.level) || !host.sink.wants(request)) return;
  const first = `[${host.clock.isoDate()} +0000] [${writer.pid}] [${line.level}] ${line.text}`;
  const stream = errorStream(host, writer);
  if (stream === null || isSilentDaemon(writer)) return;
  for (const text of [first, ...(line.more ?? [])]) {
    host.sink.log(stream, text, request, { level: line.level.toLowerCase() });
  }
}

function errorStream(host: Host, { pid, files }: Writer): string | null {
  return files.error !== null ? whereItIs(host, files.error) : standardError(host, pid);
}

/** A line printed to standard error as it is. */
export function printError(
  host: Host,
  writer: Writer,
  text: string,
  request: RequestNumber = NO_REQUEST,
): void {
  if (!host.sink.wants(request)) return;
  const captured = isOn(writer.logging, "capture_output") ? writer.files.error : null;
  const stream = captured === null ? standardError(host, writer.pid) : whereItIs(host, captured);
  if (stream !== null && !(captured === null && isOn(writer.logging, "daemon")))
    host.sink.log(stream, text, request);
}

/** A line printed to standard output as it is. */
export function printOutput(host: Host, { pid }: Writer, text: string): void {
  const stream = streamOf(host, pid, "stdout");
  if (stream !== null && host.sink.wants(NO_REQUEST)) host.sink.log(stream, text, NO_REQUEST);
}

/** --daemon without --error-logfile: the lines go to /dev/null. */
function isSilentDaemon({ logging, files }: Writer): boolean {
  return (
    files.error === null && isOn(logging, "daemon") && !isOn(logging, "enable_stdio_inheritance")
  );
}

/** The stream of a process's standard error; null when nobody reads it any more. */
export function standardError(host: Host, pid: Pid): string | null {
  return streamOf(host, pid, "stderr");
}

const INIT_PID = 1;

/** A daemon has no terminal; and a supervisor's pipe is closed when it or the master is gone. */
function streamOf(host: Host, pid: Pid, name: "stdout" | "stderr"): string | null {
  const process = host.processes.get(pid);
  const redirected = process?.[name];
  if (redirected === undefined) return STANDARD_STREAM;
  return process?.parent === INIT_PID ? null : redirected;
}

/** Whether there is an access log at all. */
export function hasAccessLog(config: GunicornConfig): boolean {
  const given = textOf(config, "accesslog");
  return given !== null && given !== "";
}

/** A line of the access log. */
export function logAccess(host: Host, writer: Writer, text: string, request: RequestNumber): void {
  const { access } = writer.files;
  if (access === null && isOn(writer.logging, "daemon")) return;
  const stream = access === null ? streamOf(host, writer.pid, "stdout") : whereItIs(host, access);
  if (stream !== null) host.sink.log(stream, text, request);
}
