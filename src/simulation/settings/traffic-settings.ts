// Settings of the traffic: how requests arrive, how often, of which kind, and what their clients do when no
// answer comes.
import type { Scenario } from "../scenario.ts";
import {
  type Arrivals,
  DEFAULT_DURATION_S,
  type MixPart,
  type TrafficSpec,
  trafficOf,
} from "../traffic/traffic-spec.ts";
import {
  ARRIVAL_KINDS,
  type ArrivalKind,
  arrivalsAtRate,
  arrivalsOfKind,
  kindOf,
  meanRate,
} from "./arrival-kinds.ts";
import { type PartRow, partRow, type RowHead } from "./part-row.ts";
import { type Found, linear, logarithmic, type SettingRow } from "./row.ts";
import type { SettingId, SettingValue } from "./setting.ts";

type TrafficRow = Omit<PartRow<TrafficSpec>, "part" | "read">;

/** Every setting of the traffic holds at once: nobody has to be told. */
function trafficRow(head: Omit<RowHead, "takesEffect">, row: TrafficRow): SettingRow {
  const base: RowHead = { ...head, takesEffect: "at once" };
  return partRow<TrafficSpec>(base, { part: "traffic", read: trafficOf, ...row });
}

/** A setting of one kind of arrivals. */
function arrivalsRow<A extends Arrivals>(
  head: Omit<RowHead, "takesEffect">,
  is: (arrivals: Arrivals) => arrivals is A,
  {
    value,
    otherwise = 0,
    replace,
  }: {
    readonly value: (arrivals: A) => SettingValue | undefined;
    readonly otherwise?: SettingValue;
    readonly replace: (arrivals: A, value: SettingValue) => Arrivals;
  },
): SettingRow {
  return trafficRow(head, {
    value: ({ arrivals }) => (is(arrivals) ? value(arrivals) : null),
    otherwise,
    replace: (spec, given) =>
      is(spec.arrivals) ? { ...spec, arrivals: replace(spec.arrivals, given) } : spec,
  });
}

type Rated = Extract<Arrivals, { poisson: number } | { constant: number } | { bursts: object }>;
type Bursts = Extract<Arrivals, { readonly bursts: object }>;
type Users = Extract<Arrivals, { readonly users: number }>;

const hasRate = (arrivals: Arrivals): arrivals is Rated =>
  !("users" in arrivals || "atMs" in arrivals);
const areBursts = (arrivals: Arrivals): arrivals is Bursts => "bursts" in arrivals;
const areUsers = (arrivals: Arrivals): arrivals is Users => "users" in arrivals;

const NEEDS_USERS = "users; set arrivals to users first";

const arrivalRows: readonly SettingRow[] = [
  trafficRow(
    {
      ...{ id: "arrivals", title: "Requests arrive" },
      input: { kind: "choice", options: ARRIVAL_KINDS },
    },
    {
      value: ({ arrivals }) => kindOf(arrivals),
      otherwise: "poisson",
      replace: (spec, kind) => ({
        ...spec,
        arrivals: arrivalsOfKind(kind as ArrivalKind, {
          before: spec.arrivals,
          durationS: spec.durationS ?? DEFAULT_DURATION_S,
        }),
      }),
    },
  ),
  arrivalsRow(
    {
      ...{ id: "rate", title: "Requests a second" },
      input: logarithmic("per second", 0.1, 20_000, 0.1),
      needs: "arrivals with a rate; set arrivals to poisson, constant or bursts first",
    },
    hasRate,
    {
      value: meanRate,
      replace: (arrivals, rate) => arrivalsAtRate(arrivals, Number(rate)),
    },
  ),
  arrivalsRow(
    {
      ...{ id: "burstMs", title: "A burst every", input: logarithmic("ms", 1, 600_000) },
      needs: "bursts; set arrivals to bursts first",
    },
    areBursts,
    {
      value: ({ bursts }) => bursts.everyMs,
      replace: ({ bursts }, everyMs) => ({ bursts: { ...bursts, everyMs: Number(everyMs) } }),
    },
  ),
  arrivalsRow(
    {
      ...{ id: "users", title: "Users", input: logarithmic("users", 1, 20_000) },
      needs: NEEDS_USERS,
    },
    areUsers,
    {
      value: ({ users }) => users,
      replace: (arrivals, users) => ({ ...arrivals, users: Number(users) }),
    },
  ),
  arrivalsRow(
    {
      ...{ id: "thinkMs", title: "Users think for", input: logarithmic("ms", 0, 600_000) },
      needs: NEEDS_USERS,
    },
    areUsers,
    {
      value: ({ thinkMs }) => thinkMs,
      replace: (arrivals, thinkMs) => ({ ...arrivals, thinkMs: Number(thinkMs) }),
    },
  ),
  arrivalsRow(
    {
      ...{ id: "thinking", title: "Their pauses are", needs: NEEDS_USERS },
      input: { kind: "choice", options: ["constant", "exponential"] },
    },
    areUsers,
    {
      value: ({ thinking }) => thinking,
      otherwise: "exponential",
      replace: (arrivals, thinking) => ({
        ...arrivals,
        thinking: thinking as "constant" | "exponential",
      }),
    },
  ),
];

