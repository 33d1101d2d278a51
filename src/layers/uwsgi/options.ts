// The options of uWSGI that a Django server uses, by their kind, with the aliases and the short forms;
// and those that are known but change nothing here.
// Source: uWSGI 2.0.21 documentation, "Configuration Options"; core/uwsgi.c uwsgi_base_options.
import { ownValue } from "../../text/own-value.ts";

export type OptionKind = "text" | "number" | "switch" | "list";

export interface Option {
  readonly name: string;
  readonly kind: OptionKind;
}

/** Option texts to the option they set. Underscores and dashes are the same to uWSGI. */
const SIMULATED: Readonly<Record<string, Option>> = {
  ...alias("socket", "list", "socket s uwsgi-socket"),
  ...alias("http-socket", "list", "http-socket"),
  ...alias("http", "list", "http http-router"),
  ...alias("http-timeout", "number", "http-timeout"),
  ...alias("module", "text", "module w wsgi"),
  ...alias("wsgi-file", "text", "wsgi-file file"),
  ...alias("callable", "text", "callable"),
  ...alias("mount", "list", "mount"),
  ...alias("chdir", "text", "chdir chdir2"),
  ...alias("processes", "number", "processes p workers"),
  ...alias("threads", "number", "threads"),
  ...alias("master", "switch", "master M"),
  ...alias("listen", "number", "listen l"),
  ...alias("harakiri", "number", "harakiri t"),
  ...alias("socket-timeout", "number", "socket-timeout z http-socket-timeout"),
  ...alias("buffer-size", "number", "buffer-size b"),
  ...alias("post-buffering", "number", "post-buffering"),
  ...alias("max-requests", "number", "max-requests R"),
  ...alias("min-worker-lifetime", "number", "min-worker-lifetime"),
  ...alias("worker-reload-mercy", "number", "worker-reload-mercy"),
  ...alias("die-on-term", "switch", "die-on-term"),
  ...alias("touch-reload", "text", "touch-reload"),
  ...alias("need-app", "switch", "need-app"),
  ...alias("strict", "switch", "strict"),
  ...alias("lazy-apps", "switch", "lazy-apps lazy"),
  ...alias("chmod-socket", "text", "chmod-socket C"),
  ...alias("uid", "text", "uid"),
  ...alias("vacuum", "switch", "vacuum"),
  ...alias("manage-script-name", "switch", "manage-script-name"),
  ...alias("pidfile", "text", "pidfile safe-pidfile"),
  ...alias("logto", "text", "logto logto2 daemonize d"),
  ...alias("disable-logging", "switch", "disable-logging L"),
  ...alias("log-zero", "switch", "log-zero"),
  ...alias("log-4xx", "switch", "log-4xx"),
  ...alias("log-5xx", "switch", "log-5xx"),
  ...alias("log-slow", "number", "log-slow"),
  ...alias("log-big", "number", "log-big log-large"),
  ...alias("env", "list", "env"),
  ...alias("ini", "text", "ini"),
};

/** Known, harmless here: plugins are built in, names and locks show nowhere. */
const WITHOUT_EFFECT = new Set(
  (
    "plugin plugins plugin3 single-interpreter i enable-threads thunder-lock procname procname-prefix auto-procname gid chown-socket " +
    "no-orphans close-on-exec virtualenv home H venv pythonpath pp python-path log-date log-x-forwarded-for memory-report " +
    "stats stats-http ignore-sigpipe ignore-write-errors disable-write-exception cheaper cheaper-initial cheaper-step " +
    "cheaper-algo cheaper-overload reload-on-rss reload-on-as max-worker-lifetime offload-threads static-map http-to http-keepalive http-processes http-workers http-auto-chunked http-chunked-input http-raw-body http-connect-timeout http-headers-timeout " +
    "reload-mercy exit-on-reload log-format logger req-logger limit-post limit-as harakiri-verbose add-header py-autoreload optimize"
  ).split(" "),
);

function alias(name: string, kind: OptionKind, texts: string): Record<string, Option> {
  const option = Object.freeze({ name, kind });
  return Object.fromEntries(texts.split(" ").map((text) => [text, option]));
}

/** The option a text names; "without effect" for known ones that change nothing; null when unknown. */
export function optionNamed(text: string): Option | "without effect" | null {
  const name = text.replace(/_/g, "-");
  return ownValue(SIMULATED, name) ?? (WITHOUT_EFFECT.has(name) ? "without effect" : null);
}
