// The learner's words for TCP and for listening sockets.
import type { MachineWords, StepWords, WordValues } from "../layer.ts";
import type { clientMachine, listenerMachine, serverMachine } from "./machine.ts";

const count = (v: WordValues, name: string): number => Number(v[name] ?? 0);
const text = (v: WordValues, name: string, otherwise: string): string =>
  v[name] === undefined || v[name] === null ? otherwise : String(v[name]);
const size = (v: WordValues, name: string): string => {
  const bytes = count(v, name);
  return bytes === 1 ? "1 byte" : `${String(bytes).replace(/\B(?=(\d{3})+$)/g, " ")} bytes`;
};
const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** Data, FIN and RST read the same from either side; `me` and `peer` name who speaks. */
function dataWords(me: string, peer: string) {
  return {
    sendData: {
      title: (v: WordValues) => `The ${me} sends ${size(v, "bytes")}`,
      sentence: (v: WordValues) => sendingSentence(v, me),
      interview:
        "TCP is a byte stream: it cuts the bytes into segments of at most 1460 bytes and sends no more than the congestion window, 10 segments at first.",
    },
    sendDataAfterFin: {
      title: (v: WordValues) => `The ${me} sends ${size(v, "bytes")} after the peer's FIN`,
      sentence: `The ${peer} has closed its sending direction only; the ${me} may still send.`,
    },
    receiveData: {
      title: (v: WordValues) => `${size(v, "bytes")} arrive at the ${me}`,
      sentence: (v: WordValues) => arrivalSentence(v, me),
      interview:
        "The kernel acknowledges and buffers the bytes in order; the program reads them when it gets to it.",
    },
    receiveDataFirstWait: {
      title: (v: WordValues) => `${size(v, "bytes")} arrive after the ${me} said FIN`,
      sentence: `The ${me} has closed its sending direction, but still receives what the ${peer} sends.`,
    },
    receiveDataSecondWait: {
      title: (v: WordValues) => `${size(v, "bytes")} arrive after the ${me} said FIN`,
      sentence: `The ${me} has closed its sending direction, but still receives what the ${peer} sends.`,
    },
  } satisfies Record<string, StepWords>;
}

/** FIN from each side, in each order. */
function closingWords(me: string, peer: string) {
  return {
    sendFin: {
      title: `The ${me} sends FIN`,
      sentence: `The ${me} has nothing more to send and closes its direction of the connection.`,
      interview:
        "Each direction of a TCP connection is closed by its own FIN; the side that closes first ends in TIME-WAIT.",
    },
    receiveFin: {
      title: `FIN arrives at the ${me}`,
      sentence: `The ${peer} sends no more; a read here returns 0 bytes, and the ${me} may still send until it closes too.`,
      interview: "CLOSE-WAIT lasts until the program calls close(); many of them point to a leak.",
    },
    sendLastFin: {
      title: `The ${me} closes too`,
      sentence: `The ${me} answers the FIN of the ${peer} with its own, and the connection is nearly over.`,
    },
    receiveAckOfFin: {
      title: `The ${me}'s FIN is acknowledged`,
      sentence: `The ${peer}'s kernel has the FIN; the ${me} now waits for the other direction to close.`,
    },
    receiveFinFirst: {
      title: "Both sides close at once",
      sentence: `The FIN of the ${peer} arrives before the acknowledgement of the ${me}'s own.`,
    },
    receiveLastFin: {
      title: `The last FIN arrives at the ${me}`,
      sentence: `Both directions are closed. The ${me} keeps the address pair for 60 s in TIME-WAIT, in case a late segment appears.`,
      interview:
        "TIME-WAIT sits at the side that closed first and protects a new connection with the same ports from old segments.",
      leavesOut: "The model does not keep TIME-WAIT connections for their 60 s.",
    },
    receiveAckWhileClosing: {
      title: `The ${me}'s FIN is acknowledged`,
      sentence: "Both FINs are acknowledged; the side rests in TIME-WAIT.",
    },
    receiveLastAck: {
      title: "The last ACK arrives",
      sentence: `The ${peer} has acknowledged the FIN; the ${me}'s side is closed.`,
    },
  } satisfies Record<string, StepWords>;
}

