// Installs the model of Chromium: its callbacks on connections and lookups, its events, its state.
import type { SocketId } from "../../host/network.ts";
import type { Host } from "../../host/processes.ts";
import { fromSeconds } from "../../kernel/time.ts";
import type { Http2 } from "../http2-session.ts";
import {
  type BrowserContext,
  type BrowserEvents,
  type BrowserOptions,
  type BrowserWorld,
  browserWorld,
  emptyBrowserWorld,
  type Fetch,
} from "./context.ts";
import { HOST_CACHE_SECONDS_MIN } from "./costs.ts";
import { beginFetch, completeFetch, failFetch, fetchSteps, fireFetch } from "./fetch.ts";
import { browserStreams, endHttp2 } from "./http2-sockets.ts";
import { browserRequest, navigation } from "./machine.ts";
import { beginVisit, decide, onFetchEnd, onUpgradeTimer } from "./navigation.ts";
import { onFavicon, onScan } from "./page-load.ts";
import type { BrowseSpec } from "./request-spec.ts";
import { allowsReuse, feed, finish } from "./response-reader.ts";
import {
  connectError,
  onHostResolved,
  onSocketConnected,
  onSocketFailed,
  releaseSocket,
  retryOnAnother,
  tlsError,
} from "./socket-pool.ts";

export interface Browser {
  /** Begins a visit; `visitFinished` hears of its end under the number returned. */
  visit(spec: BrowseSpec): number;
}

/** Installs the browser. Call once, in a fixed order. */
export function installBrowser(host: Host, http2: Http2, options: BrowserOptions): Browser {
  const { sim } = host;
  const events: BrowserEvents = { decide: 0, begin: 0, upgradeTimer: 0, scan: 0, favicon: 0 };
  sim.world.browser = emptyBrowserWorld();
  rememberAddresses(host, options);
  const context: BrowserContext = {
    host,
    options,
    navigation: sim.machine(navigation),
    request: sim.machine(browserRequest),
    handlers: host.network.handlers({
      connected: (socket) => onSocketConnected(context, socket),
      connectFailed: (socket, errno) => onSocketFailed(context, socket, connectError(errno)),
      tlsFailed: (socket, failure) => onSocketFailed(context, socket, tlsError(failure)),
      readable: (socket) => onReadable(context, socket),
      ended: (socket) => onEnded(context, socket, "closed"),
      reset: (socket) => onEnded(context, socket, "reset"),
    }),
    http2,
    http2Handlers: http2.handlers(browserStreams(() => context)),
    lookupClient:
      options.lookup?.client({
        resolved: (ticket, result) => onHostResolved(context, ticket, result),
      }) ?? -1,
    events,
    fetchEnded: onFetchEnd,
  };
  events.decide = sim.event("browser decides", (visit) => decide(context, visit));
  events.begin = sim.event("browser begins a request", (id) => {
    const fetch = browserWorld(context).fetches.get(id);
    if (fetch !== undefined) beginFetch(context, fetch);
  });
  events.upgradeTimer = sim.event("browser waits no longer for https", (visit, fetch) => {
    onUpgradeTimer(context, visit, fetch);
  });
  events.scan = sim.event("browser has scanned the page", (visit) => onScan(context, visit));
  events.favicon = sim.event("browser wants the icon", (visit) => onFavicon(context, visit));
  return { visit: (spec) => beginVisit(context, spec) };
}

/** Fills the host cache, which keeps http and https apart. */
function rememberAddresses(host: Host, options: BrowserOptions): void {
  const { hostCache } = host.sim.world.browser as BrowserWorld;
  for (const { name, address, ttlSeconds } of options.knownAddresses ?? []) {
    const expiresAt = fromSeconds(Math.max(HOST_CACHE_SECONDS_MIN, ttlSeconds));
    for (const scheme of ["http", "https"]) {
      const known = hostCache.get(`${scheme} ${name}`)?.addresses ?? [];
      const addresses = Object.freeze([...known, address]);
      hostCache.set(`${scheme} ${name}`, Object.freeze({ addresses, expiresAt }));
    }
  }
}

function fetchOn(context: BrowserContext, socket: SocketId): Fetch | undefined {
  const world = browserWorld(context);
  return world.fetches.get(world.sockets.get(socket)?.fetch ?? -1);
}

function onReadable(context: BrowserContext, socket: SocketId): void {
  const { network } = context.host;
  if (browserWorld(context).sockets.get(socket)?.streams != null) {
    context.http2.receive(socket);
    return;
  }
  const fetch = fetchOn(context, socket);
  for (let chunk = network.read(socket); chunk !== null; chunk = network.read(socket)) {
    if (fetch !== undefined) feed(fetch.reader, chunk);
  }
  if (fetch === undefined) return;
  headArrived(context, fetch);
  if (fetch.reader.phase !== "complete") return;
  const reusable = allowsReuse(fetch.reader);
  releaseSocket(context, fetch, reusable);
  completeFetch(context, fetch);
}

/** Status and headers are there. */
export function headArrived(context: BrowserContext, fetch: Fetch): void {
  const { head } = fetch.reader;
  const { sim } = context.host;
  if (head === null || !sim.is(context.request, fetch.entity, "waiting for headers")) return;
  sim.cancel(fetch.timer);
  fireFetch(context, fetch, fetchSteps.receiveHead, {
    values: { status: head.status, reason: head.reason },
  });
}

/** A connection ended: an idle one is forgotten, a request on it ends or tries another. */
function onEnded(context: BrowserContext, socket: SocketId, how: "closed" | "reset"): void {
  const { network } = context.host;
  const world = browserWorld(context);
  const held = world.sockets.get(socket);
  if (held === undefined) return;
  if (held.streams !== null) {
    endHttp2(context, socket, how === "reset" ? "ERR_CONNECTION_RESET" : "ERR_CONNECTION_CLOSED");
    return;
  }
  const fetch = fetchOn(context, socket);
  world.sockets.delete(socket);
  if (network.isOpen(socket)) network.close(socket);
  if (fetch === undefined) return;
  const { reader } = fetch;
  // A connection that served before, or was opened ahead, may have been closed for being idle.
  if (!reader.started && held.served > 0) {
    retryOnAnother(context, fetch);
    return;
  }
  endOfResponse(context, fetch, how);
}

function endOfResponse(context: BrowserContext, fetch: Fetch, how: "closed" | "reset"): void {
  const { reader, url } = fetch;
  const end = finish(reader);
  if (end === "complete") {
    reader.phase = "complete";
    completeFetch(context, fetch);
  } else if (end === "no-status-line") {
    if (url.port === 80 || url.port === 443) completeFetch(context, fetch);
    else failFetch(context, fetch, "ERR_INVALID_HTTP_RESPONSE");
  } else if (end === "truncated") {
    const chunked = reader.phase !== "counted";
    failFetch(
      context,
      fetch,
      chunked ? "ERR_INCOMPLETE_CHUNKED_ENCODING" : "ERR_CONTENT_LENGTH_MISMATCH",
    );
  } else if (how === "reset") failFetch(context, fetch, "ERR_CONNECTION_RESET");
  else failFetch(context, fetch, reader.started ? "ERR_CONNECTION_CLOSED" : "ERR_EMPTY_RESPONSE");
}
