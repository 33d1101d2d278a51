// Every documented setting of gunicorn 20.1: its flags, its kind, its default, and whether the
// simulator acts on it. The table is read by the command line, by gunicorn.conf.py and by the
// diagnostics for what is known but not simulated.
// Source: gunicorn/config.py 20.1.0, classes derived from Setting, in their order.

export type SettingKind =
  | "string"
  | "integer"
  | "switch"
  /** A flag that stores False (--no-sendfile). */
  | "off-switch"
  | "list"
  | "comma-list"
  | "dictionary"
  | "hook";

export type SettingValue =
  | string
  | number
  | boolean
  | null
  | readonly string[]
  | Readonly<Record<string, string>>;

export interface Setting {
  readonly name: string;
  readonly flags: readonly string[];
  readonly kind: SettingKind;
  readonly default: SettingValue;
  /** Why the simulator does nothing with it; absent when it does what gunicorn does. */
  readonly notSimulated?: string;
}

/** Source: gunicorn/config.py, SecureSchemeHeader. */
const SECURE_SCHEME_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  "X-FORWARDED-PROTOCOL": "ssl",
  "X-FORWARDED-PROTO": "https",
  "X-FORWARDED-SSL": "on",
});

/** Source: gunicorn/config.py, AccessLogFormat. */
export const ACCESS_LOG_FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"';

const NO_TLS = "TLS in gunicorn is not simulated; terminate it in nginx";
const NO_SYSLOG = "there is no syslog on the simulated host";
const NO_STATSD = "there is no statsd on the simulated host";
const NO_HOOKS = "Python code in the configuration does not run";
const NO_PYTHON = "Python's own state is not simulated";

function row(
  name: string,
  flags: string,
  kind: SettingKind,
  rest: { default?: SettingValue; notSimulated?: string } = {},
): Setting {
  return Object.freeze({
    name,
    flags: flags === "" ? [] : flags.split(" "),
    kind,
    default: rest.default ?? null,
    ...(rest.notSimulated === undefined ? {} : { notSimulated: rest.notSimulated }),
  });
}

function hook(name: string): Setting {
  return row(name, "", "hook", { notSimulated: NO_HOOKS });
}

const NO_RELOADER = "files are not watched; send HUP";

