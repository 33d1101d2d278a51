// What is kept of a crowd: its time series, and a few requests that are worth opening (the slowest, the
// failed, some at random). It lies outside of the world, since it only listens: going back in time
// leaves it as it is, and what has been heard once is not heard again.

import type { Simulation } from "../../kernel/simulation.ts";
import type { Instant, Span } from "../../kernel/time.ts";
import type { TrafficObserver } from "./errands.ts";
import type { Gauges } from "./gauges.ts";
import { TimeSeries } from "./time-series.ts";
import type { Errand } from "./traffic-world.ts";

/** An errand that has ended. */
export interface EndedErrand {
  /** The number of its first try. */
  readonly request: number;
  /** The numbers of the tries after it, each a request of its own. */
  readonly later: readonly number[];
  readonly part: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly status: number | null;
  readonly tries: number;
}

const NO_TRIES: readonly number[] = [];
const SLOWEST_MAX = 100;
const FAILED_MAX = 1000;
const RANDOM_MAX = 200;
const RECENT_MAX = 400;
const SERVER_ERROR = 500;

export class TrafficRecord implements TrafficObserver {
  readonly series: TimeSeries;
  /** The slowest, in no order. */
  slowest: EndedErrand[] = [];
  /** The first that failed, in order. */
  failed: EndedErrand[] = [];
  /** Every n-th, so that as many as fit lie evenly over the run. */
  sample: EndedErrand[] = [];
  /** Ended since somebody looked last. */
  recent: EndedErrand[] = [];
  private stride = 1;
  private ended_ = 0;
  private quickestOfSlowest = 0;
  /** Everything up to this event has been heard. */
  private heard = 0;
  private readonly sim: () => Simulation;

  constructor(bucketNs: Span, sim: () => Simulation) {
    this.series = new TimeSeries(bucketNs);
    this.sim = sim;
  }

  /** Whether the run is where it has not been before. */
  get isNews(): boolean {
    return this.sim().eventCount > this.heard;
  }

  /** Remembers that all up to now has been heard. Call when the run stops. */
  catchUp(): void {
    this.heard = Math.max(this.heard, this.sim().eventCount);
  }

  arrived(): void {
    if (this.isNews) this.series.arrived();
  }

  ended(errand: Errand, status: number | null): void {
    const { now } = this.sim();
    const ended: EndedErrand = {
      request: errand.first,
      later: errand.later ?? NO_TRIES,
      part: errand.part,
      startedAt: errand.startedAt,
      endedAt: now,
      status,
      tries: errand.tries,
    };
    if (this.recent.length < RECENT_MAX) this.recent.push(ended);
    if (!this.isNews) return;
    this.series.ended(status, now - errand.startedAt);
    if (this.ended_++ % this.stride === 0) this.keepSample(ended);
    if ((status === null || status >= SERVER_ERROR) && this.failed.length < FAILED_MAX)
      this.failed.push(ended);
    if (now - errand.startedAt > this.quickestOfSlowest) this.keepSlow(ended);
  }

  /** A request that is remembered, by the number of any of its tries. */
  find(request: number): EndedErrand | null {
    const remembered = [...this.slowest, ...this.failed, ...this.sample];
    const isIt = (ended: EndedErrand): boolean =>
      ended.request === request || ended.later.includes(request);
    return remembered.find(isIt) ?? null;
  }

  look(gauges: Gauges): void {
    this.series.sample(gauges);
  }

  /** Takes back what came after an instant, since the run will go another way; hearing resumes by `resume`. */
  truncate(at: Instant, timeNs: Span): void {
    const before = (ended: EndedErrand): boolean => ended.endedAt <= at;
    this.series.truncate(timeNs);
    this.slowest = this.slowest.filter(before);
    this.failed = this.failed.filter(before);
    this.sample = this.sample.filter(before);
    this.quickestOfSlowest = 0;
    this.heard = Infinity;
  }

  /** From here on everything is news again. */
  resume(): void {
    this.heard = this.sim().eventCount;
  }

  /** Hears nothing while `action` lasts: the run goes over old ground, or ground it will not keep. */
  unheard<T>(action: () => T): T {
    const { heard } = this;
    this.heard = Infinity;
    const result = action();
    this.heard = heard;
    this.recent = [];
    return result;
  }

  private keepSample(ended: EndedErrand): void {
    this.sample.push(ended);
    if (this.sample.length <= RANDOM_MAX) return;
    this.sample = this.sample.filter((_, i) => i % 2 === 0);
    this.stride *= 2;
  }

  private keepSlow(ended: EndedErrand): void {
    this.slowest.push(ended);
    if (this.slowest.length <= 2 * SLOWEST_MAX) return;
    this.slowest = sortedBySlowness(this.slowest).slice(0, SLOWEST_MAX);
    const last = this.slowest[SLOWEST_MAX - 1];
    this.quickestOfSlowest = last.endedAt - last.startedAt;
  }
}

/** The slowest first. */
export function sortedBySlowness(errands: readonly EndedErrand[]): EndedErrand[] {
  return [...errands].sort(
    (a, b) => b.endedAt - b.startedAt - (a.endedAt - a.startedAt) || a.request - b.request,
  );
}
