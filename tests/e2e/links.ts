// Links as the app writes them, so that a test can open any run at once.
import { writeLink } from "../../src/ui/session/link.ts";
import { firstView } from "../../src/ui/session/view.ts";
import type { RunSpec } from "../../src/worker/protocol.ts";

/** The fragment that opens a scenario, with changes to its run if any are given. */
export function linkTo(scenario: string, changes: Partial<RunSpec> = {}): Promise<string> {
  const spec: RunSpec = { scenario, seed: null, files: {}, actions: [], ...changes };
  return writeLink({ spec, view: firstView, step: null, traffic: null });
}
