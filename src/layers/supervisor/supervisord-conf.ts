// supervisord.conf: its ini sections and the settings of [program:x].
// Source: supervisor 4.2.5 documentation, "Configuration File"; options.py.
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { Cause } from "../layer.ts";

export interface ProgramConfig {
  readonly name: string;
  readonly command: string;
  readonly directory: string | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string | null;
  readonly autostart: boolean;
  readonly autorestart: "true" | "false" | "unexpected";
  readonly startSeconds: number;
  readonly startRetries: number;
  readonly exitCodes: readonly number[];
  readonly stopSignal: string;
  readonly stopWaitSeconds: number;
  readonly killAsGroup: boolean;
  readonly stopAsGroup: boolean;
  readonly stdoutLogfile: string | null;
  readonly stderrLogfile: string | null;
  readonly redirectStderr: boolean;
  readonly priority: number;
  readonly causes: ReadonlyMap<string, Cause>;
}

export interface SupervisordConfig {
  readonly programs: readonly ProgramConfig[];
  readonly user: string | null;
  readonly pidfile: string | null;
  readonly logfile: string | null;
  readonly noDaemon: boolean;
  /** Where supervisorctl can reach it. */
  readonly servers: readonly ControlServer[];
  /** serverurl of [supervisorctl]; null without that section. */
  readonly controlUrl: string | null;
  readonly error: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ControlServer {
  readonly kind: "unix_http_server" | "inet_http_server";
  /** `unix:///run/supervisor.sock` or `http://127.0.0.1:9001`. */
  readonly url: string;
  readonly hasPassword: boolean;
}

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly cause: Cause;
}
interface Section {
  readonly name: string;
  readonly entries: Entry[];
  readonly line: number;
}

const PROGRAM_KEYS = new Set(
  (
    "command directory environment user autostart autorestart startsecs startretries exitcodes stopsignal stopwaitsecs killasgroup " +
    "stopasgroup stdout_logfile stderr_logfile redirect_stderr priority"
  ).split(" "),
);
const PROGRAM_KEYS_WITHOUT_EFFECT = new Set(
  (
    "process_name numprocs numprocs_start umask serverurl stdout_logfile_maxbytes stdout_logfile_backups stdout_capture_maxbytes " +
    "stdout_events_enabled stdout_syslog stderr_logfile_maxbytes stderr_logfile_backups stderr_capture_maxbytes stderr_events_enabled stderr_syslog"
  ).split(" "),
);

/** Reads the file. Never throws; `error` holds supervisord's own words when it would not start. */
export function readSupervisordConf(text: string, file: string): SupervisordConfig {
  const diagnostics: Diagnostic[] = [];
  const sections = readIni(text, file, diagnostics);
  const main = sections.find((section) => section.name === "supervisord");
  const programs: ProgramConfig[] = [];
  let error = main === undefined ? ".ini file does not include supervisord section" : null;
  for (const section of sections) {
    if (!section.name.startsWith("program:")) {
      error ??= otherSection(section, file, diagnostics);
      continue;
    }
    const problem = invalidValue(section);
    const program = problem ?? readProgram(section, diagnostics);
    // Source: options.py processes_from_section().
    if (typeof program === "string")
      error ??= `${program} in section '${section.name}' (file: '${file}')`;
    else programs.push(program);
  }
  programs.sort((a, b) => a.priority - b.priority);
  return {
    programs,
    user: settingOf(main, "user"),
    pidfile: settingOf(main, "pidfile"),
    logfile: settingOf(main, "logfile"),
    noDaemon: isTrue(settingOf(main, "nodaemon") ?? "false"),
    servers: controlServers(sections),
    controlUrl: controlUrl(sections),
    error,
    diagnostics,
  };
}

/** The servers that answer supervisorctl; without the RPC interface none does. */
function controlServers(sections: readonly Section[]): ControlServer[] {
  const isKnown = sections.some(({ name }) => name === "rpcinterface:supervisor");
  return sections.flatMap((section) => {
    const { name: kind } = section;
    if (!isKnown || (kind !== "unix_http_server" && kind !== "inet_http_server")) return [];
    const path = settingOf(section, "file") ?? "";
    const port = (settingOf(section, "port") ?? "").replace(/^(?:\*)?:?(?=\d+$)/, "localhost:");
    const url = kind === "unix_http_server" ? `unix://${path}` : `http://${port}`;
    return [{ kind, url, hasPassword: settingOf(section, "username") !== null }];
  });
}

/** Source: options.py ClientOptions: serverurl is http://localhost:9001 unless it is given. */
function controlUrl(sections: readonly Section[]): string | null {
  const section = sections.find(({ name }) => name === "supervisorctl");
  return section === undefined
    ? null
    : (settingOf(section, "serverurl") ?? "http://localhost:9001");
}

