// Everything of supervision that changes: supervisord's programs and systemd's units.

import type { HandlersId, ListenerId } from "../../host/network.ts";
import { type Host, NO_PID, type Pid } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { StateOf, TransitionOf } from "../../kernel/machine.ts";
import type { Entity, MachineHandle } from "../../kernel/simulation.ts";
import type { socketMachine, supervisedMachine, unitMachine } from "./machine.ts";
import type { ProgramConfig } from "./program-section.ts";
import type { SocketFile } from "./socket-file.ts";
import type { SupervisordConfig } from "./supervisord-conf.ts";
import type { ServiceUnit } from "./unit-file.ts";

export interface Supervised {
  config: ProgramConfig;
  entity: Entity;
  pid: Pid;
  lastStart: number;
  backoff: number;
  /** When a backoff or a stop is over. */
  until: number;
  exitStatus: number;
  /** A stop command is under way. */
  killing: boolean;
  started: boolean;
  /** The end of its process, noticed at the next turn. */
  toReap: number | null;
  /** Why it did not start or stay up, for `supervisorctl status`. */
  spawnError: string;
  stoppedAt: number;
  /** When `waiting for … to stop` was last logged; NOT_YET, or null when nobody waits for the stop. */
  stopReportedAt: number | null;
  /** What supervisorctl wants of it once it has stopped. */
  next: "nothing" | "start" | "remove";
}

export interface Daemon {
  pid: Pid;
  command: number;
  /** The path it was configured from, and what the file said when it was last read. */
  file: string;
  config: SupervisordConfig;
  logfile: string | null;
  programs: Supervised[];
  turn: EventHandle;
  /** What follows when all programs are down. */
  leaving: "no" | "exit" | "restart";
  /** When `waiting for … to die` was last logged. */
  reportedAt: number;
}

/** A moment before all others: nothing was reported yet. */
export const NOT_YET = -1;

export interface Unit {
  name: string;
  entity: Entity;
  service: ServiceUnit;
  /** What starts its main process, as argv with environment. */
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  user: string;
  command: number;
  commandLine: string | null;
  mainPid: Pid;
  starts: number[];
  restarts: number;
  /** Counts jobs, so that timers of an old one are ignored. */
  job: number;
  /** Start again when the stop is done. */
  startAfterStop: boolean;
  killed: boolean;
  /** Why it last ended. Source: service.c, service_result_table. */
  result: "success" | "exit-code" | "signal" | "timeout" | "oom-kill";
}

export interface SocketUnit {
  name: string;
  entity: Entity;
  file: SocketFile;
  /** Empty while it does not listen. */
  listeners: readonly ListenerId[];
  /** When connections started the service, within the limit's interval. */
  triggers: number[];
}

export interface SupervisorWorld {
  daemons: Map<Pid, Daemon>;
  units: Map<string, Unit>;
  unitNames: string[];
  sockets: Map<string, SocketUnit>;
  /** systemd itself, once it has started something. */
  manager: Pid;
}

type HandleOf<M> = MachineHandle<StateOf<M> & string, TransitionOf<M> & string>;

export interface EventKinds {
  started: number;
  turn: number;
  unitActive: number;
  unitRestart: number;
  unitKill: number;
  unitWatch: number;
  unitOom: number;
}

export interface Runtime {
  readonly host: Host;
  readonly supervised: HandleOf<typeof supervisedMachine>;
  readonly unit: HandleOf<typeof unitMachine>;
  readonly socket: HandleOf<typeof socketMachine>;
  /** What systemd hears of the sockets it holds. */
  readonly handlers: HandlersId;
  readonly events: EventKinds;
}

export function emptyWorld(): SupervisorWorld {
  return {
    daemons: new Map(),
    units: new Map(),
    unitNames: [],
    sockets: new Map(),
    manager: NO_PID,
  };
}

export function world({ host }: Runtime): SupervisorWorld {
  return host.sim.world.supervisor as SupervisorWorld;
}
