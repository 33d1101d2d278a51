// The worker's entry: it holds the engine and the scenarios, and answers what the page asks. A scenario
// that cannot be run is an answer in words, never a worker that stops.
import { layers } from "../layers/index.ts";
import { library } from "../scenarios/library.ts";
import { runJourney } from "../simulation/run-journey.ts";
import type { Scenario, ScenarioFile } from "../simulation/scenario.ts";
import { transcript } from "../simulation/transcript.ts";
import { drawingsOf } from "./drawings.ts";
import type { Catalog, FromWorker, RunSpec, ToldJourney, ToWorker } from "./protocol.ts";

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  postMessage(answer(data));
});

function answer(question: ToWorker): FromWorker {
  const { ticket } = question;
  try {
    return question.kind === "catalog"
      ? { kind: "catalog", ticket, catalog: catalogOf() }
      : { kind: "journey", ticket, told: tell(question.spec) };
  } catch (error) {
    return {
      kind: "failed",
      ticket,
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

function catalogOf(): Catalog {
  return {
    scenarios: library.map(({ id, lesson }) => ({
      id,
      title: lesson.title,
      sentence: lesson.sentence,
    })),
    machines: drawingsOf(layers),
  };
}

function tell({ scenario: id, seed, files, actions }: RunSpec): ToldJourney {
  const entry = library.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new Error(`There is no scenario “${id}”.`);
  const scenario = withFiles(entry.scenario, files);
  const journey = runJourney(scenario, { id, seed: seed ?? undefined, actions });
  return { journey, transcript: transcript(journey) };
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
