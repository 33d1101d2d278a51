// A worker answering a request: the environ, the application's call, and the bytes of the response as
// the iterable gives them. The server side of PEP 3333.
// Source: gunicorn/workers/sync.py handle_request, gthread.py handle_request, http/wsgi.py 20.1.0.

import { type Chunk, fillerChunk, textChunk } from "../../host/network.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import { MICROSECOND } from "../../kernel/time.ts";
import { reuseConnection } from "./accepting.ts";
import { writeAccessLine } from "./access.ts";
import { splitChunk } from "./body-reader.ts";
import { closeConnection, endRequest, releaseThread } from "./closing.ts";
import { causeOf, numberOf } from "./config.ts";
import { RESPONSE_BODY_NS, RESPONSE_HEAD_NS, SEND_BUFFER_BYTES, THREAD_TURN_NS } from "./costs.ts";
import { environOf, observedEnviron } from "./environ.ts";
import {
  callFacts,
  completeFacts,
  environFacts,
  headSentFacts,
  itemFacts,
  parseFacts,
  startFacts,
} from "./facts.ts";
import { failRequest } from "./failing.ts";
import { logError } from "./logging.ts";
import { requestMachine } from "./machine.ts";
import { requestError } from "./request-error.ts";
import type { RequestHead } from "./request-parser.ts";
import {
  bytesToSend,
  type HeaderList,
  responseHead,
  shouldClose,
  startResponse,
} from "./response.ts";
import { type Runtime, workerOf } from "./runtime.ts";
import { watchGreenlets } from "./watching.ts";
import { type Connection, type Worker, worldOf } from "./world.ts";

const { transition } = requestMachine;

/** Later items of a stream cost less than the first. Source: estimate, one send() of Python. */
const NEXT_ITEM_NS = 10 * MICROSECOND;
const CONTINUE = textChunk("HTTP/1.1 100 Continue\r\n\r\n");
const LAST_CHUNK = textChunk("0\r\n\r\n");

/** The head is parsed and its time on the processor spent: environ, then the application. */
export function callApplication(runtime: Runtime, connection: Connection): void {
  const { host } = runtime;
  const { sim } = host;
  const worker = workerOf(runtime, connection.worker);
  const head = connection.parsed;
  if (worker === undefined || head === null) return;
  connection.job = -1;
  const parsedRow = sim.fire(
    runtime.request,
    connection.entity,
    transition.parseHead,
    head.text.length,
  );
  if (sim.recording(connection.entity)) sim.note(parsedRow, parseFacts(worker, connection));
  if (host.sink.wants(connection.request)) {
    const text = `${head.method} ${head.path}`;
    logError(host, worker, { level: "DEBUG", text }, connection.request);
  }
  connection.startedAt = sim.now;
  const environ = makeEnviron(runtime, worker, connection);
  if (expectsContinue(head)) host.network.send(connection.socket, CONTINUE, connection.request);
  if (environ === null) {
    endRequestLater(runtime, connection);
    return;
  }
  connection.environ = environ;
  const row = sim.fire(runtime.request, connection.entity, transition.buildEnviron, environ.size);
  if (sim.recording(connection.entity)) sim.note(row, environFacts(worker, connection));
  countRequest(runtime, worker, connection);
  if (host.sink.wants(connection.request)) observeCall(runtime, connection);
  const callRow = sim.fire(
    runtime.request,
    connection.entity,
    transition.callApplication,
    worker.requests,
  );
  if (sim.recording(connection.entity)) sim.note(callRow, callFacts(worker, connection));
  watchGreenlets(runtime, worker);
  runtime.application.call(
    runtime.serverId,
    connection.slot,
    worker.pid,
    environ,
    connection.request,
  );
}

const expectsContinue = memoByIdentity(({ headers }: RequestHead): boolean =>
  headers.some(([name, value]) => name === "EXPECT" && value.toLowerCase() === "100-continue"),
);

