// The state machines of nginx: the master process, a worker process, a client's connection, and a
// request on its way through the phases.
// Source: src/os/unix/ngx_process_cycle.c, src/http/ngx_http_request.c, src/http/ngx_http_core_module.c (1.22.1).
import { defineMachine, type TransitionOf } from "../../kernel/machine.ts";

export const masterMachine = defineMachine({
  name: "nginx master process",
  layer: "nginx",
  source: "nginx: src/os/unix/ngx_process_cycle.c, ngx_master_process_cycle",
  initial: "reading configuration",
  states: {
    "reading configuration": {},
    running: {},
    "shutting down": {},
    ended: { final: true },
  },
  transitions: {
    refuse: { from: "reading configuration", to: "ended", on: "the configuration has an error" },
    startWorkers: { from: "reading configuration", to: "running", on: "the configuration is good" },
    reload: { from: "running", to: "running", on: "SIGHUP, good configuration" },
    refuseReload: { from: "running", to: "running", on: "SIGHUP, bad configuration" },
    replaceWorker: { from: "running", to: "running", on: "a worker died" },
    quit: { from: ["running", "shutting down"], to: "shutting down", on: "SIGQUIT" },
    terminate: { from: ["running", "shutting down"], to: "shutting down", on: "SIGTERM or SIGINT" },
    exit: { from: "shutting down", to: "ended", on: "the last worker is gone" },
    die: {
      from: ["reading configuration", "running", "shutting down"],
      to: "ended",
      on: "SIGKILL",
    },
  },
});

export const workerMachine = defineMachine({
  name: "nginx worker process",
  layer: "nginx",
  source: "nginx: src/os/unix/ngx_process_cycle.c, ngx_worker_process_cycle",
  initial: "starting",
  states: {
    starting: {},
    running: {},
    "shutting down": {},
    ended: { final: true },
  },
  transitions: {
    listen: { from: "starting", to: "running", on: "event loop begins" },
    finish: { from: "running", to: "shutting down", on: "the master says quit" },
    exit: {
      from: ["starting", "running", "shutting down"],
      to: "ended",
      on: "nothing left to do, or terminated",
    },
  },
});

export const connectionMachine = defineMachine({
  name: "nginx client connection",
  layer: "nginx",
  source:
    "nginx: src/http/ngx_http_request.c, ngx_http_init_connection to ngx_http_close_connection",
  initial: "accepted",
  states: {
    accepted: {},
    "TLS handshake": {},
    "waiting for request": {},
    serving: {},
    "keep-alive": {},
    lingering: {},
    closed: { final: true },
  },
  transitions: {
    accept: { from: "accepted", to: "waiting for request", on: "accept()" },
    beginHandshake: {
      from: "accepted",
      to: "TLS handshake",
      on: "accept() on a listener with ssl",
    },
    finishHandshake: { from: "TLS handshake", to: "waiting for request", on: "handshake done" },
    failHandshake: { from: "TLS handshake", to: "closed", on: "handshake failed" },
    beginRequest: {
      from: ["waiting for request", "keep-alive"],
      to: "serving",
      on: "first byte of a request",
    },
    keepAlive: { from: "serving", to: "keep-alive", on: "response sent, connection kept" },
    pipeline: { from: "serving", to: "serving", on: "response sent, next request already here" },
    linger: {
      from: ["serving", "keep-alive", "waiting for request"],
      to: "lingering",
      on: "response sent, client still sends; HTTP/2: after GOAWAY",
    },
    timeOut: {
      from: ["waiting for request", "keep-alive", "lingering"],
      to: "closed",
      on: "timer",
      after: "client_header_timeout, keepalive_timeout, lingering_time",
    },
    clientCloses: {
      from: ["waiting for request", "keep-alive", "lingering", "TLS handshake"],
      to: "closed",
      on: "FIN or RST from the client",
    },
    reuse: {
      from: ["keep-alive", "waiting for request"],
      to: "closed",
      on: "the slot or the worker is wanted",
    },
    close: {
      from: ["serving", "accepted", "lingering"],
      to: "closed",
      on: "response sent, connection not kept",
    },
    drop: {
      from: [
        "accepted",
        "TLS handshake",
        "waiting for request",
        "serving",
        "keep-alive",
        "lingering",
      ],
      to: "closed",
      on: "the worker is gone",
    },
  },
});

const IN_PHASES = [
  "post-read",
  "server-rewrite",
  "find-config",
  "rewrite",
  "preaccess",
  "delayed",
  "access",
  "waiting for subrequest",
  "precontent",
  "content",
  "reading body",
  "waiting for upstream",
] as const;

