// One request of the browser from its beginning to its end: the cache first, then a connection, the
// request, the answer, cookies and the cache again. Whose request it is (a visit's document, or one of
// its subresources) decides what the end means.
import { NO_SOCKET, textChunk } from "../../host/network.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import type { Facts } from "../layer.ts";
import { type BrowserUrl, refererFor, relationOf } from "./browser-url.ts";
import {
  type ChromiumRequest,
  composeFields,
  composeHead,
  type FetchKind,
} from "./chromium-request.ts";
import { type ClientError, clientReport } from "./client-report.ts";
import { cookiesForFetch, keepCookies, keepHsts } from "./client-state.ts";
import {
  type BrowserContext,
  browserWorld,
  type Fetch,
  type FetchEnd,
  type PoolSocket,
  type Visit,
} from "./context.ts";
import { BODY_KEPT_MAX } from "./costs.ts";
import { type CacheEntry, isStorable, lookUp, refreshed } from "./http-cache.ts";
import { DATA_BYTES_MAX, fieldText, priorityAmong, type Urgency } from "./http2-client.ts";
import { browserRequest } from "./machine.ts";
import { responseFacts } from "./message-facts.ts";
import type { NetError } from "./net-errors.ts";
import { bodyText, headerOf, newReader } from "./response-reader.ts";
import { requestConnection } from "./socket-pool.ts";

export const fetchSteps = browserRequest.transition;

export interface FetchOptions {
  readonly visit: Visit;
  readonly kind: FetchKind;
  readonly url: BrowserUrl;
  readonly method: string;
  readonly body: string | null;
  /** Of a page's sixth image and those after it. */
  readonly isLate?: boolean;
}

/** Source: browser.md section 4. */
const URGENCY: Readonly<Record<FetchKind, Urgency>> = {
  document: 0,
  style: 0,
  script: 1,
  image: 2,
  favicon: 1,
};

/** Makes a request and gives it its number. It begins when `beginFetch` is called. */
export function newFetch(context: BrowserContext, options: FetchOptions): Fetch {
  const { sim, clock } = context.host;
  const world = browserWorld(context);
  const { visit, kind, url, method, body } = options;
  const request = context.options.newRequest({ method, url: url.href, kind });
  const fetch: Fetch = {
    id: world.nextId++,
    entity: sim.spawn(context.request, request),
    request,
    visit: visit.id,
    kind,
    url,
    method,
    body,
    startedAt: sim.now,
    startedMs: clock.nowMs(),
    reader: newReader(method, BODY_KEPT_MAX),
    socket: NO_SOCKET,
    stream: 0,
    retries: 0,
    urgency: options.isLate === true ? 3 : URGENCY[kind],
    stored: null,
    sentHead: "",
    tls: null,
    timer: NO_EVENT,
  };
  world.fetches.set(fetch.id, fetch);
  return fetch;
}

/** Fires a transition of a fetch with its facts. What a page loads by itself is fine detail. */
export function fireFetch(
  context: BrowserContext,
  fetch: Fetch,
  transition: number,
  facts: Facts = {},
): void {
  const { sim } = context.host;
  const row = sim.fire(context.request, fetch.entity, transition, fetch.reader.head?.status ?? 0);
  if (!sim.recording(fetch.entity)) return;
  const { url, kind } = fetch;
  const isMain = kind === "document";
  const isTold = transition === fetchSteps.send || transition === fetchSteps.complete;
  const isFine = facts.fine === true || !(isMain || (isTold && kind !== "favicon"));
  sim.note(row, {
    ...facts,
    values: { url: url.href, host: url.host, path: url.target, kind, ...facts.values },
    ...(isFine && { fine: true as const }),
  });
}

/** Looks into the cache; asks for a connection when it must. */
export function beginFetch(context: BrowserContext, fetch: Fetch): void {
  const world = browserWorld(context);
  const visit = world.visits.get(fetch.visit);
  const entry = fetch.method === "GET" ? world.cache.get(cacheKeyOf(fetch.url)) : undefined;
  const found = lookUp(entry, cacheMode(visit, fetch), context.host.clock.nowMs());
  if (found.kind === "fresh") {
    serveFromCache(context, fetch, found.entry, found.why);
    return;
  }
  fetch.stored = found.kind === "stale" ? found.entry : null;
  const hasValidator =
    found.kind === "stale" && validatorsOf(found.entry).some((value) => value !== null);
  fireFetch(context, fetch, hasValidator ? fetchSteps.validate : fetchSteps.missCache, {
    values: { why: found.why },
  });
  requestConnection(context, fetch);
}

