// Why a run and the formulas part, in sentences with the numbers of both: where the time goes that no queue
// explains, what the formulas take for granted and this crowd does not do, and how far chance reaches.
import type { Scenario } from "../scenario.ts";
import { settingOf } from "../settings/settings.ts";
import { lossProbability, relativeErrorOfWait } from "./erlang.ts";
import type { Measured, TheoryOfQueue } from "./theory.ts";
import { type Arrivals, trafficOf } from "./traffic-spec.ts";

/** Less than this share is no difference worth a sentence. */
const SAME_SHARE = 0.05;

interface Case {
  readonly scenario: Scenario;
  readonly arrivals: Arrivals;
  readonly measured: Measured;
  readonly queue: TheoryOfQueue;
}

/** Sentences on the differences of a run and its theory, the weightiest first. */
export function whyDifferent(
  scenario: Scenario,
  measured: Measured,
  queue: TheoryOfQueue | null,
): readonly string[] {
  const { arrivals } = trafficOf(scenario);
  const own = queue === null ? [] : whyOfQueue({ scenario, arrivals, measured, queue });
  return [...own, ...whyOfTries(measured), ...whyOfLittle(measured)];
}

function whyOfQueue(own: Case): string[] {
  const { arrivals, queue } = own;
  const load = "users" in arrivals ? whyOfUsers(arrivals, own) : whyOfLoad(own);
  const wait = queue.meanWaitMs === null ? [] : whyOfWait(own, queue.meanWaitMs);
  return [...load, ...wait, ...whyOfReach(own), ...whyOfBacklog(own), ...whyOfCores(own)];
}

/** Whether the backlog was full for most of the time. */
export function wasFull({ queueMax, meanQueueLength }: Measured): boolean {
  return queueMax !== null && meanQueueLength > queueMax / 2;
}

/** More work than the servers bear. */
function whyOfLoad({ queue: { erlangs, servers, serviceMs }, measured }: Case): string[] {
  if (erlangs < servers) return [];
  const isLeft = measured.counters.gaveUp > 0;
  const until = isLeft ? " until clients give up" : wasFull(measured) ? " until it is full" : "";
  const surplus = ((erlangs - servers) * 1000) / serviceMs;
  return [
    `${roundedNumber(erlangs)} erlangs are offered to ${counted(servers, "server")}: the queue grows for as long as this lasts, ` +
      `by ${roundedNumber(surplus)} a second${until}, and no formula gives a mean.`,
  ];
}

/** Source: P. J. Denning, J. P. Buzen (1978), the interactive response time law: R = N/X - Z. */
function whyOfUsers(
  { users, thinkMs }: Extract<Arrivals, { readonly users: number }>,
  { measured: { throughputRps, meanMs } }: Case,
): string[] {
  const responseMs = (users * 1000) / throughputRps - thinkMs;
  return [
    "Users wait for their answer before they ask again, so a queue slows the arrivals down, and Erlang C does not hold.",
    `For them it is users / throughput - thinking: ${users} / ${roundedNumber(throughputRps)} a second - ${roundedNumber(thinkMs / 1000)} s = ${roundedNumber(responseMs)} ms; ${roundedNumber(meanMs)} ms were measured.`,
  ];
}

/** The wait that was measured beside the one of the formula. */
function whyOfWait(own: Case, predictedMs: number): string[] {
  const { measured, queue } = own;
  const { measuredWaitMs, utilisation, waitProbability } = queue;
  const differenceMs = Math.abs(measuredWaitMs - predictedMs);
  const leastMs = SAME_SHARE * Math.max(predictedMs, measured.meanMs / 2);
  if (differenceMs < leastMs) return [];
  const both = `${roundedNumber(measuredWaitMs)} ms of waiting were measured, ${roundedNumber(predictedMs)} ms by the formula`;
  const cause = causeOfWait(own);
  if (cause !== null) return [`${both}: ${cause}.`];
  const count = measured.servedPerSecond * measured.seconds;
  const error = relativeErrorOfWait(utilisation, waitProbability ?? 1, count);
  const size = error > 1 ? "more than its own size" : `about ${Math.round(100 * error)} %`;
  const reach = `in ${Math.round(count)} requests chance alone moves the mean wait by ${size} at ${Math.round(100 * utilisation)} % of load`;
  if (differenceMs <= 2 * error * predictedMs) return [`${both}: ${reach}.`];
  return [
    `${both}, more than chance explains (${reach}): the formula knows one steady queue, and this run began empty, was changed, or shares more than its workers.`,
  ];
}

