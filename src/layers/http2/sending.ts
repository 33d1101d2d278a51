// What an end writes: its preface, header blocks, bodies within the windows, and the frames that steer.
// Simplification: frames leave in the order in which they are made; priorities do not reorder them.
import { sliceChunk } from "../../host/chunk-slices.ts";
import { type Chunk, textChunk } from "../../host/network.ts";
import { encodeBlock } from "../../wire/hpack-policy.ts";
import type { HpackTable } from "../../wire/hpack-table.ts";
import {
  CLIENT_PREFACE,
  DEFAULT_WINDOW_BYTES,
  ERROR_CODES,
  FLAG,
  FRAME,
  frameHeader,
  goAwayFrame,
  headersFrames,
  type Priority,
  resetFrame,
  settingsFrame,
  windowUpdateFrame,
} from "../../wire/http2-frame.ts";
import type { HeaderFields, StreamId } from "../http2-session.ts";
import type { ConnectionTransition, StreamTransition } from "./machine.ts";
import type { Row } from "./notes.ts";
import { noteConnection, noteStream } from "./notes.ts";
import type { Context, Session, Stream } from "./state.ts";

/** Takes a transition of a connection. */
export function connectionStep(
  context: Context,
  session: Session,
  transition: ConnectionTransition,
  row: Row = {},
): void {
  const { sim, connection } = context;
  const number = sim.fire(connection, session.entity, connection.machine.transition[transition]);
  if (sim.recording(session.entity)) noteConnection(context, session, number, row);
}

/** Takes a transition of a stream. */
export function streamStep(
  context: Context,
  session: Session,
  stream: Stream,
  step: Row & { readonly transition: StreamTransition },
): void {
  const { sim, stream: handle } = context;
  const transition = handle.machine.transition[step.transition];
  const number = sim.fire(handle, stream.entity, transition, stream.id);
  if (sim.recording(stream.entity)) noteStream(context, session, stream, { ...step, number });
}

function write(context: Context, session: Session, frames: string, request: number): Chunk {
  const chunk = textChunk(frames);
  context.network.send(session.socket, chunk, request);
  return chunk;
}

/** The preface: a client's 24 bytes, SETTINGS, and the connection's window made as wide as it is to be. */
export function sendPreface(context: Context, session: Session): void {
  const { profile } = session;
  const { settings, connectionWindowBytes } = profile;
  const first = profile.role === "client" ? CLIENT_PREFACE : "";
  const update = windowUpdateFrame(0, connectionWindowBytes - DEFAULT_WINDOW_BYTES);
  const chunk = write(context, session, first + settingsFrame(settings) + update, session.request);
  connectionStep(context, session, "sendPreface", { chunks: [chunk] });
}

interface Head {
  readonly fields: HeaderFields;
  readonly end: boolean;
  readonly priority: Priority | null;
}

/** A header block in its frames; the table moves on. Returns what was written. */
export function sendHead(
  context: Context,
  session: Session,
  stream: Stream,
  head: Head,
): { readonly chunk: Chunk; readonly table: HpackTable } {
  const { encodeTable, profile, shrinkTable } = session;
  const encoded = encodeBlock(profile.policy, encodeTable, head.fields, shrinkTable);
  session.shrinkTable = false;
  session.encodeTable = encoded.table;
  const { end, priority } = head;
  const frames = headersFrames({ stream: stream.id, block: encoded.block, end, priority });
  return { chunk: write(context, session, frames, stream.request), table: encodeTable };
}

/** Takes a body's next bytes and sends what the windows let through. */
export function sendData(
  context: Context,
  session: Session,
  stream: Stream,
  { chunks, end }: { readonly chunks: readonly Chunk[]; readonly end: boolean },
): void {
  for (const chunk of chunks) {
    if (chunk.bytes === 0) continue;
    stream.held.push(chunk);
    stream.heldBytes += chunk.bytes;
  }
  stream.heldEnd ||= end;
  pump(context, session, stream);
}