function cacheKeyOf(url: BrowserUrl): string {
  return url.href.replace(/#.*$/, "");
}

/** Reloads ask about the document, hard reloads pass everything by; the same URL again is validated. */
function cacheMode(visit: Visit | undefined, fetch: Fetch): "normal" | "validate" | "bypass" {
  const how = visit?.spec.how;
  if (how === "hard-reload") return "bypass";
  return how === "reload" && fetch.kind === "document" ? "validate" : "normal";
}

function validatorsOf(
  entry: CacheEntry | null,
): readonly [etag: string | null, modified: string | null] {
  if (entry === null) return [null, null];
  return [headerOf(entry.head, "etag"), headerOf(entry.head, "last-modified")];
}

function serveFromCache(
  context: BrowserContext,
  fetch: Fetch,
  entry: CacheEntry,
  why: string,
): void {
  fillFrom(fetch, entry);
  fireFetch(context, fetch, fetchSteps.useCache, { values: { why, status: entry.head.status } });
  endFetch(context, fetch, { error: null, fromCache: true });
}

/** The stored answer takes the place of one from the network. */
function fillFrom(fetch: Fetch, entry: CacheEntry): void {
  fetch.reader.head = entry.head;
  fetch.reader.kept = entry.body;
  fetch.reader.unpacked = entry.body;
  fetch.reader.bodyBytes = entry.bodyBytes;
  fetch.reader.phase = "complete";
}

/** A connection is there: the request is composed and written. */
export function sendRequest(context: BrowserContext, fetch: Fetch): void {
  const { network } = context.host;
  const visit = browserWorld(context).visits.get(fetch.visit);
  fetch.tls = network.info(fetch.socket).tls;
  fetch.reader = newReader(fetch.method, BODY_KEPT_MAX);
  fireFetch(context, fetch, fetchSteps.takeConnection, { fine: true });
  const socket = browserWorld(context).sockets.get(fetch.socket);
  if (socket?.streams != null) {
    sendOnStream(context, fetch, visit, socket);
    return;
  }
  const head = composeHead(headOf(context, fetch, visit));
  fetch.sentHead = head;
  network.send(fetch.socket, textChunk(head + (fetch.body ?? "")), fetch.request);
  const bytes = head.length + (fetch.body?.length ?? 0);
  fireFetch(context, fetch, fetchSteps.send, {
    values: { bytes, line: head.split("\r\n", 1)[0], method: fetch.method },
    messages: [
      {
        kind: "http",
        title: head.split("\r\n", 1)[0],
        head: head.trimEnd(),
        bodyBytes: fetch.body?.length ?? 0,
        ...(fetch.body !== null && { body: fetch.body }),
      },
    ],
  });
}

/** The request on a stream of its own, beside the others of the connection. */
function sendOnStream(
  context: BrowserContext,
  fetch: Fetch,
  visit: Visit | undefined,
  { id, streams }: PoolSocket,
): void {
  const { http2 } = context;
  const { body, urgency, request, method, url } = fetch;
  const { fetches } = browserWorld(context);
  const fields = composeFields(headOf(context, fetch, visit), urgency);
  const others = [...(streams ?? [])].flatMap(([stream, number]) => {
    const other = fetches.get(number);
    return other === undefined ? [] : [{ stream, urgency: other.urgency }];
  });
  fetch.sentHead = fieldText(fields);
  const priority = priorityAmong(urgency, others);
  fetch.stream = http2.request(id, { fields, end: body === null, priority, request });
  streams?.set(fetch.stream, fetch.id);
  if (body !== null) {
    const chunks = [textChunk(body)];
    http2.data(id, fetch.stream, { chunks, end: true, frameBytes: DATA_BYTES_MAX });
  }
  const line = `${method} ${url.target} HTTP/2`;
  const bytes = fetch.sentHead.length + (body?.length ?? 0);
  fireFetch(context, fetch, fetchSteps.send, {
    values: { bytes, line, method, stream: fetch.stream },
    fine: true,
  });
}

function headOf(context: BrowserContext, fetch: Fetch, visit: Visit | undefined): ChromiumRequest {
  const { url, kind, method, body } = fetch;
  const isDocument = kind === "document";
  const page = isDocument ? (visit?.from ?? null) : pageOfVisit(context, visit);
  const how = visit?.spec.how ?? "type";
  const [etag, lastModified] = validatorsOf(fetch.stored);
  const isPost = method === "POST";
  return {
    kind,
    method,
    url,
    relation: isDocument ? (visit?.relation ?? "none") : relationOf(page?.url ?? null, url),
    userActivated: how !== "back",
    upgrade: isDocument ? (visit?.upgrade ?? "none") : "none",
    referer: refererFor(page?.url ?? null, url, page?.referrerPolicy ?? ""),
    cookies: cookiesForFetch(context, fetch, visit),
    body,
    reload: reloadHeader(how, isDocument),
    etag,
    lastModified,
    origin: isPost && page !== null ? page.url.origin : null,
  };
}

function pageOfVisit(
  context: BrowserContext,
  visit: Visit | undefined,
): { url: BrowserUrl; referrerPolicy: string } | null {
  const current = browserWorld(context).history.at(-1);
  if (current !== undefined && current.url.href === visit?.url?.href) return current;
  return visit?.url === null || visit === undefined ? null : { url: visit.url, referrerPolicy: "" };
}

function reloadHeader(how: string, isDocument: boolean): "none" | "max-age=0" | "no-cache" {
  if (how === "hard-reload") return "no-cache";
  return isDocument && (how === "reload" || how === "submit") ? "max-age=0" : "none";
}

/** The answer is complete: cookies, HSTS and the cache take what is theirs. */
export function completeFetch(context: BrowserContext, fetch: Fetch): void {
  const { head } = fetch.reader;
  if (head === null) {
    fireFetch(context, fetch, fetchSteps.receiveText);
    endFetch(context, fetch, { error: null, fromCache: false });
    return;
  }
  keepCookies(context, fetch, head);
  keepHsts(context, fetch, head);
  const times = { requestMs: fetch.startedMs, responseMs: context.host.clock.nowMs() };
  if (head.status === 304 && fetch.stored !== null) {
    const entry = refreshed(fetch.stored, head, times);
    browserWorld(context).cache.set(cacheKeyOf(fetch.url), entry);
    fireFetch(context, fetch, fetchSteps.useStored, responseFacts(fetch.reader, fetch.url.href));
    report(context, fetch, null);
    fillFrom(fetch, entry);
    endFetch(context, fetch, { error: null, fromCache: false });
    return;
  }
  keepInCache(context, fetch, times);
  const facts = responseFacts(fetch.reader, fetch.url.href);
  const messages = facts.messages?.filter((message) => message.kind !== "page");
  fireFetch(context, fetch, fetchSteps.complete, { ...facts, messages });
  endFetch(context, fetch, { error: null, fromCache: false });
}

function keepInCache(
  context: BrowserContext,
  fetch: Fetch,
  times: Pick<CacheEntry, "requestMs" | "responseMs">,
): void {
  const { cache } = browserWorld(context);
  const { head, bodyBytes } = fetch.reader;
  const key = cacheKeyOf(fetch.url);
  if (head === null) return;
  if (fetch.method !== "GET") {
    if (head.status >= 200 && head.status < 400) cache.delete(key);
    return;
  }
  if (!isStorable(head)) {
    cache.delete(key);
    return;
  }
  cache.set(
    key,
    Object.freeze({
      url: key,
      head,
      body: bodyText(fetch.reader),
      bodyBytes,
      ...times,
      varied: [],
    }),
  );
}

/** The request fails before there is a status. */
export function failFetch(context: BrowserContext, fetch: Fetch, error: NetError): void {
  const transition = fetch.reader.head === null ? fetchSteps.fail : fetchSteps.cutShort;
  fireFetch(context, fetch, transition, { values: { error } });
  endFetch(context, fetch, { error, fromCache: false });
}

/** The request is not needed any more: its connection is closed. */
export function cancelFetch(context: BrowserContext, fetch: Fetch): void {
  fireFetch(context, fetch, fetchSteps.cancel, { fine: true });
  closeBook(context, fetch, "ERR_ABORTED");
}

function endFetch(context: BrowserContext, fetch: Fetch, end: Omit<FetchEnd, "fetch">): void {
  closeBook(context, fetch, end.error);
  context.fetchEnded(context, { fetch, ...end });
}

function closeBook(context: BrowserContext, fetch: Fetch, error: NetError | null): void {
  const { sim } = context.host;
  sim.cancel(fetch.timer);
  if (context.host.sink.observed(fetch.request).status === undefined) report(context, fetch, error);
  browserWorld(context).fetches.delete(fetch.id);
  sim.retire(fetch.entity);
  context.options.requestFinished?.(fetch.request, fetch.reader.head?.status ?? null);
}

/** The errors of the recordings that Chromium's come closest to. */
function clientErrorOf(error: NetError): ClientError {
  if (error === "ERR_NAME_NOT_RESOLVED") return "dns";
  if (error === "ERR_CONNECTION_RESET") return "reset";
  if (error === "ERR_EMPTY_RESPONSE" || error === "ERR_CONNECTION_CLOSED") return "closed";
  if (error === "ERR_CONNECTION_TIMED_OUT" || error === "ERR_ABORTED") return "timeout";
  return error.startsWith("ERR_CERT") || error.startsWith("ERR_SSL") ? "tls" : "refused";
}

function report(context: BrowserContext, fetch: Fetch, error: NetError | null): void {
  const { sim, sink } = context.host;
  if (!sink.wants(fetch.request)) return;
  sink.observe(
    fetch.request,
    clientReport({
      reader: fetch.reader,
      error: error === null ? null : clientErrorOf(error),
      truncated: error !== null && fetch.reader.head !== null,
      tls: fetch.tls,
      tookNs: sim.now - fetch.startedAt,
    }),
  );
}
