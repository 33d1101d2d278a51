// The worker's entry: it holds the scenarios, loads the parts of the simulator, and answers what the
// page asks, one question after the other. A scenario that cannot be run is an answer in words, never a
// worker that stops.
import { library } from "../scenarios/library.ts";
import type { Scenario, ScenarioFile } from "../simulation/scenario.ts";
import { loadColdCode, loadColdCodeLater, withColdCode } from "./cold-code.ts";
import { loadAhead, loadEngineFor, loadTelling } from "./parts.ts";
import type { Catalog, FromWorker, RunSpec, ToldJourney, ToWorker } from "./protocol.ts";

loadAhead();
let last: Promise<void> = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  last = last.then(async () => postMessage(await answer(data)));
});

async function answer(question: ToWorker): Promise<FromWorker> {
  const { ticket } = question;
  try {
    return question.kind === "catalog"
      ? { kind: "catalog", ticket, catalog: await catalogOf() }
      : { kind: "journey", ticket, told: await run(question.spec, ticket) };
  } catch (error) {
    return {
      kind: "failed",
      ticket,
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

async function catalogOf(): Promise<Catalog> {
  const { drawMachines } = await loadTelling();
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

async function run(spec: RunSpec, ticket: number): Promise<ToldJourney> {
  const entry = library.find((candidate) => candidate.id === spec.scenario);
  if (entry === undefined) throw new Error(`There is no scenario “${spec.scenario}”.`);
  const { files, actions, seed } = spec;
  const scenario = withFiles(entry.scenario, files);
  const [{ playJourney }, { tell }] = await Promise.all([
    loadEngineFor(scenario, actions),
    loadTelling(),
    isFirstVisit(spec) ? loadColdCodeLater() : loadColdCode(),
  ]);
  // Everything is loaded: from here on the page may count how long it takes.
  postMessage({ kind: "started", ticket } satisfies FromWorker);
  return withColdCode(() =>
    tell(playJourney(scenario, { seed: seed ?? undefined, actions }), spec.scenario),
  );
}

/** What a newcomer sees first, as it stands in the library: the run that the hot half is cut for. */
function isFirstVisit({ scenario, files, actions, seed }: RunSpec): boolean {
  const unchanged = Object.keys(files).length === 0 && actions.length === 0 && seed === null;
  return scenario === library[0].id && unchanged;
}

const COMMAND = /^command:(\d+)$/;

/** The scenario with new text for some of its files and commands. */
function withFiles(scenario: Scenario, changes: RunSpec["files"]): Scenario {
  const files: Record<string, ScenarioFile> = { ...scenario.files };
  const processes = [...scenario.processes];
  for (const [path, text] of Object.entries(changes)) {
    const command = COMMAND.exec(path);
    if (command === null) files[path] = changedFile(files[path], text);
    else if (Number(command[1]) <= processes.length)
      processes[Number(command[1]) - 1] = text.trim();
  }
  return { ...scenario, files, processes };
}

/** New text under the old owner and mode. */
function changedFile(before: ScenarioFile | undefined, text: string): ScenarioFile {
  const hasText = typeof before === "object" && "text" in before;
  return hasText ? { ...before, text } : text;
}
