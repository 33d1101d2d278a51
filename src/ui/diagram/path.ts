// The way of the message: over which links it goes from place to place, and where it is after a part of
// that way. Paths are sampled once when a step begins; a frame only looks a point up.
import type { Arrangement, Link } from "./arrangements.ts";
import type { BoxId } from "./places.ts";
import type { Point } from "./rect.ts";

interface Arrival {
  readonly box: BoxId;
  readonly points: readonly Point[];
}

/** Points along the links from one box to another; empty when they are the same or not joined. */
export function waypoints(arrangement: Arrangement, from: BoxId, to: BoxId): readonly Point[] {
  const arrivals = spread(arrangement, from);
  const way: Point[] = [];
  for (let box = to; box !== from; ) {
    const arrival = arrivals.get(box);
    if (arrival === undefined) return [];
    way.unshift(...arrival.points);
    box = arrival.box;
  }
  return way;
}

/** How each box is first reached from `from`, breadth first. */
function spread({ links }: Arrangement, from: BoxId): ReadonlyMap<BoxId, Arrival> {
  const arrivals = new Map<BoxId, Arrival>();
  const reached: BoxId[] = [from];
  for (const box of reached) {
    for (const { to, points } of leadingFrom(links, box)) {
      if (to === from || arrivals.has(to)) continue;
      arrivals.set(to, { box, points });
      reached.push(to);
    }
  }
  return arrivals;
}

/** The links that touch `box`, each seen as leading away from it. */
function leadingFrom(links: readonly Link[], box: BoxId) {
  const away = links.filter(({ a }) => a === box).map(({ b, points }) => ({ to: b, points }));
  const towards = links
    .filter(({ b }) => b === box)
    .map(({ a, points }) => ({ to: a, points: [...points].reverse() }));
  return [...away, ...towards];
}

/** A polyline prepared for looking up points by distance. */
export interface SampledPath {
  readonly points: readonly Point[];
  /** Distance from the start to each point. */
  readonly distances: readonly number[];
  readonly length: number;
}

/** Measures a polyline once. */
export function samplePath(points: readonly Point[]): SampledPath {
  const distances: number[] = [0];
  for (let i = 1; i < points.length; i += 1) {
    const step = Math.hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
    distances.push(distances[i - 1] + step);
  }
  return { points, distances, length: distances.at(-1) ?? 0 };
}

/** The point after `share` (0 to 1) of the way. */
export function pointAt(path: SampledPath, share: number): Point {
  const { points, distances, length } = path;
  const last = points[points.length - 1];
  if (length === 0 || share >= 1) return last;
  const distance = Math.max(0, share) * length;
  let i = 1;
  while (distances[i] < distance) i += 1;
  const span = distances[i] - distances[i - 1];
  const part = span === 0 ? 0 : (distance - distances[i - 1]) / span;
  const [a, b] = [points[i - 1], points[i]];
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

/** Shortest and longest time the message glides, in milliseconds. */
const GLIDE_MS_MIN = 150;
const GLIDE_MS_MAX = 300;

/** How long a way takes: longer ways a little longer, never tedious. */
export function glideMs(length: number): number {
  return Math.min(GLIDE_MS_MAX, GLIDE_MS_MIN + length * 0.3);
}

/** Slow at both ends. */
export function ease(share: number): number {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}
