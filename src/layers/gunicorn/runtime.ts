// What the parts of gunicorn share at run time: the host, the application, the machines' handles and
// the kinds of events. Fixed at install; nothing here changes during a run.

import type { HandlersId, SocketId } from "../../host/network.ts";
import type { Host, Pid } from "../../host/processes.ts";
import type { StateOf, TransitionOf } from "../../kernel/machine.ts";
import { Recent } from "../../kernel/recent.ts";
import type { MachineHandle } from "../../kernel/simulation.ts";
import type { WsgiApplication } from "../application.ts";
import type { arbiterMachine, requestMachine, workerMachine } from "./machine.ts";
import { type Connection, type GunicornWorld, type Master, type Worker, worldOf } from "./world.ts";

type HandleOf<M> = MachineHandle<StateOf<M> & string, TransitionOf<M> & string>;

/** Kinds of events, by what they wake. */
export interface EventKinds {
  configure: number;
  bind: number;
  spawn: number;
  turn: number;
  stopPoll: number;
  masterExit: number;
  childStart: number;
  loaded: number;
  workerTurn: number;
  quit: number;
  workerExit: number;
  wake: number;
  parsed: number;
  errorReady: number;
  lost: number;
  headReady: number;
  bodyReady: number;
  bodyArrived: number;
  keepAlive: number;
}

export interface Runtime {
  readonly host: Host;
  readonly application: WsgiApplication;
  readonly serverId: number;
  readonly arbiter: HandleOf<typeof arbiterMachine>;
  readonly worker: HandleOf<typeof workerMachine>;
  readonly request: HandleOf<typeof requestMachine>;
  readonly handlers: HandlersId;
  readonly events: EventKinds;
  /** What a worker does when one of its connections is closed or kept; set once at install. */
  readonly loop: {
    /** After a connection was closed or kept. */
    next(worker: Worker): void;
    /** At the end of a turn of the loop: is the parent alive, is the worker to go on? */
    turn(worker: Worker): void;
    leave(worker: Worker, status: number): void;
  };
}

export function world(runtime: Runtime): GunicornWorld {
  return worldOf(runtime.host.sim);
}

export function masterOf(runtime: Runtime, pid: Pid): Master | undefined {
  return world(runtime).masters.get(pid);
}

export function workerOf(runtime: Runtime, pid: Pid): Worker | undefined {
  return world(runtime).workers.get(pid);
}

/** The connection a slot serves now; undefined when the worker has given it up. */
export function connectionOfSlot(runtime: Runtime, slot: number): Connection | undefined {
  return world(runtime).calls.get(slot);
}

/** In front of the world's connections. */
export const recentConnections = new Recent<Connection>();

/** A worker's connection by its socket; undefined when it is closed or was never one. */
export function connectionOf(runtime: Runtime, socket: SocketId): Connection | undefined {
  const state = world(runtime);
  return recentConnections.find(state, socket, state.connections);
}
