// settings.py as Django sees it: the values it has set over the defaults of Django 3.2, each with
// the place where it is written. Source: django/conf/global_settings.py, 3.2.25.
import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import type { Cause } from "../layer.ts";
import { LANGUAGE_CODES } from "./languages.ts";
import type { Module } from "./python-modules.ts";
import { itemsOf, type Py, type PyException, plain, textOf } from "./python-values.ts";
import { reportSettings } from "./settings-report.ts";

/** Something that a list of settings.py names, and where. */
export interface Listed {
  readonly path: string;
  readonly span: Span;
}

export interface Settings {
  readonly module: string;
  readonly file: string;
  /** What the file sets, by name. */
  readonly written: ReadonlyMap<string, Py>;
  readonly debug: boolean;
  readonly allowedHosts: readonly Listed[];
  readonly installedApps: readonly Listed[];
  readonly middleware: readonly Listed[];
  readonly rootUrlconf: string;
  readonly languages: readonly string[];
  readonly languageCode: string;
  readonly staticRoot: string | null;
  readonly templateDirs: readonly string[];
  readonly appDirs: boolean;
  readonly database: Readonly<Record<string, unknown>>;
  readonly caches: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly values: Readonly<Record<SettingName, unknown>>;
}

/** Settings that are read by name, with Django's defaults. */
export const DEFAULTS = {
  ADMINS: [],
  APPEND_SLASH: true,
  CACHE_MIDDLEWARE_ALIAS: "default",
  CACHE_MIDDLEWARE_KEY_PREFIX: "",
  CACHE_MIDDLEWARE_SECONDS: 600,
  CSRF_COOKIE_AGE: 31449600,
  CSRF_COOKIE_DOMAIN: null,
  CSRF_COOKIE_HTTPONLY: false,
  CSRF_COOKIE_NAME: "csrftoken",
  CSRF_COOKIE_PATH: "/",
  CSRF_COOKIE_SAMESITE: "Lax",
  CSRF_COOKIE_SECURE: false,
  CSRF_FAILURE_VIEW: "django.views.csrf.csrf_failure",
  CSRF_HEADER_NAME: "HTTP_X_CSRFTOKEN",
  CSRF_TRUSTED_ORIGINS: [],
  CSRF_USE_SESSIONS: false,
  DATA_UPLOAD_MAX_MEMORY_SIZE: 2621440,
  DATA_UPLOAD_MAX_NUMBER_FIELDS: 1000,
  DATA_UPLOAD_MAX_NUMBER_FILES: 100,
  DEBUG_PROPAGATE_EXCEPTIONS: false,
  DEFAULT_CHARSET: "utf-8",
  DISALLOWED_USER_AGENTS: [],
  FORCE_SCRIPT_NAME: null,
  LANGUAGE_COOKIE_AGE: null,
  LANGUAGE_COOKIE_DOMAIN: null,
  LANGUAGE_COOKIE_HTTPONLY: false,
  LANGUAGE_COOKIE_NAME: "django_language",
  LANGUAGE_COOKIE_PATH: "/",
  LANGUAGE_COOKIE_SAMESITE: null,
  LANGUAGE_COOKIE_SECURE: false,
  LOGGING: {},
  LOGGING_CONFIG: "logging.config.dictConfig",
  LOGIN_REDIRECT_URL: "/accounts/profile/",
  LOGIN_URL: "/accounts/login/",
  LOGOUT_REDIRECT_URL: null,
  MESSAGE_LEVEL: 20,
  MESSAGE_STORAGE: "django.contrib.messages.storage.fallback.FallbackStorage",
  PREPEND_WWW: false,
  SECRET_KEY: "",
  SECURE_BROWSER_XSS_FILTER: false,
  SECURE_CONTENT_TYPE_NOSNIFF: true,
  SECURE_HSTS_INCLUDE_SUBDOMAINS: false,
  SECURE_HSTS_PRELOAD: false,
  SECURE_HSTS_SECONDS: 0,
  SECURE_PROXY_SSL_HEADER: null,
  SECURE_REDIRECT_EXEMPT: [],
  SECURE_REFERRER_POLICY: "same-origin",
  SECURE_SSL_HOST: null,
  SECURE_SSL_REDIRECT: false,
  SESSION_COOKIE_AGE: 1209600,
  SESSION_COOKIE_DOMAIN: null,
  SESSION_COOKIE_HTTPONLY: true,
  SESSION_COOKIE_NAME: "sessionid",
  SESSION_COOKIE_PATH: "/",
  SESSION_COOKIE_SAMESITE: "Lax",
  SESSION_COOKIE_SECURE: false,
  SESSION_ENGINE: "django.contrib.sessions.backends.db",
  SESSION_EXPIRE_AT_BROWSER_CLOSE: false,
  SESSION_SAVE_EVERY_REQUEST: false,
  STATIC_URL: null,
  USE_I18N: true,
  USE_X_FORWARDED_HOST: false,
  USE_X_FORWARDED_PORT: false,
  X_FRAME_OPTIONS: "DENY",
} as const;

