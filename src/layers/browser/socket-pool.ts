// The browser's connections: at most six to an origin, reused while they live, opened two at a time for
// the first navigation to a host. Requests wait in order, and whichever connection is free first takes
// the first of them; a connection that settled on HTTP/2 takes them all. Simplification: addresses are
// IPv4; idle connections stay open until the server closes them.
import {
  ERRNO,
  type Errno,
  NO_SOCKET,
  type SocketId,
  type TlsFailure,
} from "../../host/network.ts";
import { NO_PID } from "../../host/processes.ts";
import { fromSeconds } from "../../kernel/time.ts";
import { ERROR } from "../../wire/http2-frame.ts";
import type { LookupResult } from "../name-lookup.ts";
import type { BrowserUrl } from "./browser-url.ts";
import {
  type BrowserContext,
  browserWorld,
  type Fetch,
  type OriginPool,
  type PoolSocket,
  SPARE_CONNECTION,
} from "./context.ts";
import { HOST_CACHE_SECONDS_MIN, SOCKETS_FOR_NAVIGATION, SOCKETS_PER_ORIGIN } from "./costs.ts";
import { cancelFetch, failFetch, fetchSteps, fireFetch, sendRequest } from "./fetch.ts";
import { beginHttp2, closeWhenIdle } from "./http2-sockets.ts";
import type { NetError } from "./net-errors.ts";

/** Queues a request for a connection to its origin. */
export function requestConnection(context: BrowserContext, fetch: Fetch): void {
  const pool = poolOf(context, fetch.url.origin);
  const isNavigation = fetch.kind === "document";
  if (isNavigation) pool.waiting.unshift(fetch.id);
  else pool.waiting.push(fetch.id);
  serve(context, fetch.url.origin);
  if (!pool.waiting.includes(fetch.id)) return;
  openFor(context, fetch);
}

function poolOf(context: BrowserContext, origin: string): OriginPool {
  const { pools } = browserWorld(context);
  const pool = pools.get(origin) ?? { waiting: [], addresses: null, resolving: false };
  pools.set(origin, pool);
  return pool;
}

function socketsOf(context: BrowserContext, origin: string): PoolSocket[] {
  return [...browserWorld(context).sockets.values()].filter((socket) => socket.origin === origin);
}

/** Whether a connection can take a request now. */
function isFree(context: BrowserContext, socket: PoolSocket): boolean {
  const { state, streams, id } = socket;
  if (streams === null) return state === "idle";
  const { http2 } = context;
  return !http2.isGoingAway(id) && streams.size < http2.streamsMax(id);
}

/** Gives idle connections to waiting requests. */
export function serve(context: BrowserContext, origin: string): void {
  const world = browserWorld(context);
  const pool = poolOf(context, origin);
  while (pool.waiting.length > 0) {
    const idle = socketsOf(context, origin).filter((socket) => isFree(context, socket));
    const socket = idle.find((candidate) => candidate.used) ?? idle[0];
    if (socket === undefined) return;
    const fetch = world.fetches.get(pool.waiting.shift() ?? -1);
    if (fetch === undefined) continue;
    if (!context.host.network.isOpen(socket.id)) {
      forgetSocket(context, socket);
      pool.waiting.unshift(fetch.id);
      continue;
    }
    if (socket.streams === null) {
      socket.state = "busy";
      socket.fetch = fetch.id;
    }
    socket.served += socket.used ? 1 : 0;
    socket.used = true;
    fetch.socket = socket.id;
    sendRequest(context, fetch);
  }
}

/** Opens what a waiting request needs: the address first, then a connection if six are not open. */
function openFor(context: BrowserContext, fetch: Fetch): void {
  const { origin, host } = fetch.url;
  const pool = poolOf(context, origin);
  if (pool.resolving) return;
  const known = cachedAddresses(context, fetch.url);
  if (known === null) {
    resolveHost(context, fetch);
    return;
  }
  pool.addresses = known;
  const sockets = socketsOf(context, origin);
  const connecting = sockets.filter((socket) => socket.state === "connecting").length;
  // A connection of HTTP/2 takes every request; what its streams are too few for waits.
  if (sockets.some(({ id, streams }) => streams !== null && !context.http2.isGoingAway(id))) return;
  const missing = pool.waiting.length - connecting;
  const isFirst = sockets.length === 0;
  const wanted =
    isFirst && fetch.kind === "document" && opensTwo(context, fetch)
      ? SOCKETS_FOR_NAVIGATION
      : missing;
  const room = SOCKETS_PER_ORIGIN - sockets.length;
  const count = Math.min(wanted, room);
  if (count <= 0) {
    if (room <= 0) fireFetch(context, fetch, fetchSteps.queue, { values: { host } });
    return;
  }
  fireFetch(context, fetch, fetchSteps.openConnection, {
    values: { address: known[0], count, port: fetch.url.port },
  });
  for (let i = 0; i < count; i++) openSocket(context, fetch, i === 0);
}

