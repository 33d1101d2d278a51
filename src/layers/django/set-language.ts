// set_language(): the view of django.conf.urls.i18n that keeps a visitor's choice of language in a
// cookie and goes back to where the form was. Source: django/views/i18n.py, django/urls/base.py
// translate_url(), 3.2.
import { type Django, dateAfter, isException, settingsOf } from "./django.ts";
import { type HttpRequest, isSafeUrl, meta, queryFields } from "./http-request.ts";
import { type CookieOptions, makeResponse, redirectResponse, setCookie } from "./http-response.ts";
import { LANGUAGE_CODES } from "./languages.ts";
import { scriptPrefix } from "./login-url.ts";
import { needPost, needSession, sessionData } from "./needs.ts";
import { languagePrefixOf } from "./resolver.ts";
import { reverseUrl } from "./reverse.ts";
import { finish, type Run, raise } from "./run.ts";
import { type Settings, setting } from "./settings.ts";
import { currentUrlconf, findPath } from "./url-state.ts";

const SESSION_KEY = "_language";

export function setLanguageView(django: Django, run: Run): void {
  const http = run.http as HttpRequest;
  if (!needPost(django, run)) return;
  const posted = (name: string): string | undefined =>
    http.post?.fields.findLast(([key]) => key === name)?.[1];
  const language = http.method === "POST" ? (posted("language") ?? "") : "";
  const known = LANGUAGE_CODES.includes(language);
  if (known && run.session !== null && !needSession(django, run)) return;
  const next = nextOf(django, run, posted("next"));
  const target = known && next !== "" ? translated(django, run, next, language) : next;
  const response =
    target === "" ? makeResponse("", { status: 204 }) : redirectResponse(target, false);
  if (isException(response)) {
    raise(run, response.name, response.message);
    return;
  }
  if (known) {
    const settings = settingsOf(django, run);
    if (run.session !== null) {
      sessionData(run)[SESSION_KEY] = language;
      run.session.modified = true;
    }
    setCookie(
      response,
      setting<string>(settings, "LANGUAGE_COOKIE_NAME"),
      language,
      languageCookie(django, settings),
    );
  }
  finish(run, response);
}

function languageCookie(django: Django, settings: Settings): CookieOptions {
  const age = setting<number | null>(settings, "LANGUAGE_COOKIE_AGE");
  return {
    maxAge: age,
    expires: age === null ? "" : dateAfter(django, age),
    path: setting<string>(settings, "LANGUAGE_COOKIE_PATH"),
    domain: setting<string | null>(settings, "LANGUAGE_COOKIE_DOMAIN"),
    secure: setting<boolean>(settings, "LANGUAGE_COOKIE_SECURE"),
    httponly: setting<boolean>(settings, "LANGUAGE_COOKIE_HTTPONLY"),
    samesite: setting<string | null>(settings, "LANGUAGE_COOKIE_SAMESITE"),
  };
}

/** Where to go: `next` when it is safe, else the Referer, else the root; "" for a client without HTML. */
function nextOf(django: Django, run: Run, posted: string | undefined): string {
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  const next = posted ?? queryFields(http).findLast(([key]) => key === "next")?.[1] ?? "";
  const accept = meta(http, "HTTP_ACCEPT") ?? "*/*";
  const wantsPage = /(?:\*\/\*|text\/\*|text\/html)/.test(accept);
  if ((next === "" && !wantsPage) || isSafeUrl(settings, http, next)) return next;
  const referer = meta(http, "HTTP_REFERER") ?? "";
  return isSafeUrl(settings, http, referer) ? referer : "/";
}

/** The same page in the other language, when its URL depends on it. */
function translated(django: Django, run: Run, url: string, language: string): string {
  const parts = /^((?:[a-z]+:)?(?:\/\/[^/?#]*)?)([^?#]*)(.*)$/i.exec(url);
  if (parts === null) return url;
  const match = findPath(django, run, decodeURI(parts[2]));
  if (match === null || isException(match) || match.urlName === null) return url;
  const urlconf = currentUrlconf(django, run);
  const reversed = reverseUrl(urlconf, match.urlName, {
    args: match.args,
    kwargs: match.kwargs,
    languagePrefix: languagePrefixOf(urlconf, language, settingsOf(django, run).languageCode),
    scriptPrefix: scriptPrefix(run.http as HttpRequest),
  });
  return "url" in reversed ? `${parts[1]}${reversed.url}${parts[3]}` : url;
}
