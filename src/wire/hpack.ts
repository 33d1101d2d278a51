// HPACK: header fields as HTTP/2 sends them, by their place in a table or as texts. Which fields a
// program puts into the table is its own choice (hpack-policy.ts); this is the form.
// Bytes are latin-1 text, one unit a byte.
// Source: RFC 7541, sections 5 and 6.

import { entryAt, type HeaderField, type HpackTable, withEntry, withSize } from "./hpack-table.ts";
import { huffmanBytes, huffmanDecode, huffmanEncode } from "./huffman.ts";

/** How a field is written. */
export type FieldForm =
  /** One number: name and value stand in a table. */
  | "indexed"
  /** The value is written out, and the field goes into the table. */
  | "added"
  /** Written out, and not to be kept. */
  | "literal"
  /** Written out, and nobody on the way may keep it. */
  | "never";

/** First bits and the width of the number after them. Source: RFC 7541, section 6. */
const FORMS: Readonly<Record<FieldForm, readonly [first: number, prefixBits: number]>> = {
  indexed: [0x80, 7],
  added: [0x40, 6],
  literal: [0x00, 4],
  never: [0x10, 4],
};
const SIZE_UPDATE = 0x20;
const SIZE_UPDATE_BITS = 5;
const HUFFMAN = 0x80;
const STRING_BITS = 7;
/** Longer numbers are taken for an error, as nginx does. */
const INTEGER_OCTETS_MAX = 4;

/** A number in the low `prefixBits` of a byte whose first bits are `first`, and bytes after it. */
export function encodeInteger(value: number, prefixBits: number, first = 0): string {
  const most = 2 ** prefixBits - 1;
  if (value < most) return String.fromCharCode(first | value);
  let out = String.fromCharCode(first | most);
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out += String.fromCharCode(128 + (rest % 128));
  return out + String.fromCharCode(rest);
}

/** A text with its length; Huffman-coded when that is shorter, unless it is to stay `plain`. */
export function encodeString(text: string, plain = false): string {
  const coded = plain ? text.length : huffmanBytes(text);
  return coded < text.length
    ? encodeInteger(coded, STRING_BITS, HUFFMAN) + huffmanEncode(text)
    : encodeInteger(text.length, STRING_BITS) + text;
}

/** A field in a form; `index` is the whole field's, or the name's (0: the name is written out). */
export function encodeField(
  [name, value]: HeaderField,
  form: FieldForm,
  index: number,
  plainValue = false,
): string {
  const [first, prefixBits] = FORMS[form];
  const head = encodeInteger(index, prefixBits, first);
  if (form === "indexed") return head;
  return head + (index === 0 ? encodeString(name) : "") + encodeString(value, plainValue);
}

/** Tells the other side that the table has this size from now on. */
export function encodeSizeUpdate(bytesMax: number): string {
  return encodeInteger(bytesMax, SIZE_UPDATE_BITS, SIZE_UPDATE);
}

/** A field as it stood in a block. */
export interface DecodedField {
  readonly field: HeaderField;
  readonly form: FieldForm;
  /** The entry that gave the field, or its name; 0 for none. */
  readonly index: number;
  /** What it took of the block. */
  readonly bytes: number;
}

export interface DecodedBlock {
  readonly fields: readonly DecodedField[];
  /** The table after the block. */
  readonly table: HpackTable;
}

/** Reads a block. Null when it is none: both sides' tables differ from then on (COMPRESSION_ERROR). */
export function decodeBlock(table: HpackTable, block: string): DecodedBlock | null {
  const fields: DecodedField[] = [];
  let now = table;
  let at = 0;
  while (at < block.length) {
    const first = block.charCodeAt(at);
    if ((first & 0xe0) === SIZE_UPDATE) {
      const size = readInteger(block, at, SIZE_UPDATE_BITS);
      if (size === null) return null;
      now = withSize(now, size.value);
      at = size.end;
      continue;
    }
    const read = readField(now, block, at);
    if (read === null) return null;
    const { end, ...decoded } = read;
    fields.push(Object.freeze(decoded));
    if (decoded.form === "added") now = withEntry(now, decoded.field);
    at = end;
  }
  return Object.freeze({ fields: Object.freeze(fields), table: now });
}

function formOf(first: number): FieldForm {
  if ((first & 0x80) !== 0) return "indexed";
  if ((first & 0x40) !== 0) return "added";
  return (first & 0x10) !== 0 ? "never" : "literal";
}

type ReadField = DecodedField & { readonly end: number };

function readField(table: HpackTable, block: string, at: number): ReadField | null {
  const form = formOf(block.charCodeAt(at));
  const number = readInteger(block, at, FORMS[form][1]);
  if (number === null) return null;
  const { value: index } = number;
  const entry = entryAt(table, index);
  if (form === "indexed")
    return entry && { field: entry, form, index, bytes: number.end - at, end: number.end };
  if (index > 0 && entry === null) return null;
  const name =
    entry === null ? readString(block, number.end) : { value: entry[0], end: number.end };
  const value = name === null ? null : readString(block, name.end);
  if (name === null || value === null) return null;
  const field: HeaderField = Object.freeze([name.value, value.value] as const);
  return { field, form, index, bytes: value.end - at, end: value.end };
}

interface Read<T> {
  readonly value: T;
  readonly end: number;
}

/** Reads a number; null when the block ends in it, or it is longer than anybody writes. */
export function readInteger(block: string, at: number, prefixBits: number): Read<number> | null {
  if (at >= block.length) return null;
  const most = 2 ** prefixBits - 1;
  let value = block.charCodeAt(at) & most;
  if (value < most) return { value, end: at + 1 };
  for (let octet = 0; octet < INTEGER_OCTETS_MAX; octet++) {
    const place = at + 1 + octet;
    if (place >= block.length) return null;
    const byte = block.charCodeAt(place);
    value += (byte & 127) * 128 ** octet;
    if (byte < 128) return { value, end: place + 1 };
  }
  return null;
}

function readString(block: string, at: number): Read<string> | null {
  const length = readInteger(block, at, STRING_BITS);
  if (length === null) return null;
  const end = length.end + length.value;
  if (end > block.length) return null;
  const text = block.slice(length.end, end);
  const value = (block.charCodeAt(at) & HUFFMAN) === 0 ? text : huffmanDecode(text);
  return value === null ? null : { value, end };
}
