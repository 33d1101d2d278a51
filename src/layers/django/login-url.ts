// Where those who must log in are sent. Source: django/contrib/auth/decorators.py and views.py, 3.2.
import { appOf, type Django, isException, settingsOf } from "./django.ts";
import { absoluteUri, fullPath, getHost, type HttpRequest, schemeOf } from "./http-request.ts";
import { type Response, redirectResponse } from "./http-response.ts";
import { languagePrefixOf } from "./resolver.ts";
import { type Reversed, type ReverseOptions, reverseUrl } from "./reverse.ts";
import { type Run, raiseException } from "./run.ts";
import { setting } from "./settings.ts";
import { urlQuote } from "./url-encoding.ts";
import { languageOf } from "./url-state.ts";

/** resolve_url(): a view's name to its URL, anything with a slash or dot as it is. */
export function resolveUrl(django: Django, run: Run, to: string): string {
  const { urlconf } = appOf(django, run);
  if (urlconf === null || /[/.]/.test(to)) return to;
  const reversed = reverseName(django, run, to, { args: [], kwargs: new Map() });
  return "url" in reversed ? reversed.url : to;
}

/** reverse() in the language and below the script name of a request. */
export function reverseName(
  django: Django,
  run: Run,
  name: string,
  given: Pick<ReverseOptions, "args" | "kwargs">,
): Reversed {
  const { urlconf } = appOf(django, run);
  if (urlconf === null) return { problem: "no URLconf" };
  const { languageCode } = settingsOf(django, run);
  return reverseUrl(urlconf, name, {
    ...given,
    languagePrefix: languagePrefixOf(urlconf, languageOf(django, run), languageCode),
    scriptPrefix: scriptPrefix(run.http as HttpRequest),
  });
}

export function scriptPrefix(http: HttpRequest): string {
  return http.scriptName.endsWith("/") ? http.scriptName : `${http.scriptName}/`;
}

/** redirect_to_login(): with the path to come back to, absolute when the login page is elsewhere. */
export function loginRedirect(django: Django, run: Run): Response | null {
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  const absolute = absoluteUri(settings, http);
  if (typeof absolute !== "string") {
    raiseException(run, absolute);
    return null;
  }
  const login = resolveUrl(django, run, setting<string>(settings, "LOGIN_URL"));
  const [, scheme = "", host = ""] =
    /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/?#]*))?/.exec(login) ?? [];
  const sameScheme = scheme === "" || scheme === schemeOf(settings, http);
  const sameHost = host === "" || host === getHost(settings, http);
  const path = sameScheme && sameHost ? fullPath(http) : absolute;
  const separator = login.includes("?") ? "&" : "?";
  const response = redirectResponse(`${login}${separator}next=${urlQuote(path, "/")}`, false);
  return isException(response) ? null : response;
}
