// Parts of a chunk: of text the characters, of filler the count and the place in its cycle.
import { type Chunk, fillerChunk, packedChunk, textChunk } from "./network.ts";

/** `bytes` of a chunk from `offset` on; the chunk itself when that is all of it. */
export function sliceChunk(chunk: Chunk, offset: number, bytes: number): Chunk {
  if (offset === 0 && bytes === chunk.bytes) return chunk;
  if (chunk.text !== null) return textChunk(chunk.text.slice(offset, offset + bytes));
  if (offset === 0 && chunk.unpacked !== undefined) return packedChunk(bytes, chunk.unpacked);
  return fillerChunk(bytes, ((chunk.fillerOffset ?? 0) + offset) % 16);
}
