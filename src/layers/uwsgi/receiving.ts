// Reading from a connection of uWSGI: text until the vars are complete, then the body when asked.
import type { Chunk } from "../../host/network.ts";
import { SECOND } from "../../kernel/time.ts";
import { log } from "./log-lines.ts";
import { requestMachine } from "./machine.ts";
import { type Master, masterOfWorker, type Runtime, type UwsgiRequest, world } from "./world.ts";

const FILLER = "0123456789abcdef";

function textOf(chunk: Chunk): string {
  const offset = chunk.fillerOffset ?? 0;
  return (
    chunk.text ??
    FILLER.repeat(Math.ceil((offset + chunk.bytes) / 16)).slice(offset, offset + chunk.bytes)
  );
}

/** Adds what has arrived to the request's text; counted bytes stay counted. False when nothing came. */
export function receiveText(runtime: Runtime, request: UwsgiRequest): boolean {
  const { network } = runtime.host;
  let got = false;
  for (
    let chunk = network.read(request.socket);
    chunk !== null;
    chunk = network.read(request.socket)
  ) {
    got = true;
    const { request: number } = network.info(request.socket);
    if (number >= 0 && number !== request.request) {
      request.request = number;
      runtime.host.sim.attribute(request.entity, number);
    }
    if (chunk.text === null && request.data !== "") {
      request.rest.push(chunk);
      continue;
    }
    if (request.rest.length > 0) request.rest.push(chunk);
    else request.data += textOf(chunk);
  }
  return got;
}

/** wsgi.input.read(): answered by an event, at once or when the bytes have come. */
export function readBody(runtime: Runtime, request: UwsgiRequest, bytes: number | null): void {
  const wanted = Math.min(bytes ?? request.bodyLeft, request.bodyLeft);
  request.wanted = { bytes: wanted, got: [], gotBytes: 0 };
  if (gather(runtime, request)) {
    runtime.host.sim.after(0, runtime.events.bodyArrived, request.socket, request.slot);
    return;
  }
  runtime.host.sim.fire(
    runtime.request,
    request.entity,
    requestMachine.transition.readBody,
    request.wanted.gotBytes,
  );
  waitForBody(runtime, request);
}

/** socket-timeout counts from the last bytes that came. */
function waitForBody(runtime: Runtime, request: UwsgiRequest): void {
  const master = masterOf(runtime, request);
  if (master === undefined) return;
  const { "socket-timeout": seconds } = master.config.numbers;
  runtime.host.sim.after(
    seconds * SECOND,
    runtime.events.bodyTimeout,
    request.socket,
    request.bodyLeft,
  );
}

/** The wait is over when nothing came since it began: the read fails. */
export function onBodyTimeout(runtime: Runtime, request: UwsgiRequest, left: number): void {
  if (request.wanted === null || request.bodyLeft !== left) return;
  giveUpBody(runtime, request, "Timeout");
}

/** Source: core/reader.c uwsgi_read_error0, uwsgi_read_timeout. */
function giveUpBody(runtime: Runtime, request: UwsgiRequest, how: "Timeout" | "Error"): void {
  const { wanted, bodyLeft } = request;
  const master = masterOf(runtime, request);
  if (wanted === null || master === undefined) return;
  const length = Number.parseInt(request.vars?.get("CONTENT_LENGTH") ?? "", 10) || 0;
  const counts = `Content-Length: ${length} consumed: ${length - bodyLeft} left: ${bodyLeft}`;
  const why = how === "Error" ? " message: Client closed connection" : "";
  const text = `[uwsgi-body-read] ${how} reading ${wanted.bytes - wanted.gotBytes} bytes. ${counts}${why}`;
  log(runtime.host, master, text, request.request);
  request.wanted = null;
  runtime.host.sim.fire(
    runtime.request,
    request.entity,
    requestMachine.transition.deliverBody,
    wanted.gotBytes,
  );
  runtime.application.bodyArrived(request.slot, null);
}

function masterOf(runtime: Runtime, request: UwsgiRequest): Master | undefined {
  const worker = world(runtime).workers.get(request.worker);
  return worker === undefined ? undefined : masterOfWorker(runtime, worker);
}

function gather(runtime: Runtime, request: UwsgiRequest): boolean {
  const { wanted } = request;
  if (wanted === null) return false;
  while (wanted.gotBytes < wanted.bytes) {
    const chunk = request.rest.shift() ?? runtime.host.network.read(request.socket);
    if (chunk === null) return request.peerEnded || request.peerReset;
    const room = wanted.bytes - wanted.gotBytes;
    const [head, tail] = chunk.bytes <= room ? [chunk, null] : cut(chunk, room);
    if (tail !== null) request.rest.unshift(tail);
    wanted.got.push(head);
    wanted.gotBytes += head.bytes;
    request.bodyLeft -= head.bytes;
  }
  return true;
}

function cut(chunk: Chunk, bytes: number): [Chunk, Chunk] {
  if (chunk.text !== null) {
    const [head, tail] = [chunk.text.slice(0, bytes), chunk.text.slice(bytes)];
    return [
      Object.freeze({ bytes, text: head }),
      Object.freeze({ bytes: tail.length, text: tail }),
    ];
  }
  const offset = chunk.fillerOffset ?? 0;
  return [
    Object.freeze({ bytes, text: null, fillerOffset: offset }),
    Object.freeze({ bytes: chunk.bytes - bytes, text: null, fillerOffset: (offset + bytes) % 16 }),
  ];
}

/** More arrived while the application waits. */
export function continueBody(runtime: Runtime, request: UwsgiRequest): void {
  if (request.wanted === null) return;
  const before = request.bodyLeft;
  if (!gather(runtime, request)) {
    if (request.bodyLeft < before) waitForBody(runtime, request);
    return;
  }
  if (request.wanted.gotBytes < request.wanted.bytes) {
    giveUpBody(runtime, request, "Error");
    return;
  }
  runtime.host.sim.fire(
    runtime.request,
    request.entity,
    requestMachine.transition.deliverBody,
    request.wanted.gotBytes,
  );
  deliverBody(runtime, request);
}

/** Hands the bytes over; null when the front server went away before they were complete. */
export function deliverBody(runtime: Runtime, request: UwsgiRequest): void {
  const { wanted } = request;
  if (wanted === null) return;
  request.wanted = null;
  runtime.application.bodyArrived(request.slot, wanted.gotBytes < wanted.bytes ? null : wanted.got);
}
