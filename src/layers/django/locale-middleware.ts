// LocaleMiddleware. Source: django/middleware/locale.py, 3.2.
import { appOf, type Django, isException, settingsOf } from "./django.ts";
import { fullPath, type HttpRequest, meta } from "./http-request.ts";
import { patchVary, type Response, redirectResponse, setDefaultHeader } from "./http-response.ts";
import { languageFromPath, requestLanguage } from "./languages.ts";
import { type Run, raiseException } from "./run.ts";
import { setting } from "./settings.ts";
import { currentUrlconf, findPath, importUrlconf, languageOf } from "./url-state.ts";

export function localeRequest(django: Django, run: Run): void {
  const problem = importUrlconf(django, run);
  if (problem !== null) {
    raiseException(run, problem);
    return;
  }
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  if (!setting<boolean>(settings, "USE_I18N")) {
    // Source: trans_null.py: there is one language, and nobody is asked.
    activate(django, run, settings.languageCode);
    return;
  }
  const { hasLanguagePrefix, prefixDefaultLanguage } = currentUrlconf(django, run);
  const fromPath = languageFromPath(settings, http.pathInfo);
  if (hasLanguagePrefix && fromPath === null && !prefixDefaultLanguage) {
    activate(django, run, settings.languageCode);
    return;
  }
  const cookie = http.cookies.get(setting<string>(settings, "LANGUAGE_COOKIE_NAME")) ?? null;
  const language = requestLanguage(
    settings,
    cookie,
    meta(http, "HTTP_ACCEPT_LANGUAGE") ?? "",
    hasLanguagePrefix ? fromPath : null,
  );
  activate(django, run, language);
}

/** translation.activate() is the thread's: nobody takes it back at the end of the request. */
function activate(django: Django, run: Run, language: string): void {
  run.language = language;
  appOf(django, run).languages.set(run.slot, language);
}

export function localeResponse(django: Django, run: Run, response: Response): boolean {
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  const language = languageOf(django, run);
  const { hasLanguagePrefix, prefixDefaultLanguage } = currentUrlconf(django, run);
  const fromPath = languageFromPath(settings, http.pathInfo);
  if (response.status === 404 && fromPath === null && hasLanguagePrefix && prefixDefaultLanguage) {
    const redirect = prefixedRedirect(django, run, language);
    if (redirect === undefined) return false;
    if (redirect !== null) {
      run.value = redirect;
      return true;
    }
  }
  if (!(hasLanguagePrefix && fromPath !== null)) patchVary(response, "Accept-Language");
  setDefaultHeader(response, "Content-Language", language);
  return true;
}

/** A 302 to the path with the language before it, when that resolves; undefined when finding out raised. */
function prefixedRedirect(django: Django, run: Run, language: string): Response | null | undefined {
  const http = run.http as HttpRequest;
  const languagePath = `/${language}${http.pathInfo}`;
  let found = findPath(django, run, languagePath);
  const needsSlash =
    found === null &&
    !languagePath.endsWith("/") &&
    setting<boolean>(settingsOf(django, run), "APPEND_SLASH");
  if (needsSlash) found = findPath(django, run, `${languagePath}/`);
  if (found === null) return null;
  if (isException(found)) {
    raiseException(run, found);
    return undefined;
  }
  const prefix = http.scriptName.endsWith("/") ? http.scriptName : `${http.scriptName}/`;
  const target = fullPath(http, { forceSlash: needsSlash }).replace(
    prefix,
    `${prefix}${language}/`,
  );
  const response = redirectResponse(target, false);
  return isException(response) ? null : response;
}