const clientRows: readonly SettingRow[] = [
  trafficRow(
    { id: "giveUpMs", title: "Clients give up after", input: logarithmic("ms", 0, 600_000) },
    {
      value: (spec) => spec.giveUpMs,
      otherwise: 0,
      replace: (spec, giveUpMs) => ({ ...spec, giveUpMs: Number(giveUpMs) }),
    },
  ),
  trafficRow(
    { id: "retries", title: "Retries of a client", input: linear("retries", 0, 20) },
    {
      value: (spec) => spec.retry?.times,
      otherwise: 0,
      replace: (spec, times) => ({
        ...spec,
        retry: { afterMs: 1000, ...spec.retry, times: Number(times) },
      }),
    },
  ),
  trafficRow(
    {
      ...{ id: "retryAfterMs", title: "A retry comes after", input: logarithmic("ms", 0, 600_000) },
      needs: "clients that try again; set retries first",
    },
    {
      value: ({ retry }) => (retry === undefined ? null : retry.afterMs),
      otherwise: 0,
      replace: (spec, afterMs) => ({
        ...spec,
        retry: { times: 0, ...spec.retry, afterMs: Number(afterMs) },
      }),
    },
  ),
  trafficRow(
    {
      ...{ id: "retryFactor", title: "Each retry waits longer by" },
      input: linear("times", 1, 10, 0.5),
      needs: "clients that try again; set retries first",
    },
    {
      value: ({ retry }) => (retry === undefined ? null : retry.factor),
      otherwise: 1,
      replace: (spec, factor) => ({
        ...spec,
        retry: { times: 0, afterMs: 1000, ...spec.retry, factor: Number(factor) },
      }),
    },
  ),
  trafficRow(
    {
      ...{ id: "retryJitter", title: "Retries wait for a random share of that" },
      input: { kind: "switch" },
      needs: "clients that try again; set retries first",
    },
    {
      value: ({ retry }) => (retry === undefined ? null : retry.jitter),
      otherwise: false,
      replace: (spec, jitter) => ({
        ...spec,
        retry: { times: 0, afterMs: 1000, ...spec.retry, jitter: jitter === true },
      }),
    },
  ),
  trafficRow(
    {
      ...{ id: "clientKeepAlive", title: "Clients keep their connections" },
      input: { kind: "switch" },
    },
    {
      value: (spec) => spec.keepAlive,
      otherwise: false,
      replace: (spec, keepAlive) => ({ ...spec, keepAlive: keepAlive === true }),
    },
  ),
  trafficRow(
    { id: "clients", title: "Clients that take turns", input: logarithmic("clients", 1, 65_000) },
    {
      value: (spec) => spec.clients,
      otherwise: 250,
      replace: (spec, clients) => ({ ...spec, clients: Number(clients) }),
    },
  ),
];

const MIX_IDS: readonly SettingId[] = ["mix1", "mix2", "mix3", "mix4"];

/** How often a part of the mix is asked for, beside the others. A mix of one part needs no weights. */
function weightRow(id: SettingId, index: number): SettingRow {
  const partOf = (scenario: Scenario): MixPart | undefined => {
    const { mix = [] } = trafficOf(scenario);
    return mix.length > 1 ? mix[index] : undefined;
  };
  const row = trafficRow(
    {
      ...{ id, title: `Weight of request ${index + 1} of the mix` },
      input: logarithmic("weight", 0.1, 1000, 0.1),
      needs: `a mix of at least ${Math.max(2, index + 1)} requests; write them into the traffic`,
    },
    {
      value: (_, scenario) => partOf(scenario)?.weight ?? null,
      otherwise: 1,
      replace: (spec, weight) => ({
        ...spec,
        mix: spec.mix?.map((part, i) => (i === index ? { ...part, weight: Number(weight) } : part)),
      }),
    },
  );
  return {
    ...row,
    find(scenario): Found | null {
      const found = row.find(scenario);
      const path = partOf(scenario)?.request.url.replace(/^https?:\/\/[^/]+/, "");
      return found === null ? null : { ...found, title: `Weight of ${path}` };
    },
  };
}

export const trafficRows: readonly SettingRow[] = [
  ...arrivalRows,
  ...MIX_IDS.map(weightRow),
  ...clientRows,
];
