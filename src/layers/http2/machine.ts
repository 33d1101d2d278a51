// HTTP/2 at one end, as two state machines: the connection, and each stream on it.
import { defineMachine } from "../../kernel/machine.ts";

export const connectionMachine = defineMachine({
  name: "HTTP/2 connection",
  layer: "http2",
  source: "RFC 9113, sections 3.4, 6.5 and 6.8",
  initial: "starting",
  states: {
    starting: {},
    "waiting for settings": {},
    open: {},
    "going away": {},
    closed: { final: true },
  },
  transitions: {
    sendPreface: { from: "starting", to: "waiting for settings", on: "ALPN chose h2" },
    receiveSettings: { from: "waiting for settings", to: "open", on: "SETTINGS arrive" },
    changeSettings: {
      from: "open",
      to: "open",
      on: "SETTINGS arrive again",
      unreached: "no program of the model changes its settings; session.test.ts does",
    },
    receiveAck: { from: "open", to: "open", on: "SETTINGS ACK arrives" },
    widenWindow: { from: "open", to: "open", on: "WINDOW_UPDATE arrives" },
    sendGoAway: {
      from: ["waiting for settings", "open"],
      to: "going away",
      on: "no further stream is taken",
    },
    receiveGoAway: { from: "open", to: "going away", on: "GOAWAY arrives" },
    close: {
      from: ["waiting for settings", "open", "going away"],
      to: "closed",
      on: "the TCP connection ends",
    },
  },
});

const NOT_OVER = ["open", "half-closed (local)", "half-closed (remote)"] as const;

export const streamMachine = defineMachine({
  name: "HTTP/2 stream",
  layer: "http2",
  source: "RFC 9113, section 5.1",
  initial: "idle",
  states: {
    idle: {},
    open: {},
    "half-closed (local)": {},
    "half-closed (remote)": {},
    closed: { final: true },
  },
  transitions: {
    sendHeaders: { from: "idle", to: "open", on: "send HEADERS, a body follows" },
    sendRequest: {
      from: "idle",
      to: "half-closed (local)",
      on: "send HEADERS with END_STREAM",
    },
    receiveHeaders: { from: "idle", to: "open", on: "receive HEADERS, a body follows" },
    receiveRequest: {
      from: "idle",
      to: "half-closed (remote)",
      on: "receive HEADERS with END_STREAM",
    },
    send: { from: "open", to: "open", on: "send HEADERS or DATA" },
    receive: { from: "open", to: "open", on: "receive HEADERS or DATA" },
    sendEnd: { from: "open", to: "half-closed (local)", on: "send END_STREAM" },
    receiveEnd: { from: "open", to: "half-closed (remote)", on: "receive END_STREAM" },
    respond: {
      from: "half-closed (remote)",
      to: "half-closed (remote)",
      on: "send HEADERS or DATA",
    },
    sendLast: { from: "half-closed (remote)", to: "closed", on: "send END_STREAM" },
    hear: {
      from: "half-closed (local)",
      to: "half-closed (local)",
      on: "receive HEADERS or DATA",
    },
    receiveLast: { from: "half-closed (local)", to: "closed", on: "receive END_STREAM" },
    holdRequest: { from: "open", to: "open", on: "the window is used up" },
    holdResponse: {
      from: "half-closed (remote)",
      to: "half-closed (remote)",
      on: "the window is used up",
    },
    sendReset: { from: NOT_OVER, to: "closed", on: "send RST_STREAM" },
    receiveReset: { from: NOT_OVER, to: "closed", on: "receive RST_STREAM" },
    lose: { from: NOT_OVER, to: "closed", on: "the connection ends" },
  },
});

export type StreamTransition = keyof typeof streamMachine.transition;
export type ConnectionTransition = keyof typeof connectionMachine.transition;
