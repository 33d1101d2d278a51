// What an end reads: frames out of pieces of any size, and what each of them means.
// Simplification: PING, PUSH_PROMISE and PRIORITY frames are read and passed over, since nobody here
// sends one; of wrong frames only those that a client of the model can send are refused.
import { sliceChunk } from "../../host/chunk-slices.ts";
import { type Chunk, textChunk } from "../../host/network.ts";
import { decodeBlock } from "../../wire/hpack.ts";
import {
  CLIENT_PREFACE,
  ERROR,
  ERROR_CODES,
  FLAG,
  FRAME,
  FRAME_HEADER_BYTES,
  type FrameHeader,
  readFrameHeader,
  readNumber,
  readSettings,
  SETTING,
  SETTINGS_ACK,
  WINDOW_BYTES_MAX,
} from "../../wire/http2-frame.ts";
import type { HeaderBlock, HeaderFields, StreamId } from "../http2-session.ts";
import {
  connectionStep,
  endStream,
  pump,
  sendGoAway,
  sendWindowUpdate,
  streamStep,
} from "./sending.ts";
import { type Context, programOf, type Session, type Stream, sessionOf } from "./state.ts";
import { newStream } from "./streams.ts";

/** Reads everything that has arrived on a connection. */
export function receive(context: Context, session: Session): void {
  const { network } = context;
  const isAlive = () => sessionOf(context, session.socket) === session;
  while (isAlive()) {
    const chunk = network.read(session.socket);
    if (chunk === null) return;
    session.request = network.info(session.socket).request;
    let at = 0;
    while (at < chunk.bytes && isAlive() && !session.incoming.broken)
      at += take(context, session, chunk, at);
  }
}

/** Takes bytes of a chunk from a place on; how many. */
function take(context: Context, session: Session, chunk: Chunk, at: number): number {
  const { incoming } = session;
  if (incoming.data !== null) return takeData(context, session, chunk, at);
  const wanted = wantedBytes(session) - incoming.pending.length;
  const text = textOf(chunk, at, wanted);
  incoming.pending += text;
  if (text.length === wanted) takeWhole(context, session);
  return text.length;
}

/** Counted bytes stand where no frame can: they are read as what they would be. */
function textOf(chunk: Chunk, at: number, count: number): string {
  return chunk.text === null
    ? "0".repeat(Math.min(count, chunk.bytes - at))
    : chunk.text.slice(at, at + count);
}

/** How long what is being read will be, as far as that is known. */
function wantedBytes({ incoming }: Session): number {
  if (incoming.preface) return CLIENT_PREFACE.length;
  if (incoming.pending.length < FRAME_HEADER_BYTES) return FRAME_HEADER_BYTES;
  return FRAME_HEADER_BYTES + readFrameHeader(incoming.pending).length;
}

function takeWhole(context: Context, session: Session): void {
  const { incoming } = session;
  if (incoming.preface) {
    if (incoming.pending !== CLIENT_PREFACE) {
      fail(context, session, ERROR.protocol, "invalid connection preface");
      return;
    }
    incoming.preface = false;
    incoming.pending = "";
    return;
  }
  const frame = readFrameHeader(incoming.pending);
  if (frame.type === FRAME.data) {
    incoming.pending = "";
    beginData(context, session, frame);
    return;
  }
  if (incoming.pending.length < FRAME_HEADER_BYTES + frame.length) return;
  const payload = incoming.pending.slice(FRAME_HEADER_BYTES);
  incoming.pending = "";
  takeFrame(context, session, frame, payload);
}

/** The connection cannot go on: GOAWAY with the reason, and the program closes it. */
export function fail(context: Context, session: Session, code: number, problem: string): void {
  session.incoming.broken = true;
  sendGoAway(context, session, code);
  programOf(context, session).failed(session.socket, problem);
}

type Take = (context: Context, session: Session, frame: FrameHeader, payload: string) => void;

const TAKES: Readonly<Record<number, Take>> = {
  [FRAME.headers]: takeHeaders,
  [FRAME.continuation]: takeContinuation,
  [FRAME.resetStream]: takeReset,
  [FRAME.settings]: takeSettings,
  [FRAME.goAway]: takeGoAway,
  [FRAME.windowUpdate]: takeWindowUpdate,
};

