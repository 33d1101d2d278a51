// One run of traffic that somebody watches: it goes on in slices, is looked at, changed, taken back and
// forth, and any request of it is opened. What is computed once is kept as keyframes and a record, so
// that a moment seen before costs no more than the way from the keyframe before it.

import type { RecordedRow } from "../../kernel/recorder.ts";
import type { RequestNumber } from "../../kernel/simulation.ts";
import { type Instant, MILLISECOND, SECOND, type Span } from "../../kernel/time.ts";
import type { Facts } from "../../layers/layer.ts";
import type { Journey } from "../journey.ts";
import type { Scenario } from "../scenario.ts";
import { tellJourney } from "../story.ts";
import { type PlannedChange, planChange, type TrafficChange, takeChange } from "./changes.ts";
import { type Gauges, gaugesOf } from "./gauges.ts";
import { type KeyframeOptions, Keyframes } from "./keyframes.ts";
import { installOperator, type Operator } from "./operator.ts";
import { TrafficRecord } from "./record.ts";
import { newestStanding, type Taken, type TimedChange } from "./taken.ts";
import { bucketLength } from "./time-series.ts";
import { startTraffic, type Traffic } from "./traffic.ts";
import { type TrafficSpec, trafficOf } from "./traffic-spec.ts";
import type { TrafficWorld } from "./traffic-world.ts";

export interface SessionOptions {
  readonly traffic?: TrafficSpec;
  readonly seed?: number;
  readonly changes?: readonly TimedChange[];
  readonly keyframes?: KeyframeOptions;
}

/** Looks at the levels in a bucket. */
const LOOKS_PER_BUCKET = 100;
/** Events between two questions whether to go on. */
const EVENTS_AT_ONCE = 1000;
/** What happens after a request's end that still belongs to it: log lines, connections closing. */
const SETTLE_NS: Span = 60 * MILLISECOND;
/** A moment so far from the keyframe before it gets one of its own when it is sought after another one there. */
const FAR_EVENTS = 4096;
/** The first so many keyframes, and then each so-manieth, are gone back to as soon as they are taken. */
const REHEARSALS = 30;
const REHEARSED_EVERY = 32;
const NOBODY: RequestNumber = -3;
const OTHERS: RequestNumber = -1;
/** How long after the last arrival answers are waited for. */
const DRAIN_NS: Span = 120 * SECOND;

export class TrafficSession {
  readonly traffic: Traffic;
  readonly record: TrafficRecord;
  readonly problems: string[] = [];
  private readonly base: Scenario;
  private readonly operator: Operator;
  private readonly keyframes: Keyframes;
  private readonly lookNs: Span;
  private looks = 0;
  /** The moment of the keyframe before the one that was sought last. */
  private soughtFrom: Instant = -1;
  private changes: Taken[] = [];
  private pendingChanges: readonly TimedChange[];
  private wanted: RequestNumber = NOBODY;
  private hearsOthers = true;
  private bootRows: RecordedRow[] = [];
  private bootFacts = new Map<number, Facts>();
  private knownAt: Instant = 0;
  private readonly openedAt = new Map<RequestNumber, Span>();

  constructor(scenario: Scenario, options: SessionOptions = {}) {
    this.base = { ...scenario, traffic: options.traffic ?? trafficOf(scenario) };
    this.traffic = startTraffic(this.base, {
      seed: options.seed,
      wants: (request) => request === this.wanted || (request === OTHERS && this.hearsOthers),
      observer: {
        arrived: () => this.record.arrived(),
        ended: (errand, status) => this.record.ended(errand, status),
      },
    });
    const { run, end } = this.traffic;
    const bucketNs = bucketLength(end - run.zero);
    this.record = new TrafficRecord(bucketNs, () => run.sim);
    this.lookNs = bucketNs / LOOKS_PER_BUCKET;
    this.operator = installOperator(run);
    this.keyframes = new Keyframes(options.keyframes);
    this.pendingChanges = [...(options.changes ?? [])].sort((a, b) => a.atNs - b.atNs);
    this.boot();
  }

  /** Simulated time from the run's zero. */
  get timeNs(): Span {
    return this.traffic.run.sim.now - this.traffic.run.zero;
  }

  /** How far the run has been computed. */
  get knownNs(): Span {
    return this.knownAt - this.traffic.run.zero;
  }

  get endNs(): Span {
    return this.traffic.end - this.traffic.run.zero;
  }

  get keyframeCount(): number {
    return this.keyframes.count;
  }

  /** Every errand has ended, or is waited for no longer. */
  get done(): boolean {
    return this.traffic.done() || this.timeNs >= this.endNs + DRAIN_NS;
  }

  get world(): TrafficWorld {
    return this.traffic.world();
  }

  /** The scenario as its texts stand now. */
  get scenario(): Scenario {
    return this.changes[this.world.changesTaken - 1]?.planned.scenario ?? this.base;
  }

  /** Changes up to now. */
  get taken(): readonly Taken[] {
    return this.changes.slice(0, this.world.changesTaken);
  }

