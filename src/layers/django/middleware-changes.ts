// What a middleware changed, for those who look: on the request, read from what the run holds after its
// hook; on the response, by comparing it with what it was before.
import type { HttpRequest } from "./http-request.ts";
import type { Response } from "./http-response.ts";
import type { ChainLink } from "./project.ts";
import type { Run } from "./run.ts";

/** Longest part of a header's value that is said. */
const VALUE_MAX = 44;

/** What `link` left on the request, in a few words; empty for nothing. */
export function requestChange(run: Run, link: ChainLink): string {
  switch (link.stock) {
    case "session":
      return sessionChange(run);
    case "csrf":
      return run.csrf.cookie === null ? "" : "CSRF_COOKIE set from the cookie";
    case "auth":
      return run.hasUser ? "request.user set, not looked up yet" : "";
    case "messages":
      return run.messages === null ? "" : messagesChange(run.messages.hadCookie);
    case "locale":
      return run.language === null ? "" : `request.LANGUAGE_CODE = '${run.language}'`;
    case "fetchCache":
    case "cache":
      return run.cacheUpdate ? "marked: the answer shall be stored" : "";
    default:
      return "";
  }
}

function sessionChange({ session }: Run): string {
  if (session === null) return "";
  return session.key === null
    ? "request.session set, without a key"
    : `request.session set, key ${session.key.slice(0, 8)}…, not loaded yet`;
}

function messagesChange(hadCookie: boolean): string {
  return hadCookie ? "request._messages set, from the cookie" : "request._messages set, empty";
}

/** What the CSRF check found in a request that it lets pass. */
export function csrfVerdict({ csrf, http }: Run): string {
  const { method } = http as HttpRequest;
  if (csrf.rejection !== null) return `refused: ${csrf.rejection}`;
  if (/^(?:GET|HEAD|OPTIONS|TRACE)$/.test(method)) return `${method} needs no token`;
  return csrf.processingDone ? "the token fits the cookie" : "this view is exempt";
}

/** The response's status and headers, one line each, to compare with later. */
export function responseLines({ status, headers, cookies }: Response): readonly string[] {
  return [
    `status: ${status}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...cookies.map((cookie) => `Set-Cookie: ${cookie.name}=…`),
  ];
}

/** What differs in the response's lines, in a few words; empty for nothing. */
export function responseChange(before: readonly string[], after: readonly string[]): string {
  const named = (line: string): string => line.slice(0, line.indexOf(":"));
  const names = new Set(before.map(named));
  const added: string[] = [];
  const changed: string[] = [];
  for (const line of after.filter((each) => !before.includes(each))) {
    const isNew = !names.has(named(line)) || named(line) === "Set-Cookie";
    (isNew ? added : changed).push(brief(line));
  }
  const kept = new Set(after.map(named));
  const removed = [...names].filter((name) => !kept.has(name));
  return [
    added.length > 0 ? `added ${added.join(", ")}` : "",
    changed.length > 0 ? `changed ${changed.join(", ")}` : "",
    removed.length > 0 ? `removed ${removed.join(", ")}` : "",
  ]
    .filter((part) => part !== "")
    .join("; ");
}

function brief(line: string): string {
  return line.length > VALUE_MAX ? `${line.slice(0, VALUE_MAX - 1)}…` : line;
}
