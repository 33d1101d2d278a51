// HTTP/2 as the programs at its two ends use it: they say what they send on which stream, and hear
// what arrived. The layer http2 speaks it on a connection that ALPN gave to it; Chromium, the bare
// client and nginx call. All callbacks are made while `receive` runs.
import type { Chunk, SocketId } from "../host/network.ts";
import type { RequestNumber } from "../kernel/simulation.ts";
import type { HpackPolicy } from "../wire/hpack-policy.ts";
import type { HeaderField } from "../wire/hpack-table.ts";
import type { Priority, Setting } from "../wire/http2-frame.ts";

/** Number of a stream on its connection: a client's are odd. 0 stands for none. */
export type StreamId = number;
export type HeaderFields = readonly HeaderField[];

export interface HeaderBlock {
  readonly fields: HeaderFields;
  /** Nothing follows on the stream. */
  readonly end: boolean;
  /** What the block took on the wire. */
  readonly bytes: number;
}

export interface Http2Handlers {
  /** A whole header block: a request at a server, a response at a client. */
  headers(socket: SocketId, stream: StreamId, block: HeaderBlock): void;
  /** A piece of a DATA frame; the last one, which may be empty, says `end`. */
  data(socket: SocketId, stream: StreamId, chunk: Chunk, end: boolean): void;
  /** The peer gave a stream up. */
  reset(socket: SocketId, stream: StreamId, code: number): void;
  /** The peer takes no stream after `lastStream`. */
  goAway?(socket: SocketId, lastStream: StreamId): void;
  /** What a window had held back has been sent. */
  drained?(socket: SocketId, stream: StreamId): void;
  /** What the peer sent is no HTTP/2: GOAWAY was sent, the connection is the program's to close. */
  failed(socket: SocketId, problem: string): void;
}
export type Http2HandlersId = number;

/** How a program speaks HTTP/2. Frozen: one object for all its connections. */
export interface Http2Profile {
  readonly role: "client" | "server";
  /** Who it is, for the words: "Chromium". */
  readonly name: string;
  /** Its SETTINGS, in its order. */
  readonly settings: readonly Setting[];
  /** What it lets the peer send on the whole connection before it hears of more. */
  readonly connectionWindowBytes: number;
  /** Of a window: how much may be used before it is filled up again. */
  readonly refillsAfter: number;
  readonly policy: HpackPolicy;
}

export interface Http2Open {
  readonly socket: SocketId;
  readonly handlers: Http2HandlersId;
  readonly profile: Http2Profile;
  readonly request: RequestNumber;
}

export interface Http2Request {
  readonly fields: HeaderFields;
  /** Nothing follows: no body. */
  readonly end: boolean;
  readonly priority: Priority | null;
  readonly request: RequestNumber;
}

export interface Http2 {
  /** Registers a program's callbacks; call at install, in a fixed order. */
  handlers(handlers: Http2Handlers): Http2HandlersId;
  /** Begins HTTP/2 on a connection: the preface, SETTINGS and the connection's window go out. */
  open(options: Http2Open): void;
  /** Whether HTTP/2 is spoken on a connection. */
  speaks(socket: SocketId): boolean;
  /** Reads what has arrived. */
  receive(socket: SocketId): void;
  /** A client's request: a new stream. */
  request(socket: SocketId, request: Http2Request): StreamId;
  /** A server's response head. Returns the size of its frames. */
  respond(socket: SocketId, stream: StreamId, fields: HeaderFields, end: boolean): number;
  /**
   * A body's next bytes, in frames of at most `frameBytes`; what the windows do not let through waits.
   * Returns the size of the frames that these bytes make.
   */
  data(socket: SocketId, stream: StreamId, body: Http2Body): number;
  /** Lets the peer send as much on a stream as a window can hold. */
  widen(socket: SocketId, stream: StreamId): void;
  /** Gives a stream up. Nothing happens to one that is over. */
  reset(socket: SocketId, stream: StreamId, code: number): void;
  /** Says that no further stream is taken. */
  goAway(socket: SocketId, code: number): void;
  /** Whether the peer said so, or this end. */
  isGoingAway(socket: SocketId): boolean;
  /** Streams that are not over. */
  streams(socket: SocketId): number;
  /** Streams that the peer allows at once. */
  streamsMax(socket: SocketId): number;
  /** Whether a window holds something of a stream back. */
  isHeld(socket: SocketId, stream: StreamId): boolean;
  /** The request that a stream at this end belongs to. */
  requestOf(socket: SocketId, stream: StreamId): RequestNumber;
  /** The connection is gone, and every stream on it. */
  forget(socket: SocketId): void;
}

export interface Http2Body {
  readonly chunks: readonly Chunk[];
  readonly end: boolean;
  readonly frameBytes: number;
}
