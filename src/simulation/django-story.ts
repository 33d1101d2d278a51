// A request inside Django, gathered from its rows: each middleware with what it changed on the way in and
// out, the patterns that were tried, the queries with their times, the template with what it was given.
import type { Facts } from "../layers/layer.ts";
import type { DjangoLayer, DjangoQuery, DjangoStory, Step } from "./journey.ts";
import type { Run } from "./run.ts";

interface Told {
  readonly transition: string;
  readonly value: number;
  readonly facts: Facts;
  readonly step: number;
  readonly timeNs: number;
  readonly row: number;
  readonly entity: number;
}

/** The story of each request that reached Django, in order. */
export function djangoStories(run: Run, steps: readonly Step[]): DjangoStory[] {
  const stepOfRow = new Map(steps.map((step) => [step.row, step.index]));
  const rows = new Map<number, { request: Told[]; queries: Told[] }>();
  for (const row of run.recording.rows) {
    const machine = row.machine.spec.name;
    if (row.request < 0 || (machine !== "Django request" && machine !== "ORM query")) continue;
    const own = rows.get(row.request) ?? { request: [], queries: [] };
    rows.set(row.request, own);
    own[machine === "ORM query" ? "queries" : "request"].push({
      ...{ transition: row.machine.transitionNames[row.transition], value: row.value },
      ...{ facts: run.recording.facts.get(row.row) ?? {}, timeNs: row.time - run.zero },
      ...{ step: stepOfRow.get(row.row) ?? -1, row: row.row, entity: row.entity },
    });
  }
  return [...rows].map(([request, told]) => storyOf(request, told.request, told.queries));
}

function storyOf(request: number, told: readonly Told[], queries: readonly Told[]): DjangoStory {
  const resolve = told.find(({ transition }) => transition === "resolveUrl");
  const view = told.find(({ transition }) => transition === "callView");
  const render = told.findLast(({ transition }) => transition === "renderTemplate");
  const context = render?.facts.messages?.find((message) => message.kind === "table");
  return {
    request,
    layers: layersOf(told),
    patterns: resolve?.facts.alternatives ?? [],
    patternsStep: resolve?.step ?? -1,
    view: view === undefined ? null : { name: text(view, "view"), step: view.step },
    queries: queriesOf(queries),
    template:
      render === undefined
        ? null
        : {
            ...{ name: text(render, "template"), step: render.step, characters: render.value },
            context: context?.kind === "table" ? context.fields : [],
          },
  };
}

function layersOf(told: readonly Told[]): DjangoLayer[] {
  const entered = told.filter(({ transition }) => transition === "callMiddleware");
  return entered.map((layer): DjangoLayer => {
    const name = text(layer, "name");
    const out = told.find(
      ({ transition, value }) => transition === "returnThroughMiddleware" && value === layer.value,
    );
    const answer = told.find(
      (each) => each.transition === "answerEarly" && text(each, "name") === name,
    );
    return {
      name,
      inStep: layer.step,
      inChange: text(layer, "change"),
      outStep: out?.step ?? null,
      outChange: out === undefined ? "" : text(out, "change"),
      answered: answer === undefined ? null : Number(answer.value),
    };
  });
}

/** BEGIN and the like have no step; every other statement counts as Django counts it. */
function queriesOf(told: readonly Told[]): DjangoQuery[] {
  const executed = told.filter(
    ({ transition, facts }) => transition === "execute" && facts.fine !== true,
  );
  return executed.map((start): DjangoQuery => {
    const end = told.find(
      (each) =>
        each.entity === start.entity &&
        each.row > start.row &&
        (each.transition === "fetchRows" || each.transition === "fail"),
    );
    const rows = end?.facts.values?.rows;
    return {
      sql: text(start, "sql"),
      step: start.step,
      timeNs: start.timeNs,
      tookNs: end === undefined ? null : end.timeNs - start.timeNs,
      rows: typeof rows === "number" ? rows : null,
      failed: end?.transition === "fail",
    };
  });
}

function text({ facts }: Told, name: string): string {
  const value = facts.values?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
