// The link between the application and PostgreSQL, and what can be wrong with it: slower, lossy, or held
// by a firewall that drops everything until it is told to let it through. SQLite has no link.
// Simplification: a packet that is lost comes again after Linux's least retransmission timeout, however
// long the round trip is; on a unix socket, which loses nothing, only delay and holding are felt.
import type { Simulation } from "../../kernel/simulation.ts";
import { type Instant, MILLISECOND, type Span } from "../../kernel/time.ts";
import { roundTripNs } from "./postgres-server.ts";
import type { Runtime } from "./runtime.ts";
import type { Connection, DatabaseLink, DatabaseWorld } from "./world.ts";

/** What is sent, for the draws: each has a number of its own. */
const LEGS = { connect: 0, authenticate: 1, ask: 2, answer: 3, terminate: 4 } as const;

/** Something sent: how many round trips it takes, and the event with which it is there. */
export interface Crossing {
  readonly leg: keyof typeof LEGS;
  readonly trips: number;
  readonly event: number;
  readonly value: number;
}

/** What was sent while the link was held. */
export interface HeldCrossing {
  readonly event: number;
  readonly connection: number;
  readonly value: number;
  readonly tripNs: Span;
  readonly sentAt: Instant;
}

/** Source: Linux, include/net/tcp.h, TCP_RTO_MIN and TCP_RTO_MAX. */
const RTO_MIN_NS: Span = 200 * MILLISECOND;
const RTO_MAX_NS: Span = 120_000 * MILLISECOND;
/** Purpose of the draws (random.ts); what was sent and how often is added. */
const LOSS_ON_LINK = 0x7d0000;
/** More losses in a row than this do not happen before somebody gives up. */
const LOSSES_MAX = 8;
const PACKETS_MAX = 8;

/** A host that is a path, or none, means the socket of this machine. */
export const usesTcp = ({ place }: Connection): boolean => !place.startsWith(":");

/** Sends something across the link of a connection; the event comes when it is there. */
export function cross(runtime: Runtime, connection: Connection, crossing: Crossing): void {
  const { sim } = runtime;
  const { event, value, trips } = crossing;
  const { link } = sim.world.database as DatabaseWorld;
  const tripNs = trips * (roundTripNs(runtime, connection) + 2 * link.delayNs);
  if (link.held !== null) {
    link.held.push({ event, connection: connection.id, value, tripNs, sentAt: sim.now });
    return;
  }
  const lateNs = link.lossRate > 0 && usesTcp(connection) ? repairNs(sim, connection, crossing) : 0;
  sim.after(tripNs + lateNs, event, connection.id, value);
}

/** How much later something is there because packets of it were lost. */
function repairNs(sim: Simulation, { id }: Connection, { leg, trips, value }: Crossing): Span {
  const { lossRate } = (sim.world.database as DatabaseWorld).link;
  const first = LOSS_ON_LINK + (value * 8 + LEGS[leg]) * PACKETS_MAX * LOSSES_MAX;
  let late = 0;
  for (let packet = 0; packet < 2 * trips; packet++) {
    let timeout = RTO_MIN_NS;
    for (let lost = 0; lost < LOSSES_MAX; lost++, timeout *= 2) {
      if (sim.uniform(id, first + packet * LOSSES_MAX + lost) >= lossRate) break;
      late += timeout;
    }
  }
  return late;
}

/** The link has another delay each way, or another share of lost packets, from now on. */
export function changeDatabaseLink(
  sim: Simulation,
  change: Partial<Pick<DatabaseLink, "delayNs" | "lossRate">>,
): void {
  Object.assign((sim.world.database as DatabaseWorld).link, change);
}

/** Lets nothing through from now on. What is on its way already arrives. */
export function holdDatabaseLink(sim: Simulation): void {
  const { link } = sim.world.database as DatabaseWorld;
  link.held ??= [];
}

/** Lets everything through again: what was sent meanwhile comes with its sender's next retransmission. */
export function releaseDatabaseLink(sim: Simulation): void {
  const { link } = sim.world.database as DatabaseWorld;
  const held = link.held ?? [];
  link.held = null;
  for (const { event, connection, value, tripNs, sentAt } of held)
    sim.at(nextRetransmission(sentAt, sim.now) + tripNs, event, connection, value);
}

/** The first retransmission after `now` of what was sent at an instant: the timeout doubles every time. */
function nextRetransmission(sentAt: Instant, now: Instant): Instant {
  let at = sentAt;
  for (let timeout = RTO_MIN_NS; at < now; timeout = Math.min(2 * timeout, RTO_MAX_NS))
    at += timeout;
  return at;
}
