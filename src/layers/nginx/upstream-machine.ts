// The state machines of nginx's upstream side: one try after another to get an answer, the peers of an upstream,
// an entry of the cache, and a limit zone.
// Source: nginx 1.22.1, src/http/ngx_http_upstream.c, ngx_http_upstream_round_robin.c, ngx_http_file_cache.c,
// modules/ngx_http_limit_req_module.c.
import { defineMachine, type TransitionOf } from "../../kernel/machine.ts";

const TRYING = ["connecting", "sending", "reading header"] as const;

export const upstreamMachine = defineMachine({
  name: "nginx upstream request",
  layer: "nginx",
  source: "nginx: src/http/ngx_http_upstream.c, ngx_http_upstream_init_request and what follows",
  initial: "init",
  states: {
    init: {},
    "looking in cache": {},
    "waiting for lock": {},
    resolving: {},
    "choosing peer": {},
    connecting: {},
    sending: {},
    "reading header": {},
    "reading body": {},
    "try failed": {},
    done: { final: true },
    failed: { final: true },
  },
  transitions: {
    lookInCache: { from: "init", to: "looking in cache", on: "proxy_cache is set" },
    waitForLock: {
      from: "looking in cache",
      to: "waiting for lock",
      on: "another request fetches it",
    },
    lookAgain: {
      from: "waiting for lock",
      to: "looking in cache",
      on: "500 ms have passed",
      after: "proxy_cache_lock_timeout",
    },
    hit: { from: "looking in cache", to: "done", on: "an entry may be served" },
    resolve: {
      from: ["init", "looking in cache"],
      to: "resolving",
      on: "proxy_pass has variables, and the host is a name",
    },
    hearAddress: { from: "resolving", to: "resolving", on: "the DNS server answered" },
    miss: {
      from: ["init", "looking in cache", "resolving"],
      to: "choosing peer",
      on: "the upstream is needed",
    },
    choosePeer: { from: "choosing peer", to: "connecting", on: "the balancer chose" },
    reuse: { from: "choosing peer", to: "sending", on: "an idle connection to the peer is kept" },
    findNoPeer: { from: "choosing peer", to: "try failed", on: "no peer may be used" },
    connect: { from: "connecting", to: "sending", on: "connect() succeeded" },
    failToConnect: { from: "connecting", to: "try failed", on: "connect() failed" },
    send: { from: "sending", to: "reading header", on: "request written" },
    timeOut: {
      from: TRYING,
      to: "try failed",
      on: "timer",
      after: "proxy_connect_timeout, proxy_send_timeout, proxy_read_timeout",
    },
    breakOff: {
      from: ["sending", "reading header"],
      to: "try failed",
      on: "closed or reset before a full header",
    },
    rejectHeader: { from: "reading header", to: "try failed", on: "header invalid or too big" },
    rejectStatus: {
      from: "reading header",
      to: "try failed",
      on: "a status that proxy_next_upstream names",
    },
    tryNext: { from: "try failed", to: "choosing peer", on: "tries and conditions allow" },
    serveStale: {
      from: ["try failed", "reading header"],
      to: "done",
      on: "a stale entry may be used",
    },
    revalidate: { from: "reading header", to: "done", on: "304: the entry is still good" },
    receiveHeader: { from: "reading header", to: "reading body", on: "empty line" },
    receiveBody: { from: "reading body", to: "reading body", on: "bytes of the body" },
    upgrade: { from: "reading body", to: "reading body", on: "101 Switching Protocols" },
    redirect: { from: "reading header", to: "done", on: "X-Accel-Redirect" },
    intercept: { from: "reading header", to: "done", on: "proxy_intercept_errors" },
    finish: { from: ["reading header", "reading body"], to: "done", on: "body complete" },
    cut: { from: "reading body", to: "failed", on: "closed, reset, timer or bad chunk" },
    failToResolve: {
      from: "resolving",
      to: "failed",
      on: "no address, or no answer",
      after: "resolver_timeout",
    },
    giveUp: { from: ["try failed", "choosing peer", "init"], to: "failed", on: "no try is left" },
    abandon: {
      from: [
        "init",
        "looking in cache",
        "waiting for lock",
        "resolving",
        "choosing peer",
        ...TRYING,
        "reading body",
        "try failed",
      ],
      to: "failed",
      on: "the client went away",
    },
  },
});
export type UpstreamTransition = TransitionOf<typeof upstreamMachine>;

export const peerMachine = defineMachine({
  name: "nginx upstream peer",
  layer: "nginx",
  source:
    "nginx: src/http/ngx_http_upstream_round_robin.c, ngx_http_upstream_free_round_robin_peer",
  initial: "up",
  states: { up: {}, disabled: {}, "on trial": {} },
  transitions: {
    serve: { from: "up", to: "up", on: "an answer came" },
    fail: { from: "up", to: "up", on: "a try failed, fewer than max_fails" },
    disable: { from: "up", to: "disabled", on: "max_fails within fail_timeout" },
    tryAgain: { from: "disabled", to: "on trial", on: "chosen again", after: "fail_timeout" },
    failAgain: { from: "on trial", to: "disabled", on: "the trial failed" },
    recover: { from: "on trial", to: "up", on: "the trial succeeded" },
  },
});

export const cacheMachine = defineMachine({
  name: "nginx cache entry",
  layer: "nginx",
  source: "nginx: src/http/ngx_http_file_cache.c and ngx_http_upstream.c, ngx_http_upstream_cache",
  initial: "absent",
  states: {
    absent: {},
    fetching: {},
    fresh: {},
    stale: {},
    updating: {},
    gone: { final: true },
  },
  transitions: {
    fetch: { from: ["absent", "fetching"], to: "fetching", on: "MISS: no entry" },
    store: {
      from: ["absent", "fetching", "updating", "fresh", "stale"],
      to: "fresh",
      on: "a whole answer that may be kept",
    },
    leave: { from: ["absent", "fetching"], to: "absent", on: "an answer that may not be kept" },
    hit: { from: "fresh", to: "fresh", on: "HIT: still valid" },
    expire: {
      from: "fresh",
      to: "stale",
      on: "valid time over",
      after: "proxy_cache_valid, max-age",
    },
    update: { from: "stale", to: "updating", on: "EXPIRED: one request refreshes it" },
    serveStale: { from: "stale", to: "stale", on: "STALE: served although expired" },
    serveUpdating: { from: "updating", to: "updating", on: "UPDATING: served meanwhile" },
    revalidate: { from: "updating", to: "fresh", on: "REVALIDATED: 304" },
    keepStale: { from: "updating", to: "stale", on: "the refresh failed" },
    lose: { from: ["fresh", "stale", "updating"], to: "absent", on: "its file is gone" },
    forget: {
      from: ["absent", "fetching", "fresh", "stale"],
      to: "gone",
      on: "inactive, or the zone is full",
    },
  },
});
export type CacheTransition = TransitionOf<typeof cacheMachine>;

export const limitMachine = defineMachine({
  name: "nginx limit zone",
  layer: "nginx",
  source: "nginx: src/http/modules/ngx_http_limit_req_module.c, ngx_http_limit_conn_module.c",
  initial: "flowing",
  states: { flowing: {}, delaying: {}, rejecting: {} },
  transitions: {
    pass: { from: ["flowing", "delaying", "rejecting"], to: "flowing", on: "within the limit" },
    delay: {
      from: ["flowing", "delaying", "rejecting"],
      to: "delaying",
      on: "over the rate, within burst",
    },
    reject: { from: ["flowing", "delaying", "rejecting"], to: "rejecting", on: "over the limit" },
  },
});
