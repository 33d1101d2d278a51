// How long an answer may be kept: what its headers say, in the order they were received, then proxy_cache_valid.
// Source: nginx 1.22.1, ngx_http_upstream.c (ngx_http_upstream_process_cache_control, _expires, _accel_expires,
// _set_cookie, _vary). From 1.23 on the order of the headers no longer matters.
import { parseHttpDate } from "../../host/calendar.ts";
import type { HeaderLine } from "./request.ts";
import type { CacheValidity } from "./upstream-directives.ts";

/** What the headers of an answer say about keeping it. Times in seconds since 1970. */
export interface HeaderVerdict {
  readonly cacheable: boolean;
  /** The header that forbade it, for the words. */
  readonly forbiddenBy: string | null;
  /** Fresh up to this second; 0: the headers do not say. */
  readonly validSec: number;
  /** stale-while-revalidate and stale-if-error, in seconds after that. */
  readonly updatingSec: number;
  readonly errorSec: number;
  readonly vary: string;
}

interface Draft {
  cacheable: boolean;
  forbiddenBy: string | null;
  validSec: number;
  updatingSec: number;
  errorSec: number;
  vary: string;
  sawAccelExpires: boolean;
}

/** Longest Vary that a cache file can hold (NGX_HTTP_CACHE_VARY_LEN). */
const VARY_BYTES_MAX = 128;

/** Reads the headers of an answer in the order received; `ignored` are those of proxy_ignore_headers. */
export function headerVerdict(
  headers: readonly HeaderLine[],
  ignored: ReadonlySet<string>,
  nowSec: number,
): HeaderVerdict {
  const draft: Draft = {
    cacheable: true,
    forbiddenBy: null,
    validSec: 0,
    updatingSec: 0,
    errorSec: 0,
    vary: "",
    sawAccelExpires: false,
  };
  for (const header of headers) {
    if (header.key === "x-accel-expires") draft.sawAccelExpires = true;
    if (!ignored.has(header.key)) READERS[header.key]?.(draft, header, nowSec);
  }
  return draft;
}

const READERS: Readonly<
  Record<string, (draft: Draft, header: HeaderLine, nowSec: number) => void>
> = {
  "cache-control": readCacheControl,
  expires: readExpires,
  "x-accel-expires": readAccelExpires,
  "set-cookie": (draft, header) => forbid(draft, header),
  vary: (draft, header) => {
    if (header.value === "*" || header.value.length > VARY_BYTES_MAX) forbid(draft, header);
    draft.vary = header.value;
  },
};

function forbid(draft: Draft, header: HeaderLine): void {
  draft.cacheable = false;
  draft.forbiddenBy ??= `${header.name}: ${header.value}`;
}

function readCacheControl(draft: Draft, header: HeaderLine, nowSec: number): void {
  if (draft.validSec !== 0 && draft.sawAccelExpires) return;
  const value = header.value.toLowerCase();
  if (/no-cache|no-store|private/.test(value)) {
    forbid(draft, header);
    return;
  }
  const age = secondsAfter(value, "s-maxage=") ?? secondsAfter(value, "max-age=");
  if (age !== null) {
    if (Number.isNaN(age) || age === 0) {
      forbid(draft, header);
      return;
    }
    draft.validSec = nowSec + age;
  }
  const updating = secondsAfter(value, "stale-while-revalidate=");
  if (updating !== null) {
    if (Number.isNaN(updating)) {
      forbid(draft, header);
      return;
    }
    draft.updatingSec = updating;
    draft.errorSec = updating;
  }
  const error = secondsAfter(value, "stale-if-error=");
  if (error === null) return;
  if (Number.isNaN(error)) {
    forbid(draft, header);
    return;
  }
  draft.errorSec = error;
}

/** The number after a word; null when the word is missing, NaN when no number follows. */
function secondsAfter(value: string, word: string): number | null {
  const at = value.indexOf(word);
  if (at < 0) return null;
  const text = /^[^,; ]*/.exec(value.slice(at + word.length))?.[0] ?? "";
  return /^\d*$/.test(text) ? Number(text) : Number.NaN;
}

function readExpires(draft: Draft, header: HeaderLine, nowSec: number): void {
  if (draft.validSec !== 0) return;
  const ms = parseHttpDate(header.value);
  if (ms === null || ms / 1000 < nowSec) {
    forbid(draft, header);
    return;
  }
  draft.validSec = Math.floor(ms / 1000);
}

function readAccelExpires(draft: Draft, header: HeaderLine, nowSec: number): void {
  const match = /^(@?)(\d+)$/.exec(header.value);
  if (match === null) return;
  const seconds = Number(match[2]);
  if (match[1] === "@") draft.validSec = seconds;
  else if (seconds === 0) forbid(draft, header);
  else draft.validSec = nowSec + seconds;
}

/** Seconds that proxy_cache_valid gives a status; 0: none. */
export function configuredValidity(valid: readonly CacheValidity[], status: number): number {
  for (const entry of valid) {
    if (entry.status === null || entry.status === status) return entry.seconds;
  }
  return 0;
}
