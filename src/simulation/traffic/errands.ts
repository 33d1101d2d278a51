// What clients of a crowd do: arrive or sit down to think, ask, wait, give up, pause, and try again.
import { renewed } from "../../kernel/renewal.ts";
import type { RequestNumber, Simulation } from "../../kernel/simulation.ts";
import { fromMs, type Instant, type Span } from "../../kernel/time.ts";
import type { Run } from "../run.ts";
import { arrivalAt, arrivalSize, indexAfter, movedArrival, ratePerSecond } from "./arrivals.ts";
import { crowdOf } from "./crowd.ts";
import type { Arrivals, RetrySpec, TrafficSpec } from "./traffic-spec.ts";
import { type Errand, type TrafficWorld, trafficWorldOf } from "./traffic-world.ts";

/** Hears of what happens in the crowd. It never answers: with it or without it a run is the same. */
export interface TrafficObserver {
  arrived?(errand: Errand): void;
  ended?(errand: Errand, status: number | null): void;
}

export interface InstalledCrowd {
  /** A try has ended. */
  finish(number: RequestNumber, status: number | null): void;
  respecify(spec: TrafficSpec): void;
}

/** What does not change while the simulation runs. */
interface Context {
  readonly run: Run;
  readonly sim: Simulation;
  readonly end: Instant;
  readonly observer: TrafficObserver;
  readonly arriveEvent: number;
  readonly askEvent: number;
  readonly retryEvent: number;
}

/** Purpose numbers of the draws here (random.ts). */
const PURPOSE_MIX = 0x7a02;
const PURPOSE_THINK = 0x7a03;
const PURPOSE_RETRY = 0x7a04;
/** Source: RFC 9110, section 15.6, and RFC 6585, section 4: what may be gone when tried again. */
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;
const NO_USER = -1;

/** Installs the crowd's events. Call once, before the run begins. */
export function installCrowd(run: Run, end: Instant, observer: TrafficObserver): InstalledCrowd {
  const { sim } = run;
  const context: Context = {
    run,
    sim,
    end,
    observer,
    arriveEvent: sim.event("traffic: requests arrive", () => arrive(context)),
    askEvent: sim.event("traffic: a user asks", (user) => ask(context, user)),
    retryEvent: sim.event("traffic: a client tries again", (first) => tryAgain(context, first)),
  };
  const beginEvent = sim.event("traffic: it begins", () => {
    scheduleArrival(context, run.zero);
    sendUsers(context);
  });
  sim.at(run.zero, beginEvent);
  sim.renewal.add(() => {
    const world = trafficWorldOf(sim);
    world.underWay = renewed(world.underWay);
    return world.underWay.size;
  });
  return {
    finish: (number, status) => finish(context, number, status),
    respecify: (spec) => respecify(context, spec),
  };
}

function arrive(context: Context): void {
  const { sim } = context;
  const world = trafficWorldOf(sim);
  for (let left = arrivalSize(world.spec.arrivals); left > 0; left--) begin(context, NO_USER);
  world.nextIndex++;
  scheduleArrival(context, sim.now);
}

function scheduleArrival(context: Context, before: Instant): void {
  const { sim, run } = context;
  const { nextIndex: index, spec } = trafficWorldOf(sim);
  placeArrival(context, arrivalAt(sim, spec.arrivals, { index, before, zero: run.zero }));
}

function placeArrival({ sim, end, arriveEvent }: Context, at: Instant): void {
  const world = trafficWorldOf(sim);
  world.nextAt = at > end ? Infinity : at;
  if (at <= end) world.nextEvent = sim.at(at, arriveEvent);
}

/** Sends off the users that have not been, or have left, each after a pause of its own. */
function sendUsers(context: Context): void {
  const world = trafficWorldOf(context.sim);
  const { arrivals } = world.spec;
  if (!("users" in arrivals)) return;
  for (const user of [...world.usersGone].sort((a, b) => a - b))
    if (user < arrivals.users) {
      world.usersGone.delete(user);
      think(context, user, -1 - user);
    }
  for (; world.users < arrivals.users; world.users++) think(context, world.users, -1 - world.users);
}

/** Whether there is to be this user now; one that is too many leaves at the next question. */
function stays(world: TrafficWorld, user: number): boolean {
  const { arrivals } = world.spec;
  if ("users" in arrivals && user < arrivals.users) return true;
  world.usersGone.add(user);
  return false;
}

function ask(context: Context, user: number): void {
  if (stays(trafficWorldOf(context.sim), user)) begin(context, user);
}