/** The path does not contain SCRIPT_NAME: IndexError in wsgi.create(). */
function endRequestLater(runtime: Runtime, connection: Connection): void {
  endRequest(runtime, connection, transition.failEnviron);
  failRequest(runtime, connection, {
    exception: "IndexError: list index out of range",
    traceback: [
      "Traceback (most recent call last):",
      "  <frames>",
      "IndexError: list index out of range",
    ],
  });
}

function makeEnviron(
  runtime: Runtime,
  worker: Worker,
  connection: Connection,
): ReadonlyMap<string, string> | null {
  const { network, processes, sim } = runtime.host;
  const head = connection.parsed;
  if (head === null) return null;
  const { local, peer } = network.info(connection.socket);
  const { config } = worker;
  const sources = {
    head,
    server: local.kind === "unix" ? network.addressOf(connection.listener) : local,
    peer,
    multithread: config.workerKind !== "sync",
    multiprocess: numberOf(config, "workers") > 1,
    scriptName: processes.get(worker.pid)?.env.SCRIPT_NAME ?? config.env.SCRIPT_NAME ?? "",
  };
  return environOf(sources, sim.recording(connection.entity));
}

/** max_requests, and whether this answer must be the connection's last. */
function countRequest(runtime: Runtime, worker: Worker, connection: Connection): void {
  worker.requests++;
  worldOf(runtime.host.sim).served++;
  const { config } = worker;
  if (worker.requestsMax >= 0 && worker.requests >= worker.requestsMax) {
    if (worker.alive || config.workerKind === "sync")
      logError(runtime.host, worker, {
        level: "INFO",
        text: "Autorestarting worker after current request.",
      });
    worker.alive = false;
    connection.mustClose = true;
  }
  const keptMax = numberOf(config, "worker_connections") - numberOf(config, "threads");
  connection.mustClose ||=
    config.workerKind === "sync" ||
    !worker.alive ||
    numberOf(config, "keepalive") === 0 ||
    (config.workerKind === "gthread" && worker.kept.length >= keptMax);
}

function observeCall(runtime: Runtime, connection: Connection): void {
  const { sink } = runtime.host;
  const before = sink.observed(connection.request);
  const wsgi = observedEnviron(connection.environ ?? new Map());
  const calls = before.wsgi === undefined ? 1 : ((before.attempts as number | undefined) ?? 1) + 1;
  sink.observe(connection.request, calls > 1 ? { wsgi, attempts: calls } : { wsgi });
}

/** start_response(): a header that may not be sent is the request's failure. */
export function onStartResponse(
  runtime: Runtime,
  connection: Connection,
  status: string,
  headers: HeaderList,
): void {
  const { sim } = runtime.host;
  if (connection.parsed === null || connection.response?.headersSent === true) return;
  const response = startResponse(connection.parsed, status, headers);
  if ("badName" in response || "badValue" in response) {
    const error =
      "badName" in response
        ? requestError("InvalidHeaderName", { text: `'${response.badName}'` })
        : requestError("InvalidHeader", { text: `'${response.badValue}'` });
    endRequest(runtime, connection, transition.failBeforeHead);
    connection.error = error;
    runtime.application.close(connection.slot);
    failRequest(runtime, connection, null);
    return;
  }
  response.mustClose = connection.mustClose;
  const again = connection.response !== null;
  connection.response = response;
  if (again) return;
  const row = sim.fire(
    runtime.request,
    connection.entity,
    transition.startResponse,
    response.statusCode,
  );
  if (sim.recording(connection.entity)) sim.note(row, startFacts(connection, headers));
}

/** The application gave an item: written after its time on the processor. */
export function onItem(runtime: Runtime, connection: Connection, chunk: Chunk): void {
  connection.item = chunk;
  const { events } = runtime;
  if (connection.response?.headersSent === true)
    work(runtime, connection, events.bodyReady, NEXT_ITEM_NS);
  else work(runtime, connection, events.headReady, RESPONSE_HEAD_NS);
}

