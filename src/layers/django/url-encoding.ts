// Percent-encoding and query strings as Python's urllib.parse does them.

const UNRESERVED = /[A-Za-z0-9_.\-~]/;
/** What stays as it is wherever `/` is safe. */
const PLAIN_PATH = /^[A-Za-z0-9_.\-~/]*$/;

/** quote(): everything but letters, digits, `_.-~` and the safe characters, as UTF-8. */
export function urlQuote(text: string, safe = "/"): string {
  if (PLAIN_PATH.test(text) && safe.includes("/")) return text;
  let out = "";
  for (const character of text) {
    if (UNRESERVED.test(character) || safe.includes(character)) out += character;
    else
      out += encodeURIComponent(isLoneSurrogate(character) ? "\ufffd" : character).replace(
        /[!'()*]/g,
        percent,
      );
  }
  return out;
}

function isLoneSurrogate(character: string): boolean {
  return character.length === 1 && character >= "\ud800" && character <= "\udfff";
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** UTF-8 bytes (one UTF-16 unit each) to text; what is no UTF-8 becomes `\ufffd`, or null when strict. */
export function decodeUtf8(bytes: string, strict = false): string | null {
  if (isAscii(bytes)) return bytes;
  let out = "";
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length === 0) {
      if (strict) return null;
      out += "\ufffd";
      i++;
    } else {
      out += String.fromCodePoint(codePoint(bytes, i, length));
      i += length;
    }
  }
  return out;
}

/** Bytes of the sequence at `i`, or 0 when there is no valid one. */
function sequenceLength(bytes: string, i: number): number {
  const length = announcedLength(bytes.charCodeAt(i));
  if (length <= 1) return length;
  for (let k = 1; k < length; k++) if ((bytes.charCodeAt(i + k) & 0xc0) !== 0x80) return 0;
  if (i + length > bytes.length) return 0;
  const code = codePoint(bytes, i, length);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return code < LEAST[length] || code > 0x10ffff || isSurrogate ? 0 : length;
}

/** The smallest code point that needs so many bytes. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

/** The length that a first byte announces, or 0 for one that begins no sequence. */
function announcedLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function codePoint(bytes: string, i: number, length: number): number {
  let code = bytes.charCodeAt(i) & (length === 1 ? 0x7f : 0xff >> (length + 1));
  for (let k = 1; k < length; k++) code = (code << 6) | (bytes.charCodeAt(i + k) & 63);
  return code;
}

/** unquote_plus() of one part of a query or form. */
export function unquotePlus(text: string): string {
  const bytes = text
    .replaceAll("+", " ")
    .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return decodeUtf8(bytes) as string;
}

/** Fields of a query string or form, in order; blank values are kept. Source: QueryDict, parse_qsl. */
export function parseQuery(text: string): readonly (readonly [string, string])[] {
  if (text === "") return [];
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      return equals < 0
        ? [unquotePlus(part), ""]
        : [unquotePlus(part.slice(0, equals)), unquotePlus(part.slice(equals + 1))];
    });
}

/** Fields by name, each with all its values, as dict(QueryDict.lists()) shows them. */
export function fieldLists(
  fields: readonly (readonly [string, string])[],
): Record<string, string[]> {
  const lists: Record<string, string[]> = Object.create(null);
  for (const [name, value] of fields) {
    lists[name] ??= [];
    lists[name].push(value);
  }
  return lists;
}
