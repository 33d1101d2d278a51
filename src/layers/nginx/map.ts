// map, geo and split_clients: variables that are looked up in a table.
// Source: ngx_http_map_module.c, ngx_http_geo_module.c, ngx_http_split_clients_module.c (1.22.1).

import type { Span } from "../../text/diagnostic.ts";
import { argumentText, argumentTexts, type Directive } from "./config-tree.ts";
import type { Core } from "./core.ts";
import { row } from "./directive-rows.ts";
import { type IpRange, inRange, ipBytes, looseBits, parseRange } from "./ip-range.ts";
import { murmurHash2 } from "./murmur-hash.ts";
import type { Pattern } from "./pattern.ts";
import type { NginxRequest } from "./request.ts";
import type { BuildContext, ConfigError, DirectiveRow } from "./settings.ts";
import type { Template } from "./template.ts";

/** How a variable of one of these blocks gets its value. */
export interface TableVariable {
  readonly name: string;
  readonly source: Template;
  readonly volatile: boolean;
  /** The directive that made it, and where it stands. */
  readonly block: string;
  readonly span: Span;
  lookup(core: Core, request: NginxRequest, value: string): Template | string;
}

type Tables = readonly TableVariable[];

function tableRow(
  name: string,
  make: (directive: Directive, build: BuildContext) => TableVariable | ConfigError,
): DirectiveRow<Tables> {
  return row<Tables>(
    name,
    [],
    (directive, build, before) => {
      const made = make(directive, build);
      if ("emerg" in made) return made;
      build.declareVariable(made.name);
      return [...(before ?? []), made];
    },
    { key: "table variables", repeat: true, opens: "entries" },
  );
}

/** All tables of the configuration, under one key. */
export const TABLES = tableRow("map", readMap);
const GEO = tableRow("geo", readGeo);
const SPLIT_CLIENTS = tableRow("split_clients", readSplitClients);

export const mapDirectives: readonly DirectiveRow[] = [TABLES, GEO, SPLIT_CLIENTS];

function variableName(written: string): string | ConfigError {
  if (written.startsWith("$") && written.length > 1) return written.slice(1);
  return { emerg: `invalid variable name "${written}"` };
}

interface MapTable {
  readonly exact: Map<string, Template>;
  readonly wildcards: {
    readonly kind: "leading" | "trailing";
    /** `.example.com`, `www.`; a leading one that was written with its `*` does not hold for the name itself. */
    readonly key: string;
    readonly hasBase: boolean;
    readonly value: Template;
  }[];
  readonly patterns: { readonly pattern: Pattern; readonly value: Template }[];
  fallback: Template | null;
  hostnames: boolean;
  volatile: boolean;
}

function readMap(directive: Directive, build: BuildContext): TableVariable | ConfigError {
  const [source, written] = argumentTexts(directive);
  const name = variableName(written);
  if (typeof name !== "string") return name;
  const table: MapTable = {
    exact: new Map(),
    wildcards: [],
    patterns: [],
    fallback: null,
    hostnames: false,
    volatile: false,
  };
  for (const entry of directive.block ?? []) {
    const problem = readMapEntry(table, entry, build);
    if (problem !== null) return problem;
  }
  return {
    name,
    source: build.template(source, directive),
    volatile: table.volatile,
    ...{ block: directive.name, span: directive.span },
    lookup: (_core, request, value) => lookUp(table, request, value),
  };
}

function readMapEntry(table: MapTable, entry: Directive, build: BuildContext): ConfigError | null {
  if (entry.unreadable !== undefined) return { emerg: entry.unreadable };
  if (entry.args.length === 0 && entry.name === "hostnames") table.hostnames = true;
  else if (entry.args.length === 0 && entry.name === "volatile") table.volatile = true;
  else if (entry.args.length !== 1) return { emerg: "invalid number of the map parameters" };
  else return addMapEntry(table, entry, build);
  return null;
}

