// The plain values of directives that have no effect here, checked all the same, so that a slip of the pen
// is refused in nginx's words: flags, numbers, sizes, times and words out of a choice.
// Source: src/core/ngx_conf_file.c, ngx_conf_set_flag_slot and its sisters (1.22.1).
import { argumentText, argumentTexts, type Directive } from "./config-tree.ts";
import type { ArgumentCount, ConfigError } from "./settings.ts";
import { parseNumber, parseSize, parseTimeMs } from "./units.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Names that any of the lists and rules below may hold: others are not looked for in them. */
const MAY_BE_CHECKED =
  /size$|rlimit|aio|priority|http2_max|min_uses|rate_after|postpone|lowat|ahead|directio|chunk$|resolution|delay$|session|verify_client|in_file_only|debug_points|^use$|userid|dav_methods|affinity/;

/** Directives that take one word, or several, of these. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  ssl_verify_client: ["off", "on", "optional", "optional_no_ca"],
  client_body_in_file_only: ["off", "on", "clean"],
  debug_points: ["stop", "abort"],
  userid: ["off", "log", "v1", "on"],
  dav_methods: ["off", "PUT", "DELETE", "MKCOL", "COPY", "MOVE"],
};
/** Source: configure leaves out select and poll where epoll is found, as Debian builds it. */
const EVENT_METHODS = /^epoll$/;
/** The smallest pool that ngx_create_pool can use. */
const POOL_BYTES_MIN = 112;

/** What is wrong with a plain value, or null. */
export function plainValueProblem(directive: Directive, takes: ArgumentCount): ConfigError | null {
  const { name } = directive;
  if (takes === "flag") return flagProblem(name, argumentText(directive, 0));
  // A hash's size can be any number, and Debian's nginx.conf sets one.
  const isHash = name.includes("_hash_") && /^\d+$/.test(argumentText(directive, 0));
  return !isHash && MAY_BE_CHECKED.test(name) ? checkedProblem(directive) : null;
}

function checkedProblem(directive: Directive): ConfigError | null {
  const { name } = directive;
  const text = argumentText(directive, 0);
  const problem = measureProblem(name, text);
  return problem ?? choiceProblem(directive) ?? ownProblem(name, text);
}

function measureProblem(name: string, text: string): ConfigError | null {
  const numbers = words(`types_hash_max_size types_hash_bucket_size server_names_hash_max_size
    server_names_hash_bucket_size variables_hash_max_size variables_hash_bucket_size map_hash_max_size
    map_hash_bucket_size proxy_headers_hash_max_size proxy_headers_hash_bucket_size referer_hash_max_size
    referer_hash_bucket_size worker_rlimit_nofile worker_aio_requests worker_priority
    http2_max_concurrent_streams open_file_cache_min_uses`);
  if (numbers.has(name) && parseNumber(text.replace(/^-(?=\d)/, "")) === null)
    return { emerg: `"${name}" directive invalid number` };
  const sizes = words(`limit_rate_after postpone_output request_pool_size connection_pool_size
    subrequest_output_buffer_size send_lowat read_ahead directio_alignment ssl_buffer_size
    sendfile_max_chunk proxy_send_lowat`);
  if (sizes.has(name) && parseSize(text, true) === null) return invalidValue(name);
  const times = words("timer_resolution accept_mutex_delay ssl_session_timeout auth_delay");
  return times.has(name) && parseTimeMs(text) === null ? invalidValue(name) : null;
}

const invalidValue = (name: string): ConfigError => ({
  emerg: `"${name}" directive invalid value`,
});

function flagProblem(name: string, text: string): ConfigError | null {
  if (/^(?:on|off)$/i.test(text)) return null;
  return { emerg: `invalid value "${text}" in "${name}" directive, it must be "on" or "off"` };
}

function choiceProblem(directive: Directive): ConfigError | null {
  const choices = CHOICES[directive.name];
  const wrong = choices && argumentTexts(directive).find((text) => !choices.includes(text));
  return wrong === undefined ? null : { emerg: `invalid value "${wrong}"` };
}

/** Directives whose text must fit a pattern, and what nginx says of one that does not. */
const PATTERNS: Readonly<Record<string, readonly [RegExp, (text: string) => string]>> = {
  use: [EVENT_METHODS, (text) => `invalid event type "${text}"`],
  aio: [/^(?:on|off|threads(?:=.+)?)$/, () => '"aio" directive invalid value'],
  directio: [/^(?:off|\d+[kKmMgG]?)$/, () => '"directio" directive invalid value'],
  worker_cpu_affinity: [
    /^(?:auto|[01 ]+)$/,
    (text) => `invalid character "${/[^01 ]/.exec(text)?.[0]}" in "worker_cpu_affinity"`,
  ],
};

/** Directives with a rule of their own. */
function ownProblem(name: string, text: string): ConfigError | null {
  const [pattern, message] = PATTERNS[name] ?? [];
  if (pattern !== undefined) return pattern.test(text) ? null : { emerg: message?.(text) ?? "" };
  if (name === "ssl_session_cache") return sessionCacheProblem(text);
  const isPool = name === "connection_pool_size" || name === "request_pool_size";
  if (!isPool || (parseSize(text) ?? 0) >= POOL_BYTES_MIN) return null;
  return { emerg: `the pool size must be no less than ${POOL_BYTES_MIN}` };
}

function sessionCacheProblem(text: string): ConfigError | null {
  if (["off", "none", "builtin"].includes(text) || /^builtin:\d+$/.test(text)) return null;
  const shared = /^shared:[^:]+:(.+)$/.exec(text);
  const bytes = shared === null ? null : parseSize(shared[1]);
  if (bytes === null) return { emerg: `invalid session cache "${text}"` };
  return null;
}

/** A user or group that the system does not know (ngx_set_user). */
export function accountProblem(directive: Directive): ConfigError | null {
  const [user, group] = argumentTexts(directive);
  // Debian's own line, which most configurations have.
  return user === "www-data" && group === undefined ? null : unknownAccount(user, group);
}

/** Users and groups of a Debian server. Source: base-passwd 3.6.1, postgresql, nginx. */
function unknownAccount(user: string, group: string | undefined): ConfigError | null {
  const accounts =
    words(`root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc
    gnats nobody nogroup _apt systemd-network systemd-resolve messagebus sshd postgres users adm staff tty disk`);
  if (!accounts.has(user)) return { emerg: `getpwnam("${user}") failed` };
  if (group !== undefined && !accounts.has(group)) return { emerg: `getgrnam("${group}") failed` };
  return null;
}
