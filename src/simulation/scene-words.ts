// A layer's line of status on the stage, in a learner's words. The machines keep the names of the
// protocol's documents (WAIT_SH, IDLE, CLOSE-WAIT); the State tab shows those, the stage says what they mean.
import type { LayerId } from "../layers/layer.ts";

type Words = Readonly<Record<string, string>>;

const OF_TLS: Words = {
  START: "TLS begins",
  WAIT_SH: "TLS handshake",
  WAIT_EE: "TLS handshake",
  WAIT_CERT: "TLS handshake",
  WAIT_CV: "TLS handshake",
  WAIT_FINISHED: "TLS handshake",
  WAIT_FLIGHT2: "TLS handshake",
  RECVD_CH: "TLS handshake",
  NEGOTIATED: "TLS handshake",
  FALSE_START: "TLS handshake",
  CONNECTED: "TLS ready",
  CLOSED: "TLS closed",
  FAILED: "TLS failed",
};

const OF_TCP: Words = {
  LISTEN: "TCP listening",
  "SYN-SENT": "TCP connecting",
  "SYN-RECEIVED": "TCP connecting",
  ESTABLISHED: "TCP connected",
  "FIN-WAIT-1": "TCP closing",
  "FIN-WAIT-2": "TCP closing",
  CLOSING: "TCP closing",
  "CLOSE-WAIT": "TCP closing",
  "LAST-ACK": "TCP closing",
  "TIME-WAIT": "TCP closed",
  CLOSED: "TCP closed",
};

const OF_LISTENER: Words = {
  bound: "TCP, not yet listening",
  listening: "TCP connecting",
  full: "TCP queue is full",
  closed: "TCP, nobody listens",
};

const OF_MACHINE: Readonly<Record<string, Words>> = {
  Navigation: {
    started: "reading the address",
    deciding: "reading the address",
    fetching: "fetching the page",
    committed: "showing the page",
    loaded: "page loaded",
    "error page": "shows an error",
    unchanged: "stays on the page",
  },
  "Browser request": {
    created: "looks in its cache",
    "waiting for connection": "waits for a connection",
    sending: "sends the request",
    "waiting for headers": "waits for the answer",
    "reading body": "receives the answer",
    done: "has the answer",
    failed: "got no answer",
  },
  "Client request": {
    idle: "has nothing to send yet",
    resolving: "looks up the name",
    connecting: "connects to the server",
    securing: "sets up TLS",
    sending: "sends the request",
    "waiting for headers": "waits for the answer",
    "reading body": "receives the answer",
    done: "has the answer",
    failed: "got no answer",
  },
  "Name lookup": {
    asked: "looking up the name",
    "reading hosts": "reads /etc/hosts",
    asking: "asks the resolver",
    resolved: "address known",
    failed: "no address found",
  },
  "Resolver query": {
    received: "resolver was asked",
    "choosing server": "resolver picks a server",
    "waiting for server": "resolver waits for a server",
    "waiting for address": "resolver needs an address",
    answered: "resolver has the answer",
    failed: "resolver found nothing",
  },
  "Question to a name server": {
    composed: "question written",
    "in flight": "question on its way",
    answered: "a server answered",
    lost: "no answer came",
  },
  "Name server": {
    idle: "server waits",
    searching: "server searches its zone",
    done: "server answers",
  },
  "Cache entry": {
    empty: "not in the cache",
    fresh: "kept in the cache",
    expired: "cache entry too old",
  },
  "TCP connection, client side": OF_TCP,
  "TCP connection, server side": OF_TCP,
  "listening socket": OF_LISTENER,
  "TLS handshake, client side": OF_TLS,
  "TLS handshake, server side": OF_TLS,
  "nginx client connection": {
    accepted: "accepts a connection",
    "waiting for request": "waits for the request",
    serving: "serves the request",
    "keep-alive": "keeps the connection",
    closed: "connection closed",
  },
  "nginx request": {
    "reading request line": "reads the request",
    "reading headers": "reads the headers",
    "post-read": "headers read",
    "server-rewrite": "server's rewrites",
    "find-config": "finds the location",
    rewrite: "location's rewrites",
    preaccess: "checks the limits",
    delayed: "holds it back",
    access: "checks access",
    precontent: "tries files",
    content: "makes the answer",
    "reading body": "reads the body",
    "waiting for upstream": "waits for the backend",
    "header filter": "makes the header",
    "sending body": "sends the answer",
    log: "answer sent",
    freed: "answered and logged",
  },
  "nginx upstream request": {
    init: "asks the backend",
    "looking in cache": "looks in its cache",
    "waiting for lock": "waits for the cache",
    "choosing peer": "picks a backend",
    connecting: "connects to the backend",
    sending: "asks the backend",
    "reading header": "waits for the backend",
    "reading body": "reads the backend",
    "try failed": "the backend failed",
    done: "has the answer",
    failed: "no backend answered",
  },
  "database connection": {
    CONNECTING: "a client connects",
    AUTHENTICATING: "checks the password",
    IDLE: "waits for a query",
    ACTIVE: "runs a query",
    "IDLE IN TRANSACTION": "waits, in a transaction",
    "IDLE IN TRANSACTION (ABORTED)": "waits, transaction aborted",
    CLOSED: "connection closed",
  },
  statement: {
    sent: "a query arrives",
    executing: "runs the query",
    "waiting for a lock": "waits for a lock",
    answering: "sends the rows",
    done: "query answered",
    failed: "query failed",
  },
};

const SIMPLE_STATUS = /^\d{3}/;

/** What the stage says of a layer whose machine is in `state`; the state's own name where it is plain. */
export function stateWords(machine: string, state: string): string {
  return OF_MACHINE[machine]?.[state] ?? state;
}

/** A layer's own text for its status, unless it is the response's status line. */
export function toldStatus(layer: LayerId, told: unknown): string | null {
  const isWord = typeof told === "string" && told !== "" && !SIMPLE_STATUS.test(told);
  return isWord && layer !== "tls" ? told : null;
}
