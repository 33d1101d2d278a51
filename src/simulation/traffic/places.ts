// Where every request of the crowd is at a moment, for the dots that are drawn of them. Read from the
// worlds of the layers between two events: the deepest program that holds a request is where it is.
import type { Link } from "../../host/transport.ts";
import type { RequestNumber } from "../../kernel/simulation.ts";
import type { Instant, Span } from "../../kernel/time.ts";
import type { ClientWorld, Pending } from "../../layers/browser/bare-context.ts";
import { bareRequest } from "../../layers/browser/bare-machine.ts";
import type { DatabaseWorld } from "../../layers/database/world.ts";
import { worldOf as nginxWorldOf } from "../../layers/nginx/world.ts";
import { CLIENT, worldOf as tcpWorldOf } from "../../layers/tcp/state.ts";
import type { Run } from "../run.ts";
import { applicationListeners, workersNow } from "./gauges.ts";
import { trafficWorldOf } from "./traffic-world.ts";

/** Where a request can be, in the order in which it goes there. */
export const PLACES = [
  "link up",
  "nginx",
  "accept queue",
  "worker",
  "database",
  "lock",
  "link down",
  "retry pause",
  "ended",
] as const;
export type PlaceName = (typeof PLACES)[number];

const code = (name: PlaceName): number => PLACES.indexOf(name);
const LINK_UP = code("link up");
const NGINX = code("nginx");
const ACCEPT_QUEUE = code("accept queue");
const WORKER = code("worker");
const DATABASE = code("database");
const LOCK = code("lock");
const LINK_DOWN = code("link down");
const RETRY_PAUSE = code("retry pause");

export interface Placed {
  /** Index in PLACES. */
  place: number;
  /** Which worker, which connection, or which position in the queue; -1 where there is none. */
  slot: number;
  /** How far along, 0 to 1. */
  progress: number;
  /** When its request was sent, as far as was seen; null before. */
  readonly sentAt: Instant | null;
}

/** How far on its way to Nginx a request is in each state of its client. */
const PROGRESS_UP: Readonly<Record<number, number>> = {
  [bareRequest.state.idle]: 0,
  [bareRequest.state.resolving]: 0.1,
  [bareRequest.state.connecting]: 0.3,
  [bareRequest.state.securing]: 0.5,
  [bareRequest.state.sending]: 0.8,
};
const HALF_WAY = 0.5;
const SENT = 0.9;
/** Where one that had to connect first sets out with its request. */
const CONNECTED = 0.8;
/** After so many times the way to the server something keeps a message, and where it is cannot be told. */
const FLIGHTS_MAX = 3;

/** What was seen of requests at moments before: when each was sent, and when it was last beyond the link. */
export interface SeenBefore {
  readonly sentAt: ReadonlyMap<RequestNumber, Instant>;
  readonly beyondAt: ReadonlyMap<RequestNumber, Instant>;
  /** The last of those moments; -1 for none. */
  readonly at: Instant;
}

/** Nothing was seen yet. */
export const unseen: SeenBefore = { sentAt: new Map(), beyondAt: new Map(), at: -1 };

/** What is known after this moment too. */
export function seenAt(
  now: Instant,
  places: ReadonlyMap<RequestNumber, Placed>,
  before: SeenBefore,
): SeenBefore {
  const sentAt = new Map<RequestNumber, Instant>();
  const beyondAt = new Map<RequestNumber, Instant>();
  for (const [request, { place, sentAt: sent }] of places) {
    if (sent !== null) sentAt.set(request, sent);
    const last = place === LINK_DOWN ? before.beyondAt.get(request) : now;
    if (last !== undefined && isBeyondTheLink(place)) beyondAt.set(request, last);
  }
  return { sentAt, beyondAt, at: now };
}

/** Every request under way, by the number of its try; `seen` tells what was known before. */
export function placesOf(run: Run, seen: SeenBefore): Map<RequestNumber, Placed> {
  const { sim } = run.host;
  const flightNs = Math.max(1, (sim.world.clientLink as Link).rttNs / 2);
  const places = new Map<RequestNumber, Placed>();
  const put = (request: RequestNumber, place: number, slot: number): void => {
    const placed = places.get(request);
    if (placed === undefined || place <= placed.place) return;
    placed.place = place;
    placed.slot = slot;
    placed.progress = HALF_WAY;
  };
  for (const pending of (sim.world.bareClient as ClientWorld).pending.values())
    places.set(
      pending.number,
      onTheLink(pending, sim.stateOf(pending.entity), { seen, flightNs, now: sim.now }),
    );
  for (const request of nginxWorldOf(sim).requests.values()) {
    const placed = places.get(request.number);
    if (placed !== undefined && placed.place === LINK_DOWN) placed.place = LINK_UP;
    put(request.number, NGINX, -1);
  }
  putQueued(run, put);
  workersNow(run).forEach(({ requests }, worker) => {
    for (const request of requests) put(request, WORKER, worker);
  });
  putQueries(run, put);
  for (const errand of trafficWorldOf(sim).pausing.values())
    places.set(errand.first, { place: RETRY_PAUSE, slot: -1, progress: HALF_WAY, sentAt: null });
  return places;
}

interface Flight {
  readonly seen: SeenBefore;
  /** One way between a client and the server. */
  readonly flightNs: Span;
  readonly now: Instant;
}

/**
 * Where a request is that no program holds. Simplification: the links say of no message how far it is, so
 * what was sent is where the time since then puts it; an answer sets out when its request was last seen
 * beyond the link, or came back at once when it never was.
 */
function onTheLink(
  { number, startedAt }: Pick<Pending, "number" | "startedAt">,
  state: number,
  { seen, flightNs, now }: Flight,
): Placed {
  const up = PROGRESS_UP[state];
  if (up !== undefined) return { place: LINK_UP, slot: -1, progress: up, sentAt: null };
  const sentAt = seen.sentAt.get(number) ?? Math.max(startedAt, seen.at);
  const flights = (now - sentAt) / flightNs;
  const beyondAt = seen.beyondAt.get(number);
  if (beyondAt !== undefined) return down(sentAt, (now - beyondAt) / flightNs);
  if (state === bareRequest.state["reading body"]) return down(sentAt, HALF_WAY);
  if (flights > 1 && flights <= FLIGHTS_MAX) return down(sentAt, flights - 1);
  const [from, progress] = [sentAt === startedAt ? 0 : CONNECTED, Math.min(1, flights)];
  const reached = flights > 1 ? SENT : from + (1 - from) * progress;
  return { place: LINK_UP, slot: -1, progress: reached, sentAt };
}

function down(sentAt: Instant, flights: number): Placed {
  return { place: LINK_DOWN, slot: -1, progress: Math.min(1, flights), sentAt };
}

type Put = (request: RequestNumber, place: number, slot: number) => void;

function putQueued(run: Run, put: Put): void {
  const { connections } = tcpWorldOf(run.host.sim);
  for (const { queue } of applicationListeners(run))
    queue.forEach((id, position) => {
      const connection = connections.get(id);
      if (connection !== undefined) put(connection.sides[CLIENT].request, ACCEPT_QUEUE, position);
    });
}

function putQueries(run: Run, put: Put): void {
  let slot = 0;
  for (const { running } of (run.host.sim.world.database as DatabaseWorld).connections.values()) {
    if (running !== null) put(running.request, running.waitsSince > 0 ? LOCK : DATABASE, slot);
    slot++;
  }
}

/** Whether a place lies behind the link between browser and server. */
function isBeyondTheLink(place: number): boolean {
  return place >= NGINX && place <= LINK_DOWN;
}
