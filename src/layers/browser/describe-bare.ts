// The learner's words for the bare client's request.
import type { MachineWords } from "../layer.ts";
import type { bareRequest } from "./bare-machine.ts";

const FAILURES: Readonly<Record<string, string>> = {
  closed: "The server closed the connection without sending a response.",
  reset: "The server reset the connection (RST) before a response was complete.",
  refused: "Nothing listens at that address, or nobody may connect there.",
  timeout: "No answer came in time.",
};

const why = (error: unknown) => FAILURES[String(error)] ?? "The exchange ended badly.";

export const bareRequestWords: MachineWords<typeof bareRequest> = {
  summary:
    "One request of a bare HTTP client: it connects, sends exactly what the scenario says, and reads the answer.",
  states: {
    idle: "The request is known, but nothing has been done for it.",
    resolving: "The client waits for the address of the name in the URL.",
    connecting: "The TCP handshake is under way.",
    securing: "The TCP and the TLS handshake are under way.",
    sending: "The connection stands and the request is being written to it.",
    "waiting for headers":
      "The whole request is sent; the client waits for the first line of the answer.",
    "reading body": "Status and headers are known; the body is still arriving.",
    done: "The response is complete.",
    failed: "There is no complete response.",
  },
  transitions: {
    resolve: {
      title: (v) => `The client needs the address of ${v.name}`,
      sentence: (v) =>
        `The URL names a host, ${v.name}, and a connection needs an IP address, so the name is looked up first.`,
      interview:
        "Before any connection there is a name lookup: DNS turns the host name into an address.",
    },
    connect: {
      title: (v) => `The client connects to ${v.address}`,
      sentence: (v) =>
        `The scheme of ${v.url} is http, so a plain TCP connection to ${v.address} is enough.`,
      interview: "http means TCP port 80 unless the URL names another port, without encryption.",
    },
    connectSecurely: {
      title: (v) => `The client connects to ${v.address} with TLS`,
      sentence: (v) =>
        `The scheme of ${v.url} is https: first a TCP connection to ${v.address}, then a TLS handshake for ${v.host}.`,
      interview: "https means TCP port 443 and a TLS handshake before the first byte of HTTP.",
      leavesOut:
        "This client accepts any certificate, as a test tool does; a browser would verify it.",
    },
    reuse: {
      title: "The client reuses an open connection",
      sentence: (v) =>
        `An idle connection to the same origin is still open, so ${v.url} needs no handshake.`,
      interview: "Keep-alive saves a TCP round trip, and with https the TLS handshake too.",
    },
    connected: {
      title: "The client is connected",
      sentence: "connect() has returned: the three-way handshake is done and bytes can be written.",
    },
    secured: {
      title: "The client is connected and encrypted",
      sentence: "The TLS handshake is done, so what is written from here on is encrypted.",
    },
    sent: {
      title: (v) => `The client sends ${v.line}`,
      sentence: (v) =>
        `The request is ${v.bytes} bytes: a request line, headers, an empty line${Number(v.bodyBytes) > 0 ? ` and a body of ${v.bodyBytes} bytes` : " and no body"}.`,
      interview:
        "An HTTP request is a method, a target and a version, then headers; Host tells the server which site is meant.",
    },
    receiveInterim: {
      title: (v) => `An interim response arrives: ${v.value}`,
      sentence:
        "A 1xx status is not the answer yet; the final response follows on the same connection.",
      interview:
        "100 Continue tells a client with a large body that the server is willing to read it.",
    },
    receiveHead: {
      title: (v) => `The response begins: ${v.status} ${v.reason}`.trimEnd(),
      sentence: (v) =>
        `Status line and headers are complete: ${v.status}. They also say where the body will end.`,
      interview:
        "The body ends by Content-Length, by the last chunk, or by the end of the connection, in that order of trust.",
    },
    complete: {
      title: (v) => `The response is complete: ${v.status}`,
      sentence: (v) => `The client has ${v.status} with ${v.bodyBytes} bytes of body for ${v.url}.`,
      interview:
        "The status class tells whose turn it is: 2xx done, 3xx go elsewhere, 4xx fix the request, 5xx the server failed.",
    },
    truncate: {
      title: "The response is cut short",
      sentence: (v) =>
        `The connection ended after ${v.value} bytes of body, before the length or the last chunk that the headers promised.`,
      interview:
        "A missing last chunk or a short Content-Length is how a client notices that a server died halfway.",
    },
    failLookup: {
      title: (v) => `${v.host} has no address`,
      sentence: (v) => `The lookup of ${v.host} failed, so there is nowhere to connect to.`,
      interview:
        "A DNS failure happens before any server sees the request: nothing is logged there.",
    },
    failConnect: {
      title: "The connection could not be made",
      sentence: (v) => why(v.error),
      interview:
        "Refused means the machine answered that nobody listens; a timeout means nothing answered at all.",
    },
    failTls: {
      title: "The TLS handshake failed",
      sentence: (v) =>
        `No encrypted connection to ${v.host} could be agreed on, so no HTTP was spoken.`,
      interview:
        "A handshake failure is below HTTP: there is no status code and no access log line.",
    },
    loseConnection: {
      title: "The connection ended without a response",
      sentence: (v) => why(v.error),
      interview:
        "nginx's 444 and a worker killed in the middle look alike from outside: an empty reply.",
    },
    misread: {
      title: "What arrived is no HTTP response",
      sentence:
        "The first bytes are not a status line, so the client cannot tell headers from body.",
      interview:
        "HTTP/0.9 had no status line; servers still answer a request without a version that way.",
    },
    timeOut: {
      title: "The client gives up waiting",
      sentence: (v) =>
        `The time the scenario allows for ${v.url} is over, so the client closes its connection.`,
      interview:
        "When a client gives up, nginx logs 499: its own code for a client that closed first.",
    },
    refuse: {
      title: "The client cannot read the URL",
      sentence: "The URL is not an absolute http or https URL, so there is nothing to connect to.",
    },
  },
};
