// The learner's words for the TLS handshake.
import type { MachineWords, WordValues } from "../layer.ts";
import type { clientMachine, serverMachine } from "./machine.ts";

const text = (v: WordValues, name: string, otherwise: string): string =>
  v[name] === undefined || v[name] === null ? otherwise : String(v[name]);
const host = (v: WordValues): string => text(v, "serverName", "the server");
/** The certificate's first name, and how many more. */
const certificate = (v: WordValues): string => {
  const names = text(v, "certificate", "the server").split(", ");
  return names.length < 3 ? names.join(", ") : `${names[0]} and ${names.length - 1} more`;
};
const version = (v: WordValues): string => text(v, "version", "TLS").replace("TLSv", "TLS ");

export const clientWords: MachineWords<typeof clientMachine> = {
  summary: "The client's side of a TLS handshake, with the state names of RFC 8446.",
  states: {
    START: "Connected by TCP, nothing sent",
    WAIT_SH: "ClientHello sent, waiting for ServerHello",
    WAIT_EE: "Keys agreed; waiting for the extensions",
    WAIT_CERT: "Waiting for the certificate",
    WAIT_CV: "Certificate trusted; waiting for its signature",
    WAIT_FINISHED: "Waiting for the server's Finished",
    FALSE_START: "Sends data before the server's Finished",
    CONNECTED: "Encrypted in both directions",
    CLOSED: "Closed with close_notify",
    FAILED: "No secure connection",
  },
  transitions: {
    sendClientHello: {
      title: (v) => `ClientHello for ${host(v)}`,
      sentence: (v) =>
        `The client offers versions, ciphers and half of a key exchange, and names ${host(v)} in the clear, so that the server can pick a certificate${v.offersTicket === true ? "; it also offers a ticket of an earlier visit" : ""}.`,
      interview:
        "SNI in the ClientHello lets one address serve many certificates; it is readable on the wire. ALPN offers h2 and http/1.1 in the same message.",
      leavesOut: "Encrypted ClientHello (ECH) is not modelled.",
    },
    receiveHelloRetry: {
      title: "HelloRetryRequest: another key share, please",
      sentence:
        "The server does not take the group of the client's key share, so the ClientHello goes again with another: one round trip more.",
    },
    receiveServerHello: {
      title: (v) => `ServerHello: ${version(v)}, ${text(v, "cipher", "a cipher")}`,
      sentence:
        "Both halves of the key exchange are known now, so everything after this message is encrypted, the certificate included.",
      interview:
        "TLS 1.3 needs one round trip: the key share travels in the first message, and the server answers with its whole flight.",
    },
    receiveServerHello12: {
      title: (v) => `ServerHello: ${version(v)}, ${text(v, "cipher", "a cipher")}`,
      sentence:
        "The server chose TLS 1.2: certificate and key exchange come in the clear, and the handshake takes a second round trip.",
      interview:
        "TLS 1.2 takes two round trips, 1.3 one; 1.3 also dropped RSA key exchange and CBC.",
    },
    receiveServerHelloResumed12: {
      title: "ServerHello: the session is resumed",
      sentence: "The server took the ticket: no certificate, and its Finished comes first.",
    },
    receiveExtensions: {
      title: (v) => `EncryptedExtensions: protocol ${text(v, "alpn", "not negotiated")}`,
      sentence:
        "The server's choices that need no secrecy for the keys, such as the protocol chosen by ALPN.",
    },
    receiveExtensionsResumed: {
      title: (v) => `EncryptedExtensions: protocol ${text(v, "alpn", "not negotiated")}`,
      sentence: "The session is resumed by its pre-shared key, so no certificate follows.",
    },
    receiveCertificate: {
      title: (v) => `Certificate for ${certificate(v)}`,
      sentence: (v) =>
        v.verifies === false
          ? "This client takes any certificate; a browser would check its chain, its names and its dates."
          : "The client checks the chain up to a root it trusts, the names against the host, and the dates.",
      interview:
        "A browser checks three things: chain to a trusted root, host name in the SAN, validity dates. The server must send the intermediates.",
      leavesOut: "Revocation and certificate transparency are not modelled.",
    },
    rejectCertificate: {
      title: "The certificate is not accepted",
      sentence: (v) =>
        `The certificate for ${text(v, "certificate", "the server")} fails: ${text(v, "failedCheck", "a check")}. The client sends an alert and closes; no request leaves.`,
      interview:
        "The failure is the client's decision: the server sees an alert and no request, so nothing is in the access log.",
    },
    receiveCertificateVerify: {
      title: "CertificateVerify: the server holds the key",
      sentence:
        "A signature over the handshake so far proves that the server has the private key of this certificate.",
      interview:
        "The certificate is public; the signature over the transcript is what authenticates the server.",
    },
    receiveKeyExchange: {
      title: "ServerKeyExchange and Done; the client answers",
      sentence:
        "The server's half of the key exchange is signed with the certificate's key; the client sends its half and Finished.",
    },
    startEarly: {
      title: "False Start: the request goes at once",
      sentence:
        "With a strong cipher and ALPN, Chromium sends data right after its own Finished and saves a round trip of TLS 1.2.",
    },
    receiveFinished: {
      title: "The handshake is complete",
      sentence: (v) =>
        `Finished proves that nobody changed the handshake. From here on all is ${version(v)} with ${text(v, "cipher", "its cipher")}${v.resumed === true ? ", resumed without a certificate" : ""}.`,
      interview: "In TLS 1.3 the request leaves together with the client's Finished.",
    },
    receiveTicket: {
      title: "A session ticket for the next visit",
      sentence:
        "The client keeps it; the next handshake can resume the session without certificate and signature.",
      interview: "Resumption saves the certificate and the signature, in TLS 1.2 a round trip too.",
    },
    receiveAlert: {
      title: (v) => `Alert from the server: ${text(v, "alert", "handshake failure")}`,
      sentence: "The server refuses the handshake and closes the connection; no request is sent.",
    },
    meetPlainText: {
      title: "The answer is no TLS record",
      sentence:
        "A server that speaks plain HTTP answered the ClientHello: the client gives up (wrong version number).",
    },
    loseConnection: {
      title: "The connection ends during the handshake",
      sentence: "TCP closed or reset before the handshake was complete.",
    },
    close: {
      title: "close_notify from the client",
      sentence: "An alert tells the peer that no data is missing; FIN follows.",
      interview: "close_notify distinguishes an orderly end from a truncation attack.",
    },
  },
};

