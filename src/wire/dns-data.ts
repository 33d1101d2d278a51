// Record data between its text (as in zone files) and its bytes. Only the types of RFC 1035 compress
// the names inside their data (RFC 3597 section 4).
import { labelsOf, nameOf } from "./dns-name.ts";

/** Where bytes are collected; names already written can be pointed at. */
export interface MessageWriter {
  readonly bytes: number[];
  /** Offsets of name suffixes, by their labels in lower case joined by NUL. */
  readonly suffixes: Map<string, number>;
  /** How many tails of a name, the whole name included, are remembered and looked for. */
  readonly tailsMax: number;
}

const POINTER = 0xc000;

/** Writes a name, pointing at an earlier occurrence of its tail when `compress` is set. */
export function writeName(writer: MessageWriter, name: string, compress: boolean): void {
  const labels = labelsOf(name);
  for (let i = 0; i < labels.length; i++) {
    const isTail = i < writer.tailsMax;
    const suffix = isTail ? labels.slice(i).join("\0").toLowerCase() : "";
    const known = isTail ? writer.suffixes.get(suffix) : undefined;
    if (compress && known !== undefined) {
      write16(writer, POINTER | known);
      return;
    }
    if (isTail && known === undefined && writer.bytes.length < 0x4000) {
      writer.suffixes.set(suffix, writer.bytes.length);
    }
    writeText(writer, labels[i]);
  }
  writer.bytes.push(0);
}

export function write16(writer: MessageWriter, value: number): void {
  writer.bytes.push((value >>> 8) & 255, value & 255);
}

export function write32(writer: MessageWriter, value: number): void {
  write16(writer, Math.floor(value / 65_536));
  write16(writer, value % 65_536);
}

/** A character string: a length byte and at most 255 bytes. */
function writeText(writer: MessageWriter, text: string): void {
  const bytes = text.slice(0, 255);
  writer.bytes.push(bytes.length);
  for (let i = 0; i < bytes.length; i++) writer.bytes.push(bytes.charCodeAt(i) & 255);
}

/** Writes the data of a record from its text. */
export function writeData(writer: MessageWriter, type: string, data: string): void {
  const raw = /^\\# \d+ ?([0-9a-fA-F ]*)$/.exec(data);
  if (raw !== null) writeHex(writer, raw[1]);
  else DATA_WRITERS[type]?.(writer, splitData(data));
}

type DataWriter = (writer: MessageWriter, words: readonly string[]) => void;

const writeStrings: DataWriter = (writer, words) => {
  for (const word of words) writeText(writer, word);
};

const writeService: DataWriter = (writer, words) => {
  write16(writer, Number(words[0] ?? 0));
  writeName(writer, words[1] ?? ".", false);
  for (const parameter of words.slice(2)) writeServiceParameter(writer, parameter);
};

const writeTarget: DataWriter = (writer, words) => writeName(writer, words[0] ?? ".", true);

const DATA_WRITERS: Readonly<Record<string, DataWriter>> = {
  A: (writer, words) => {
    for (const part of (words[0] ?? "").split(".")) writer.bytes.push(Number(part) & 255);
  },
  AAAA: (writer, words) => {
    for (const group of ipv6Groups(words[0] ?? "") ?? []) write16(writer, group);
  },
  NS: writeTarget,
  CNAME: writeTarget,
  PTR: writeTarget,
  MX: (writer, words) => {
    write16(writer, Number(words[0] ?? 0));
    writeName(writer, words[1] ?? ".", true);
  },
  SOA: (writer, words) => {
    writeName(writer, words[0] ?? ".", true);
    writeName(writer, words[1] ?? ".", true);
    for (let i = 2; i < 7; i++) write32(writer, Number(words[i] ?? 0));
  },
  TXT: writeStrings,
  SPF: writeStrings,
  HINFO: writeStrings,
  HTTPS: writeService,
  SVCB: writeService,
  DNAME: (writer, words) => writeName(writer, words[0] ?? ".", false),
  SRV: (writer, words) => {
    for (let i = 0; i < 3; i++) write16(writer, Number(words[i] ?? 0));
    writeName(writer, words[3] ?? ".", false);
  },
  CAA: (writer, words) => {
    writer.bytes.push(Number(words[0] ?? 0) & 255);
    writeText(writer, words[1] ?? "");
    for (const c of words[2] ?? "") writer.bytes.push(c.charCodeAt(0) & 255);
  },
};

/** `alpn="h2,h3"` and `port=8443` (RFC 9460). Other parameters are not written. */
function writeServiceParameter(writer: MessageWriter, parameter: string): void {
  const [key, value = ""] = parameter.split("=", 2);
  if (key === "alpn") {
    const ids = value.replaceAll('"', "").split(",");
    write16(writer, 1);
    write16(
      writer,
      ids.reduce((sum, id) => sum + id.length + 1, 0),
    );
    for (const id of ids) writeText(writer, id);
  } else if (key === "port") {
    write16(writer, 3);
    write16(writer, 2);
    write16(writer, Number(value));
  }
}

