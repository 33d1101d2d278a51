// The answers of the traffic worker: frames, lists, opened requests and results of the one run it holds.

import type { Journey } from "../simulation/journey.ts";
import type { Scenario } from "../simulation/scenario.ts";
import { settingsOf } from "../simulation/settings/settings.ts";
import { compareResults } from "../simulation/traffic/compare.ts";
import { crowdOf } from "../simulation/traffic/crowd.ts";
import { DotMaker, OUTCOMES } from "../simulation/traffic/dots.ts";
import {
  type FaultVerb,
  faultsOf,
  faultTarget,
  faultVerb,
  faultWords,
} from "../simulation/traffic/fault.ts";
import { type Gauges, hitsOf } from "../simulation/traffic/gauges.ts";
import { PLACES } from "../simulation/traffic/places.ts";
import { type EndedErrand, sortedBySlowness } from "../simulation/traffic/record.ts";
import { countersOf, resultsOf } from "../simulation/traffic/results.ts";
import { serverNow } from "../simulation/traffic/server-now.ts";
import { TrafficSession } from "../simulation/traffic/session.ts";
import type { Taken } from "../simulation/traffic/taken.ts";
import { transcript } from "../simulation/transcript.ts";
import type {
  FromTrafficWorker,
  ListedRequest,
  QueueGauge,
  TakenChange,
  ToldFault,
  ToTrafficWorker,
  TrafficFrame,
  TrafficRunSpec,
  WorkerGauge,
} from "./traffic-protocol.ts";

type Answer = FromTrafficWorker extends infer A
  ? A extends unknown
    ? Omit<A, "ticket">
    : never
  : never;

const DOTS_MAX = 2000;
/** What the worker spends on one frame, ms. */
const SLICE_MS = 8;
/** Simulated time over which a worker's busy share is taken. */
const BUSY_NS = 1e9;

/** A question that needs a run. */
export type Question = Exclude<ToTrafficWorker, { readonly kind: "start" | "texts" }>;

export class TrafficAnswers {
  private readonly session: TrafficSession;
  private readonly dots = new DotMaker();
  private readonly clock: () => number;
  private readonly busy = new Map<number, { share: number; at: number }>();
  private sentBuckets = 0;

  /** `clock` counts milliseconds; it only bounds the work for a frame. */
  constructor(scenario: Scenario, spec: TrafficRunSpec, clock: () => number) {
    this.clock = clock;
    this.session = new TrafficSession(scenario, {
      traffic: spec.traffic ?? undefined,
      seed: spec.run.seed ?? undefined,
      changes: spec.changes,
    });
  }

  /** The scenario as its texts stand now. */
  get scenario(): Scenario {
    return this.session.scenario;
  }

  ready(): Answer {
    const { session } = this;
    const { run } = session.traffic;
    const { scenario } = session;
    return {
      kind: "ready",
      title: scenario.lesson?.title ?? scenario.name,
      traffic: session.world.spec,
      seed: run.sim.seed,
      places: PLACES,
      outcomes: OUTCOMES,
      settings: settingsOf(scenario),
      faults: faultsOf(scenario).map(toldFault),
      problems: [...session.problems, ...run.state().notModelled],
      frame: this.frame(DOTS_MAX, 0),
    };
  }

  answer(question: Question): Answer {
    switch (question.kind) {
      case "advance":
        return this.advance(question);
      case "seek":
        return this.seek(question.timeNs, question.dotsMax);
      case "change":
        return this.changed(this.session.change(question.change));
      case "undo":
        return this.changed(this.session.undo());
      case "list":
        return { kind: "listed", requests: this.list(question.which, question.count) };
      case "open":
        return this.open(question.request);
      case "results":
        return {
          kind: "results",
          results: resultsOf(this.session),
          changes: this.session.allChanges.map(toldChange),
        };
      case "compare":
        return {
          kind: "compared",
          sentences: compareResults(question.with, resultsOf(this.session)),
        };
    }
  }

  private advance({
    toNs,
    sliceMs = SLICE_MS,
    dotsMax = DOTS_MAX,
  }: Extract<Question, { readonly kind: "advance" }>): Answer {
    const begun = this.clock();
    this.session.advance(toNs, () => this.clock() - begun < sliceMs);
    return { kind: "frame", frame: this.frame(dotsMax, this.clock() - begun) };
  }

  private seek(timeNs: number, dotsMax = DOTS_MAX): Answer {
    const begun = this.clock();
    this.session.seek(timeNs);
    this.leap();
    return { kind: "frame", frame: this.frame(dotsMax, this.clock() - begun) };
  }

  /** Nothing that was seen before a leap in time says anything of the moment after it. */
  private leap(): void {
    this.dots.leap();
    this.busy.clear();
    this.session.record.recent = [];
  }

  private changed(done: ReturnType<TrafficSession["undo"]>): Answer {
    const { session } = this;
    if ("unmade" in done) this.leap();
    this.sentBuckets = Math.min(this.sentBuckets, session.record.series.buckets.length);
    return {
      kind: "changed",
      taken: "planned" in done ? toldChange(done) : null,
      unmade: "unmade" in done ? toldChange(done.unmade) : null,
      problem: "problem" in done ? done.problem : null,
      changes: session.taken.map(toldChange),
      settings: settingsOf(session.scenario),
      frame: this.frame(DOTS_MAX, 0),
    };
  }

