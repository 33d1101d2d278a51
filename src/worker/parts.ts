// The parts of the simulator that are files of their own: the engine and the words, which are asked for
// as soon as the worker starts, and what is loaded before the first scenario that can come to use it.
// A part that was loaded once is there: the browser keeps modules.
import { offerUwsgi, wantedParts } from "../simulation/optional-programs.ts";
import type { Action, Scenario } from "../simulation/scenario.ts";
import { offerPythonGrammar } from "../text/python-parser.ts";

type Engine = typeof import("../simulation/play-journey.ts");
type Telling = typeof import("./telling.ts");
type Library = typeof import("../scenarios/library.ts");
type Editing = typeof import("./editing.ts");

export const loadEngine = (): Promise<Engine> => import("../simulation/play-journey.ts");

/** The story, its words and the drawn machines. */
export const loadTelling = (): Promise<Telling> => import("./telling.ts");

/** The scenarios to choose from. */
export const loadLibrary = async (): Promise<Library["library"]> =>
  (await import("../scenarios/library.ts")).library;

/** What changes, checks and compares scenarios: only those who edit need it. */
export const loadEditing = (): Promise<Editing> => import("./editing.ts");

async function loadPython(): Promise<void> {
  offerPythonGrammar((await import("../text/python-grammar.ts")).pythonGrammar);
}

async function loadUwsgi(): Promise<void> {
  offerUwsgi((await import("../layers/uwsgi/install.ts")).installUwsgi);
}

/** Begins to load what every scenario needs; a failure is told to the first question that waits for it. */
export function loadAhead(): void {
  Promise.all([loadEngine(), loadTelling()]).catch(() => undefined);
}

/** The engine, with everything that `scenario` and `actions` can come to use offered to it. */
export async function loadEngineFor(
  scenario: Scenario,
  actions: readonly Action[],
): Promise<Engine> {
  const wanted = wantedParts(scenario, actions);
  const [engine] = await Promise.all([
    loadEngine(),
    wanted.python ? loadPython() : null,
    wanted.uwsgi ? loadUwsgi() : null,
  ]);
  return engine;
}
