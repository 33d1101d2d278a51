// What changes in HTTP/2: one session for each end of a connection, with its streams, its windows and
// its two tables of HPACK. Plain data in sim.world.http2.
import type { Chunk, Network, SocketId } from "../../host/network.ts";
import type { StateOf, TransitionOf } from "../../kernel/machine.ts";
import type { Entity, MachineHandle, RequestNumber, Simulation } from "../../kernel/simulation.ts";
import type { HpackTable } from "../../wire/hpack-table.ts";
import type { FrameHeader } from "../../wire/http2-frame.ts";
import type { Http2Handlers, Http2HandlersId, Http2Profile, StreamId } from "../http2-session.ts";
import type { connectionMachine, streamMachine } from "./machine.ts";

export interface Stream {
  readonly id: StreamId;
  readonly entity: Entity;
  readonly request: RequestNumber;
  /** What the peer lets this end send; a smaller initial window can make it negative. */
  sendWindow: number;
  /** What has arrived since the peer was last told of room. */
  received: number;
  /** What this end lets the peer send, when all of it is free. */
  receiveWindow: number;
  /** What waits for a window, in frames of at most `frameBytes`. */
  held: Chunk[];
  heldBytes: number;
  heldEnd: boolean;
  frameBytes: number;
}

/** How far the bytes of the peer have been read. */
export interface Incoming {
  /** What came was no HTTP/2: the rest is dropped. */
  broken: boolean;
  /** A server still waits for the client's preface. */
  preface: boolean;
  /** A frame that is not complete. */
  pending: string;
  /** The DATA frame that is arriving, with the bytes that are still to come. */
  data: { readonly stream: StreamId; readonly end: boolean; left: number } | null;
  /** HEADERS without END_HEADERS, with what followed so far. */
  block: { readonly frame: FrameHeader; readonly text: string } | null;
}

export interface Session {
  readonly socket: SocketId;
  readonly entity: Entity;
  readonly handlers: Http2HandlersId;
  readonly profile: Http2Profile;
  request: RequestNumber;
  readonly incoming: Incoming;
  encodeTable: HpackTable;
  decodeTable: HpackTable;
  /** The peer spoke of a table size, and has not been answered (nginx). */
  shrinkTable: boolean;
  nextStream: StreamId;
  lastPeerStream: StreamId;
  sendWindow: number;
  received: number;
  peerWindow: number;
  peerFrameBytes: number;
  peerStreamsMax: number;
  goingAway: boolean;
  /** A client's first frames have gone with its preface. */
  readonly streams: Map<StreamId, Stream>;
}

export interface Http2World {
  readonly sessions: Map<SocketId, Session>;
}

/** What the parts of the layer share. Nothing in here changes after install but the list of programs. */
export interface Context {
  readonly sim: Simulation;
  readonly network: Network;
  readonly connection: MachineHandle<
    StateOf<typeof connectionMachine>,
    TransitionOf<typeof connectionMachine>
  >;
  readonly stream: MachineHandle<StateOf<typeof streamMachine>, TransitionOf<typeof streamMachine>>;
  readonly programs: Http2Handlers[];
}

export function worldOf({ sim }: Context): Http2World {
  return sim.world.http2 as Http2World;
}

export function sessionOf(context: Context, socket: SocketId): Session | undefined {
  return worldOf(context).sessions.get(socket);
}

export function programOf(context: Context, session: Session): Http2Handlers {
  return context.programs[session.handlers];
}
