// The arguments of `load`: what is to be played, how, and what is to be printed.
import { parseArgs } from "node:util";
import type { Scenario } from "../simulation/scenario.ts";
import { RATE_MAX } from "../simulation/scenario-schema.ts";
import { arrivalsAtRate, meanRate } from "../simulation/settings/arrival-kinds.ts";
import type { SettingValue } from "../simulation/settings/setting.ts";
import { withSettings } from "../simulation/settings/settings.ts";
import {
  DEFAULT_DURATION_S,
  type TrafficSpec,
  trafficOf,
} from "../simulation/traffic/traffic-spec.ts";
import { answerHelp, failUsage, positiveNumber, scenarioOrFail } from "./arguments.ts";

export const USAGE = `usage: npm run -s load -- FILE [--rate N] [--duration S] [--seed N] [--set KEY=VALUE]... [--open N] [--json]
       npm run -s load -- --recording FILE... [--json]
Sends a scenario's requests as traffic and prints what was measured, or plays recorded load.
  FILE             a scenario file, or the id of one of the program's own scenarios
  --rate N         requests a second, at most ${RATE_MAX}
  --duration S     simulated seconds; ${DEFAULT_DURATION_S} where neither this nor the scenario says any
  --seed N         a whole number, in place of the scenario's seed
  --set KEY=VALUE  a setting, such as workers=8; an unknown KEY is answered with all there are
  --open N         prints request N of the run as a journey, instead of the measurements
  --json           one line of JSON
Exit code: 0, 1 when a scenario or recording is wrong, 2 when the command line is.`;

export type LoadArguments =
  | { readonly kind: "recordings"; readonly files: readonly string[]; readonly json: boolean }
  | {
      readonly kind: "scenario";
      readonly scenario: Scenario;
      readonly traffic: TrafficSpec;
      readonly durationS: number;
      readonly seed?: number;
      readonly open?: number;
      readonly json: boolean;
    };

/** Reads the command line, or ends with the usage. */
export function readLoadArguments(): LoadArguments {
  answerHelp(USAGE);
  const { values, positionals } = parseOrFail();
  const { json = false } = values;
  if (values.recording === true) {
    if (positionals.length === 0) failUsage("name the recordings to play", USAGE);
    return { kind: "recordings", files: positionals, json };
  }
  if (positionals.length !== 1) failUsage("name one scenario file", USAGE);
  const scenario = withSetOrFail(scenarioOrFail(positionals[0]), values.set ?? [], USAGE);
  const traffic = withRate(trafficOf(scenario), values.rate);
  const durationS =
    values.duration === undefined
      ? durationOf(traffic)
      : positiveNumber(values.duration, "--duration", USAGE);
  refuseEndless(traffic, durationS);
  return {
    kind: "scenario",
    scenario,
    traffic: { ...traffic, durationS },
    durationS,
    seed: wholeNumber(values.seed, "--seed"),
    open: wholeNumber(values.open, "--open"),
    json,
  };
}

function parseOrFail() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        rate: { type: "string" },
        duration: { type: "string" },
        seed: { type: "string" },
        open: { type: "string" },
        set: { type: "string", multiple: true },
        recording: { type: "boolean" },
        json: { type: "boolean" },
      },
    });
  } catch (error) {
    return failUsage((error as Error).message, USAGE);
  }
}

/** The scenario with `KEY=VALUE` settings, or the end with what can be set. */
export function withSetOrFail(
  scenario: Scenario,
  assignments: readonly string[],
  usage: string,
): Scenario {
  const values: Record<string, SettingValue> = {};
  for (const assignment of assignments) {
    const cut = assignment.indexOf("=");
    if (cut <= 0) failUsage(`--set takes KEY=VALUE, got ${assignment}`, usage);
    values[assignment.slice(0, cut)] = assignment.slice(cut + 1);
  }
  const changed = withSettings(scenario, values);
  return "problem" in changed ? failUsage(`--set ${changed.problem}`, usage) : changed;
}

/** The spec with another rate; what has none becomes Poisson traffic. */
function withRate(traffic: TrafficSpec, text: string | undefined): TrafficSpec {
  if (text === undefined) return traffic;
  const rate = positiveNumber(text, "--rate", USAGE);
  if (rate > RATE_MAX) failUsage(`--rate takes at most ${RATE_MAX} a second, got ${text}`, USAGE);
  return { ...traffic, arrivals: arrivalsAtRate(traffic.arrivals, rate) };
}

/** A list of arrivals ends with its last one. */
function durationOf({ durationS, arrivals }: TrafficSpec): number {
  if (durationS !== undefined) return durationS;
  return "atMs" in arrivals ? Math.max(1, arrivals.atMs.at(-1) ?? 0) / 1000 : DEFAULT_DURATION_S;
}

/** Some hours of work; a longer run is a mistake more often than a wish. */
const REQUESTS_MAX = 100_000_000;

function refuseEndless({ arrivals }: TrafficSpec, durationS: number): void {
  const requests = "atMs" in arrivals ? arrivals.atMs.length : meanRate(arrivals) * durationS;
  if (requests <= REQUESTS_MAX) return;
  failUsage(
    `about ${Math.round(requests).toExponential(1)} requests would arrive, and at most ${REQUESTS_MAX.toExponential()} are played: give a lower --rate or a shorter --duration`,
    USAGE,
  );
}

function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text !== undefined && !/^\d+$/.test(text))
    failUsage(`${option} takes a whole number, got ${text}`, USAGE);
  return text === undefined ? undefined : Number(text);
}
