// Views that Django brings: login and logout, static files in DEBUG, redirects and templates by class.
// Source: django/contrib/auth/views.py, django/views/static.py, django/views/generic/base.py, 3.2.

import { formatHttpDate, parseHttpDate } from "../../host/calendar.ts";
import { isDiskError } from "../../host/disk.ts";
import { fillerChunk, textChunk } from "../../host/network.ts";
import type { SqlRow } from "../database-client.ts";
import { passwordIsRight, userOf } from "./auth.ts";
import { neverCache } from "./cache-control.ts";
import { dispatchedResponse, redirectView } from "./class-views.ts";
import { PASSWORD_NS } from "./costs.ts";
import { csrfRequest, csrfResponse, csrfView, logRejection } from "./csrf.ts";
import { type Django, isException, pay, settingsOf } from "./django.ts";
import { fileType } from "./file-types.ts";
import { type HttpRequest, isSafeUrl, meta, queryFields } from "./http-request.ts";
import { makeResponse, type Response, redirectResponse, setHeader, utf8 } from "./http-response.ts";
import { loginRedirect, resolveUrl } from "./login-url.ts";
import { needPost, needUser } from "./needs.ts";
import { SELECT_USER_BY_NAME } from "./orm-sql.ts";
import { pushQuery } from "./queries.ts";
import { asResponse, type FrameOf, finish, push, type Run, raise } from "./run.ts";
import { setLanguageView } from "./set-language.ts";
import { setting } from "./settings.ts";
import { PRINTED } from "./template-filters.ts";

const AUTH = "django.contrib.auth.views.";
const GENERIC = "django.views.generic.";
export const SET_LANGUAGE = "django.views.i18n.set_language";

/** Whether a view is one of Django's own. */
export function isStockView(_run: Run, view: string): boolean {
  return (
    view.startsWith(AUTH) ||
    view.startsWith(GENERIC) ||
    view === "django.views.static.serve" ||
    view === SET_LANGUAGE
  );
}

export function stockViewFrame(django: Django, run: Run, frame: FrameOf<"stockView">): void {
  if (frame.view === `${AUTH}LoginView`) {
    loginView(django, run, frame);
    return;
  }
  if (frame.view === `${AUTH}LogoutView`) {
    logoutView(django, run, frame);
    return;
  }
  if (frame.view === "django.views.static.serve") {
    serveStatic(django, run);
    return;
  }
  if (frame.view === SET_LANGUAGE) {
    setLanguageView(django, run);
    return;
  }
  pageView(django, run, frame);
}

/** Redirects and pages by class; the pages for a new password are for those who are logged in. */
function pageView(django: Django, run: Run, frame: FrameOf<"stockView">): void {
  if (frame.pc === 1) {
    finish(run, run.value);
    return;
  }
  if (/\.PasswordChange(?:Done)?View$/.test(frame.view)) {
    if (!needUser(django, run)) return;
    if (run.user === null) {
      finish(run, loginRedirect(django, run));
      return;
    }
  }
  const dispatched = dispatchedResponse(django, run, frame.view);
  if (dispatched !== null) {
    finish(run, dispatched);
    return;
  }
  if (frame.view.endsWith("RedirectView")) {
    redirectView(django, run);
    return;
  }
  frame.pc = 1;
  render(run, templateOf(run, frame.view), pageContext(run));
}

/** ContextMixin.get_context_data(): the captured arguments, the view itself, and extra_context. */
function pageContext(run: Run): Readonly<Record<string, unknown>> {
  const captured = [...(run.match?.kwargs ?? [])].map(([name, value]) => [
    name,
    { [PRINTED]: value.text, repr: value.repr },
  ]);
  const kwargs = [...(run.match?.kwargs ?? [])].map(([name, value]) => `'${name}': ${value.repr}`);
  const extra = options(run).extra_context;
  return {
    ...Object.fromEntries(captured),
    view: { kwargs: { [PRINTED]: `{${kwargs.join(", ")}}`, ...Object.fromEntries(captured) } },
    ...(typeof extra === "object" && extra !== null ? extra : {}),
  };
}

function options(run: Run): Readonly<Record<string, unknown>> {
  return run.match?.pattern.viewOptions ?? {};
}