/** A redirect to another origin opens one connection; so does the attempt at https beside http. */
function opensTwo(context: BrowserContext, fetch: Fetch): boolean {
  const visit = browserWorld(context).visits.get(fetch.visit);
  return visit === undefined || (visit.redirects === 0 && visit.upgrade !== "HttpsUpgrades");
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(":");
}

function cachedAddresses(context: BrowserContext, url: BrowserUrl): readonly string[] | null {
  if (url.host === "localhost" || url.host.endsWith(".localhost")) return ["127.0.0.1"];
  if (isAddress(url.host)) return [url.host];
  if (context.options.lookup === undefined) return [context.options.serverIp];
  const cached = browserWorld(context).hostCache.get(`${url.scheme} ${url.host}`);
  return cached !== undefined && cached.expiresAt > context.host.sim.now ? cached.addresses : null;
}

function resolveHost(context: BrowserContext, fetch: Fetch): void {
  const { lookup } = context.options;
  const world = browserWorld(context);
  if (lookup === undefined) return;
  poolOf(context, fetch.url.origin).resolving = true;
  fireFetch(context, fetch, fetchSteps.resolveHost);
  const ticket = world.nextId++;
  world.lookups.set(ticket, fetch.id);
  lookup.lookup({
    name: fetch.url.host,
    family: "inet",
    how: "chromium",
    port: fetch.url.port,
    request: fetch.request,
    client: context.lookupClient,
    ticket,
  });
}

/** The address of a host has arrived, or not. */
export function onHostResolved(
  context: BrowserContext,
  ticket: number,
  result: LookupResult,
): void {
  const world = browserWorld(context);
  const fetch = world.fetches.get(world.lookups.get(ticket) ?? -1);
  world.lookups.delete(ticket);
  if (fetch === undefined) return;
  const { url } = fetch;
  const pool = poolOf(context, url.origin);
  pool.resolving = false;
  if (result.addresses.length === 0) {
    failWaiting(context, url.origin, "ERR_NAME_NOT_RESOLVED");
    return;
  }
  const seconds = Math.max(HOST_CACHE_SECONDS_MIN, result.ttlSeconds);
  const expiresAt = context.host.sim.now + fromSeconds(seconds);
  const cached = Object.freeze({ addresses: result.addresses, expiresAt });
  world.hostCache.set(`${url.scheme} ${url.host}`, cached);
  if (result.httpsRecord && url.scheme === "http" && fetch.kind === "document") {
    leaveQueue(context, fetch);
    cancelFetch(context, fetch);
    context.fetchEnded(context, {
      fetch,
      error: "ERR_ABORTED",
      fromCache: false,
      httpsRecord: true,
    });
    return;
  }
  openFor(context, fetch);
  openSpares(context, fetch);
}

/** The main connection belongs to the request that waits for it; the second one to none yet. */
function openSocket(context: BrowserContext, fetch: Fetch, isMain: boolean): void {
  const { network } = context.host;
  const { url } = fetch;
  const pool = poolOf(context, url.origin);
  const ip = pool.addresses?.[0] ?? context.options.serverIp;
  const id = network.connect({
    pid: NO_PID,
    handlers: context.handlers,
    to: { kind: "tcp", ip, port: url.port },
    fromIp: context.options.clientIp ?? CLIENT_IP,
    request: isMain ? fetch.request : SPARE_CONNECTION,
    ...(url.scheme === "https" && {
      tls: {
        serverName: isAddress(url.host) ? null : url.host,
        alpn: ["h2", "http/1.1"] as const,
        verify: true,
        profile: "chromium" as const,
        sessionCache: "chromium",
      },
    }),
  });
  browserWorld(context).sockets.set(id, {
    id,
    origin: url.origin,
    state: "connecting",
    used: false,
    served: isMain ? 0 : 1,
    fetch: -1,
    streams: null,
  });
}

/** Source: RFC 5737; the client's address in the scenarios. */
const CLIENT_IP = "203.0.113.10";

/**
 * Opens spare connections to port 80 beside an attempt at https, as Chromium does for http://
 * navigations. Simplification: one lookup serves both, where Chromium asks once for each.
 */
function openSpares(context: BrowserContext, fetch: Fetch): void {
  const world = browserWorld(context);
  const visit = world.visits.get(fetch.visit);
  const url = visit?.plainUrl ?? null;
  if (visit?.upgrade !== "HttpsUpgrades" || url === null || fetch.kind !== "document") return;
  const known = world.hostCache.get(`${fetch.url.scheme} ${fetch.url.host}`);
  if (known === undefined || socketsOf(context, url.origin).length > 0) return;
  world.hostCache.set(`${url.scheme} ${url.host}`, known);
  poolOf(context, url.origin).addresses = known.addresses;
  for (let i = 0; i < SOCKETS_FOR_NAVIGATION; i++) openSocket(context, { ...fetch, url }, false);
}

