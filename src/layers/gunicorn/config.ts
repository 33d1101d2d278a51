// Gunicorn's configuration from its five sources, lowest first: defaults (with their environment
// variables), gunicorn.conf.py, GUNICORN_CMD_ARGS, the command line. Every value keeps the place
// that decided it. Framework settings (Paste) are left out.
// Source: gunicorn/app/base.py load_config, gunicorn/config.py 20.1.0; docs, "Configuration Overview".

import type { CommandPlace } from "../../host/processes.ts";
import { splitCommandLine, type Word } from "../../text/command-line.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { Cause } from "../layer.ts";
import { type BindAddress, parseBindAddress } from "./address.ts";
import { type CommandLine, type GivenOption, readCommandLine } from "./command-line.ts";
import { readConfigFile } from "./config-file.ts";
import { SETTING_BY_NAME, type Setting, type SettingValue } from "./options.ts";
import { checkedValue, SettingError, type ValidationContext } from "./setting-values.ts";

/** What decides beside the text: the machine it runs on. */
export interface ConfigSources {
  /** The words after `gunicorn`, with their offsets in the command. */
  readonly words: readonly Word[];
  /** Where the command stands, for causes. */
  readonly command: CommandPlace;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly cores: number;
  readFile(path: string): string | null;
  isDirectory(path: string): boolean;
  userExists(name: string): boolean;
}

export interface Decided {
  readonly value: SettingValue;
  /** Where it was set; null for a default. */
  readonly cause: Cause | null;
}

export type WorkerKind = "sync" | "gthread" | "gevent";