export const SETTINGS: readonly Setting[] = [
  row("config", "-c --config", "string", { default: "./gunicorn.conf.py" }),
  row("wsgi_app", "", "string"),
  row("bind", "-b --bind", "list"),
  row("backlog", "--backlog", "integer", { default: 2048 }),
  row("workers", "-w --workers", "integer", { default: 1 }),
  row("worker_class", "-k --worker-class", "string", { default: "sync" }),
  row("threads", "--threads", "integer", { default: 1 }),
  row("worker_connections", "--worker-connections", "integer", { default: 1000 }),
  row("max_requests", "--max-requests", "integer", { default: 0 }),
  row("max_requests_jitter", "--max-requests-jitter", "integer", { default: 0 }),
  row("timeout", "-t --timeout", "integer", { default: 30 }),
  row("graceful_timeout", "--graceful-timeout", "integer", { default: 30 }),
  row("keepalive", "--keep-alive", "integer", { default: 2 }),
  row("limit_request_line", "--limit-request-line", "integer", { default: 4094 }),
  row("limit_request_fields", "--limit-request-fields", "integer", { default: 100 }),
  row("limit_request_field_size", "--limit-request-field_size", "integer", { default: 8190 }),
  row("reload", "--reload", "switch", { default: false, notSimulated: NO_RELOADER }),
  row("reload_engine", "--reload-engine", "string", { default: "auto", notSimulated: NO_RELOADER }),
  row("reload_extra_files", "--reload-extra-file", "list", {
    default: [],
    notSimulated: NO_RELOADER,
  }),
  row("spew", "--spew", "switch", { default: false, notSimulated: NO_PYTHON }),
  row("check_config", "--check-config", "switch", { default: false }),
  row("print_config", "--print-config", "switch", { default: false }),
  row("preload_app", "--preload", "switch", { default: false }),
  row("sendfile", "--no-sendfile", "off-switch", {
    notSimulated: "bodies are counted, however the kernel copies them",
  }),
  row("reuse_port", "--reuse-port", "switch", { default: false }),
  row("chdir", "--chdir", "string"),
  row("daemon", "-D --daemon", "switch", { default: false }),
  row("raw_env", "-e --env", "list", { default: [] }),
  row("pidfile", "-p --pid", "string"),
  row("worker_tmp_dir", "--worker-tmp-dir", "string", {
    notSimulated: "the heartbeat file costs nothing here",
  }),
  row("user", "-u --user", "string"),
  row("group", "-g --group", "string"),
  row("umask", "-m --umask", "integer", { default: 0 }),
  row("initgroups", "--initgroups", "switch", {
    default: false,
    notSimulated: "a user has one group here",
  }),
  row("tmp_upload_dir", "", "string", { notSimulated: "gunicorn itself does not use it" }),
  row("secure_scheme_headers", "", "dictionary", { default: SECURE_SCHEME_HEADERS }),
  row("forwarded_allow_ips", "--forwarded-allow-ips", "comma-list", { default: ["127.0.0.1"] }),
  row("accesslog", "--access-logfile", "string"),
  row("disable_redirect_access_to_syslog", "--disable-redirect-access-to-syslog", "switch", {
    default: false,
    notSimulated: NO_SYSLOG,
  }),
  row("access_log_format", "--access-logformat", "string", { default: ACCESS_LOG_FORMAT }),
  row("errorlog", "--error-logfile --log-file", "string", { default: "-" }),
  row("loglevel", "--log-level", "string", { default: "info" }),
  row("capture_output", "--capture-output", "switch", { default: false }),
  row("logger_class", "--logger-class", "string", {
    default: "gunicorn.glogging.Logger",
    notSimulated: NO_PYTHON,
  }),
  row("logconfig", "--log-config", "string", { notSimulated: "log handlers are not simulated" }),
  row("logconfig_dict", "", "dictionary", {
    default: {},
    notSimulated: "log handlers are not simulated",
  }),
  row("syslog_addr", "--log-syslog-to", "string", {
    default: "udp://localhost:514",
    notSimulated: NO_SYSLOG,
  }),
  row("syslog", "--log-syslog", "switch", { default: false, notSimulated: NO_SYSLOG }),
  row("syslog_prefix", "--log-syslog-prefix", "string", { notSimulated: NO_SYSLOG }),
  row("syslog_facility", "--log-syslog-facility", "string", {
    default: "user",
    notSimulated: NO_SYSLOG,
  }),
  row("enable_stdio_inheritance", "-R --enable-stdio-inheritance", "switch", { default: false }),
  row("statsd_host", "--statsd-host", "string", { notSimulated: NO_STATSD }),
  row("dogstatsd_tags", "--dogstatsd-tags", "string", { default: "", notSimulated: NO_STATSD }),
  row("statsd_prefix", "--statsd-prefix", "string", { default: "", notSimulated: NO_STATSD }),
  row("proc_name", "-n --name", "string"),
  row("default_proc_name", "", "string", { default: "gunicorn" }),
  row("pythonpath", "--pythonpath", "string", {
    notSimulated: "modules are looked up below --chdir alone",
  }),
  row("paste", "--paste --paster", "string", { notSimulated: "Paste applications do not run" }),
  hook("on_starting"),
  hook("on_reload"),
  hook("when_ready"),
  hook("pre_fork"),
  hook("post_fork"),
  hook("post_worker_init"),
  hook("worker_int"),
  hook("worker_abort"),
  hook("pre_exec"),
  hook("pre_request"),
  hook("post_request"),
  hook("child_exit"),
  hook("worker_exit"),
  hook("nworkers_changed"),
  hook("on_exit"),
  row("proxy_protocol", "--proxy-protocol", "switch", { default: false }),
  row("proxy_allow_ips", "--proxy-allow-from", "comma-list", { default: ["127.0.0.1"] }),
  row("keyfile", "--keyfile", "string", { notSimulated: NO_TLS }),
  row("certfile", "--certfile", "string", { notSimulated: NO_TLS }),
  row("ssl_version", "--ssl-version", "string", { default: 2, notSimulated: NO_TLS }),
  row("cert_reqs", "--cert-reqs", "integer", { default: 0, notSimulated: NO_TLS }),
  row("ca_certs", "--ca-certs", "string", { notSimulated: NO_TLS }),
  row("suppress_ragged_eofs", "--suppress-ragged-eofs", "switch", {
    default: true,
    notSimulated: NO_TLS,
  }),
  row("do_handshake_on_connect", "--do-handshake-on-connect", "switch", {
    default: false,
    notSimulated: NO_TLS,
  }),
  row("ciphers", "--ciphers", "string", { notSimulated: NO_TLS }),
  row("raw_paste_global_conf", "--paste-global", "list", {
    default: [],
    notSimulated: "Paste applications do not run",
  }),
  row("strip_header_spaces", "--strip-header-spaces", "switch", { default: false }),
  row("tolerate_dangerous_framing", "--tolerate-dangerous-framing", "switch", { default: false }),
];

/** The settings by name. */
export const SETTING_BY_NAME: ReadonlyMap<string, Setting> = new Map(
  SETTINGS.map((setting) => [setting.name, setting]),
);

/** Options whose command-line type is int, so that argparse itself refuses other text. */
export function isIntegerOption(setting: Setting): boolean {
  // Source: config.py: cert_reqs has a validator but no argparse type.
  return setting.kind === "integer" && setting.name !== "cert_reqs";
}
