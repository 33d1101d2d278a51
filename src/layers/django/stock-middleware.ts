// The middleware that Django brings, by dotted path, and which of its hooks each has.
export type StockMiddleware =
  | "security"
  | "session"
  | "common"
  | "csrf"
  | "auth"
  | "messages"
  | "xframe"
  | "gzip"
  | "conditional"
  | "locale"
  | "updateCache"
  | "fetchCache"
  | "cache";

export const STOCK_MIDDLEWARE: Readonly<Record<string, StockMiddleware>> = {
  "django.middleware.security.SecurityMiddleware": "security",
  "django.contrib.sessions.middleware.SessionMiddleware": "session",
  "django.middleware.common.CommonMiddleware": "common",
  "django.middleware.csrf.CsrfViewMiddleware": "csrf",
  "django.contrib.auth.middleware.AuthenticationMiddleware": "auth",
  "django.contrib.messages.middleware.MessageMiddleware": "messages",
  "django.middleware.clickjacking.XFrameOptionsMiddleware": "xframe",
  "django.middleware.gzip.GZipMiddleware": "gzip",
  "django.middleware.http.ConditionalGetMiddleware": "conditional",
  "django.middleware.locale.LocaleMiddleware": "locale",
  "django.middleware.cache.UpdateCacheMiddleware": "updateCache",
  "django.middleware.cache.FetchFromCacheMiddleware": "fetchCache",
  "django.middleware.cache.CacheMiddleware": "cache",
};

/** Known, and passing everything on here. */
export const NOT_SIMULATED_MIDDLEWARE: ReadonlySet<string> = new Set([
  "django.contrib.auth.middleware.RemoteUserMiddleware",
  "django.contrib.auth.middleware.PersistentRemoteUserMiddleware",
  "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
  "django.contrib.redirects.middleware.RedirectFallbackMiddleware",
  "django.contrib.sites.middleware.CurrentSiteMiddleware",
  "django.contrib.admindocs.middleware.XViewMiddleware",
  "django.middleware.common.BrokenLinkEmailsMiddleware",
]);
