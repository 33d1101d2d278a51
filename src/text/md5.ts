// MD5, by which nginx names the files of its cache and Django makes its ETags. Source: RFC 1321. Texts
// hold one byte in each unit.

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

/** floor(2^32 * |sin(i+1)|), as RFC 1321 prints it: no Math.sin, whose last bits differ between browsers. */
const SINES = new Uint32Array([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
]);

/** The digest of a text with one byte in each unit, as 32 hexadecimal digits. */
export function md5(bytes: string): string {
  return md5Bytes(bytes)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** The digest as 16 bytes. */
export function md5Bytes(bytes: string): number[] {
  const length = bytes.length;
  const blocks = ((length + 8) >> 6) + 1;
  const words = new Uint32Array(blocks * 16);
  for (let i = 0; i < length; i++) words[i >> 2] |= (bytes.charCodeAt(i) & 255) << ((i & 3) * 8);
  words[length >> 2] |= 0x80 << ((length & 3) * 8);
  words[blocks * 16 - 2] = length << 3;
  words[blocks * 16 - 1] = length >>> 29;
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  for (let block = 0; block < blocks; block++) digestBlock(state, words, block * 16);
  return [...state].flatMap((word) => [0, 8, 16, 24].map((shift) => (word >>> shift) & 255));
}

function digestBlock(state: Uint32Array, words: Uint32Array, at: number): void {
  let [a, b, c, d] = state;
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    const mixed = mix(round, b, c, d);
    const index = (STEP[round] * i + START[round]) & 15;
    const sum = (a + mixed + SINES[i] + words[at + index]) >>> 0;
    const shift = SHIFTS[round * 4 + (i & 3)];
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) >>> 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

/** Which word of the block a step takes: (STEP * i + START) mod 16, by round. */
const STEP = [1, 5, 3, 7];
const START = [0, 1, 5, 0];

function mix(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d);
  if (round === 1) return (d & b) | (~d & c);
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d);
}