export function onSocketConnected(context: BrowserContext, id: SocketId): void {
  const socket = browserWorld(context).sockets.get(id);
  if (socket === undefined) return;
  socket.state = "idle";
  if (context.host.network.info(id).tls?.alpn === "h2") beginHttp2(context, socket);
  serve(context, socket.origin);
}

/** A connection is no more. */
export function forgetSocket(context: BrowserContext, { id }: PoolSocket): void {
  context.http2.forget(id);
  browserWorld(context).sockets.delete(id);
}

/** A connection failed. The requests fail with it when no other attempt is left. */
export function onSocketFailed(context: BrowserContext, id: SocketId, error: NetError): void {
  const { sockets } = browserWorld(context);
  const socket = sockets.get(id);
  if (socket === undefined) return;
  sockets.delete(id);
  const isAlive = socketsOf(context, socket.origin).length > 0;
  const isFatal = error.startsWith("ERR_CERT") || error.startsWith("ERR_SSL");
  if (isFatal || !isAlive) failWaiting(context, socket.origin, error);
}

function failWaiting(context: BrowserContext, origin: string, error: NetError): void {
  const world = browserWorld(context);
  const waiting = poolOf(context, origin).waiting.splice(0);
  for (const id of waiting) {
    const fetch = world.fetches.get(id);
    if (fetch !== undefined) failFetch(context, fetch, error);
  }
}

/** A response is complete: the connection serves the next request, or closes. */
export function releaseSocket(context: BrowserContext, fetch: Fetch, reusable: boolean): void {
  const world = browserWorld(context);
  const socket = world.sockets.get(fetch.socket);
  fetch.socket = NO_SOCKET;
  if (socket === undefined) return;
  if (socket.streams !== null) {
    socket.streams.delete(fetch.stream);
    if (!reusable) context.http2.reset(socket.id, fetch.stream, ERROR.cancel);
    closeWhenIdle(context, socket);
    serve(context, socket.origin);
    return;
  }
  const { network } = context.host;
  if (reusable && network.isOpen(socket.id)) {
    socket.state = "idle";
    socket.fetch = -1;
  } else {
    world.sockets.delete(socket.id);
    if (network.isOpen(socket.id)) network.close(socket.id);
  }
  serve(context, socket.origin);
  const next = world.fetches.get(poolOf(context, socket.origin).waiting[0] ?? -1);
  if (next !== undefined && !reusable) openFor(context, next);
}

/** A request whose kept connection turned out closed goes back to the front of the queue. */
export function retryOnAnother(context: BrowserContext, fetch: Fetch): void {
  fireFetch(context, fetch, fetchSteps.retry, { values: { host: fetch.url.host } });
  fetch.socket = NO_SOCKET;
  const pool = poolOf(context, fetch.url.origin);
  pool.waiting.unshift(fetch.id);
  serve(context, fetch.url.origin);
  if (pool.waiting.includes(fetch.id)) openFor(context, fetch);
}

/** Forgets a request that waits for a connection. */
export function leaveQueue(context: BrowserContext, fetch: Fetch): void {
  const { waiting } = poolOf(context, fetch.url.origin);
  const at = waiting.indexOf(fetch.id);
  if (at >= 0) waiting.splice(at, 1);
}

export function connectError(errno: Errno): NetError {
  if (errno === ERRNO.ETIMEDOUT) return "ERR_CONNECTION_TIMED_OUT";
  if (errno === ERRNO.EHOSTUNREACH || errno === ERRNO.ENETUNREACH) return "ERR_ADDRESS_UNREACHABLE";
  return errno === ERRNO.ECONNRESET ? "ERR_CONNECTION_RESET" : "ERR_CONNECTION_REFUSED";
}

/** Source: Chromium net/ssl; recorded codes in browser.md section 9. */
export function tlsError(failure: TlsFailure): NetError {
  if (failure.certificateError === "authority") return "ERR_CERT_AUTHORITY_INVALID";
  if (failure.certificateError === "name") return "ERR_CERT_COMMON_NAME_INVALID";
  if (failure.certificateError === "date") return "ERR_CERT_DATE_INVALID";
  if (failure.alert === "unrecognized_name") return "ERR_SSL_UNRECOGNIZED_NAME_ALERT";
  if (failure.alert === "connection closed") return "ERR_CONNECTION_CLOSED";
  if (failure.alert === "connection reset") return "ERR_CONNECTION_RESET";
  const isMismatch = failure.alert === "handshake_failure" || failure.alert === "protocol_version";
  return isMismatch ? "ERR_SSL_VERSION_OR_CIPHER_MISMATCH" : "ERR_SSL_PROTOCOL_ERROR";
}