function resetWords(me: string, peer: string) {
  return {
    sendReset: {
      title: `The ${me} resets the connection`,
      sentence: `The ${me} cannot take or does not want what was sent, so it closes with RST instead of FIN; unsent and unread bytes are lost.`,
      interview:
        "close() with unread bytes in the receive buffer, or data for a closed socket, is answered by RST: the peer sees ECONNRESET.",
    },
    receiveReset: {
      title: `RST arrives at the ${me}`,
      sentence: `The ${peer} has dropped the connection at once; reads here fail with ECONNRESET (104).`,
      interview:
        "Connection reset by peer: the other side closed without reading everything, or its process died.",
    },
  } satisfies Record<string, StepWords>;
}

function sendingSentence(v: WordValues, me: string): string {
  const flights = count(v, "flights");
  const segments = plural(count(v, "segments"), "segment");
  if (v.unix === true) return `The ${me} writes into the unix socket; the kernel copies the bytes.`;
  if (flights <= 1)
    return `The ${me}'s kernel sends ${segments} at once: they fit into its congestion window.`;
  return `${segments} do not fit into the window of ${count(v, "window")}: they leave in ${flights} flights, one more round trip each.`;
}

function arrivalSentence(v: WordValues, me: string): string {
  const more = count(v, "more");
  if (more > 0)
    return `The ${me}'s kernel has them and acknowledges; ${size(v, "more")} more are under way or wait for the window to open.`;
  return `The ${me}'s kernel acknowledges them and wakes the program that reads this socket.`;
}

/** The states that both ends have once they are connected (RFC 9293, section 3.3.2). */
const OPEN_AND_CLOSING = {
  ESTABLISHED: "Open: both sides may send",
  "FIN-WAIT-1": "FIN sent, not acknowledged",
  "FIN-WAIT-2": "FIN acknowledged, the peer may still send",
  CLOSING: "Both sent FIN at once",
  "TIME-WAIT": "Over; the ports rest for 60 s",
  "CLOSE-WAIT": "The peer has closed, this side not yet",
  "LAST-ACK": "Both closed, waiting for the last ACK",
};

export const clientWords: MachineWords<typeof clientMachine> = {
  summary: "One TCP connection as its client sees it, from SYN to the last ACK.",
  states: {
    CLOSED: "No connection",
    "SYN-SENT": "SYN sent, waiting for SYN,ACK",
    ...OPEN_AND_CLOSING,
  },
  transitions: {
    sendSyn: {
      title: (v) =>
        v.unix === true
          ? "connect() to a unix socket"
          : `SYN to ${text(v, "server", "the server")}`,
      sentence: (v) =>
        v.unix === true
          ? `The client connects to the socket file ${text(v, "server", "")}; there is no handshake, only a place in the queue.`
          : v.loopback === true
            ? "Both ends are on this machine: SYN, SYN,ACK and ACK pass through the loopback interface within microseconds."
            : "The client asks for a connection with a SYN: its first sequence number, its window, and that it takes segments of 1460 bytes.",
      interview:
        "The three-way handshake (SYN, SYN-ACK, ACK) costs one round trip before the first byte can be sent.",
    },
    resendSyn: {
      title: (v) => `SYN number ${count(v, "value")}: no answer yet`,
      sentence: (v) =>
        `Nothing came back after ${(count(v, "elapsedMs") / 1000).toFixed(1)} s, so the kernel sends the SYN again; a full accept queue and a dead host look the same from here.`,
      interview:
        "Lost SYNs show as connect times of 1, 3 or 7 s: the retransmission timer starts at 1 s and doubles.",
      leavesOut: "Real timers add 1 to 3 %.",
    },
    receiveSynAck: {
      title: (v) =>
        v.unix === true ? "connect() returns" : "SYN,ACK arrives; the client sends ACK",
      sentence: (v) =>
        v.unix === true
          ? "The kernel has put the connection into the listener's queue; the client can write at once."
          : `The server agreed after ${text(v, "elapsedMs", "?")} ms, one round trip; connect() returns, and the request may follow the ACK at once.`,
      interview:
        "The client is connected after one round trip, before the server program has accepted.",
    },
    receiveRefusal: {
      title: "Connection refused",
      sentence: (v) =>
        v.unix === true
          ? `connect() fails with error ${count(v, "value")}: the socket file is missing, not permitted, stale, or its queue is full.`
          : `Nothing listens on ${text(v, "server", "that port")}, so the server's kernel answers the SYN with RST: ECONNREFUSED (111).`,
      interview:
        "Refused means a host answered: no program listens there. A timeout means nobody answered at all.",
    },
    giveUp: {
      title: "connect() times out",
      sentence: (v) =>
        `${plural(count(v, "syns"), "SYN")} went unanswered; the kernel gives up with ETIMEDOUT (110) after ${(count(v, "elapsedMs") / 1000).toFixed(0)} s.`,
      interview:
        "tcp_syn_retries 6 gives up after about 130 s; programs use shorter timeouts of their own.",
    },
    abandon: {
      title: "The client stops waiting",
      sentence: "The program's own timeout closes the socket; no packet tells the server.",
    },
    ...dataWords("client", "server"),
    ...closingWords("client", "server"),
    ...resetWords("client", "server"),
  },
};