function addMapEntry(table: MapTable, entry: Directive, build: BuildContext): ConfigError | null {
  const value = build.template(argumentText(entry, 0), entry);
  const { name } = entry;
  if (name.startsWith("~")) {
    const caseless = name.startsWith("~*");
    const pattern = build.pattern(name.slice(caseless ? 2 : 1), entry, caseless);
    if ("emerg" in pattern) return pattern;
    table.patterns.push({ pattern, value });
    return null;
  }
  if (name === "default") {
    if (table.fallback !== null) return { emerg: "duplicate default map parameter" };
    table.fallback = value;
    return null;
  }
  const key = (name.startsWith("\\") ? name.slice(1) : name).toLowerCase();
  const isWildcard = table.hostnames && (/^\*?\./.test(key) || key.endsWith(".*"));
  if (isWildcard) return addWildcard(table, name, key, value);
  if (table.exact.has(key)) return { emerg: `conflicting parameter "${name}"` };
  table.exact.set(key, value);
  return null;
}

/** `*.example.com`, `.example.com` or `www.*` of a map with hostnames. */
function addWildcard(
  table: MapTable,
  name: string,
  key: string,
  value: Template,
): ConfigError | null {
  if (/^\*?\..*\*/.test(key)) return { emerg: `invalid hostname or wildcard "${name}"` };
  const isLeading = !key.endsWith(".*");
  const cut = isLeading ? key.replace(/^\*/, "") : key.slice(0, -1);
  if (table.wildcards.some((entry) => entry.key === cut))
    return { emerg: `conflicting parameter "${name}"` };
  const kind = isLeading ? "leading" : "trailing";
  table.wildcards.push({ kind, key: cut, hasBase: key === cut, value });
  return null;
}

function lookUp(table: MapTable, request: NginxRequest, value: string): Template | string {
  const key = table.hostnames ? value.toLowerCase().replace(/\.$/, "") : value.toLowerCase();
  const exact = table.exact.get(key);
  if (exact !== undefined) return exact;
  const byLength = [...table.wildcards].sort((a, b) => b.key.length - a.key.length);
  for (const kind of ["leading", "trailing"] as const) {
    const found = byLength.find(
      (entry) =>
        entry.kind === kind &&
        (kind === "leading"
          ? key.endsWith(entry.key) || (entry.hasBase && `.${key}` === entry.key)
          : key.startsWith(entry.key)),
    );
    if (found !== undefined) return found.value;
  }
  for (const { pattern, value: result } of table.patterns) {
    const match = pattern.regex.exec(value);
    if (match === null) continue;
    request.captures = Array.from(match, (group) => group ?? "");
    for (const name of pattern.names) request.variables[name] = match.groups?.[name] ?? "";
    return result;
  }
  return table.fallback ?? "";
}

function readGeo(directive: Directive, build: BuildContext): TableVariable | ConfigError {
  const texts = argumentTexts(directive);
  const name = variableName(texts[texts.length - 1]);
  if (typeof name !== "string") return name;
  const source = build.template(texts.length === 2 ? texts[0] : "$remote_addr", directive);
  const table: GeoTable = { entries: [], fallback: "", asRanges: false };
  for (const entry of directive.block ?? []) {
    const problem = readGeoEntry(table, entry, build);
    if (problem !== null) return problem;
  }
  const { entries } = table;
  entries.sort((a, b) => bitsOf(b.range) - bitsOf(a.range));
  const lookup: TableVariable["lookup"] = (_core, _request, value) =>
    entries.find(({ range }) => inRange(value, range))?.value ?? table.fallback;
  const { name: block, span } = directive;
  return { name, source, volatile: false, block, span, lookup };
}

interface GeoTable {
  readonly entries: { readonly range: IpRange; readonly text: string; value: string }[];
  fallback: string;
  asRanges: boolean;
}

const bitsOf = (range: IpRange): number => (range.kind === "range" ? range.bits : 0);