export const requestMachine = defineMachine({
  name: "nginx request",
  layer: "nginx",
  source:
    "nginx: src/http/ngx_http_core_module.c, ngx_http_core_run_phases; src/http/ngx_http_request.c",
  initial: "reading request line",
  states: {
    "reading request line": {},
    "reading headers": {},
    "post-read": {},
    "server-rewrite": {},
    "find-config": {},
    rewrite: {},
    preaccess: {},
    delayed: {},
    access: {},
    "waiting for subrequest": {},
    precontent: {},
    content: {},
    "reading body": {},
    "waiting for upstream": {},
    "header filter": {},
    "sending body": {},
    log: {},
    freed: { final: true },
  },
  transitions: {
    readRequestLine: {
      from: "reading request line",
      to: "reading headers",
      on: "request line complete",
    },
    chooseServer: {
      from: ["reading request line", "reading headers"],
      to: "reading headers",
      on: "host name known",
    },
    readHeaders: { from: "reading headers", to: "post-read", on: "empty line" },
    beginSubrequest: {
      from: "reading request line",
      to: "server-rewrite",
      on: "a module asks for it",
    },
    setRealAddress: { from: "post-read", to: "post-read", on: "realip trusts the peer" },
    beginServerRewrite: { from: "post-read", to: "server-rewrite", on: "next phase" },
    rewriteInServer: {
      from: "server-rewrite",
      to: "server-rewrite",
      on: "a directive of the server changed it",
    },
    rewriteInLocation: {
      from: "rewrite",
      to: "rewrite",
      on: "a directive of the location changed it",
    },
    findConfig: {
      from: ["server-rewrite", "rewrite"],
      to: "find-config",
      on: "next phase, or the URI changed",
    },
    chooseLocation: { from: "find-config", to: "rewrite", on: "location found" },
    internalRedirect: {
      from: [...IN_PHASES, "reading headers", "reading request line", "header filter"],
      to: "server-rewrite",
      on: "internal redirect",
    },
    enterNamed: {
      from: [...IN_PHASES, "reading headers", "reading request line", "header filter"],
      to: "rewrite",
      on: "named location",
    },
    beginPreaccess: { from: "rewrite", to: "preaccess", on: "next phase" },
    delay: { from: "preaccess", to: "delayed", on: "limit_req: too fast" },
    endDelay: { from: "delayed", to: "preaccess", on: "delay over" },
    beginAccess: { from: "preaccess", to: "access", on: "next phase" },
    askSubrequest: { from: "access", to: "waiting for subrequest", on: "auth_request" },
    hearSubrequest: { from: "waiting for subrequest", to: "access", on: "subrequest ended" },
    beginPrecontent: { from: "access", to: "precontent", on: "access granted" },
    tryFiles: { from: "precontent", to: "precontent", on: "a file was found" },
    beginContent: { from: "precontent", to: "content", on: "next phase" },
    openFile: { from: "content", to: "content", on: "the disk answered" },
    readBody: { from: "content", to: "reading body", on: "the handler wants the request body" },
    bodyRead: { from: "reading body", to: "content", on: "body complete" },
    callUpstream: {
      from: ["content", "reading body"],
      to: "waiting for upstream",
      on: "proxy_pass or uwsgi_pass",
    },
    receiveUpstreamHeader: {
      from: "waiting for upstream",
      to: "waiting for upstream",
      on: "response header arrived",
    },
    serveFromCache: {
      from: ["content", "waiting for upstream"],
      to: "content",
      on: "found in the cache",
    },
    refuse: {
      from: [...IN_PHASES, "reading request line", "reading headers"],
      to: "header filter",
      on: "an error or a return",
    },
    sendHeader: {
      from: [...IN_PHASES, "reading request line", "reading headers", "header filter"],
      to: "sending body",
      on: "header filters done",
    },
    finish: {
      from: [
        ...IN_PHASES,
        "reading request line",
        "reading headers",
        "header filter",
        "sending body",
      ],
      to: "log",
      on: "response complete or given up",
    },
    free: { from: "log", to: "freed", on: "logged" },
    drop: {
      from: [
        ...IN_PHASES,
        "reading request line",
        "reading headers",
        "header filter",
        "sending body",
      ],
      to: "freed",
      on: "nothing to log",
    },
  },
});

export type RequestTransition = TransitionOf<typeof requestMachine>;
