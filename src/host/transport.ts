// The seam between TCP and TLS: TCP offers the whole network without TLS, and TLS wraps it. Beyond
// what programs call, TLS says of its own flights what they are, so that the rows of TCP under them
// can be shown as the finer grain of a step of TLS.
import type { RequestNumber } from "../kernel/simulation.ts";
import type { Chunk, Network, SocketId } from "./network.ts";

/** A path between two machines, the same both ways. */
export interface Link {
  /** Round-trip time without queueing, ns. 0 for clients on the server itself. */
  readonly rttNs: number;
  /** Bytes per second each way; Infinity for no limit. */
  readonly bytesPerSecond: number;
  /** Probability that a packet is lost, 0 to 1. */
  readonly lossRate: number;
}

export interface Transport extends Network {
  /** As `send`; `label` says what the bytes are ("ClientHello"), for recorders only. */
  sendFlight(socket: SocketId, chunk: Chunk, request: RequestNumber, label: string): void;
  /** The socket at the other end of a connection. */
  peerOf(socket: SocketId): SocketId;
  /** Whether the connection crosses a link to another machine, so that its packets are worth a step. */
  isRemote(socket: SocketId): boolean;
}
