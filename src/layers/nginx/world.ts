// All of nginx that changes, as plain data in sim.world.nginx: masters, workers, connections, requests.
import type { ListenerId, SocketId } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import { Recent } from "../../kernel/recent.ts";
import type { Entity, Simulation } from "../../kernel/simulation.ts";
import type { ClientConnection, NginxRequest, RequestId } from "./request.ts";
import type { AddressConf, Configuration } from "./settings.ts";

/** The master process: what it listens on and which workers serve which configuration. */
export interface Master {
  readonly pid: Pid;
  readonly entity: Entity;
  readonly configPath: string;
  configuration: Configuration;
  /** Listening sockets by bound address. */
  listeners: Map<string, ListenerId>;
  workers: Pid[];
  /** Workers told to finish, of earlier configurations. */
  oldWorkers: Pid[];
  quitting: boolean;
}

/** A listening socket as one worker holds it. */
export interface WorkerListener {
  readonly id: ListenerId;
  readonly addresses: readonly AddressConf[];
  /** How many connections this worker took from it. */
  accepts: number;
}

export interface Worker {
  readonly pid: Pid;
  readonly master: Pid;
  readonly entity: Entity;
  readonly configuration: Configuration;
  /** What it accepts from, with the addresses that may be meant there. */
  listeners: WorkerListener[];
  /** The user it runs as: decides which files it may read. */
  readonly user: string;
  /** Slots of worker_connections and how many are taken (listeners and the channel included). */
  readonly slotsMax: number;
  slots: number;
  exiting: boolean;
  shutdownTimer: EventHandle;
  /** Since when it may warn again that connections are being reused. */
  warnedAt: number;
}

export interface NginxWorld {
  masters: Map<Pid, Master>;
  workers: Map<Pid, Worker>;
  connections: Map<SocketId, ClientConnection>;
  requests: Map<RequestId, NginxRequest>;
  nextRequest: RequestId;
  nextConnection: number;
  /** Numbers for the status page: accepted, handled, requests. */
  accepted: number;
  requested: number;
  /** Requests that a cache answered, and those that it did not have the answer to. */
  cacheHits: number;
  cacheMisses: number;
  modules: Record<string, unknown>;
}

export function newWorld(): NginxWorld {
  return {
    masters: new Map(),
    workers: new Map(),
    connections: new Map(),
    requests: new Map(),
    nextRequest: 1,
    nextConnection: 1,
    accepted: 0,
    requested: 0,
    cacheHits: 0,
    cacheMisses: 0,
    modules: {},
  };
}

/** nginx's part of the world; looked up at every event, never kept. */
export function worldOf(sim: Simulation): NginxWorld {
  return sim.world.nginx as NginxWorld;
}

/** In front of the world's requests and connections. */
export const recentRequests = new Recent<NginxRequest>();
export const recentConnections = new Recent<ClientConnection>();

export function requestOf(world: NginxWorld, id: RequestId): NginxRequest | null {
  return recentRequests.find(world, id, world.requests) ?? null;
}

export function connectionOf(world: NginxWorld, socket: SocketId): ClientConnection | null {
  return recentConnections.find(world, socket, world.connections) ?? null;
}
