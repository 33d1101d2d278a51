// Attributes of the request that a view echoes as JSON.

import { bodyBytes, tooManyFields } from "./body.ts";
import { appOf, type Django, settingsOf } from "./django.ts";
import {
  absoluteUri,
  fullPath,
  getHost,
  type HttpRequest,
  isSecure,
  meta,
  portOf,
  queryFields,
  schemeOf,
} from "./http-request.ts";
import { scriptPrefix } from "./login-url.ts";
import { needBody, needPost, needSession, needUser, sessionData } from "./needs.ts";
import { dumpJson } from "./python-json.ts";
import type { PyException } from "./python-values.ts";
import { languagePrefixOf, type ResolverMatch } from "./resolver.ts";
import { reverseUrl } from "./reverse.ts";
import { type Run, raise, raiseException } from "./run.ts";
import { setting } from "./settings.ts";
import { fieldLists } from "./url-encoding.ts";
import { languageOf } from "./url-state.ts";

/** The attribute as JSON; null when it must be asked for again, or when asking raised. */
export function echoValue(django: Django, run: Run, name: string): string | null {
  const http = run.http as HttpRequest;
  const settings = settingsOf(django, run);
  if (name.startsWith("META.")) return dumpJson(meta(http, name.slice(5)));
  switch (name) {
    case "get_host":
      return orRaise(run, getHost(settings, http));
    case "build_absolute_uri":
      return orRaise(run, absoluteUri(settings, http));
    case "get_full_path":
      return dumpJson(fullPath(http));
    case "get_port":
      return dumpJson(portOf(settings, http));
    case "scheme":
      return dumpJson(schemeOf(settings, http));
    case "is_secure":
      return dumpJson(isSecure(settings, http));
    case "method":
      return dumpJson(http.method);
    case "path":
      return dumpJson(http.path);
    case "path_info":
      return dumpJson(http.pathInfo);
    case "content_type":
      return dumpJson(http.contentType);
    case "COOKIES":
      return dumpJson(Object.fromEntries(http.cookies));
    case "language":
      return dumpJson(languageOf(django, run));
    case "reverse":
      return reverseOwn(django, run);
    default:
      return loadedValue(django, run, name);
  }
}

function orRaise(run: Run, value: string | PyException): string | null {
  if (typeof value === "string") return dumpJson(value);
  raiseException(run, value);
  return null;
}

/** What may have to be read or looked up first. */
function loadedValue(django: Django, run: Run, name: string): string | null {
  const http = run.http as HttpRequest;
  switch (name) {
    case "GET":
      return getJson(django, run, http);
    case "body":
      return needBody(django, run) ? dumpJson(bodyBytes(http)) : null;
    case "POST":
      return needPost(django, run) ? postJson(http) : null;
    case "FILES":
      return needPost(django, run) ? filesJson(http) : null;
    case "session":
      return needSession(django, run) ? sessionJson(run) : null;
    case "user":
      return needUser(django, run) ? dumpJson(run.user?.username ?? "AnonymousUser") : null;
    default:
      raise(run, "AttributeError", `'WSGIRequest' object has no attribute '${name}'`);
      return null;
  }
}

function getJson(django: Django, run: Run, http: HttpRequest): string | null {
  const fields = queryFields(http);
  const limit = setting<number | null>(settingsOf(django, run), "DATA_UPLOAD_MAX_NUMBER_FIELDS");
  if (limit === null || fields.length <= limit) return dumpJson(fieldLists(fields));
  raiseException(run, tooManyFields());
  return null;
}

function filesJson(http: HttpRequest): string {
  const files = http.post?.files ?? [];
  return dumpJson(Object.fromEntries(files.map((file) => [file.field, [file.name, file.bytes]])));
}

/** The keys that login() keeps in the session are left out. */
function sessionJson(run: Run): string {
  const own = Object.entries(sessionData(run)).filter(([key]) => !key.startsWith("_"));
  return dumpJson(Object.fromEntries(own));
}

/** Longest filler that is written out in an echo. */
const FILLER_TEXT_MAX = 4_000_000;

function postJson(http: HttpRequest): string {
  const filler = http.post?.filler ?? null;
  if (filler === null) return dumpJson(fieldLists(http.post?.fields ?? []));
  const bytes = Math.min(filler.bytes, FILLER_TEXT_MAX);
  return dumpJson({ ["0123456789abcdef".repeat(Math.ceil(bytes / 16)).slice(0, bytes)]: [""] });
}

/** reverse() of the view that runs, with its own arguments. */
function reverseOwn(django: Django, run: Run): string | null {
  const match = run.match as ResolverMatch;
  const { urlconf } = appOf(django, run);
  if (urlconf === null) return dumpJson(null);
  const languagePrefix = languagePrefixOf(
    urlconf,
    languageOf(django, run),
    settingsOf(django, run).languageCode,
  );
  const name = match.urlName ?? [...match.namespaces, match.pattern.view].join(":");
  const reversed = reverseUrl(urlconf, name, {
    args: match.args,
    kwargs: match.kwargs,
    languagePrefix,
    scriptPrefix: scriptPrefix(run.http as HttpRequest),
  });
  if ("url" in reversed) return dumpJson(reversed.url);
  raise(run, "NoReverseMatch", reversed.problem);
  return null;
}
