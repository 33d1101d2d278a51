// The handshake, client and server, with the state names of RFC 8446, appendix A. TLS 1.2 takes its
// own edges through the same states. FAILED and CLOSED are ends.
// Simplification: no client certificates, no early data (0-RTT), no key update, no renegotiation.
import { defineMachine } from "../../kernel/machine.ts";

const BEFORE_END = ["WAIT_SH", "WAIT_EE", "WAIT_CERT", "WAIT_CV", "WAIT_FINISHED"] as const;

export const clientMachine = defineMachine({
  name: "TLS handshake, client side",
  layer: "tls",
  source: "RFC 8446, appendix A.1; RFC 5246, section 7.3; RFC 7918",
  initial: "START",
  states: {
    START: {},
    WAIT_SH: {},
    WAIT_EE: {},
    WAIT_CERT: {},
    WAIT_CV: {},
    WAIT_FINISHED: {},
    FALSE_START: {},
    CONNECTED: {},
    CLOSED: { final: true },
    FAILED: { final: true },
  },
  transitions: {
    sendClientHello: { from: "START", to: "WAIT_SH", on: "connected / ClientHello" },
    receiveHelloRetry: { from: "WAIT_SH", to: "WAIT_SH", on: "HelloRetryRequest / ClientHello" },
    receiveServerHello: { from: "WAIT_SH", to: "WAIT_EE", on: "ServerHello (1.3)" },
    receiveServerHello12: { from: "WAIT_SH", to: "WAIT_CERT", on: "ServerHello (1.2)" },
    receiveServerHelloResumed12: {
      from: "WAIT_SH",
      to: "WAIT_FINISHED",
      on: "ServerHello (1.2, same session)",
    },
    receiveExtensions: { from: "WAIT_EE", to: "WAIT_CERT", on: "EncryptedExtensions" },
    receiveExtensionsResumed: {
      from: "WAIT_EE",
      to: "WAIT_FINISHED",
      on: "EncryptedExtensions (PSK)",
    },
    receiveCertificate: { from: "WAIT_CERT", to: "WAIT_CV", on: "Certificate" },
    rejectCertificate: { from: ["WAIT_CERT", "WAIT_CV"], to: "FAILED", on: "not trusted / alert" },
    receiveCertificateVerify: { from: "WAIT_CV", to: "WAIT_FINISHED", on: "CertificateVerify" },
    receiveKeyExchange: { from: "WAIT_CV", to: "WAIT_FINISHED", on: "ServerKeyExchange, Done" },
    startEarly: {
      from: "WAIT_FINISHED",
      to: "FALSE_START",
      on: "1.2 with ALPN and ECDHE / data (False Start)",
    },
    receiveFinished: {
      from: ["WAIT_FINISHED", "FALSE_START"],
      to: "CONNECTED",
      on: "Finished / Finished",
    },
    receiveTicket: { from: "CONNECTED", to: "CONNECTED", on: "NewSessionTicket" },
    receiveAlert: { from: [...BEFORE_END, "FALSE_START"], to: "FAILED", on: "alert" },
    meetPlainText: { from: "WAIT_SH", to: "FAILED", on: "bytes that are no TLS record" },
    loseConnection: {
      from: ["START", ...BEFORE_END, "FALSE_START"],
      to: "FAILED",
      on: "FIN, RST or close()",
    },
    close: { from: ["FALSE_START", "CONNECTED"], to: "CLOSED", on: "close() / close_notify" },
  },
});

export const serverMachine = defineMachine({
  name: "TLS handshake, server side",
  layer: "tls",
  source: "RFC 8446, appendix A.2; RFC 5246, section 7.3",
  initial: "START",
  states: {
    START: {},
    RECVD_CH: {},
    NEGOTIATED: {},
    WAIT_FLIGHT2: {},
    WAIT_FINISHED: {},
    CONNECTED: {},
    CLOSED: { final: true },
    FAILED: { final: true },
  },
  transitions: {
    receiveClientHello: { from: "START", to: "RECVD_CH", on: "ClientHello" },
    askAgain: { from: "RECVD_CH", to: "START", on: "no common group / HelloRetryRequest" },
    negotiate: { from: "RECVD_CH", to: "NEGOTIATED", on: "parameters chosen" },
    reject: { from: "RECVD_CH", to: "FAILED", on: "nothing in common / alert" },
    sendFlight: { from: "NEGOTIATED", to: "WAIT_FLIGHT2", on: "ServerHello to Finished" },
    sendFinishedFirst: {
      from: "NEGOTIATED",
      to: "WAIT_FINISHED",
      on: "1.2, same session / ServerHello, Finished",
    },
    expectNoCertificate: {
      from: "WAIT_FLIGHT2",
      to: "WAIT_FINISHED",
      on: "no client certificate asked for",
    },
    receiveKeyExchange: { from: "WAIT_FLIGHT2", to: "WAIT_FINISHED", on: "ClientKeyExchange" },
    receiveFinished: { from: "WAIT_FINISHED", to: "CONNECTED", on: "Finished" },
    receiveAlert: { from: ["WAIT_FLIGHT2", "WAIT_FINISHED"], to: "FAILED", on: "alert" },
    meetPlainText: { from: "START", to: "FAILED", on: "bytes that are no TLS record" },
    loseConnection: {
      from: ["START", "RECVD_CH", "NEGOTIATED", "WAIT_FLIGHT2", "WAIT_FINISHED"],
      to: "FAILED",
      on: "FIN, RST or close()",
    },
    close: { from: "CONNECTED", to: "CLOSED", on: "close() / close_notify" },
  },
});
