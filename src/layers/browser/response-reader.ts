// Reads an HTTP/1.1 response as it arrives, in pieces of any size (RFC 9112 sections 4, 6 and 7):
// interim responses, then a head, then a body that is counted, chunked, or ends with the connection.
// The reader is plain data, so that it can be part of a keyframe; bodies are counted, and only their
// first bytes are kept.
import type { Chunk } from "../../host/network.ts";
import { memoByIdentity } from "../../kernel/memo.ts";

export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface ResponseHead {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  /** Names in lower case, in order, values trimmed. */
  readonly headers: HeaderList;
  /** The head as it came, without the empty line. */
  readonly text: string;
}

export type ReaderPhase =
  | "head"
  | "counted"
  | "until close"
  | "chunk size"
  | "chunk data"
  | "chunk end"
  | "trailer"
  | "complete"
  | "no status line";

export interface ResponseReader {
  phase: ReaderPhase;
  /** A head or a line that is not complete yet. */
  pending: string;
  head: ResponseHead | null;
  readonly interim: number[];
  /** Body bytes still expected, of the body or of the chunk. */
  left: number;
  bodyBytes: number;
  /** The body's first bytes, up to `keptMax`. */
  kept: string;
  /** What a compressed body unpacks to, when its sender said. */
  unpacked: string | null;
  readonly keptMax: number;
  /** The answer to HEAD has no body whatever its head says. */
  readonly bodyless: boolean;
  /**
   * A block that ends like a head but has no status line is passed over, as the client of the
   * recordings does; a browser takes it for HTTP/0.9 text.
   */
  readonly skipsForeignHeads: boolean;
  /** Any byte at all has arrived. */
  started: boolean;
}

/** A reader for the answer to one request. `keptMax` is in bytes. */
export function newReader(
  method: string,
  keptMax: number,
  skipsForeignHeads = false,
): ResponseReader {
  return {
    phase: "head",
    pending: "",
    head: null,
    interim: [],
    left: 0,
    bodyBytes: 0,
    kept: "",
    unpacked: null,
    keptMax,
    bodyless: method === "HEAD",
    skipsForeignHeads,
    started: false,
  };
}

/** How a response ends when the connection does. */
export type EndOfResponse = "complete" | "truncated" | "closed" | "no-status-line";

/** Takes the bytes of one chunk. What follows a complete response is dropped. */
export function feed(reader: ResponseReader, chunk: Chunk): void {
  let at = 0;
  if (chunk.bytes > 0) reader.started = true;
  while (at < chunk.bytes && reader.phase !== "complete") {
    const taken = takesBody(reader) ? takeBody(reader, chunk, at) : takeLine(reader, chunk, at);
    at += taken;
  }
}

/** What the end of the connection means at this point (RFC 9112 section 8). */
export function finish(reader: ResponseReader): EndOfResponse {
  if (reader.phase === "complete" || reader.phase === "until close") return "complete";
  if (reader.phase === "no status line") return "no-status-line";
  if (reader.head !== null) return "truncated";
  return reader.pending !== "" && !mayBeStatusLine(reader.pending) ? "no-status-line" : "closed";
}

/** Whether another request may use the connection after this response (RFC 9112 section 9.3). */
export function allowsReuse(reader: ResponseReader): boolean {
  if (reader.phase !== "complete" || reader.head === null) return false;
  return framingOf(reader.head).keepsOpen;
}

/** What a head says of its body and its connection. */
interface Framing {
  readonly chunked: boolean;
  /** Null when the end of the connection is the body's. */
  readonly lengthBytes: number | null;
  readonly keepsOpen: boolean;
}

const framingOf = memoByIdentity((head: ResponseHead): Framing => {
  const connection = headerOf(head, "connection")?.toLowerCase() ?? "";
  const length = headerOf(head, "content-length");
  return Object.freeze({
    chunked: /(^|,)\s*chunked\s*$/i.test(headerOf(head, "transfer-encoding") ?? ""),
    lengthBytes: length === null || !/^\d+$/.test(length) ? null : Number(length),
    keepsOpen:
      !connection.includes("close") &&
      (head.version !== "1.0" || connection.includes("keep-alive")),
  });
});