function takeFrame(context: Context, session: Session, frame: FrameHeader, payload: string): void {
  TAKES[frame.type]?.(context, session, frame, payload);
}

const PRIORITY_BYTES = 5;

function takeHeaders(context: Context, session: Session, frame: FrameHeader, text: string): void {
  const block = text.slice((frame.flags & FLAG.priority) === 0 ? 0 : PRIORITY_BYTES);
  if ((frame.flags & FLAG.endHeaders) === 0) session.incoming.block = { frame, text: block };
  else takeBlock(context, session, frame, block);
}

function takeContinuation(
  context: Context,
  session: Session,
  { flags }: FrameHeader,
  payload: string,
): void {
  const { block } = session.incoming;
  if (block === null) return;
  const text = block.text + payload;
  session.incoming.block = { frame: block.frame, text };
  if ((flags & FLAG.endHeaders) === 0) return;
  session.incoming.block = null;
  takeBlock(context, session, block.frame, text);
}

function takeBlock(context: Context, session: Session, frame: FrameHeader, text: string): void {
  const decoded = decodeBlock(session.decodeTable, text);
  if (decoded === null) {
    fail(context, session, ERROR.compression, "a header block that cannot be decoded");
    return;
  }
  session.decodeTable = decoded.table;
  const fields = decoded.fields.map(({ field }) => field);
  const block = { fields, end: (frame.flags & FLAG.endStream) !== 0, bytes: text.length };
  if (session.profile.role === "server") takeRequest(context, session, frame.stream, block);
  else takeResponse(context, session, frame.stream, block);
}

function takeRequest(context: Context, session: Session, id: StreamId, block: HeaderBlock): void {
  if (session.goingAway) return;
  session.lastPeerStream = id;
  const stream = newStream(context, session, id, session.request);
  const transition = block.end ? "receiveRequest" : "receiveHeaders";
  streamStep(context, session, stream, { transition, values: { path: pathOf(block.fields) } });
  programOf(context, session).headers(session.socket, id, block);
}

function pathOf(fields: HeaderFields): string {
  return fields.find(([name]) => name === ":path")?.[1] ?? "";
}

function takeResponse(context: Context, session: Session, id: StreamId, block: HeaderBlock): void {
  const stream = session.streams.get(id);
  if (stream === undefined) return;
  arrive(context, session, stream, block.end);
  programOf(context, session).headers(session.socket, id, block);
}

/** Something of a stream has arrived; with `end` the peer says no more on it. */
function arrive(context: Context, session: Session, stream: Stream, end: boolean): void {
  const { sim, stream: handle } = context;
  const isOpen = sim.is(handle, stream.entity, "open");
  if (!isOpen && !sim.is(handle, stream.entity, "half-closed (local)")) return;
  const last = isOpen ? "receiveEnd" : "receiveLast";
  const transition = end ? last : isOpen ? "receive" : "hear";
  streamStep(context, session, stream, { transition });
  if (transition === "receiveLast") endStream(context, session, stream);
}

/** The head of a DATA frame: the windows count it whole. */
function beginData(context: Context, session: Session, frame: FrameHeader): void {
  const stream = session.streams.get(frame.stream);
  const end = (frame.flags & FLAG.endStream) !== 0;
  session.received += frame.length;
  if (stream !== undefined) stream.received += frame.length;
  refill(context, session, end ? undefined : stream);
  if (frame.length > 0) session.incoming.data = { stream: frame.stream, end, left: frame.length };
  else if (stream !== undefined) deliver(context, session, stream, { chunk: EMPTY, end });
}

const EMPTY = textChunk("");

function takeData(context: Context, session: Session, chunk: Chunk, at: number): number {
  const { incoming } = session;
  const { data } = incoming;
  if (data === null) return 0;
  const bytes = Math.min(data.left, chunk.bytes - at);
  data.left -= bytes;
  const isWhole = data.left === 0;
  if (isWhole) incoming.data = null;
  const stream = session.streams.get(data.stream);
  if (stream === undefined) return bytes;
  deliver(context, session, stream, {
    chunk: sliceChunk(chunk, at, bytes),
    end: isWhole && data.end,
  });
  return bytes;
}

