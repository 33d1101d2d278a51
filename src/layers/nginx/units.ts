// Sizes, times and numbers as nginx.conf writes them: `1m`, `8k`, `1h30m`, `500ms`.
// Source: src/core/ngx_parse.c, ngx_parse_size, ngx_parse_offset, ngx_parse_time.

const SIZE_UNITS: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Eight pages: the least that a zone of shared memory may have. */
export const ZONE_BYTES_MIN = 8 * 4096;

/** Source: NGX_MAX_OFF_T_VALUE. */
const OFFSET_MAX = 2 ** 63;

/** Bytes, or null. `g` only where nginx reads an offset (client_max_body_size, sizes of caches). */
export function parseSize(text: string, gigabytes = false): number | null {
  const match = /^(\d+)([kKmMgG]?)$/.exec(text);
  if (match === null) return null;
  const unit = match[2].toLowerCase();
  if (unit === "g" && !gigabytes) return null;
  const bytes = Number(match[1]) * (unit === "" ? 1 : SIZE_UNITS[unit]);
  return bytes > OFFSET_MAX ? null : bytes;
}

/** A plain number of decimal digits, or null. */
export function parseNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Units in the order in which they may stand, each with its seconds. */
const TIME_UNITS: readonly (readonly [string, number])[] = [
  ["y", 31_536_000],
  ["M", 2_592_000],
  ["w", 604_800],
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
  ["ms", 0.001],
];

/**
 * Milliseconds of a time, or null. Units must come in falling order; a number without unit means seconds.
 * With `wholeSeconds` (settings kept in seconds) `ms` is refused and years and months are allowed.
 */
export function parseTimeMs(text: string, wholeSeconds = false): number | null {
  const parts = text.match(/\d+(?:ms|[a-zA-Z ])? */g);
  if (parts === null || parts.join("") !== text) return null;
  let least = wholeSeconds ? -1 : 1;
  let total = 0;
  for (const part of parts) {
    const match = /^(\d+)(ms|[a-zA-Z])?/.exec(part) as RegExpExecArray;
    const unit = TIME_UNITS.findIndex(([name]) => name === (match[2] ?? "s"));
    const isAllowed = unit > least && !(unit === 7 && wholeSeconds);
    if (unit < 0 || !isAllowed) return null;
    least = unit;
    total += Math.round(Number(match[1]) * TIME_UNITS[unit][1] * 1000);
  }
  return total;
}
