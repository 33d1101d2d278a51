// What the parts of TCP share at run time: the simulation, the machines' handles, the event kinds and
// the callbacks of programs. Nothing in here changes after install; what changes is in state.ts.
import type { Disk } from "../../host/disk.ts";
import type { SocketHandlers } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import type { Link } from "../../host/transport.ts";
import { assert } from "../../kernel/assert.ts";
import type { MachineHandle, Simulation } from "../../kernel/simulation.ts";
import type { TcpSettings } from "./config.ts";
import { clientMachine, listenerMachine, serverMachine } from "./machine.ts";
import type { SynSchedule } from "./syn-schedule.ts";

/** What TCP needs of the machine it runs on. */
export interface TcpParts {
  readonly sim: Simulation;
  readonly disk: Disk;
  /** The user a process runs as; "root" for none. */
  readonly userOf: (pid: Pid) => string;
  readonly sysctl: Readonly<Record<string, string>>;
  /** The server's addresses beside loopback and the wildcards. */
  readonly addresses: readonly string[];
  /** The path from a client's address to the server's. */
  readonly link: (fromIp: string, toIp: string) => Link;
}

export interface TcpEvents {
  synArrives: number;
  synAgain: number;
  synAnswered: number;
  ackArrives: number;
  synAckAgain: number;
  localConnect: number;
  connectFails: number;
  parcelArrives: number;
  finAcknowledged: number;
  drained: number;
  tellSocket: number;
  tellListener: number;
}

export interface Tcp extends Omit<TcpParts, "sysctl"> {
  readonly settings: TcpSettings;
  readonly schedule: SynSchedule;
  readonly client: MachineHandle;
  readonly server: MachineHandle;
  readonly listener: MachineHandle;
  readonly events: TcpEvents;
  readonly programs: SocketHandlers[];
}

export const clientFires = clientMachine.transition;
export const serverFires = serverMachine.transition;
export const listenerFires = listenerMachine.transition;

/** The callbacks a socket's program registered; none for a socket nobody holds. */
export function programOf(tcp: Tcp, handlers: number): SocketHandlers {
  const program = tcp.programs[handlers];
  assert(program !== undefined, `no handlers ${handlers}`);
  return program;
}
