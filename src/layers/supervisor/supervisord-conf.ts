// supervisord.conf: its ini sections and the settings of [program:x].
// Source: supervisor 4.2.5 documentation, "Configuration File"; options.py.
import type { Diagnostic } from "../../text/diagnostic.ts";
import { pythonRepr } from "../../text/python-repr.ts";
import { BadValue } from "./expansion.ts";
import { readIni, type Section, settingOf } from "./ini-sections.ts";
import {
  diagnoseKeys,
  type Machine,
  type ProgramConfig,
  type Programs,
  readPrograms,
} from "./program-section.ts";

export interface SupervisordConfig {
  readonly programs: readonly ProgramConfig[];
  /** What its log begins with. */
  readonly warnings: readonly string[];
  readonly user: string | null;
  readonly pidfile: string | null;
  readonly logfile: string | null;
  /** Index into the levels of the log: what is below is not written. */
  readonly leastLevel: number;
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

const ANY_MACHINE: Machine = { userExists: () => true, directoryExists: () => true };

/** Reads the file. Never throws; `error` holds supervisord's own words when it would not start. */
export function readSupervisordConf(
  text: string,
  file: string,
  machine: Machine = ANY_MACHINE,
): SupervisordConfig {
  const diagnostics: Diagnostic[] = [];
  const sections = readIni(text, file, diagnostics);
  const main = sections.find((section) => section.name === "supervisord");
  const level = (settingOf(main, "loglevel") ?? "info").toLowerCase();
  let error = main === undefined ? ".ini file does not include supervisord section" : null;
  if (!LEVELS.includes(level)) error ??= badLevel(settingOf(main, "loglevel") ?? "");
  for (const section of sections) {
    if (section.name.startsWith("program:")) diagnoseKeys(section, diagnostics);
    else error ??= otherSection(section, file, diagnostics);
  }
  const read = readGroups(sections, file, machine);
  return {
    programs: read.groups.flatMap(({ programs }) => programs),
    warnings: read.groups.flatMap(({ warnings }) => warnings),
    user: settingOf(main, "user"),
    pidfile: settingOf(main, "pidfile"),
    logfile: settingOf(main, "logfile"),
    leastLevel: Math.max(LEVELS.indexOf(level), 0),
    noDaemon: isTrue(settingOf(main, "nodaemon") ?? "false"),
    servers: controlServers(sections),
    controlUrl: controlUrl(sections),
    error: error ?? read.error,
    diagnostics,
  };
}

/** Source: loggers.py LevelsByDescription, from the one that writes most. */
const LEVELS = ["blather", "trace", "debug", "info", "warn", "error", "critical"];

const badLevel = (value: string): string =>
  `bad logging level name ${pythonRepr(value)} in section 'supervisord'`;

interface Group extends Programs {
  readonly priority: number;
}

/**
 * Groups by rising priority, each with its programs by theirs: those of [group:x] are read first, then every program
 * that is in none as a group of its own. Source: options.py process_groups_from_parser().
 */
function readGroups(
  sections: readonly Section[],
  file: string,
  machine: Machine,
): { readonly groups: readonly Group[]; readonly error: string | null } {
  const taken = new Set<Section>();
  const groups: Group[] = [];
  const add = (name: string, owner: Section, members: readonly Section[]): void => {
    const read = members.map((member) => readSection(member, name, file, machine));
    const programs = read.flatMap((each) => each.programs);
    const warnings = read.flatMap((each) => each.warnings);
    programs.sort((a, b) => a.priority - b.priority);
    groups.push({ programs, warnings, priority: Number(settingOf(owner, "priority") ?? 999) });
  };
  try {
    for (const section of sections.filter(({ name }) => name.startsWith("group:"))) {
      const members = membersOf(section, sections);
      for (const member of members) taken.add(member);
      add(section.name.slice("group:".length), section, members);
    }
    for (const section of sections.filter(({ name }) => name.startsWith("program:")))
      if (!taken.has(section)) add(section.name.slice("program:".length), section, [section]);
  } catch (problem) {
    if (!(problem instanceof BadValue)) throw problem;
    return { groups: [], error: problem.message };
  }
  return { groups: groups.sort((a, b) => a.priority - b.priority), error: null };
}

/** The loop of the real one names the last program's section in its message, not the group's. */
function membersOf(group: Section, sections: readonly Section[]): Section[] {
  let named = group.name;
  const names = (settingOf(group, "programs") ?? "").split(",").filter((name) => name !== "");
  return names.map((written) => {
    const program = written.trim();
    const member = sections.find(({ name }) => name === `program:${program}`);
    if (member === undefined)
      throw new BadValue(`[${named}] names unknown program or fcgi-program ${program}`);
    named = member.name;
    return member;
  });
}

function readSection(section: Section, group: string, file: string, machine: Machine): Programs {
  try {
    return readPrograms(section, group, machine);
  } catch (problem) {
    if (!(problem instanceof BadValue)) throw problem;
    throw new BadValue(`${problem.message} in section '${section.name}' (file: '${file}')`);
  }
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

/** Sections that supervisord acts on and the model does not. */
const SECTIONS_NOT_SIMULATED = new Set(["eventlistener", "fcgi-program", "include"]);

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

function isTrue(text: string): boolean {
  return /^(yes|true|on|1)$/i.test(text);
}
