// The server's side of WSGI in uWSGI: the application's headers only, no framing, close at the end.
// Source: uWSGI 2.0.21 plugins/python/wsgi_headers.c, wsgi_subhandler.c, core/writer.c.
import { type Chunk, textChunk } from "../../host/network.ts";
import { sendFacts } from "./facts.ts";
import { log, logDated } from "./log-lines.ts";
import { requestMachine } from "./machine.ts";
import { logRequest } from "./request-log.ts";
import { complete, finish, write } from "./serving.ts";
import { type Master, masterOfWorker, type Runtime, type UwsgiRequest, world } from "./world.ts";

const { transition } = requestMachine;
/** Source: Linux net.core.wmem_default. */
const SEND_BUFFER_BYTES = 212_992;

/** start_response(): kept until the first bytes are written. */
export function onStartResponse(
  request: UwsgiRequest,
  status: string,
  headers: UwsgiRequest["headers"],
): void {
  if (request.headersSent) return;
  request.status = status;
  request.headers = headers;
}

export function onItem(runtime: Runtime, request: UwsgiRequest, chunk: Chunk): void {
  request.item = chunk;
  write(runtime, request);
}

export function onExhausted(runtime: Runtime, request: UwsgiRequest): void {
  request.exhausted = true;
  if (request.headersSent) complete(runtime, request);
  else write(runtime, request);
}

/** Writes the head if it is still to come, and the item. */
export function sendItem(runtime: Runtime, request: UwsgiRequest): void {
  const { sim, network } = runtime.host;
  const { item } = request;
  request.job = -1;
  request.item = null;
  const unixPeerGone = request.peerEnded && network.info(request.socket).local.kind === "unix";
  const isGone = request.peerReset || unixPeerGone || !network.isOpen(request.socket);
  // A worker behind the router does not hear of the client.
  if (isGone && request.protocol !== "router") {
    loseClient(runtime, request);
    return;
  }
  const head = transmit(runtime, request, item, isGone);
  const row = sim.fire(runtime.request, request.entity, transition.send, item?.bytes ?? 0);
  if (sim.recording(request.entity))
    sim.note(row, sendFacts(head, item?.text ?? null, item?.bytes ?? 0));
  if (request.exhausted) {
    complete(runtime, request);
    return;
  }
  if (!isGone && network.unsentBytes(request.socket) > SEND_BUFFER_BYTES) {
    sim.fire(
      runtime.request,
      request.entity,
      transition.waitForPeer,
      network.unsentBytes(request.socket),
    );
    return;
  }
  runtime.application.next(request.slot);
}

/** Sends the head, when it is still to come, and the item; the head. */
function transmit(
  { host: { network } }: Runtime,
  request: UwsgiRequest,
  item: Chunk | null,
  isGone: boolean,
): string {
  const head = request.headersSent ? "" : headOf(request);
  if (head !== "") {
    if (!isGone) network.send(request.socket, textChunk(head), request.request);
    request.headersSent = true;
    request.headerBytes = head.length;
  }
  if (item !== null && item.bytes > 0 && !isGone)
    network.send(request.socket, item, request.request);
  request.sent += item?.bytes ?? 0;
  return head;
}

function headOf(request: UwsgiRequest): string {
  const protocol = request.vars?.get("SERVER_PROTOCOL") ?? "HTTP/1.0";
  let head = `${protocol} ${request.status ?? "200 OK"}\r\n`;
  for (const [name, value] of request.headers) head += `${name}: ${value}\r\n`;
  return `${head}\r\n`;
}

/** The send buffer has room again. */
export function onDrained(runtime: Runtime, request: UwsgiRequest): void {
  const { sim } = runtime.host;
  if (!sim.is(runtime.request, request.entity, "waiting for the peer")) return;
  sim.fire(runtime.request, request.entity, transition.resumeSending, 0);
  runtime.application.next(request.slot);
}

/** The front server gave up while the view ran to its end. */
function loseClient(runtime: Runtime, request: UwsgiRequest): void {
  const { host } = runtime;
  const master = masterOf(runtime, request);
  const value = (name: string): string => request.vars?.get(name) ?? "";
  const [method, uri, ip] = [value("REQUEST_METHOD"), value("REQUEST_URI"), value("REMOTE_ADDR")];
  if (master !== undefined) {
    const pipe = `SIGPIPE: writing to a closed pipe/socket/fd (probably the client disconnected) on request ${uri} (ip ${ip}) !!!`;
    const broken = `uwsgi_response_writev_headers_and_body_do(): Broken pipe [core/writer.c line 306] during ${method} ${uri} (${ip})`;
    logDated(host, master, pipe, request.request);
    logDated(host, master, broken, request.request);
    log(host, master, "OSError: write error", request.request);
  }
  logRequest(runtime, request);
  if (request.environ !== null) runtime.application.close(request.slot);
  finish(runtime, request, transition.losePeer);
}

function masterOf(runtime: Runtime, request: UwsgiRequest): Master | undefined {
  const worker = world(runtime).workers.get(request.worker);
  return worker === undefined ? undefined : masterOfWorker(runtime, worker);
}

/** An exception: the traceback in the log, the request line, and the end without another byte. */
export function onRaised(
  runtime: Runtime,
  request: UwsgiRequest,
  exception: string,
  traceback: readonly string[],
): void {
  const master = masterOf(runtime, request);
  // PyErr_Print() ends the process for a SystemExit, in the middle of the request.
  if (exception === "SystemExit") {
    runtime.host.processes.exit(request.worker, 0);
    return;
  }
  if (master !== undefined)
    for (const line of traceback) log(runtime.host, master, line, request.request);
  if (!request.headersSent) request.status = null;
  logRequest(runtime, request);
  finish(runtime, request, transition.fail);
}