function readIni(text: string, file: string, diagnostics: Diagnostic[]): Section[] {
  const sections: Section[] = [];
  let offset = 0;
  text.split("\n").forEach((raw, index) => {
    const start = offset;
    offset += raw.length + 1;
    const line = raw.replace(/\s;.*$/, "").trim();
    if (line === "" || line.startsWith(";") || line.startsWith("#")) return;
    const place = { file, line: index + 1, start, end: start + raw.length };
    const header = /^\[(.+)\]$/.exec(line);
    if (header !== null) {
      sections.push({ name: header[1].trim(), entries: [], line: index + 1 });
      return;
    }
    const match = /^([^=:]+)[=:](.*)$/.exec(line);
    const section = sections.at(-1);
    if (match === null || section === undefined) {
      diagnostics.push({
        severity: "error",
        message: `Source contains parsing errors: [line ${index + 1}]`,
        ...place,
      });
      return;
    }
    const key = match[1].trim();
    const value = match[2].trim();
    section.entries.push({ key, value, cause: { ...place, note: `${key} = ${value}` } });
  });
  return sections;
}

function settingOf(section: Section | undefined, key: string): string | null {
  return section?.entries.findLast((entry) => entry.key === key)?.value ?? null;
}

/** Sections that supervisord acts on and the model does not. */
const SECTIONS_NOT_SIMULATED = new Set(["eventlistener", "fcgi-program", "group", "include"]);

/** What is said of a section that is no program: an error, a diagnostic, or nothing. */
function otherSection(section: Section, file: string, diagnostics: Diagnostic[]): string | null {
  const kind = section.name.split(":")[0];
  if (!SECTIONS_NOT_SIMULATED.has(kind)) return null;
  const message = `[${section.name}] is not simulated`;
  diagnostics.push({ severity: "not-simulated", message, file, line: section.line });
  return kind === "eventlistener" && settingOf(section, "events") === null
    ? `[${section.name}] section requires an "events" line`
    : null;
}

const BOOLEANS = ["autostart", "stopasgroup", "killasgroup", "redirect_stderr"];
const INTEGERS = ["priority", "startsecs", "startretries", "stopwaitsecs"];
const WORDS = /^(?:yes|true|on|1|no|false|off|0)$/i;

/** What supervisord says of the first value it cannot read, or null. Source: datatypes.py 4.2.5. */
function invalidValue(section: Section): string | null {
  for (const { key, value } of section.entries) {
    if (INTEGERS.includes(key) && !/^[+-]?\d+$/.test(value))
      return `invalid literal for int() with base 10: '${value}'`;
    if (BOOLEANS.includes(key) && !WORDS.test(value))
      return `not a valid boolean value: '${value}'`;
    if (key === "autorestart" && !WORDS.test(value) && value.toLowerCase() !== "unexpected")
      return `invalid 'autorestart' value '${value.toLowerCase()}'`;
  }
  return null;
}

function isTrue(text: string): boolean {
  return /^(yes|true|on|1)$/i.test(text);
}

function readProgram(section: Section, diagnostics: Diagnostic[]): ProgramConfig | string {
  const name = section.name.slice("program:".length);
  for (const { key, cause } of section.entries) {
    if (PROGRAM_KEYS.has(key)) continue;
    const known = PROGRAM_KEYS_WITHOUT_EFFECT.has(key);
    const message = known
      ? `${key} is not simulated`
      : `unknown setting "${key}" in [${section.name}]: supervisord ignores it`;
    diagnostics.push({
      severity: known ? "not-simulated" : "warning",
      message,
      file: cause.file,
      line: cause.line,
    });
  }
  const command = settingOf(section, "command");
  if (command === null) return `program section ${section.name} does not specify a command`;
  const text = (key: string, otherwise: string): string => settingOf(section, key) ?? otherwise;
  const integer = (key: string, otherwise: number): number =>
    Number.parseInt(text(key, String(otherwise)), 10) || 0;
  const autorestart = text("autorestart", "unexpected").toLowerCase();
  const log = (key: string): string | null => {
    const path = settingOf(section, key);
    return path === null || /^(auto|none)$/i.test(path) ? null : path;
  };
  return {
    name,
    command: command.replace(/%\(program_name\)s/g, name),
    directory: settingOf(section, "directory"),
    environment: readEnvironment(text("environment", "")),
    user: settingOf(section, "user"),
    autostart: isTrue(text("autostart", "true")),
    autorestart:
      autorestart === "unexpected" ? "unexpected" : isTrue(autorestart) ? "true" : "false",
    startSeconds: integer("startsecs", 1),
    startRetries: integer("startretries", 3),
    exitCodes: text("exitcodes", "0")
      .split(",")
      .map((code) => Number.parseInt(code, 10)),
    stopSignal: text("stopsignal", "TERM").replace(/^SIG/, "").toUpperCase(),
    stopWaitSeconds: integer("stopwaitsecs", 10),
    killAsGroup: isTrue(text("killasgroup", text("stopasgroup", "false"))),
    stopAsGroup: isTrue(text("stopasgroup", "false")),
    stdoutLogfile: log("stdout_logfile"),
    stderrLogfile: log("stderr_logfile"),
    redirectStderr: isTrue(text("redirect_stderr", "false")),
    priority: integer("priority", 999),
    causes: new Map(section.entries.map((entry) => [entry.key, entry.cause])),
  };
}

/** `A="1",B=2`. */
function readEnvironment(text: string): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const match of text.matchAll(/([A-Za-z_]\w*)=("([^"]*)"|'([^']*)'|[^,]*)/g))
    env[match[1]] = match[3] ?? match[4] ?? match[2];
  return env;
}
