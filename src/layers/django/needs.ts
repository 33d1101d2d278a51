// What is loaded when it is first asked for: the session, the user, the form. Each of these says
// whether it is there; when it is not, the frame that gets it is called, and the asking step is run
// again after it.
import { type Django, settingsOf } from "./django.ts";
import type { HttpRequest, PostData } from "./http-request.ts";
import { push, type Run, raise, type Session } from "./run.ts";
import { setting } from "./settings.ts";

/** request.session's data; raises AttributeError when there is no session. */
export function needSession(_django: Django, run: Run): boolean {
  if (run.session === null) {
    raise(run, "AttributeError", "'WSGIRequest' object has no attribute 'session'");
    return false;
  }
  run.session.accessed = true;
  if (run.session.data !== null) return true;
  push(run, { kind: "loadSession", pc: 0, costNs: 0 });
  return false;
}

export function sessionData(run: Run): Record<string, string> {
  return (run.session as Session).data as Record<string, string>;
}

/** request.user; raises AttributeError when AuthenticationMiddleware did not run. */
export function needUser(django: Django, run: Run): boolean {
  if (!run.hasUser) {
    raise(run, "AttributeError", "'WSGIRequest' object has no attribute 'user'");
    return false;
  }
  if (run.user !== undefined) return true;
  if (!needSession(django, run)) return false;
  push(run, { kind: "loadUser", pc: 0, costNs: 0 });
  return false;
}

/** request.body. */
export function needBody(django: Django, run: Run): boolean {
  const http = run.http as HttpRequest;
  if (http.body !== null && http.streamed !== true) return true;
  if (http.streamed === true) {
    raise(
      run,
      "RawPostDataException",
      "You cannot access body after reading from request's data stream",
    );
    return false;
  }
  const limit = setting<number | null>(settingsOf(django, run), "DATA_UPLOAD_MAX_MEMORY_SIZE");
  if (limit !== null && http.contentLength > limit) {
    raise(run, "RequestDataTooBig", "Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.");
    return false;
  }
  push(run, { kind: "readBody", pc: 0, costNs: 0, parse: false });
  return false;
}

export const NO_POST: PostData = Object.freeze({ fields: [], files: [], filler: null });

/** request.POST and request.FILES. */
export function needPost(django: Django, run: Run): boolean {
  const http = run.http as HttpRequest;
  if (http.post !== null) return true;
  const isForm = http.contentType === "application/x-www-form-urlencoded";
  const isMultipart = http.contentType === "multipart/form-data";
  if (http.method !== "POST" || !(isForm || isMultipart)) {
    http.post = NO_POST;
    return true;
  }
  if (isForm) return needFormBody(django, run);
  if (http.boundary === null) {
    http.post = NO_POST;
    raise(run, "MultiPartParserError", `Invalid boundary in multipart: ${http.boundaryGiven}`);
    return false;
  }
  // A multipart form is parsed from the stream, which is gone afterwards.
  if (http.body === null) http.streamed = true;
  push(run, { kind: "readBody", pc: 0, costNs: 0, parse: true });
  return false;
}

/** A form is parsed from request.body, with its limit. */
function needFormBody(django: Django, run: Run): boolean {
  const http = run.http as HttpRequest;
  if (http.body === null) return needBody(django, run);
  push(run, { kind: "readBody", pc: 0, costNs: 0, parse: true });
  return false;
}
