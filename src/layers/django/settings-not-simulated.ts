// Settings that Django 3.2 knows and that change nothing in this simulation, with their defaults: one that
// is set to something else gives a diagnostic at its line.
// Source: django/conf/global_settings.py, 3.2.25, and the settings of its contrib apps.

/** A default that is a long list: whatever is written counts as a change. */
const ANYTHING = Symbol("anything");

export const NOT_SIMULATED: Readonly<Record<string, unknown>> = Object.freeze({
  ABSOLUTE_URL_OVERRIDES: {},
  AUTHENTICATION_BACKENDS: ["django.contrib.auth.backends.ModelBackend"],
  AUTH_PASSWORD_VALIDATORS: [],
  AUTH_USER_MODEL: "auth.User",
  DATABASE_ROUTERS: [],
  DATE_FORMAT: "N j, Y",
  DATE_INPUT_FORMATS: ANYTHING,
  DATETIME_FORMAT: "N j, Y, P",
  DATETIME_INPUT_FORMATS: ANYTHING,
  DECIMAL_SEPARATOR: ".",
  DEFAULT_EXCEPTION_REPORTER: "django.views.debug.ExceptionReporter",
  DEFAULT_EXCEPTION_REPORTER_FILTER: "django.views.debug.SafeExceptionReporterFilter",
  DEFAULT_FILE_STORAGE: "django.core.files.storage.FileSystemStorage",
  DEFAULT_FROM_EMAIL: "webmaster@localhost",
  DEFAULT_HASHING_ALGORITHM: "sha256",
  EMAIL_BACKEND: "django.core.mail.backends.smtp.EmailBackend",
  EMAIL_FILE_PATH: null,
  EMAIL_HOST: "localhost",
  EMAIL_HOST_PASSWORD: "",
  EMAIL_HOST_USER: "",
  EMAIL_PORT: 25,
  EMAIL_SSL_CERTFILE: null,
  EMAIL_SSL_KEYFILE: null,
  EMAIL_SUBJECT_PREFIX: "[Django] ",
  EMAIL_TIMEOUT: null,
  EMAIL_USE_LOCALTIME: false,
  EMAIL_USE_SSL: false,
  EMAIL_USE_TLS: false,
  FILE_UPLOAD_DIRECTORY_PERMISSIONS: null,
  FILE_UPLOAD_HANDLERS: [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
  ],
  FILE_UPLOAD_MAX_MEMORY_SIZE: 2621440,
  FILE_UPLOAD_PERMISSIONS: 0o644,
  FILE_UPLOAD_TEMP_DIR: null,
  FIRST_DAY_OF_WEEK: 0,
  FORMAT_MODULE_PATH: null,
  FORM_RENDERER: "django.forms.renderers.DjangoTemplates",
  IGNORABLE_404_URLS: [],
  INTERNAL_IPS: [],
  LANGUAGES_BIDI: ["he", "ar", "ar-dz", "fa", "ur"],
  LOCALE_PATHS: [],
  MANAGERS: [],
  MEDIA_ROOT: "",
  MEDIA_URL: "",
  MESSAGE_TAGS: {},
  MONTH_DAY_FORMAT: "F j",
  NUMBER_GROUPING: 0,
  PASSWORD_HASHERS: ANYTHING,
  PASSWORD_RESET_TIMEOUT: 259200,
  PASSWORD_RESET_TIMEOUT_DAYS: 3,
  SERVER_EMAIL: "root@localhost",
  SESSION_CACHE_ALIAS: "default",
  SESSION_FILE_PATH: null,
  SESSION_SERIALIZER: "django.contrib.sessions.serializers.JSONSerializer",
  SHORT_DATE_FORMAT: "m/d/Y",
  SHORT_DATETIME_FORMAT: "m/d/Y P",
  SIGNING_BACKEND: "django.core.signing.TimestampSigner",
  SITE_ID: ANYTHING,
  STATICFILES_FINDERS: ANYTHING,
  STATICFILES_STORAGE: "django.contrib.staticfiles.storage.StaticFilesStorage",
  THOUSAND_SEPARATOR: ",",
  TIME_FORMAT: "P",
  TIME_INPUT_FORMATS: ANYTHING,
  // Simplification: the logs of a project without TIME_ZONE are in UTC too; Django's default is America/Chicago.
  TIME_ZONE: "UTC",
  USE_L10N: false,
  USE_THOUSAND_SEPARATOR: false,
  YEAR_MONTH_FORMAT: "F Y",
});

/**
 * Settings that no request meets: they are for commands of manage.py, for tests, and for the columns of
 * tables. What is written there needs no diagnostic.
 */
export const OUTSIDE_REQUESTS: ReadonlySet<string> = new Set([
  "DEFAULT_AUTO_FIELD",
  "DEFAULT_INDEX_TABLESPACE",
  "DEFAULT_TABLESPACE",
  "FIXTURE_DIRS",
  "MIGRATION_MODULES",
  "SILENCED_SYSTEM_CHECKS",
  "STATICFILES_DIRS",
  "TEST_NON_SERIALIZED_APPS",
  "TEST_RUNNER",
  // Times are read and written by models, which this product's views do not have.
  "USE_TZ",
  "WSGI_APPLICATION",
]);

/** Whether a setting that is not simulated is written with its default. */
export function isDefault(name: string, value: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(NOT_SIMULATED[name]);
}
