// The directives of nginx's core and of its http core module whose values are plain: processes, client
// timeouts, buffers, keep-alive, redirects. Defaults are nginx's own, not Debian's file.
// Source: src/core/nginx.c, src/event/ngx_event.c, src/http/ngx_http_core_module.c (1.22.1).
import { argumentText, argumentTexts } from "./config-tree.ts";
import { choiceRow, flagRow, numberRow, row, sizeRow, textRow, timeRow } from "./directive-rows.ts";
import { http2Directives } from "./http2-directives.ts";
import type { DirectiveRow } from "./settings.ts";
import type { Template } from "./template.ts";
import { parseNumber, parseSize, parseTimeMs } from "./units.ts";
import { accountProblem } from "./value-checks.ts";

// Processes.
/** Debian's package is built with the default user "nobody"; its nginx.conf says www-data. */
export const USER = row<string>(
  "user",
  "nobody",
  (directive) => accountProblem(directive) ?? argumentText(directive, 0),
);
/** A number of processes, or 0 for "auto": one for each core. */
export const WORKER_PROCESSES = row<number>("worker_processes", 1, (directive) => {
  const text = argumentText(directive, 0);
  if (text === "auto") return 0;
  return parseNumber(text) ?? { emerg: '"worker_processes" directive invalid value' };
});
export const WORKER_SHUTDOWN_TIMEOUT = timeRow("worker_shutdown_timeout", 0);
export const WORKER_CONNECTIONS = row<number>("worker_connections", 512, (directive) => {
  const text = argumentText(directive, 0);
  return parseNumber(text) ?? { emerg: `invalid number "${text}"` };
});

// Reading requests.
export const CLIENT_HEADER_TIMEOUT = timeRow("client_header_timeout", 60_000);
export const CLIENT_HEADER_BUFFER_SIZE = sizeRow("client_header_buffer_size", 1024);
export const LARGE_CLIENT_HEADER_BUFFERS = row<{ readonly count: number; readonly bytes: number }>(
  "large_client_header_buffers",
  { count: 4, bytes: 8192 },
  (directive) => {
    const count = parseNumber(argumentText(directive, 0));
    const bytes = parseSize(argumentText(directive, 1));
    if (count === null || count === 0 || bytes === null || bytes === 0)
      return { emerg: `"large_client_header_buffers" directive invalid value` };
    return { count, bytes };
  },
);
export const IGNORE_INVALID_HEADERS = flagRow("ignore_invalid_headers", true);
export const UNDERSCORES_IN_HEADERS = flagRow("underscores_in_headers", false);
export const MERGE_SLASHES = flagRow("merge_slashes", true);
export const CLIENT_MAX_BODY_SIZE = sizeRow("client_max_body_size", 1024 * 1024, true);
/** Two pages of memory. */
export const CLIENT_BODY_BUFFER_SIZE = sizeRow("client_body_buffer_size", 16 * 1024);
export const CLIENT_BODY_TIMEOUT = timeRow("client_body_timeout", 60_000);

// Keeping and closing connections.
export const KEEPALIVE_TIMEOUT = row<{
  readonly timeoutMs: number;
  /** Seconds of the Keep-Alive header; 0: none is sent. */
  readonly headerSeconds: number;
}>("keepalive_timeout", { timeoutMs: 75_000, headerSeconds: 0 }, (directive) => {
  const [first, second] = argumentTexts(directive);
  const timeoutMs = parseTimeMs(first);
  const header = second === undefined ? 0 : parseTimeMs(second, true);
  if (timeoutMs === null || header === null)
    return { emerg: `"keepalive_timeout" directive invalid value` };
  return { timeoutMs, headerSeconds: header / 1000 };
});
export const KEEPALIVE_REQUESTS = numberRow("keepalive_requests", 1000);
export const KEEPALIVE_TIME = timeRow("keepalive_time", 3_600_000);
export const SEND_TIMEOUT = timeRow("send_timeout", 60_000);
export const LINGERING_CLOSE = choiceRow("lingering_close", "on", ["off", "on", "always"]);
export const LINGERING_TIME = timeRow("lingering_time", 30_000);
export const LINGERING_TIMEOUT = timeRow("lingering_timeout", 5_000);
export const RESET_TIMEDOUT_CONNECTION = flagRow("reset_timedout_connection", false);

