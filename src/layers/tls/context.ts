// What the parts of TLS share at run time. Nothing in here changes after install but the lists of
// programs and of deciders, which only grow; what changes is in state.ts.
import type { HandlersId, ListenOptions, SocketHandlers } from "../../host/network.ts";
import type { Transport } from "../../host/transport.ts";
import { Recent } from "../../kernel/recent.ts";
import type { MachineHandle, Simulation } from "../../kernel/simulation.ts";
import type { Judge } from "./certificates.ts";
import { clientMachine, serverMachine } from "./machine.ts";
import { type End, type Pair, worldOf } from "./state.ts";

/** The clock and the trust store are the clients'; see certificates.ts. */
export interface TlsParts extends Judge {
  readonly sim: Simulation;
  readonly transport: Transport;
}

export interface TlsEvents {
  clientHello: number;
  clientAnswers: number;
  serverAnswers: number;
  seal: number;
}

export interface Tls extends TlsParts {
  readonly client: MachineHandle;
  readonly server: MachineHandle;
  readonly events: TlsEvents;
  readonly programs: SocketHandlers[];
  /** The transport's numbers of each program's callbacks: without TLS, and through TLS. */
  readonly plainHandlers: HandlersId[];
  readonly tlsHandlers: HandlersId[];
  readonly deciders: NonNullable<ListenOptions["tls"]>[];
}

export const clientFires = clientMachine.transition;
export const serverFires = serverMachine.transition;

export function programOf(tls: Tls, end: End): SocketHandlers {
  return tls.programs[end.handlers];
}

/** In front of the world's ends and pairs. */
export const recentEnds = new Recent<End>();
export const recentPairs = new Recent<Pair>();

export function endOf(tls: Tls, socket: number): End | undefined {
  const world = worldOf(tls.sim);
  return recentEnds.find(world, socket, world.ends);
}

export function pairOf(tls: Tls, end: End): Pair | undefined {
  const world = worldOf(tls.sim);
  return recentPairs.find(world, end.pair, world.pairs);
}