/** Simplification: of the other auth views only the page is shown; their forms do nothing. */
function templateOf(run: Run, view: string): string {
  const named = options(run).template_name;
  if (typeof named === "string") return named;
  const name = view.slice(AUTH.length).replace(/View$/, "");
  return `registration/${name.replace(/(?<=[a-z])([A-Z])/g, "_$1").toLowerCase()}${name.endsWith("Done") || name.endsWith("Complete") || name.endsWith("Confirm") ? "" : "_form"}.html`;
}

function render(run: Run, name: string, context: Readonly<Record<string, unknown>>): void {
  run.value = null;
  run.frames.push({ kind: "template", pc: 0, costNs: 0, name, context, target: null });
}

const CHECKED = 1;
const FOUND = 2;
const HASHED = 3;
const RENDERED = 4;
const LOGGED_IN = 5;

function loginView(django: Django, run: Run, frame: FrameOf<"stockView">): void {
  switch (frame.pc) {
    case 0: {
      if (run.csrf.cookie === null && !csrfRequest(django, run)) return;
      run.value = null;
      if (!csrfView(django, run, false)) return;
      const refusal = asResponse(run.value);
      if (refusal !== null) logRejection(django, run, refusal);
      if (refusal !== null) {
        finish(run, refusal);
        return;
      }
      frame.pc = CHECKED;
      answerMethod(django, run, frame);
      return;
    }
    case CHECKED:
      checkForm(django, run, frame);
      return;
    case FOUND:
      frame.user = (run.value as readonly SqlRow[] | null)?.[0] ?? null;
      frame.pc = HASHED;
      // The hasher runs for an unknown name too, so that the time tells nothing.
      pay(django, run, PASSWORD_NS);
      return;
    case HASHED:
      passwordChecked(run, frame);
      return;
    case RENDERED: {
      const response = asResponse(run.value) as Response;
      neverCache(django, response);
      csrfResponse(django, run, response);
      finish(run, response);
      return;
    }
    case LOGGED_IN: {
      const response = redirectResponse(nextUrl(django, run), false);
      if (isException(response)) {
        raise(run, response.name, response.message);
        return;
      }
      neverCache(django, response);
      csrfResponse(django, run, response);
      finish(run, response);
      return;
    }
    default:
      finish(run, null);
  }
}

/** Inside csrf_protect and never_cache: what the form's class answers to OPTIONS and unknown methods. */
function answerMethod(django: Django, run: Run, frame: FrameOf<"stockView">): void {
  const dispatched = dispatchedResponse(django, run, frame.view);
  if (dispatched === null) return;
  neverCache(django, dispatched);
  csrfResponse(django, run, dispatched);
  finish(run, dispatched);
}

function field(run: Run, name: string): string {
  return (run.http as HttpRequest).post?.fields.findLast(([key]) => key === name)?.[1] ?? "";
}

function checkForm(django: Django, run: Run, frame: FrameOf<"stockView">): void {
  if ((run.http as HttpRequest).method !== "POST") {
    showLogin(run, frame, []);
    return;
  }
  if (!needPost(django, run)) return;
  const missing = ["username", "password"].filter((name) => field(run, name).trim() === "");
  if (missing.length > 0) {
    showLogin(
      run,
      frame,
      missing.map((name) => [name, "This field is required."] as const),
    );
    return;
  }
  frame.pc = FOUND;
  pushQuery(run, SELECT_USER_BY_NAME, [field(run, "username")]);
}

type FormErrors = readonly (readonly [field: string, message: string])[];

/** An ErrorDict in a template: printed as a list, or by as_text. Source: django/forms/utils.py, 3.2. */
function errorsContext(errors: FormErrors): Readonly<Record<string, string>> {
  const items = errors.map(
    ([name, message]) =>
      `<li>${name}<ul class="errorlist${name === "__all__" ? " nonfield" : ""}"><li>${message}</li></ul></li>`,
  );
  return {
    as_text: errors.map(([name, message]) => `* ${name}\n  * ${message}`).join("\n"),
    [PRINTED]: errors.length === 0 ? "" : `<ul class="errorlist">${items.join("")}</ul>`,
  };
}

function showLogin(run: Run, frame: FrameOf<"stockView">, errors: FormErrors): void {
  frame.pc = RENDERED;
  const name = options(run).template_name;
  const next =
    queryFields(run.http as HttpRequest).findLast(([key]) => key === "next")?.[1] ??
    field(run, "next");
  render(run, typeof name === "string" ? name : "registration/login.html", {
    form: { errors: errorsContext(errors) },
    next,
  });
}