/** A user thinks before the next request. */
function think({ sim, end, askEvent }: Context, user: number, draw: number): void {
  const world = trafficWorldOf(sim);
  const { arrivals } = world.spec;
  if (!stays(world, user) || !("users" in arrivals)) return;
  const meanNs = fromMs(arrivals.thinkMs);
  const pauseNs =
    arrivals.thinking === "constant" ? meanNs : sim.exponential(draw, PURPOSE_THINK, meanNs);
  const at = sim.now + Math.round(pauseNs);
  if (at <= end) sim.at(at, askEvent, user);
}

function begin(context: Context, user: number): void {
  const { sim } = context;
  const world = trafficWorldOf(sim);
  const crowd = crowdOf(world.spec);
  const index = world.arrived++;
  const share = crowd.shares.length > 1 ? sim.uniform(index, PURPOSE_MIX) : 0;
  const part = Math.max(
    0,
    crowd.shares.findIndex((sum) => share < sum),
  );
  const client = (user === NO_USER ? index : user) % crowd.clients;
  const errand: Errand = {
    first: NO_USER,
    later: null,
    part,
    client,
    user,
    startedAt: sim.now,
    tries: 0,
    triedAt: sim.now,
  };
  attempt(context, errand);
}

function tryAgain(context: Context, first: RequestNumber): void {
  const world = trafficWorldOf(context.sim);
  const errand = world.pausing.get(first);
  if (errand === undefined) return;
  world.pausing.delete(first);
  world.retries++;
  attempt(context, errand);
}

/** One try: a request of the bare client under a number of its own. */
function attempt({ sim, run, observer }: Context, errand: Errand): void {
  const world = trafficWorldOf(sim);
  const { requests } = crowdOf(world.spec);
  const own = requests[errand.part] ?? requests[0];
  const spec = own[errand.client % own.length];
  const number = run.newRequest({
    method: spec.method ?? "GET",
    url: spec.url,
    client: "client",
    kind: "main",
    action: -1,
  });
  if (errand.tries === 0) errand.first = number;
  else errand.later = [...(errand.later ?? []), number];
  errand.tries++;
  errand.triedAt = sim.now;
  world.underWay.set(number, errand);
  if (errand.tries === 1) observer.arrived?.(errand);
  run.programs.client.request(number, spec);
}

function finish(context: Context, number: RequestNumber, status: number | null): void {
  const { sim, observer } = context;
  const world = trafficWorldOf(sim);
  const errand = world.underWay.get(number);
  if (errand === undefined) return;
  world.underWay.delete(number);
  const { giveUpMs = 0, retry } = world.spec;
  if (status === null && giveUpMs > 0 && sim.now - errand.triedAt >= fromMs(giveUpMs))
    world.gaveUp++;
  if (retry !== undefined && errand.tries <= retry.times && mayBeRetried(status)) {
    world.pausing.set(errand.first, errand);
    sim.after(pauseNs(sim, retry, errand), context.retryEvent, errand.first);
    return;
  }
  const key = status === null ? "none" : String(status);
  world.statuses.set(key, (world.statuses.get(key) ?? 0) + 1);
  if (status === null) world.failed++;
  else world.answered++;
  observer.ended?.(errand, status);
  if (errand.user !== NO_USER) think(context, errand.user, number);
}

function mayBeRetried(status: number | null): boolean {
  return status === null || status >= SERVER_ERROR || status === TOO_MANY_REQUESTS;
}

/** The pause before the next try: it grows by the factor with every try, and jitter shortens it. */
function pauseNs(
  sim: Simulation,
  { afterMs, factor = 1, jitter }: RetrySpec,
  errand: Errand,
): Span {
  let pause = fromMs(afterMs);
  for (let tries = 1; tries < errand.tries; tries++) pause *= factor;
  const share = jitter === true ? sim.uniform(errand.first, PURPOSE_RETRY + errand.tries) : 1;
  return Math.round(pause * share);
}

function respecify(context: Context, spec: TrafficSpec): void {
  const { sim, run } = context;
  const world = trafficWorldOf(sim);
  const { arrivals: old } = world.spec;
  const { arrivals } = spec;
  world.spec = spec;
  if (sim.now < run.zero || sameArrivals(old, arrivals)) return;
  const isPending = world.nextAt < Infinity;
  if (isPending) sim.cancel(world.nextEvent);
  const before = ratePerSecond(old);
  const after = ratePerSecond(arrivals);
  if (isPending && before !== null && after !== null && kindOf(old) === kindOf(arrivals))
    placeArrival(context, movedArrival(world.nextAt, sim.now, { before, after }));
  else {
    world.nextIndex = indexAfter(arrivals, world.nextIndex, sim.now - run.zero);
    scheduleArrival(context, sim.now);
  }
  sendUsers(context);
}

function sameArrivals(one: Arrivals, other: Arrivals): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const kindOf = (arrivals: Arrivals): string => Object.keys(arrivals)[0];
