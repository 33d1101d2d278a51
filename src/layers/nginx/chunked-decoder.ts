// Taking the chunked framing off an upstream's response. Framing is text; the data between may be filler.
// Source: nginx 1.22.1, src/http/ngx_http_parse.c, ngx_http_parse_chunked.
import type { Chunk } from "../../host/network.ts";
import { sliceChunk } from "./body-chunks.ts";

type Place = "size" | "extension" | "data" | "after data" | "trailer" | "trailer line" | "end";

/** Where the decoder stands. Plain data. */
export interface ChunkedState {
  place: Place;
  /** Of the chunk at hand: what is left of its data, or its size so far. */
  size: number;
  /** Digits of the size so far. */
  digits: number;
  /** Bytes of all the data that chunks have announced. */
  announced: number;
}

export interface Decoded {
  readonly data: readonly Chunk[];
  readonly done: boolean;
  readonly invalid: boolean;
  /** Bytes after the last chunk. */
  readonly leftBytes: number;
}

/** The decoder before any byte. */
export function newChunkedState(): ChunkedState {
  return { place: "size", size: 0, digits: 0, announced: 0 };
}

/** Feeds one chunk of the connection to the decoder, which stops at the chunk that goes beyond `most` bytes. */
export function decodeChunked(state: ChunkedState, chunk: Chunk, most = Infinity): Decoded {
  const data: Chunk[] = [];
  let at = 0;
  while (at < chunk.bytes) {
    if (state.place === "end")
      return { data, done: true, invalid: false, leftBytes: chunk.bytes - at };
    if (state.place === "data") {
      const end = Math.min(chunk.bytes, at + state.size);
      data.push(sliceChunk(chunk, at, end));
      state.size -= end - at;
      at = end;
      if (state.size === 0) state.place = "after data";
      continue;
    }
    const char = chunk.text === null ? "" : chunk.text[at];
    if (!readFraming(state, char)) return { data, done: false, invalid: true, leftBytes: 0 };
    at++;
    if (state.announced > most) break;
  }
  return { data, done: state.place === "end", invalid: false, leftBytes: 0 };
}

/** One byte of framing; false when it may not stand here. */
function readFraming(state: ChunkedState, char: string): boolean {
  switch (state.place) {
    case "size":
      return readSize(state, char);
    case "extension":
      if (char === "\n") beginData(state);
      return true;
    case "after data":
      if (char === "\n") {
        state.place = "size";
        state.size = state.digits = 0;
      }
      return char === "\r" || char === "\n";
    case "trailer":
      if (char === "\n") state.place = "end";
      else if (char !== "\r") state.place = "trailer line";
      return true;
    case "trailer line":
      if (char === "\n") state.place = "trailer";
      return true;
    default:
      return false;
  }
}

function readSize(state: ChunkedState, char: string): boolean {
  const digit = Number.parseInt(char, 16);
  if (!Number.isNaN(digit)) {
    state.size = state.size * 16 + digit;
    state.digits++;
    return state.size <= Number.MAX_SAFE_INTEGER;
  }
  if (state.digits === 0) return false;
  if (char === "\n") {
    beginData(state);
    return true;
  }
  if (char === "\r" || char === ";" || char === " " || char === "\t") {
    state.place = "extension";
    return true;
  }
  return false;
}

function beginData(state: ChunkedState): void {
  state.place = state.size === 0 ? "trailer" : "data";
  state.announced += state.size;
}

/** The fewest bytes that can still follow: nginx reads on until it has them (ctx->length). */
export function leastChunkedBytes(state: ChunkedState): number {
  switch (state.place) {
    case "size":
      if (state.digits === 0) return 3;
      return 1 + (state.size > 0 ? state.size + 4 : 1);
    case "extension":
      return 1 + (state.size > 0 ? state.size + 4 : 1);
    case "data":
      return state.size + 4;
    case "after data":
      return 4;
    case "trailer":
      return 1;
    default:
      return 2;
  }
}
