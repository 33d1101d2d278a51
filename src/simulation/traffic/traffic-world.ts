// What changes in the traffic: plain data in sim.world.traffic, so that keyframes hold it.
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { RequestNumber, Simulation } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { TrafficSpec } from "./traffic-spec.ts";

/** What one client wants: a request and the retries of it. */
export interface Errand {
  /** The number of its first try, by which it is known. */
  first: RequestNumber;
  /** The numbers of its later tries; null while there are none. */
  later: readonly RequestNumber[] | null;
  readonly startedAt: Instant;
  /** Its part of the mix. */
  readonly part: number;
  readonly client: number;
  /** Whose errand it is in a closed loop; -1 in an open one. */
  readonly user: number;
  /** Tries so far. */
  tries: number;
  triedAt: Instant;
}

export interface TrafficWorld {
  spec: TrafficSpec;
  arrived: number;
  answered: number;
  failed: number;
  retries: number;
  gaveUp: number;
  /** How often each status ended an errand; "none" for errands without a response. */
  readonly statuses: Map<string, number>;
  /** By the number of the try under way. */
  underWay: Map<RequestNumber, Errand>;
  /** By the number of the first try: those whose client waits before it tries again. */
  readonly pausing: Map<RequestNumber, Errand>;
  /** The next arrival of an open loop. */
  nextIndex: number;
  nextAt: Instant;
  nextEvent: EventHandle;
  /** Users that have been sent off so far. */
  users: number;
  /** Those of them that have left because there were to be fewer. */
  readonly usersGone: Set<number>;
  /** How many changes of the session have been taken. */
  changesTaken: number;
}

export function emptyTraffic(spec: TrafficSpec): TrafficWorld {
  return {
    spec,
    arrived: 0,
    answered: 0,
    failed: 0,
    retries: 0,
    gaveUp: 0,
    statuses: new Map(),
    underWay: new Map(),
    pausing: new Map(),
    nextIndex: 0,
    nextAt: -1,
    nextEvent: -1,
    users: 0,
    usersGone: new Set(),
    changesTaken: 0,
  };
}

export function trafficWorldOf(sim: Simulation): TrafficWorld {
  return sim.world.traffic as TrafficWorld;
}