function deliver(
  context: Context,
  session: Session,
  stream: Stream,
  { chunk, end }: { readonly chunk: Chunk; readonly end: boolean },
): void {
  if (end || session.incoming.data === null) arrive(context, session, stream, end);
  programOf(context, session).data(session.socket, stream.id, chunk, end);
}

/** Tells the peer of room when enough of a window is used; what arrives is taken at once. */
function refill(context: Context, session: Session, stream: Stream | undefined): void {
  const { connectionWindowBytes, refillsAfter } = session.profile;
  if (session.received > connectionWindowBytes * refillsAfter) {
    sendWindowUpdate(context, session, 0, session.received);
    session.received = 0;
  }
  // A server lets a stream send more only when the body is wanted (widen).
  const isWide = session.profile.role === "client" || stream?.receiveWindow === WINDOW_BYTES_MAX;
  if (stream === undefined || !isWide) return;
  if (stream.received <= stream.receiveWindow * refillsAfter) return;
  sendWindowUpdate(context, session, stream.id, stream.received);
  stream.received = 0;
}

function takeReset(context: Context, session: Session, frame: FrameHeader, text: string): void {
  const stream = session.streams.get(frame.stream);
  if (stream === undefined) return;
  const code = readNumber(text, 0, 4);
  const values = { code: ERROR_CODES[code] ?? String(code) };
  streamStep(context, session, stream, { transition: "receiveReset", values });
  endStream(context, session, stream);
  programOf(context, session).reset(session.socket, frame.stream, code);
}

function takeSettings(context: Context, session: Session, frame: FrameHeader, text: string): void {
  if ((frame.flags & FLAG.ack) !== 0) {
    if (context.sim.is(context.connection, session.entity, "open"))
      connectionStep(context, session, "receiveAck");
    return;
  }
  const isFirst = context.sim.is(context.connection, session.entity, "waiting for settings");
  const widened = applySettings(session, text);
  const ack = textChunk(SETTINGS_ACK);
  context.network.send(session.socket, ack, session.request);
  const chunks = [ack];
  if (isFirst) connectionStep(context, session, "receiveSettings", { chunks, fine: true });
  else if (context.sim.is(context.connection, session.entity, "open"))
    connectionStep(context, session, "changeSettings", { chunks });
  if (widened) release(context, session);
}

/** Takes over what the peer says; true when streams may send more. */
function applySettings(session: Session, payload: string): boolean {
  let delta = 0;
  for (const [id, value] of readSettings(payload)) {
    if (id === SETTING.initialWindowSize) {
      delta = value - session.peerWindow;
      session.peerWindow = value;
    } else if (id === SETTING.maxFrameSize) session.peerFrameBytes = value;
    else if (id === SETTING.maxConcurrentStreams) session.peerStreamsMax = value;
    else if (id === SETTING.headerTableSize) session.shrinkTable = true;
  }
  for (const stream of session.streams.values()) stream.sendWindow += delta;
  return delta > 0;
}

function takeGoAway(context: Context, session: Session, _: FrameHeader, text: string): void {
  if (session.goingAway) return;
  session.goingAway = true;
  const last = readNumber(text, 0, 4);
  const code = ERROR_CODES[readNumber(text, 4, 4)];
  if (context.sim.is(context.connection, session.entity, "open"))
    connectionStep(context, session, "receiveGoAway", { values: { last, code } });
  programOf(context, session).goAway?.(session.socket, last);
}

function takeWindowUpdate(
  context: Context,
  session: Session,
  frame: FrameHeader,
  text: string,
): void {
  const increment = readNumber(text, 0, 4);
  if (context.sim.is(context.connection, session.entity, "open"))
    connectionStep(context, session, "widenWindow", {
      values: { stream: frame.stream, increment },
    });
  if (frame.stream === 0) {
    session.sendWindow += increment;
    release(context, session);
    return;
  }
  const stream = session.streams.get(frame.stream);
  if (stream === undefined) return;
  stream.sendWindow += increment;
  releaseStream(context, session, stream);
}

/** Windows have grown: what they held back goes on. */
function release(context: Context, session: Session): void {
  for (const stream of [...session.streams.values()]) releaseStream(context, session, stream);
}

function releaseStream(context: Context, session: Session, stream: Stream): void {
  if (stream.heldBytes === 0) return;
  if (!pump(context, session, stream)) return;
  programOf(context, session).drained?.(session.socket, stream.id);
}
