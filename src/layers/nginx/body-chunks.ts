// Cutting and joining of chunks: pieces of text or of counted filler, without ever making the filler's bytes.
import { type Chunk, fillerChunk, packedChunk, textChunk } from "../../host/network.ts";

/** The period of the filler's 16 bytes. */
const FILLER_PERIOD = 16;
const FILLER = "0123456789abcdef";

/** Bytes `start` to `end` of a chunk. */
export function sliceChunk(chunk: Chunk, start: number, end = chunk.bytes): Chunk {
  if (start === 0 && end >= chunk.bytes) return chunk;
  if (chunk.text !== null) return textChunk(chunk.text.slice(start, end));
  if (start === 0 && chunk.unpacked !== undefined) return packedChunk(end, chunk.unpacked);
  return fillerChunk(end - start, ((chunk.fillerOffset ?? 0) + start) % FILLER_PERIOD);
}

/** Bytes of several chunks together. */
export function bytesOf(chunks: readonly Chunk[]): number {
  let bytes = 0;
  for (const chunk of chunks) bytes += chunk.bytes;
  return bytes;
}

/** The first `bytes` of several chunks. */
export function takeBytes(chunks: readonly Chunk[], bytes: number): Chunk[] {
  if (chunks.length === 1 && bytes > 0) return [sliceChunk(chunks[0], 0, bytes)];
  const taken: Chunk[] = [];
  let left = bytes;
  for (const chunk of chunks) {
    if (left <= 0) break;
    taken.push(sliceChunk(chunk, 0, left));
    left -= chunk.bytes;
  }
  return taken;
}

/** What comes after the first `bytes` of several chunks. */
export function dropBytes(chunks: readonly Chunk[], bytes: number): Chunk[] {
  const kept: Chunk[] = [];
  let left = bytes;
  for (const chunk of chunks) {
    if (chunk.bytes > left) kept.push(sliceChunk(chunk, Math.max(0, left)));
    left -= chunk.bytes;
  }
  return kept;
}

/** A chunk's text; filler is written out, so only ask for short ones. */
export function chunkText(chunk: Chunk): string {
  if (chunk.text !== null) return chunk.text;
  const start = (chunk.fillerOffset ?? 0) % FILLER_PERIOD;
  const periods = Math.ceil((start + chunk.bytes) / FILLER_PERIOD);
  return FILLER.repeat(periods).slice(start, start + chunk.bytes);
}
