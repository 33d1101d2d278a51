// Django's logging: every record of WARNING or more, and which of them reach the process's standard
// error through the handlers that LOGGING configures.
// Source: django/utils/log.py, log_response and DEFAULT_LOGGING, 3.2.25; logging/config.py, 3.11.
import { ownValue } from "../../text/own-value.ts";
import { type Django, settingsOf } from "./django.ts";
import type { Response } from "./http-response.ts";
import { type PyException, unicodeEscape } from "./python-values.ts";
import type { Run } from "./run.ts";
import { type Settings, setting } from "./settings.ts";
import { tracebackOf } from "./traceback.ts";

export type Level = "WARNING" | "ERROR";

const LEVELS: Readonly<Record<string, number>> = {
  NOTSET: 0,
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  WARN: 30,
  ERROR: 40,
  CRITICAL: 50,
  FATAL: 50,
};

export interface ResponseRecord {
  readonly response: Response;
  readonly format: string;
  readonly args: readonly string[];
  readonly logger?: string;
  readonly level?: Level;
  readonly exception?: PyException;
}

/** log_response(): once a response; 5xx are errors, 4xx warnings, others INFO, which is not followed here. */
export function logResponse(django: Django, run: Run, record: ResponseRecord): void {
  if (record.response.logged) return;
  record.response.logged = true;
  if (record.level === undefined && record.response.status < 400) return;
  const level = record.level ?? (record.response.status >= 500 ? "ERROR" : "WARNING");
  // Debian's 3.2.25 escapes the arguments, so that a path cannot forge a line of the log.
  let next = 0;
  const message = record.format.replace(/%s/g, () => unicodeEscape(record.args[next++] ?? ""));
  logRecord(django, run, {
    logger: record.logger ?? "django.request",
    level,
    message,
    exception: record.exception,
  });
}

export interface LogRecord {
  readonly logger: string;
  readonly level: Level;
  readonly message: string;
  readonly exception?: PyException;
}

export function logRecord(django: Django, run: Run, record: LogRecord): void {
  const { sink } = django.host;
  const settings = settingsOf(django, run);
  // A logger makes no record below its level.
  if (LEVELS[record.level] < levelOf(settings, record.logger)) return;
  if (sink.wants(run.request))
    sink.log("django", `${record.level} ${record.logger}: ${record.message}`, run.request, {
      level: record.level,
    });
  for (const handler of handlersFor(settings, record)) {
    if (!handler.console) continue;
    const text =
      handler.format === null ? record.message : formatRecord(django, run, record, handler);
    for (const line of text.split("\n")) django.servers[run.server].stderr(run.slot, line);
    if (record.exception !== undefined)
      for (const line of tracebackOf(record.exception))
        django.servers[run.server].stderr(run.slot, line);
  }
}

interface Handler {
  readonly console: boolean;
  readonly mail: boolean;
  readonly level: number;
  readonly format: string | null;
  readonly style: string;
}

interface LoggerConfig {
  readonly handlers: readonly Handler[];
  readonly level: number;
  readonly propagate: boolean;
}

type Plain = Readonly<Record<string, unknown>>;

const configured = new WeakMap<Settings, ReadonlyMap<string, LoggerConfig>>();

/** Loggers by name (`` is the root): Django's defaults and what LOGGING puts over them. */
function loggersOf(settings: Settings): ReadonlyMap<string, LoggerConfig> {
  const known = configured.get(settings);
  if (known !== undefined) return known;
  const loggers = new Map<string, LoggerConfig>();
  if (setting<string | null>(settings, "LOGGING_CONFIG") === null) {
    configured.set(settings, loggers);
    return loggers;
  }
  const mail: Handler = {
    console: false,
    mail: !settings.debug,
    level: LEVELS.ERROR,
    format: null,
    style: "%",
  };
  const terminal: Handler = {
    console: settings.debug,
    mail: false,
    level: LEVELS.INFO,
    format: null,
    style: "%",
  };
  loggers.set("django", { handlers: [terminal, mail], level: LEVELS.INFO, propagate: true });
  const config = setting<Plain>(settings, "LOGGING") ?? {};
  const written = (config.loggers ?? {}) as Readonly<Record<string, Plain>>;
  if (
    config.version !== undefined &&
    config.disable_existing_loggers !== false &&
    !("django" in written)
  ) {
    loggers.set("django", { handlers: [], level: LEVELS.CRITICAL + 1, propagate: false });
  }
  for (const [name, logger] of Object.entries(written))
    loggers.set(name, readLogger(config, logger));
  if (config.root !== undefined) loggers.set("", readLogger(config, config.root as Plain));
  configured.set(settings, loggers);
  return loggers;
}

