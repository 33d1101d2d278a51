// Keyframes of a run: copies of everything that changes, to go back to. A copy costs as much as there is in
// the world, so a small world is copied often and a busy one seldom: copying then takes about a tenth of
// the time of running. Their memory is bounded: when there is too much, every other one is dropped and they
// are taken half as often, so that it stays flat however long a run is.
import type { Keyframe, RequestNumber } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { Run } from "../run.ts";

interface Kept {
  readonly keyframe: Keyframe;
  /** The number that the next request would have got. */
  readonly nextRequest: RequestNumber;
  readonly size: number;
}

export interface KeyframeOptions {
  /** Events between two keyframes at least. */
  readonly everyEvents?: number;
  /** How much is kept at most, in entities and pending events. */
  readonly sizeMax?: number;
}

const EVERY_EVENTS = 1024;
/**
 * Events for each entity or pending event between two keyframes, so that copying takes a tenth of the time.
 * Source: measured: 0.4 ms for 500 of them, 26 ms for 7,000 (each with more on it), 3.3 us an event.
 */
const EVENTS_FOR_EACH = 3;
const CROWDED = 2000;
/** About 200 MB. Source: measured: 0.3 to 1 KB for an entity or pending event with what hangs on it. */
const SIZE_MAX = 250_000;
/** What a world without any requests counts for beside its entities. */
const SIZE_OF_IDLE_WORLD = 100;

export class Keyframes {
  private kept: Kept[] = [];
  private everyEvents: number;
  private size = 0;
  private readonly sizeMax: number;

  constructor({ everyEvents = EVERY_EVENTS, sizeMax = SIZE_MAX }: KeyframeOptions = {}) {
    this.everyEvents = everyEvents;
    this.sizeMax = sizeMax;
  }

  get count(): number {
    return this.kept.length;
  }

  /** Takes one, if it is due and the run is beyond all others. */
  takeIfDue(run: Run): void {
    const last = this.kept.at(-1);
    if (last !== undefined && run.sim.eventCount < this.dueAfter(last)) return;
    const { nextRequest } = run.state();
    const keyframe = run.sim.keyframe();
    const size = sizeOf(keyframe);
    this.kept.push({ keyframe, nextRequest, size });
    this.size += size;
    if (this.size > this.sizeMax) this.thin();
  }

  private dueAfter({ keyframe, size }: Kept): number {
    const events = EVENTS_FOR_EACH * size * (1 + size / CROWDED);
    return keyframe.eventCount + Math.max(this.everyEvents, events);
  }

  private thin(): void {
    this.keep((_, i) => i % 2 === 0);
    this.everyEvents *= 2;
  }

  private keep(wanted: (kept: Kept, index: number) => boolean): void {
    this.kept = this.kept.filter(wanted);
    this.size = this.kept.reduce((sum, { size }) => sum + size, 0);
  }

  /** The last one not after an instant, or null. */
  before(at: Instant): Keyframe | null {
    return this.kept.findLast(({ keyframe }) => keyframe.now <= at)?.keyframe ?? null;
  }

  /** The last one before a request began, or null. */
  beforeRequest(request: RequestNumber): Keyframe | null {
    return this.kept.findLast(({ nextRequest }) => nextRequest <= request)?.keyframe ?? null;
  }

  /** Forgets those after an instant: the run takes another way there. */
  truncate(at: Instant): void {
    this.keep(({ keyframe }) => keyframe.now <= at);
  }
}

function sizeOf({ entities, queue }: Keyframe): number {
  return SIZE_OF_IDLE_WORLD + entities.count - entities.freed.length + queue.size;
}
