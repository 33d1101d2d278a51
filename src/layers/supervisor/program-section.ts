// [program:x] of supervisord.conf: its settings in the order in which supervisord reads them, so that of several
// mistakes the one is told that it meets first, and one program for each number of numprocs.
// Source: supervisor 4.2.5 options.py _processes_from_section(); datatypes.py.
import { SIGNAL_NUMBER } from "../../host/processes.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { pythonRepr } from "../../text/python-repr.ts";
import type { Cause } from "../layer.ts";
import { BadValue, expand, type Names } from "./expansion.ts";
import { type Section, settingOf } from "./ini-sections.ts";

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

/** What the configuration is checked against on the machine. */
export interface Machine {
  userExists(name: string): boolean;
  directoryExists(path: string): boolean;
}

/** Programs by rising priority, and warnings for supervisord's log. */
export interface Programs {
  readonly programs: readonly ProgramConfig[];
  readonly warnings: readonly string[];
}

const KEYS = new Set(
  (
    "command directory environment user autostart autorestart startsecs startretries exitcodes stopsignal stopwaitsecs killasgroup " +
    "stopasgroup stdout_logfile stderr_logfile redirect_stderr priority process_name numprocs numprocs_start"
  ).split(" "),
);
const KEYS_WITHOUT_EFFECT = new Set(
  (
    "umask serverurl stdout_logfile_maxbytes stdout_logfile_backups stdout_capture_maxbytes " +
    "stdout_events_enabled stdout_syslog stderr_logfile_maxbytes stderr_logfile_backups stderr_capture_maxbytes stderr_events_enabled stderr_syslog"
  ).split(" "),
);

/** Says which settings of the section have no effect here, or none at all. */
export function diagnoseKeys(section: Section, diagnostics: Diagnostic[]): void {
  for (const { key, cause } of section.entries) {
    if (KEYS.has(key)) continue;
    const known = KEYS_WITHOUT_EFFECT.has(key);
    const message = known
      ? `${key} is not simulated`
      : `unknown setting "${key}" in [${section.name}]: supervisord ignores it`;
    const severity = known ? "not-simulated" : "warning";
    diagnostics.push({ severity, message, file: cause.file, line: cause.line });
  }
}

const WORDS = /^(?:yes|true|on|1|no|false|off|0)$/i;
const isTrue = (text: string): boolean => /^(?:yes|true|on|1)$/i.test(text);

/** A reader of one section's values, which throws BadValue in supervisord's words. Source: datatypes.py. */
function valuesOf(section: Section, names: Names) {
  const text = (key: string, otherwise: string): string => {
    const written = settingOf(section, key);
    return written === null ? otherwise : expand(written, names, `${section.name}.${key}`);
  };
  const integer = (key: string, otherwise: number): number => {
    const value = text(key, `${otherwise}`);
    if (/^[+-]?\d+$/.test(value)) return Number(value);
    throw new BadValue(`invalid literal for int() with base 10: ${pythonRepr(value)}`);
  };
  const boolean = (key: string, otherwise: boolean): boolean => {
    const value = text(key, `${otherwise}`);
    if (WORDS.test(value)) return isTrue(value);
    throw new BadValue(`not a valid boolean value: ${pythonRepr(value)}`);
  };
  return { text, integer, boolean };
}

type Values = ReturnType<typeof valuesOf>;

function restartRule({ text }: Values): ProgramConfig["autorestart"] {
  const value = text("autorestart", "unexpected").toLowerCase();
  if (value === "unexpected") return value;
  if (!WORDS.test(value)) throw new BadValue(`invalid 'autorestart' value ${pythonRepr(value)}`);
  return isTrue(value) ? "true" : "false";
}

function signalOf({ text }: Values): string {
  const value = text("stopsignal", "TERM");
  const name = value.trim().toUpperCase().replace(/^SIG/, "");
  if (Object.hasOwn(SIGNAL_NUMBER, name)) return name;
  const numbered = Object.entries(SIGNAL_NUMBER).find(([, number]) => `${number}` === value);
  if (numbered !== undefined) return numbered[0];
  const what = /^\d+$/.test(value) ? "number" : "name";
  throw new BadValue(`value ${pythonRepr(value)} is not a valid signal ${what}`);
}

