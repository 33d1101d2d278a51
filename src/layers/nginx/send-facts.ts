// What the panel shows of a response's header on its way out: the filters that acted and those that did
// not, the lines that add_header wrote or lost, tables that were looked up, and whether the connection
// is kept. Made only for requests that somebody looks at; nothing here changes a response.
import type { Alternative, Cause } from "../layer.ts";
import { isSafeToAdd } from "./added-headers.ts";
import { causeOf } from "./cause.ts";
import type { Core } from "./core.ts";
import { KEEPALIVE_REQUESTS, KEEPALIVE_TIMEOUT } from "./core-directives.ts";
import { gzipFacts } from "./gzip.ts";
import { closesAfter, wantsKeepalive } from "./keepalive.ts";
import { ADD_HEADER } from "./location-directives.ts";
import { lostToInner } from "./lost-lines.ts";
import { TABLES } from "./map.ts";
import type { NginxRequest } from "./request.ts";
import { placeText, settingOf, valueAt } from "./settings.ts";

/** Every decision about the header that is being sent. */
export function sendAlternatives(core: Core, request: NginxRequest): readonly Alternative[] {
  return [
    ...headerLines(request),
    gzipFacts(core, request),
    keepaliveFacts(core, request),
    ...tablesUsed(request),
  ];
}

/** How many add_header lines of outer levels an inner one has replaced. */
export function lostHeaders(request: NginxRequest): number {
  return lostToInner(request, ADD_HEADER).length;
}

/** The line to look at: the add_header that replaced others, the keep-alive time, or the location. */
export function sendCause(request: NginxRequest): Cause | undefined {
  const { location } = request;
  if (lostHeaders(request) > 0)
    return causeOf(settingOf(location, ADD_HEADER).span, "replaces every add_header around it");
  const timeout = settingOf(location, KEEPALIVE_TIMEOUT).span;
  return causeOf(timeout ?? location.span, placeText(location));
}

function headerLines(request: NginxRequest): readonly Alternative[] {
  const { status } = request.out;
  const own = valueAt(request.location, ADD_HEADER).map(({ name, value, always, span }) => {
    const isSent = always || isSafeToAdd(status);
    const text = `add_header ${name} ${value.source}`;
    return {
      text: always ? `${text} always` : text,
      chosen: isSent,
      verdict: isSent ? "added" : `left out: without always not added to ${status}`,
      cause: causeOf(span, "a header of this level"),
    };
  });
  const lost = lostToInner(request, ADD_HEADER).map(({ name, value, span }) => ({
    text: `add_header ${name} ${value.source}`,
    chosen: false,
    verdict: "not inherited: the inner level has an add_header of its own",
    cause: causeOf(span, "a header of an outer level"),
  }));
  return [...own, ...lost];
}

function keepaliveFacts(core: Core, request: NginxRequest): Alternative {
  const setting = settingOf(request.location, KEEPALIVE_TIMEOUT);
  return {
    text: `keepalive_timeout ${setting.value.timeoutMs / 1000}s`,
    chosen: request.keepalive,
    verdict: request.keepalive
      ? "the connection is kept"
      : `closed: ${closedBecause(core, request)}`,
    cause: causeOf(setting.span, "how long an idle connection is kept"),
  };
}

function closedBecause(core: Core, request: NginxRequest): string {
  const { location, out } = request;
  if (!wantsKeepalive(request))
    return request.connectionType === "close"
      ? "the client sent Connection: close"
      : "HTTP/1.0 without Connection: keep-alive";
  if (closesAfter(out.status)) return `nginx always closes after ${out.status}`;
  if (valueAt(location, KEEPALIVE_TIMEOUT).timeoutMs === 0) return "the timeout is 0";
  const requests = core.connection(request.socket)?.requests ?? 0;
  const most = valueAt(location, KEEPALIVE_REQUESTS);
  if (requests >= most) return `request ${requests} of keepalive_requests ${most}`;
  if (core.world().workers.get(request.worker)?.exiting === true) return "the worker is finishing";
  if (out.contentLength === null && !request.chunkedOut)
    return "only the end of the connection can end this body";
  return "the request was refused before its end was known, or the connection is too old";
}

/** map, geo and split_clients blocks that gave a value to this request so far. */
function tablesUsed(request: NginxRequest): readonly Alternative[] {
  const { http } = request.configuration;
  const tables = http === null ? [] : valueAt(http, TABLES);
  return tables.flatMap(({ block, name, source, span }) => {
    const value = request.variables[name];
    if (value === undefined) return [];
    return [
      {
        text: `${block} ${source.source} $${name}`,
        chosen: true,
        verdict: value === "" ? `$${name} is empty` : `$${name} is "${value}"`,
        cause: causeOf(span, `the table behind $${name}`),
      },
    ];
  });
}
