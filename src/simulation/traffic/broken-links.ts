// Breaking and mending the links of a running server: between its clients and it, between its programs,
// to the database, and between the clients and their resolver, with the resolver itself.
import type { Link } from "../../host/transport.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import { fromMs } from "../../kernel/time.ts";
import {
  changeDatabaseLink,
  holdDatabaseLink,
  releaseDatabaseLink,
} from "../../layers/database/link.ts";
import type { WayTrouble } from "../../layers/dns/context.ts";
import {
  changeDnsTrouble,
  changeNameServerLinks,
  restartResolver,
} from "../../layers/dns/faults.ts";
import {
  changeOpenLinks,
  delayLocalSockets,
  holdLink,
  releaseLink,
} from "../../layers/tcp/faults.ts";
import type { FaultVerb } from "./fault.ts";

type LinkFault = Extract<FaultVerb, { readonly link: string }>;

/** The link between the clients and the server is another one from now on. */
export function changeClientLink(sim: Simulation, link: Link): void {
  sim.world.clientLink = link;
  changeOpenLinks(sim, link);
}

/**
 * Does a fault, now, unless an operator does it by a command on the server; `whole` is the clients' link as
 * the scenario has it.
 */
export function breakWorld(sim: Simulation, fault: FaultVerb, whole: Link): void {
  if ("link" in fault) breakLink(sim, fault, whole);
  else if (fault.process === "dns resolver") breakResolver(sim, fault.verb);
}

function breakLink(sim: Simulation, fault: LinkFault, whole: Link): void {
  if (fault.link === "server")
    delayLocalSockets(sim, fault.verb === "slow" ? fromMs(fault.byMs) : 0);
  else if (fault.link === "database") breakDatabaseLink(sim, fault);
  else if (fault.link === "dns") changeDnsTrouble(sim, troubleOf(fault));
  else if (fault.link === "name servers") changeNameServerLinks(sim, troubleOf(fault));
  else breakClientLink(sim, fault, whole);
}

function breakClientLink(sim: Simulation, fault: LinkFault, whole: Link): void {
  const now = sim.world.clientLink as Link;
  if (fault.verb === "hold") holdLink(sim);
  else if (fault.verb === "drop")
    changeClientLink(sim, Object.freeze({ ...now, lossRate: fault.rate }));
  else if (fault.verb === "slow")
    changeClientLink(sim, Object.freeze({ ...now, rttNs: whole.rttNs + 2 * fromMs(fault.byMs) }));
  else {
    releaseLink(sim);
    if (fault.verb === "mend") changeClientLink(sim, whole);
  }
}

function breakDatabaseLink(sim: Simulation, fault: LinkFault): void {
  if (fault.verb === "hold") holdDatabaseLink(sim);
  else if (fault.verb === "slow") changeDatabaseLink(sim, { delayNs: fromMs(fault.byMs) });
  else if (fault.verb === "drop") changeDatabaseLink(sim, { lossRate: fault.rate });
  else {
    releaseDatabaseLink(sim);
    if (fault.verb === "mend") changeDatabaseLink(sim, { delayNs: 0, lossRate: 0 });
  }
}

/** What a fault changes of a way that DNS messages take. */
function troubleOf(fault: LinkFault): Partial<WayTrouble> {
  if (fault.verb === "slow") return { delayNs: fromMs(fault.byMs) };
  if (fault.verb === "drop") return { lossRate: fault.rate };
  if (fault.verb === "mend") return { delayNs: 0, lossRate: 0, held: false };
  return { held: fault.verb === "hold" };
}

/** The clients' resolver hangs, goes on, is not there, or begins anew. */
function breakResolver(sim: Simulation, verb: FaultVerb["verb"]): void {
  if (verb === "restart") restartResolver(sim);
  else if (verb === "kill") changeDnsTrouble(sim, { resolver: "killed" });
  else changeDnsTrouble(sim, { resolver: verb === "hold" ? "stopped" : "up" });
}
