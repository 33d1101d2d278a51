// What a location says about talking to its upstream, gathered once from its settings.
import { type Span as Duration, fromMs } from "../../kernel/time.ts";
import { proxyRows } from "./proxy-directives.ts";
import { type Conf, type LocationConf, type Setting, settingOf, valueAt } from "./settings.ts";
import type { Template } from "./template.ts";
import type {
  BufferSpec,
  CacheValidity,
  NextCondition,
  UpstreamPrefix,
  UpstreamRows,
} from "./upstream-directives.ts";
import { uwsgiRows } from "./uwsgi-directives.ts";

/** The settings of a location for its upstream; durations in nanoseconds. */
export interface UpstreamConf {
  readonly module: UpstreamPrefix;
  readonly connectTimeoutNs: Duration;
  readonly sendTimeoutNs: Duration;
  readonly readTimeoutNs: Duration;
  readonly buffering: boolean;
  readonly ignoreClientAbort: boolean;
  readonly interceptErrors: boolean;
  readonly passRequestHeaders: boolean;
  readonly passRequestBody: boolean;
  readonly forceRanges: boolean;
  readonly bufferSize: number;
  readonly buffers: BufferSpec;
  readonly busyBuffersSize: number;
  readonly maxTempFileSize: number;
  readonly nextUpstream: ReadonlySet<NextCondition>;
  readonly nextUpstreamTries: number;
  readonly nextUpstreamTimeoutNs: Duration;
  /** Names of headers not passed to the client, lower case. */
  readonly hidden: ReadonlySet<string>;
  readonly ignored: ReadonlySet<string>;
  readonly cache: CacheConf | null;
  /** Places for causes. */
  readonly readTimeout: Setting<number>;
  readonly sendTimeout: Setting<number>;
  readonly connectTimeout: Setting<number>;
  readonly next: Setting<readonly NextCondition[]>;
}

export interface CacheConf {
  readonly zone: Template;
  readonly key: Template | null;
  readonly bypass: readonly Template[];
  readonly noCache: readonly Template[];
  readonly valid: readonly CacheValidity[];
  readonly validSetting: Setting<readonly CacheValidity[]>;
  readonly zoneSetting: Setting<Template | null>;
  readonly minUses: number;
  readonly maxRangeOffset: number;
  readonly useStale: ReadonlySet<NextCondition>;
  readonly methods: readonly string[];
  readonly lock: boolean;
  readonly lockTimeoutMs: number;
  readonly lockAgeMs: number;
  readonly revalidate: boolean;
  readonly convertHead: boolean;
  readonly backgroundUpdate: boolean;
}

/** Twice the larger of the two kinds of buffers, unless it is written. */
function busyBuffersSize(location: Conf, rows: UpstreamRows): number {
  const { value, span } = settingOf(location, rows.busyBuffersSize);
  if (span !== null) return value;
  return 2 * Math.max(valueAt(location, rows.bufferSize), valueAt(location, rows.buffers).bytes);
}

const ACCEL_HEADERS = [
  "x-accel-expires",
  "x-accel-redirect",
  "x-accel-limit-rate",
  "x-accel-buffering",
  "x-accel-charset",
];
/** Source: ngx_http_proxy_hide_headers and ngx_http_uwsgi_hide_headers. */
const HIDDEN: Readonly<Record<UpstreamPrefix, readonly string[]>> = {
  proxy: ["date", "server", "x-pad", ...ACCEL_HEADERS],
  uwsgi: ACCEL_HEADERS,
};

const ROWS: Readonly<Record<UpstreamPrefix, UpstreamRows>> = { proxy: proxyRows, uwsgi: uwsgiRows };

const gathered = new WeakMap<LocationConf, Partial<Record<UpstreamPrefix, UpstreamConf>>>();

/** The settings of a location for a module's upstream. */
export function upstreamConf(location: LocationConf, module: UpstreamPrefix): UpstreamConf {
  const known = gathered.get(location) ?? {};
  const found = known[module];
  if (found !== undefined) return found;
  const conf = gather(location, module, ROWS[module]);
  gathered.set(location, { ...known, [module]: conf });
  return conf;
}

function gather(location: Conf, module: UpstreamPrefix, rows: UpstreamRows): UpstreamConf {
  const readTimeout = settingOf(location, rows.readTimeout);
  const connectTimeout = settingOf(location, rows.connectTimeout);
  const sendTimeout = settingOf(location, rows.sendTimeout);
  const next = settingOf(location, rows.nextUpstream);
  return Object.freeze({
    module,
    readTimeout,
    connectTimeout,
    sendTimeout,
    next,
    connectTimeoutNs: fromMs(connectTimeout.value),
    sendTimeoutNs: fromMs(sendTimeout.value),
    readTimeoutNs: fromMs(readTimeout.value),
    buffering: valueAt(location, rows.buffering),
    ignoreClientAbort: valueAt(location, rows.ignoreClientAbort),
    interceptErrors: valueAt(location, rows.interceptErrors),
    passRequestHeaders: valueAt(location, rows.passRequestHeaders),
    passRequestBody: valueAt(location, rows.passRequestBody),
    forceRanges: valueAt(location, rows.forceRanges),
    bufferSize: valueAt(location, rows.bufferSize),
    buffers: valueAt(location, rows.buffers),
    busyBuffersSize: busyBuffersSize(location, rows),
    maxTempFileSize: valueAt(location, rows.maxTempFileSize),
    nextUpstream: new Set(next.value),
    nextUpstreamTries: valueAt(location, rows.nextUpstreamTries),
    nextUpstreamTimeoutNs: fromMs(valueAt(location, rows.nextUpstreamTimeout)),
    hidden: hiddenHeaders(location, module, rows),
    ignored: new Set(valueAt(location, rows.ignoreHeaders)),
    cache: gatherCache(location, rows),
  });
}

function hiddenHeaders(
  location: Conf,
  module: UpstreamPrefix,
  rows: UpstreamRows,
): ReadonlySet<string> {
  const passed = new Set(valueAt(location, rows.passHeader));
  const all = [...HIDDEN[module], ...valueAt(location, rows.hideHeader)];
  return new Set(all.filter((name) => !passed.has(name)));
}

function gatherCache(location: Conf, rows: UpstreamRows): CacheConf | null {
  const zoneSetting = settingOf(location, rows.cache);
  const zone = zoneSetting.value;
  if (zone === null || zone.constant === "off") return null;
  const validSetting = settingOf(location, rows.cacheValid);
  return Object.freeze({
    zone,
    zoneSetting,
    validSetting,
    key: valueAt(location, rows.cacheKey),
    bypass: valueAt(location, rows.cacheBypass),
    noCache: valueAt(location, rows.noCache),
    valid: validSetting.value,
    minUses: valueAt(location, rows.cacheMinUses),
    maxRangeOffset: valueAt(location, rows.cacheMaxRangeOffset),
    useStale: new Set(valueAt(location, rows.cacheUseStale)),
    methods: valueAt(location, rows.cacheMethods),
    lock: valueAt(location, rows.cacheLock),
    lockTimeoutMs: valueAt(location, rows.cacheLockTimeout),
    lockAgeMs: valueAt(location, rows.cacheLockAge),
    revalidate: valueAt(location, rows.cacheRevalidate),
    convertHead: valueAt(location, rows.cacheConvertHead),
    backgroundUpdate: valueAt(location, rows.cacheBackgroundUpdate),
  });
}
