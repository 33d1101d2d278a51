// What changes in TLS: the ends that speak it, the records on the way between two ends, and the
// tickets that clients remember. Plain data in sim.world.tls.
import type {
  Certificate,
  Chunk,
  HandlersId,
  ListenerId,
  SocketId,
  TlsCause,
  TlsClientOptions,
  TlsInfo,
} from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import type { Entity, RequestNumber, Simulation } from "../../kernel/simulation.ts";
import type { Instant, Span } from "../../kernel/time.ts";
import type { AlertName, TlsVersion } from "../../wire/tls.ts";

/** What the two ends agreed on. Frozen. */
export interface Agreement {
  readonly version: TlsVersion;
  /** OpenSSL's name. */
  readonly cipher: string;
  readonly alpn: "h2" | "http/1.1" | null;
  readonly resumed: boolean;
  readonly serverName: string | null;
  readonly certificate: Certificate | null;
  /** Whether the server hands out tickets, how long they live, and the key that seals them. */
  readonly tickets: boolean;
  readonly ticketLifetimeNs: Span;
  readonly ticketKey: string;
}

/** What a client remembers to resume a session. Frozen. */
export interface Ticket {
  readonly version: TlsVersion;
  readonly cipher: string;
  readonly expiresAt: Instant;
  /** The server's key and certificate when it was made; null for a ticket that any server takes. */
  readonly ticketKey: string | null;
  readonly certificateFile: string | null;
  readonly certificate: Certificate | null;
}

/** What a flight is; its records and their sizes follow from it (flights.ts). */
export type FlightKind =
  | "client hello"
  | "second client hello"
  | "hello retry"
  | "server flight"
  | "client finished"
  | "server finished"
  | "ticket"
  | "alert"
  | "data";

/** Records sent together, as they lie on the wire. */
export interface Bundle {
  readonly kind: FlightKind;
  /** Offsets in the raw stream. */
  readonly start: number;
  readonly end: number;
  readonly request: RequestNumber;
  readonly alert: AlertName | null;
  /** Of data: the plaintext, and how much of it has been handed over. */
  readonly chunks: readonly Plain[];
  readonly plainBytes: number;
  released: number;
}

/** One direction of a connection. */
export interface Wire {
  sentBytes: number;
  arrivedBytes: number;
  bundles: Bundle[];
}

/** What both ends of one connection share; kept under the client's socket. */
export interface Pair {
  readonly client: TlsClientOptions;
  /** The ticket that the ClientHello offers. */
  ticket: Ticket | null;
  retried: boolean;
  agreed: Agreement | null;
  /** The alert that the server answers with instead. */
  refusal: AlertName | null;
  /** Where the configuration decided, for a recorder. Frozen. */
  cause: TlsCause | null;
  /** Whether a server that speaks TLS has taken it up. */
  joined: boolean;
  readonly toServer: Wire;
  readonly toClient: Wire;
  /** Ends that still use it. */
  ends: number;
}

export interface Plain {
  readonly chunk: Chunk;
  readonly request: RequestNumber;
}

export interface End {
  readonly socket: SocketId;
  readonly role: "client" | "server";
  readonly entity: Entity;
  readonly pid: Pid;
  readonly handlers: HandlersId;
  /** Which of the deciders answers (server), or -1. */
  readonly decider: number;
  /** The client's socket, where the pair is kept; -1 until the server has heard from it. */
  pair: SocketId;
  /** Where the client remembers its tickets, or null. */
  readonly cache: string | null;
  request: RequestNumber;
  open: boolean;
  info: TlsInfo | null;
  outgoing: Plain[];
  sealing: boolean;
  /** end() or close() once what was written is sealed. */
  afterSealing: "nothing" | "end" | "close";
  arrived: Plain[];
  /** close_notify has been sent. */
  notified: boolean;
  /** The peer's close_notify has arrived. */
  peerNotified: boolean;
}

export interface TlsWorld {
  ends: Map<SocketId, End>;
  /** Processes that have ever held an end. */
  holders: Set<Pid>;
  pairs: Map<SocketId, Pair>;
  tickets: Map<string, Ticket>;
  /** Handshakes that clients have got an answer to, and those of them that went on with an old session. */
  handshakes: number;
  resumptions: number;
  /** Which decider answers for a listening socket. */
  listeners: Map<ListenerId, number>;
}

export function emptyWorld(): TlsWorld {
  return {
    ends: new Map(),
    holders: new Set(),
    pairs: new Map(),
    tickets: new Map(),
    handshakes: 0,
    resumptions: 0,
    listeners: new Map(),
  };
}

export function worldOf(sim: Simulation): TlsWorld {
  return sim.world.tls as TlsWorld;
}

export function newWire(): Wire {
  return { sentBytes: 0, arrivedBytes: 0, bundles: [] };
}