/** Sends what a stream holds back, as far as both windows let it; true when nothing is left. */
export function pump(context: Context, session: Session, stream: Stream): boolean {
  const { chunks, isLast } = writeFrames(context, session, stream);
  const { sim, stream: handle } = context;
  const isUpload = sim.is(handle, stream.entity, "open");
  const isHeld = stream.heldBytes > 0;
  if (isLast) {
    const transition = isUpload ? "sendEnd" : "sendLast";
    streamStep(context, session, stream, { transition, chunks });
    if (!isUpload) endStream(context, session, stream);
  } else if (chunks.length > 0) {
    streamStep(context, session, stream, { transition: isUpload ? "send" : "respond", chunks });
    if (isHeld) noteHeld(context, session, stream, isUpload);
  }
  return !isHeld;
}

/** Sends as many frames as the windows let through. */
function writeFrames(
  { network }: Context,
  session: Session,
  stream: Stream,
): { readonly chunks: readonly Chunk[]; readonly isLast: boolean } {
  const chunks: Chunk[] = [];
  const most = Math.min(stream.frameBytes, session.peerFrameBytes);
  for (;;) {
    const room = Math.max(0, Math.min(stream.sendWindow, session.sendWindow));
    const bytes = Math.min(most, stream.heldBytes, room);
    const isLast = stream.heldEnd && bytes === stream.heldBytes;
    if (bytes === 0 && !isLast) return { chunks, isLast };
    const frame = takeFrame(stream, bytes, isLast);
    for (const chunk of frame) network.send(session.socket, chunk, stream.request);
    chunks.push(...frame);
    stream.sendWindow -= bytes;
    session.sendWindow -= bytes;
    if (isLast) return { chunks, isLast };
  }
}

function noteHeld(context: Context, session: Session, stream: Stream, isUpload: boolean): void {
  const transition = isUpload ? "holdRequest" : "holdResponse";
  const values = { held: stream.heldBytes, connection: session.sendWindow <= 0 };
  streamStep(context, session, stream, { transition, values });
}

/** The next frame of what a stream holds: its head, and bytes behind it. */
function takeFrame(stream: Stream, bytes: number, isLast: boolean): readonly Chunk[] {
  const flags = isLast ? FLAG.endStream : 0;
  const head = frameHeader({ length: bytes, type: FRAME.data, flags, stream: stream.id });
  const pieces: Chunk[] = [];
  let left = bytes;
  while (left > 0) {
    const first = stream.held[0];
    const taken = Math.min(left, first.bytes);
    pieces.push(sliceChunk(first, 0, taken));
    if (taken === first.bytes) stream.held.shift();
    else stream.held[0] = sliceChunk(first, taken, first.bytes - taken);
    left -= taken;
  }
  stream.heldBytes -= bytes;
  const [piece] = pieces;
  if (pieces.length === 1 && piece.text !== null) return [textChunk(head + piece.text)];
  return [textChunk(head), ...pieces];
}

/** Tells the peer of room: for a stream, or with 0 for the connection. */
export function sendWindowUpdate(
  context: Context,
  session: Session,
  stream: StreamId,
  increment: number,
): void {
  const request = session.streams.get(stream)?.request ?? session.request;
  write(context, session, windowUpdateFrame(stream, increment), request);
}

/** RST_STREAM: the stream is over at this end. */
export function sendReset(context: Context, session: Session, stream: Stream, code: number): void {
  const chunk = write(context, session, resetFrame(stream.id, code), stream.request);
  const values = { code: ERROR_CODES[code] };
  streamStep(context, session, stream, { transition: "sendReset", chunks: [chunk], values });
  endStream(context, session, stream);
}

export function sendGoAway(context: Context, session: Session, code: number): void {
  if (session.goingAway) return;
  session.goingAway = true;
  const frame = goAwayFrame(session.lastPeerStream, code);
  const chunk = write(context, session, frame, session.request);
  const values = { code: ERROR_CODES[code], last: session.lastPeerStream };
  connectionStep(context, session, "sendGoAway", { chunks: [chunk], values });
}

/** A stream is closed: it is forgotten. */
export function endStream(context: Context, session: Session, stream: Stream): void {
  session.streams.delete(stream.id);
  context.sim.retire(stream.entity);
}
