// Conditional requests: If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since.
// Source: django/utils/cache.py, get_conditional_response; django/middleware/http.py, 3.2; RFC 7232, 6.
import { formatHttpDate, parseHttpDate } from "../../host/calendar.ts";
import { contentMd5 } from "./content-digest.ts";
import type { Django } from "./django.ts";
import { type HttpRequest, meta } from "./http-request.ts";
import {
  contentBytes,
  getHeader,
  isStreaming,
  makeResponse,
  type Response,
  setDefaultHeader,
  setHeader,
} from "./http-response.ts";
import { logResponse } from "./logs.ts";
import type { Run } from "./run.ts";

export interface Validators {
  readonly etag: string | null;
  readonly lastModifiedMs: number | null;
}

/** ConditionalGetMiddleware: an ETag for every GET, and 304 when the client has it. */
export function conditionalGet(django: Django, run: Run, response: Response): Response {
  if ((run.http as HttpRequest).method !== "GET") return response;
  const noStore = /(^|,)\s*no-store\s*(,|$)/i.test(getHeader(response, "Cache-Control") ?? "");
  if (
    !noStore &&
    getHeader(response, "ETag") === null &&
    !isStreaming(response) &&
    contentBytes(response) > 0
  ) {
    setHeader(response, "ETag", `"${contentMd5(response.content)}"`);
  }
  const etag = getHeader(response, "ETag");
  const lastModified = getHeader(response, "Last-Modified");
  if (etag === null && lastModified === null) return response;
  return (
    conditionalResponse(
      django,
      run,
      { etag, lastModifiedMs: lastModified === null ? null : parseHttpDate(lastModified) },
      response,
    ) ?? response
  );
}

/** The answer that the conditions call for: 304, 412, or the response given (null: ask the view). */
export function conditionalResponse(
  django: Django,
  run: Run,
  { etag, lastModifiedMs }: Validators,
  response: Response | null,
): Response | null {
  if (response !== null && (response.status < 200 || response.status >= 300)) return response;
  const http = run.http as HttpRequest;
  const isRead = http.method === "GET" || http.method === "HEAD";
  switch (judge(http, { etag, lastModifiedMs })) {
    case "failed":
      return preconditionFailed(django, run);
    case "known":
      return isRead ? notModified(response) : preconditionFailed(django, run);
    case "unchanged":
      return isRead ? notModified(response) : response;
    default:
      return response;
  }
}

/** What the request's conditions say, in the order of RFC 7232, section 6. */
function judge(
  http: HttpRequest,
  { etag, lastModifiedMs }: Validators,
): "failed" | "known" | "unchanged" | "passed" {
  const ifMatch = parseEtags(meta(http, "HTTP_IF_MATCH") ?? "");
  const ifNoneMatch = parseEtags(meta(http, "HTTP_IF_NONE_MATCH") ?? "");
  const unmodifiedSince = parseHttpDate(meta(http, "HTTP_IF_UNMODIFIED_SINCE") ?? "");
  const modifiedSince = parseHttpDate(meta(http, "HTTP_IF_MODIFIED_SINCE") ?? "");
  if (ifMatch.length > 0) {
    if (!matchPasses(etag, ifMatch)) return "failed";
  } else if (unmodifiedSince !== null && !isNotLater(lastModifiedMs, unmodifiedSince)) {
    return "failed";
  }
  if (ifNoneMatch.length > 0) return noneMatchPasses(etag, ifNoneMatch) ? "passed" : "known";
  return modifiedSince !== null && isNotLater(lastModifiedMs, modifiedSince)
    ? "unchanged"
    : "passed";
}

function isNotLater(lastModifiedMs: number | null, than: number): boolean {
  return lastModifiedMs !== null && lastModifiedMs <= than;
}

/** The headers that condition() adds to answers to GET and HEAD. */
export function setValidators(
  run: Run,
  { etag, lastModifiedMs }: Validators,
  response: Response,
): void {
  const { method } = run.http as HttpRequest;
  if (method !== "GET" && method !== "HEAD") return;
  if (lastModifiedMs !== null)
    setDefaultHeader(response, "Last-Modified", formatHttpDate(lastModifiedMs));
  if (etag !== null) setDefaultHeader(response, "ETag", etag);
}

function parseEtags(text: string): readonly string[] {
  if (text.trim() === "*") return ["*"];
  return [...text.matchAll(/(?:W\/)?"[^"]*"/g)].map(([etag]) => etag);
}

/** Strong comparison: a weak tag never matches. */
function matchPasses(etag: string | null, wanted: readonly string[]): boolean {
  if (etag === null || etag === "") return false;
  if (wanted[0] === "*") return true;
  return !etag.startsWith("W/") && wanted.includes(etag);
}

function noneMatchPasses(etag: string | null, wanted: readonly string[]): boolean {
  if (etag === null || etag === "") return true;
  if (wanted[0] === "*") return false;
  const strong = etag.replace(/^W\//, "");
  return !wanted.some((other) => other.replace(/^W\//, "") === strong);
}

function preconditionFailed(django: Django, run: Run): Response {
  const response = makeResponse("", { status: 412 });
  logResponse(django, run, {
    response,
    format: "Precondition Failed: %s",
    args: [(run.http as HttpRequest).path],
  });
  return response;
}

const KEPT = [
  "Cache-Control",
  "Content-Location",
  "Date",
  "ETag",
  "Expires",
  "Last-Modified",
  "Vary",
];

function notModified(response: Response | null): Response {
  const answer = makeResponse("", { status: 304 });
  answer.headers = [];
  if (response === null) return answer;
  for (const name of KEPT) {
    const value = getHeader(response, name);
    if (value !== null) setHeader(answer, name, value);
  }
  answer.cookies = response.cookies;
  return answer;
}
