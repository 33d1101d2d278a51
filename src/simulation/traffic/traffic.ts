// Traffic: a crowd of clients on the same layers and machines as a single request. A client is the
// bare client; what is here only says when it asks for what, how long it waits, and how often it tries
// again. The scenario's own requests and visits are not played; what its operators do is.
import { fromMs, fromSeconds, type Instant, SECOND, type Span } from "../../kernel/time.ts";
import { createRun, type Run, type RunOptions } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { completeSpec } from "./crowd.ts";
import { installCrowd, type TrafficObserver } from "./errands.ts";
import { requestOfScenario } from "./requests.ts";
import { DEFAULT_DURATION_S, type TrafficSpec, trafficOf } from "./traffic-spec.ts";
import { emptyTraffic, type TrafficWorld, trafficWorldOf } from "./traffic-world.ts";

export interface TrafficOptions {
  /** The scenario's own unless given. */
  readonly traffic?: TrafficSpec;
  readonly seed?: number;
  /** Requests whose every step is recorded; none by default. */
  readonly wants?: RunOptions["wants"];
  readonly keepJournal?: boolean;
  readonly observer?: TrafficObserver;
}

/** Traffic that can be run by pieces, looked at, changed, and taken back to a keyframe. */
export interface Traffic {
  readonly run: Run;
  /** Simulated time of the last possible arrival. */
  readonly end: Instant;
  world(): TrafficWorld;
  /** Every arrival has come and every errand has ended. */
  done(): boolean;
  /** Runs on until every errand has ended, or gives up after two minutes. */
  drain(): void;
  /** Another spec from now on: the rate, the number of users, patience and retries. */
  respecify(spec: TrafficSpec): void;
}

/** How long after the last arrival answers are waited for. */
const DRAIN_NS: Span = 120 * SECOND;

/** Puts traffic together; nothing has happened yet. */
export function startTraffic(scenario: Scenario, options: TrafficOptions = {}): Traffic {
  const otherwise = requestOfScenario(scenario) ?? { url: "http://localhost/" };
  const complete = (spec: TrafficSpec): TrafficSpec => completeSpec(spec, otherwise);
  const first = complete(options.traffic ?? trafficOf(scenario));
  const operators = scenario.timeline
    .filter((action) => "shell" in action || "write" in action)
    .map((action) => ({ ...action, overlap: true as const }));
  const run = createRun(
    { ...scenario, timeline: operators },
    {
      seed: options.seed,
      keepJournal: options.keepJournal ?? false,
      wants: options.wants ?? (() => false),
      onFinished: (number, status) => crowd.finish(number, status),
    },
  );
  const { sim } = run;
  const end = run.zero + durationNs(first);
  sim.world.traffic = emptyTraffic(first);
  const world = (): TrafficWorld => trafficWorldOf(sim);
  const crowd = installCrowd(run, end, options.observer ?? {});
  const done = (): boolean =>
    (isExhausted(world()) || ("users" in world().spec.arrivals && sim.now >= end)) &&
    world().underWay.size + world().pausing.size === 0;
  return {
    run,
    end,
    world,
    done,
    drain() {
      sim.runUntil(Math.max(end, sim.now));
      while (!done() && sim.queue.peekTime() <= end + DRAIN_NS) sim.step();
    },
    respecify: (spec) => crowd.respecify(complete(spec)),
  };
}

/** Whether no arrival can come any more. A user may always ask again. */
function isExhausted({ spec, nextAt }: TrafficWorld): boolean {
  return nextAt === Infinity && !("users" in spec.arrivals);
}

/** How long requests arrive: what the spec says, or as long as its list of arrivals is. */
function durationNs({ arrivals, durationS }: TrafficSpec): Span {
  if (durationS !== undefined) return fromSeconds(durationS);
  return "atMs" in arrivals ? fromMs(arrivals.atMs.at(-1) ?? 0) : fromSeconds(DEFAULT_DURATION_S);
}
