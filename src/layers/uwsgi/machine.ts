// The three machines of uWSGI: the master, a worker, and a request on one of its cores.
import { defineMachine } from "../../kernel/machine.ts";

export const masterMachine = defineMachine({
  name: "uWSGI master",
  layer: "uwsgi",
  source:
    "uWSGI 2.0.21 core/uwsgi.c, core/master.c, core/master_utils.c; documentation, Managing the uWSGI server",
  initial: "starting",
  states: {
    starting: {},
    "loading the application": {},
    supervising: {},
    reloading: {},
    stopping: {},
    exited: { final: true },
  },
  transitions: {
    listen: { from: "starting", to: "loading the application", on: "sockets bound" },
    refuse: { from: "starting", to: "exited", on: "configuration or socket error" },
    loadApplication: {
      from: "loading the application",
      to: "supervising",
      on: "application imported",
    },
    goDynamic: { from: "loading the application", to: "supervising", on: "import error" },
    leaveImport: {
      from: "loading the application",
      to: "supervising",
      on: "lazy-apps: every worker imports",
    },
    gameOver: {
      from: "loading the application",
      to: "exited",
      on: "import error",
      after: "need-app",
    },
    respawn: { from: "supervising", to: "supervising", on: "a worker died" },
    harakiri: {
      from: "supervising",
      to: "supervising",
      on: "a request took too long",
      after: "harakiri",
    },
    reload: { from: "supervising", to: "reloading", on: "HUP, or TERM without die-on-term" },
    reexec: { from: "reloading", to: "loading the application", on: "workers buried" },
    stop: {
      from: ["supervising", "loading the application"],
      to: "stopping",
      on: "INT, QUIT, or TERM with die-on-term",
    },
    exit: { from: "stopping", to: "exited", on: "workers gone" },
    die: {
      from: ["starting", "loading the application", "supervising", "reloading", "stopping"],
      to: "exited",
      on: "KILL",
    },
  },
});

export const workerMachine = defineMachine({
  name: "uWSGI worker",
  layer: "uwsgi",
  source: "uWSGI 2.0.21 core/uwsgi.c simple_loop; core/master.c",
  initial: "spawned",
  states: { spawned: {}, idle: {}, busy: {}, leaving: {}, ended: { final: true } },
  transitions: {
    importApplication: { from: "spawned", to: "spawned", on: "lazy-apps: an import of its own" },
    wait: { from: "spawned", to: "idle", on: "loop entered" },
    accept: { from: "idle", to: "busy", on: "a connection waits" },
    acceptNext: { from: "busy", to: "busy", on: "another connection waits" },
    rest: { from: "busy", to: "idle", on: "listen queue empty" },
    leave: { from: ["spawned", "idle", "busy"], to: "leaving", on: "reload, stop or max-requests" },
    end: { from: "leaving", to: "ended", on: "exit()" },
    die: { from: ["spawned", "idle", "busy", "leaving"], to: "ended", on: "KILL" },
  },
});

export const requestMachine = defineMachine({
  name: "uWSGI request",
  layer: "uwsgi",
  source:
    "uWSGI 2.0.21 core/protocol.c, proto/uwsgi.c, plugins/python/wsgi_handlers.c; The uwsgi Protocol 1.0",
  initial: "in the listen queue",
  states: {
    "in the listen queue": {},
    "reading vars": {},
    "application runs": {},
    "waiting for the body": {},
    sending: {},
    "waiting for the peer": {},
    closed: { final: true },
  },
  transitions: {
    accept: { from: "in the listen queue", to: "reading vars", on: "accept()" },
    refuseBlock: { from: "reading vars", to: "closed", on: "vars larger than buffer-size" },
    callApplication: { from: "reading vars", to: "application runs", on: "vars complete" },
    answerWithoutApplication: { from: "reading vars", to: "sending", on: "no application loaded" },
    readBody: { from: "application runs", to: "waiting for the body", on: "body bytes missing" },
    deliverBody: { from: "waiting for the body", to: "application runs", on: "bytes arrived" },
    send: { from: ["application runs", "sending"], to: "sending", on: "an item of the response" },
    waitForPeer: { from: "sending", to: "waiting for the peer", on: "send buffer full" },
    resumeSending: { from: "waiting for the peer", to: "sending", on: "the peer read" },
    fail: {
      from: ["application runs", "waiting for the body", "sending", "waiting for the peer"],
      to: "closed",
      on: "an exception",
    },
    complete: { from: "sending", to: "closed", on: "response exhausted" },
    losePeer: {
      from: [
        "reading vars",
        "application runs",
        "waiting for the body",
        "sending",
        "waiting for the peer",
      ],
      to: "closed",
      on: "the front server gave up",
    },
    abort: {
      from: [
        "reading vars",
        "application runs",
        "waiting for the body",
        "sending",
        "waiting for the peer",
      ],
      to: "closed",
      on: "the worker is killed",
      after: "harakiri",
    },
  },
});
