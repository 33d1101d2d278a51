// Keyframes of a run: copies of everything that changes, taken every so many events, to go back to. Their
// number is bounded: when there are too many every other one is dropped and they are taken half as often,
// so that memory stays flat however long a run is.
import type { Keyframe, RequestNumber } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { Run } from "../run.ts";

interface Kept {
  readonly keyframe: Keyframe;
  /** The number that the next request would have got. */
  readonly nextRequest: RequestNumber;
}

export interface KeyframeOptions {
  /** Events between two keyframes at first. */
  readonly everyEvents?: number;
  readonly keptMax?: number;
}

const EVERY_EVENTS = 16_384;
const KEPT_MAX = 96;

export class Keyframes {
  private kept: Kept[] = [];
  private everyEvents: number;
  private readonly keptMax: number;

  constructor({ everyEvents = EVERY_EVENTS, keptMax = KEPT_MAX }: KeyframeOptions = {}) {
    this.everyEvents = everyEvents;
    this.keptMax = keptMax;
  }

  get count(): number {
    return this.kept.length;
  }

  /** Events that may still pass before the next keyframe is due, for a run that is at its end. */
  eventsLeft(run: Run): number {
    const last = this.kept.at(-1);
    if (last === undefined) return 0;
    return Math.max(0, last.keyframe.eventCount + this.everyEvents - run.sim.eventCount);
  }

  /** Takes one, if it is due and the run is beyond all others. */
  takeIfDue(run: Run): void {
    if (this.eventsLeft(run) > 0) return;
    const { nextRequest } = run.state();
    this.kept.push({ keyframe: run.sim.keyframe(), nextRequest });
    if (this.kept.length <= this.keptMax) return;
    this.kept = this.kept.filter((_, i) => i % 2 === 0);
    this.everyEvents *= 2;
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
    this.kept = this.kept.filter(({ keyframe }) => keyframe.now <= at);
  }
}