  private frame(dotsMax: number, workMs: number): TrafficFrame {
    const { session } = this;
    const { record } = session;
    const gauges = session.gauges();
    const ended = record.recent;
    record.recent = [];
    const { buckets } = record.series;
    const fresh = [...buckets.slice(this.sentBuckets), record.series.current()];
    this.sentBuckets = buckets.length;
    return {
      timeNs: session.timeNs,
      knownNs: session.knownNs,
      endNs: session.endNs,
      done: session.done,
      counters: countersOf(session),
      dots: this.dots.dots(session.traffic.run, ended, dotsMax),
      queues: queuesOf(gauges),
      workers: this.workersOf(gauges),
      hits: hitsOf(session.traffic.run),
      server: serverNow(session.traffic.run),
      buckets: fresh,
      workMs,
    };
  }

  /** The busy share of each worker, as a mean that forgets with simulated time. */
  private workersOf({ workers }: Gauges): WorkerGauge[] {
    const now = this.session.timeNs;
    const { underWay } = this.session.world;
    // After a leap nothing is known of each worker, and of all together what they were in this stretch.
    const known = this.busy.size === 0 ? this.busyOfAll() : null;
    return workers.map(({ pid, state, requests, slots }) => {
      const isAtWork = state === "busy" || state === "idle";
      const level = state === "busy" ? Math.min(1, Math.max(1, requests.length) / slots) : 0;
      const last = this.busy.get(pid) ?? { share: isAtWork ? (known ?? level) : level, at: now };
      const weight = Math.min(1, Math.max(0, now - last.at) / BUSY_NS);
      const share = last.share + weight * (level - last.share);
      this.busy.set(pid, { share, at: now });
      const unawaited = requests.filter((request) => !underWay.has(request)).length;
      return { pid, state, requests, unawaited, busy: share };
    });
  }

  /** The busy share of the workers in the stretch of time shown; null before the first is complete. */
  private busyOfAll(): number | null {
    const { buckets } = this.session.record.series;
    const { timeNs } = this.session;
    return buckets.findLast(({ fromNs }) => fromNs <= timeNs)?.utilisation ?? null;
  }

  private list(which: "slowest" | "failed" | "random", count: number): ListedRequest[] {
    const { record } = this.session;
    const errands =
      which === "slowest"
        ? sortedBySlowness(record.slowest)
        : which === "failed"
          ? record.failed
          : spreadOver(record.sample, count);
    return errands.slice(0, count).map((errand) => this.listed(errand));
  }

  private listed(errand: EndedErrand): ListedRequest {
    const { session } = this;
    const { request, later, part, startedAt, endedAt, status, tries } = errand;
    const { requests } = crowdOf(session.world.spec);
    return {
      request,
      url: (requests[part] ?? requests[0])[0].url,
      startNs: startedAt - session.traffic.run.zero,
      latencyMs: (endedAt - startedAt) / 1e6,
      status,
      retries: tries - 1,
      tries: [request, ...later],
    };
  }

  private open(request: number): Answer {
    const { session } = this;
    const journey = session.open(request);
    if (journey === null)
      return { kind: "failed", message: `There is no request ${request} in this run.` };
    const ended = session.record.find(request);
    const listed =
      ended === null ? listedAsTold(journey, session.startOf(request)) : this.listed(ended);
    return {
      kind: "opened",
      told: { journey, transcript: transcript(journey) },
      request: { ...listed, request },
    };
  }
}

/** A request that nobody kept in mind, as its own journey tells it. */
function listedAsTold(
  { requests }: Journey,
  startNs: number | null,
): Omit<ListedRequest, "request"> {
  const [told] = requests;
  return {
    url: told?.url ?? "",
    startNs: startNs ?? 0,
    latencyMs: told === undefined ? 0 : (told.endNs - told.startNs) / 1e6,
    status: told?.status ?? null,
    retries: 0,
    tries: [],
  };
}

function toldFault(fault: FaultVerb): ToldFault {
  const [target, verb, words] = [faultTarget(fault), faultVerb(fault), faultWords(fault)];
  return { fault, target, verb, words };
}

function toldChange({ atNs, change, planned }: Taken): TakenChange {
  return { atNs, change, words: planned.words, edit: planned.edit };
}

/** As many as asked for, evenly from the beginning to the end of a list. */
function spreadOver<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(items.length / Math.max(1, count)));
  return items.filter((_, i) => i % step === 0);
}

function queuesOf(gauges: Gauges): QueueGauge[] {
  const { acceptQueue, acceptQueueMax, slots, cores } = gauges;
  return [
    { id: "accept queue", length: acceptQueue, max: acceptQueueMax },
    { id: "left in the queue", length: gauges.acceptQueueLeft, max: null },
    { id: "thread queue", length: gauges.threadQueue, max: null },
    { id: "busy workers", length: gauges.busySlots, max: slots },
    { id: "nginx connections", length: gauges.nginxConnections, max: gauges.nginxConnectionsMax },
    { id: "database connections", length: gauges.databaseConnections, max: gauges.databaseMax },
    { id: "database locks", length: gauges.lockWaits, max: null },
    { id: "cores", length: gauges.coresBusy, max: cores },
  ];
}
