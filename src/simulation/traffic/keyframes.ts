// Keyframes of a run: all that changes, as bytes, to go back to. Writing one costs as much as there is in the
// world, so a small world is written often and a busy one less: writing then takes at most about a third of
// the time of running. Their memory is bounded: when there is too much, every other one is dropped and they are
// taken half as often, so that it stays flat however long a run is.
import type { Keyframe } from "../../kernel/keyframe.ts";
import type { RequestNumber } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { Run } from "../run.ts";

interface Kept {
  readonly keyframe: Keyframe;
  /** The number that the next request would have got. */
  readonly nextRequest: RequestNumber;
  /** Bytes of memory, about. */
  readonly size: number;
}

export interface KeyframeOptions {
  /** Events between two keyframes at least. */
  readonly everyEvents?: number;
  /** How many bytes are kept at most. */
  readonly sizeMax?: number;
}

const EVERY_EVENTS = 2048;
/** Source: measured: 35 ns to write a byte of a keyframe, 2 us to run an event. */
const EVENTS_FOR_A_BYTE = 0.05;
const SIZE_MAX = 160 * 2 ** 20;
/** What a text or a frozen value beside the bytes counts for. Source: measured, tenfold shared ones included. */
const SIZE_OF_REFERENCE = 16;

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

  /** Takes one, if it is due and the run is beyond all others; null when it is not. */
  takeIfDue(run: Run): Keyframe | null {
    const last = this.kept.at(-1);
    if (last !== undefined && run.sim.eventCount < this.dueAfter(last)) return null;
    return this.add(run);
  }

  /** Takes one where the run stands, which may be between others. */
  add(run: Run): Keyframe {
    const keyframe = run.sim.keyframe();
    const size = sizeOf(keyframe);
    const { nextRequest } = run.state();
    const after = this.kept.findLastIndex((other) => other.keyframe.now <= keyframe.now);
    this.kept.splice(after + 1, 0, { keyframe, nextRequest, size });
    this.size += size;
    if (this.size > this.sizeMax) this.thin();
    return keyframe;
  }

  private dueAfter({ keyframe }: Kept): number {
    const events = EVENTS_FOR_A_BYTE * keyframe.bytes.length;
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

function sizeOf({ bytes, references }: Keyframe): number {
  return bytes.length + SIZE_OF_REFERENCE * references.length;
}
