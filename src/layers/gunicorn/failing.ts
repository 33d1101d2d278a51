// Requests that gunicorn answers itself, or not at all: broken heads, exceptions of the application
// before and after the head was sent, SystemExit.
// Source: gunicorn/workers/base.py handle_error, workers/sync.py handle, util.py write_error 20.1.0.
import { textChunk } from "../../host/network.ts";
import { writeErrorAccessLine } from "./access.ts";
import { closeConnection, endRequest, forgetConnection } from "./closing.ts";
import { ERROR_PAGE_NS } from "./costs.ts";
import { errorPageFacts, exceptionFacts, rejectFacts } from "./facts.ts";
import { logError, printError } from "./logging.ts";
import { requestMachine } from "./machine.ts";
import { errorResponse, type LoggedRequest } from "./request-error.ts";
import { type Runtime, workerOf, world } from "./runtime.ts";
import type { Connection, Worker } from "./world.ts";

const { transition } = requestMachine;

export interface Raised {
  readonly exception: string;
  readonly traceback: readonly string[];
}

/** What is no error of handle_error()'s list: it would be logged with the request, and there is none. */
const UNLOGGED = new Set(["UnsupportedTransferCoding", "ChunkSizeMissing"]);

/** The head was refused: the page follows after its time on the processor (already spent). */
export function rejectHead(runtime: Runtime, connection: Connection): void {
  const { sim } = runtime.host;
  const worker = workerOf(runtime, connection.worker);
  connection.job = -1;
  if (worker === undefined) return;
  if (connection.error !== null && sim.is(runtime.request, connection.entity, "reading the head")) {
    const row = sim.fire(
      runtime.request,
      connection.entity,
      transition.rejectHead,
      connection.error.status,
    );
    if (sim.recording(connection.entity)) sim.note(row, rejectFacts(worker, connection));
    const { peer } = runtime.host.network.info(connection.socket);
    const ip = peer.kind === "tcp" ? peer.ip : "";
    const text = `Invalid request from ip=${ip}: ${connection.error.text}`;
    if (!UNLOGGED.has(connection.error.name))
      logError(runtime.host, worker, { level: "DEBUG", text }, connection.request);
  }
  answerWithPage(runtime, worker, connection);
}

/** The application raised. Whether the head was sent decides between a page and a broken response. */
export function onRaised(runtime: Runtime, connection: Connection, raised: Raised): void {
  const { sim } = runtime.host;
  const worker = workerOf(runtime, connection.worker);
  if (worker === undefined) return;
  if (/^SystemExit\b/.test(raised.exception)) {
    leaveBySystemExit(runtime, worker, connection, raised);
    return;
  }
  if (connection.response?.headersSent === true) {
    logError(
      runtime.host,
      worker,
      { level: "ERROR", text: "Error handling request", more: raised.traceback },
      connection.request,
    );
    const closing = { level: "DEBUG", text: "Closing connection. " } as const;
    logError(runtime.host, worker, closing, connection.request);
    runtime.application.close(connection.slot);
    endRequest(runtime, connection, transition.breakOff, () => exceptionFacts(raised));
    closeConnection(runtime, connection);
    return;
  }
  if (isOsError(raised.exception)) {
    dropForOsError(runtime, worker, connection, raised);
    return;
  }
  const row = sim.fire(runtime.request, connection.entity, transition.failBeforeHead, 500);
  if (sim.recording(connection.entity)) sim.note(row, exceptionFacts(raised));
  failRequest(runtime, connection, raised);
}

/** Logs the exception (null when it is none of the application's) and sends the page. */
export function failRequest(runtime: Runtime, connection: Connection, raised: Raised | null): void {
  const worker = workerOf(runtime, connection.worker);
  if (worker === undefined) return;
  if (raised !== null) {
    const uri = connection.parsed?.uri ?? "";
    logError(
      runtime.host,
      worker,
      { level: "ERROR", text: `Error handling request ${uri}`, more: raised.traceback },
      connection.request,
    );
  }
  connection.job = runtime.events.errorReady;
  runtime.host.cpu.run(
    connection.worker,
    ERROR_PAGE_NS,
    runtime.events.errorReady,
    connection.socket,
    0,
  );
}

