// SHA-1 (FIPS 180-4), for the {SHA} and {SSHA} passwords of an htpasswd file. Texts are latin-1.

const ROUND_CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/** The 20 bytes of the digest as a latin-1 text. */
export function sha1(text: string): string {
  const words = padded(text);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let block = 0; block < words.length; block += 16) mixBlock(state, words, block);
  return state
    .flatMap((word) => [24, 16, 8, 0].map((shift) => String.fromCharCode((word >>> shift) & 255)))
    .join("");
}

function padded(text: string): number[] {
  const words = new Array<number>((((text.length + 8) >> 6) + 1) * 16).fill(0);
  for (let i = 0; i < text.length; i++) {
    words[i >> 2] |= (text.charCodeAt(i) & 255) << (24 - (i & 3) * 8);
  }
  words[text.length >> 2] |= 0x80 << (24 - (text.length & 3) * 8);
  words[words.length - 1] = text.length << 3;
  return words;
}

function mixBlock(state: number[], words: readonly number[], block: number): void {
  const schedule = words.slice(block, block + 16);
  for (let i = 16; i < 80; i++) {
    schedule.push(
      rotate(schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1),
    );
  }
  let [a, b, c, d, e] = state;
  for (let i = 0; i < 80; i++) {
    const round = Math.floor(i / 20);
    const f = choose(round, b, c, d);
    const sum = (rotate(a, 5) + f + e + ROUND_CONSTANTS[round] + schedule[i]) | 0;
    [e, d, c, b, a] = [d, c, rotate(b, 30), a, sum];
  }
  [a, b, c, d, e].forEach((word, i) => {
    state[i] = (state[i] + word) | 0;
  });
}

function choose(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d);
  if (round === 2) return (b & c) | (b & d) | (c & d);
  return b ^ c ^ d;
}