/** One line of a geo block. */
function readGeoEntry(table: GeoTable, entry: Directive, build: BuildContext): ConfigError | null {
  const { name } = entry;
  if (entry.unreadable !== undefined) return { emerg: entry.unreadable };
  if (entry.args.length === 0 && name === "ranges") {
    table.asRanges = true;
    return null;
  }
  if (entry.args.length === 0 && name === "proxy_recursive") {
    build.notSimulated(`geo ${name}`, entry);
    return null;
  }
  if (entry.args.length !== 1) return { emerg: "invalid number of the geo parameters" };
  const value = argumentText(entry, 0);
  if (["delete", "proxy"].includes(name)) build.notSimulated(`geo ${name}`, entry);
  else if (name === "default") {
    if (table.fallback !== "") warnTwice(build, entry, value, table.fallback);
    table.fallback = value;
  } else return addGeoRanges(table, entry, build);
  return null;
}

function addGeoRanges(table: GeoTable, entry: Directive, build: BuildContext): ConfigError | null {
  const { name } = entry;
  const value = argumentText(entry, 0);
  const single = parseRange(name);
  const ranges = table.asRanges ? rangesBetween(name) : single === null ? null : [single];
  if (ranges === null)
    return { emerg: `invalid ${table.asRanges ? "range" : "network"} "${name}"` };
  const loose = table.asRanges || single === null ? null : looseBits(name, single);
  if (loose !== null) build.warn(loose, entry);
  const before = table.entries.find(({ text }) => text === name);
  if (before !== undefined) {
    warnTwice(build, entry, value, before.value);
    before.value = value;
    return null;
  }
  for (const range of ranges) table.entries.push({ range, text: name, value });
  return null;
}

function warnTwice(build: BuildContext, entry: Directive, value: string, old: string): void {
  const what = `duplicate network "${entry.name}", value: "${value}", old value: "${old}"`;
  build.warn(what, entry);
}

/** `192.0.2.1-192.0.2.9` as the networks that make it up; null when it is no range. */
function rangesBetween(text: string): readonly IpRange[] | null {
  const match = /^([\d.]+)-([\d.]+)$/.exec(text);
  const [first, last] = [ipNumber(match?.[1] ?? ""), ipNumber(match?.[2] ?? "")];
  if (first === null || last === null || first > last) return null;
  const ranges: IpRange[] = [];
  let at = first;
  while (at <= last) {
    let bits = 32;
    while (bits > 0 && at % 2 ** (33 - bits) === 0 && at + 2 ** (33 - bits) - 1 <= last) bits--;
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(at / 2 ** shift) % 256);
    ranges.push({ kind: "range", bytes, bits });
    at += 2 ** (32 - bits);
  }
  return ranges;
}

function ipNumber(text: string): number | null {
  const bytes = ipBytes(text);
  return bytes?.length === 4 ? bytes.reduce((sum, byte) => sum * 256 + byte, 0) : null;
}

const SPLIT_SCALE = 0xffff_ffff;

function readSplitClients(directive: Directive, build: BuildContext): TableVariable | ConfigError {
  const [source, written] = argumentTexts(directive);
  const name = variableName(written);
  if (typeof name !== "string") return name;
  const parts: { readonly below: number; readonly value: string }[] = [];
  let sum = 0;
  for (const entry of directive.block ?? []) {
    const value = argumentText(entry, 0);
    if (entry.name === "*") {
      parts.push({ below: Infinity, value });
      continue;
    }
    const match = /^(\d{1,3}(?:\.\d{1,2})?)%$/.exec(entry.name);
    if (match === null || Number(match[1]) === 0)
      return { emerg: `invalid percent value "${entry.name}"` };
    sum += Math.round(Number(match[1]) * 100);
    if (sum > 10_000) return { emerg: "percent total is greater than 100%" };
    parts.push({ below: Math.floor((sum * SPLIT_SCALE) / 10_000), value });
  }
  const lookup: TableVariable["lookup"] = (_core, _request, value) => {
    const hash = murmurHash2(value);
    return parts.find(({ below }) => hash < below)?.value ?? "";
  };
  const { name: block, span } = directive;
  return { name, source: build.template(source, directive), volatile: false, block, span, lookup };
}