function readLogger(config: Plain, logger: Plain): LoggerConfig {
  const names = (logger.handlers ?? []) as readonly string[];
  const handlers = (config.handlers ?? {}) as Readonly<Record<string, Plain>>;
  return {
    handlers: names
      .filter((name) => ownValue(handlers, name) !== undefined)
      .map((name) => readHandler(config, handlers[name])),
    level: LEVELS[String(logger.level ?? "NOTSET")] ?? 0,
    propagate: logger.propagate !== false,
  };
}

/** Simplification: only StreamHandler and AdminEmailHandler are simulated; filters of the project are not. */
function readHandler(config: Plain, handler: Plain): Handler {
  const formatters = (config.formatters ?? {}) as Readonly<Record<string, Plain>>;
  const formatter = formatters[String(handler.formatter)];
  return {
    console: handler.class === "logging.StreamHandler" && handler.stream !== "ext://sys.stdout",
    mail: handler.class === "django.utils.log.AdminEmailHandler",
    level: LEVELS[String(handler.level ?? "NOTSET")] ?? 0,
    format: typeof formatter?.format === "string" ? formatter.format : null,
    style: typeof formatter?.style === "string" ? formatter.style : "%",
  };
}

/** logging.lastResort: for records that no handler at all is there for. */
const LAST_RESORT: Handler = {
  console: true,
  mail: false,
  level: LEVELS.WARNING,
  format: null,
  style: "%",
};

/** The handlers that a record reaches: its logger's and those above, until one does not propagate. */
function handlersFor(settings: Settings, record: LogRecord): readonly Handler[] {
  if (LEVELS[record.level] < levelOf(settings, record.logger)) return [];
  const loggers = loggersOf(settings);
  const names = lineage(record.logger);
  const found: Handler[] = [];
  for (const name of names) {
    const logger = loggers.get(name);
    if (logger === undefined) continue;
    found.push(...logger.handlers);
    if (!logger.propagate) break;
  }
  if (found.length === 0) return [LAST_RESORT];
  return found.filter((handler) => LEVELS[record.level] >= handler.level);
}

/** getEffectiveLevel(): the logger's own, or that of the nearest one above. */
function levelOf(settings: Settings, logger: string): number {
  const loggers = loggersOf(settings);
  const levels = lineage(logger).map((name) => loggers.get(name)?.level ?? 0);
  return levels.find((own) => own > 0) ?? LEVELS.WARNING;
}

/** `django.security.csrf`, `django.security`, `django`, and the root. */
function lineage(logger: string): readonly string[] {
  const parts = logger.split(".");
  return [...parts.map((_, i) => parts.slice(0, parts.length - i).join(".")), ""];
}

/** Whether a 500 makes the report that is mailed to ADMINS, which reads request.user. */
export function mailsErrors(settings: Settings): boolean {
  return handlersFor(settings, { logger: "django.request", level: "ERROR", message: "" }).some(
    (handler) => handler.mail,
  );
}

function formatRecord(django: Django, run: Run, record: LogRecord, handler: Handler): string {
  const values: Readonly<Record<string, string>> = {
    levelname: record.level,
    name: record.logger,
    message: record.message,
    asctime: `${django.host.clock.isoDate()},${String(Math.floor(django.host.clock.nowMs() % 1000)).padStart(3, "0")}`,
    process: String(run.pid),
    processName: "MainProcess",
    threadName: "MainThread",
    thread: String(run.slot),
    module: record.logger === "django.request" ? "log" : "exception",
    levelno: String(LEVELS[record.level]),
  };
  const pattern =
    handler.style === "{"
      ? /\{(\w+)[^}]*\}/g
      : handler.style === "$"
        ? /\$\{?(\w+)\}?/g
        : /%\((\w+)\)[-\d.]*[sd]/g;
  return (handler.format as string).replace(
    pattern,
    (whole, name: string) => ownValue(values, name) ?? whole,
  );
}