function writeHex(writer: MessageWriter, hex: string): void {
  for (const pair of hex.replaceAll(" ", "").match(/../g) ?? []) {
    writer.bytes.push(Number.parseInt(pair, 16));
  }
}

/** Words of a record's data: quoted strings lose their quotes, escapes are undone inside them. */
export function splitData(data: string): readonly string[] {
  const words: string[] = [];
  for (const match of data.matchAll(/"((?:[^"\\]|\\.)*)"|(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g)) {
    words.push(match[1] === undefined ? match[0] : match[1].replace(/\\(\d{3}|.)/g, unescaped));
  }
  return words;
}

function unescaped(_: string, code: string): string {
  return code.length === 3 ? String.fromCharCode(Number(code) & 255) : code;
}

/** The eight groups of an IPv6 address, or null when it is none. */
export function ipv6Groups(text: string): readonly number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const left = groupsOf(halves[0]);
  const right = halves.length === 2 ? groupsOf(halves[1]) : [];
  if (left === null || right === null) return null;
  const missing = 8 - left.length - right.length;
  if (halves.length === 1) return missing === 0 ? left : null;
  return missing < 1 ? null : [...left, ...new Array<number>(missing).fill(0), ...right];
}

function groupsOf(text: string): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  for (const part of text.split(":")) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null;
    groups.push(Number.parseInt(part, 16));
  }
  return groups;
}

/** Whether a text is an IPv4 address in four decimal parts. */
export function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

/** IPv6 in the form of RFC 5952: lower case, the longest run of zeros (two or more) as `::`. */
export function formatIpv6(groups: readonly number[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.at < 0) return hex.join(":");
  return `${hex.slice(0, best.at).join(":")}::${hex.slice(best.at + best.length).join(":")}`;
}

export interface MessageReader {
  readonly bytes: readonly number[];
  at: number;
}

export function read16(reader: MessageReader): number {
  const value = ((reader.bytes[reader.at] ?? 0) << 8) | (reader.bytes[reader.at + 1] ?? 0);
  reader.at += 2;
  return value;
}

export function read32(reader: MessageReader): number {
  return read16(reader) * 65_536 + read16(reader);
}

/** Reads a name; pointers may only lead backwards, so reading always ends. Null when it is broken. */
export function readName(reader: MessageReader): string | null {
  const labels: string[] = [];
  let at = reader.at;
  let end = -1;
  for (let length = reader.bytes[at]; length !== 0; length = reader.bytes[at]) {
    const next = afterLabel(reader, at);
    if (next === null || labels.length > NAME_LABELS_MAX) return null;
    if (next <= at && end < 0) end = at + 2;
    if (next > at) labels.push(String.fromCharCode(...reader.bytes.slice(at + 1, next)));
    at = next;
  }
  reader.at = end < 0 ? at + 1 : end;
  return nameOf(labels);
}

/** Where reading goes on after the label or pointer at this place; null when there is neither. */
function afterLabel(reader: MessageReader, at: number): number | null {
  const length = reader.bytes[at];
  if (length === undefined) return null;
  if (length <= 63) return at + 1 + length;
  if (length < 0xc0) return null;
  const target = ((length & 0x3f) << 8) | (reader.bytes[at + 1] ?? 0);
  return target < at ? target : null;
}

/** A name has at most 255 bytes, so at most 127 labels: a loop of pointers and labels ends here. */
const NAME_LABELS_MAX = 127;

/** Reads the data of a record as text; unknown types as `\# length hex` (RFC 3597). */
export function readData(reader: MessageReader, type: string, length: number): string | null {
  const end = reader.at + length;
  if (end > reader.bytes.length) return null;
  const text = readKnownData(reader, type, end);
  const raw = reader.bytes.slice(end - length, end);
  reader.at = end;
  if (text !== undefined) return text;
  const hex = raw.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `\\# ${length}${hex === "" ? "" : ` ${hex}`}`;
}

function readKnownData(
  reader: MessageReader,
  type: string,
  end: number,
): string | null | undefined {
  const { bytes } = reader;
  const length = end - reader.at;
  if (type === "A" && length === 4) return bytes.slice(reader.at, end).join(".");
  if (type === "AAAA" && length === 16) {
    return formatIpv6(Array.from({ length: 8 }, () => read16(reader)));
  }
  if (type === "NS" || type === "CNAME" || type === "PTR") return readName(reader);
  if (type === "MX") return `${read16(reader)} ${readName(reader)}`;
  if (type === "SOA") {
    const names = `${readName(reader)} ${readName(reader)}`;
    return `${names} ${Array.from({ length: 5 }, () => read32(reader)).join(" ")}`;
  }
  if (type === "TXT") return readStrings(reader, end);
  return undefined;
}

function readStrings(reader: MessageReader, end: number): string {
  const strings: string[] = [];
  while (reader.at < end) {
    const length = reader.bytes[reader.at] ?? 0;
    const text = String.fromCharCode(...reader.bytes.slice(reader.at + 1, reader.at + 1 + length));
    strings.push(`"${text.replace(/["\\]/g, "\\$&")}"`);
    reader.at += 1 + length;
  }
  return strings.join(" ");
}
