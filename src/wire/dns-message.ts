// The DNS message (RFC 1035 section 4, RFC 6891 for EDNS): a header of 12 bytes, then question, answer,
// authority and additional section. Records carry their data as text; bytes are exact, with the name
// compression of the program that writes: a name that has occurred before becomes a pointer.
import {
  type MessageReader,
  type MessageWriter,
  read16,
  read32,
  readData,
  readName,
  write16,
  write32,
  writeData,
  writeName,
} from "./dns-data.ts";
import { RCODES, type Rcode, typeName, typeNumber } from "./dns-types.ts";

export interface DnsRecord {
  /** Absolute, spelling kept: `www.example.com.` */
  readonly name: string;
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** As in a zone file, names absolute: `10 mail.example.com.` */
  readonly data: string;
}

export interface DnsQuestion {
  readonly name: string;
  readonly type: string;
}

export interface Edns {
  readonly udpPayload: number;
  /** DNSSEC OK. */
  readonly dnssecOk: boolean;
  readonly options?: readonly { readonly code: number; readonly bytes: readonly number[] }[];
}

export interface DnsMessage {
  readonly id: number;
  readonly isResponse: boolean;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly authenticData: boolean;
  readonly checkingDisabled: boolean;
  readonly rcode: Rcode;
  /** Null only in the bare header with which a client is refused. */
  readonly question: DnsQuestion | null;
  readonly answer: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
  readonly edns: Edns | null;
}

/** A query, with nothing set that is not given. */
export function dnsQuery(id: number, question: DnsQuestion, set: Partial<DnsMessage>): DnsMessage {
  return Object.freeze({ ...EMPTY, id, question: Object.freeze({ ...question }), ...set });
}

/** A response to a query: its id, question and RD are copied. */
export function dnsResponse(query: DnsMessage, set: Partial<DnsMessage>): DnsMessage {
  const { id, question, recursionDesired } = query;
  return Object.freeze({ ...EMPTY, id, question, recursionDesired, isResponse: true, ...set });
}

const EMPTY: DnsMessage = Object.freeze({
  id: 0,
  isResponse: false,
  authoritative: false,
  truncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  authenticData: false,
  checkingDisabled: false,
  rcode: "NOERROR",
  question: null,
  answer: [],
  authority: [],
  additional: [],
  edns: null,
});

const CLASS_IN = 1;
const FLAG = { qr: 0x8000, aa: 0x400, tc: 0x200, rd: 0x100, ra: 0x80, ad: 0x20, cd: 0x10 } as const;
const DNSSEC_OK = 0x8000;

/** Unbound and glibc look for every tail of a name that has occurred. */
export const ALL_TAILS = Infinity;
/**
 * BIND looks only for the name and the name without its first label.
 * Source: recorded answers of BIND 9.18.49 (`net. NS a.gtld-servers.net.` has no pointer to `net`).
 */
export const BIND_TAILS = 2;

/** The message's bytes. */
export function emitDns(message: DnsMessage, tailsMax = ALL_TAILS): readonly number[] {
  const writer: MessageWriter = { bytes: [], suffixes: new Map(), tailsMax };
  const { question, answer, authority, additional, edns } = message;
  write16(writer, message.id);
  write16(writer, flagsOf(message));
  write16(writer, question === null ? 0 : 1);
  write16(writer, answer.length);
  write16(writer, authority.length);
  write16(writer, additional.length + (edns === null ? 0 : 1));
  if (question !== null) {
    writeName(writer, question.name, true);
    write16(writer, typeNumber(question.type));
    write16(writer, CLASS_IN);
  }
  for (const record of [...answer, ...authority, ...additional]) writeRecord(writer, record);
  if (edns !== null) writeOpt(writer, edns);
  return writer.bytes;
}

function flagsOf(message: DnsMessage): number {
  return (
    (message.isResponse ? FLAG.qr : 0) |
    (message.authoritative ? FLAG.aa : 0) |
    (message.truncated ? FLAG.tc : 0) |
    (message.recursionDesired ? FLAG.rd : 0) |
    (message.recursionAvailable ? FLAG.ra : 0) |
    (message.authenticData ? FLAG.ad : 0) |
    (message.checkingDisabled ? FLAG.cd : 0) |
    RCODES.indexOf(message.rcode)
  );
}

