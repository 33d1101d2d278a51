// Links that change while connections are open: slower, lossy, held, or mended. What is on its way
// already arrives as it would have. A link that is held lets nothing through and says nothing, as a
// firewall that drops: SYNs go on by their schedule, and data by the retransmission timer.
import type { Link } from "../../host/transport.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import type { Instant, Span } from "../../kernel/time.ts";
import { RTO_MAX_NS, RTO_MIN_NS } from "./costs.ts";
import { deliver } from "./delivery.ts";
import { sideOf, worldOf } from "./state.ts";

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

/** Nothing comes through between other machines and the server from now on. */
export function holdLink(sim: Simulation): void {
  worldOf(sim).held ??= [];
}

/** Everything comes through again: what was sent meanwhile arrives with its sender's next retransmission. */
export function releaseLink(sim: Simulation): void {
  const world = worldOf(sim);
  const held = world.held ?? [];
  world.held = null;
  for (const { to, parcel, sentAt } of held) {
    const side = sideOf(sim, to);
    if (side === undefined) continue;
    const { halfRttNs } = side.connection;
    const at = nextRetransmission(sentAt, sim.now, RTO_MIN_NS + 2 * halfRttNs);
    deliver(sim, side, parcel, at + halfRttNs);
  }
}

/**
 * When what was sent at an instant is sent again for the first time after `now`: the timeout doubles
 * with every try. Source: RFC 6298, section 5; Linux tcp_retransmit_timer.
 */
function nextRetransmission(sentAt: Instant, now: Instant, timeoutNs: Span): Instant {
  let at = sentAt;
  for (let timeout = timeoutNs; at < now; timeout = Math.min(2 * timeout, RTO_MAX_NS))
    at += timeout;
  return at;
}
