// What tells a run that was played: the story with the learner's words, its transcript, and the drawn
// machines. A file of its own to load, beside the engine.
import { layers } from "../layers/index.ts";
import type { Run } from "../simulation/run.ts";
import { tellJourney } from "../simulation/story.ts";
import { transcript } from "../simulation/transcript.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { drawingsOf } from "./drawings.ts";
import type { MachineDrawing, ToldJourney } from "./protocol.ts";

/** The run as a journey, under the name that its scenario has in links; `found` was wrong in its texts. */
export function tell(run: Run, id: string, found: readonly Diagnostic[] = []): ToldJourney {
  const told = tellJourney(run, found);
  const journey = { ...told, scenario: { ...told.scenario, id } };
  return { journey, transcript: transcript(journey) };
}

/** Every machine of every layer, ready to be drawn. */
export function drawMachines(): readonly MachineDrawing[] {
  return drawingsOf(layers);
}
