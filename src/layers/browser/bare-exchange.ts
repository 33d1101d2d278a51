// The bare client on an open connection: it sends the steps of a request, reads the answer, and ends
// the request well or badly.
import { NO_SOCKET, type SocketId } from "../../host/network.ts";
import type { RequestNumber } from "../../kernel/simulation.ts";
import type { Facts } from "../layer.ts";
import {
  type Context,
  jarOf,
  originOf,
  type Pending,
  steps,
  withPending,
  worldOf,
} from "./bare-context.ts";
import { type SendStep, sendSteps, streamSteps } from "./bare-request.ts";
import { type ClientError, clientReport } from "./client-report.ts";
import { fillingsOf, keepFromResponse } from "./cookie-jar.ts";
import { CLIENT_HTTP2, DATA_BYTES_MAX } from "./http2-client.ts";
import { requestFacts, responseFacts } from "./message-facts.ts";
import type { RequestSpec } from "./request-spec.ts";
import { allowsReuse, bodyText, feed, finish, takeLeftover } from "./response-reader.ts";

/** How much of a page a jar searches for a token, in bytes. */
export const JAR_BODY_MAX = 65_536;

const stepsBySpec = new WeakMap<RequestSpec, readonly SendStep[]>();
const streamStepsBySpec = new WeakMap<RequestSpec, readonly SendStep[]>();

export function startSending(context: Context, pending: Pending): void {
  pending.tls = context.host.network.info(pending.socket).tls;
  const isHttp2 = pending.tls?.alpn === "h2" && pending.spec.raw === undefined;
  if (isHttp2 && !context.http2.speaks(pending.socket)) {
    const { socket, number: request } = pending;
    const handlers = context.http2Handlers;
    context.http2.open({ socket, handlers, profile: CLIENT_HTTP2, request });
  }
  pending.steps = stepsFor(context, pending, isHttp2);
  sendOn(context, pending);
}

function stepsFor(context: Context, pending: Pending, isHttp2: boolean): readonly SendStep[] {
  const { spec, url } = pending;
  const make = isHttp2 ? streamSteps : sendSteps;
  if (spec.jar !== undefined) {
    return make(spec, url, fillingsOf(jarOf(context, spec.jar), url, context.host.clock.nowMs()));
  }
  const remembered = isHttp2 ? streamStepsBySpec : stepsBySpec;
  const known = remembered.get(spec);
  if (known !== undefined) return known;
  const made = make(spec, url, null);
  remembered.set(spec, made);
  return made;
}

/** Sends up to the next wait, or to the end. */
export function sendOn(context: Context, pending: Pending): void {
  const { sim, network } = context.host;
  while (pending.nextStep < pending.steps.length) {
    const step = pending.steps[pending.nextStep++];
    if (!network.isOpen(pending.socket)) return;
    if (step.kind === "bytes") network.send(pending.socket, step.chunk, pending.number);
    else if (step.kind === "fin") network.end(pending.socket);
    else if (step.kind !== "wait") sendOnStream(context, pending, step);
    else {
      sim.after(step.ns, context.onContinue, pending.number);
      return;
    }
  }
  if (!sim.is(context.machine, pending.entity, "sending")) return;
  const row = sim.fire(context.machine, pending.entity, steps.sent);
  if (sim.recording(pending.entity)) sim.note(row, requestFacts(pending.steps, pending.spec.url));
}

type StreamStep = Extract<SendStep, { readonly kind: "request" | "body" }>;

function sendOnStream({ http2 }: Context, pending: Pending, step: StreamStep): void {
  const { socket, number: request, stream } = pending;
  if (step.kind === "request") {
    const { fields, end } = step;
    pending.stream = http2.request(socket, { fields, end, priority: null, request });
  } else {
    const frameBytes = DATA_BYTES_MAX;
    http2.data(socket, stream, { chunks: [step.chunk], end: true, frameBytes });
  }
}

export function onReadable(context: Context, socket: SocketId): void {
  const { network } = context.host;
  if (context.http2.speaks(socket)) {
    context.http2.receive(socket);
    return;
  }
  withPending(context, socket, (pending) => {
    const { reader } = pending;
    for (let chunk = network.read(socket); chunk !== null; chunk = network.read(socket)) {
      feed(reader, chunk);
    }
    followReader(context, pending);
  });
}

/** Takes the transitions that the bytes read so far stand for. */
export function followReader(context: Context, pending: Pending): void {
  const { sim } = context.host;
  const { reader, entity } = pending;
  for (; pending.interimSeen < reader.interim.length; pending.interimSeen++) {
    const status = reader.interim[pending.interimSeen];
    sim.fire(context.machine, entity, steps.receiveInterim, status);
  }
  if (reader.head === null) return;
  if (!sim.is(context.machine, entity, "reading body")) {
    const row = sim.fire(context.machine, entity, steps.receiveHead, reader.head.status);
    if (sim.recording(entity)) {
      sim.note(row, { values: { status: reader.head.status, reason: reader.head.reason } });
    }
  }
  if (reader.phase === "complete") succeed(context, pending);
}

