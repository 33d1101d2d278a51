// open_file_cache: what a worker found at a path is believed for open_file_cache_valid, whatever happens to the
// file meanwhile. With it a look at a file opens the file.
// Source: src/core/ngx_open_file_cache.c, ngx_open_cached_file (1.22.1).
// Simplification: a file that is written to in place is served as it was until the entry is checked again; the real
// program sends the new bytes under the old length.
import type { DiskError, DiskNode } from "../../host/disk.ts";
import { MILLISECOND } from "../../kernel/time.ts";
import { argumentTexts } from "./config-tree.ts";
import { flagRow, numberRow, row, timeRow } from "./directive-rows.ts";
import type { NginxContext, NginxModule } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import type { DirectiveRow } from "./settings.ts";
import { settingOf, valueAt } from "./settings.ts";
import { parseNumber, parseTimeMs } from "./units.ts";

const NAME = "open_file_cache";
/** Source: ngx_http_core_open_file_cache: inactive 60 s. */
const INACTIVE_MS = 60_000;

interface CacheSize {
  readonly max: number;
  readonly inactiveMs: number;
}

const sizeOfCache = row<CacheSize | null>(NAME, null, (directive) => {
  const texts = argumentTexts(directive);
  const bad = texts.find((text) => parameterOf(text) === null);
  if (bad !== undefined) return { emerg: `invalid "open_file_cache" parameter "${bad}"` };
  if (texts.includes("off")) return null;
  const size = Object.assign({ max: 0, inactiveMs: INACTIVE_MS }, ...texts.map(parameterOf));
  return size.max > 0 ? size : { emerg: '"open_file_cache" must have the "max" parameter' };
});

/** `off`, `max=N` or `inactive=time`; null for anything else. */
function parameterOf(text: string): Partial<CacheSize> | null {
  if (text === "off") return {};
  const [key, value] = text.split("=", 2);
  const max = key === "max" ? (parseNumber(value) ?? 0) : 0;
  if (max > 0) return { max };
  const inactiveMs = key === "inactive" ? parseTimeMs(value, true) : null;
  return inactiveMs === null ? null : { inactiveMs };
}

const validRow = timeRow("open_file_cache_valid", 60_000);
const usesRow = numberRow("open_file_cache_min_uses", 1);
const errorsRow = flagRow("open_file_cache_errors", false);

/** What opening a path gave. */
export type Found = DiskNode | { readonly error: DiskError };

interface Entry {
  found: Found;
  createdMs: number;
  accessedMs: number;
  uses: number;
}

/** The entries of one cache in one worker, the one used longest ago first. */
type Entries = Map<string, Entry>;

/** Whether files of this request are looked up in a cache. */
export function hasOpenFileCache(request: NginxRequest): boolean {
  return valueAt(request.location, sizeOfCache) !== null;
}

/** What the cache knows of a path, or what `open` finds now. */
export function openCached(
  context: NginxContext,
  request: NginxRequest,
  path: string,
  open: () => Found,
): Found {
  const size = valueAt(request.location, sizeOfCache);
  if (size === null) return open();
  const entries = entriesOf(context, request);
  const nowMs = Math.floor(context.sim.now / MILLISECOND);
  dropInactive(entries, nowMs, size.inactiveMs);
  const known = entries.get(path);
  if (known !== undefined && isFresh(request, known, nowMs)) {
    return touch(entries, path, { ...known, accessedMs: nowMs, uses: known.uses + 1 });
  }
  const found = open();
  if ("error" in found && !valueAt(request.location, errorsRow)) {
    entries.delete(path);
    return found;
  }
  const uses = (known?.uses ?? 0) + 1;
  touch(entries, path, { found, createdMs: nowMs, accessedMs: nowMs, uses });
  if (entries.size > size.max) entries.delete(entries.keys().next().value as string);
  return found;
}

/** A file that was not asked for often enough is not kept open, so that it is opened again. */
function isFresh(request: NginxRequest, entry: Entry, nowMs: number): boolean {
  const isFile = !("error" in entry.found) && entry.found.kind !== "directory";
  if (isFile && entry.uses < valueAt(request.location, usesRow)) return false;
  const seconds = Math.floor(nowMs / 1000) - Math.floor(entry.createdMs / 1000);
  return seconds * 1000 < valueAt(request.location, validRow);
}

function touch(entries: Entries, path: string, entry: Entry): Found {
  entries.delete(path);
  entries.set(path, entry);
  return entry.found;
}

function dropInactive(entries: Entries, nowMs: number, inactiveMs: number): void {
  for (const [path, entry] of entries) {
    if (nowMs - entry.accessedMs <= inactiveMs) return;
    entries.delete(path);
  }
}

function entriesOf(context: NginxContext, request: NginxRequest): Entries {
  const caches = context.moduleState<Map<string, Entries>>(NAME, () => new Map());
  const { span } = settingOf(request.location, sizeOfCache);
  const key = `${request.worker} ${span?.file}:${span?.line}`;
  const known = caches.get(key) ?? new Map<string, Entry>();
  caches.set(key, known);
  return known;
}

function forgetWorker(context: NginxContext, worker: number): void {
  const caches = context.moduleState<Map<string, Entries>>(NAME, () => new Map());
  for (const key of caches.keys()) if (key.startsWith(`${worker} `)) caches.delete(key);
}

/** open_file_cache and its settings. */
export const openFileCacheModule: NginxModule = {
  name: NAME,
  directives: [sizeOfCache, validRow, usesRow, errorsRow] as unknown as DirectiveRow[],
  workerEnded: forgetWorker,
};
