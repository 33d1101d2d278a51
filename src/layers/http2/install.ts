// HTTP/2 on a network: what programs call. It holds no socket of its own; the programs keep theirs,
// read through it and close them.
import type { Network, SocketId } from "../../host/network.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import { EMPTY_TABLE } from "../../wire/hpack-table.ts";
import {
  DEFAULT_FRAME_BYTES,
  DEFAULT_WINDOW_BYTES,
  FRAME_HEADER_BYTES,
  WINDOW_BYTES_MAX,
} from "../../wire/http2-frame.ts";
import type { Http2, Http2Body, Http2Open, Http2Request, StreamId } from "../http2-session.ts";
import { connectionMachine, streamMachine } from "./machine.ts";
import { receive } from "./receiving.ts";
import {
  connectionStep,
  endStream,
  sendData,
  sendGoAway,
  sendHead,
  sendPreface,
  sendReset,
  sendWindowUpdate,
  streamStep,
} from "./sending.ts";
import { type Context, type Http2World, type Session, sessionOf, worldOf } from "./state.ts";
import { newStream } from "./streams.ts";

/** Makes HTTP/2 for the programs of a network. Call once, in a fixed order. */
export function installHttp2(sim: Simulation, network: Network): Http2 {
  const world: Http2World = { sessions: new Map() };
  sim.world.http2 = world;
  const context: Context = {
    sim,
    network,
    connection: sim.machine(connectionMachine),
    stream: sim.machine(streamMachine),
    programs: [],
  };
  return { ...sessionCalls(context), ...streamCalls(context), ...questions(context) };
}

type SessionCall = "handlers" | "open" | "receive" | "goAway" | "forget";

function sessionCalls(context: Context): Pick<Http2, SessionCall> {
  const find = (socket: SocketId) => sessionOf(context, socket);
  return {
    handlers: (handlers) => context.programs.push(handlers) - 1,
    open: (options) => open(context, options),
    receive: (socket) => {
      const session = find(socket);
      if (session !== undefined) receive(context, session);
    },
    goAway: (socket, code) => {
      const session = find(socket);
      if (session !== undefined) sendGoAway(context, session, code);
    },
    forget: (socket) => {
      const session = find(socket);
      if (session !== undefined) forget(context, session);
    },
  };
}

type StreamCall = "request" | "respond" | "data" | "widen" | "reset";

function streamCalls(context: Context): Pick<Http2, StreamCall> {
  const find = (socket: SocketId, id: StreamId) => {
    const session = sessionOf(context, socket);
    const stream = session?.streams.get(id);
    return session === undefined || stream === undefined ? null : { session, stream };
  };
  return {
    request: (socket, request) => beginRequest(context, socket, request),
    respond: (socket, id, fields, end) => {
      const found = find(socket, id);
      if (found === null) return 0;
      const { session, stream } = found;
      const { chunk, table } = sendHead(context, session, stream, { fields, end, priority: null });
      const isUpload = context.sim.is(context.stream, stream.entity, "open");
      const last = isUpload ? "sendEnd" : "sendLast";
      const transition = end ? last : isUpload ? "send" : "respond";
      const values = { status: fields[0]?.[1] };
      streamStep(context, session, stream, { transition, chunks: [chunk], table, values });
      if (transition === "sendLast") endStream(context, session, stream);
      return chunk.bytes;
    },
    data: (socket, id, body) => {
      const found = find(socket, id);
      // A response that was ended while its request still comes.
      const isEnded =
        found !== null &&
        context.sim.is(context.stream, found.stream.entity, "half-closed (local)");
      if (found === null || isEnded) return 0;
      found.stream.frameBytes = body.frameBytes;
      const bytes = framedBytes(body, found.session.peerFrameBytes);
      sendData(context, found.session, found.stream, body);
      return bytes;
    },
    widen: (socket, id) => {
      const found = find(socket, id);
      if (found === null) return;
      const { session, stream } = found;
      sendWindowUpdate(
        context,
        session,
        id,
        WINDOW_BYTES_MAX - stream.receiveWindow + stream.received,
      );
      stream.receiveWindow = WINDOW_BYTES_MAX;
      stream.received = 0;
    },
    reset: (socket, id, code) => {
      const found = find(socket, id);
      if (found !== null) sendReset(context, found.session, found.stream, code);
    },
  };
}