function answerWithPage(runtime: Runtime, worker: Worker, connection: Connection): void {
  const { host } = runtime;
  const { error, parsed } = connection;
  const status = error?.status ?? 500;
  const reason = error?.reason ?? "Internal Server Error";
  const logged: LoggedRequest | null = parsed ?? error?.logged ?? null;
  const line =
    logged === null
      ? null
      : writeErrorAccessLine(runtime, worker, connection, {
          status: `${status} ${reason}`,
          logged,
        });
  const { head, body } = errorResponse(status, reason, error?.message ?? "");
  if (!connection.peerReset && host.network.isOpen(connection.socket)) {
    host.network.send(connection.socket, textChunk(head + body), connection.request);
    if (host.sink.wants(connection.request))
      host.sink.observe(connection.request, { by: "gunicorn" });
  }
  endRequest(runtime, connection, transition.sendErrorPage, () => errorPageFacts(head, body, line));
  closeConnection(runtime, connection);
}

/** An exception that is no Exception: a sync worker ends, a thread dies, a greenlet's connection closes. */
function leaveBySystemExit(
  runtime: Runtime,
  worker: Worker,
  connection: Connection,
  raised: Raised,
): void {
  endRequest(runtime, connection, transition.abort, () => exceptionFacts(raised));
  if (worker.config.workerKind === "gthread") {
    loseThread(runtime, worker, connection, raised);
    return;
  }
  if (worker.config.workerKind !== "sync") {
    closeConnection(runtime, connection);
    return;
  }
  const status = /^SystemExit: (\d+)/.exec(raised.exception);
  runtime.host.network.close(connection.socket);
  forgetConnection(runtime, connection);
  runtime.loop.leave(worker, status === null ? 0 : Number(status[1]) & 0xff);
}

/**
 * finish_request() catches Exception only, so SystemExit ends the thread of the pool: nobody closes
 * the socket, and no thread takes the dead one's place. Source: gunicorn 20.1.0,
 * gunicorn/workers/gthread.py, finish_request; CPython 3.11, concurrent/futures/thread.py, _worker.
 * Simplification: the lost connection does not count towards --worker-connections.
 */
function loseThread(
  runtime: Runtime,
  worker: Worker,
  connection: Connection,
  raised: Raised,
): void {
  for (const text of ["Exception in worker", ...raised.traceback])
    printError(runtime.host, worker, text, connection.request);
  world(runtime).calls.delete(connection.slot);
  connection.slot = -1;
  forgetConnection(runtime, connection);
  runtime.loop.next(worker);
}

/** Source: Python's subclasses of OSError. */
const OS_ERRORS =
  /^(OSError|IOError|EnvironmentError|BlockingIOError|ChildProcessError|BrokenPipeError|Connection\w*Error|FileExistsError|FileNotFoundError|InterruptedError|IsADirectoryError|NotADirectoryError|PermissionError|ProcessLookupError|TimeoutError)\b/;

function isOsError(exception: string): boolean {
  return OS_ERRORS.test(exception);
}

/** An OSError that is none of the socket's: logged, and the connection closes without a byte. */
function dropForOsError(
  runtime: Runtime,
  worker: Worker,
  connection: Connection,
  raised: Raised,
): void {
  if (/^BrokenPipeError/.test(raised.exception)) {
    logError(runtime.host, worker, { level: "DEBUG", text: "Ignoring EPIPE" }, connection.request);
  } else if (/^ConnectionResetError/.test(raised.exception)) {
    logError(
      runtime.host,
      worker,
      { level: "DEBUG", text: "Ignoring connection reset" },
      connection.request,
    );
  } else {
    logError(
      runtime.host,
      worker,
      { level: "ERROR", text: "Socket error processing request.", more: raised.traceback },
      connection.request,
    );
  }
  endRequest(runtime, connection, transition.losePeer, () => exceptionFacts(raised));
  closeConnection(runtime, connection);
}
