// Where a dot belongs: the place that the run says its request is at, as a point of the picture. Requests
// at one place are spread by their number, so that each keeps its own spot.
import type { PlaceName } from "../../../simulation/traffic/places.ts";
import type { TrafficFrame } from "../../../worker/traffic-protocol.ts";
import type { Arrangement } from "../../diagram/arrangements.ts";
import type { Point } from "../../diagram/rect.ts";
import {
  type ConnectionGrid,
  connectionGrid,
  connectionPlace,
  type QueueGrid,
  type QueueLength,
  queueGrid,
  queuePlace,
  requestPlace,
  type WorkerGrid,
  wireOf,
  workerGrid,
} from "./crowd-parts.ts";

/** The order of PLACES (simulation/traffic/places.ts), of which the page may import the type alone. */
export const places: readonly PlaceName[] = [
  ...(["link up", "nginx", "accept queue", "worker", "database", "lock"] as const),
  ...(["link down", "retry pause", "ended"] as const),
];

export const ENDED = places.indexOf("ended");
export const IN_QUEUE = places.indexOf("accept queue");

/** Whether a place is a worker's or the database's. */
export function isServed(place: number): boolean {
  const name = places[place];
  return name === "worker" || name === "database" || name === "lock";
}

/** What the places of one frame are computed with. */
export interface PlaceBook {
  readonly arrangement: Arrangement;
  readonly queue: QueueGrid;
  readonly workers: WorkerGrid;
  readonly connections: ConnectionGrid;
  /** How many requests were put into each worker in this frame. */
  readonly taken: Uint16Array;
}

/** The book for a frame; made anew for each, because queue and workers come and go. */
export function placeBook(arrangement: Arrangement, frame: TrafficFrame): PlaceBook {
  const { boxes, isCompact } = arrangement;
  return {
    arrangement,
    queue: queueGrid(boxes.queue, queueLength(frame), isCompact),
    workers: workerGrid(boxes.gunicorn, frame.workers.length, isCompact),
    connections: connectionGrid(boxes.database, connectionsMax(frame)),
    taken: new Uint16Array(frame.workers.length),
  };
}

/** The length of a gauge of the frame, 0 when the run has none of this kind. */
export function gaugeLength(frame: TrafficFrame, id: TrafficFrame["queues"][number]["id"]): number {
  return frame.queues.find((gauge) => gauge.id === id)?.length ?? 0;
}

/** How many wait in the queue, and how many of them for nobody. */
export function queueLength(frame: TrafficFrame): QueueLength {
  return {
    length: gaugeLength(frame, "accept queue"),
    left: gaugeLength(frame, "left in the queue"),
  };
}

/** max_connections where there is one. */
export function connectionsMax(frame: TrafficFrame): number {
  return frame.queues.find(({ id }) => id === "database connections")?.max ?? 100;
}

/** A number from 0 to 1 that belongs to a request for ever. */
export function spreadOf(request: number): number {
  return ((request * 2_654_435_761) >>> 8) / 2 ** 24;
}

/** How far dots on the wire stand off its middle. */
const LANE = { nearest: 3, widest: 12 } as const;

/** The place of row `i` of the frame's dots. */
export function dotPlace(book: PlaceBook, dots: TrafficFrame["dots"], i: number): Point {
  const request = dots.request[i];
  const slot = dots.slot[i];
  switch (places[dots.place[i]]) {
    case "link up":
      return onWire(book, alongWire(dots.progress[i], request), -spreadOf(request));
    case "link down":
      return onWire(book, 1 - alongWire(dots.progress[i], request), spreadOf(request));
    case "accept queue":
      return queuePlace(book.queue, Math.max(0, slot));
    case "worker":
      return inWorker(book, slot);
    case "database":
    case "lock":
      return connectionPlace(book.connections, Math.max(0, slot));
    case "retry pause":
      return inClients(book, request);
    case "ended":
      return onWire(book, 0, spreadOf(request));
    default:
      return inNginx(book, request);
  }
}

/** Where the dot of a request is first seen: at the clients, or at the server when it has ended already. */
export function firstPlace(book: PlaceBook, request: number, hasEnded: boolean): Point {
  const lane = spreadOf(request);
  return hasEnded ? onWire(book, 1, lane) : onWire(book, 0, -lane);
}

function onWire({ arrangement }: PlaceBook, share: number, lane: number): Point {
  const { from, to } = wireOf(arrangement);
  return { x: from.x + (to.x - from.x) * share, y: from.y + laneOf(lane) };
}

/** How much of the wire requests that are equally far are spread over, in its middle. */
const SPREAD_SHARE = 0.4;

/** The spread is none at both ends, so that none stands beyond them and no dot goes back. */
function alongWire(progress: number, request: number): number {
  const shift = (spreadOf(request * 7 + 3) - 0.5) * SPREAD_SHARE;
  return progress + shift * 4 * progress * (1 - progress);
}

/** Requests above the wire, answers below it. */
function laneOf(lane: number): number {
  const { nearest, widest } = LANE;
  return Math.sign(lane) * (nearest + Math.abs(lane) * (widest - nearest));
}

function inNginx({ arrangement }: PlaceBook, request: number): Point {
  const { nginx } = arrangement.boxes;
  const above = arrangement.isCompact ? 56 : 48;
  return {
    x: nginx.x + 8,
    y: nginx.y + above + spreadOf(request) * Math.max(0, nginx.h - above - 12),
  };
}

function inClients({ arrangement }: PlaceBook, request: number): Point {
  const { browser } = arrangement.boxes;
  return {
    x: browser.x + 14 + spreadOf(request) * (browser.w - 28),
    y: browser.y + browser.h - 10,
  };
}

function inWorker({ workers, taken, queue }: PlaceBook, slot: number): Point {
  const cell = workers.cells[slot];
  if (cell === undefined) return queuePlace(queue, 0);
  const index = taken[slot];
  taken[slot] += 1;
  return requestPlace(cell, index);
}
