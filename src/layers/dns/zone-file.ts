// Reads a zone file (master-file text, RFC 1035 section 5, with RFC 2308's $TTL): entries over several
// lines in parentheses, comments, quoted strings, names relative to the origin, owners and times to live
// taken over from the entry before. Messages are those of named-checkzone. Left out: $GENERATE, $INCLUDE
// and classes other than IN, which are reported.
import type { Diagnostic } from "../../text/diagnostic.ts";
import { ipv6Groups, isIpv4 } from "../../wire/dns-data.ts";
import type { DnsRecord } from "../../wire/dns-message.ts";
import { canonicalName, isAtOrBelow, nameProblem } from "../../wire/dns-name.ts";
import { RECORD_TYPES } from "../../wire/dns-types.ts";
import { type ZoneEntry, zoneEntries } from "./zone-entries.ts";

/** A record with its place in the file. */
export interface ZoneRecord extends DnsRecord {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export interface ZoneFile {
  /** Canonical: lower case with a final dot. */
  readonly origin: string;
  readonly file: string;
  readonly records: readonly ZoneRecord[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Reading {
  readonly file: string;
  readonly zone: string;
  readonly records: ZoneRecord[];
  readonly diagnostics: Diagnostic[];
  origin: string;
  owner: string | null;
  defaultTtl: number | null;
  lastTtl: number | null;
}

/** Reads a zone. Never throws: what cannot be read is left out with a diagnostic. */
export function readZoneFile(origin: string, text: string, file: string): ZoneFile {
  const zone = canonicalName(origin);
  const reading: Reading = {
    file,
    zone,
    records: [],
    diagnostics: [],
    origin: origin.endsWith(".") ? origin : `${origin}.`,
    owner: null,
    defaultTtl: null,
    lastTtl: null,
  };
  const { entries, unbalancedLine } = zoneEntries(text);
  if (unbalancedLine !== null) complain(reading, unbalancedLine, "unbalanced parentheses");
  for (const entry of entries) {
    if (entry.words[0].text.startsWith("$") && !entry.startsBlank) readDirective(reading, entry);
    else readEntry(reading, entry);
  }
  checkZone(reading);
  return Object.freeze({
    origin: zone,
    file,
    records: Object.freeze(reading.records),
    diagnostics: reading.diagnostics,
  });
}

function complain(
  reading: Reading,
  line: number,
  message: string,
  severity: Diagnostic["severity"] = "error",
): void {
  reading.diagnostics.push({ severity, message, file: reading.file, line });
}

function readDirective(reading: Reading, entry: ZoneEntry): void {
  const [directive, argument] = entry.words.map(({ text }) => text);
  const name = directive.toUpperCase();
  if (name === "$ORIGIN" && argument !== undefined) {
    reading.origin = absolute(argument, reading.origin);
  } else if (name === "$TTL" && argument !== undefined) {
    const ttl = parseTtl(argument);
    if (ttl === null) complain(reading, entry.line, `$TTL: bad number "${argument}"`);
    else reading.defaultTtl = ttl;
  } else if (name === "$GENERATE" || name === "$INCLUDE") {
    complain(reading, entry.line, `${name} is not simulated`, "not-simulated");
  } else complain(reading, entry.line, `unknown $ directive '${directive}'`);
}

function readEntry(reading: Reading, entry: ZoneEntry): void {
  const words = entry.words.slice();
  if (!entry.startsBlank) reading.owner = absolute(words.shift()?.text ?? "@", reading.origin);
  if (reading.owner === null) {
    complain(reading, entry.line, "no current owner name");
    return;
  }
  const ttl = takeTtlAndClass(reading, entry, words);
  if (ttl === null) return;
  const type = words.shift()?.text.toUpperCase();
  if (type === undefined) {
    complain(reading, entry.line, "unexpected end of line");
    return;
  }
  if (!(type in RECORD_TYPES) && !/^TYPE\d+$/.test(type)) {
    complain(reading, entry.line, `unknown RR type '${type}'`);
    return;
  }
  const problem = addRecord(reading, entry, { type, ttl, words: words.map(({ raw }) => raw) });
  if (problem !== null) complain(reading, entry.line, problem);
}

/** Takes `[TTL] [class]` in either order off the front; null when the class is not IN. */
function takeTtlAndClass(
  reading: Reading,
  entry: ZoneEntry,
  words: { text: string }[],
): number | undefined | null {
  let ttl: number | undefined;
  for (let i = 0; i < 2 && words.length > 0; i++) {
    const word = words[0].text.toUpperCase();
    const number = ttl === undefined ? parseTtl(word) : null;
    if (word === "CH" || word === "HS") {
      complain(reading, entry.line, `class ${word} is not simulated`, "not-simulated");
      return null;
    }
    if (word === "IN") words.shift();
    else if (number !== null) {
      ttl = number;
      words.shift();
    } else break;
  }
  return ttl;
}

interface Fields {
  readonly type: string;
  readonly ttl: number | undefined;
  readonly words: readonly string[];
}

/** Adds a record; returns what is wrong with it, or null. */
function addRecord(reading: Reading, entry: ZoneEntry, fields: Fields): string | null {
  const owner = reading.owner ?? reading.origin;
  const data = dataText(fields, reading.origin);
  if (typeof data !== "string") return data.problem;
  const problem = nameProblem(owner);
  if (problem !== null) return `${problem} near '${owner}'`;
  if (!isAtOrBelow(canonicalName(owner), reading.zone)) {
    complain(reading, entry.line, `ignoring out-of-zone data (${owner})`, "warning");
    return null;
  }
  const soaMinimum = fields.type === "SOA" ? Number(data.split(" ")[6]) : null;
  const ttl = fields.ttl ?? reading.defaultTtl ?? reading.lastTtl ?? soaMinimum;
  if (ttl === null) return "no TTL specified";
  reading.lastTtl = ttl;
  reading.records.push(
    Object.freeze({
      name: owner,
      type: fields.type,
      ttl,
      data,
      file: reading.file,
      line: entry.line,
      start: entry.start,
      end: entry.end,
    }),
  );
  return null;
}

const NAME_COUNT: Readonly<Record<string, number>> = {
  NS: 0,
  CNAME: 0,
  PTR: 0,
  DNAME: 0,
  MX: 1,
  SRV: 3,
};

/** The data as text with absolute names, or what is wrong with it. */
function dataText({ type, words }: Fields, origin: string): string | { readonly problem: string } {
  if (words.length === 0) return { problem: "unexpected end of line" };
  if (type === "A") {
    return isIpv4(words[0]) ? words[0] : { problem: `bad dotted quad near '${words[0]}'` };
  }
  if (type === "AAAA") {
    return ipv6Groups(words[0]) === null
      ? { problem: `bad IPv6 address near '${words[0]}'` }
      : words[0].toLowerCase();
  }
  if (type === "SOA") return soaText(words, origin);
  const before = NAME_COUNT[type];
  if (before === undefined) return words.join(" ");
  if (words.length !== before + 1) return { problem: "unexpected end of line" };
  const numbers = words.slice(0, before);
  if (numbers.some((word) => !/^\d+$/.test(word)))
    return { problem: `not a valid number near '${words[0]}'` };
  const target = absolute(words[before], origin);
  const problem = nameProblem(target);
  return problem === null ? [...numbers, target].join(" ") : { problem };
}

function soaText(words: readonly string[], origin: string): string | { readonly problem: string } {
  if (words.length !== 7) return { problem: "SOA needs two names and five numbers" };
  const times = words.slice(2).map((word, i) => (i === 0 ? numberOf(word) : parseTtl(word)));
  const bad = times.indexOf(null);
  if (bad >= 0) return { problem: `not a valid number near '${words[bad + 2]}'` };
  return [absolute(words[0], origin), absolute(words[1], origin), ...times].join(" ");
}

function numberOf(word: string): number | null {
  return /^\d{1,10}$/.test(word) ? Number(word) : null;
}

function absolute(name: string, origin: string): string {
  if (name === "@") return origin;
  if (name.endsWith(".") && !name.endsWith("\\.")) return name;
  return origin === "." ? `${name}.` : `${name}.${origin}`;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** `3600`, `1h30m`, `1W`: seconds, or null. At most 2^31 - 1 (RFC 2181 section 8). */
export function parseTtl(text: string): number | null {
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text), 2_147_483_647);
  if (!/^(\d{1,7}[smhdw])+$/i.test(text)) return null;
  let seconds = 0;
  for (const [, count, unit] of text.toLowerCase().matchAll(/(\d+)([smhdw])/g)) {
    seconds += Number(count) * UNIT_SECONDS[unit];
  }
  return Math.min(seconds, 2_147_483_647);
}

/** What named-checkzone says of a zone as a whole. */
function checkZone(reading: Reading): void {
  const { records, zone } = reading;
  const atTop = (type: string) =>
    records.filter((record) => record.type === type && canonicalName(record.name) === zone);
  const soaCount = atTop("SOA").length;
  if (soaCount !== 1)
    complain(reading, 0, `zone ${zone.slice(0, -1)}/IN: has ${soaCount} SOA records`);
  if (atTop("NS").length === 0)
    complain(reading, 0, `zone ${zone.slice(0, -1)}/IN: has no NS records`);
  const typesByName = new Map<string, Set<string>>();
  for (const record of records) {
    const name = canonicalName(record.name);
    const types = typesByName.get(name) ?? new Set();
    typesByName.set(name, types.add(record.type));
    if (types.has("CNAME") && types.size > 1) {
      complain(reading, record.line, `${record.name}: CNAME and other data`);
    }
  }
}