function writeRecord(writer: MessageWriter, record: DnsRecord): void {
  writeName(writer, record.name, true);
  write16(writer, typeNumber(record.type));
  write16(writer, CLASS_IN);
  write32(writer, record.ttl);
  const lengthAt = writer.bytes.length;
  write16(writer, 0);
  writeData(writer, record.type, record.data);
  const length = writer.bytes.length - lengthAt - 2;
  writer.bytes[lengthAt] = length >>> 8;
  writer.bytes[lengthAt + 1] = length & 255;
}

function writeOpt(writer: MessageWriter, edns: Edns): void {
  const options = edns.options ?? [];
  writer.bytes.push(0);
  write16(writer, typeNumber("OPT"));
  write16(writer, edns.udpPayload);
  write32(writer, edns.dnssecOk ? DNSSEC_OK : 0);
  write16(
    writer,
    options.reduce((sum, option) => sum + 4 + option.bytes.length, 0),
  );
  for (const { code, bytes } of options) {
    write16(writer, code);
    write16(writer, bytes.length);
    writer.bytes.push(...bytes);
  }
}

/** Reads a message; null when it is broken (FORMERR). */
export function parseDns(bytes: readonly number[]): DnsMessage | null {
  if (bytes.length < 12) return null;
  const reader: MessageReader = { bytes, at: 0 };
  const id = read16(reader);
  const flags = read16(reader);
  const counts = [read16(reader), read16(reader), read16(reader), read16(reader)];
  const question = counts[0] === 0 ? null : readQuestion(reader);
  if (question === undefined || counts[0] > 1) return null;
  const sections: DnsRecord[][] = [[], [], []];
  let edns: Edns | null = null;
  for (let section = 0; section < 3; section++) {
    for (let i = 0; i < counts[section + 1]; i++) {
      const record = readRecord(reader);
      if (record === null) return null;
      if ("udpPayload" in record) edns = record;
      else sections[section].push(record);
    }
  }
  return Object.freeze({
    id,
    ...flagFields(flags),
    question,
    answer: sections[0],
    authority: sections[1],
    additional: sections[2],
    edns,
  });
}

function flagFields(
  flags: number,
): Omit<DnsMessage, "id" | "question" | "answer" | "authority" | "additional" | "edns"> {
  return {
    isResponse: (flags & FLAG.qr) !== 0,
    authoritative: (flags & FLAG.aa) !== 0,
    truncated: (flags & FLAG.tc) !== 0,
    recursionDesired: (flags & FLAG.rd) !== 0,
    recursionAvailable: (flags & FLAG.ra) !== 0,
    authenticData: (flags & FLAG.ad) !== 0,
    checkingDisabled: (flags & FLAG.cd) !== 0,
    rcode: RCODES[flags & 15] ?? "SERVFAIL",
  };
}

function readQuestion(reader: MessageReader): DnsQuestion | undefined {
  const name = readName(reader);
  const type = typeName(read16(reader));
  read16(reader);
  return name === null ? undefined : { name, type };
}

function readRecord(reader: MessageReader): DnsRecord | Edns | null {
  const name = readName(reader);
  if (name === null || reader.at + 10 > reader.bytes.length) return null;
  const type = typeName(read16(reader));
  const klass = read16(reader);
  const ttl = read32(reader);
  const length = read16(reader);
  if (type === "OPT")
    return readOpt(reader, { udpPayload: klass, dnssecOk: (ttl & DNSSEC_OK) !== 0 }, length);
  const data = readData(reader, type, length);
  return data === null ? null : { name, type, ttl, data };
}

function readOpt(reader: MessageReader, edns: Edns, length: number): Edns {
  const end = reader.at + length;
  const options: { code: number; bytes: readonly number[] }[] = [];
  while (reader.at + 4 <= end) {
    const code = read16(reader);
    const size = read16(reader);
    options.push({ code, bytes: reader.bytes.slice(reader.at, reader.at + size) });
    reader.at += size;
  }
  reader.at = end;
  return options.length === 0 ? edns : { ...edns, options };
}