function succeed(context: Context, pending: Pending): void {
  const { sim, network } = context.host;
  const { reader, socket } = pending;
  const row = sim.fire(context.machine, pending.entity, steps.complete, reader.bodyBytes);
  if (sim.recording(pending.entity)) sim.note(row, responseFacts(reader, pending.spec.url));
  fillJar(context, pending);
  report(context, pending, null);
  const origin = originOf(pending.spec, pending.url);
  const { kept } = worldOf(context);
  // A client of a crowd keeps one idle connection: another that comes free beside it is closed.
  const mayKeep =
    pending.spec.pool === undefined ? context.reusedOrigins.has(origin) : !kept.has(origin);
  const mayStay = allowsReuse(reader) && !context.http2.isGoingAway(socket);
  const keep = mayKeep && mayStay && network.isOpen(socket);
  if (keep) kept.set(origin, socket);
  forget(context, pending, keep);
}

function fillJar(context: Context, pending: Pending): void {
  const { spec, reader, url } = pending;
  if (spec.jar === undefined || reader.head === null) return;
  keepFromResponse(jarOf(context, spec.jar), url, {
    headers: reader.head.headers,
    body: bodyText(reader).slice(0, JAR_BODY_MAX),
    nowMs: context.host.clock.nowMs(),
  });
}

export function onEnded(context: Context, socket: SocketId, how: "closed" | "reset"): void {
  const { kept } = worldOf(context);
  for (const [origin, idle] of kept) {
    // A client of a scenario finds out when it uses the connection; one of a crowd looks first.
    const isLeft = how === "closed" && context.reusedOrigins.has(origin);
    if (idle !== socket || isLeft) continue;
    kept.delete(origin);
    context.http2.forget(socket);
    context.host.network.close(socket);
  }
  withPending(context, socket, (pending) => endOfConnection(context, pending, how));
}

function endOfConnection(context: Context, pending: Pending, how: "closed" | "reset"): void {
  const { reader } = pending;
  const end = finish(reader);
  if (end === "complete" && (how === "closed" || reader.phase === "complete")) {
    reader.phase = "complete";
    succeed(context, pending);
  } else if (reader.head !== null) {
    fillJar(context, pending);
    fail(context, pending, null, steps.truncate);
  } else if (end === "no-status-line") misread(context, pending);
  else fail(context, pending, how, steps.loseConnection);
}

export function onTimeout(context: Context, number: RequestNumber): void {
  const pending = worldOf(context).pending.get(number);
  if (pending === undefined) return;
  const isForeign = pending.reader.head === null && finish(pending.reader) === "no-status-line";
  if (isForeign) misread(context, pending);
  else fail(context, pending, "timeout", steps.timeOut);
}

/** What arrived is no response: its bytes are reported as they are. */
function misread(context: Context, pending: Pending): void {
  takeLeftover(pending.reader);
  fail(context, pending, "no-status-line", steps.misread);
}

/** Ends a request badly; `error` null stands for a response that was cut short. */
export function fail(
  context: Context,
  pending: Pending,
  error: ClientError | null,
  transition: number,
): void {
  const { sim } = context.host;
  const row = sim.fire(context.machine, pending.entity, transition, pending.reader.bodyBytes);
  if (sim.recording(pending.entity)) {
    const { spec, url } = pending;
    const values: Facts["values"] = { error: error ?? "truncated", url: spec.url, host: url.host };
    sim.note(row, { values });
  }
  report(context, pending, error);
  forget(context, pending, false);
}

function forget(context: Context, pending: Pending, keepOpen: boolean): void {
  const { sim, network } = context.host;
  const world = worldOf(context);
  sim.cancel(pending.timeout);
  if (pending.socket !== NO_SOCKET) {
    world.bySocket.delete(pending.socket);
    if (!keepOpen) context.http2.forget(pending.socket);
    if (!keepOpen && network.isOpen(pending.socket)) network.close(pending.socket);
  }
  world.pending.delete(pending.number);
  sim.retire(pending.entity);
  context.options.finished?.(pending.number, pending.reader.head?.status ?? null);
}

function report(context: Context, pending: Pending, error: ClientError | null): void {
  const { sim, sink } = context.host;
  if (!sink.wants(pending.number)) return;
  const { reader } = pending;
  sink.observe(
    pending.number,
    clientReport({
      reader,
      error,
      truncated: error === null && reader.phase !== "complete",
      tls: pending.tls,
      tookNs: sim.now - pending.startedAt,
    }),
  );
}