  /** All changes of this run, those too that come after the moment shown. */
  get allChanges(): readonly Taken[] {
    return this.changes;
  }

  gauges(): Gauges {
    const { underWay, pausing } = this.world;
    return gaugesOf(this.traffic.run, underWay.size + pausing.size);
  }

  /**
   * Goes on towards a time for as long as `mayGoOn` says; true when it got there, or the run is over. It
   * never stops within an instant, so that a moment is the same however the way there was cut.
   */
  advance(toNs: Span, mayGoOn: () => boolean = () => true): boolean {
    const target = this.traffic.run.zero + Math.round(toNs);
    const { sim } = this.traffic.run;
    while (sim.now < target && !this.done) {
      const isStop = this.step(target);
      if ((isStop && sim.now >= target) || mayGoOn()) continue;
      this.finishInstant();
      return false;
    }
    this.finishInstant();
    return true;
  }

  /** Shows a moment that has been, or computes on to it. */
  seek(timeNs: Span): void {
    const { sim, zero } = this.traffic.run;
    const at = zero + Math.max(0, Math.round(timeNs));
    const keyframe = this.keyframes.before(at);
    if (keyframe !== null && (at < sim.now || keyframe.now > sim.now)) sim.restore(keyframe);
    const from = sim.eventCount;
    this.advance(at - zero);
    // Who looks near here a second time is likely to look near here again.
    const isNear = keyframe !== null && keyframe.now === this.soughtFrom;
    this.soughtFrom = keyframe?.now ?? -1;
    if (isNear && sim.eventCount > from + FAR_EVENTS && at < this.knownAt)
      this.keyframes.add(this.traffic.run);
    // A run that is over goes on no further by itself; its last moments can be shown all the same.
    if (sim.now >= at) return;
    sim.runUntil(at);
    this.note();
  }

  /** Takes a change now. What had been computed beyond this moment is forgotten. */
  change(change: TrafficChange): Taken | { readonly problem: string } {
    const planned = planChange(this.scenario, change);
    if ("problem" in planned) return planned;
    this.changes.length = this.world.changesTaken;
    const { sim } = this.traffic.run;
    if (sim.now < this.knownAt) this.fork(sim.now);
    const taken: Taken = { atNs: this.timeNs, change, planned };
    this.changes.push(taken);
    this.pendingChanges = [];
    this.take(planned);
    return taken;
  }

  /**
   * Takes back the newest change that has not been taken back. What has an opposite is followed by it, now;
   * what has none (a process killed is not brought back to life) is as if it had never been: the run goes
   * on from the moment before it.
   */
  undo(): Taken | { readonly problem: string } | { readonly unmade: Taken } {
    const index = newestStanding(this.taken);
    if (index === null) return { problem: "nothing to take back" };
    const last = this.changes[index];
    if (last.planned.opposite === null) return this.unmake(index);
    const undone = this.change(last.planned.opposite);
    return "problem" in undone ? undone : this.renamed(`taken back: ${last.planned.words}`);
  }

  /** The newest change told in other words. */
  private renamed(words: string): Taken {
    const newest = this.changes[this.changes.length - 1];
    const named = { ...newest, planned: { ...newest.planned, words } };
    this.changes[this.changes.length - 1] = named;
    return named;
  }

  /** Goes back to where a change was taken and forgets it, with all that came after. */
  private unmake(index: number): { readonly unmade: Taken } {
    const unmade = this.changes[index];
    this.changes = this.changes.slice(0, index);
    this.pendingChanges = [];
    this.fork(this.traffic.run.zero + unmade.atNs);
    this.finishInstant();
    return { unmade };
  }

  /** A request of the run told as a journey, exactly as it ran; null when there is none by that number. */
  open(request: RequestNumber): Journey | null {
    const { run } = this.traffic;
    const { sim } = run;
    const here = sim.keyframe();
    const keyframe = this.keyframes.beforeRequest(request);
    if (keyframe === null) return null;
    return this.record.unheard(() => {
      this.beginRecording(request);
      sim.restore(keyframe);
      while (!this.hasEnded(request) && !this.done && sim.queue.peekTime() < Infinity)
        this.advance(this.timeNs + 5 * MILLISECOND);
      this.advance(this.timeNs + SETTLE_NS);
      const begun = run.state().requests.find(({ number }) => number === request);
      if (begun !== undefined) this.forgetBefore(begun.startedAt);
      // Told as a run of its own: its time begins with the request.
      const told = begun === undefined ? null : tellJourney({ ...run, zero: begun.startedAt });
      if (begun !== undefined) this.openedAt.set(request, begun.startedAt - run.zero);
      this.endRecording();
      sim.restore(here);
      return told;
    });
  }

  /** When a request began, from the run's zero, as far as its journey has told; null before it was opened. */
  startOf(request: RequestNumber): Span | null {
    return this.openedAt.get(request) ?? null;
  }

