// The context of a template: what the context processors add, and whether what it asks for has been
// looked up. Source: django/template/context_processors.py, django/contrib/auth/context_processors.py, 3.2.
import { memoByIdentity } from "../../kernel/memo.ts";
import { type Django, settingsOf } from "./django.ts";
import type { HttpRequest } from "./http-request.ts";
import { keepsMessagesInSession } from "./messages.ts";
import { needSession, needUser } from "./needs.ts";
import type { Run } from "./run.ts";
import type { Settings } from "./settings.ts";
import { PRINTED } from "./template-filters.ts";

/** Whether what the template asks for has been looked up; if not, that is begun. */
export function haveContext(django: Django, run: Run, text: string): boolean {
  const names = processors(settingsOf(django, run));
  if (asksForUser(text) && run.hasUser && names.includes("auth") && !needUser(django, run))
    return false;
  return !(
    /\{[{%][^{}]*\bmessages\b/.test(text) &&
    names.includes("messages") &&
    run.messages !== null &&
    keepsMessagesInSession(django, run) &&
    !needSession(django, run)
  );
}

function asksForUser(text: string): boolean {
  return /\{[{%][^{}]*\b(user|perms)\b/.test(text);
}

/** The short names of the context processors that are on. */
export const processors = memoByIdentity((settings: Settings): readonly string[] => {
  const templates = settings.written.get("TEMPLATES");
  const text = templates === undefined ? "" : JSON.stringify(templates);
  const names = [...text.matchAll(/([a-z_.]+)\.context_processors\.([a-z0-9_]+)/g)].map(
    (match) => match[2],
  );
  return [...names, "csrf"];
});

export function userContext({ user }: Run): Readonly<Record<string, unknown>> {
  const known = user ?? null;
  return {
    is_authenticated: known !== null,
    is_anonymous: known === null,
    is_superuser: known?.isSuperuser ?? false,
    id: known?.id ?? null,
    pk: known?.id ?? null,
    username: known?.username ?? "",
    [PRINTED]: known?.username ?? "AnonymousUser",
  };
}

export function requestContext(run: Run): Readonly<Record<string, unknown>> {
  const http = run.http as HttpRequest;
  return { path: http.path, method: http.method, GET: {}, user: run.user ?? null };
}
