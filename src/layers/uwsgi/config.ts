// uWSGI's configuration: the command line and ini files, each value with its place.
// Source: uWSGI 2.0.21 documentation, "Configuring uWSGI", "Configuration logic"; core/ini.c.
// Leaves out: XML, YAML and JSON files, placeholders other than %(name), configuration logic.

import type { Address } from "../../host/network.ts";
import type { CommandPlace } from "../../host/processes.ts";
import type { Word } from "../../text/command-line.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { ownValue } from "../../text/own-value.ts";
import type { Cause } from "../layer.ts";
import { type Option, optionNamed } from "./options.ts";

export interface UwsgiSocket {
  /** `router`: --http, whose own process reads HTTP and speaks uwsgi to the workers. */
  readonly protocol: "uwsgi" | "http" | "router";
  readonly address: Address;
  readonly text: string;
}

export interface UwsgiConfig {
  readonly sockets: readonly UwsgiSocket[];
  readonly module: string | null;
  readonly attribute: string;
  /** mount = /app=module: prefix to module. */
  readonly mounts: readonly {
    readonly prefix: string;
    readonly module: string;
    readonly attribute: string;
  }[];
  readonly chdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly numbers: Readonly<Record<string, number>>;
  readonly switches: ReadonlySet<string>;
  readonly texts: Readonly<Record<string, string>>;
  readonly causes: ReadonlyMap<string, Cause>;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ConfigFailure {
  readonly lines: readonly string[];
  readonly exit: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ConfigSources {
  readonly words: readonly Word[];
  /** Where the command stands, for causes. */
  readonly command: CommandPlace;
  readonly cwd: string;
  readFile(path: string): string | null;
}

/** Source: core/uwsgi.c: listen_queue 100, buffer_size 4096, socket_timeout 4, worker_reload_mercy 60, min_worker_lifetime 60. */
const DEFAULT_NUMBERS: Readonly<Record<string, number>> = {
  processes: 1,
  threads: 1,
  listen: 100,
  harakiri: 0,
  "socket-timeout": 4,
  "http-timeout": 60,
  "buffer-size": 4096,
  "post-buffering": 0,
  "max-requests": 0,
  "worker-reload-mercy": 60,
  "min-worker-lifetime": 60,
  "log-slow": 0,
  "log-big": 0,
};

interface Building {
  readonly sources: ConfigSources;
  readonly numbers: Record<string, number>;
  readonly texts: Record<string, string>;
  readonly lists: Record<string, string[]>;
  readonly switches: Set<string>;
  readonly causes: Map<string, Cause>;
  readonly diagnostics: Diagnostic[];
  /** Options that no ini file may name when strict is set. */
  readonly unknown: string[];
  failure: ConfigFailure | null;
  depth: number;
}

/** Reads the command line and the files it names. Never throws. */
export function loadConfig(sources: ConfigSources): UwsgiConfig | ConfigFailure {
  const building: Building = {
    sources,
    numbers: { ...DEFAULT_NUMBERS },
    texts: {},
    lists: {},
    switches: new Set(),
    causes: new Map(),
    diagnostics: [],
    unknown: [],
    failure: null,
    depth: 0,
  };
  readWords(building);
  refuseUnknown(building);
  return building.failure ?? finish(building);
}

/** Source: core/config.c: strict ends uWSGI at the first option that it does not know. */
function refuseUnknown(building: Building): void {
  const { unknown, switches, diagnostics } = building;
  if (unknown.length === 0 || !switches.has("strict") || building.failure !== null) return;
  const lines = [`[strict-mode] unknown config directive: ${unknown[0]}`];
  building.failure = { lines, exit: 1, diagnostics };
}

/** Whether `loadConfig` failed. */
export function isConfigFailure(result: UwsgiConfig | ConfigFailure): result is ConfigFailure {
  return "exit" in result;
}

function readWords(building: Building): void {
  const { words } = building.sources;
  let at = 0;
  while (at < words.length && building.failure === null) at += readWord(building, at);
}

/** Reads the option or file at a place; how many words it took. */
function readWord(building: Building, at: number): number {
  const { words, command } = building.sources;
  const word = words[at];
  const match = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word.text);
  if (match === null) {
    if (/\.ini$/.test(word.text)) readIni(building, word.text);
    else set(building, SOCKET, word.text, cause(command, word, word));
    return 1;
  }
  const [, , name, attached] = match;
  const option = optionNamed(name);
  if (option === null) {
    const lines = [`uwsgi: unrecognized option '${word.text}'`, "getopt_long() error"];
    building.failure = { lines, exit: 1, diagnostics: building.diagnostics };
    return 1;
  }
  const next = words[at + 1];
  const takesNext = attached === undefined && next !== undefined && takesValue(option, next.text);
  const value = attached ?? (takesNext ? next.text : "true");
  const end = takesNext ? next : word;
  if (option !== "without effect") set(building, option, value, cause(command, word, end));
  return takesNext ? 2 : 1;
}

const SOCKET: Option = { name: "socket", kind: "list" };

function takesValue(option: Option | "without effect", next: string): boolean {
  return option === "without effect" ? !next.startsWith("-") : option.kind !== "switch";
}

function cause({ file, line, start }: CommandPlace, from: Word, to: Word): Cause {
  return { file, line, start: start + from.start, end: start + to.end, note: from.text };
}

const INCLUDE_DEPTH_MAX = 8;

function readIni(building: Building, path: string): void {
  const { sources, diagnostics } = building;
  const absolute = path.startsWith("/") ? path : `${sources.cwd.replace(/\/$/, "")}/${path}`;
  const text = sources.readFile(absolute);
  if (text === null || building.depth >= INCLUDE_DEPTH_MAX) {
    building.failure = {
      lines: [`realpath() of ${path} failed: No such file or directory [core/utils.c line 3662]`],
      exit: 1,
      diagnostics,
    };
    return;
  }
  building.depth++;
  let inSection = false;
  let offset = 0;
  text.split("\n").forEach((raw, index) => {
    const start = offset;
    offset += raw.length + 1;
    const line = raw.trim();
    if (line === "" || line.startsWith(";") || line.startsWith("#")) return;
    if (line.startsWith("[")) {
      inSection = line === "[uwsgi]";
      return;
    }
    if (inSection)
      readIniLine(building, line, {
        file: absolute,
        line: index + 1,
        start,
        end: start + raw.length,
      });
  });
  building.depth--;
}

function readIniLine(
  building: Building,
  line: string,
  place: { file: string; line: number; start: number; end: number },
): void {
  const equals = line.indexOf("=");
  const key = (equals < 0 ? line : line.slice(0, equals)).trim();
  const value = equals < 0 ? "true" : line.slice(equals + 1).trim();
  const option = optionNamed(key);
  if (option === null) {
    building.unknown.push(key);
    building.diagnostics.push({
      severity: "warning",
      message: `unknown option "${key}": uWSGI ignores it without strict = true`,
      ...place,
    });
    return;
  }
  if (option !== "without effect")
    set(building, option, value, { ...place, note: `${key} = ${value}` });
}

function set(building: Building, option: Option, raw: string, from: Cause): void {
  const value = raw
    .replace(/%\(([\w-]+)\)/g, (_, name: string) => ownValue(building.texts, name) ?? "")
    .replace(/^\$\((\w+)\)$/, "");
  const { name } = option;
  if (name === "ini") {
    readIni(building, value);
    return;
  }
  building.causes.set(name, from);
  if (option.kind === "list") building.lists[name] = [...(building.lists[name] ?? []), value];
  else if (option.kind === "text") building.texts[name] = value;
  else if (option.kind === "number") building.numbers[name] = Number.parseInt(value, 10) || 0;
  else if (/^(true|1|yes|on)$/i.test(value)) building.switches.add(name);
  else building.switches.delete(name);
}

function finish(building: Building): UwsgiConfig {
  const { texts, lists, numbers, switches, causes, diagnostics, sources } = building;
  const chdir = texts.chdir ?? sources.cwd;
  const target = applicationOf(texts, chdir);
  const sockets = (["http", "socket", "http-socket"] as const).flatMap((name) =>
    (lists[name] ?? []).map(
      (text): UwsgiSocket => ({
        protocol: PROTOCOLS[name],
        address: parseAddress(text),
        text,
      }),
    ),
  );
  return Object.freeze({
    sockets,
    module: target?.module ?? null,
    attribute: target?.attribute ?? texts.callable ?? "application",
    mounts: (lists.mount ?? []).map(parseMount),
    chdir,
    env: Object.freeze(
      Object.fromEntries(
        (lists.env ?? []).map((pair) => [pair.split("=")[0], pair.slice(pair.indexOf("=") + 1)]),
      ),
    ),
    numbers: Object.freeze(numbers),
    switches,
    texts: Object.freeze(texts),
    causes,
    diagnostics,
  });
}

const PROTOCOLS = { http: "router", socket: "uwsgi", "http-socket": "http" } as const;

function applicationOf(
  texts: Readonly<Record<string, string>>,
  chdir: string,
): { module: string; attribute?: string } | null {
  if (texts.module !== undefined) {
    const [module, attribute] = texts.module.split(":");
    return { module, attribute };
  }
  const file = texts["wsgi-file"];
  if (file === undefined) return null;
  const relative = file.startsWith(`${chdir.replace(/\/$/, "")}/`)
    ? file.slice(chdir.replace(/\/$/, "").length + 1)
    : file;
  return {
    module: relative
      .replace(/\.py$/, "")
      .replace(/^\.?\//, "")
      .replace(/\//g, "."),
  };
}

function parseMount(text: string): UwsgiConfig["mounts"][number] {
  const [prefix, target = ""] = text.split("=");
  const [module, attribute] = target.split(":");
  return { prefix, module, attribute: attribute ?? "application" };
}

/** `/run/uwsgi.sock`, `127.0.0.1:3031`, `:3031`. */
function parseAddress(text: string): Address {
  const colon = text.lastIndexOf(":");
  if (colon < 0) return Object.freeze({ kind: "unix", path: text });
  const host = text.slice(0, colon);
  const ip = host === "" ? "0.0.0.0" : host === "localhost" ? "127.0.0.1" : host;
  return Object.freeze({ kind: "tcp", ip, port: Number.parseInt(text.slice(colon + 1), 10) || 0 });
}
