// Variables and texts with variables, evaluated for a request.
// Source: src/http/ngx_http_variables.c, ngx_http_script.c (1.22.1).
import { memoByIdentity } from "../../kernel/memo.ts";
import type { Core } from "./core.ts";
import { UNINITIALIZED_VARIABLE_WARN } from "./core-directives.ts";
import { TABLES, type TableVariable } from "./map.ts";
import type { NginxRequest } from "./request.ts";
import { type Configuration, type LocationTree, type ScriptStep, valueAt } from "./settings.ts";
import type { Template } from "./template.ts";

/** A variable's value, or null when it is not found (nothing is written for it; `-` in logs). */
export function variableOf(core: Core, name: string, request: NginxRequest): string | null {
  const known: unknown = request.variables[name];
  // Anything else is what every object has under such a name, "constructor" for instance.
  if (typeof known === "string" || known === null) return known;
  const row = core.variables.get(name);
  if (row !== undefined) return row.get(core, request, "");
  const table = tableVariable(request.configuration, name);
  if (table !== undefined) return tableValue(core, table, request);
  if (setVariables(request.configuration).has(name)) return unset(core, name, request);
  const prefix = core.prefixVariables.find((candidate) => name.startsWith(candidate.name));
  return prefix?.get(core, request, name.slice(prefix.name.length)) ?? null;
}

/** A variable that some `set` declares but that no `set` has given a value yet (ngx_http_rewrite_var). */
function unset(core: Core, name: string, request: NginxRequest): string {
  request.variables[name] = "";
  if (valueAt(request.location, UNINITIALIZED_VARIABLE_WARN))
    core.logError(request, "warn", `using uninitialized "${name}" variable`);
  return "";
}

/** Names that a `set` anywhere in the configuration declares. */
const setVariables = memoByIdentity((configuration: Configuration): ReadonlySet<string> => {
  const names = new Set<string>();
  const servers = configuration.http?.servers ?? [];
  const look = (script: readonly ScriptStep[]): void => {
    for (const step of script) {
      if (step.kind === "set") names.add(step.name);
      else if (step.kind === "if") look(step.inner.script);
    }
  };
  const descend = ({ prefixes, regexes, named }: LocationTree): void => {
    for (const location of [...prefixes, ...regexes, ...named.values()]) {
      look(location.script);
      descend(location.inner);
    }
  };
  for (const server of servers) {
    look(server.script);
    descend(server.locations);
  }
  return names;
});

const tables = new WeakMap<Configuration, ReadonlyMap<string, TableVariable>>();

/** The map, geo or split_clients block that makes a variable. */
function tableVariable(configuration: Configuration, name: string): TableVariable | undefined {
  let known = tables.get(configuration);
  if (known === undefined) {
    const { http } = configuration;
    const all = http === null ? [] : valueAt(http, TABLES);
    known = new Map(all.map((table) => [table.name, table]));
    tables.set(configuration, known);
  }
  return known.get(name);
}

/** Looked up once for a request, unless the block says volatile. */
function tableValue(core: Core, table: TableVariable, request: NginxRequest): string {
  const found = table.lookup(core, request, evaluateTemplate(core, table.source, request));
  const value = typeof found === "string" ? found : evaluateTemplate(core, found, request);
  if (!table.volatile) request.variables[table.name] = value;
  return value;
}

/** Whether nginx knows a variable without anybody declaring it. */
export function isBuiltIn(
  core: Pick<Core, "variables" | "prefixVariables">,
  name: string,
): boolean {
  if (core.variables.has(name)) return true;
  return core.prefixVariables.some((row) => name.startsWith(row.name));
}

/**
 * Longest text that is made, bytes; more counts as memory that is not there.
 * Simplification: nginx goes on until malloc() fails; here a value longer than this is cut.
 */
export const VALUE_MAX = 16 * 1024 * 1024;

/** The text with its variables filled in; those not found count as empty. */
export function evaluateTemplate(core: Core, template: Template, request: NginxRequest): string {
  if (template.constant !== null) return template.constant;
  let out = "";
  for (const part of template.parts) {
    if (out.length > VALUE_MAX) break;
    if (part.kind === "text") out += part.text;
    else if (part.kind === "capture") out += request.captures[part.group] ?? "";
    else out += variableOf(core, part.name, request) ?? "";
  }
  return out;
}

/** Remembers what a regular expression matched: $1…$9 and its named groups. */
export function keepCaptures(
  request: NginxRequest,
  match: RegExpExecArray,
  names: readonly string[],
): void {
  request.captures = Array.from(match, (group) => group ?? "");
  for (const name of names) request.variables[name] = match.groups?.[name] ?? "";
}