export interface GunicornConfig {
  readonly settings: ReadonlyMap<string, Decided>;
  readonly bind: readonly BindAddress[];
  readonly module: string;
  readonly attribute: string;
  readonly applicationCause: Cause | null;
  readonly workerKind: WorkerKind;
  /** As printed after `Using worker:`. */
  readonly workerText: string;
  readonly chdir: string;
  /** --env NAME=value. */
  readonly env: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The process ends instead: what it prints and its exit code. */
export interface ConfigFailure {
  readonly lines: readonly string[];
  readonly exit: number;
  readonly diagnostics: readonly Diagnostic[];
}

interface Building {
  readonly sources: ConfigSources;
  readonly settings: Map<string, Decided>;
  readonly diagnostics: Diagnostic[];
}

/** Reads everything gunicorn reads before it starts. Never throws. */
export function loadConfig(sources: ConfigSources): GunicornConfig | ConfigFailure {
  const building: Building = { sources, settings: new Map(), diagnostics: [] };
  const { diagnostics } = building;
  const commandLine = readCommandLine(sources.words);
  if (commandLine.stopped !== null) return { ...commandLine.stopped, diagnostics };
  // Source: app/wsgiapp.py init: Paste is imported before anything is read, and Debian does not bring it.
  if (optionText(commandLine, "paste") !== null)
    return { lines: ["", "Error: No module named 'paste'"], exit: 1, diagnostics };
  const environment = readCommandLine(splitCommandLine(sources.env.GUNICORN_CMD_ARGS ?? ""));
  try {
    setDefaults(building);
    if (environment.stopped !== null) return { ...environment.stopped, diagnostics };
    const file = applyConfigFile(building, commandLine, environment);
    if (file !== null) return { ...file, diagnostics };
    applyOptions(building, environment, {
      file: "environment GUNICORN_CMD_ARGS",
      line: 1,
      start: 0,
    });
    applyOptions(building, commandLine, sources.command);
    return finish(building, commandLine);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    return { lines: ["", `Error: ${error.message}`], exit: 1, diagnostics };
  }
}

/** Whether `loadConfig` failed. */
export function isConfigFailure(result: GunicornConfig | ConfigFailure): result is ConfigFailure {
  return "exit" in result;
}

function setDefaults({ settings, sources }: Building): void {
  for (const setting of SETTING_BY_NAME.values()) {
    settings.set(setting.name, { value: setting.default, cause: null });
  }
  const { PORT, WEB_CONCURRENCY, FORWARDED_ALLOW_IPS } = sources.env;
  const bind = PORT === undefined || PORT === "" ? "127.0.0.1:8000" : `0.0.0.0:${PORT}`;
  settings.set("bind", { value: [bind], cause: environmentCause("PORT", PORT) });
  settings.set("chdir", { value: sources.cwd, cause: null });
  if (WEB_CONCURRENCY !== undefined) {
    if (!/^\s*[+-]?\d+\s*$/.test(WEB_CONCURRENCY))
      throw new SettingError(`invalid literal for int() with base 10: '${WEB_CONCURRENCY}'`);
    const cause = environmentCause("WEB_CONCURRENCY", WEB_CONCURRENCY);
    settings.set("workers", { value: Number(WEB_CONCURRENCY), cause });
  }
  if (FORWARDED_ALLOW_IPS !== undefined) {
    const value = FORWARDED_ALLOW_IPS.split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
    const cause = environmentCause("FORWARDED_ALLOW_IPS", FORWARDED_ALLOW_IPS);
    settings.set("forwarded_allow_ips", { value, cause });
  }
}

function environmentCause(name: string, value: string | undefined): Cause | null {
  if (value === undefined) return null;
  return { file: `environment ${name}`, line: 1, note: `${name}=${value}` };
}

function applyConfigFile(
  building: Building,
  commandLine: CommandLine,
  environment: CommandLine,
): { lines: string[]; exit: number } | null {
  const { sources } = building;
  const named = optionText(commandLine, "config") ?? optionText(environment, "config");
  const given = named ?? `${sources.cwd.replace(/\/$/, "")}/gunicorn.conf.py`;
  const path = given.replace(/^file:/, "");
  const absolute = path.startsWith("/") ? path : `${sources.cwd.replace(/\/$/, "")}/${path}`;
  const text = sources.readFile(absolute);
  if (text === null) {
    if (named === null) return null;
    throw new SettingError(`'${path}' doesn't exist`);
  }
  const file = readConfigFile(text, absolute, { env: sources.env, cores: sources.cores });
  building.diagnostics.push(...file.diagnostics);
  if (file.error !== null) {
    const lines = [
      `Failed to read config file: ${path}`,
      "Traceback (most recent call last):",
      "  <frames>",
      file.error,
    ];
    return { lines, exit: 1 };
  }
  for (const { name, value, cause } of file.values) {
    const setting = SETTING_BY_NAME.get(name);
    if (setting === undefined) continue;
    warnNotSimulated(building, setting, cause);
    const checked = checkedOrError(setting, value, validation(building));
    // Source: app/base.py load_config_from_module_name_or_filename(): the file's own values say which.
    if (checked instanceof SettingError) {
      const shown = value === null ? "None" : String(value);
      return {
        lines: [`Invalid value for ${name}: ${shown}`, "", "", `Error: ${checked.message}`],
        exit: 1,
      };
    }
    building.settings.set(name, { value: checked, cause });
  }
  return null;
}

function checkedOrError(
  setting: Setting,
  value: SettingValue,
  context: ValidationContext,
): SettingValue | SettingError {
  try {
    return checkedValue(setting, value, context);
  } catch (error) {
    if (error instanceof SettingError) return error;
    throw error;
  }
}

function optionText(line: CommandLine, name: string): string | null {
  return line.options.findLast((option) => option.setting.name === name)?.value ?? null;
}

/** Later options win; options of lists add up within one source. */
function applyOptions(building: Building, line: CommandLine, place: CommandPlace): void {
  const lists = new Map<string, string[]>();
  for (const option of line.options) {
    const { setting } = option;
    const cause = optionCause(option, place);
    warnNotSimulated(building, setting, cause);
    let value: SettingValue = option.value;
    if (setting.kind === "switch") value = true;
    if (setting.kind === "off-switch") value = false;
    if (setting.kind === "list") {
      const list = lists.get(setting.name) ?? [];
      list.push(option.value ?? "");
      lists.set(setting.name, list);
      value = list.slice();
    }
    const checked = checkedValue(setting, value, validation(building));
    building.settings.set(setting.name, { value: checked, cause });
  }
}

function optionCause(option: GivenOption, place: CommandPlace): Cause {
  const { start, end, setting, value } = option;
  const flag = setting.flags.at(-1) ?? setting.name;
  return {
    file: place.file,
    line: place.line,
    start: place.start + start,
    end: place.start + end,
    note: value === null ? flag : `${flag} ${value}`,
  };
}

function warnNotSimulated(building: Building, setting: Setting, cause: Cause): void {
  if (setting.notSimulated === undefined) return;
  building.diagnostics.push({
    severity: "not-simulated",
    message: `${setting.name} is not simulated: ${setting.notSimulated}`,
    file: cause.file,
    line: cause.line,
    ...(cause.start === undefined ? {} : { start: cause.start }),
    ...(cause.end === undefined ? {} : { end: cause.end }),
  });
}

function validation({ sources }: Building): ValidationContext {
  return { cwd: sources.cwd, isDirectory: sources.isDirectory, userExists: sources.userExists };
}

function finish(building: Building, commandLine: CommandLine): GunicornConfig {
  const { settings, sources, diagnostics } = building;
  const chdir = settings.get("chdir")?.value as string;
  const wsgiApp = settings.get("wsgi_app");
  const uri = commandLine.application?.text ?? (wsgiApp?.value as string | null);
  if (uri === null || uri === undefined) throw new SettingError("No application module specified.");
  const colon = uri.indexOf(":");
  const word = commandLine.application;
  const applicationCause =
    word === null
      ? (wsgiApp?.cause ?? null)
      : {
          file: sources.command.file,
          line: sources.command.line,
          start: sources.command.start + word.start,
          end: sources.command.start + word.end,
          note: "the application to import",
        };
  const given = settings.get("bind")?.value as readonly string[] | undefined;
  const bind = (given ?? []).map((text) => {
    const parsed = parseBindAddress(text, chdir);
    if ("error" in parsed) throw new SettingError(parsed.error);
    return Object.freeze(parsed);
  });
  return Object.freeze({
    settings,
    bind: Object.freeze(bind),
    module: colon < 0 ? uri : uri.slice(0, colon),
    attribute: colon < 0 ? "application" : uri.slice(colon + 1),
    applicationCause,
    ...workerClass(settings),
    chdir,
    env: environmentOf(settings.get("raw_env")?.value as readonly string[] | null),
    diagnostics,
  });
}

/** Source: config.py worker_class, worker_class_str; workers/__init__.py SUPPORTED_WORKERS. */
function workerClass(settings: ReadonlyMap<string, Decided>): {
  workerKind: WorkerKind;
  workerText: string;
} {
  const text = settings.get("worker_class")?.value as string;
  const threads = settings.get("threads")?.value as number;
  if (text === "sync" || text.endsWith("SyncWorker")) {
    return threads > 1
      ? { workerKind: "gthread", workerText: "threads" }
      : { workerKind: "sync", workerText: text };
  }
  if (text === "gthread" || text.endsWith("ThreadWorker"))
    return { workerKind: "gthread", workerText: text };
  // Simplification: eventlet and gevent's own variants behave as gevent does.
  if (/^(gevent|eventlet|gevent_wsgi|gevent_pywsgi)$|GeventWorker$|EventletWorker$/.test(text))
    return { workerKind: "gevent", workerText: text };
  // Source: util.py load_class(): a dotted name is imported, another is an entry point.
  const last = text.includes(".")
    ? `ModuleNotFoundError: No module named '${text.split(".")[0]}'`
    : `ImportError: Entry point ('gunicorn.workers', '${text}') not found`;
  throw new SettingError(
    `class uri '${text}' invalid or not found: \n\n[Traceback (most recent call last):\n  <frames>\n${last}\n]\n`,
  );
}

function environmentOf(raw: readonly string[] | null): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const each of raw ?? []) {
    const equals = each.indexOf("=");
    if (equals < 0) throw new SettingError(`environment setting '${each}' invalid`);
    env[each.slice(0, equals)] = each.slice(equals + 1);
  }
  return Object.freeze(env);
}

/** A setting that is a number. */
export function numberOf(config: GunicornConfig, name: string): number {
  return config.settings.get(name)?.value as number;
}

/** A setting that is a text or unset. */
export function textOf(config: GunicornConfig, name: string): string | null {
  return (config.settings.get(name)?.value ?? null) as string | null;
}

/** A switch. */
export function isOn(config: GunicornConfig, name: string): boolean {
  return config.settings.get(name)?.value === true;
}

/** Where a setting was decided, in words when it is a default. */
export function causeOf(config: GunicornConfig, name: string): Cause | undefined {
  return config.settings.get(name)?.cause ?? undefined;
}
