// A Django project for tests: settings with the given lines over a plain base, behind gunicorn alone.

import type { RequestObservation } from "../../../src/simulation/observation.ts";
import { observeScenario } from "../../../src/simulation/observe-scenario.ts";
import { checkScenario } from "../../../src/simulation/read-scenario.ts";

export interface ProjectOptions {
  /** Lines after the base settings: `DEBUG = True`. */
  readonly settings?: readonly string[];
  /** Short names of middleware, outermost first. */
  readonly middleware?: readonly string[];
  /** Entries of urlpatterns. */
  readonly urls?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly views?: Readonly<Record<string, unknown>>;
  readonly own?: Readonly<Record<string, unknown>>;
  readonly database?: string;
}

export const STOCK: Readonly<Record<string, string>> = {
  Security: "django.middleware.security.SecurityMiddleware",
  Session: "django.contrib.sessions.middleware.SessionMiddleware",
  Common: "django.middleware.common.CommonMiddleware",
  Csrf: "django.middleware.csrf.CsrfViewMiddleware",
  Auth: "django.contrib.auth.middleware.AuthenticationMiddleware",
  Messages: "django.contrib.messages.middleware.MessageMiddleware",
  XFrame: "django.middleware.clickjacking.XFrameOptionsMiddleware",
  Locale: "django.middleware.locale.LocaleMiddleware",
  GZip: "django.middleware.gzip.GZipMiddleware",
  UpdateCache: "django.middleware.cache.UpdateCacheMiddleware",
  FetchCache: "django.middleware.cache.FetchFromCacheMiddleware",
};

/** The middleware of `django-admin startproject`. */
export const DEFAULT_CHAIN = [
  "Security",
  "Session",
  "Common",
  "Csrf",
  "Auth",
  "Messages",
  "XFrame",
] as const;

const WSGI = `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')
application = get_wsgi_application()
`;

function settingsText(options: ProjectOptions): string {
  const middleware = (options.middleware ?? ["Common"]).map(
    (name) => `    '${STOCK[name] ?? name}',`,
  );
  return [
    "SECRET_KEY = 'not-a-secret'",
    "DEBUG = False",
    "ALLOWED_HOSTS = ['example.com']",
    "ROOT_URLCONF = 'shop.urls'",
    "INSTALLED_APPS = ['django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions', 'django.contrib.messages']",
    "MIDDLEWARE = [",
    ...middleware,
    "]",
    "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': ['/srv/shop/templates'], 'APP_DIRS': True}]",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/srv/shop/db.sqlite3'}}",
    ...(options.settings ?? []),
    "",
  ].join("\n");
}

/** Sends requests (paths, or whole request specs) one after the other and returns what is observed. */
export function ask(
  options: ProjectOptions,
  requests: readonly (string | Readonly<Record<string, unknown>>)[],
): readonly RequestObservation[] {
  return observe(options, requests).requests;
}

export function observe(
  options: ProjectOptions,
  requests: readonly (string | Readonly<Record<string, unknown>>)[],
): ReturnType<typeof observeScenario> {
  const urls = [
    "from django.urls import include, path, re_path",
    "from shop import views",
    "urlpatterns = [",
    ...(options.urls ?? ["path('', views.home)"]).map((line) => `    ${line},`),
    "]",
    "",
  ].join("\n");
  const checked = checkScenario({
    format: 1,
    name: "test",
    files: {
      "/srv/shop/shop/settings.py": settingsText(options),
      "/srv/shop/shop/urls.py": urls,
      "/srv/shop/shop/wsgi.py": WSGI,
      ...options.files,
    },
    processes: ["gunicorn --chdir /srv/shop --bind 127.0.0.1:8000 shop.wsgi:application"],
    views: options.views ?? {},
    ...(options.own !== undefined && { middleware: options.own }),
    ...(options.database !== undefined && { database: options.database }),
    timeline: requests.map((request, i) => {
      const spec = typeof request === "string" ? { url: request } : request;
      const headers = { Host: "example.com", ...((spec.headers as object | undefined) ?? {}) };
      return {
        at: i * 100,
        request: { ...spec, url: `http://127.0.0.1:8000${String(spec.url)}`, headers },
      };
    }),
  });
  if (!checked.ok) throw new Error(checked.problems.join("; "));
  return observeScenario(checked.scenario);
}

/** A header of an answer, or undefined. */
export function header(observation: RequestObservation, name: string): string | undefined {
  return observation.headers.find(([key]) => key === name)?.[1];
}
