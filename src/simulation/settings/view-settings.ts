// Settings of the view that answers the traffic: how long it takes, how that time is spread from request to
// request, and how long its first query takes. Which step a slider moves does not depend on its value.
import type { Spread, ViewSpec, ViewStep } from "../../layers/django/view-spec.ts";
import type { Scenario } from "../scenario.ts";
import { type PartRow, partRow, type RowHead } from "./part-row.ts";
import { viewOfTraffic } from "./routed-view.ts";
import { linear, logarithmic, type SettingRow } from "./row.ts";
import type { SettingValue } from "./setting.ts";

type Views = NonNullable<Scenario["views"]>;
type SpreadStep = Extract<ViewStep, { readonly work: number } | { readonly sleep: number }>;

/** What a log-normal time begins with that has said no variation yet. */
const VARIATION = 0.5;

/** The index of the step that a row is about; -1 for none. */
type StepFinder = (view: ViewSpec) => number;

const isSpreadStep = (step: ViewStep): step is SpreadStep => "work" in step || "sleep" in step;
const worksOrWaits: StepFinder = ({ steps }) => steps.findIndex(isSpreadStep);
const rendersForTime: StepFinder = ({ steps }) =>
  steps.findIndex((step) => "render" in step && step.ms !== undefined);
const queries: StepFinder = ({ steps }) => steps.findIndex((step) => "query" in step);

/** The first step that works or waits; of a view that has none, the one that renders. */
const takesTime: StepFinder = (view) => {
  const at = worksOrWaits(view);
  return at < 0 ? rendersForTime(view) : at;
};

/** The first computing that comes beside a step which is set already. */
const computesBeside: StepFinder = (view) => {
  const first = worksOrWaits(view);
  return view.steps.findIndex((step, i) => i > first && first >= 0 && "work" in step);
};

function msOf(step: ViewStep): number {
  if ("work" in step) return step.work;
  if ("sleep" in step) return step.sleep;
  return "ms" in step ? (step.ms ?? 0) : 0;
}

function withMs(step: ViewStep, value: SettingValue): ViewStep {
  const ms = Number(value);
  if ("work" in step) return { ...step, work: ms };
  return "sleep" in step ? { ...step, sleep: ms } : ({ ...step, ms } as ViewStep);
}

interface StepRow extends Pick<PartRow<Views>, "otherwise"> {
  readonly find: StepFinder;
  /** Null when the step has no place for it. */
  value(step: ViewStep): SettingValue | null | undefined;
  replace(step: ViewStep, value: SettingValue): ViewStep;
  /** What is written before all others into a view that has no such step; undefined when nothing is. */
  readonly added?: (value: SettingValue) => ViewStep;
}

function stepRow(head: RowHead, { find, value, otherwise, replace, added }: StepRow): SettingRow {
  const viewOf = (views: Views, scenario: Scenario): ViewSpec | undefined =>
    views[viewOfTraffic(scenario) ?? ""];
  return partRow<Views>(head, {
    part: "views",
    read: (scenario) => scenario.views ?? {},
    value(views, scenario) {
      const view = viewOf(views, scenario);
      const at = view === undefined ? -1 : find(view);
      if (view !== undefined && at >= 0) return value(view.steps[at]);
      return view === undefined || added === undefined ? null : undefined;
    },
    otherwise,
    replace(views, given, scenario) {
      const view = viewOf(views, scenario);
      if (view === undefined) return views;
      const at = find(view);
      const first = at < 0 && added !== undefined ? [added(given)] : [];
      const steps = view.steps.map((step, i) => (i === at ? replace(step, given) : step));
      return {
        ...views,
        [viewOfTraffic(scenario) ?? ""]: { ...view, steps: [...first, ...steps] },
      };
    },
  });
}

const milliseconds = logarithmic("ms", 0, 120_000, 0.1);

const SPREADS = ["constant", "exponential", "log-normal"] as const;

/** How a step's time is spread; null for a list of recorded times, which no choice stands for. */
function spreadWord(step: ViewStep): string | null | undefined {
  const spread = isSpreadStep(step) ? step.spread : null;
  if (spread === undefined) return undefined;
  if (spread === null || (typeof spread === "object" && "listMs" in spread)) return null;
  return spread === "exponential" ? spread : "log-normal";
}

function withSpread(step: ViewStep, word: SettingValue): ViewStep {
  if (!isSpreadStep(step)) return step;
  const { spread: before, ...rest } = step;
  if (word === "constant") return rest as SpreadStep;
  const spread: Spread = word === "exponential" ? word : { logNormal: variationOf(before) };
  return { ...rest, spread } as SpreadStep;
}

function variationOf(spread: Spread | undefined): number {
  return typeof spread === "object" && "logNormal" in spread ? spread.logNormal : VARIATION;
}

export const viewRows: readonly SettingRow[] = [
  stepRow(
    {
      ...{ id: "viewMs", title: "Time of the view itself", input: milliseconds },
      ...{ takesEffect: "at once", needs: "a view that answers the traffic's first request" },
    },
    {
      ...{ find: takesTime, value: msOf, otherwise: 0, replace: withMs },
      added: (ms) => ({ work: Number(ms) }),
    },
  ),
  stepRow(
    {
      ...{ id: "spread", title: "Its times are", takesEffect: "at once" },
      input: { kind: "choice", options: SPREADS },
      needs: "a view that works or sleeps; give it a time with viewMs",
    },
    { find: worksOrWaits, value: spreadWord, otherwise: "constant", replace: withSpread },
  ),
  stepRow(
    {
      ...{ id: "variation", title: "Their deviation, of the mean", takesEffect: "at once" },
      input: linear("times", 0.05, 3, 0.05),
      needs: "log-normal times; set spread to log-normal first",
    },
    {
      find: worksOrWaits,
      value: (step) =>
        isSpreadStep(step) && spreadWord(step) === "log-normal" ? variationOf(step.spread) : null,
      otherwise: VARIATION,
      replace: (step, value) => ({ ...step, spread: { logNormal: Number(value) } }) as ViewStep,
    },
  ),
  stepRow(
    {
      ...{ id: "computeMs", title: "Computing in the view", input: milliseconds },
      ...{ takesEffect: "at once", needs: "a view that waits and computes" },
    },
    { find: computesBeside, value: msOf, otherwise: 0, replace: withMs },
  ),
  stepRow(
    {
      ...{ id: "queryMs", title: "Time of a query", input: milliseconds },
      ...{ takesEffect: "at once", needs: "a view that asks the database" },
    },
    { find: queries, value: msOf, otherwise: 0, replace: withMs },
  ),
];
