// Queueing theory for the current settings beside what was measured, and in words why the two differ.
// The service time is the measured one (utilisation law: time = utilisation x servers / throughput),
// so that what is compared is the queue and not somebody's guess of how long a view takes.
import type { ViewStep } from "../../layers/django/view-spec.ts";
import type { Scenario } from "../scenario.ts";
import { viewOfTraffic } from "../settings/routed-view.ts";
import { settingOf } from "../settings/settings.ts";
import { erlangC, meanWaitConstant, meanWaitExponential, meanWaitGeneral } from "./erlang.ts";
import type { TrafficCounters } from "./results.ts";
import { type TrafficSpec, trafficOf } from "./traffic-spec.ts";

export interface Theory {
  /** Little's law on what was measured: requests in the system on average, and rate times mean time. */
  readonly little: {
    readonly meanInFlight: number;
    readonly ratePerSecond: number;
    readonly meanMs: number;
    /** ratePerSecond times meanMs, in requests. */
    readonly product: number;
    readonly words: string;
  };
  /** Null when nothing can be said: no application server, or nothing measured yet. */
  readonly queue: {
    readonly model: QueueModel;
    /** Workers times threads. */
    readonly servers: number;
    readonly serviceMs: number;
    /** Offered load in erlangs, and by server. */
    readonly erlangs: number;
    readonly utilisation: number;
    /**
     * Erlang C: exact for M/M/c, close for the others, since the delay probability hardly depends on how
     * service times are spread (Tijms, A First Course in Stochastic Models, section 9.6). Null when the
     * load is more than the servers bear: no queue would hold it.
     */
    readonly waitProbability: number | null;
    readonly meanWaitMs: number | null;
    /** Wait and service. */
    readonly meanMs: number | null;
    /** From first byte to last, links and handshakes included. */
    readonly measuredMeanMs: number;
    /** From Little's law on the queue that was seen. */
    readonly measuredWaitMs: number;
  } | null;
  /** Sentences that say why the two differ, the weightiest first. */
  readonly why: readonly string[];
}

/** M/M/c for exponential service, M/D/c (Cosmetatos) for constant, M/G/c (Lee and Longton) for others. */
type QueueModel = "M/M/c" | "M/D/c" | "M/G/c";

interface Measured {
  readonly throughputRps: number;
  readonly arrivedPerSecond: number;
  readonly utilisation: number;
  readonly meanQueueLength: number;
  readonly meanInFlight: number;
  readonly meanMs: number;
  /** Requests that the living workers can serve at once. */
  readonly slots: number;
  readonly counters: TrafficCounters;
}

/** What theory says of a run, and where it and the run part. */
export function theoryOf(scenario: Scenario, measured: Measured): Theory {
  const queue = queueOf(scenario, measured);
  return { little: littleOf(measured), queue, why: whyDifferent(scenario, measured, queue) };
}

function littleOf({ meanInFlight, throughputRps, meanMs }: Measured): Theory["little"] {
  const product = (throughputRps * meanMs) / 1000;
  const words =
    `${rounded(throughputRps)} requests a second, each there for ${rounded(meanMs)} ms, ` +
    `make ${rounded(product)} at a time; ${rounded(meanInFlight)} were counted.`;
  return { meanInFlight, ratePerSecond: throughputRps, meanMs, product, words };
}

function queueOf(scenario: Scenario, measured: Measured): Theory["queue"] {
  const { slots: servers, throughputRps, utilisation: busy, arrivedPerSecond } = measured;
  if (servers === 0 || throughputRps === 0 || busy === 0) return null;
  const serviceMs = (busy * servers * 1000) / throughputRps;
  const erlangs = (arrivedPerSecond * serviceMs) / 1000;
  const { model, variation } = modelOf(scenario);
  const isStable = erlangs < servers;
  const wait =
    model === "M/M/c"
      ? meanWaitExponential(servers, erlangs, serviceMs)
      : model === "M/D/c"
        ? meanWaitConstant(servers, erlangs, serviceMs)
        : meanWaitGeneral(servers, erlangs, serviceMs, variation);
  return {
    model,
    servers,
    serviceMs,
    erlangs,
    utilisation: erlangs / servers,
    waitProbability: isStable ? erlangC(servers, erlangs) : null,
    meanWaitMs: isStable ? wait : null,
    meanMs: isStable ? wait + serviceMs : null,
    measuredMeanMs: measured.meanMs,
    measuredWaitMs: (measured.meanQueueLength * 1000) / throughputRps,
  };
}

function modelOf(scenario: Scenario): { model: QueueModel; variation: number } {
  const view = scenario.views?.[viewOfTraffic(scenario) ?? ""];
  const spreads = (view?.steps ?? []).flatMap((step: ViewStep) =>
    "spread" in step && step.spread !== undefined ? [step.spread] : [],
  );
  if (spreads.includes("exponential")) return { model: "M/M/c", variation: 1 };
  const wide = spreads.flatMap((spread) =>
    typeof spread === "object" && "logNormal" in spread ? [spread.logNormal] : [],
  );
  return wide.length > 0
    ? { model: "M/G/c", variation: Math.max(...wide) }
    : { model: "M/D/c", variation: 0 };
}

function whyDifferent(scenario: Scenario, measured: Measured, queue: Theory["queue"]): string[] {
  return [
    ...(queue === null ? [] : whyOfQueue(scenario, measured, queue)),
    ...whyOfCrowd(trafficOf(scenario), measured.counters),
  ];
}

/** Less than this share is no difference worth a sentence. */
const SLACK = 1.05;

function whyOfQueue(
  scenario: Scenario,
  { utilisation, meanMs }: Measured,
  { erlangs, servers, meanMs: predictedMs }: NonNullable<Theory["queue"]>,
): string[] {
  const why: string[] = [];
  if (predictedMs === null)
    why.push(
      `${rounded(erlangs)} erlangs are offered to ${servers} servers: the queue grows for as long as this lasts, and no formula gives a mean.`,
    );
  else if (meanMs > predictedMs * SLACK)
    why.push(
      `${rounded(meanMs - predictedMs)} ms of the measured mean are spent outside of the workers: the link, TCP and TLS handshakes, DNS and Nginx.`,
    );
  const cores = Number(settingOf(scenario, "cores")?.value ?? servers);
  if (servers > cores && utilisation > 0.5)
    why.push(
      `${servers} servers share ${cores} cores: when more compute than there are cores, the time of service itself grows.`,
    );
  return why;
}

function whyOfCrowd(
  { arrivals, retry, mix = [] }: TrafficSpec,
  counters: TrafficCounters,
): string[] {
  const why: string[] = [];
  if ("users" in arrivals)
    why.push(
      "Users wait for their answer before they ask again, so a long queue slows the arrivals down; the formulas take arrivals that do not care.",
    );
  if ("bursts" in arrivals)
    why.push("Bursts arrive together; the formulas take arrivals that come one by one, by chance.");
  if ("constant" in arrivals)
    why.push("Arrivals are evenly spaced, so fewer of them meet than in the formulas.");
  if (retry !== undefined && counters.retries > 0)
    why.push(`${counters.retries} retries are arrivals too, and come when things are bad already.`);
  if (counters.gaveUp > 0)
    why.push(
      `${counters.gaveUp} tries were given up by their clients; some of them were served all the same.`,
    );
  if (mix.length > 1)
    why.push(
      "The mix has requests of different length, so their times vary more than in the formula.",
    );
  return why;
}

function rounded(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}
