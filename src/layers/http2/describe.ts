// The learner's words for HTTP/2.
import type { MachineWords, WordValues } from "../layer.ts";
import type { connectionMachine, streamMachine } from "./machine.ts";

const isServer = (v: WordValues): boolean => v.role === "server";
const kilobytes = (value: unknown): string => `${Math.round(Number(value) / 1000)} kB`;

export const connectionWords: MachineWords<typeof connectionMachine> = {
  summary:
    "One end of a connection that speaks HTTP/2: frames of many streams, one after the other.",
  states: {
    starting: "Connected, nothing said yet",
    "waiting for settings": "Its settings are sent; the other side's have not come",
    open: "Both sides know each other's settings",
    "going away": "The streams that run are finished, no new one is taken",
    closed: "The TCP connection is gone",
  },
  transitions: {
    sendPreface: {
      title: (v) => `${v.who} begins HTTP/2 with its settings`,
      sentence: (v) =>
        isServer(v)
          ? "Nginx says how many streams it takes at once and how large frames may be; it waits for nothing from the client."
          : "24 fixed bytes, SETTINGS and WINDOW_UPDATE: how much the server may send unasked. The request follows without waiting.",
      interview:
        "HTTP/2 keeps the methods, paths and headers of HTTP and changes only how they travel: as binary frames on numbered streams.",
    },
    receiveSettings: {
      title: (v) => `${v.who} takes over the other side's settings`,
      sentence: "It acknowledges them with an empty SETTINGS frame.",
    },
    changeSettings: {
      title: (v) => `${v.who} hears of changed settings`,
      sentence: "Settings may change at any time; each change is acknowledged.",
    },
    receiveAck: {
      title: (v) => `${v.who}'s settings are acknowledged`,
      sentence: "From here on the other side keeps to them.",
    },
    widenWindow: {
      title: (v) => `${v.who} may send ${kilobytes(v.increment)} more`,
      sentence: (v) =>
        `The other side has taken what came, and opens the window of ${Number(v.stream) === 0 ? "the connection" : `stream ${v.stream}`} again.`,
      interview:
        "HTTP/2 has windows of its own above TCP's, one for each stream and one for the connection, so that one slow download cannot fill all buffers.",
    },
    sendGoAway: {
      title: (v) => `${v.who} says GOAWAY: no stream after ${v.last}`,
      sentence: (v) =>
        v.code === "NO_ERROR"
          ? "Streams up to that one are still answered; whatever comes later belongs on another connection."
          : `The connection cannot go on: ${v.code}.`,
      interview:
        "GOAWAY names the last stream that counts, so a client knows which requests it may safely repeat elsewhere.",
    },
    receiveGoAway: {
      title: (v) => `${v.who} hears GOAWAY: no stream after ${v.last}`,
      sentence: "It finishes what runs here and opens a new connection for what comes next.",
    },
    close: {
      title: (v) => `${v.who} forgets the HTTP/2 connection`,
      sentence: "The TCP connection under it is gone.",
    },
  },
};

/** What a header block saved, when the sender said what it holds as text. */
function saved(v: WordValues): string {
  if (v.plain === undefined || v.plain === null) return "";
  return ` ${v.plain} bytes of headers travel as ${v.bytes}: HPACK sends what both sides know as an index.`;
}

const body = (v: WordValues): string => `${v.bytes} bytes of frames`;

