// How much the time of service varies from request to request, as the views' own steps say it: over the
// mix, each part with its weight, and over the spread of every step.
import type { Spread, ViewStep } from "../../layers/django/view-spec.ts";
import type { Scenario } from "../scenario.ts";
import { viewOfTraffic, viewOfUrl } from "../settings/routed-view.ts";
import { trafficOf } from "./traffic-spec.ts";

/** Mean (ms) and variance (ms²) of a time. */
interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/**
 * The coefficient of variation of the service time, of which `serviceMs` is the measured mean: what the
 * layers take beside the views' steps does not vary.
 */
export function serviceVariation(scenario: Scenario, serviceMs: number): number {
  const { mix = [] } = trafficOf(scenario);
  const views =
    mix.length > 1
      ? mix.map(({ weight, request }) => ({ weight, view: viewOfUrl(scenario, request.url) }))
      : [{ weight: 1, view: viewOfTraffic(scenario) }];
  const parts = views.map(({ weight, view }) => ({
    weight,
    ...momentsOfSteps(scenario.views?.[view ?? ""]?.steps ?? []),
  }));
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const average = (of: (part: Moments) => number): number =>
    parts.reduce((sum, part) => sum + (part.weight * of(part)) / total, 0);
  const mean = average((part) => part.mean);
  const square = average((part) => part.variance + part.mean * part.mean);
  return Math.sqrt(Math.max(0, square - mean * mean)) / Math.max(serviceMs, mean, 1e-9);
}

function momentsOfSteps(steps: readonly ViewStep[]): Moments {
  return steps.map(momentsOfStep).reduce(
    (sum, { mean, variance }) => ({
      mean: sum.mean + mean,
      variance: sum.variance + variance,
    }),
    { mean: 0, variance: 0 },
  );
}

function momentsOfStep(step: ViewStep): Moments {
  if ("transaction" in step) return momentsOfSteps(step.transaction);
  if ("work" in step) return momentsOf(step.work, step.spread);
  if ("sleep" in step) return momentsOf(step.sleep, step.spread);
  if ("query" in step) return momentsOf(step.ms ?? 0, step.spread);
  return { mean: "render" in step ? (step.ms ?? 0) : 0, variance: 0 };
}

function momentsOf(ms: number, spread: Spread | undefined): Moments {
  if (spread === undefined) return { mean: ms, variance: 0 };
  if (spread === "exponential") return { mean: ms, variance: ms * ms };
  if ("logNormal" in spread) return { mean: ms, variance: (spread.logNormal * ms) ** 2 };
  const { listMs } = spread;
  const mean = listMs.reduce((sum, each) => sum + each, 0) / Math.max(1, listMs.length);
  const squares = listMs.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, listMs.length) };
}