/** What of this crowd the formulas do not know. */
function causeOfWait({ scenario, arrivals, measured, queue }: Case): string | null {
  if ("bursts" in arrivals)
    return "bursts arrive together, and the formulas take arrivals that come one by one, by chance";
  if ("constant" in arrivals)
    return "arrivals are evenly spaced, so fewer of them meet than by chance";
  if ("atMs" in arrivals) return "the list is no Poisson process, as the formulas take it";
  if (reachedShare(measured) < 1 - SAME_SHARE)
    return "what Nginx lets through does not come by chance: misses of a cache come together, and a limit evens out";
  if (Number(settingOf(scenario, "maxRequests")?.value ?? 0) > 0)
    return "workers are renewed, and while they start there are fewer servers";
  const cores = coresOf(scenario, queue);
  return queue.servers > cores && measured.coreUtilisation > CORES_SHARED
    ? `${counted(queue.servers, "server")} share ${counted(cores, "core")}, so service is slowest when most of them work`
    : null;
}

/** The share of all tries that got to the workers' queue. */
function reachedShare({ counters, seconds, servedPerSecond, queueNow }: Measured): number {
  const tries = counters.arrived + counters.retries;
  return (servedPerSecond * seconds + queueNow) / Math.max(1, tries - counters.inFlight);
}

/** Time and requests that pass by the queue. */
function whyOfReach({ measured, queue }: Case): string[] {
  const { counters, meanMs } = measured;
  // Who gives up may have reached a worker or not.
  if (counters.gaveUp > 0) return [];
  const share = reachedShare(measured);
  if (share < 1 - SAME_SHARE)
    return [
      `Only ${roundedNumber(100 * share)} % of the requests reach a worker; Nginx answers or refuses the others, and the mean response is of all of them.`,
    ];
  const outsideMs = meanMs - queue.serviceMs - queue.measuredWaitMs;
  if (outsideMs < SAME_SHARE * meanMs) return [];
  const where = wasFull(measured)
    ? "most of it before the full backlog"
    : "on the link, in TCP and TLS handshakes, DNS and Nginx";
  return [
    `${roundedNumber(outsideMs)} ms of the mean response are spent neither in the queue nor in a worker: ${where}.`,
  ];
}

/** Too few are turned away to speak of. */
const LOSS_MIN = 0.005;

/** A backlog that can be full. Source: spec M/M/c/K: the states of M/M/c cut at K. */
function whyOfBacklog({ scenario, arrivals, measured, queue }: Case): string[] {
  const { queueMax } = measured;
  if (queueMax === null || "users" in arrivals) return [];
  const places = queue.servers + queueMax;
  const lost = lossProbability(queue.servers, queue.erlangs, places);
  if (lost < LOSS_MIN || !wasFull(measured) || measured.counters.gaveUp > 0) return [];
  const isUnix = /^unix:/.test(String(settingOf(scenario, "bind")?.value ?? ""));
  const then = isUnix
    ? "Nginx answers 502 to those"
    : "Linux drops their SYN, and they wait a second and more to knock again";
  return [
    `The backlog holds ${queueMax}: with ${places} places in all M/M/c/K turns away ${roundedNumber(100 * lost)} %. ${then}.`,
  ];
}

/** So busy are cores that are short, and so busy those that workers notice to share. */
const CORES_SHORT = 0.85;
const CORES_SHARED = 0.5;

function coresOf(scenario: Scenario, { servers }: TheoryOfQueue): number {
  return Number(settingOf(scenario, "cores")?.value ?? servers);
}

function whyOfCores({ scenario, measured, queue }: Case): string[] {
  const { servers } = queue;
  const cores = coresOf(scenario, queue);
  if (servers <= cores || measured.coreUtilisation < CORES_SHORT) return [];
  return [
    `${counted(servers, "server")} share ${counted(cores, "core")}, busy ${Math.round(100 * measured.coreUtilisation)} %: when more compute than there are cores, the time of service itself grows.`,
  ];
}

function whyOfTries({ counters: { retries, gaveUp } }: Measured): string[] {
  return [
    ...(retries > 0
      ? [`${retries} retries are arrivals too, and come when things are bad already.`]
      : []),
    ...(gaveUp > 0
      ? [`${gaveUp} tries were given up by their clients; some of them were served all the same.`]
      : []),
  ];
}

function whyOfLittle({ counters, meanInFlight, throughputRps, meanMs }: Measured): string[] {
  const product = (throughputRps * meanMs) / 1000;
  if (Math.abs(meanInFlight - product) < SAME_SHARE * meanInFlight) return [];
  if (counters.inFlight === 0) return [];
  return [
    `Little's law speaks of what has ended: ${counters.inFlight} are still there, whose time counts among the ${roundedNumber(meanInFlight)} and not yet in the mean of ${roundedNumber(meanMs)} ms.`,
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Three figures at most, without trailing zeros. */
export function roundedNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}
