// What the parts of the engine share: the context that modules see, the machines, the kinds of events,
// the table of phases. Made once for a host; it holds no state that changes.

import type { HandlersId } from "../../host/network.ts";
import type { StateOf, TransitionOf } from "../../kernel/machine.ts";
import type { MachineHandle } from "../../kernel/simulation.ts";
import type { Http2, Http2HandlersId } from "../http2-session.ts";
import type { connectionMachine, masterMachine, requestMachine, workerMachine } from "./machine.ts";
import type { ModuleHooks } from "./module-hooks.ts";
import type { NginxContext, NginxModule, PhaseHandler, PhaseName, VariableRow } from "./phases.ts";
import type { NginxWorld } from "./world.ts";

export type HandleOf<M> = MachineHandle<StateOf<M>, TransitionOf<M>>;

/** One row of the phase table. */
export interface PhaseEntry {
  readonly phase: PhaseName | "find-config" | "post-rewrite" | "post-access";
  readonly module: string;
  readonly handler: PhaseHandler;
  /** Where the next phase begins. */
  next: number;
}

export interface Events {
  /** A request's headers are complete and the worker gets to it. */
  readonly process: number;
  /** client_header_timeout, keepalive_timeout, lingering: a = socket. */
  readonly connectionTimer: number;
  /** client_body_timeout and send_timeout: a = request. */
  readonly requestTimer: number;
  readonly shutdownTimer: number;
  /** A finishing worker may have nothing left to do: a = pid. */
  readonly exitCheck: number;
  /** After a reload the old workers are told to finish: a = pid of the master. */
  readonly quitOldWorkers: number;
}

export interface Core extends NginxContext {
  readonly modules: readonly NginxModule[];
  readonly hooks: ModuleHooks;
  readonly phases: readonly PhaseEntry[];
  readonly serverRewriteIndex: number;
  readonly findConfigIndex: number;
  readonly locationRewriteIndex: number;
  readonly content: ReadonlyMap<string, PhaseHandler>;
  readonly variables: ReadonlyMap<string, VariableRow>;
  readonly prefixVariables: readonly VariableRow[];
  readonly master: HandleOf<typeof masterMachine>;
  readonly worker: HandleOf<typeof workerMachine>;
  readonly connectionMachine: HandleOf<typeof connectionMachine>;
  readonly requestMachine: HandleOf<typeof requestMachine>;
  readonly events: Events;
  readonly sockets: HandlersId;
  readonly http2: Http2;
  readonly http2Handlers: Http2HandlersId;
  world(): NginxWorld;
  /** Bytes as a person reads them: UTF-8 decoded. */
  shown(bytes: string): string;
}

/** The module of a name; modules wait for events and hear of them by name. */
export function moduleOf(core: Core, name: string | null): NginxModule | null {
  return name === null ? null : (core.hooks.byName.get(name) ?? null);
}
