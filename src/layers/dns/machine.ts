// The state machines of the DNS: a stub's lookup, a resolver's work on one question, one question to a
// name server, the server's answer, and a cache entry.
import { defineMachine } from "../../kernel/machine.ts";

export const stubLookup = defineMachine({
  name: "Name lookup",
  layer: "dns",
  source: "getaddrinfo(3), resolv.conf(5), glibc 2.36 res_send.c; Chromium net/dns",
  initial: "asked",
  states: {
    asked: {},
    "reading hosts": {},
    asking: {},
    resolved: { final: true },
    failed: { final: true },
  },
  transitions: {
    takeLiteral: {
      from: "asked",
      to: "resolved",
      on: "the name is an address",
      unreached: "both clients see an address themselves and ask no resolver; stub.test.ts does",
    },
    readHosts: { from: "asked", to: "reading hosts", on: "the name is none" },
    findInHosts: {
      from: "reading hosts",
      to: "resolved",
      on: "/etc/hosts has the name",
      unreached:
        "a scenario names no hosts file of the client, and localhost is known; stub.test.ts does",
    },
    ask: {
      from: ["asked", "reading hosts", "asking"],
      to: "asking",
      on: "/etc/hosts has it not",
    },
    receive: { from: "asking", to: "asking", on: "one of several answers arrives" },
    askAgain: { from: "asking", to: "asking", on: "no answer in time", after: "timeout" },
    askNextServer: { from: "asking", to: "asking", on: "SERVFAIL, REFUSED or ICMP" },
    askNextName: {
      from: "asking",
      to: "asking",
      on: "the next name of the search list",
      unreached: "a scenario gives no search list of the client; stub.test.ts does",
    },
    fallBack: { from: "asking", to: "asking", on: "Chromium leaves it to glibc" },
    resolve: { from: "asking", to: "resolved", on: "an address arrives" },
    fail: { from: "asking", to: "failed", on: "no server has one" },
  },
});

export const resolverQuery = defineMachine({
  name: "Resolver query",
  layer: "dns",
  source: "RFC 1034 section 5.3.3; Unbound 1.17.1 iterator/iterator.c",
  initial: "received",
  states: {
    received: {},
    "choosing server": {},
    "waiting for server": {},
    "waiting for address": {},
    answered: { final: true },
    failed: { final: true },
  },
  transitions: {
    answerLocally: { from: "received", to: "answered", on: "a name the resolver owns" },
    hitCache: { from: ["received", "choosing server"], to: "answered", on: "the cache has it" },
    hitFailure: { from: "received", to: "failed", on: "the cache holds a failure" },
    missCache: { from: "received", to: "choosing server", on: "the cache has it not" },
    ask: { from: "choosing server", to: "waiting for server", on: "a server is chosen" },
    learnRoot: {
      from: "waiting for server",
      to: "choosing server",
      on: "the root's NS set arrives",
    },
    followReferral: {
      from: "waiting for server",
      to: "choosing server",
      on: "NS of a closer zone",
    },
    descend: {
      from: "waiting for server",
      to: "choosing server",
      on: "a shortened name is answered",
    },
    followAlias: {
      from: ["waiting for server", "received", "choosing server"],
      to: "choosing server",
      on: "a CNAME points elsewhere",
    },
    distrust: {
      from: "waiting for server",
      to: "choosing server",
      on: "REFUSED, SERVFAIL, not AA",
    },
    loseServer: {
      from: "waiting for server",
      to: "choosing server",
      on: "no answer",
      after: "RTO, twice",
    },
    needAddress: {
      from: "choosing server",
      to: "waiting for address",
      on: "no server's address is known",
    },
    haveAddress: {
      from: "waiting for address",
      to: "choosing server",
      on: "the address is looked up",
    },
    answer: { from: "waiting for server", to: "answered", on: "the records arrive" },
    answerNegatively: {
      from: "waiting for server",
      to: "answered",
      on: "no such name or no such type",
    },
    giveUp: {
      from: ["choosing server", "waiting for address", "waiting for server"],
      to: "failed",
      on: "no server is left",
    },
  },
});

export const serverQuestion = defineMachine({
  name: "Question to a name server",
  layer: "dns",
  source: "RFC 1035 section 4.2, RFC 5452; Unbound 1.17.1 services/outside_network.c",
  initial: "composed",
  states: { composed: {}, "in flight": {}, answered: { final: true }, lost: { final: true } },
  transitions: {
    send: { from: "composed", to: "in flight", on: "UDP datagram sent" },
    resend: { from: "in flight", to: "in flight", on: "no answer", after: "RTO" },
    repeatOverTcp: { from: "in flight", to: "in flight", on: "the answer has TC set" },
    receive: { from: "in flight", to: "answered", on: "an answer with the same id" },
    lose: { from: "in flight", to: "lost", on: "no answer to the second try", after: "RTO" },
  },
});

export const serverAnswer = defineMachine({
  name: "Name server",
  layer: "dns",
  source: "RFC 1034 section 4.3.2; BIND 9.18",
  initial: "idle",
  states: { idle: {}, searching: {}, done: { final: true } },
  transitions: {
    receive: { from: "idle", to: "searching", on: "a question arrives" },
    answer: { from: "searching", to: "done", on: "the zone has the records" },
    refer: { from: "searching", to: "done", on: "a delegation lies on the way" },
    deny: { from: "searching", to: "done", on: "no such name or no such type" },
    refuse: { from: "searching", to: "done", on: "it serves no zone of the name" },
    loop: { from: "searching", to: "done", on: "CNAMEs point at each other" },
  },
});

export const cacheEntry = defineMachine({
  name: "Cache entry",
  layer: "dns",
  source: "RFC 1035 section 7.4, RFC 2181 section 5.4, RFC 2308",
  initial: "empty",
  states: { empty: {}, fresh: {}, expired: { final: true } },
  transitions: {
    store: { from: "empty", to: "fresh", on: "a record set arrives" },
    replace: { from: "fresh", to: "fresh", on: "better or newer data arrives" },
    expire: { from: "fresh", to: "expired", on: "its time is over", after: "TTL" },
  },
});
