// proxy_cache_path and uwsgi_cache_path: where a cache lies, its zone of keys, and when entries are dropped.
// Source: nginx 1.22.1, src/http/ngx_http_file_cache.c, ngx_http_file_cache_set_slot.
import { argumentText, argumentTexts, type Directive } from "./config-tree.ts";
import { listRow } from "./setting-rows.ts";
import type { ConfigError, DirectiveRow } from "./settings.ts";
import { parseSize, parseTimeMs, ZONE_BYTES_MIN } from "./units.ts";

/** A cache. */
export interface CachePath {
  readonly zone: string;
  readonly zoneBytes: number;
  readonly path: string;
  /** Lengths of the directory names: `1:2`. */
  readonly levels: readonly number[];
  /** Entries not used for so long are dropped. */
  readonly inactiveSec: number;
  /** Bytes on the disk at most. */
  readonly maxBytes: number;
}

/** Source: ngx_http_file_cache_set_slot: inactive 600 s. */
const INACTIVE_SEC = 600;

export const proxyCachePathRow = cachePathRow("proxy_cache_path");
export const uwsgiCachePathRow = cachePathRow("uwsgi_cache_path");

function cachePathRow(name: string): DirectiveRow<readonly CachePath[]> {
  return listRow<CachePath>(name, {
    fallback: [],
    repeat: true,
    read: (directive, _build, before) => {
      const path = readCachePath(directive);
      if ("emerg" in path) return path;
      const isTaken = before.some(({ zone }) => zone === path.zone);
      return isTaken ? { emerg: `duplicate zone "${path.zone}"` } : [path];
    },
  });
}

function readCachePath(directive: Directive): CachePath | ConfigError {
  const found = {
    zone: "",
    zoneBytes: 0,
    path: argumentText(directive, 0).replace(/\/$/, ""),
    levels: [] as number[],
    inactiveSec: INACTIVE_SEC,
    maxBytes: Number.MAX_SAFE_INTEGER,
  };
  for (const text of argumentTexts(directive).slice(1)) {
    const at = text.indexOf("=");
    const [key, value] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
    const problem = readParameter(found, key, value);
    if (problem !== null) return { emerg: problem.replace("@", `"${text}"`) };
  }
  if (found.zone !== "") return Object.freeze(found);
  return { emerg: `"${directive.name}" must have "keys_zone" parameter` };
}

type CachePathDraft = { -readonly [K in keyof CachePath]: CachePath[K] };

/** What is wrong with a parameter, or null; `@` stands for the parameter as written. */
function readParameter(found: CachePathDraft, key: string, value: string): string | null {
  switch (key) {
    case "levels": {
      const levels = value.split(":");
      const isGood = levels.length <= 3 && levels.every((one) => one === "1" || one === "2");
      found.levels = levels.map(Number);
      return isGood ? null : 'invalid "levels" @';
    }
    case "keys_zone":
      return readKeysZone(found, value);
    case "inactive": {
      const ms = parseTimeMs(value);
      found.inactiveSec = Math.floor((ms ?? 0) / 1000);
      return ms === null ? "invalid inactive value @" : null;
    }
    case "max_size": {
      const bytes = parseSize(value, true);
      found.maxBytes = bytes ?? 0;
      return bytes === null ? "invalid max_size value @" : null;
    }
    case "use_temp_path":
      return /^(?:on|off)$/.test(value)
        ? null
        : 'invalid use_temp_path value @, it must be "on" or "off"';
    default:
      return UNUSED.has(key) ? null : "invalid parameter @";
  }
}

function readKeysZone(found: CachePathDraft, value: string): string | null {
  const match = /^([^:]+):(.+)$/.exec(value);
  const bytes = match === null ? null : parseSize(match[2]);
  if (match === null || bytes === null) return "invalid keys zone size @";
  found.zone = match[1];
  found.zoneBytes = bytes;
  return bytes < ZONE_BYTES_MIN ? "keys zone @ is too small" : null;
}

/** Parameters of the manager, the loader and temporary files, which change nothing that a client sees. */
const UNUSED = new Set([
  "min_free",
  "manager_files",
  "manager_sleep",
  "manager_threshold",
  "loader_files",
  "loader_sleep",
  "loader_threshold",
]);
