// The dots on the screen: where each is and where it belongs. A frame of the run sets where they belong;
// each frame of the screen brings them nearer, so that a request that is served in a few milliseconds can
// still be followed with the eye. Columns of numbers and no objects: two thousand dots cost little.
import type { TrafficFrame } from "../../../worker/traffic-protocol.ts";
import type { Arrangement } from "../../diagram/arrangements.ts";
import { ANSWERED, FAILED } from "./dot-look.ts";
import {
  dotPlace,
  ENDED,
  firstPlace,
  IN_QUEUE,
  isServed,
  type PlaceBook,
  placeBook,
} from "./dot-places.ts";

/** Dots under way and dots on their way out. */
export const DOTS_MAX = 3_000;
/** While there are so many, a request that has ended already when it is first seen gets no dot. */
const ENDED_MAX = 2_000;
/** A dot covers most of its way in about three times this, in milliseconds. */
const GLIDE_MS = 70;
/** The same into a worker or the database, where most requests stay for a few milliseconds only. */
const SHORT_GLIDE_MS = 16;
/** So near to the clients an answer has arrived. */
const HOME = 8;
/** A dot that has ended is at the clients, and gone, after this long, in milliseconds. */
const LEAVING_MS = 320;
/** The same where so many move that each stands where its request is: its answer has come home already. */
const LEAVING_DENSE_MS = 100;
const RADIUS = 4;
/** So many dots on the move can be told apart; the more there are, the smaller each is. */
const MOVING_ROOM = 80;
const MOVING_RADIUS_MIN = 1.6;
/** Of more dots on the move none is followed with the eye: each then stands where its request is. */
const FOLLOWED_MAX = 160;
/** How much of the way to another size dots come with each frame of the run, so that none flickers. */
const RESIZE_SHARE = 0.1;
/** Nearer than this to its place a dot has arrived. */
const NEAR = 0.4;

const FREE = 0;
const UNDER_WAY = 1;
const LEAVING = 2;

/** Ages at which a dot takes the next colour, in milliseconds. */
export const AGE_STEPS_MS = [250, 1_000, 3_000] as const;

/** Indexes into OUTCOMES (simulation/traffic/dots.ts). */
export const OUTCOME_RETRIED = 1;
export const OUTCOME_ANSWERED = 2;
export const OUTCOME_REFUSED = 4;

interface Taking {
  readonly dots: TrafficFrame["dots"];
  readonly isCut: boolean;
  readonly book: PlaceBook;
}

export class DotField {
  readonly x = new Float32Array(DOTS_MAX);
  readonly y = new Float32Array(DOTS_MAX);
  readonly radius = new Float32Array(DOTS_MAX);
  readonly colour = new Uint8Array(DOTS_MAX);
  /** 1 for a request that was tried before: drawn hollow. */
  readonly isRetried = new Uint8Array(DOTS_MAX);
  readonly request = new Uint32Array(DOTS_MAX);
  readonly state = new Uint8Array(DOTS_MAX);
  /** One more than the highest place in use. */
  used = 0;
  private readonly toX = new Float32Array(DOTS_MAX);
  private readonly toY = new Float32Array(DOTS_MAX);
  /** 1 for a dot whose way is short: into a worker or the database. */
  private readonly isShort = new Uint8Array(DOTS_MAX);
  /** 1 for a dot that waits in the queue: it takes its next place at once, as the others do. */
  private readonly isQueued = new Uint8Array(DOTS_MAX);
  private readonly seen = new Uint32Array(DOTS_MAX);
  private readonly leavingMs = new Float32Array(DOTS_MAX);
  private readonly places = new Map<number, number>();
  private readonly free: number[] = [];
  private stamp = 0;
  private movingRadius = RADIUS;
  private isDense = false;

  /** Takes the dots of a frame. `isCut` puts each at its place at once. */
  take(arrangement: Arrangement, frame: TrafficFrame, isCut: boolean): void {
    const { dots } = frame;
    const taking = { dots, isCut, book: placeBook(arrangement, frame) };
    this.stamp += 1;
    this.sizeMoving(dots, isCut);
    for (let i = 0; i < dots.count; i += 1)
      if (dots.place[i] !== ENDED || (!isCut && this.hasRoomFor(dots.request[i])))
        this.takeOne(taking, i);
    this.dropUnseen(isCut);
  }

  private hasRoomFor(ended: number): boolean {
    return this.places.has(ended) || (!this.isDense && this.places.size < ENDED_MAX);
  }