export const serverWords: MachineWords<typeof serverMachine> = {
  summary: "The server's side of the same handshake.",
  states: {
    START: "Accepted, waiting for ClientHello",
    RECVD_CH: "ClientHello read",
    NEGOTIATED: "Version, cipher and certificate chosen",
    WAIT_FLIGHT2: "Flight sent, waiting for the client's",
    WAIT_FINISHED: "Waiting for the client's Finished",
    CONNECTED: "Encrypted in both directions",
    CLOSED: "Closed with close_notify",
    FAILED: "No secure connection",
  },
  transitions: {
    receiveClientHello: {
      title: (v) => `The server reads the ClientHello for ${host(v)}`,
      sentence:
        "The name, the versions and the ciphers offered decide which configuration answers.",
    },
    askAgain: {
      title: "The server asks for another key share",
      sentence:
        "None of the client's key shares is of a group in ssl_ecdh_curve: HelloRetryRequest.",
    },
    negotiate: {
      title: (v) => `Chosen: ${version(v)}, certificate of ${certificate(v)}`,
      sentence: (v) =>
        `The server block for ${host(v)} provides ${text(v, "file", "the certificate")}; ${version(v)} and ${text(v, "cipher", "a cipher")} are the best that both sides have.`,
      interview:
        "nginx picks the certificate by SNI and the server block by the Host header later; both use the same server_name rules.",
    },
    reject: {
      title: (v) => `The server refuses: ${text(v, "alert", "handshake_failure")}`,
      sentence: (v) =>
        `Client and server have no common ground or the name is not served here (${text(v, "alert", "handshake_failure")}): an alert instead of ServerHello, then FIN.`,
    },
    sendFlight: {
      title: (v) =>
        v.version === "TLSv1.2"
          ? "ServerHello, certificate and key exchange in one flight"
          : v.resumed === true
            ? "ServerHello and Finished in one flight"
            : "ServerHello, certificate and Finished in one flight",
      sentence: (v) =>
        v.resumed === true
          ? "The ticket was good: ServerHello, extensions and Finished, no certificate and no signature."
          : v.version === "TLSv1.2"
            ? "The server signs its half of the key exchange with its private key; the client's half is still to come."
            : "The server signs the handshake with its private key and sends its whole flight at once.",
      interview:
        "The private key is used for one signature per full handshake: this is the CPU cost of TLS.",
    },
    sendFinishedFirst: {
      title: "Session resumed: the server finishes first",
      sentence: "The ticket was good, so ServerHello and Finished go out at once.",
    },
    expectNoCertificate: {
      title: "No client certificate asked for",
      sentence: "ssl_verify_client is off, so only Finished is missing.",
    },
    receiveKeyExchange: {
      title: "ClientKeyExchange arrives",
      sentence: "The client's half of the key exchange: both sides now compute the same keys.",
    },
    receiveFinished: {
      title: "The client's Finished arrives: TLS is up",
      sentence: (v) =>
        v.version === "TLSv1.3"
          ? "The handshake is verified from both sides; the server sends tickets for later and reads the request."
          : "The handshake is verified; the server's own Finished follows.",
      interview:
        "TLS gives confidentiality, integrity and the server's identity; it says nothing about who the user is.",
    },
    receiveAlert: {
      title: (v) => `The client refuses: ${text(v, "failedCheck", "alert")}`,
      sentence:
        "The client sent a fatal alert, usually because it does not trust the certificate; the connection is over.",
    },
    meetPlainText: {
      title: "The client speaks plain HTTP on the TLS port",
      sentence:
        "The first bytes are no TLS record, so the server reads them as HTTP and answers 400.",
    },
    loseConnection: {
      title: "The connection ends during the handshake",
      sentence: "TCP closed or reset before the handshake was complete.",
    },
    close: {
      title: "close_notify from the server",
      sentence: "An alert tells the client that no data is missing; FIN follows.",
    },
  },
};
