// Queueing theory for the current settings beside what was measured. The service time is the measured one
// (utilisation law: time = utilisation x servers / throughput), so that what is compared is the queue and
// not somebody's guess of how long a view takes. Why the two differ is said in why-different.ts.
import type { Scenario } from "../scenario.ts";
import { erlangC, meanWaitConstant, meanWaitExponential, meanWaitGeneral } from "./erlang.ts";
import type { TrafficCounters } from "./results.ts";
import { serviceVariation } from "./service-variation.ts";
import { trafficOf } from "./traffic-spec.ts";
import { roundedNumber, wasFull, whyDifferent } from "./why-different.ts";

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
  readonly queue: TheoryOfQueue | null;
  /** Sentences that say why the two differ, the weightiest first. */
  readonly why: readonly string[];
}

export interface TheoryOfQueue {
  readonly model: QueueModel;
  /** Workers times threads. */
  readonly servers: number;
  readonly serviceMs: number;
  /** Coefficient of variation of the service time, by the views' steps. */
  readonly variation: number;
  /** Offered load in erlangs, and by server: 1 and more is more than they bear. */
  readonly erlangs: number;
  readonly utilisation: number;
  /**
   * Erlang C: exact for M/M/c, close for the others, since the delay probability hardly depends on how
   * service times are spread (Tijms, A First Course in Stochastic Models, section 9.6). Null when the
   * load is more than the servers bear, and for users, who wait for their answer before they ask again.
   */
  readonly waitProbability: number | null;
  readonly meanWaitMs: number | null;
  /** Wait and service. */
  readonly meanMs: number | null;
  readonly measuredUtilisation: number;
  /** From Little's law on the queue that was seen. */
  readonly measuredWaitMs: number;
  /** From first byte to last, links and handshakes included. */
  readonly measuredMeanMs: number;
}

/** M/M/c for exponential service, M/D/c (Cosmetatos) for constant, M/G/c (Lee and Longton) for others. */
type QueueModel = "M/M/c" | "M/D/c" | "M/G/c";

export interface Measured {
  readonly seconds: number;
  /** Requests that ended, and that arrived, retries not counted. */
  readonly throughputRps: number;
  readonly arrivedPerSecond: number;
  /** What the workers began to serve a second, tries again counted. */
  readonly servedPerSecond: number;
  /** Connections that wait in the queue now, and how many it holds; null for no limit. */
  readonly queueNow: number;
  readonly queueMax: number | null;
  readonly utilisation: number;
  /** Mean share of the cores that computed. */
  readonly coreUtilisation: number;
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
    `${roundedNumber(throughputRps)} requests a second, each there for ${roundedNumber(meanMs)} ms, ` +
    `make ${roundedNumber(product)} at a time; ${roundedNumber(meanInFlight)} were counted.`;
  return { meanInFlight, ratePerSecond: throughputRps, meanMs, product, words };
}

function queueOf(scenario: Scenario, measured: Measured): TheoryOfQueue | null {
  const { slots: servers, servedPerSecond: served, utilisation: busy, seconds } = measured;
  if (servers === 0 || served === 0 || busy === 0) return null;
  const serviceMs = (busy * servers * 1000) / served;
  // Who finds the backlog full waits outside of it, and is offered all the same.
  const waiting = wasFull(measured) ? measured.counters.inFlight : measured.queueNow;
  const erlangs = ((served + waiting / seconds) * serviceMs) / 1000;
  const variation = serviceVariation(scenario, serviceMs);
  const model = modelOf(scenario, variation);
  const holds = erlangs < servers && !("users" in trafficOf(scenario).arrivals);
  const wait = holds ? waitOf({ model, servers, erlangs, serviceMs, variation }) : null;
  return {
    model,
    servers,
    serviceMs,
    variation,
    erlangs,
    utilisation: erlangs / servers,
    waitProbability: holds ? erlangC(servers, erlangs) : null,
    meanWaitMs: wait,
    meanMs: wait === null ? null : wait + serviceMs,
    measuredUtilisation: busy,
    measuredWaitMs: (measured.meanQueueLength * 1000) / served,
    measuredMeanMs: measured.meanMs,
  };
}

/** A variation so near to that of a model is that model's. */
const NEAR = 0.1;

function modelOf(scenario: Scenario, variation: number): QueueModel {
  if (variation < NEAR) return "M/D/c";
  const isMixed = (trafficOf(scenario).mix?.length ?? 1) > 1;
  return Math.abs(variation - 1) < NEAR && !isMixed ? "M/M/c" : "M/G/c";
}

function waitOf({
  model,
  servers,
  erlangs,
  serviceMs,
  variation,
}: Pick<TheoryOfQueue, "model" | "servers" | "erlangs" | "serviceMs" | "variation">): number {
  if (model === "M/M/c") return meanWaitExponential(servers, erlangs, serviceMs);
  if (model === "M/D/c") return meanWaitConstant(servers, erlangs, serviceMs);
  return meanWaitGeneral(servers, erlangs, serviceMs, variation);
}
