// Class-based views: which methods they have, OPTIONS, 405, redirects and templates by class.
// Source: django/views/generic/base.py, View, TemplateView, RedirectView, 3.2.25 of Debian,
// whose log_response() marks the response, so that the handler does not log it again.
import { type Django, isException } from "./django.ts";
import type { HttpRequest } from "./http-request.ts";
import { makeResponse, type Response, redirectResponse, setHeader } from "./http-response.ts";
import { resolveUrl } from "./login-url.ts";
import { logResponse } from "./logs.ts";
import { finish, type Run, raise } from "./run.ts";

/** http_method_names of those that have the method, in Django's order. */
const FORM = ["GET", "POST", "PUT", "HEAD", "OPTIONS"] as const;
const PAGE = ["GET", "HEAD", "OPTIONS"] as const;
const ANY = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

function methodsOf(view: string): readonly string[] {
  const name = view.slice(view.lastIndexOf(".") + 1);
  if (name === "RedirectView") return ANY;
  if (name === "LogoutView") return ["GET", "POST", "HEAD", "OPTIONS"];
  return /^(?:Login|PasswordChange|PasswordReset|PasswordResetConfirm)View$/.test(name)
    ? FORM
    : PAGE;
}

/** View.dispatch() for what the class has no code for: OPTIONS and methods it lacks; null otherwise. */
export function dispatchedResponse(django: Django, run: Run, view: string): Response | null {
  const { method, path } = run.http as HttpRequest;
  const methods = methodsOf(view);
  if (method === "OPTIONS" && methods !== ANY) {
    const response = makeResponse("");
    setHeader(response, "Allow", methods.join(", "));
    setHeader(response, "Content-Length", "0");
    return response;
  }
  if (methods.includes(method)) return null;
  const response = makeResponse("", { status: 405 });
  setHeader(response, "Allow", methods.join(", "));
  const format = "Method Not Allowed (%s): %s";
  logResponse(django, run, { response, format, args: [method, path] });
  return response;
}

/** The path of a pattern's RedirectView: `url` with the captured arguments, or `pattern_name`; null for none. */
function redirectTarget(django: Django, run: Run): string | null {
  const { url, pattern_name: name, query_string: keepQuery } = run.match?.pattern.viewOptions ?? {};
  const { query } = run.http as HttpRequest;
  const path =
    typeof url === "string"
      ? url.replace(/%(?:\((\w+)\)s|%)/g, (whole, key: string | undefined) =>
          key === undefined ? "%" : (run.match?.kwargs.get(key)?.text ?? whole),
        )
      : typeof name === "string"
        ? resolveUrl(django, run, name)
        : null;
  return path !== null && keepQuery === true && query !== "" ? `${path}?${query}` : path;
}

export function redirectView(django: Django, run: Run): void {
  const target = redirectTarget(django, run);
  if (target === null) {
    const response = makeResponse("", { status: 410 });
    const { path } = run.http as HttpRequest;
    logResponse(django, run, { response, format: "Gone: %s", args: [path] });
    finish(run, response);
    return;
  }
  const permanent = run.match?.pattern.viewOptions.permanent === true;
  const response = redirectResponse(target, permanent);
  if (isException(response)) raise(run, response.name, response.message);
  else finish(run, response);
}