// What answers look like.
export const SERVER_TOKENS = choiceRow("server_tokens", "on", ["off", "on", "build"]);
export const ABSOLUTE_REDIRECT = flagRow("absolute_redirect", true);
export const PORT_IN_REDIRECT = flagRow("port_in_redirect", true);
export const SERVER_NAME_IN_REDIRECT = flagRow("server_name_in_redirect", false);
export const MSIE_PADDING = flagRow("msie_padding", true);
export const CHUNKED_TRANSFER_ENCODING = flagRow("chunked_transfer_encoding", true);
export const RECURSIVE_ERROR_PAGES = flagRow("recursive_error_pages", false);
export const LOG_NOT_FOUND = flagRow("log_not_found", true);
export const LOG_SUBREQUEST = flagRow("log_subrequest", false);
export const SATISFY = choiceRow("satisfy", "all", ["all", "any"]);
export const INTERNAL = row<boolean>("internal", false, () => true);
export const UNINITIALIZED_VARIABLE_WARN = flagRow("uninitialized_variable_warn", true);
export const REWRITE_LOG = flagRow("rewrite_log", false);

// Files.
export const DEFAULT_TYPE = textRow("default_type", "text/plain");
export const IF_MODIFIED_SINCE = choiceRow("if_modified_since", "exact", [
  "off",
  "exact",
  "before",
]);
export const MAX_RANGES = numberRow("max_ranges", 0x7fff_ffff);
export const ETAG = flagRow("etag", true);
export const AUTOINDEX = flagRow("autoindex", false);
export const AUTOINDEX_EXACT_SIZE = flagRow("autoindex_exact_size", true);
export const AUTOINDEX_LOCALTIME = flagRow("autoindex_localtime", false);
export const AUTOINDEX_FORMAT = choiceRow("autoindex_format", "html", [
  "html",
  "json",
  "jsonp",
  "xml",
]);
export interface SymlinkGuard {
  readonly mode: "off" | "on" | "if_not_owner";
  /** The part of the path that may have links (`from=`). */
  readonly from: Template | null;
}
export const DISABLE_SYMLINKS = row<SymlinkGuard>(
  "disable_symlinks",
  { mode: "off", from: null },
  (directive, build) => {
    let mode: SymlinkGuard["mode"] | null = null;
    let from: Template | null = null;
    for (const text of argumentTexts(directive)) {
      if (text === "off" || text === "on" || text === "if_not_owner") mode = text;
      else if (text.startsWith("from=")) from = build.template(text.slice(5), directive);
      else return { emerg: `invalid parameter "${text}"` };
    }
    if (mode === null)
      return { emerg: '"disable_symlinks" must have "off", "on" or "if_not_owner" parameter' };
    if (mode === "off" && from !== null)
      return { emerg: '"from=" cannot be used with "off" parameter' };
    return { mode, from };
  },
);
export const KEEPALIVE_DISABLE = row<readonly string[]>(
  "keepalive_disable",
  ["msie6"],
  (directive) => {
    const bad = argumentTexts(directive).find(
      (text) => !["none", "msie6", "safari"].includes(text),
    );
    return bad === undefined ? argumentTexts(directive) : { emerg: `invalid value "${bad}"` };
  },
);

// Location handlers without arguments.
export const STUB_STATUS = row<boolean>("stub_status", false, () => true, {
  inherit: "none",
  handler: "stub_status",
  repeat: true,
});
export const EMPTY_GIF = row<boolean>("empty_gif", false, () => true, {
  inherit: "none",
  handler: "empty_gif",
});

