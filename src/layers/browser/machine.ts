// A visit and a request of Chromium, as state machines. The bare client's is in bare-machine.ts.
import { defineMachine } from "../../kernel/machine.ts";

export const navigation = defineMachine({
  name: "Navigation",
  layer: "browser",
  source: "HTML standard, section 7.4 (navigation); Chromium content/browser, net/http",
  initial: "started",
  states: {
    started: {},
    deciding: {},
    fetching: {},
    committed: {},
    loaded: { final: true },
    "error page": { final: true },
    unchanged: { final: true },
  },
  transitions: {
    parse: { from: "started", to: "deciding", on: "the text is a URL" },
    reject: { from: ["started", "deciding"], to: "unchanged", on: "it is no web address" },
    blockPort: { from: "deciding", to: "error page", on: "the port is on the block list" },
    upgradeByHsts: { from: "deciding", to: "deciding", on: "the host is on the HSTS list" },
    upgradeByDefault: { from: "deciding", to: "deciding", on: "http:// without need" },
    upgradeByDns: { from: "fetching", to: "deciding", on: "DNS has an HTTPS record" },
    fetch: { from: "deciding", to: "fetching", on: "the address is settled" },
    fallBack: { from: "fetching", to: "deciding", on: "https fails", after: "3 s" },
    redirect: { from: "fetching", to: "deciding", on: "a 3xx with Location" },
    stopRedirecting: { from: "fetching", to: "error page", on: "the 20th redirect" },
    commit: { from: "fetching", to: "committed", on: "the document arrives" },
    stay: { from: "fetching", to: "unchanged", on: "204, or a download" },
    showError: { from: "fetching", to: "error page", on: "the request fails" },
    restore: { from: "deciding", to: "loaded", on: "back to a page that is kept" },
    scan: { from: "committed", to: "committed", on: "the page names subresources" },
    load: { from: "committed", to: "loaded", on: "everything has arrived" },
  },
});

export const browserRequest = defineMachine({
  name: "Browser request",
  layer: "browser",
  source:
    "Fetch standard, section 4.6 (HTTP-network-or-cache fetch); Chromium net/http_cache, net/socket",
  initial: "created",
  states: {
    created: {},
    "waiting for connection": {},
    sending: {},
    "waiting for headers": {},
    "reading body": {},
    done: { final: true },
    failed: { final: true },
  },
  transitions: {
    useCache: { from: "created", to: "done", on: "the cache has it fresh" },
    missCache: { from: "created", to: "waiting for connection", on: "the cache has it not" },
    validate: { from: "created", to: "waiting for connection", on: "the cache has it stale" },
    resolveHost: {
      from: "waiting for connection",
      to: "waiting for connection",
      on: "the host's address is unknown",
    },
    openConnection: {
      from: "waiting for connection",
      to: "waiting for connection",
      on: "no connection is idle",
    },
    queue: {
      from: "waiting for connection",
      to: "waiting for connection",
      on: "six connections are busy",
      after: "6 per host",
    },
    takeConnection: { from: "waiting for connection", to: "sending", on: "a connection is free" },
    send: { from: "sending", to: "waiting for headers", on: "the request is written" },
    retry: {
      from: ["sending", "waiting for headers"],
      to: "waiting for connection",
      on: "a kept connection turns out closed",
    },
    receiveHead: {
      from: "waiting for headers",
      to: "reading body",
      on: "status and headers arrive",
    },
    receiveText: { from: "waiting for headers", to: "done", on: "text without a status line" },
    complete: { from: "reading body", to: "done", on: "the body is complete" },
    useStored: { from: "reading body", to: "done", on: "304 Not Modified" },
    cutShort: { from: "reading body", to: "failed", on: "the connection ends too early" },
    fail: {
      from: ["waiting for connection", "sending", "waiting for headers"],
      to: "failed",
      on: "name, connection, TLS or answer fails",
    },
    cancel: {
      from: ["waiting for connection", "sending", "waiting for headers", "reading body"],
      to: "failed",
      on: "it is not needed any more",
    },
  },
});