/** The iterable is exhausted: the head goes out if no item sent it, then the end. */
export function onExhausted(runtime: Runtime, connection: Connection): void {
  connection.exhausted = true;
  if (connection.response?.headersSent === true) complete(runtime, connection);
  else work(runtime, connection, runtime.events.headReady, RESPONSE_HEAD_NS);
}

function work(runtime: Runtime, connection: Connection, kind: number, ns: number): void {
  connection.job = kind;
  runtime.host.cpu.run(connection.worker, ns, kind, connection.socket, 0);
}

/** send_headers(): a send of its own, before the first byte of the body. */
export function sendHead(runtime: Runtime, connection: Connection): void {
  const { host } = runtime;
  const { response, parsed } = connection;
  connection.job = -1;
  if (response === null || parsed === null) return;
  if (peerIsGone(runtime, connection)) {
    losePeer(runtime, connection);
    return;
  }
  const head = responseHead(parsed, response, host.clock.httpDate());
  host.network.send(connection.socket, head, connection.request);
  response.headersSent = true;
  response.headMetPeer = !connection.peerEnded;
  const row = host.sim.fire(runtime.request, connection.entity, transition.sendHead, head.bytes);
  if (host.sim.recording(connection.entity))
    host.sim.note(row, headSentFacts(connection, head.text ?? ""));
  if (connection.item === null) complete(runtime, connection);
  else work(runtime, connection, runtime.events.bodyReady, RESPONSE_BODY_NS);
}

/** write(item): never beyond Content-Length, framed when chunked; then the application may go on. */
export function sendItem(runtime: Runtime, connection: Connection): void {
  const { network } = runtime.host;
  const { response, item } = connection;
  connection.job = -1;
  connection.item = null;
  if (response === null || item === null) return;
  const bytes = bytesToSend(response, item.bytes);
  // The head and the first item are two sends in a row: a peer that leaves once it has the head (it asked
  // with HEAD, or needs no body) is met by the second one or not (of 26 that were measured, 13 were not).
  if ((!response.headMetPeer || response.sent > 0) && peerIsGone(runtime, connection)) {
    losePeer(runtime, connection);
    return;
  }
  if (bytes > 0) {
    const [part] = splitChunk(item, bytes);
    for (const chunk of response.chunked ? framed(part) : [part])
      network.send(connection.socket, chunk, connection.request);
    response.sent += bytes;
  }
  const { sim } = runtime.host;
  const row = sim.fire(runtime.request, connection.entity, transition.sendBody, bytes);
  if (sim.recording(connection.entity)) sim.note(row, itemFacts(connection, item, bytes));
  const room = SEND_BUFFER_BYTES[network.info(connection.socket).local.kind];
  if (network.unsentBytes(connection.socket) > room) {
    sim.fire(
      runtime.request,
      connection.entity,
      transition.waitForPeer,
      network.unsentBytes(connection.socket),
    );
    return;
  }
  runtime.application.next(connection.slot);
}

function framed(chunk: Chunk): Chunk[] {
  const size = `${chunk.bytes.toString(16).toUpperCase()}\r\n`;
  if (chunk.text !== null) return [textChunk(`${size}${chunk.text}\r\n`)];
  return [textChunk(size), fillerChunk(chunk.bytes, chunk.fillerOffset), textChunk("\r\n")];
}

/** The peer's kernel took what was sent: a blocked send() returns. */
export function onDrained(runtime: Runtime, connection: Connection): void {
  const { sim } = runtime.host;
  if (!sim.is(runtime.request, connection.entity, "waiting for the peer")) return;
  sim.fire(runtime.request, connection.entity, transition.resumeSending, 0);
  runtime.application.next(connection.slot);
}

