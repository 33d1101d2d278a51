// What those who change a scenario need of the worker, in a file of its own to load: reading scenarios,
// changing their texts, checking them without a run, and comparing runs.
import type { ChangedPlace } from "../simulation/changed-places.ts";
import { checkTexts } from "../simulation/check-scenario.ts";
import { withoutPlace } from "../simulation/culprit.ts";
import { compareJourneys, type Difference } from "../simulation/difference.ts";
import { editScenario } from "../simulation/edited-scenario.ts";
import type { Journey } from "../simulation/journey.ts";
import { readScenario } from "../simulation/read-scenario.ts";
import { scenarioFile, setInText } from "../simulation/set-in-text.ts";
import { settingsOf } from "../simulation/settings/settings.ts";
import { runTexts } from "../simulation/traffic/run-texts.ts";
import type { ComparedRuns, RunSpec } from "./protocol.ts";

type Play = (spec: RunSpec) => Promise<Journey>;

/** Journeys that were compared last, by what was asked: the original is the same every time. */
const kept = new Map<string, Journey>();
const KEPT_MAX = 3;
/** Each place is tried with a run of its own. */
const PLACES_TRIED_MAX = 6;

async function journeyOf(spec: RunSpec, play: Play): Promise<Journey> {
  const key = JSON.stringify(spec);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const journey = await play(spec);
  const [oldest] = kept.keys();
  if (kept.size >= KEPT_MAX) kept.delete(oldest);
  kept.set(key, journey);
  return journey;
}

/** What differs in the run of `spec` from that of `original`, and which change brought it about. */
async function compareRuns(original: RunSpec, spec: RunSpec, play: Play): Promise<ComparedRuns> {
  const before = await journeyOf(original, play);
  const difference = compareJourneys(before, await journeyOf(spec, play));
  return { ...difference, culprit: await culpritOf({ difference, before, spec, play }) };
}

interface Trial {
  readonly difference: Difference;
  readonly before: Journey;
  readonly spec: RunSpec;
  readonly play: Play;
}

/**
 * The place that the first difference is due to: the only one there is, or the one without which it does
 * not happen, found by making the run again without it. Where that is none, the place that the step obeys.
 */
async function culpritOf({ difference, before, spec, play }: Trial): Promise<ChangedPlace | null> {
  const { first, places } = difference;
  if (first === null || places.length < 2) return first === null ? null : (places[0] ?? null);
  // What the step itself obeys is tried first.
  const inOrder = [...places].sort(
    (left, right) => Number(right === first.place) - Number(left === first.place),
  );
  for (const place of inOrder.slice(0, PLACES_TRIED_MAX)) {
    const without = await play({ ...spec, files: withoutPlace(spec.files, places, place) });
    const { first: then } = compareJourneys(before, without);
    if (then === null || then.step !== first.step || then.sentence !== first.sentence) return place;
  }
  return first.place;
}

export {
  checkTexts,
  compareRuns,
  editScenario,
  readScenario,
  runTexts,
  scenarioFile,
  setInText,
  settingsOf,
};