/** The body's text as far as it was kept, unpacked when it came compressed. */
export function bodyText(reader: ResponseReader): string {
  return reader.unpacked ?? reader.kept;
}

/** The first value of a header, by its lower-case name. */
export function headerOf(head: ResponseHead, name: string): string | null {
  return head.headers.find(([key]) => key === name)?.[1] ?? null;
}

/** The head of a response on a stream of HTTP/2: its body ends with the stream. Interim ones are passed over. */
export function takeStreamHead(reader: ResponseReader, head: ResponseHead): void {
  reader.started = true;
  if (head.status >= 100 && head.status < 200) {
    reader.interim.push(head.status);
    return;
  }
  reader.head = head;
  reader.phase = "until close";
}

/** A piece of the body on a stream. */
export function feedStream(reader: ResponseReader, chunk: Chunk): void {
  if (reader.phase === "until close" && chunk.bytes > 0) takeBody(reader, chunk, 0);
}

/** The stream has ended; false when the body is not as long as it was to be. */
export function endStreamBody(reader: ResponseReader): boolean {
  const { head } = reader;
  if (head === null) return false;
  const { lengthBytes } = framingOf(head);
  const isBodyless = reader.bodyless || head.status === 304;
  const isWhole = isBodyless || lengthBytes === null || lengthBytes === reader.bodyBytes;
  if (isWhole) reader.phase = "complete";
  return isWhole;
}

function takesBody(reader: ResponseReader): boolean {
  const { phase } = reader;
  return (
    phase === "counted" ||
    phase === "chunk data" ||
    phase === "until close" ||
    phase === "no status line"
  );
}

function takeBody(reader: ResponseReader, chunk: Chunk, at: number): number {
  const bounded = reader.phase === "counted" || reader.phase === "chunk data";
  const count = bounded ? Math.min(reader.left, chunk.bytes - at) : chunk.bytes - at;
  keep(reader, chunk, at, count);
  reader.bodyBytes += count;
  if (bounded) {
    reader.left -= count;
    if (reader.left === 0) reader.phase = reader.phase === "counted" ? "complete" : "chunk end";
  }
  return count;
}

function keep(reader: ResponseReader, chunk: Chunk, at: number, count: number): void {
  if (at === 0 && chunk.unpacked !== undefined && reader.keptMax > 0) {
    reader.unpacked = (reader.unpacked ?? "") + chunk.unpacked;
  }
  const room = reader.keptMax - reader.kept.length;
  if (room <= 0) return;
  reader.kept += textOf(chunk, at, Math.min(count, room));
}

/** The bytes of a chunk as text; filler is written out, so ask for little. */
export function textOf(chunk: Chunk, at: number, count: number): string {
  if (chunk.text !== null) return chunk.text.slice(at, at + count);
  const offset = ((chunk.fillerOffset ?? 0) + at) % 16;
  const cycle = "0123456789abcdef";
  return cycle.repeat(Math.ceil((offset + count) / 16)).slice(offset, offset + count);
}

/** Takes up to the end of a line, or of the head. Returns the bytes used of the chunk. */
function takeLine(reader: ResponseReader, chunk: Chunk, at: number): number {
  const had = reader.pending.length;
  const text = reader.pending + textOf(chunk, at, Math.min(chunk.bytes - at, LINE_MAX));
  if (reader.phase === "head" && !mayBeStatusLine(text) && reader.skipsForeignHeads) {
    return passOver(reader, text) - had;
  }
  if (reader.phase === "head" && !mayBeStatusLine(text)) {
    reader.phase = "no status line";
    reader.pending = "";
    countPending(reader, text.slice(0, had));
    return 0;
  }
  const end = reader.phase === "head" ? endOfHead(text) : endOfLine(text);
  if (end < 0) {
    reader.pending = text;
    return text.length - had;
  }
  reader.pending = "";
  const line = text.slice(0, end);
  if (reader.phase === "head") readHead(reader, line);
  else readFraming(reader, line.trim());
  return end - had;
}

