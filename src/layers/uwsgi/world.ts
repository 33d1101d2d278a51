// Everything of uWSGI that changes. Plain data, looked up in sim.world each time.

import type { Chunk, HandlersId, ListenerId, SocketId } from "../../host/network.ts";
import type { ExitStatus, Host, Pid } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { StateOf, TransitionOf } from "../../kernel/machine.ts";
import type { Entity, MachineHandle, RequestNumber } from "../../kernel/simulation.ts";
import type { WsgiApplication } from "../application.ts";
import type { UwsgiConfig, UwsgiSocket } from "./config.ts";
import type { masterMachine, requestMachine, workerMachine } from "./machine.ts";
import type { Vars } from "./packet.ts";

export interface Listening {
  id: ListenerId;
  protocol: UwsgiSocket["protocol"];
}

/** A worker's place in the master's table: it outlives the processes that fill it. */
export interface Seat {
  number: number;
  pid: Pid;
  /** How its process ended, until the master asks with waitpid(). */
  death: ExitStatus | null;
  /** Whether it takes further requests; a process that ends while it does is missed (DAMN !). */
  accepting: boolean;
  /** Second of the wall clock at which it was told to end, or -1. */
  cursedAt: number;
  /** Second of the wall clock after which its request has taken too long; 0 when none runs. */
  harakiriAt: number;
  /** Second of the wall clock at which its process was forked. */
  spawnedAt: number;
  /** Requests begun, killed ones included, by the number of the application. */
  requests: number[];
  harakiriTries: number;
}

export interface Master {
  pid: Pid;
  entity: Entity;
  config: UwsgiConfig;
  phase: "starting" | "loading" | "running" | "reloading" | "stopping" | "gone";
  listeners: Listening[];
  seats: Seat[];
  /** Requests completed by all workers. */
  total: number;
  /** Mount points of the applications that were imported before the fork. */
  applications: string[];
  startedAt: number;
  /** Natural turns of its loop are a second apart from here. */
  cycleFrom: number;
  cycle: EventHandle;
  cycleAt: number;
  /** touch-reload: the file's modification time as last seen, in seconds; null when it is not there. */
  touched: number | null;
  /** The process of --http, or NO_PID. */
  router: Pid;
  /** Second of the last respawn and how many came close together, against a bomb of forks. */
  respawnedAt: number;
  respawnRate: number;
  /** A worker could not load the application and need-app asks for the end. */
  needsApplication: boolean;
  reloads: number;
}

export interface Worker {
  pid: Pid;
  entity: Entity;
  master: Pid;
  seat: number;
  phase: "spawned" | "running" | "leaving";
  requests: SocketId[];
  freeCores: number[];
  served: number;
  /** Mount points of the applications in its memory, by their number. */
  applications: string[];
}

export interface UwsgiRequest {
  socket: SocketId;
  entity: Entity;
  worker: Pid;
  protocol: UwsgiSocket["protocol"];
  listener: ListenerId;
  request: RequestNumber;
  core: number;
  slot: number;
  /** Number of the application that serves it, or -1. */
  application: number;
  data: string;
  /** Received beyond the vars: the beginning of the body. */
  rest: Chunk[];
  vars: Vars | null;
  pairs: number;
  blockBytes: number;
  environ: ReadonlyMap<string, string> | null;
  bodyLeft: number;
  wanted: { bytes: number; got: Chunk[]; gotBytes: number } | null;
  status: string | null;
  headers: readonly (readonly [string, string])[];
  headersSent: boolean;
  headerBytes: number;
  sent: number;
  item: Chunk | null;
  exhausted: boolean;
  startedAt: number;
  peerEnded: boolean;
  peerReset: boolean;
  job: number;
}

export interface UwsgiWorld {
  masters: Map<Pid, Master>;
  workers: Map<Pid, Worker>;
  requests: Map<SocketId, UwsgiRequest>;
  calls: Map<number, SocketId>;
  nextSlot: number;
  waking: Set<ListenerId>;
  wakeups: number;
}

type HandleOf<M> = MachineHandle<StateOf<M> & string, TransitionOf<M> & string>;

export interface EventKinds {
  started: number;
  loaded: number;
  forked: number;
  wake: number;
  parsed: number;
  write: number;
  bodyArrived: number;
  timeout: number;
  bodyTimeout: number;
  routerTimeout: number;
  cycle: number;
  workerLoaded: number;
  respawn: number;
  alarm: number;
}

/** What the parts of uWSGI share at run time; fixed at install. */
export interface Runtime {
  readonly host: Host;
  readonly application: WsgiApplication;
  readonly serverId: number;
  readonly master: HandleOf<typeof masterMachine>;
  readonly worker: HandleOf<typeof workerMachine>;
  readonly request: HandleOf<typeof requestMachine>;
  readonly handlers: HandlersId;
  readonly events: EventKinds;
}

export function emptyWorld(): UwsgiWorld {
  return {
    masters: new Map(),
    workers: new Map(),
    requests: new Map(),
    calls: new Map(),
    nextSlot: 0,
    waking: new Set(),
    wakeups: 0,
  };
}

export function world({ host }: Runtime): UwsgiWorld {
  return host.sim.world.uwsgi as UwsgiWorld;
}

export function masterOfWorker(runtime: Runtime, worker: Worker): Master | undefined {
  return world(runtime).masters.get(worker.master);
}