/** Directives that change nothing a client, a log or a timing of this model can show. */
const WITHOUT_EFFECT = `daemon master_process pid lock_file worker_priority worker_rlimit_nofile
  worker_rlimit_core worker_cpu_affinity working_directory env pcre_jit debug_points timer_resolution
  use multi_accept accept_mutex accept_mutex_delay debug_connection ssl_engine thread_pool
  types_hash_max_size types_hash_bucket_size variables_hash_max_size variables_hash_bucket_size
  server_names_hash_max_size server_names_hash_bucket_size map_hash_max_size map_hash_bucket_size
  proxy_headers_hash_max_size proxy_headers_hash_bucket_size connection_pool_size request_pool_size
  sendfile sendfile_max_chunk tcp_nopush tcp_nodelay send_lowat postpone_output output_buffers
  client_body_temp_path client_body_in_single_buffer client_body_in_file_only aio aio_write read_ahead
  directio directio_alignment subrequest_output_buffer_size open_log_file_cache msie_refresh
  ssl_session_cache ssl_prefer_server_ciphers ssl_ciphers ssl_dhparam ssl_ecdh_curve ssl_buffer_size
  gzip_buffers gzip_window gzip_hash gzip_no_buffer postpone_gzipping
  http2_recv_buffer_size http2_pool_size http2_streams_index_size referer_hash_max_size
  referer_hash_bucket_size proxy_temp_path uwsgi_temp_path proxy_socket_keepalive uwsgi_socket_keepalive
  proxy_send_lowat proxy_ssl_session_reuse proxy_ssl_protocols proxy_ssl_ciphers`;

const harmless: readonly DirectiveRow[] = WITHOUT_EFFECT.split(/\s+/).map((name) =>
  row<readonly string[]>(name, [], (directive) => argumentTexts(directive)),
);

export const coreDirectives: readonly DirectiveRow[] = [
  USER,
  WORKER_PROCESSES,
  WORKER_SHUTDOWN_TIMEOUT,
  WORKER_CONNECTIONS,
  CLIENT_HEADER_TIMEOUT,
  CLIENT_HEADER_BUFFER_SIZE,
  LARGE_CLIENT_HEADER_BUFFERS,
  IGNORE_INVALID_HEADERS,
  UNDERSCORES_IN_HEADERS,
  MERGE_SLASHES,
  CLIENT_MAX_BODY_SIZE,
  CLIENT_BODY_BUFFER_SIZE,
  CLIENT_BODY_TIMEOUT,
  KEEPALIVE_TIMEOUT,
  KEEPALIVE_REQUESTS,
  KEEPALIVE_TIME,
  KEEPALIVE_DISABLE,
  SEND_TIMEOUT,
  LINGERING_CLOSE,
  LINGERING_TIME,
  LINGERING_TIMEOUT,
  RESET_TIMEDOUT_CONNECTION,
  SERVER_TOKENS,
  ABSOLUTE_REDIRECT,
  PORT_IN_REDIRECT,
  SERVER_NAME_IN_REDIRECT,
  MSIE_PADDING,
  CHUNKED_TRANSFER_ENCODING,
  RECURSIVE_ERROR_PAGES,
  LOG_NOT_FOUND,
  LOG_SUBREQUEST,
  SATISFY,
  INTERNAL,
  UNINITIALIZED_VARIABLE_WARN,
  REWRITE_LOG,
  DEFAULT_TYPE,
  IF_MODIFIED_SINCE,
  MAX_RANGES,
  ETAG,
  AUTOINDEX,
  AUTOINDEX_EXACT_SIZE,
  AUTOINDEX_LOCALTIME,
  AUTOINDEX_FORMAT,
  DISABLE_SYMLINKS,
  STUB_STATUS,
  EMPTY_GIF,
  ...http2Directives,
  ...harmless,
];
