// A 32-bit running hash (FNV-1a over 32-bit words, with a final mix), for journals and states. Not for
// security: it tells whether two runs did the same.

export const HASH_START = 0x811c9dc5 | 0;

/** Adds one 32-bit word. */
export function hashWord(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x01000193);
  return h ^ (h >>> 15);
}

/** Adds a text, by UTF-16 code units. */
export function hashText(hash: number, text: string): number {
  let h = hashWord(hash, text.length);
  for (let i = 0; i < text.length; i++) h = hashWord(h, text.charCodeAt(i));
  return h;
}

/** The hash as eight hexadecimal digits. */
export function formatHash(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, "0");
}