const WRONG: FormErrors = [
  [
    "__all__",
    "Please enter a correct username and password. Note that both fields may be case-sensitive.",
  ],
];

function passwordChecked(run: Run, frame: FrameOf<"stockView">): void {
  const user = frame.user === null || frame.user === undefined ? null : userOf(frame.user);
  if (user === null || !passwordIsRight(user, field(run, "password"))) {
    showLogin(run, frame, WRONG);
    return;
  }
  frame.pc = LOGGED_IN;
  push(run, { kind: "login", pc: 0, costNs: 0, username: user.username, user });
}

/** get_success_url(): `next` when it leads nowhere else, or LOGIN_REDIRECT_URL. */
function nextUrl(django: Django, run: Run): string {
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  const next =
    field(run, "next") || (queryFields(http).findLast(([key]) => key === "next")?.[1] ?? "");
  return isSafeUrl(settings, http, next)
    ? next
    : resolveUrl(django, run, setting<string>(settings, "LOGIN_REDIRECT_URL"));
}

function logoutView(django: Django, run: Run, frame: FrameOf<"stockView">): void {
  if (frame.pc === 0) {
    frame.pc = 1;
    push(run, { kind: "logout", pc: 0, costNs: 0 });
    return;
  }
  if (frame.pc === 1) {
    if ((run.http as HttpRequest).method === "POST" && !needPost(django, run)) return;
    frame.pc = 2;
    const target = pageAfterLogout(django, run);
    if (target === null) {
      const dispatched = dispatchedResponse(django, run, frame.view);
      run.value = dispatched;
      if (dispatched === null) render(run, "registration/logged_out.html", {});
      return;
    }
    const response = redirectResponse(target, false);
    if (isException(response)) {
      raise(run, response.name, response.message);
      return;
    }
    run.value = response;
    return;
  }
  const response = asResponse(run.value) as Response;
  neverCache(django, response);
  finish(run, response);
}

/** LogoutView.get_next_page(): what the client asks for, when it leads nowhere else; null for the page. */
function pageAfterLogout(django: Django, run: Run): string | null {
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  const { next_page: set, redirect_field_name: named } = options(run);
  const target = set ?? setting<string | null>(settings, "LOGOUT_REDIRECT_URL");
  const isSet = typeof target === "string" && (target !== "" || set !== undefined);
  const before = isSet ? resolveUrl(django, run, target) : null;
  const name = typeof named === "string" ? named : "next";
  const asked = [...queryFields(http), ...(http.post?.fields ?? [])].findLast(
    ([key]) => key === name,
  );
  if (asked === undefined) return before === "" ? null : before;
  return isSafeUrl(settings, http, asked[1]) ? asked[1] : http.path;
}

function serveStatic(django: Django, run: Run): void {
  const root = String(options(run).document_root ?? "");
  const path = run.match?.kwargs.get("path")?.text ?? "";
  const parts = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  const full = [root.replace(/\/$/, ""), ...parts].join("/");
  const node = django.host.disk.open(full);
  if (isDiskError(node)) {
    raise(run, "Http404", `“${full}” does not exist`);
    return;
  }
  if (node.kind === "directory") {
    raise(run, "Http404", "Directory indexes are not allowed here.");
    return;
  }
  const since = parseHttpDate(meta(run.http as HttpRequest, "HTTP_IF_MODIFIED_SINCE") ?? "");
  if (since !== null && Math.floor(node.mtime) * 1000 <= since) {
    const unchanged = makeResponse("", { status: 304 });
    unchanged.headers = [];
    finish(run, unchanged);
    return;
  }
  const name = parts.at(-1) ?? "";
  const content = node.text === null ? [fillerChunk(node.bytes)] : [textChunk(utf8(node.text))];
  const response = makeResponse(content, { type: fileType(name) });
  response.file = true;
  setHeader(response, "Content-Length", String(node.bytes));
  setHeader(response, "Content-Disposition", `inline; filename="${name}"`);
  setHeader(response, "Last-Modified", formatHttpDate(Math.floor(node.mtime) * 1000));
  finish(run, response);
}
