// Links as the app writes them, so that a test can open any run at once, at any step, in any view.
import "../../src/simulation/all-parts.ts";
import { library } from "../../src/scenarios/library.ts";
import type { Journey, Step, StepId } from "../../src/simulation/journey.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";
import { writeLink } from "../../src/ui/session/link.ts";
import { firstView, type SharedView } from "../../src/ui/session/view.ts";
import type { RunSpec } from "../../src/worker/protocol.ts";

export interface Place {
  readonly view?: Partial<SharedView>;
  readonly step?: StepId;
}

/** The fragment that opens a scenario, with changes to its run and a place to look at if any are given. */
export function linkTo(
  scenario: string,
  changes: Partial<RunSpec> = {},
  { view = {}, step }: Place = {},
): Promise<string> {
  const spec: RunSpec = { scenario, seed: null, files: {}, actions: [], ...changes };
  return writeLink({ spec, view: { ...firstView, ...view }, step: step ?? null, traffic: null });
}

/** A scenario's journey as Node tells it. */
export function journeyOf(id: string): Journey {
  const entry = library.find((each) => each.id === id);
  if (entry === undefined) throw new Error(`There is no scenario ${id}.`);
  return runJourney(entry.scenario);
}

/** The step that hands the page to the browser to be shown. */
export function pageStep({ steps }: Journey): Step {
  const found = steps.find(({ messages }) => messages.some(({ kind }) => kind === "page"));
  if (found === undefined) throw new Error("This journey ends without a page.");
  return found;
}