  /** Plays the boot, and hears it: what the processes are doing when the crowd comes. */
  private boot(): void {
    const { run } = this.traffic;
    run.sim.runUntil(run.zero - 1);
    this.bootRows = run.recording.rows.slice();
    this.bootFacts = new Map(run.recording.facts);
    this.endRecording();
    this.keyframes.takeIfDue(run);
    this.advance(0);
    run.sim.runUntil(run.zero);
    this.note();
  }

  /** Runs to the next stop, or some of the way; true when it got to the stop. */
  private step(target: Instant): boolean {
    const { run } = this.traffic;
    const { sim, zero } = run;
    const opening = this.wanted !== NOBODY;
    const look = opening ? Infinity : zero + (this.looks + 1) * this.lookNs;
    const due = this.dueChange();
    const stop = Math.min(target, look, due);
    const untilKeyframe = this.keyframes.dueAt - sim.eventCount;
    const there = sim.runUntil(
      stop,
      untilKeyframe > 0 ? Math.min(untilKeyframe, EVENTS_AT_ONCE) : EVENTS_AT_ONCE,
    );
    this.note();
    if (!there) return false;
    if (stop === look) this.look();
    if (stop === due) this.takeAllDue();
    return true;
  }

  /** Everything else that happens at the moment shown. */
  private finishInstant(): void {
    const { sim } = this.traffic.run;
    sim.runUntil(sim.now);
    this.takeAllDue();
    this.note();
  }

  private note(): void {
    const { run } = this.traffic;
    if (run.sim.now >= this.knownAt && this.wanted === NOBODY) {
      this.knownAt = run.sim.now;
      const taken = this.keyframes.takeIfDue(run);
      // Going back is rehearsed, which changes nothing: what the compiler makes of the run then bears going back.
      const { count } = this.keyframes;
      if (taken !== null && (count <= REHEARSALS || count % REHEARSED_EVERY === 0))
        run.sim.restore(taken);
    }
    this.record.catchUp();
  }

  private look(): void {
    this.looks++;
    this.record.look(this.gauges());
    if (this.looks % LOOKS_PER_BUCKET === 0) this.record.series.close();
  }

  private dueChange(): Instant {
    const next = this.changes[this.world.changesTaken] ?? this.pendingChanges[0];
    return next === undefined ? Infinity : this.traffic.run.zero + next.atNs;
  }

  private takeDue(): void {
    const known = this.changes[this.world.changesTaken];
    if (known !== undefined) {
      this.take(known.planned);
      return;
    }
    const [next, ...rest] = this.pendingChanges;
    this.pendingChanges = rest;
    const planned = planChange(this.scenario, next.change);
    if ("problem" in planned) {
      this.problems.push(planned.problem);
      return;
    }
    this.changes.push({ ...next, planned });
    this.take(planned);
  }

  private take(planned: PlannedChange): void {
    takeChange(this.traffic, this.operator, planned);
    this.world.changesTaken++;
  }

  /** The future from an instant on is another one: goes there and forgets what was computed of the old one. */
  private fork(now: Instant): void {
    const { run } = this.traffic;
    const { sim, zero } = run;
    const { series } = this.record;
    const from = Math.floor((now - zero) / series.bucketNs) * series.bucketNs;
    // What was kept of this very instant may hold what was done in it.
    this.keyframes.truncate(now - 1);
    this.record.truncate(zero + from, from);
    this.looks = Math.round(from / this.lookNs);
    this.knownAt = now;
    const keyframe = this.keyframes.before(zero + from);
    if (keyframe !== null) sim.restore(keyframe);
    this.passThrough(zero + from);
    this.record.resume();
    while (sim.now < now) this.step(now);
  }

  /** Goes over known ground, with the changes that were taken there. */
  private passThrough(at: Instant): void {
    const { sim } = this.traffic.run;
    while (sim.now < at) {
      sim.runUntil(Math.min(at, this.dueChange()));
      this.takeAllDue();
    }
  }

  private takeAllDue(): void {
    while (this.dueChange() <= this.traffic.run.sim.now) this.takeDue();
  }

  private hasEnded(request: RequestNumber): boolean {
    const { run } = this.traffic;
    return run.state().nextRequest > request && !this.world.underWay.has(request);
  }

  private beginRecording(request: RequestNumber): void {
    this.wanted = request;
    this.hearsOthers = true;
    this.traffic.run.recording.rows.push(...this.bootRows);
    for (const [row, facts] of this.bootFacts) this.traffic.run.recording.facts.set(row, facts);
  }

  /** What the processes did before the request began is seen, but is no part of its story. */
  private forgetBefore(startedAt: Instant): void {
    const { rows } = this.traffic.run.recording;
    const kept = rows.filter(({ time, request }) => time >= startedAt || request === OTHERS);
    rows.length = 0;
    rows.push(...kept);
  }

  private endRecording(): void {
    const { recording } = this.traffic.run;
    this.wanted = NOBODY;
    this.hearsOthers = false;
    recording.rows.length = 0;
    recording.lines.length = 0;
    recording.facts.clear();
    recording.observations.clear();
  }
}
