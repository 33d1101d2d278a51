// The directives that proxy_pass and uwsgi_pass share, once for each prefix: timeouts, buffers, what is tried next,
// which headers pass, and the cache. Each is a row of the directive table.
// Source: nginx 1.22.1, the command tables of ngx_http_proxy_module.c and ngx_http_uwsgi_module.c.
import { argumentText, argumentTexts, type Directive } from "./config-tree.ts";
import { flagRow, numberRow, row, sizeRow, timeRow } from "./directive-rows.ts";
import { listRow, templateRow } from "./setting-rows.ts";
import type { ConfigError, DirectiveRow } from "./settings.ts";
import type { Template } from "./template.ts";
import { parseSize, parseTimeMs } from "./units.ts";

/** Prefixes of the modules that speak to an upstream. */
export type UpstreamPrefix = "proxy" | "uwsgi";

/** `N SIZE`: so many buffers of this size. */
export interface BufferSpec {
  readonly count: number;
  readonly bytes: number;
}

/** One `proxy_cache_valid`: statuses (null: any) and seconds. */
export interface CacheValidity {
  readonly status: number | null;
  readonly seconds: number;
}

/** Conditions of proxy_next_upstream and proxy_cache_use_stale. */
export const NEXT_CONDITIONS = [
  "error",
  "timeout",
  "invalid_header",
  "non_idempotent",
  "http_500",
  "http_502",
  "http_503",
  "http_504",
  "http_403",
  "http_404",
  "http_429",
  "updating",
  "off",
] as const;
export type NextCondition = (typeof NEXT_CONDITIONS)[number];

const IGNORABLE = [
  "x-accel-redirect",
  "x-accel-expires",
  "x-accel-limit-rate",
  "x-accel-buffering",
  "x-accel-charset",
  "expires",
  "cache-control",
  "set-cookie",
  "vary",
];

/** Source: ngx_pagesize of the recorded machine. */
const PAGE_BYTES = 4096;
const DEFAULT_BUFFERS = Object.freeze({ count: 8, bytes: PAGE_BYTES });

/** The rows of one prefix. */
export type UpstreamRows = ReturnType<typeof upstreamRows>;

/** Makes the rows of one prefix. */
export function upstreamRows(prefix: UpstreamPrefix) {
  return {
    ...connectionRows(prefix),
    ...headerRows(prefix),
    ...cacheRows(prefix),
  };
}

function connectionRows(prefix: UpstreamPrefix) {
  return {
    connectTimeout: timeRow(`${prefix}_connect_timeout`, 60_000),
    sendTimeout: timeRow(`${prefix}_send_timeout`, 60_000),
    readTimeout: timeRow(`${prefix}_read_timeout`, 60_000),
    buffering: flagRow(`${prefix}_buffering`, true),
    requestBuffering: requestBufferingRow(`${prefix}_request_buffering`),
    ignoreClientAbort: flagRow(`${prefix}_ignore_client_abort`, false),
    interceptErrors: flagRow(`${prefix}_intercept_errors`, false),
    passRequestHeaders: flagRow(`${prefix}_pass_request_headers`, true),
    passRequestBody: flagRow(`${prefix}_pass_request_body`, true),
    forceRanges: flagRow(`${prefix}_force_ranges`, false),
    bufferSize: sizeRow(`${prefix}_buffer_size`, PAGE_BYTES),
    buffers: buffersRow(`${prefix}_buffers`),
    busyBuffersSize: sizeRow(`${prefix}_busy_buffers_size`, 2 * PAGE_BYTES),
    maxTempFileSize: sizeRow(`${prefix}_max_temp_file_size`, 1024 * 1024 * 1024),
    tempFileWriteSize: sizeRow(`${prefix}_temp_file_write_size`, 2 * PAGE_BYTES),
    nextUpstream: conditionsRow(`${prefix}_next_upstream`, ["error", "timeout"]),
    nextUpstreamTries: numberRow(`${prefix}_next_upstream_tries`, 0),
    nextUpstreamTimeout: timeRow(`${prefix}_next_upstream_timeout`, 0),
  };
}

function headerRows(prefix: UpstreamPrefix) {
  return {
    hideHeader: namesRow(`${prefix}_hide_header`),
    passHeader: namesRow(`${prefix}_pass_header`),
    ignoreHeaders: listRow<string>(`${prefix}_ignore_headers`, {
      fallback: [],
      repeat: true,
      read: (directive) => {
        const names = argumentTexts(directive);
        const bad = names.find((name) => !IGNORABLE.includes(name.toLowerCase()));
        return bad === undefined
          ? names.map((name) => name.toLowerCase())
          : { emerg: `invalid value "${bad}"` };
      },
    }),
  };
}