export const serverWords: MachineWords<typeof serverMachine> = {
  summary: "The same connection as the server's kernel sees it.",
  states: {
    LISTEN: "Waiting for a SYN",
    "SYN-RECEIVED": "SYN,ACK sent, waiting for the ACK",
    ...OPEN_AND_CLOSING,
    CLOSED: "No connection",
  },
  transitions: {
    receiveSyn: {
      title: "SYN arrives; the server answers SYN,ACK",
      sentence: (v) =>
        `A program listens on ${text(v, "server", "this address")} and its accept queue has room, so the kernel answers without asking it.`,
      interview:
        "Until the ACK comes the connection is half open; SYN cookies let the kernel answer a SYN flood without keeping state.",
    },
    resendSynAck: {
      title: "SYN,ACK again",
      sentence:
        "The accept queue was full when the ACK came, so it was dropped; the kernel sends SYN,ACK again to get another.",
    },
    receiveAck: {
      title: "The handshake is complete",
      sentence:
        "The client's ACK has arrived, and the connection goes to the accept queue of the listening socket.",
    },
    dropHalfOpen: {
      title: "The half-open connection is dropped",
      sentence: "The handshake never completed; the kernel forgets it.",
    },
    ...dataWords("server", "client"),
    ...closingWords("server", "client"),
    ...resetWords("server", "client"),
  },
};

export const listenerWords: MachineWords<typeof listenerMachine> = {
  summary:
    "A listening socket and its accept queue: complete connections that no program has taken yet.",
  states: {
    bound: "Bound to its address",
    listening: "Takes connections; the queue has room",
    full: "The queue holds backlog + 1: no room",
    closed: "Closed",
  },
  transitions: {
    listen: {
      title: (v) => `listen() with a backlog of ${count(v, "value")}`,
      sentence:
        "The kernel now completes handshakes for this address; the backlog is capped by net.core.somaxconn.",
      interview: "nginx asks for 511, gunicorn for 2048; somaxconn (4096) caps both.",
    },
    enqueue: {
      title: (v) => `Into the accept queue of ${text(v, "address", "the socket")}`,
      sentence: (v) =>
        `${plural(count(v, "waiting"), "connection")} now ${count(v, "waiting") === 1 ? "waits" : "wait"} until a worker calls accept(); the queue takes ${count(v, "room")}.`,
      interview:
        "The kernel accepts on behalf of the program: a busy worker shows as a growing accept queue (Recv-Q of ss -ltn), not as an error.",
    },
    fill: {
      title: "The accept queue is full",
      sentence: (v) =>
        `${count(v, "waiting")} connections wait, one more than the backlog of ${count(v, "backlog")}; the next one finds no room.`,
      interview: "Linux tests with greater-than, so a queue takes backlog + 1 connections.",
    },
    accept: {
      title: (v) => `accept() takes the connection from ${text(v, "address", "the queue")}`,
      sentence: (v) =>
        `A process takes the oldest connection; ${plural(count(v, "waiting"), "connection")} still in the queue.`,
      interview:
        "Workers that share a listening socket compete for its queue: whoever calls accept() first gets it.",
    },
    acceptFromFull: {
      title: "accept() makes room in the full queue",
      sentence: (v) =>
        `A process takes the oldest connection; ${plural(count(v, "waiting"), "connection")} still in the queue.`,
    },
    dropSyn: {
      title: "The accept queue is full: dropped in silence",
      sentence:
        "The kernel answers nothing, so that the client tries again; its connect time grows by 1 s, then 3 s, 7 s.",
      interview:
        "An overflowing TCP backlog is slow, not an error: ListenOverflows counts, and the client sees extra seconds or a timeout.",
    },
    turnAway: {
      title: "The unix socket's queue is full: EAGAIN",
      sentence:
        "There is no handshake to repeat: connect() fails at once with EAGAIN (11), and nginx answers 502.",
      interview:
        "Under overload a TCP upstream becomes slow (504), a unix upstream fails fast (502).",
    },
    close: {
      title: "The listening socket is closed",
      sentence: "Its last holder closed it; connections still in the queue are reset.",
    },
  },
};
