// One request of the bare client, the program of the recordings, as a state machine.
import { defineMachine } from "../../kernel/machine.ts";

export const bareRequest = defineMachine({
  name: "Client request",
  layer: "browser",
  source: "RFC 9112, sections 6 to 9; the recording client of the scenario format",
  initial: "idle",
  states: {
    idle: {},
    resolving: {},
    connecting: {},
    securing: {},
    sending: {},
    "waiting for headers": {},
    "reading body": {},
    done: { final: true },
    failed: { final: true },
  },
  transitions: {
    resolve: { from: "idle", to: "resolving", on: "the URL has a name" },
    connect: { from: ["idle", "resolving"], to: "connecting", on: "the address is known, http" },
    connectSecurely: {
      from: ["idle", "resolving"],
      to: "securing",
      on: "the address is known, https",
    },
    reuse: { from: "idle", to: "sending", on: "an open connection is kept" },
    connected: { from: "connecting", to: "sending", on: "the handshake is done" },
    secured: { from: "securing", to: "sending", on: "the TLS handshake is done" },
    sent: { from: "sending", to: "waiting for headers", on: "the last byte is written" },
    receiveInterim: {
      from: ["sending", "waiting for headers"],
      to: "waiting for headers",
      on: "a 1xx response arrives",
    },
    receiveHead: {
      from: ["sending", "waiting for headers"],
      to: "reading body",
      on: "status line and headers arrive",
    },
    complete: { from: "reading body", to: "done", on: "the body is complete" },
    truncate: { from: "reading body", to: "failed", on: "the connection ends too early" },
    failLookup: { from: "resolving", to: "failed", on: "the name has no address" },
    failConnect: { from: ["connecting", "securing"], to: "failed", on: "connect() fails" },
    failTls: { from: "securing", to: "failed", on: "the TLS handshake fails" },
    loseConnection: {
      from: ["sending", "waiting for headers"],
      to: "failed",
      on: "FIN or RST before a response",
    },
    misread: {
      from: ["sending", "waiting for headers"],
      to: "failed",
      on: "what arrives is no status line",
    },
    timeOut: {
      from: [
        "resolving",
        "connecting",
        "securing",
        "sending",
        "waiting for headers",
        "reading body",
      ],
      to: "failed",
      on: "the client gives up",
      after: "timeout",
    },
    refuse: { from: "idle", to: "failed", on: "the URL is not http or https" },
  },
});
