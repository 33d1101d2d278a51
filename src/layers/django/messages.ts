// Messages that outlive one redirect, in a cookie or in the session. Source: django/contrib/messages, 3.2.
// Simplification: messages that do not fit in the cookie are not moved on to the session.
import { type Django, settingsOf } from "./django.ts";
import type { HttpRequest } from "./http-request.ts";
import { deleteCookie, type Response, setCookie } from "./http-response.ts";
import { needSession, sessionData } from "./needs.ts";
import { type MessageState, type Run, raise, type Session } from "./run.ts";
import { setting } from "./settings.ts";
import { fromBase64Url, signText, toBase64Url, unsign } from "./signing.ts";
import { PRINTED } from "./template-filters.ts";

const COOKIE = "messages";

export function messagesRequest(django: Django, run: Run): void {
  // Only the storages that may use the session ask for it.
  const storage = setting<string>(settingsOf(django, run), "MESSAGE_STORAGE");
  if (run.session === null && !storage.endsWith(".cookie.CookieStorage")) {
    raise(
      run,
      "AssertionError",
      "The session-based temporary message storage requires session middleware to be installed, and come before the message middleware in the MIDDLEWARE list.",
    );
    return;
  }
  run.messages = {
    loaded: null,
    hadCookie: (run.http as HttpRequest).cookies.has(COOKIE),
    used: false,
    queued: [],
  };
}

/** MESSAGE_STORAGE names the storage in the session. */
export function keepsMessagesInSession(django: Django, run: Run): boolean {
  return setting<string>(settingsOf(django, run), "MESSAGE_STORAGE").endsWith(
    ".session.SessionStorage",
  );
}

/** Iterating over the messages: they are shown once. */
export function takeMessages(django: Django, run: Run): readonly ShownMessage[] {
  const { messages } = run;
  if (messages === null) return [];
  messages.used = true;
  const shown = [...storedMessages(django, run), ...messages.queued];
  messages.queued = [];
  return shown.map(shownMessage);
}

/** A Message as a template sees it; every message of a scenario's step is of level INFO. */
interface ShownMessage {
  readonly [PRINTED]: string;
  readonly message: string;
  readonly level: number;
  readonly level_tag: string;
  readonly tags: string;
  readonly extra_tags: string;
}

export const INFO = 20;

function shownMessage(message: string): ShownMessage {
  const level = { level: INFO, level_tag: "info", tags: "info", extra_tags: "" };
  return { [PRINTED]: message, message, ...level };
}

function storedMessages(django: Django, run: Run): readonly string[] {
  const { messages } = run;
  if (messages === null) return [];
  if (messages.loaded !== null) return messages.loaded;
  if (keepsMessagesInSession(django, run)) {
    messages.loaded = JSON.parse(sessionData(run)[SESSION_KEY] ?? "[]") as readonly string[];
    return messages.loaded;
  }
  const cookie = (run.http as HttpRequest).cookies.get(COOKIE);
  const text =
    cookie === undefined
      ? null
      : unsign(setting<string>(settingsOf(django, run), "SECRET_KEY"), cookie);
  messages.loaded = text === null ? [] : decode(text);
  return messages.loaded;
}

function encode(messages: readonly string[]): string {
  return toBase64Url(encodeURIComponent(JSON.stringify(messages)));
}

function decode(text: string): readonly string[] {
  const bytes = fromBase64Url(text);
  try {
    return bytes === null ? [] : (JSON.parse(decodeURIComponent(bytes)) as readonly string[]);
  } catch {
    return [];
  }
}

/** process_response; false when it must be asked again, once the session has been read. */
export function messagesResponse(django: Django, run: Run, response: Response): boolean {
  const { messages } = run;
  if (messages === null || (!messages.used && messages.queued.length === 0)) return true;
  if (!keepsMessagesInSession(django, run)) sendCookie(django, run, messages, response);
  else if (needSession(django, run)) keepInSession(django, run, messages, run.session as Session);
  else return false;
  return true;
}

const SESSION_KEY = "_messages";

function keepInSession(django: Django, run: Run, messages: MessageState, session: Session): void {
  const data = sessionData(run);
  const left = messages.used
    ? messages.queued
    : [...storedMessages(django, run), ...messages.queued];
  if (left.length > 0) data[SESSION_KEY] = JSON.stringify(left);
  else if (SESSION_KEY in data) delete data[SESSION_KEY];
  else return;
  session.modified = true;
}

function sendCookie(django: Django, run: Run, messages: MessageState, response: Response): void {
  const settings = settingsOf(django, run);
  const place = {
    domain: setting<string | null>(settings, "SESSION_COOKIE_DOMAIN"),
    samesite: setting<string | null>(settings, "SESSION_COOKIE_SAMESITE"),
  };
  const left = messages.used
    ? messages.queued
    : [...storedMessages(django, run), ...messages.queued];
  if (left.length > 0) {
    const text = encode(left);
    setCookie(response, COOKIE, signText(setting<string>(settings, "SECRET_KEY"), text), {
      ...place,
      secure: setting<boolean>(settings, "SESSION_COOKIE_SECURE"),
      httponly: setting<boolean>(settings, "SESSION_COOKIE_HTTPONLY"),
    });
  } else if (messages.hadCookie && storedMessages(django, run).length > 0) {
    deleteCookie(response, COOKIE, place);
  }
}