/** Passes over a foreign block up to its empty line. Returns how much of the text is dealt with. */
function passOver(reader: ResponseReader, text: string): number {
  const end = text.indexOf("\r\n\r\n");
  reader.pending = end < 0 ? text : "";
  return end < 0 ? text.length : end + 4;
}

/** At the end of a connection: what is no response counts as a body. */
export function takeLeftover(reader: ResponseReader): void {
  countPending(reader, reader.pending);
  reader.pending = "";
}

/** The bytes of a head looked at in one step; a longer head takes several. */
const LINE_MAX = 65_536;

function countPending(reader: ResponseReader, text: string): void {
  reader.bodyBytes += text.length;
  reader.kept += text.slice(0, reader.keptMax - reader.kept.length);
}

function mayBeStatusLine(text: string): boolean {
  return text.startsWith("HTTP/") || "HTTP/".startsWith(text);
}

function endOfLine(text: string): number {
  const end = text.indexOf("\n");
  return end < 0 ? -1 : end + 1;
}

function endOfHead(text: string): number {
  const strict = text.indexOf("\r\n\r\n");
  const loose = text.indexOf("\n\n");
  if (strict >= 0 && (loose < 0 || strict < loose)) return strict + 4;
  return loose < 0 ? -1 : loose + 2;
}

function readHead(reader: ResponseReader, text: string): void {
  const head = parseHead(text);
  if (head.status >= 100 && head.status < 200 && head.status !== 101) {
    reader.interim.push(head.status);
    return;
  }
  reader.head = head;
  reader.phase = bodyPhase(reader, head);
}

/** How the body is delimited: RFC 9112 section 6.3. */
function bodyPhase(reader: ResponseReader, head: ResponseHead): ReaderPhase {
  if (reader.bodyless || head.status === 204 || head.status === 304) return "complete";
  if (head.status === 101) return "until close";
  const { chunked, lengthBytes } = framingOf(head);
  if (chunked) return "chunk size";
  if (lengthBytes === null) return "until close";
  reader.left = lengthBytes;
  return reader.left === 0 ? "complete" : "counted";
}

function readFraming(reader: ResponseReader, line: string): void {
  if (reader.phase === "chunk end") {
    reader.phase = "chunk size";
    return;
  }
  if (reader.phase === "trailer") {
    if (line === "") reader.phase = "complete";
    return;
  }
  const size = Number.parseInt(line, 16);
  reader.left = Number.isNaN(size) ? 0 : size;
  reader.phase = size > 0 ? "chunk data" : Number.isNaN(size) ? "counted" : "trailer";
  // A size that is no number cannot be read past: the response never becomes complete.
  if (Number.isNaN(size)) reader.left = Infinity;
}

const recentHeads = new Map<string, ResponseHead>();
const RECENT_HEADS_MAX = 512;

/** Parses a response head. Pure; the heads of a busy run repeat, so the last ones are remembered. */
export function parseHead(text: string): ResponseHead {
  const known = recentHeads.get(text);
  if (known !== undefined) return known;
  const head = parseHeadText(text);
  if (recentHeads.size >= RECENT_HEADS_MAX) recentHeads.clear();
  recentHeads.set(text, head);
  return head;
}

function parseHeadText(text: string): ResponseHead {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const status = /^HTTP\/(\d+(?:\.\d+)?) +(\d{3})(?: (.*))?/.exec(lines[0] ?? "");
  const headers: (readonly [string, string])[] = [];
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const pair = [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
    headers.push(Object.freeze(pair));
  }
  return Object.freeze({
    version: status?.[1] ?? "1.1",
    status: Number(status?.[2] ?? 0),
    reason: status?.[3] ?? "",
    headers: Object.freeze(headers),
    text: lines.join("\r\n"),
  });
}
