// Settings of the world around the programs: the traffic, the machine, the link, and the time that a
// view takes. They stand in parts of the scenario that are no files and are shown as JSON.
import type { ViewSpec, ViewStep } from "../../layers/django/view-spec.ts";
import { DEFAULT_CORES, type Scenario } from "../scenario.ts";
import { type TrafficSpec, trafficOf } from "../traffic/traffic-spec.ts";
import { viewOfTraffic } from "./routed-view.ts";
import { type Found, linear, logarithmic, type SettingRow } from "./row.ts";
import type { SettingEdit } from "./setting.ts";
import { lineText, type PartName, partText } from "./texts.ts";

const RTT_MS = 40;

interface PartRow<P> {
  readonly part: PartName;
  read(scenario: Scenario): P;
  /** The value in the part; undefined when it is not written, null when there is no place for it. */
  value(part: P, scenario: Scenario): number | null | undefined;
  readonly otherwise: number;
  replace(part: P, value: number, scenario: Scenario): P;
}

function partRow<P>(
  base: Pick<SettingRow, "id" | "title" | "input" | "takesEffect">,
  { part, read, value, otherwise, replace }: PartRow<P>,
): SettingRow {
  return {
    ...base,
    find(scenario): Found | null {
      const now = read(scenario);
      const current = value(now, scenario);
      if (current === null) return null;
      const text = partText(now);
      const line = changedLine(text, partText(replace(now, (current ?? 0) + 1, scenario)));
      return {
        value: current ?? otherwise,
        place: { path: part, line, text: lineText(text, line), written: current !== undefined },
      };
    },
    write(scenario, given): SettingEdit {
      const before = read(scenario);
      const text = partText(replace(before, Number(given), scenario));
      return { path: part, text, line: changedLine(partText(before), text) };
    },
  };
}

/** The first line of `after` that is not the same in `before`; the first when all are. */
function changedLine(before: string, after: string): number {
  const old = before.split("\n");
  const at = after.split("\n").findIndex((line, i) => line !== old[i]);
  return at < 0 ? 1 : at + 1;
}

const traffic = { part: "traffic", read: trafficOf } as const;

function rateOf({ arrivals }: TrafficSpec): number | null {
  if ("poisson" in arrivals) return arrivals.poisson;
  if ("constant" in arrivals) return arrivals.constant;
  if ("bursts" in arrivals) return (arrivals.bursts.size * 1000) / arrivals.bursts.everyMs;
  return null;
}

/** The same kind of arrivals with another rate; bursts come as often and are larger. */
function withRate(spec: TrafficSpec, rate: number): TrafficSpec {
  const { arrivals } = spec;
  if ("constant" in arrivals) return { ...spec, arrivals: { constant: rate } };
  if ("bursts" in arrivals) {
    const size = Math.max(1, Math.round((rate * arrivals.bursts.everyMs) / 1000));
    return { ...spec, arrivals: { bursts: { ...arrivals.bursts, size } } };
  }
  return { ...spec, arrivals: { poisson: rate } };
}

/** Where a view spends its time: its longest step of the wanted kind, by index. */
function longestStep(view: ViewSpec | null, msOf: (step: ViewStep) => number | undefined): number {
  let longest = -1;
  view?.steps.forEach((step, i) => {
    const ms = msOf(step);
    if (ms !== undefined && ms > (longest < 0 ? -1 : (msOf(view.steps[longest]) ?? 0))) longest = i;
  });
  return longest;
}

function workMs(step: ViewStep): number | undefined {
  if ("work" in step) return step.work;
  if ("sleep" in step) return step.sleep;
  return "render" in step ? step.ms : undefined;
}

function workStep(step: ViewStep, ms: number): ViewStep {
  if ("work" in step) return { ...step, work: ms };
  return "sleep" in step ? { ...step, sleep: ms } : ({ ...step, ms } as ViewStep);
}

const queryMs = (step: ViewStep): number | undefined =>
  "query" in step ? (step.ms ?? 0) : undefined;

type Views = NonNullable<Scenario["views"]>;

