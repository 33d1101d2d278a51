// The numbers of the upstream side's events and socket callbacks, given once when a simulation is set up.
import type { HandlersId } from "../../host/network.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import type { Simulation } from "../../kernel/simulation.ts";

export interface UpstreamEvents {
  /** Callbacks of connections to upstreams. */
  readonly handlers: HandlersId;
  /** The timer of a call ran out: a = request. */
  readonly timeout: number;
  /** An idle connection was kept long enough: a = socket. */
  readonly idleTimeout: number;
  /** A request that waits for the cache lock looks again: a = request. */
  readonly lockLook: number;
}

const bySimulation = new WeakMap<Simulation, UpstreamEvents>();

export function setUpstreamEvents(sim: Simulation, events: UpstreamEvents): void {
  bySimulation.set(sim, events);
}

export const upstreamEvents = memoByIdentity((sim: Simulation): UpstreamEvents => {
  const events = bySimulation.get(sim);
  if (events === undefined) throw new Error("the upstream module is not installed");
  return events;
});
