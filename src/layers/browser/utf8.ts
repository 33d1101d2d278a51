// UTF-8 as clients use it. On the wire a text is one UTF-16 unit a byte (latin-1); a person and a
// scenario file write Unicode. Own code, so that the result is the same everywhere.

/** Unicode text to bytes, one unit a byte. Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII is meant.
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  let bytes = "";
  for (const character of text) bytes += encodePoint(character.codePointAt(0) ?? 0);
  return bytes;
}

function encodePoint(point: number): string {
  if (point < 0x80) return String.fromCharCode(point);
  if (point >= 0xd800 && point <= 0xdfff) return "\xef\xbf\xbd";
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), continuation(point));
  if (point < 0x10000) {
    return String.fromCharCode(0xe0 | (point >> 12), continuation(point >> 6), continuation(point));
  }
  return String.fromCharCode(
    0xf0 | (point >> 18),
    continuation(point >> 12),
    continuation(point >> 6),
    continuation(point),
  );
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

/** Bytes (one unit a byte) to Unicode text, or null when they are not valid UTF-8. */
export function decodeUtf8(bytes: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII is meant.
  if (/^[\x00-\x7f]*$/.test(bytes)) return bytes;
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes.charCodeAt(i));
    const point = length === 0 ? -1 : decodePoint(bytes, i, length);
    if (point < 0) return null;
    text += String.fromCodePoint(point);
    i += length;
  }
  return text;
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

const LEAST_POINT = [0, 0, 0x80, 0x800, 0x10000];

function decodePoint(bytes: string, at: number, length: number): number {
  const first = bytes.charCodeAt(at);
  if (length === 1) return first;
  let point = first & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) {
    const next = bytes.charCodeAt(at + k);
    if (Number.isNaN(next) || (next & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (next & 0x3f);
  }
  const surrogate = point >= 0xd800 && point <= 0xdfff;
  return surrogate || point > 0x10ffff || point < LEAST_POINT[length] ? -1 : point;
}
