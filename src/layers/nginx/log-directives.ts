// Where nginx writes its logs: error_log with its level, access_log with its format and condition,
// log_format. Source: src/core/ngx_log.c, src/http/modules/ngx_http_log_module.c (1.22.1).
import { argumentTexts, type Directive } from "./config-tree.ts";
import { row } from "./directive-rows.ts";
import type { LogLevel } from "./phases.ts";
import type { BuildContext, ConfigError, DirectiveRow } from "./settings.ts";
import type { Template } from "./template.ts";

/** From the gravest to the chattiest, as nginx counts them. */
export const LOG_LEVELS: readonly LogLevel[] = [
  "emerg",
  "alert",
  "crit",
  "error",
  "warn",
  "notice",
  "info",
  "debug",
];

export interface ErrorLogTarget {
  readonly path: string;
  /** Lines of this level and graver ones are written. */
  readonly level: number;
}

const ERROR = LOG_LEVELS.indexOf("error");

export const ERROR_LOG = row<readonly ErrorLogTarget[]>(
  "error_log",
  [{ path: "/var/log/nginx/error.log", level: ERROR }],
  (directive, build, before) => {
    const [written, name = "error", second] = argumentTexts(directive);
    const level = LOG_LEVELS.indexOf(name as LogLevel);
    if (level >= 0 && second !== undefined) return { emerg: `duplicate log level "${second}"` };
    if (level < 0) return { emerg: `invalid log level "${name}"` };
    const isOther = written === "stderr" || /^(?:syslog|memory):/.test(written);
    if (isOther && written !== "stderr")
      build.notSimulated(`error_log to ${written.split(":")[0]}`, directive);
    const path = isOther || written.startsWith("/") ? written : `/usr/share/nginx/${written}`;
    return [...(before ?? []), { path, level }];
  },
  { inherit: "array", repeat: true },
);

export interface LogFormat {
  readonly name: string;
  readonly template: Template;
  readonly escape: "default" | "json" | "none";
}

const COMBINED = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"`;
const FORMATS = "log formats";

function formatsOf(build: BuildContext, directive: Directive): Map<string, LogFormat> {
  const known = build.shared.get(FORMATS) as Map<string, LogFormat> | undefined;
  if (known !== undefined) return known;
  const template = build.template(COMBINED, directive);
  const combined: LogFormat = { name: "combined", template, escape: "default" };
  const formats = new Map([["combined", combined]]);
  build.shared.set(FORMATS, formats);
  return formats;
}

export const LOG_FORMAT = row<null>(
  "log_format",
  null,
  (directive, build) => {
    const [name, ...parts] = argumentTexts(directive);
    const formats = formatsOf(build, directive);
    if (formats.has(name)) return { emerg: `duplicate "log_format" name "${name}"` };
    const option = /^escape=(.*)$/.exec(parts[0]);
    if (option !== null) parts.shift();
    const escaping = option?.[1] ?? "default";
    if (escaping !== "default" && escaping !== "json" && escaping !== "none")
      return { emerg: `unknown log format escaping "${escaping}"` };
    const template = build.template(parts.join(""), directive);
    formats.set(name, { name, template, escape: escaping });
    return null;
  },
  { repeat: true },
);

export interface AccessLogTarget {
  /** Null: `access_log off`. */
  readonly path: Template | null;
  readonly format: LogFormat | null;
  readonly condition: Template | null;
}

/** Nothing written: logs/access.log under nginx's prefix, combined. Debian compiles this path in. */
const DEFAULT_PATH = "/var/log/nginx/access.log";
const text = (value: string): Template => ({
  source: value,
  parts: [{ kind: "text", text: value }],
  constant: value,
});

export const ACCESS_LOG = row<readonly AccessLogTarget[]>(
  "access_log",
  [{ path: text(DEFAULT_PATH), format: null, condition: null }],
  (directive, build, before) => {
    const made = accessLog(directive, build);
    return "emerg" in made ? made : [...(before ?? []), made];
  },
  { inherit: "array", repeat: true },
);

function accessLog(directive: Directive, build: BuildContext): AccessLogTarget | ConfigError {
  const [path, name = "combined", ...options] = argumentTexts(directive);
  if (path === "off") {
    if (directive.args.length > 1) return { emerg: `invalid parameter "${name}"` };
    return { path: null, format: null, condition: null };
  }
  const format = formatsOf(build, directive).get(name);
  if (format === undefined) return { emerg: `unknown log format "${name}"` };
  let condition: Template | null = null;
  for (const option of options) {
    if (option.startsWith("if=")) condition = build.template(option.slice(3), directive);
    else if (/^(?:buffer=|flush=|gzip(?:=|$))/.test(option))
      build.notSimulated(`access_log ${option}`, directive);
    else return { emerg: `invalid parameter "${option}"` };
  }
  if (path.startsWith("syslog:")) build.notSimulated("access_log to syslog", directive);
  const full = /^(?:\/|\$|syslog:)/.test(path) ? path : `/usr/share/nginx/${path}`;
  return { path: build.template(full, directive), format, condition };
}

export const logDirectives: readonly DirectiveRow[] = [ERROR_LOG, LOG_FORMAT, ACCESS_LOG];