type Question = "speaks" | "isGoingAway" | "streams" | "streamsMax" | "isHeld" | "requestOf";

function questions(context: Context): Pick<Http2, Question> {
  const find = (socket: SocketId) => sessionOf(context, socket);
  return {
    speaks: (socket) => find(socket) !== undefined,
    isGoingAway: (socket) => find(socket)?.goingAway ?? false,
    streams: (socket) => find(socket)?.streams.size ?? 0,
    streamsMax: (socket) => find(socket)?.peerStreamsMax ?? 0,
    isHeld: (socket, id) => (find(socket)?.streams.get(id)?.heldBytes ?? 0) > 0,
    requestOf: (socket, id) => find(socket)?.streams.get(id)?.request ?? -1,
  };
}

/** Streams that a client begins before the server has said how many. Source: Chromium, kInitialMaxConcurrentStreams. */
const STREAMS_BEFORE_SETTINGS = 100;

function open(context: Context, { socket, handlers, profile, request }: Http2Open): void {
  const session: Session = {
    socket,
    entity: context.sim.spawn(context.connection, request),
    handlers,
    profile,
    request,
    incoming: {
      broken: false,
      preface: profile.role === "server",
      pending: "",
      data: null,
      block: null,
    },
    encodeTable: EMPTY_TABLE,
    decodeTable: EMPTY_TABLE,
    shrinkTable: false,
    nextStream: 1,
    lastPeerStream: 0,
    sendWindow: DEFAULT_WINDOW_BYTES,
    received: 0,
    peerWindow: DEFAULT_WINDOW_BYTES,
    peerFrameBytes: DEFAULT_FRAME_BYTES,
    peerStreamsMax: STREAMS_BEFORE_SETTINGS,
    goingAway: false,
    streams: new Map(),
  };
  worldOf(context).sessions.set(socket, session);
  sendPreface(context, session);
}

function beginRequest(context: Context, socket: SocketId, asked: Http2Request): StreamId {
  const session = sessionOf(context, socket);
  if (session === undefined) return 0;
  const { fields, end, priority, request } = asked;
  const id = session.nextStream;
  session.nextStream += 2;
  session.request = request;
  const stream = newStream(context, session, id, request);
  const { chunk, table } = sendHead(context, session, stream, { fields, end, priority });
  const path = fields.find(([name]) => name === ":path")?.[1] ?? "";
  streamStep(context, session, stream, {
    transition: end ? "sendRequest" : "sendHeaders",
    chunks: [chunk],
    table,
    values: { path, plain: plainBytes(fields) },
  });
  return id;
}

/** What the same head takes as lines of text, which is how HTTP/1.1 sends it. */
function plainBytes(fields: Http2Request["fields"]): number {
  return fields.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
}

/** The size of a body's frames, when the windows let all of it through at once. */
function framedBytes({ chunks, end, frameBytes }: Http2Body, peerFrameBytes: number): number {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const frames = Math.ceil(bytes / Math.min(frameBytes, peerFrameBytes));
  return bytes + Math.max(frames, end ? 1 : 0) * FRAME_HEADER_BYTES;
}

function forget(context: Context, session: Session): void {
  for (const stream of [...session.streams.values()]) {
    streamStep(context, session, stream, { transition: "lose" });
    endStream(context, session, stream);
  }
  connectionStep(context, session, "close");
  context.sim.retire(session.entity);
  worldOf(context).sessions.delete(session.socket);
}
