// Everything of gunicorn that changes: masters, workers and the connections they serve. Plain data,
// looked up in sim.world each time.

import type { Chunk, ListenerId, SocketId } from "../../host/network.ts";
import type { Pid, Signal } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { Entity, RequestNumber, Simulation } from "../../kernel/simulation.ts";
import type { LoadResult } from "../application.ts";
import type { BodyState } from "./body-reader.ts";
import type { GunicornConfig } from "./config.ts";
import type { RequestError } from "./request-error.ts";
import type { ParserLimits, RequestHead } from "./request-parser.ts";
import type { ResponseState } from "./response.ts";

/** A file that log lines go to: the path it was opened by, and where that file is now. */
export interface LogFile {
  path: string;
  now: string;
}

export interface Master {
  pid: Pid;
  entity: Entity;
  config: GunicornConfig;
  /** What the logs were set up from at the start: HUP does not change them. */
  logging: GunicornConfig;
  limits: ParserLimits;
  phase: "binding" | "spawning" | "sleeping" | "stopping" | "gone";
  name: "Master" | "Master.2";
  /** The old master of a USR2, or 0; and the new one this master started, or 0. */
  masterPid: Pid;
  reexecPid: Pid;
  listeners: ListenerId[];
  bindTries: number;
  numWorkers: number;
  workerAge: number;
  /** In the order they were forked. */
  workers: Pid[];
  /** How many the last debug line said there are, or -1. */
  workersLogged: number;
  signals: Signal[];
  /** The self-pipe holds a byte: the next select returns at once. */
  pipe: boolean;
  sleepingSince: number;
  turn: EventHandle;
  turnAt: number;
  spawnLeft: number;
  stopUntil: number;
  /** After the workers are gone: QUIT and INT stop twice. */
  stopAgain: boolean;
  stopReason: string | null;
  exitStatus: number;
  preloaded: boolean;
  /** Its sockets are systemd's, which it does not unlink. */
  systemd: boolean;
  preloadNs: number;
  orphaned: boolean;
  pidfile: string | null;
  files: { error: LogFile | null; access: LogFile | null };
}

export interface Worker {
  pid: Pid;
  entity: Entity;
  master: Pid;
  age: number;
  config: GunicornConfig;
  logging: GunicornConfig;
  limits: ParserLimits;
  listeners: ListenerId[];
  /** Python's own idea: false after TERM, QUIT, ABRT or max_requests. */
  alive: boolean;
  /** draining: the loop of a threaded worker is left, its requests still run. */
  phase: "forked" | "loading" | "running" | "draining" | "exiting";
  booted: boolean;
  aborted: boolean;
  /** The arbiter has told it to leave, since there are too many. */
  dismissed: boolean;
  orphaned: boolean;
  load: LoadResult | null;
  /** Requests started, and after how many the worker retires (Infinity is -1). */
  requests: number;
  requestsMax: number;
  lastBeat: number;
  /** When the worker began to wait in select(), or -1 while it works. */
  idleSince: number;
  stoppedAt: number;
  exitStatus: number;
  connections: SocketId[];
  /** Accepted connections that wait for a thread. */
  queue: SocketId[];
  kept: SocketId[];
  freeSlots: number[];
  slots: number;
  nextListener: number;
  files: { error: LogFile | null; access: LogFile | null };
}

export interface Connection {
  socket: SocketId;
  entity: Entity;
  worker: Pid;
  listener: ListenerId;
  request: RequestNumber;
  /** The thread that serves it, or -1 while it waits. */
  slot: number;
  requestNumber: number;
  /** The head received so far. */
  head: string;
  /** Taken from the socket's queue but not yet by recv(). */
  kernel: Chunk[];
  /** Received beyond the head: the beginning of the body. */
  buffer: Chunk[];
  parsed: RequestHead | null;
  error: RequestError | null;
  environ: ReadonlyMap<string, string> | null;
  body: BodyState;
  /** What the application asked for and what has been gathered for it; null when it asks nothing. */
  wanted: { bytes: number; got: Chunk[]; gotBytes: number } | null;
  /** The answer is to be closed whatever the request says (Response.force_close). */
  mustClose: boolean;
  response: ResponseState | null;
  startedAt: number;
  peerEnded: boolean;
  peerReset: boolean;
  /** An item that waits for its turn on the processor, and whether the iterable ended behind it. */
  item: Chunk | null;
  exhausted: boolean;
  deadline: EventHandle;
  /** The kind of event that its work on the processor will raise, or -1. */
  job: number;
}

export interface GunicornWorld {
  masters: Map<Pid, Master>;
  workers: Map<Pid, Worker>;
  connections: Map<SocketId, Connection>;
  /** Slot to the connection it serves. */
  calls: Map<number, Connection>;
  nextSlot: number;
  /** Requests that all workers, past ones too, have begun to serve. */
  served: number;
  /** Listeners for which a wake-up is under way, and the processes that hold each. */
  waking: Set<ListenerId>;
  holders: Map<ListenerId, readonly Worker[]>;
  wakeups: number;
}

/** A new, empty world. */
export function emptyWorld(): GunicornWorld {
  return {
    masters: new Map(),
    workers: new Map(),
    connections: new Map(),
    calls: new Map(),
    nextSlot: 0,
    served: 0,
    waking: new Set(),
    holders: new Map(),
    wakeups: 0,
  };
}

/** The world of this moment. */
export function worldOf(sim: Simulation): GunicornWorld {
  return sim.world.gunicorn as GunicornWorld;
}
