// What changes in the network: connections with their two sides, listening sockets with their queues.
// All of it is plain data in sim.world.tcp. A socket's number is its connection's times two plus its
// side; numbers are never used twice, so that a late event finds nothing rather than a stranger.
import type { Address, Chunk, HandlersId, ListenerId, SocketId } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import { Recent } from "../../kernel/recent.ts";
import type { Entity, RequestNumber, Simulation } from "../../kernel/simulation.ts";
import type { Instant, Span } from "../../kernel/time.ts";
import type { Window } from "./flights.ts";

export const CLIENT = 0;
export const SERVER = 1;
export type SideIndex = typeof CLIENT | typeof SERVER;
export const NO_LISTENER: ListenerId = -1;
export const NO_ENTITY: Entity = -1;

export const DATA = 0;
export const FIN = 1;
export const RST = 2;

/** Something on its way to a side, or waiting there to be read. */
export interface Parcel {
  readonly kind: typeof DATA | typeof FIN | typeof RST;
  readonly chunk: Chunk | null;
  readonly request: RequestNumber;
  readonly at: Instant;
  /** What a recorder calls these bytes, when TLS said so. */
  readonly label: string | null;
}

export interface Side {
  readonly connection: Connection;
  readonly index: SideIndex;
  pid: Pid;
  handlers: HandlersId;
  /** The state machine's entity, or NO_ENTITY before and after its life. */
  entity: Entity;
  readonly address: Address;
  /** Whether a program holds this end and hears of it. */
  held: boolean;
  /** Whether its state machine has ended (CLOSED or TIME-WAIT). */
  over: boolean;
  /** The request that the bytes read last, or a client's bytes sent last, belong to. */
  request: RequestNumber;
  onTheWay: Parcel[];
  arrived: Parcel[];
  /** When the last of `onTheWay` arrives; parcels of one instant share one event. */
  eventAt: Instant;
  finSent: boolean;
  /** The peer's FIN has arrived. */
  ended: boolean;
  /** The program has been told of the FIN. */
  endTold: boolean;
  /** The peer's RST has arrived. */
  reset: boolean;
  sentBytes: number;
  receivedBytes: number;
  /** Congestion window for what this side sends; null on local connections. */
  window: Window | null;
}

export interface Connection {
  readonly id: number;
  /** Client and server. */
  readonly sides: Side[];
  readonly kind: Address["kind"];
  /** Half the round trip; 0 on local connections, which take their latency from costs.ts. */
  halfRttNs: Span;
  readonly local: boolean;
  /** Whether the client is another machine: its packets are steps. */
  readonly remote: boolean;
  readonly bytesPerSecond: number;
  lossRate: number;
  readonly openedAt: Instant;
  established: boolean;
  synsSent: number;
  synAcksSent: number;
  /** Listener whose accept queue it is in, or NO_LISTENER. */
  queuedAt: ListenerId;
}

export interface Listener {
  readonly id: ListenerId;
  readonly address: Address;
  readonly entity: Entity;
  handlers: HandlersId;
  /** min(backlog, somaxconn); the queue takes one more. */
  readonly backlog: number;
  /** A queue that never has room (a black hole). */
  readonly alwaysFull: boolean;
  readonly dualStack: boolean;
  holders: Pid[];
  /** Processes to be told, the one that asked last first. */
  watchers: Pid[];
  /** Connections complete and not accepted. */
  queue: number[];
}

export interface TcpWorld {
  connections: Map<number, Connection>;
  listeners: Map<ListenerId, Listener>;
  /** Processes that have ever held a connection: the end of another one has nothing to close. */
  holders: Set<Pid>;
  nextConnection: number;
  nextListener: ListenerId;
  nextPort: number;
  /** The event with which parcels arrive (install.ts). */
  arrivalEvent: number;
  /** What every local parcel takes longer because somebody slowed the sockets down. */
  localDelayNs: Span;
  /** What other machines and the server sent each other while nothing came through; null for an open link. */
  held: HeldParcel[] | null;
}

export interface HeldParcel {
  /** The socket that it is for. */
  readonly to: SocketId;
  readonly parcel: Omit<Parcel, "at">;
  readonly sentAt: Instant;
}

/** A world without connections. */
export function emptyWorld(): TcpWorld {
  return {
    connections: new Map(),
    listeners: new Map(),
    holders: new Set(),
    nextConnection: 0,
    nextListener: 0,
    nextPort: 0,
    arrivalEvent: -1,
    localDelayNs: 0,
    held: null,
  };
}

export function worldOf(sim: Simulation): TcpWorld {
  return sim.world.tcp as TcpWorld;
}

/** In front of the world's connections. */
export const recentConnections = new Recent<Connection>();

/** One end of a connection, or undefined when the connection is gone. */
export function sideOf(sim: Simulation, socket: SocketId): Side | undefined {
  const world = worldOf(sim);
  const connection = recentConnections.find(world, socket >> 1, world.connections);
  return connection?.sides[(socket & 1) as SideIndex];
}

/** The other end. */
export function peerOf(side: Side): Side {
  return side.connection.sides[(side.index ^ 1) as SideIndex];
}

export function socketOf(side: Side): SocketId {
  return side.connection.id * 2 + side.index;
}

/** A side that nobody holds yet. */
export function newSide(connection: Connection, index: SideIndex, address: Address): Side {
  return {
    connection,
    index,
    pid: -1,
    handlers: -1,
    entity: NO_ENTITY,
    address,
    held: false,
    over: false,
    request: -1,
    onTheWay: [],
    arrived: [],
    eventAt: -1,
    finSent: false,
    ended: false,
    endTold: false,
    reset: false,
    sentBytes: 0,
    receivedBytes: 0,
    window: null,
  };
}
