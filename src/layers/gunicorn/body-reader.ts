// The body of a request as wsgi.input gives it out: a counted number of bytes, or chunks.
// Source: gunicorn/http/body.py LengthReader, ChunkedReader 20.1.0.
import { type Chunk, fillerChunk, textChunk } from "../../host/network.ts";
import { bytesRepr } from "../../text/python-repr.ts";
import type { Framing } from "./request-framing.ts";

export type BodyState =
  | { kind: "length"; left: number }
  | {
      kind: "chunked";
      phase: "size" | "data" | "end" | "trailer" | "done" | "bad";
      left: number;
      line: string;
      /** The exception of a body that breaks its framing; and the trailer's lines, unread. */
      fault: string | null;
      trailer: string;
    };

/** The body of a request that was just parsed. */
export function bodyOf(framing: Framing): BodyState {
  return framing.kind === "length"
    ? { kind: "length", left: framing.bytes }
    : { kind: "chunked", phase: "size", left: 0, line: "", fault: null, trailer: "" };
}

/** Whether nothing more of the body can come. */
export function bodyIsRead(body: BodyState): boolean {
  return body.kind === "length" ? body.left === 0 : body.phase === "done" || body.phase === "bad";
}

/** The first `bytes` of a chunk, and what remains (null when nothing does). */
export function splitChunk(chunk: Chunk, bytes: number): [Chunk, Chunk | null] {
  if (chunk.bytes <= bytes) return [chunk, null];
  if (chunk.text !== null)
    return [textChunk(chunk.text.slice(0, bytes)), textChunk(chunk.text.slice(bytes))];
  const offset = chunk.fillerOffset ?? 0;
  return [fillerChunk(bytes, offset), fillerChunk(chunk.bytes - bytes, (offset + bytes) % 16)];
}

const FILLER = "0123456789abcdef";

/** What a chunk says; counted bytes are written out. */
export function chunkText(chunk: Chunk): string {
  if (chunk.text !== null) return chunk.text;
  const offset = chunk.fillerOffset ?? 0;
  return FILLER.repeat(Math.ceil((offset + chunk.bytes) / 16)).slice(offset, offset + chunk.bytes);
}

/**
 * Takes body bytes out of received ones, at most `max`: the data, and the bytes that are not of it
 * yet (beyond the body, or beyond `max`).
 */
export function takeBody(
  body: BodyState,
  received: readonly Chunk[],
  max: number,
): { data: Chunk[]; rest: Chunk[] } {
  const data: Chunk[] = [];
  const rest = [...received];
  let room = max;
  while (rest.length > 0 && !bodyIsRead(body) && (room > 0 || needsFraming(body))) {
    const chunk = rest.shift() as Chunk;
    if (needsFraming(body)) {
      const tail = readFraming(body, chunkText(chunk));
      if (tail !== "") rest.unshift(textChunk(tail));
      continue;
    }
    const [head, tail] = splitChunk(chunk, Math.min(room, body.left));
    data.push(head);
    room -= head.bytes;
    takeBytes(body, head.bytes);
    if (tail !== null) rest.unshift(tail);
  }
  return { data, rest };
}

function takeBytes(body: BodyState, bytes: number): void {
  body.left -= bytes;
  if (body.kind === "chunked" && body.left === 0) body.phase = "end";
}

function needsFraming(body: BodyState): body is ChunkedState {
  return body.kind === "chunked" && body.phase !== "data";
}

type ChunkedState = Extract<BodyState, { kind: "chunked" }>;

/** Reads chunk sizes, the CRLF after a chunk, and trailers; returns what follows them. */
function readFraming(body: ChunkedState, text: string): string {
  body.line += text;
  if (body.phase === "end") {
    if (body.line.length < 2) return "";
    if (!body.line.startsWith("\r\n")) {
      const found = bytesRepr(body.line.slice(0, 2));
      return spoil(body, `${ERRORS}.ChunkMissingTerminator: ${NO_TERMINATOR}: ${found}`);
    }
    body.line = body.line.slice(2);
    body.phase = "size";
  }
  if (body.phase === "trailer") return readTrailer(body);
  const end = body.line.indexOf("\r\n");
  if (end < 0) return "";
  const size = body.line.slice(0, end).split(";")[0].trim();
  const rest = body.line.slice(end + 2);
  body.line = "";
  if (size === "")
    return spoil(body, "ValueError: invalid literal for int() with base 16: b''", rest);
  if (!/^[\da-fA-F]+$/.test(size))
    return spoil(body, `${ERRORS}.InvalidChunkSize: Invalid chunk size: ${bytesRepr(size)}`, rest);
  body.left = Number.parseInt(size, 16);
  if (body.left > 0) {
    body.phase = "data";
    return rest;
  }
  body.phase = "trailer";
  body.line = rest;
  return readTrailer(body);
}

const ERRORS = "gunicorn.http.errors";
const NO_TERMINATOR = "Invalid chunk terminator is not '\\r\\n'";

/** What follows a broken chunk is never read: the connection closes. */
function spoil(body: ChunkedState, fault: string, rest = ""): string {
  body.phase = "bad";
  body.fault = fault;
  return rest;
}

function readTrailer(body: ChunkedState): string {
  const end = body.line.startsWith("\r\n") ? 2 : body.line.indexOf("\r\n\r\n") + 4;
  if (end < 4 && !body.line.startsWith("\r\n")) return "";
  const rest = body.line.slice(end);
  body.trailer = body.line.slice(0, Math.max(0, end - 4));
  body.line = "";
  body.phase = "done";
  return rest;
}