/** The last chunk, the access log, close() of the iterable, and the connection's end or rest. */
function complete(runtime: Runtime, connection: Connection): void {
  const { host } = runtime;
  const { response, parsed } = connection;
  const worker = workerOf(runtime, connection.worker);
  if (response === null || parsed === null || worker === undefined) return;
  if ((!response.headMetPeer || response.chunked) && peerIsGone(runtime, connection)) {
    losePeer(runtime, connection);
    return;
  }
  if (response.chunked) host.network.send(connection.socket, LAST_CHUNK, connection.request);
  const line = writeAccessLine(runtime, worker, connection);
  const row = host.sim.fire(runtime.request, connection.entity, transition.complete, response.sent);
  if (host.sim.recording(connection.entity)) host.sim.note(row, completeFacts(connection, line));
  runtime.application.close(connection.slot);
  const close =
    shouldClose(parsed, response) || !worker.alive || worker.config.workerKind === "sync";
  if (close) {
    if (worker.config.workerKind !== "sync") logClosing(runtime, worker, connection);
    endRequest(runtime, connection, transition.close);
    closeConnection(runtime, connection);
    return;
  }
  keep(runtime, worker, connection);
}

/** Source: gthread.py handle_request; base_async.py handle, whose line shows an empty exception. */
function logClosing({ host }: Runtime, worker: Worker, connection: Connection): void {
  const text =
    worker.config.workerKind === "gthread" ? "Closing connection." : "Closing connection. ";
  logError(host, worker, { level: "DEBUG", text }, connection.request);
}

/** Back to the poller: closed at the first turn of the worker's loop after keepalive seconds. */
function keep(runtime: Runtime, worker: Worker, connection: Connection): void {
  const { sim } = runtime.host;
  releaseThread(runtime, connection);
  worker.kept.push(connection.socket);
  sim.fire(
    runtime.request,
    connection.entity,
    transition.keepAlive,
    numberOf(worker.config, "keepalive"),
  );
  connection.environ = null;
  connection.response = null;
  connection.exhausted = false;
  connection.head = "";
  connection.requestNumber++;
  const deadline = sim.now + numberOf(worker.config, "keepalive") * THREAD_TURN_NS;
  const base = worker.idleSince < 0 ? sim.now : worker.idleSince;
  const turns = Math.ceil((deadline - base) / THREAD_TURN_NS);
  const at = worker.config.workerKind === "gthread" ? base + turns * THREAD_TURN_NS : deadline;
  const end = Math.max(at, sim.now);
  connection.deadline = sim.at(end, runtime.events.keepAlive, connection.socket);
  const cause = causeOf(worker.config, "keepalive");
  if (sim.recording(connection.entity))
    sim.setClock({
      ...{ entity: connection.entity, name: "keepalive", deadline: end },
      handle: connection.deadline,
      facts: {
        party: "gunicorn",
        waitsFor: "the next request on this connection",
        otherwise: "the worker closes it",
        ...(cause !== undefined && { cause }),
      },
    });
  // A greenlet goes on with what it has received beyond the request; a thread's poller does not know of it.
  if (worker.config.workerKind === "gevent" && connection.buffer.length > 0)
    reuseConnection(runtime, connection);
  runtime.loop.next(worker);
}

/** Whether a send would fail: reset, or a unix socket whose other end is closed. */
function peerIsGone(runtime: Runtime, connection: Connection): boolean {
  const { network } = runtime.host;
  if (connection.peerReset || !network.isOpen(connection.socket)) return true;
  return connection.peerEnded && network.info(connection.socket).local.kind === "unix";
}

/** EPIPE: a line at level debug, no access log; the application hears close(). */
function losePeer(runtime: Runtime, connection: Connection): void {
  const worker = workerOf(runtime, connection.worker);
  const { slot } = connection;
  if (worker !== undefined) {
    const text =
      worker.config.workerKind === "gthread" ? "Ignoring connection epipe" : "Ignoring EPIPE";
    logError(runtime.host, worker, { level: "DEBUG", text }, connection.request);
  }
  runtime.application.close(slot);
  endRequest(runtime, connection, transition.losePeer);
  closeConnection(runtime, connection);
}