function cacheRows(prefix: UpstreamPrefix) {
  return {
    cache: templateRow(`${prefix}_cache`),
    cacheKey: templateRow(`${prefix}_cache_key`),
    cacheBypass: templatesRow(`${prefix}_cache_bypass`),
    noCache: templatesRow(`${prefix}_no_cache`),
    cacheValid: validityRow(`${prefix}_cache_valid`),
    cacheMinUses: numberRow(`${prefix}_cache_min_uses`, 1),
    cacheMaxRangeOffset: sizeRow(`${prefix}_cache_max_range_offset`, Number.MAX_SAFE_INTEGER, true),
    cacheUseStale: conditionsRow(`${prefix}_cache_use_stale`, ["off"]),
    cacheMethods: methodsRow(`${prefix}_cache_methods`),
    cacheLock: flagRow(`${prefix}_cache_lock`, false),
    cacheLockTimeout: timeRow(`${prefix}_cache_lock_timeout`, 5000),
    cacheLockAge: timeRow(`${prefix}_cache_lock_age`, 5000),
    cacheRevalidate: flagRow(`${prefix}_cache_revalidate`, false),
    cacheConvertHead: flagRow(`${prefix}_cache_convert_head`, true),
    cacheBackgroundUpdate: flagRow(`${prefix}_cache_background_update`, false),
  };
}

/** Off is read, and said to have no effect: the whole body is read first all the same. */
function requestBufferingRow(name: string): DirectiveRow<boolean> {
  const flag = flagRow(name, true);
  const parse: DirectiveRow<boolean>["parse"] = (directive, build, before) => {
    const value = flag.parse(directive, build, before);
    if (value === false) build.notSimulated(`"${name} off"`, directive);
    return value;
  };
  return { ...flag, parse };
}

function buffersRow(name: string): DirectiveRow<BufferSpec> {
  return row<BufferSpec>(name, DEFAULT_BUFFERS, (directive) => {
    const count = Number(argumentText(directive, 0));
    const bytes = parseSize(argumentText(directive, 1));
    if (!Number.isInteger(count) || count <= 0 || bytes === null || bytes === 0) {
      return { emerg: `"${name}" directive invalid value` };
    }
    return Object.freeze({ count, bytes });
  });
}

function conditionsRow(
  name: string,
  fallback: readonly NextCondition[],
): DirectiveRow<readonly NextCondition[]> {
  return listRow<NextCondition>(name, {
    fallback,
    repeat: true,
    read: (directive, build, before) => {
      const words = argumentTexts(directive);
      const bad = words.find((word) => !(NEXT_CONDITIONS as readonly string[]).includes(word));
      words.forEach((word, i) => {
        const isKnown = words.indexOf(word) < i || before.some((earlier) => earlier === word);
        if (bad === undefined && isKnown) build.warn(`duplicate value "${word}"`, directive);
      });
      return bad === undefined ? (words as NextCondition[]) : { emerg: `invalid value "${bad}"` };
    },
  });
}

function namesRow(name: string): DirectiveRow<readonly string[]> {
  return listRow<string>(name, {
    fallback: [],
    repeat: true,
    read: (directive) => [argumentText(directive, 0).toLowerCase()],
  });
}

function templatesRow(name: string): DirectiveRow<readonly Template[]> {
  return listRow<Template>(name, {
    fallback: [],
    repeat: true,
    read: (directive, build) => argumentTexts(directive).map((t) => build.template(t, directive)),
  });
}

function methodsRow(name: string): DirectiveRow<readonly string[]> {
  return listRow<string>(name, {
    fallback: ["GET", "HEAD"],
    repeat: true,
    read: (directive) => {
      const names = argumentTexts(directive);
      const bad = names.find((word) => !["GET", "HEAD", "POST"].includes(word));
      return bad === undefined ? ["GET", "HEAD", ...names] : { emerg: `invalid value "${bad}"` };
    },
  });
}

/** Statuses of a `proxy_cache_valid` that names none. */
const USUAL_STATUSES = [200, 301, 302];

function validityRow(name: string): DirectiveRow<readonly CacheValidity[]> {
  return listRow<CacheValidity>(name, { fallback: [], repeat: true, read: readValidity });
}

function readValidity(directive: Directive): readonly CacheValidity[] | ConfigError {
  const words = [...argumentTexts(directive)];
  const time = words.pop() ?? "";
  const ms = parseTimeMs(time);
  if (ms === null) return { emerg: `invalid time value "${time}"` };
  const seconds = Math.floor(ms / 1000);
  if (words.length === 0) return USUAL_STATUSES.map((status) => ({ status, seconds }));
  const bad = words.find((word) => word !== "any" && !/^[1-5]\d\d$/.test(word));
  if (bad !== undefined) return { emerg: `invalid status "${bad}"` };
  return words.map((word) => ({ status: word === "any" ? null : Number(word), seconds }));
}
