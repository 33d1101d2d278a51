// Where every request of the crowd is at a moment, for the dots that are drawn of them. Read from the
// worlds of the layers between two events: the deepest program that holds a request is where it is.
import type { RequestNumber } from "../../kernel/simulation.ts";
import type { ClientWorld } from "../../layers/browser/bare-context.ts";
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

/** Every request under way, by the number of its try. `seen` are those that have been beyond the link before. */
export function placesOf(run: Run, seen: ReadonlySet<RequestNumber>): Map<RequestNumber, Placed> {
  const { sim } = run.host;
  const places = new Map<RequestNumber, Placed>();
  const put = (request: RequestNumber, place: number, slot: number): void => {
    const placed = places.get(request);
    if (placed === undefined || place <= placed.place) return;
    placed.place = place;
    placed.slot = slot;
    placed.progress = HALF_WAY;
  };
  for (const pending of (sim.world.bareClient as ClientWorld).pending.values())
    places.set(pending.number, onTheLink(sim.stateOf(pending.entity), seen.has(pending.number)));
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
    places.set(errand.first, { place: RETRY_PAUSE, slot: -1, progress: HALF_WAY });
  return places;
}

function onTheLink(state: number, wasBeyond: boolean): Placed {
  const up = PROGRESS_UP[state];
  if (up !== undefined) return { place: LINK_UP, slot: -1, progress: up };
  const down = wasBeyond || state === bareRequest.state["reading body"];
  return { place: down ? LINK_DOWN : LINK_UP, slot: -1, progress: down ? HALF_WAY : SENT };
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
export function isBeyondTheLink(place: number): boolean {
  return place >= NGINX && place <= LINK_DOWN;
}