function exitCodesOf({ text }: Values): readonly number[] {
  const value = text("exitcodes", "0");
  const codes = value === "" ? [] : value.split(",");
  if (codes.every((code) => /^\s*\+?\d+\s*$/.test(code) && Number(code) <= 255))
    return codes.map(Number);
  throw new BadValue(`not a valid list of exit codes: ${pythonRepr(value)}`);
}

function userOf({ text }: Values, machine: Machine): string | null {
  const name = text("user", "");
  if (name === "" || /^\d+$/.test(name) || machine.userExists(name)) return name || null;
  throw new BadValue(`Invalid user name ${name}`);
}

/** All programs of a section. Throws BadValue. */
export function readPrograms(section: Section, group: string, machine: Machine): Programs {
  const name = section.name.slice("program:".length).trim();
  const bad = /[ :/]/.exec(name);
  if (bad !== null)
    throw new BadValue(
      `Invalid name: ${pythonRepr(name)} because of character: ${pythonRepr(bad[0])}`,
    );
  const common: Names = { program_name: name, group_name: group, host_node_name: "server" };
  const values = valuesOf(section, common);
  const { text, integer, boolean } = values;
  const shared = {
    priority: integer("priority", 999),
    autostart: boolean("autostart", true),
    autorestart: restartRule(values),
    startSeconds: integer("startsecs", 1),
    startRetries: integer("startretries", 3),
    stopSignal: signalOf(values),
    stopWaitSeconds: integer("stopwaitsecs", 10),
    stopAsGroup: boolean("stopasgroup", false),
    killAsGroup: boolean("killasgroup", isTrue(text("stopasgroup", "false"))),
    exitCodes: exitCodesOf(values),
    redirectStderr: boolean("redirect_stderr", false),
  };
  const count = integer("numprocs", 1);
  const first = integer("numprocs_start", 0);
  const user = userOf(values, machine);
  const processName = settingOf(section, "process_name") ?? "%(program_name)s";
  if (count > 1 && !processName.includes("%(process_num)"))
    throw new BadValue("%(process_num) must be present within process_name when numprocs > 1");
  if (shared.stopAsGroup && !shared.killAsGroup)
    throw new BadValue("Cannot set stopasgroup=true and killasgroup=false");
  const warnings: string[] = [];
  const programs = Array.from({ length: count }, (_, i): ProgramConfig => {
    const names = { ...common, process_num: first + i, numprocs: count };
    const own = ownValues(section, names, processName, machine);
    if (shared.redirectStderr && own.stderrLogfile !== null) warnings.push(redirected(section));
    const causes = new Map(section.entries.map((entry) => [entry.key, entry.cause]));
    return { ...shared, user, ...own, causes };
  });
  return { programs, warnings };
}

const redirected = ({ name }: Section): string =>
  `For [${name}], redirect_stderr=true but stderr_logfile has also been set to a filename, the filename has been ignored`;

/** The values that may differ from one process of the section to the next. */
function ownValues(section: Section, common: Names, processName: string, machine: Machine) {
  const written = settingOf(section, "environment") ?? "";
  const environment = readEnvironment(expand(written, common, "environment"));
  const names: Record<string, string | number> = { ...common };
  for (const [key, value] of Object.entries(environment)) names[`ENV_${key}`] = value;
  const { text } = valuesOf(section, names);
  const optional = (key: string): string | null =>
    settingOf(section, key) === null ? null : text(key, "");
  const log = (key: string): string | null => {
    const path = optional(key);
    if (path === null || /^(?:auto|none|off|syslog)$/i.test(path)) return null;
    const directory = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
    if (directory === "" || machine.directoryExists(directory)) return path;
    throw new BadValue(`The directory named as part of the path ${path} does not exist`);
  };
  const directory = optional("directory");
  const stdoutLogfile = log("stdout_logfile");
  const stderrLogfile = log("stderr_logfile");
  const command = optional("command");
  if (command === null)
    throw new BadValue(`program section ${section.name} does not specify a command`);
  const name = expand(processName, names, "process_name");
  return { name, command, directory, environment, stdoutLogfile, stderrLogfile };
}

/** `A="1",B=2`. */
function readEnvironment(text: string): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const match of text.matchAll(/([A-Za-z_]\w*)=("([^"]*)"|'([^']*)'|[^,]*)/g))
    env[match[1]] = match[3] ?? match[4] ?? match[2];
  if (text.trim() !== "" && Object.keys(env).length === 0)
    throw new BadValue(`Unexpected end of key/value pairs in value ${pythonRepr(text)}`);
  return env;
}
