// What was done to the server while the run went on, in order: the scenario's own commands and the
// reader's, each with what it printed and the step after which it came.
import type { JourneyAction, Step } from "./journey.ts";
import type { Run } from "./run.ts";
import type { Action } from "./scenario.ts";

/** The actions of a run that changed the server; requests and visits are told as steps. */
export function journeyActions(run: Run, steps: readonly Step[]): JourneyAction[] {
  const { scenario, actions, zero } = run;
  return run.state().hands.map(({ index, time, row, exit, output }) => {
    const own = index - scenario.timeline.length;
    const action = own < 0 ? scenario.timeline[index] : actions[own];
    return {
      own: own < 0 ? null : own,
      timeNs: time - zero,
      step: steps.findLastIndex((step) => step.row <= row),
      text: textOf(action),
      exit,
      output,
    };
  });
}

function textOf(action: Action): string {
  if ("shell" in action) return action.shell;
  return "write" in action ? `write ${Object.keys(action.write).join(", ")}` : "";
}
