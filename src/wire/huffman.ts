// The Huffman code of HPACK. It is canonical: codes of one length follow each other in the order of
// their bytes, so the lengths are all that must be known. Bytes are latin-1 text, one unit a byte.
// Source: RFC 7541, section 5.2 and appendix B.

/** The length of each byte's code in bits, less five, as letters from a: byte 0 first. */
const LENGTHS =
  "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhfibccccccccccccccccccccccdcdioijb" +
  "kabababbbaccbbbabcbaabccccckgjixprpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrs" +
  "vvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwv";
const SHORTEST_BITS = 5;
const LONGEST_BITS = 30;

interface Code {
  /** Of each byte: its code and how many bits it has. */
  readonly codes: readonly number[];
  readonly bits: readonly number[];
  /** Of each length: its first code, and the bytes that have codes of that length, in order. */
  readonly firsts: readonly number[];
  readonly bytes: readonly (readonly number[])[];
}

let made: Code | null = null;

/** The code, made when it is first needed. */
function code(): Code {
  made ??= makeCode();
  return made;
}

function makeCode(): Code {
  const bits = [...LENGTHS].map((letter) => letter.charCodeAt(0) - 97 + SHORTEST_BITS);
  const codes: number[] = [];
  const firsts: number[] = [];
  const bytes: number[][] = [];
  let next = 0;
  for (let length = SHORTEST_BITS; length <= LONGEST_BITS; length++) {
    next *= 2;
    firsts[length] = next;
    bytes[length] = bits.flatMap((each, byte) => (each === length ? [byte] : []));
    for (const byte of bytes[length]) codes[byte] = next++;
  }
  return { codes, bits, firsts, bytes };
}

/** How many bytes `text` has when it is coded. */
export function huffmanBytes(text: string): number {
  const { bits } = code();
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += bits[text.charCodeAt(i)];
  return Math.ceil(sum / 8);
}

/** The coded text; the last byte is filled up with ones. */
export function huffmanEncode(text: string): string {
  const { codes, bits } = code();
  let out = "";
  let held = 0;
  let heldBits = 0;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    // At most 7 bits are held, and 37 bits are exact in a number.
    held = held * 2 ** bits[byte] + codes[byte];
    heldBits += bits[byte];
    while (heldBits >= 8) {
      heldBits -= 8;
      const unit = 2 ** heldBits;
      out += String.fromCharCode(Math.floor(held / unit));
      held %= unit;
    }
  }
  if (heldBits === 0) return out;
  const missing = 8 - heldBits;
  return out + String.fromCharCode(held * 2 ** missing + 2 ** missing - 1);
}

/** The text that was coded; null when a code is none, or the filling is not a few ones. */
export function huffmanDecode(coded: string): string | null {
  const { firsts, bytes } = code();
  let out = "";
  let held = 0;
  let heldBits = 0;
  for (let i = 0; i < coded.length * 8; i++) {
    const bit = (coded.charCodeAt(i >> 3) >> (7 - (i & 7))) & 1;
    held = held * 2 + bit;
    heldBits++;
    if (heldBits > LONGEST_BITS) return null;
    const byte = bytes[heldBits]?.[held - firsts[heldBits]];
    if (byte === undefined) continue;
    out += String.fromCharCode(byte);
    held = 0;
    heldBits = 0;
  }
  return heldBits < 8 && held === 2 ** heldBits - 1 ? out : null;
}
