// The scenario that a question asks for: one of the library or the reader's own, with the changes to its
// texts. A scenario of one's own that cannot be read is an error in words.
import { taughtScenario } from "../scenarios/entry.ts";
import { firstVisit } from "../scenarios/first-visit.ts";
import type { EditedScenario } from "../simulation/edited-scenario.ts";
import type { Scenario } from "../simulation/scenario.ts";
import { loadEditing, loadLibrary } from "./parts.ts";
import type { RunSpec } from "./protocol.ts";

/** The scenario of `spec`, and what of its changes could not be taken. */
export async function scenarioOfSpec(spec: RunSpec): Promise<EditedScenario> {
  const original = await originalOf(spec);
  if (Object.keys(spec.files).length === 0) return { scenario: original, diagnostics: [] };
  const { editScenario } = await loadEditing();
  return editScenario(original, spec.files);
}

async function originalOf({ scenario: id, own }: RunSpec): Promise<Scenario> {
  if (own === undefined) {
    if (id === firstVisit.id) return taughtScenario(firstVisit);
    const entry = (await loadLibrary()).find((candidate) => candidate.id === id);
    if (entry === undefined) throw new Error(`There is no scenario “${id}”.`);
    return entry.scenario;
  }
  const { readScenario } = await loadEditing();
  const read = readScenario(own);
  if (!read.ok) throw new Error(`This file is no scenario: ${read.problems.join("; ")}.`);
  return read.scenario;
}
