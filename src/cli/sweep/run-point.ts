// One run of a sweep, in a process of its own: a scenario with its settings changed, played to its end.
import "../../simulation/all-parts.ts";
import type { Scenario } from "../../simulation/scenario.ts";
import { withSettings } from "../../simulation/settings/settings.ts";
import { playTraffic } from "../../simulation/traffic/play.ts";
import { trafficOf } from "../../simulation/traffic/traffic-spec.ts";
import { summaryOf } from "../traffic-summary.ts";
import type { Point } from "./grid.ts";

export interface PointTask {
  /** What the command named: a file, or the id of a scenario. */
  readonly file: string;
  readonly scenario: Scenario;
  readonly point: Point;
  readonly seed: number;
  readonly durationS: number | null;
}

export type PointResult =
  | { readonly ok: true; readonly line: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problem: string };

/** Plays one point of a grid. */
export function runPoint({ file, scenario, point, seed, durationS }: PointTask): PointResult {
  const changed = withSettings(scenario, point);
  if ("problem" in changed) return { ok: false, problem: changed.problem };
  const spec = trafficOf(changed);
  const traffic = { ...spec, durationS: durationS ?? spec.durationS ?? 60 };
  const played = playTraffic(changed, { traffic, seed });
  const { durationS: seconds } = traffic;
  const summary = summaryOf(played, seconds);
  const run = { scenario: file, settings: numbersIn(point), seed, durationS: seconds };
  return { ok: true, line: { ...run, ...summary } };
}

/** Numbers as numbers, so that a line can be plotted as it is. */
function numbersIn(point: Point): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(point).map(([key, value]) => [
      key,
      value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value,
    ]),
  );
}

process.on("message", (task: PointTask) => process.send?.(runPoint(task)));
