// The learner's words for a request in gunicorn. The words for its processes are in describe-processes.ts.
import type { MachineWords, WordValues } from "../layer.ts";
import type { requestMachine } from "./machine.ts";

const plural = (count: unknown, word: string): string =>
  `${count} ${word}${count === 1 ? "" : "s"}`;
const stillWaiting = (count: number): string =>
  count === 0
    ? "Nobody else waits there."
    : `${plural(count, "connection")} still ${count === 1 ? "waits" : "wait"} there.`;
const bytes = (v: WordValues, name = "bytes"): string => plural(v[name] ?? v.value, "byte");

export const requestWords: MachineWords<typeof requestMachine> = {
  summary: "One request on a connection that a gunicorn worker serves, from accept() to close().",
  states: {
    "in the accept queue": "The kernel has finished the connection; no worker has taken it yet.",
    "waiting for a thread": "Accepted, but every thread of the worker is busy.",
    "reading the head":
      "The worker reads the request line and the headers; a slow client keeps it here.",
    "head parsed": "Request line, headers and framing are valid.",
    "environ built": "The request is a Python dictionary now, as PEP 3333 wants it.",
    "application runs":
      "Django has the worker; gunicorn waits for start_response and the first item.",
    "waiting for the body": "The application reads the body, and bytes are still missing.",
    "response started": "Status and headers are known, but nothing has been sent.",
    "sending the body": "The head is out; items of the iterable follow it.",
    "waiting for the peer": "The send buffer is full; the worker blocks until the peer reads.",
    "response complete": "The last byte is written and the access log has its line.",
    "sending an error": "Gunicorn answers by itself, without the application.",
    "kept alive": "The connection is idle and waits for its next request.",
    closed: "The connection is closed.",
  },
  transitions: {
    accept: {
      title: (v) => `Worker ${v.number ?? ""} accepts the connection`,
      sentence: (v) =>
        `${v.workers === 1 ? "The only worker process waits" : `${v.workers ?? "All"} worker processes wait`} on the listening socket; accept() gives the head of its queue to worker ${v.number ?? ""} (pid ${v.worker ?? ""}). ${stillWaiting(Number(v.queued ?? 0))}`,
      interview:
        "Gunicorn has no dispatcher: the kernel hands each connection to whichever pre-forked worker calls accept() first.",
      leavesOut:
        "All idle workers wake up and all but one find nothing; the model lets only the winner run.",
    },
    queueForThread: {
      title: "The connection waits for a thread",
      sentence: (v) =>
        `Worker ${v.number ?? ""} accepts the connection, but all its threads are busy, so it waits inside the process, where no backlog limits it.`,
      interview:
        "With gthread the queue moves from the kernel into the process: a small backlog no longer sheds load.",
    },
    takeThread: {
      title: "A thread takes the connection",
      sentence: "A thread of the pool is free and takes the connection that waited longest.",
    },
    receiveBytes: {
      title: "Part of the head arrives",
      sentence: (v) =>
        `After ${plural(v.received ?? v.value, "byte")} the empty line that ends the head is still missing, so the worker blocks in recv().`,
      interview:
        "A sync worker cannot do anything else while a slow client sends its head; that is why gunicorn wants a buffering proxy in front.",
    },
    parseHead: {
      title: (v) => `Gunicorn parses ${v.method ?? "the request"} ${v.uri ?? ""}`.slice(0, 70),
      sentence: (v) =>
        `The request line and ${plural(v.headers ?? 0, "header")}, ${bytes(v)} in all, are within the limits, and the body's framing is unambiguous.`,
      interview:
        "Strict parsing of Content-Length and Transfer-Encoding here is what stops request smuggling between proxy and server.",
    },
    rejectHead: {
      title: (v) => `Gunicorn refuses the request: ${v.error ?? ""}`.slice(0, 70),
      sentence: (v) =>
        `The head breaks a rule (${v.message ?? "see the page"}), so gunicorn answers ${v.status ?? v.value} itself and the application never hears of it.`,
    },
    buildEnviron: {
      title: "The request becomes a WSGI environ",
      sentence: (v) =>
        `${v.entries ?? v.value} entries: headers become HTTP_ keys, REMOTE_ADDR is the peer${v.address === "" ? " (empty, as it came through a unix socket)" : ` ${v.address ?? ""}`}, and the scheme is ${v.scheme ?? "http"}${v.schemeHeader ? ` because a trusted peer sent ${v.schemeHeader}` : ""}.`,
      interview:
        "WSGI is a calling convention: the server passes a dictionary and a start_response function, the application returns an iterable of bytes.",
    },
    failEnviron: {
      title: "SCRIPT_NAME does not fit the path",
      sentence:
        "The SCRIPT_NAME that a header or the environment gives does not occur in the path, so cutting it off raises IndexError: 500.",
    },
    callApplication: {
      title: (v) =>
        `Gunicorn calls ${v.module ?? "the application"}:${v.attribute ?? ""}`.slice(0, 70),
      sentence:
        "The worker calls the application with the environ and start_response, in the same process and thread: until it returns, this worker does nothing else.",
      interview:
        "Concurrency of sync workers equals their number; everything beyond waits in the accept queue.",
    },
    readBody: {
      title: "The application waits for the body",
      sentence: (v) =>
        `It asked for bytes of the body that have not arrived (${v.got ?? v.value} so far); the worker blocks until they come.`,
    },
    deliverBody: {
      title: "The body has arrived",
      sentence: (v) => `${bytes(v, "value")} are handed to the application, which goes on.`,
    },
    startResponse: {
      title: (v) => `The application answers ${v.status ?? ""}`.slice(0, 70),
      sentence: (v) =>
        `start_response() gives the status and ${plural(v.headers ?? 0, "header")}; nothing is sent before the first item, so an exception can still become a clean 500.`,
    },
    sendHead: {
      title: (v) => `Gunicorn sends the head: ${v.status ?? ""}`.slice(0, 70),
      sentence: (v) =>
        `It adds Server, Date and Connection: ${v.connection ?? "close"}${v.chunked ? ", and Transfer-Encoding: chunked because there is no Content-Length" : ""}, drops hop-by-hop headers, and writes the head in a send of its own.`,
    },
    sendBody: {
      title: (v) => `Gunicorn sends ${bytes(v)} of the body`,
      sentence: "One item of the iterable is written, never more than Content-Length announced.",
    },
    waitForPeer: {
      title: "The send buffer is full",
      sentence:
        "The peer reads more slowly than the worker writes, so send() blocks and the worker with it.",
    },
    resumeSending: {
      title: "The peer reads again",
      sentence: "There is room in the send buffer, and the application may give its next item.",
    },
    complete: {
      title: (v) => `The response is complete: ${plural(v.bytes ?? v.value, "byte")}`,
      sentence:
        "The iterable is exhausted; gunicorn writes the access log after the last byte and calls close() on the iterable.",
    },
    failBeforeHead: {
      title: "An exception leaves the application",
      sentence: (v) =>
        `${v.exception ?? "The exception"} came before anything was sent, so gunicorn logs the traceback and answers with its own error page.`,
    },
    breakOff: {
      title: "An exception cuts the response off",
      sentence:
        "The head is already out, so gunicorn can only close the connection; through nginx with HTTP/1.0 the cut page looks complete.",
    },
    sendErrorPage: {
      title: (v) => `Gunicorn sends its own page: ${v.status ?? ""}`.slice(0, 70),
      sentence: "A small HTML page without Server or Date, then the connection is closed.",
    },
    keepAlive: {
      title: "The connection stays open",
      sentence: (v) =>
        `It goes back to the poller and may bring another request within ${plural(v.value, "second")}.`,
    },
    readNext: {
      title: "The next request arrives",
      sentence: "Bytes arrive on the idle connection, and it goes back to the thread pool.",
    },
    expire: {
      title: "The idle connection expires",
      sentence: "No request came within keepalive seconds, so the worker closes it silently.",
    },
    close: {
      title: "Gunicorn closes the connection",
      sentence:
        "A sync worker closes after every response; it then accepts the next connection without waiting.",
      leavesOut: "If the application left body bytes unread, closing resets the connection.",
    },
    losePeer: {
      title: "The peer is gone",
      sentence:
        "The other end closed or reset the connection; gunicorn notices only when it reads or writes, and logs nothing at level info.",
    },
    abort: {
      title: (v) =>
        v.reason === "timeout"
          ? "The worker is aborted in the middle of the request"
          : "The worker ends in the middle of the request",
      sentence: (v) =>
        v.reason === "timeout"
          ? `The arbiter saw no heartbeat for ${v.silent ?? "longer than the timeout"} (timeout ${v.timeout ?? ""} s), so it aborts the worker: the connection closes without a byte. If nginx still waits, it answers 502.`
          : "The process ends while it serves the request, and the peer sees the connection close without an answer.",
      interview:
        "Gunicorn's timeout is a watchdog for the worker, not a limit per request; it kills the worker and whatever it was doing.",
    },
  },
};
