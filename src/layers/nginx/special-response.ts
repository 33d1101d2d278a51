// Answers to errors and redirects: error_page first, else nginx's built-in page.
// Source: src/http/ngx_http_special_response.c (1.22.1).
import { textChunk } from "../../host/network.ts";
import type { Alternative, Facts } from "../layer.ts";
import { causeOf } from "./cause.ts";
import { discardBody } from "./client-body.ts";
import type { Core } from "./core.ts";
import { MSIE_PADDING, RECURSIVE_ERROR_PAGES } from "./core-directives.ts";
import { closesAfter } from "./keepalive.ts";
import { ERROR_PAGE, type ErrorPage } from "./location-directives.ts";
import { builtInPage } from "./pages.ts";
import type { NginxRequest } from "./request.ts";
import { sendBody } from "./response-body.ts";
import { addLocation, newHeadersOut, sendHeader, serverSignature } from "./response-header.ts";
import { settingOf, valueAt } from "./settings.ts";
import { evaluateTemplate } from "./variables.ts";

/** Sends the answer for a status ≥ 300 (or 201, 204). Says whether the response is complete. */
export function specialResponse(
  core: Core,
  request: NginxRequest,
  status: number,
): "complete" | "elsewhere" {
  request.errStatus = status;
  if (closesAfter(status)) request.keepalive = false;
  if (
    request.lingeringClose &&
    (status === 400 || status === 495 || status === 496 || status === 497)
  )
    request.lingeringClose = false;
  request.out.contentType = null;
  const page = matchingErrorPage(request, status);
  if (page !== null) return sendErrorPage(core, request, page, status);
  request.expect100 = false;
  discardBody(core, request);
  builtIn(core, request, status);
  return "complete";
}

function matchingErrorPage(request: NginxRequest, status: number): ErrorPage | null {
  const pages = valueAt(request.location, ERROR_PAGE);
  if (request.errorPage || pages.length === 0 || request.uriChanges === 0) return null;
  if (!valueAt(request.location, RECURSIVE_ERROR_PAGES)) request.errorPage = true;
  return pages.find((page) => page.status === status) ?? null;
}

const REDIRECTS = [301, 302, 303, 307, 308];

function sendErrorPage(
  core: Core,
  request: NginxRequest,
  page: ErrorPage,
  status: number,
): "complete" | "elsewhere" {
  const why = (): Facts => ({
    values: { from: request.uri, uri: page.text, name: page.text, why: `error_page for ${status}` },
    cause: causeOf(page.span, `error_page names ${status}`),
    alternatives: errorPageAlternatives(request, status, true),
  });
  if (page.overwrite !== 0 && page.overwrite !== 200) request.expect100 = false;
  if (page.overwrite >= 0) request.errStatus = page.overwrite;
  const target = evaluateTemplate(core, page.target, request);
  if (target.startsWith("/")) {
    const mark = target.indexOf("?");
    if (request.method !== "HEAD") request.method = "GET";
    const uri = mark < 0 ? target : target.slice(0, mark);
    // A page with variables leaves $args found though empty, one without has none.
    const noArgs = page.target.constant === null ? "" : null;
    core.internalRedirect(request, uri, mark < 0 ? noArgs : target.slice(mark + 1), why);
    return "elsewhere";
  }
  if (target.startsWith("@")) {
    core.namedLocation(request, target, why);
    return "elsewhere";
  }
  request.expect100 = false;
  discardBody(core, request);
  if (!REDIRECTS.includes(page.overwrite)) request.errStatus = 302;
  addLocation(request, target);
  builtIn(core, request, request.errStatus);
  return "complete";
}

/** A page in place of an answer whose header was about to be sent (412, 416). */
export function specialPage(core: Core, request: NginxRequest, status: number): void {
  // A failed precondition clears the header; an unsatisfiable range keeps what filters have added so far.
  if (status === 412) request.out = newHeadersOut();
  request.out.contentType = null;
  request.errStatus = status;
  if (closesAfter(status)) request.keepalive = false;
  builtIn(core, request, status);
}

/** Sends the built-in page of a status. */
function builtIn(core: Core, request: NginxRequest, status: number): void {
  if (status >= 494 && status <= 497) request.errStatus = 400;
  const padded = isPadded(request, status);
  const page = builtInPage(status, serverSignature(request), padded);
  const { out } = request;
  out.contentType = page === null ? null : "text/html";
  out.contentLength = page === null ? 0 : page.length;
  out.lastModified = null;
  out.list = out.list.filter(({ name }) => !DROPPED.has(name.toLowerCase()));
  out.allowRanges = false;
  if (request.madeBy === null) request.madeBy = "nginx";
  pageStep(core, request, status, padded);
  sendHeader(core, request);
  if (page === null) sendBody(core, request, [], true);
  else sendBody(core, request, [textChunk(page)], true);
}

const DROPPED: ReadonlySet<string> = new Set([
  "accept-ranges",
  "etag",
  "last-modified",
  "content-length",
]);

function pageStep(core: Core, request: NginxRequest, status: number, padded: boolean): void {
  const setting = settingOf(request.location, ERROR_PAGE);
  core.step(request, "refuse", status, () => ({
    values: { status, padded, logged: lastLogged(request) },
    cause: causeOf(setting.span ?? request.location.span, "no error_page for this status"),
    alternatives: errorPageAlternatives(request, status, false),
  }));
}

/** What the error log said last about this request, without its tail. */
function lastLogged({ errorLines }: NginxRequest): string | null {
  const line = errorLines.at(-1) ?? null;
  return line === null
    ? null
    : line.replace(/^\[\w+\] /, "").replace(/,? (?:while |client: ).*$/s, "");
}

/** Every error_page of this level, and why it holds or not; `isUsed` when the first that fits was taken. */
function errorPageAlternatives(
  request: NginxRequest,
  status: number,
  isUsed: boolean,
): readonly Alternative[] {
  const pages = valueAt(request.location, ERROR_PAGE);
  const first = pages.find((page) => page.status === status);
  const verdictOf = (page: ErrorPage): string => {
    if (page.status !== status) return `is for ${page.status}`;
    if (!isUsed) return "not used: this is an error page already (recursive_error_pages off)";
    return page === first ? "names this status" : "an earlier line names this status";
  };
  return pages.map((page) => ({
    text: `error_page ${page.status} ${page.text}`,
    chosen: isUsed && page === first,
    verdict: verdictOf(page),
    cause: causeOf(page.span, `error_page for ${page.status}`),
  }));
}

/** Six comment lines for browsers that show pages of their own when one is short. */
function isPadded(request: NginxRequest, status: number): boolean {
  if (status < 400 || request.httpVersion < 1000 || !valueAt(request.location, MSIE_PADDING))
    return false;
  const agent = request.headersIn.find((header) => header.key === "user-agent")?.value ?? "";
  if (agent.includes("Opera")) return false;
  const msie = agent.indexOf("MSIE ");
  if (msie >= 0 && msie + 7 < agent.length) return true;
  return !agent.includes("Gecko/") && agent.includes("Chrome/");
}
