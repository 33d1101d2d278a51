// systemd's service units: their ini text, and the units of the Debian packages when there is no file.
// Source: systemd.syntax(7), systemd.service(5), systemd.exec(5), systemd.kill(5), v252.
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { Cause } from "../layer.ts";
import {
  RESTART_SECONDS_DEFAULT,
  START_LIMIT_BURST,
  START_LIMIT_INTERVAL_SECONDS,
  TIMEOUT_SECONDS_DEFAULT,
} from "./costs.ts";

export type RestartRule =
  | "no"
  | "on-success"
  | "on-failure"
  | "on-abnormal"
  | "on-abort"
  | "on-watchdog"
  | "always";

export interface ServiceUnit {
  readonly name: string;
  readonly description: string;
  readonly type: "simple" | "exec" | "notify" | "forking" | "oneshot";
  readonly execStart: string;
  readonly execReload: string | null;
  readonly killSignal: string;
  readonly killMode: "control-group" | "mixed" | "process" | "none";
  readonly restart: RestartRule;
  readonly restartSeconds: number;
  readonly timeoutStopSeconds: number;
  readonly startLimitSeconds: number;
  readonly startLimitBurst: number;
  readonly user: string | null;
  /** MemoryMax=, or null for no limit. */
  readonly memoryMaxBytes: number | null;
  readonly oomPolicy: "stop" | "continue" | "kill";
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly successStatuses: readonly string[];
  readonly preventStatuses: readonly string[];
  readonly causes: ReadonlyMap<string, Cause>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Times, which systemd ignores with a warning when it cannot read them. Source: config_parse_sec(). */
const SPANS: ReadonlySet<string> = new Set([
  "RestartSec",
  "TimeoutStopSec",
  "TimeoutSec",
  "StartLimitIntervalSec",
  "StartLimitInterval",
]);

const SIMULATED = new Set(
  (
    "Description Type ExecStart ExecReload KillSignal KillMode Restart RestartSec TimeoutStopSec TimeoutSec StartLimitIntervalSec " +
    "StartLimitBurst StartLimitInterval MemoryMax OOMPolicy User WorkingDirectory Environment SuccessExitStatus RestartPreventExitStatus"
  ).split(" "),
);

/** Reads a unit file. Never throws; what is known but not simulated is a diagnostic at its line. */
export function readServiceUnit(text: string, file: string, name: string): ServiceUnit {
  const values = new Map<string, string[]>();
  const causes = new Map<string, Cause>();
  const diagnostics: Diagnostic[] = [];
  for (const { key, value, line, endLine, start } of readUnitLines(text)) {
    const place = { file, line };
    const finding = findingOf(key, value);
    if (finding !== null) diagnostics.push({ ...finding, ...place });
    if (finding?.severity === "warning") continue;
    const end = start + value.length;
    causes.set(key, { ...place, endLine, start, end, note: `${key}=${value}` });
    if (value === "") values.delete(key);
    else values.set(key, [...(values.get(key) ?? []), value]);
  }
  return serviceOf(name, values, causes, diagnostics);
}

export interface UnitLine {
  readonly key: string;
  readonly value: string;
  /** From 1; the last one when the line goes on with backslashes. */
  readonly line: number;
  readonly endLine: number;
  /** Offset of the value in the text. */
  readonly start: number;
}

/** The settings of a unit file, in order. Source: systemd.syntax(7). */
export function readUnitLines(text: string): UnitLine[] {
  const found: UnitLine[] = [];
  const lines = text.split("\n");
  let offset = 0;
  for (let i = 0; i < lines.length; i++) {
    const first = i;
    const lineStart = offset;
    offset += lines[i].length + 1;
    let line = lines[i];
    while (line.endsWith("\\") && i + 1 < lines.length) {
      line = `${line.slice(0, -1)} ${lines[++i]}`;
      offset += lines[i].length + 1;
    }
    const match = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (match === null || /^\s*[#;]/.test(line)) continue;
    const [, key, value] = match;
    const start = lineStart + line.indexOf(value, line.indexOf("="));
    found.push({ key, value, line: first + 1, endLine: i + 1, start });
  }
  return found;
}

/** What systemd or the simulator has to say about a line. */
function findingOf(key: string, value: string): Pick<Diagnostic, "severity" | "message"> | null {
  if (!SIMULATED.has(key) && !WITHOUT_EFFECT.test(key))
    return { severity: "not-simulated", message: `${key}= is not simulated` };
  if (!SPANS.has(key) || value === "" || parseSpan(value) !== null) return null;
  return {
    severity: "warning",
    message: `Failed to parse ${key}= parameter, ignoring: ${value}`,
  };
}

/** Keys that need nothing done for one service that is started by name. */
const WITHOUT_EFFECT = /^(?:After|Before|Wants|Requires|WantedBy|Documentation|Group|Alias)$/;

function serviceOf(
  name: string,
  values: ReadonlyMap<string, string[]>,
  causes: ReadonlyMap<string, Cause>,
  diagnostics: readonly Diagnostic[],
): ServiceUnit {
  const last = (key: string): string | null => values.get(key)?.at(-1) ?? null;
  const seconds = (key: string, otherwise: number): number => parseSpan(last(key)) ?? otherwise;
  const environment: Record<string, string> = {};
  for (const line of values.get("Environment") ?? []) {
    for (const match of line.matchAll(/"([^"=]+)=([^"]*)"|([^\s="]+)=("[^"]*"|\S*)/g)) {
      environment[match[1] ?? match[3]] = (match[2] ?? match[4] ?? "").replace(/^"|"$/g, "");
    }
  }
  const statuses = (key: string): string[] =>
    (values.get(key) ?? []).flatMap((text) => text.split(/\s+/));
  return Object.freeze({
    name,
    description: last("Description") ?? `${name}.service`,
    type: (last("Type") ?? "simple") as ServiceUnit["type"],
    execStart: (last("ExecStart") ?? "").replace(/^[@\-:+!]+/, ""),
    execReload: last("ExecReload"),
    killSignal: (last("KillSignal") ?? "SIGTERM").replace(/^SIG/, ""),
    killMode: (last("KillMode") ?? "control-group") as ServiceUnit["killMode"],
    restart: (last("Restart") ?? "no") as RestartRule,
    restartSeconds: seconds("RestartSec", RESTART_SECONDS_DEFAULT),
    timeoutStopSeconds: seconds("TimeoutStopSec", seconds("TimeoutSec", TIMEOUT_SECONDS_DEFAULT)),
    startLimitSeconds: seconds(
      "StartLimitIntervalSec",
      seconds("StartLimitInterval", START_LIMIT_INTERVAL_SECONDS),
    ),
    startLimitBurst: Number(last("StartLimitBurst") ?? START_LIMIT_BURST),
    user: last("User"),
    ...memoryOf(last("MemoryMax"), last("OOMPolicy")),
    workingDirectory: last("WorkingDirectory") ?? "/",
    environment: Object.freeze(environment),
    successStatuses: statuses("SuccessExitStatus"),
    preventStatuses: statuses("RestartPreventExitStatus"),
    causes,
    diagnostics,
  });
}

/** Source: systemd.service(5), OOMPolicy=: stop unless the manager's default was changed. */
function memoryOf(
  max: string | null,
  policy: string | null,
): Pick<ServiceUnit, "memoryMaxBytes" | "oomPolicy"> {
  const oomPolicy = (policy ?? "stop") as ServiceUnit["oomPolicy"];
  return { memoryMaxBytes: parseSize(max), oomPolicy };
}

const SPAN_UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  sec: 1,
  m: 60,
  min: 60,
  h: 3600,
  "": 1,
};

/** `5`, `100ms`, `1min 30s`, `infinity`, in seconds. */
export function parseSpan(text: string | null): number | null {
  if (text === null) return null;
  if (text === "infinity") return Number.MAX_SAFE_INTEGER / 1e9;
  const part = /(\d+(?:\.\d+)?)\s*([a-z]*)/g;
  if (text === "" || text.replace(part, "").trim() !== "") return null;
  let total = 0;
  for (const match of text.matchAll(part)) total += Number(match[1]) * (SPAN_UNITS[match[2]] ?? 1);
  return total;
}

/** `512M`, `1G`, bytes; null for `infinity` and none. Source: systemd.resource-control(5), MemoryMax=. */
export function parseSize(text: string | null): number | null {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text ?? "");
  return match === null
    ? null
    : Math.round(Number(match[1]) * 1024 ** " KMGT".indexOf(match[2] || " "));
}

/** The units of the Debian packages, for servers whose scenario shows no unit file. */
function packagedText(name: string): string | null {
  switch (name) {
    case "nginx":
      return `[Unit]
Description=A high performance web server and a reverse proxy server
[Service]
Type=forking
ExecStart=/usr/sbin/nginx
ExecReload=/usr/sbin/nginx -s reload
KillSignal=SIGQUIT
TimeoutStopSec=5
KillMode=mixed`;
    case "gunicorn":
      return `[Unit]
Description=gunicorn daemon
[Service]
Type=notify
ExecReload=/bin/kill -s HUP $MAINPID
KillMode=mixed`;
    case "uwsgi":
      return `[Unit]
Description=uWSGI
[Service]
Type=notify
ExecReload=/bin/kill -s HUP $MAINPID
KillSignal=SIGINT`;
    case "supervisor":
      return `[Unit]
Description=Supervisor process control system for UNIX
[Service]
ExecStart=/usr/bin/supervisord -n -c /etc/supervisor/supervisord.conf`;
    default:
      return null;
  }
}

/** The unit a package brings, or null. */
export function packagedUnit(name: string): ServiceUnit | null {
  const text = packagedText(name);
  return text === null ? null : readServiceUnit(text, `/lib/systemd/system/${name}.service`, name);
}
