// What each program puts into the table of HPACK and what it never does: nginx, Chromium and nghttp2
// (the library in curl) write the same fields in different bytes. All are pure: the table goes in, the
// block and the next table come out.
import { ownValue } from "../text/own-value.ts";
import { encodeField, encodeSizeUpdate, type FieldForm } from "./hpack.ts";
import {
  entryBytes,
  findField,
  type HeaderField,
  type HpackTable,
  withEntry,
} from "./hpack-table.ts";

export type HpackPolicy = "nginx" | "chromium" | "nghttp2";

export interface EncodedBlock {
  readonly block: string;
  readonly table: HpackTable;
}

/**
 * A header block as a program writes it. `shrink` is for nginx: its client has spoken of a table size,
 * and nginx, which never refers to a table, answers that its own has none.
 */
export function encodeBlock(
  policy: HpackPolicy,
  table: HpackTable,
  fields: readonly HeaderField[],
  shrink = false,
): EncodedBlock {
  if (policy === "nginx") {
    const written = fields.map(nginxField).join("");
    return { block: (shrink ? encodeSizeUpdate(0) : "") + written, table };
  }
  const choose = policy === "chromium" ? chromiumForm : nghttp2Form;
  let now = table;
  let block = "";
  for (const field of policy === "chromium" ? crumbled(fields) : fields) {
    const found = findField(now, field);
    const form = choose(now, field);
    if (found.whole > 0 && form !== "never") {
      block += encodeField(field, "indexed", found.whole);
      continue;
    }
    block += encodeField(field, form, found.name);
    if (form === "added") now = withEntry(now, field);
  }
  return { block, table: now };
}

/**
 * The names that nginx writes by their place in the static table; all other names are written out.
 * Source: nginx 1.22.1, src/http/v2/ngx_http_v2_filter_module.c, ngx_http_v2_header_filter.
 */
const NGINX_NAMES: Readonly<Record<string, number>> = {
  ":status": 8,
  "content-length": 28,
  "content-type": 31,
  date: 33,
  "last-modified": 44,
  location: 46,
  server: 54,
  vary: 59,
};
const NGINX_STATUSES = ["200", "204", "206", "304", "400", "404", "500"];

/** A field of nginx's own head; one of its list of other headers has its name marked by `listed`. */
function nginxField([name, value]: HeaderField): string {
  if (name.startsWith(LISTED)) return encodeField([name.slice(1), value], "literal", 0);
  const index = ownValue(NGINX_NAMES, name) ?? 0;
  const status = name === ":status" ? NGINX_STATUSES.indexOf(value) : -1;
  if (status >= 0) return encodeField([name, value], "indexed", index + status);
  const isPlain = name === ":status" || name === "content-length";
  return encodeField([name, value], index === 0 ? "literal" : "added", index, isPlain);
}

const LISTED = "\0";

/** Marks a field as one of nginx's list, whose names it always writes out, whatever they are. */
export function listed([name, value]: HeaderField): HeaderField {
  return [LISTED + name, value];
}

/**
 * Every field but the pseudo-headers; of those :authority alone.
 * Source: QUICHE, quiche/http2/hpack/hpack_encoder.cc, DefaultPolicy.
 */
function chromiumForm(_: HpackTable, [name]: HeaderField): FieldForm {
  return !name.startsWith(":") || name === ":authority" ? "added" : "literal";
}

/** Cookies go one by one, so that the table can hold each. Source: the same, CookieToCrumbs. */
function crumbled(fields: readonly HeaderField[]): readonly HeaderField[] {
  return fields.flatMap(([name, value]) =>
    name === "cookie"
      ? value.split(/; ?/).map((crumb): HeaderField => [name, crumb])
      : [[name, value] as const],
  );
}

/** Values that are hardly ever the same twice. Source: nghttp2 1.52, lib/nghttp2_hd.c. */
const NGHTTP2_LITERAL: ReadonlySet<string> = new Set([
  ...[":path", "age", "content-length", "etag", "if-modified-since", "if-none-match", "location"],
  "set-cookie",
]);
/** A shorter cookie could be guessed byte by byte from the sizes of blocks. Source: the same. */
const NGHTTP2_COOKIE_BYTES_MIN = 20;

function nghttp2Form(table: HpackTable, field: HeaderField): FieldForm {
  const [name, value] = field;
  const isShortCookie = name === "cookie" && value.length < NGHTTP2_COOKIE_BYTES_MIN;
  if (name === "authorization" || isShortCookie) return "never";
  const isLarge = entryBytes(field) > (table.bytesMax * 3) / 4;
  return NGHTTP2_LITERAL.has(name) || isLarge ? "literal" : "added";
}
