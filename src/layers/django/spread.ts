// How long a step of a view takes when its time varies: drawn by the request and the step, so that another
// setting of the run leaves every request its own time.
import { logNormal } from "../../kernel/distributions.ts";
import type { RequestNumber, Simulation } from "../../kernel/simulation.ts";
import { fromMs, type Span } from "../../kernel/time.ts";
import type { Spread } from "./view-spec.ts";

/** Purposes of these draws; the number of the step is added. */
const PURPOSE_STEP_TIME = 0x646b0000;

/** The time of step number `step` in a request, with `ms` as its mean. */
export function stepTimeNs(
  sim: Simulation,
  { ms = 0, spread }: { readonly ms?: number; readonly spread: Spread | undefined },
  request: RequestNumber,
  step: number,
): Span {
  if (spread === undefined) return fromMs(ms);
  const purpose = PURPOSE_STEP_TIME + step;
  if (spread === "exponential") return Math.round(sim.exponential(request, purpose, fromMs(ms)));
  if ("listMs" in spread) return fromMs(spread.listMs[request] ?? ms);
  return Math.round(logNormal(sim.draw(request, purpose), fromMs(ms), spread.logNormal));
}
