// The worker's entry: it holds the scenarios, loads the parts of the simulator, and answers what the
// page asks, one question after the other. A scenario that cannot be run is an answer in words, never a
// worker that stops.
import { firstVisit } from "../scenarios/first-visit.ts";
import type { Checked } from "../simulation/check-scenario.ts";
import { loadColdCode, withColdCode } from "./cold-code.ts";
import {
  loadAhead,
  loadEditing,
  loadEngine,
  loadEngineFor,
  loadLibrary,
  loadTelling,
} from "./parts.ts";
import { progressOf } from "./progress.ts";
import type {
  Catalog,
  ComparedRuns,
  FromWorker,
  RunSpec,
  ToldJourney,
  ToWorker,
} from "./protocol.ts";
import { scenarioOfSpec } from "./scenario-of-spec.ts";

loadAhead();
let last: Promise<void> = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  last = last.then(async () => postMessage(await answer(data)));
});

async function answer(question: ToWorker): Promise<FromWorker> {
  const { ticket } = question;
  try {
    const isFirst = question.kind === "run" && isFirstVisit(question.spec);
    if (!isFirst) await loadColdCode();
    switch (question.kind) {
      case "catalog":
        return { kind: "catalog", ticket, catalog: await catalogOf() };
      case "run":
        return { kind: "journey", ticket, told: await run(question.spec, ticket) };
      case "check":
        return { kind: "checked", ticket, checked: await check(question.spec, ticket) };
      case "settings":
      case "set":
      case "scenario":
        return await answerEditing(question);
      case "compare":
        return { kind: "compared", ticket, compared: await compare(question, ticket) };
    }
  } catch (error) {
    return {
      kind: "failed",
      ticket,
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

async function catalogOf(): Promise<Catalog> {
  const [library, { drawMachines }] = await Promise.all([loadLibrary(), loadTelling()]);
  return {
    scenarios: library.map(({ id, group, lesson }) => ({
      id,
      group,
      title: lesson.title,
      sentence: lesson.sentence,
    })),
    machines: drawMachines(),
  };
}

/** Everything is loaded: from here on the page may count how long it takes. */
function begin(ticket: number): void {
  postMessage({ kind: "started", ticket } satisfies FromWorker);
}

async function run(spec: RunSpec, ticket: number): Promise<ToldJourney> {
  const { actions, seed } = spec;
  const { scenario, diagnostics } = await scenarioOfSpec(spec);
  const isFirst = isFirstVisit(spec);
  if (!isFirst) await loadEngineFor(scenario, actions);
  const [{ playJourney }, { tell }] = await Promise.all([loadEngine(), loadTelling()]);
  begin(ticket);
  const runAndTell = (): ToldJourney => {
    const onProgress = isFirst ? undefined : progressOf(scenario, ticket, postMessage);
    const played = playJourney(scenario, { seed: seed ?? undefined, actions, onProgress });
    return tell(played, spec.scenario, diagnostics);
  };
  const loadRest = async (): Promise<void> => {
    // The cold half first: what loads the other parts may lie in it.
    await loadColdCode();
    await loadEngineFor(scenario, actions);
  };
  return isFirst ? withColdCode(runAndTell, loadRest) : runAndTell();
}

/** What a newcomer sees first, unchanged: the run that the worker is cut for. */
function isFirstVisit({ scenario, own, files, actions, seed }: RunSpec): boolean {
  const changes = Object.keys(files).length + actions.length;
  return scenario === firstVisit.id && own === undefined && changes === 0 && seed === null;
}

async function check(spec: RunSpec, ticket: number): Promise<Checked> {
  const { scenario, diagnostics } = await scenarioOfSpec(spec);
  const [{ checkTexts }] = await Promise.all([
    loadEditing(),
    loadEngineFor(scenario, spec.actions),
  ]);
  begin(ticket);
  return checkTexts(scenario, diagnostics);
}

type EditingQuestion = Extract<ToWorker, { readonly kind: "settings" | "set" | "scenario" }>;

/** What is answered from the texts alone. */
async function answerEditing(question: EditingQuestion): Promise<FromWorker> {
  const { ticket } = question;
  const { scenario } = await scenarioOfSpec(question.spec);
  const { settingsOf, setInText, scenarioFile } = await loadEditing();
  await loadEngineFor(scenario, []);
  switch (question.kind) {
    case "settings":
      return { kind: "settings", ticket, settings: settingsOf(scenario) };
    case "set":
      return { kind: "set", ticket, edit: setInText(scenario, question.id, question.value) };
    case "scenario":
      return { kind: "scenario", ticket, text: scenarioFile(scenario) };
  }
}

async function compare(
  { spec, with: other }: { readonly spec: RunSpec; readonly with: RunSpec },
  ticket: number,
): Promise<ComparedRuns> {
  const { compareRuns } = await loadEditing();
  return compareRuns(other, spec, async (each) => (await run(each, ticket)).journey);
}
