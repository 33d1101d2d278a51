// Open-loop traffic: requests arrive as a Poisson process, whether or not earlier ones were answered,
// on the same layers and machines as a single request.
import { fromSeconds, type Instant, MILLISECOND, SECOND, type Span } from "../kernel/time.ts";
import type { RequestSpec } from "../layers/browser/request-spec.ts";
import { createRun, type Run, type RunOptions } from "./run.ts";
import type { Scenario } from "./scenario.ts";
import { requestOfScenario } from "./traffic/requests.ts";

export interface TrafficOptions {
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  readonly seed?: number;
  /** Requests whose every step is recorded; none by default. */
  readonly wants?: RunOptions["wants"];
  readonly keepJournal?: boolean;
}

export interface TrafficResult {
  readonly run: Run;
  readonly arrived: number;
  readonly answered: number;
  readonly failed: number;
  readonly inFlight: number;
  /** How often each status was answered; "none" for requests that got no response. */
  readonly statuses: ReadonlyMap<string, number>;
  /** Sorted, nanoseconds from arrival to the end of the answer. */
  readonly latenciesNs: Float64Array;
}

/** Purpose numbers of the draws here (random.ts). */
const PURPOSE_ARRIVAL = 0x7a01;
/** How long after the last arrival answers are waited for. */
const DRAIN_NS: Span = 120 * SECOND;
/** Clients come from this many addresses, so that per-address rules see a crowd and not one client. */
const CLIENT_ADDRESSES = 250;

interface TrafficState {
  arrived: number;
  answered: number;
  failed: number;
  startedAt: Map<number, number>;
  latencies: number[];
  statuses: Map<string, number>;
}

/** Traffic that can be run by pieces, looked at, and taken back to a keyframe. */
export interface Traffic {
  readonly run: Run;
  /** Simulated time of the last possible arrival. */
  readonly end: Instant;
  /** Runs on until every request has ended, or gives up after two minutes. */
  drain(): void;
  result(): TrafficResult;
}

/** Plays a scenario's request as Poisson traffic. The scenario's own timeline is not played. */
export function runTraffic(scenario: Scenario, options: TrafficOptions): TrafficResult {
  const traffic = startTraffic(scenario, options);
  traffic.run.sim.runUntil(traffic.end);
  traffic.drain();
  return traffic.result();
}

/** Puts traffic together; nothing has happened yet. */
export function startTraffic(scenario: Scenario, options: TrafficOptions): Traffic {
  const spec = requestOfScenario(scenario);
  const { run, state } = installTraffic(scenario, spec ?? { url: "http://localhost/" }, options);
  const { sim } = run;
  const end = run.zero + fromSeconds(options.durationSeconds);
  return {
    run,
    end,
    drain() {
      sim.runUntil(Math.max(end, sim.now));
      while (
        state().answered + state().failed < state().arrived &&
        sim.queue.peekTime() <= end + DRAIN_NS
      )
        sim.step();
    },
    result() {
      const { arrived, answered, failed, statuses, latencies } = state();
      const latenciesNs = Float64Array.from(latencies).sort();
      return {
        run,
        arrived,
        answered,
        failed,
        inFlight: arrived - answered - failed,
        statuses,
        latenciesNs,
      };
    },
  };
}

function installTraffic(
  scenario: Scenario,
  spec: RequestSpec,
  options: TrafficOptions,
): { run: Run; state: () => TrafficState } {
  const clients = Array.from({ length: CLIENT_ADDRESSES }, (_, i) =>
    Object.freeze({ ...spec, ip: spec.ip ?? `198.18.0.${i + 1}`, overlap: true as const }),
  );
  const run = createRun(
    { ...scenario, timeline: [] },
    {
      seed: options.seed,
      keepJournal: options.keepJournal ?? false,
      wants: options.wants ?? (() => false),
      onFinished: (number, status) => finish(number, status),
    },
  );
  const { sim } = run;
  sim.world.traffic = {
    arrived: 0,
    answered: 0,
    failed: 0,
    startedAt: new Map(),
    latencies: [],
    statuses: new Map(),
  } satisfies TrafficState;
  const state = (): TrafficState => sim.world.traffic as TrafficState;
  const meanGapNs = SECOND / options.ratePerSecond;
  const lastArrival = run.zero + fromSeconds(options.durationSeconds);

  const arriveEvent = sim.event("traffic: a request arrives", () => {
    const index = state().arrived++;
    const number = run.newRequest({
      method: spec.method ?? "GET",
      url: spec.url,
      client: "client",
      kind: "main",
      action: -1,
    });
    state().startedAt.set(number, sim.now);
    run.programs.client.request(number, clients[index % CLIENT_ADDRESSES]);
    scheduleNext(index + 1);
  });

  function scheduleNext(index: number): void {
    const next =
      sim.now + Math.max(1, Math.round(sim.exponential(index, PURPOSE_ARRIVAL, meanGapNs)));
    if (next <= lastArrival) sim.at(next, arriveEvent);
  }

  function finish(number: number, status: number | null): void {
    const traffic = state();
    const startedAt = traffic.startedAt.get(number);
    if (startedAt === undefined) return;
    traffic.startedAt.delete(number);
    const key = status === null ? "none" : String(status);
    traffic.statuses.set(key, (traffic.statuses.get(key) ?? 0) + 1);
    if (status === null) traffic.failed++;
    else traffic.answered++;
    traffic.latencies.push(sim.now - startedAt);
  }

  sim.at(run.zero, arriveEvent);
  return { run, state };
}

/** The value at index floor(p n) of sorted values, in milliseconds. */
export function percentileMs(sortedNs: Float64Array, p: number): number {
  if (sortedNs.length === 0) return 0;
  return sortedNs[Math.min(sortedNs.length - 1, Math.floor(p * sortedNs.length))] / MILLISECOND;
}