export type SettingName = keyof typeof DEFAULTS;

/** Settings that are read, but not by name alone. */
const READ_ELSEWHERE = new Set([
  ...[
    "DEBUG",
    "ALLOWED_HOSTS",
    "INSTALLED_APPS",
    "MIDDLEWARE",
    "ROOT_URLCONF",
    "LANGUAGES",
    "LANGUAGE_CODE",
    "STATIC_ROOT",
  ],
  ...["TEMPLATES", "DATABASES", "CACHES"],
]);

/** Reads the settings module. Never throws; what cannot be read is a diagnostic. */
export function readSettings(module: Module, diagnostics: Diagnostic[]): Settings | PyException {
  const written = new Map([...module.names].filter(([name]) => /^[A-Z][A-Z0-9_]*$/.test(name)));
  for (const name of ["ALLOWED_HOSTS", "INSTALLED_APPS", "LOCALE_PATHS"]) {
    const value = written.get(name);
    if (value !== undefined && ["str", "none", "dict", "number", "bool"].includes(value.type)) {
      return {
        name: "ImproperlyConfigured",
        message: `The ${name} setting must be a list or a tuple. `,
      };
    }
  }
  reportSettings(written, (name) => name in DEFAULTS || READ_ELSEWHERE.has(name), diagnostics);
  const languages = itemsOf(written.get("LANGUAGES")).map((pair) => textOf(itemsOf(pair)[0]) ?? "");
  const templates =
    (plainOf(written, "TEMPLATES") as Record<string, unknown>[] | undefined)?.[0] ?? {};
  return Object.freeze({
    module: module.name,
    file: module.file ?? "",
    written,
    debug: plainOf(written, "DEBUG") === true,
    allowedHosts: listed(written.get("ALLOWED_HOSTS")),
    installedApps: listed(written.get("INSTALLED_APPS")),
    middleware: listed(written.get("MIDDLEWARE")),
    rootUrlconf: textOf(written.get("ROOT_URLCONF")) ?? "",
    languages: languages.length > 0 ? languages : LANGUAGE_CODES,
    languageCode: textOf(written.get("LANGUAGE_CODE")) ?? "en-us",
    staticRoot: textOf(written.get("STATIC_ROOT")),
    templateDirs: texts(templates.DIRS),
    appDirs: templates.APP_DIRS === true,
    database: ((plainOf(written, "DATABASES") as Record<string, unknown> | undefined)?.default ??
      {}) as Record<string, unknown>,
    caches: (plainOf(written, "CACHES") ?? {}) as Settings["caches"],
    values: valuesOf(written),
  });
}

function plainOf(written: ReadonlyMap<string, Py>, name: string): unknown {
  const value = written.get(name);
  return value === undefined ? undefined : plain(value);
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function listed(value: Py | undefined): readonly Listed[] {
  return itemsOf(value).map((item) => ({ path: textOf(item) ?? "", span: item.span }));
}

function valuesOf(written: ReadonlyMap<string, Py>): Settings["values"] {
  const values: Record<string, unknown> = { ...DEFAULTS };
  for (const name of Object.keys(DEFAULTS)) {
    const value = plainOf(written, name);
    if (value !== undefined) values[name] = value;
  }
  return Object.freeze(values) as Settings["values"];
}

/** The line that sets something, or null when the default holds. */
export function settingCause(settings: Settings, name: string, note: string): Cause | undefined {
  const value = settings.written.get(name);
  return value === undefined ? undefined : spanCause(value.span, note);
}

export function spanCause(span: Span, note: string): Cause {
  return { file: span.file, line: span.line, start: span.start, end: span.end, note };
}

export function setting<T>(settings: Settings, name: SettingName): T {
  return settings.values[name] as T;
}
