// What an operator breaks between the clients and their recursive resolver: the link, or the resolver
// itself; and the links from there to the name servers. What becomes of each message then is said in context.ts, where messages are sent.
import type { Simulation } from "../../kernel/simulation.ts";
import type { DnsTrouble, DnsWorld, WayTrouble } from "./context.ts";

const WHOLE: WayTrouble = Object.freeze({ delayNs: 0, lossRate: 0, held: false });
const NO_TROUBLE: DnsTrouble = Object.freeze({ ...WHOLE, beyond: WHOLE, resolver: "up" });

/** The link between the clients and their resolver, or the resolver, is another one from now on. */
export function changeDnsTrouble(sim: Simulation, change: Partial<DnsTrouble>): void {
  const world = sim.world.dns as DnsWorld;
  world.trouble = Object.freeze({ ...(world.trouble ?? NO_TROUBLE), ...change });
}

/** The links between the resolver and the name servers are other ones from now on. */
export function changeNameServerLinks(sim: Simulation, change: Partial<WayTrouble>): void {
  const { trouble } = sim.world.dns as DnsWorld;
  const beyond = Object.freeze({ ...(trouble ?? NO_TROUBLE).beyond, ...change });
  changeDnsTrouble(sim, { beyond });
}

/** A resolver that begins anew is there again, and has nothing in its cache. */
export function restartResolver(sim: Simulation): void {
  const { cache } = sim.world.dns as DnsWorld;
  for (const { entity } of cache.sets.values()) sim.retire(entity);
  cache.sets.clear();
  cache.messages.clear();
  changeDnsTrouble(sim, { resolver: "up" });
}
