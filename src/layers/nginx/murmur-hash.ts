// MurmurHash2 of bytes, seed = length, as nginx's split_clients uses it.
// Source: src/core/ngx_murmurhash.c (1.22.1).

const FACTOR = 0x5bd1e995;

/** The 32-bit hash of a text of bytes, unsigned. */
export function murmurHash2(text: string): number {
  let h = text.length | 0;
  let at = 0;
  const byte = (i: number): number => text.charCodeAt(i) & 255;
  for (; text.length - at >= 4; at += 4) {
    let k = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    k = Math.imul(k, FACTOR);
    k ^= k >>> 24;
    k = Math.imul(k, FACTOR);
    h = Math.imul(h, FACTOR) ^ k;
  }
  const left = text.length - at;
  if (left === 3) h ^= byte(at + 2) << 16;
  if (left >= 2) h ^= byte(at + 1) << 8;
  if (left >= 1) h = Math.imul(h ^ byte(at), FACTOR);
  h ^= h >>> 13;
  h = Math.imul(h, FACTOR);
  h ^= h >>> 15;
  return h >>> 0;
}