function stepRow(
  base: Pick<SettingRow, "id" | "title" | "input" | "takesEffect">,
  msOf: (step: ViewStep) => number | undefined,
  withMs: (step: ViewStep, ms: number) => ViewStep,
): SettingRow {
  return partRow<Views>(base, {
    part: "views",
    read: (scenario) => scenario.views ?? {},
    value(views, scenario) {
      const view = views[viewOfTraffic(scenario) ?? ""] ?? null;
      const at = longestStep(view, msOf);
      return at < 0 || view === null ? null : msOf(view.steps[at]);
    },
    otherwise: 0,
    replace(views, ms, scenario) {
      const name = viewOfTraffic(scenario) ?? "";
      const view = views[name];
      const at = longestStep(view ?? null, msOf);
      if (at < 0) return views;
      const steps = view.steps.map((step, i) => (i === at ? withMs(step, ms) : step));
      return { ...views, [name]: { ...view, steps } };
    },
  });
}

export const scenarioRows: readonly SettingRow[] = [
  partRow<TrafficSpec>(
    {
      id: "rate",
      title: "Requests a second",
      input: logarithmic("per second", 0.1, 20_000, 0.1),
      takesEffect: "at once",
    },
    { ...traffic, value: rateOf, otherwise: 0, replace: withRate },
  ),
  partRow<TrafficSpec>(
    { id: "users", title: "Users", input: logarithmic("users", 1, 20_000), takesEffect: "at once" },
    {
      ...traffic,
      value: ({ arrivals }) => ("users" in arrivals ? arrivals.users : null),
      otherwise: 0,
      replace: (spec, users) =>
        "users" in spec.arrivals ? { ...spec, arrivals: { ...spec.arrivals, users } } : spec,
    },
  ),
  partRow<TrafficSpec>(
    {
      id: "giveUpMs",
      title: "Clients give up after",
      input: logarithmic("ms", 0, 600_000),
      takesEffect: "at once",
    },
    {
      ...traffic,
      value: (spec) => spec.giveUpMs,
      otherwise: 0,
      replace: (spec, giveUpMs) => ({ ...spec, giveUpMs }),
    },
  ),
  partRow<TrafficSpec>(
    {
      id: "retries",
      title: "Retries of a client",
      input: linear("retries", 0, 20),
      takesEffect: "at once",
    },
    {
      ...traffic,
      value: (spec) => spec.retry?.times,
      otherwise: 0,
      replace: (spec, times) => ({ ...spec, retry: { afterMs: 1000, ...spec.retry, times } }),
    },
  ),
  partRow<NonNullable<Scenario["links"]>>(
    {
      id: "rttMs",
      title: "Round trip to the clients",
      input: linear("ms", 0, 1000),
      takesEffect: "at once",
    },
    {
      part: "links",
      read: (scenario) => scenario.links ?? {},
      value: (links) => (links.client === undefined ? null : links.client.rttMs),
      otherwise: RTT_MS,
      replace: (links, rttMs) => ({ ...links, client: { ...links.client, rttMs } }),
    },
  ),
  partRow<NonNullable<Scenario["host"]>>(
    {
      id: "cores",
      title: "Processor cores",
      input: linear("cores", 1, 128),
      takesEffect: "at once",
    },
    {
      part: "host",
      read: (scenario) => scenario.host ?? {},
      value: (host) => host.cores,
      otherwise: DEFAULT_CORES,
      replace: (host, cores) => ({ ...host, cores }),
    },
  ),
  stepRow(
    {
      id: "viewMs",
      title: "Time of the view itself",
      input: logarithmic("ms", 0, 120_000, 0.1),
      takesEffect: "gunicorn reload",
    },
    workMs,
    workStep,
  ),
  stepRow(
    {
      id: "queryMs",
      title: "Time of a query",
      input: logarithmic("ms", 0, 120_000, 0.1),
      takesEffect: "gunicorn reload",
    },
    queryMs,
    (step, ms) => ({ ...step, ms }) as ViewStep,
  ),
];
