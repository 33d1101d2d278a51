// Links that change while connections are open: slower, lossy, or mended. What is on its way already
// arrives as it would have.
import type { Link } from "../../host/transport.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import type { Span } from "../../kernel/time.ts";
import { worldOf } from "./state.ts";

/** The open connections of other machines feel a changed link from now on. */
export function changeOpenLinks(sim: Simulation, link: Link): void {
  for (const connection of worldOf(sim).connections.values()) {
    if (connection.local || !connection.remote) continue;
    connection.halfRttNs = Math.round(link.rttNs / 2);
    connection.lossRate = link.lossRate;
  }
}

/** Everything that programs on the server say to each other takes so much longer from now on. */
export function delayLocalSockets(sim: Simulation, delayNs: Span): void {
  worldOf(sim).localDelayNs = delayNs;
}