  private takeOne({ dots, isCut, book }: Taking, i: number): void {
    const at = this.placeOf(dots.request[i]);
    if (at === -1) return;
    const hasEnded = dots.place[i] === ENDED;
    const point = dotPlace(book, dots, i);
    this.toX[at] = point.x;
    this.toY[at] = point.y;
    const place = dots.place[i];
    const isWaiting = place === IN_QUEUE && this.isQueued[at] === 1 && this.state[at] === UNDER_WAY;
    if (isCut || isWaiting) this.put(at, point);
    else if (this.state[at] === FREE)
      this.put(at, this.isDense && !hasEnded ? point : firstPlace(book, dots.request[i], hasEnded));
    this.state[at] = hasEnded ? LEAVING : UNDER_WAY;
    this.leavingMs[at] = this.isDense ? LEAVING_DENSE_MS : LEAVING_MS;
    this.seen[at] = this.stamp;
    this.isShort[at] = this.isDense || isServed(place) ? 1 : 0;
    this.isQueued[at] = place === IN_QUEUE ? 1 : 0;
    this.request[at] = dots.request[i];
    this.colour[at] = colourOf(dots.outcome[i], dots.ageMs[i]);
    this.isRetried[at] = dots.outcome[i] === OUTCOME_RETRIED ? 1 : 0;
    this.radius[at] = this.radiusAt(place, book);
  }

  private radiusAt(place: number, { queue }: PlaceBook): number {
    if (place === IN_QUEUE) return Math.min(RADIUS, queue.cell * 0.42);
    return isServed(place) ? RADIUS : this.movingRadius;
  }

  /** Ten thousand requests a second would be one thick line on the wire. */
  private sizeMoving(dots: TrafficFrame["dots"], isCut: boolean): void {
    let moving = 0;
    for (let i = 0; i < dots.count; i += 1)
      if (dots.place[i] !== IN_QUEUE && !isServed(dots.place[i])) moving += 1;
    this.isDense = moving > FOLLOWED_MAX;
    const radius = RADIUS * Math.sqrt(MOVING_ROOM / Math.max(MOVING_ROOM, moving));
    const share = isCut ? 1 : RESIZE_SHARE;
    this.movingRadius += (Math.max(MOVING_RADIUS_MIN, radius) - this.movingRadius) * share;
  }

  /** Brings every dot nearer to its place; false when all have arrived. */
  glide(elapsedMs: number): boolean {
    let isMoving = false;
    const share = 1 - Math.exp(-elapsedMs / GLIDE_MS);
    const shortShare = 1 - Math.exp(-elapsedMs / SHORT_GLIDE_MS);
    for (let at = 0; at < this.used; at += 1) {
      if (this.state[at] === FREE) continue;
      const glided = this.isShort[at] === 1 ? shortShare : share;
      // An answer comes home at an even pace: so many of them do not crowd where each slows down.
      const isHome = this.state[at] === LEAVING;
      const even = Math.min(1, elapsedMs / Math.max(1, this.leavingMs[at]));
      const rest = this.approach(at, isHome ? even : glided);
      if (this.state[at] === UNDER_WAY) {
        if (rest > 0) isMoving = true;
        continue;
      }
      isMoving = true;
      this.leavingMs[at] -= elapsedMs;
      if (this.leavingMs[at] <= 0 || rest < HOME) this.drop(at);
    }
    return isMoving;
  }

  /** One dot's part of the way; what is left of it. */
  private approach(at: number, glided: number): number {
    const dx = this.toX[at] - this.x[at];
    const dy = this.toY[at] - this.y[at];
    const isThere = Math.abs(dx) < NEAR && Math.abs(dy) < NEAR;
    const share = isThere ? 1 : glided;
    this.x[at] += dx * share;
    this.y[at] += dy * share;
    return isThere ? 0 : Math.abs(dx) + Math.abs(dy);
  }

  /** The request of the dot nearest to a point and within `reach`; null when there is none. */
  nearest(x: number, y: number, reach: number): number | null {
    let best = reach * reach;
    let found: number | null = null;
    for (let at = 0; at < this.used; at += 1) {
      if (this.state[at] === FREE) continue;
      const distance = (this.x[at] - x) ** 2 + (this.y[at] - y) ** 2;
      if (distance > best) continue;
      best = distance;
      found = this.request[at];
    }
    return found;
  }

  isFree(at: number): boolean {
    return this.state[at] === FREE;
  }

  private put(at: number, { x, y }: { readonly x: number; readonly y: number }): void {
    this.x[at] = x;
    this.y[at] = y;
  }

  /** The column's place of a request, a new one when it has none; -1 when all are taken. */
  private placeOf(request: number): number {
    const known = this.places.get(request);
    if (known !== undefined) return known;
    const at = this.free.pop() ?? (this.used < DOTS_MAX ? this.used++ : -1);
    if (at !== -1) this.places.set(request, at);
    return at;
  }

  private drop(at: number): void {
    this.places.delete(this.request[at]);
    this.state[at] = FREE;
    this.free.push(at);
  }

  /** Forgets what is no more in the run, and what is on its way out when that is not to be seen. */
  private dropUnseen(isCut: boolean): void {
    for (let at = 0; at < this.used; at += 1) {
      const isGone = this.state[at] === UNDER_WAY && this.seen[at] !== this.stamp;
      if (isGone || (isCut && this.state[at] === LEAVING)) this.drop(at);
    }
  }
}

function colourOf(outcome: number, ageMs: number): number {
  if (outcome >= OUTCOME_REFUSED) return FAILED;
  if (outcome >= OUTCOME_ANSWERED) return ANSWERED;
  return AGE_STEPS_MS.filter((step) => ageMs >= step).length;
}
