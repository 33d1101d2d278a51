// MD5 of a response's content, for ETags, remembered: a crowd is sent the same pages again and again.
import type { Chunk } from "../../host/network.ts";
import { md5 } from "../../text/md5.ts";

const known = new Map<string, string>();
const KNOWN_MAX = 500;
const FILLER = "0123456789abcdef";

/** The digest of all chunks together, as 32 hexadecimal digits. */
export function contentMd5(content: readonly Chunk[]): string {
  const key = content
    .map((chunk) => chunk.text ?? `\u0100${chunk.bytes},${chunk.fillerOffset ?? 0}`)
    .join("\u0101");
  const before = known.get(key);
  if (before !== undefined) return before;
  const digest = md5(content.map((chunk) => chunk.text ?? filler(chunk)).join(""));
  if (known.size >= KNOWN_MAX) known.clear();
  if (key.length < 4096) known.set(key, digest);
  return digest;
}

function filler(chunk: Chunk): string {
  const offset = (chunk.fillerOffset ?? 0) % FILLER.length;
  return FILLER.repeat(Math.ceil((chunk.bytes + offset) / FILLER.length)).slice(
    offset,
    offset + chunk.bytes,
  );
}