export const streamWords: MachineWords<typeof streamMachine> = {
  summary: "One request and its answer on a connection of HTTP/2, as one end sees it.",
  states: {
    idle: "Not used yet",
    open: "Both sides may send",
    "half-closed (local)": "This end has said everything and listens",
    "half-closed (remote)": "The other end has said everything; this one answers",
    closed: "Over",
  },
  transitions: {
    sendHeaders: {
      title: (v) => `${v.who} opens stream ${v.stream}: HEADERS, a body follows`,
      sentence: (v) => `The request's head for ${v.path}.${saved(v)}`,
    },
    sendRequest: {
      title: (v) => `${v.who} asks for ${v.path} on stream ${v.stream}`,
      sentence: (v) =>
        Number(v.open) > 1
          ? `It does not wait: ${v.open} streams are under way on this one connection.${saved(v)}`
          : `HEADERS with END_STREAM: the whole request in one frame.${saved(v)}`,
      interview:
        "Streams end HTTP's queueing: with HTTP/1.1 a connection carries one request at a time, so browsers open six; with HTTP/2 one connection carries them all.",
      leavesOut:
        "Server push is switched off by every client; priorities do not reorder frames here.",
    },
    receiveHeaders: {
      title: (v) => `${v.who} hears of a request on stream ${v.stream}`,
      sentence: (v) =>
        `The head for ${v.path} is decoded with the connection's table; a body follows.`,
    },
    receiveRequest: {
      title: (v) => `${v.who} hears of a request on stream ${v.stream}`,
      sentence: (v) => `The head for ${v.path} is decoded with the connection's table.`,
    },
    send: {
      title: (v) => `${v.who} sends on stream ${v.stream}`,
      sentence: (v) => `${body(v)}; the request is not complete yet.`,
    },
    receive: {
      title: (v) => `${v.who} hears more on stream ${v.stream}`,
      sentence: "A frame of the request or of an early answer has arrived.",
    },
    sendEnd: {
      title: (v) => `${v.who} has said everything on stream ${v.stream}`,
      sentence: (v) => `${body(v)}, the last with END_STREAM.`,
    },
    receiveEnd: {
      title: (v) => `Stream ${v.stream} is complete for ${v.who}`,
      sentence: "END_STREAM has arrived: the other side says no more.",
    },
    respond: {
      title: (v) =>
        v.status === undefined
          ? `${v.who} sends DATA on stream ${v.stream}`
          : `${v.who} answers ${v.status} on stream ${v.stream}`,
      sentence: (v) =>
        v.status === undefined
          ? `${body(v)}, in frames between which other streams may send.`
          : `HEADERS with :status ${v.status}: no reason phrase, names in lower case, no Connection header.`,
    },
    sendLast: {
      title: (v) => `${v.who} completes stream ${v.stream}`,
      sentence: (v) =>
        `${body(v)}, the last with END_STREAM: the stream is closed, and the connection stays.`,
      interview:
        "END_STREAM ends a message, so HTTP/2 needs neither chunked encoding nor a closed connection to say where a body ends.",
    },
    hear: {
      title: (v) => `${v.who} hears the answer on stream ${v.stream}`,
      sentence: "A frame of the answer has arrived.",
    },
    receiveLast: {
      title: (v) => `The answer on stream ${v.stream} is complete`,
      sentence: "END_STREAM has arrived: both sides have said everything.",
    },
    holdRequest: {
      title: (v) => `${v.who} must wait: the window of stream ${v.stream} is used up`,
      sentence: (v) =>
        `${kilobytes(v.held)} of the body wait until the server sends WINDOW_UPDATE.`,
    },
    holdResponse: {
      title: (v) => `${v.who} must wait: the window of stream ${v.stream} is used up`,
      sentence: (v) =>
        `${kilobytes(v.held)} of the answer wait until the client has taken what came and sends WINDOW_UPDATE.`,
      interview:
        "Flow control protects the receiver; congestion control, which is TCP's, protects the network.",
    },
    sendReset: {
      title: (v) => `${v.who} resets stream ${v.stream}: ${v.code}`,
      sentence: "RST_STREAM ends this stream alone; the others on the connection go on.",
      interview:
        "Cancelling costs HTTP/1.1 the connection; with HTTP/2 it costs one frame. Nginx logs 499 in both cases.",
    },
    receiveReset: {
      title: (v) => `${v.who} hears that stream ${v.stream} is given up`,
      sentence: (v) => `RST_STREAM (${v.code}): nobody wants the rest.`,
    },
    lose: {
      title: (v) => `Stream ${v.stream} ends with its connection`,
      sentence: "What was not said is lost.",
    },
  },
};
