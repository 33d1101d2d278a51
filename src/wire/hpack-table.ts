// The tables of HPACK: the static one, which everybody knows, and the dynamic one of a connection's
// direction. A table never changes: adding an entry makes another, so that what was decided for a
// table can be remembered with it.
// Source: RFC 7541, section 2.3, section 4 and appendix A.

export type HeaderField = readonly [name: string, value: string];

const STATIC = `:authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|
:status=200|:status=204|:status=206|:status=304|:status=400|:status=404|:status=500|accept-charset|
accept-encoding=gzip, deflate|accept-language|accept-ranges|accept|access-control-allow-origin|age|
allow|authorization|cache-control|content-disposition|content-encoding|content-language|
content-length|content-location|content-range|content-type|cookie|date|etag|expect|expires|from|
host|if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|last-modified|link|
location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|
server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate`;

/** Entries of the static table. */
export const STATIC_ENTRIES = 61;
/** What an entry counts beside its texts. Source: RFC 7541, section 4.1. */
const ENTRY_OVERHEAD_BYTES = 32;
/** SETTINGS_HEADER_TABLE_SIZE before anybody says otherwise. Source: RFC 9113, section 6.5.2. */
export const DEFAULT_TABLE_BYTES = 4096;

let known: readonly HeaderField[] | null = null;

function staticTable(): readonly HeaderField[] {
  known ??= STATIC.replaceAll("\n", "")
    .split("|")
    .map((entry) => {
      const [, name, value] = /^(:?[^=]+)=?(.*)$/.exec(entry) ?? [];
      return [name, value] as const;
    });
  return known;
}

/** A dynamic table. Frozen. */
export interface HpackTable {
  /** The newest first. */
  readonly entries: readonly HeaderField[];
  readonly bytes: number;
  readonly bytesMax: number;
}

/** The table of a new connection: the same for all, so that what is remembered with it serves all. */
export const EMPTY_TABLE: HpackTable = Object.freeze({
  entries: Object.freeze([]),
  bytes: 0,
  bytesMax: DEFAULT_TABLE_BYTES,
});

export function entryBytes([name, value]: HeaderField): number {
  return name.length + value.length + ENTRY_OVERHEAD_BYTES;
}

/** The table with a new entry; old ones make room, and one too large empties it. */
export function withEntry(table: HpackTable, field: HeaderField): HpackTable {
  return fitted([field, ...table.entries], table.bytesMax);
}

/** The table at another size. */
export function withSize(table: HpackTable, bytesMax: number): HpackTable {
  return fitted(table.entries, bytesMax);
}

function fitted(entries: readonly HeaderField[], bytesMax: number): HpackTable {
  let bytes = 0;
  let count = 0;
  while (count < entries.length && bytes + entryBytes(entries[count]) <= bytesMax)
    bytes += entryBytes(entries[count++]);
  return Object.freeze({ entries: Object.freeze(entries.slice(0, count)), bytes, bytesMax });
}

/** The entry of an index, which counts from 1 through both tables; null when there is none. */
export function entryAt(table: HpackTable, index: number): HeaderField | null {
  if (index < 1) return null;
  if (index <= STATIC_ENTRIES) return staticTable()[index - 1];
  return table.entries[index - STATIC_ENTRIES - 1] ?? null;
}

/** Where a field stands in the tables: with its value, and by its name alone. 0 is nowhere. */
export interface Found {
  readonly whole: number;
  readonly name: number;
}

/** Looks for a field; the static table comes first. */
export function findField(table: HpackTable, [name, value]: HeaderField): Found {
  const fixed = staticTable();
  let byName = 0;
  for (let i = 0; i < fixed.length; i++) {
    if (fixed[i][0] !== name) continue;
    byName ||= i + 1;
    if (fixed[i][1] === value) return { whole: i + 1, name: byName };
  }
  for (let i = 0; i < table.entries.length; i++) {
    if (table.entries[i][0] !== name) continue;
    byName ||= STATIC_ENTRIES + i + 1;
    if (table.entries[i][1] === value) return { whole: STATIC_ENTRIES + i + 1, name: byName };
  }
  return { whole: 0, name: byName };
}
