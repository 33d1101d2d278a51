// Arguments of the commands, and how a wrong use is answered: with the remedy, and exit code 2.
import { readFileSync } from "node:fs";
import "../simulation/all-parts.ts";
import { library } from "../scenarios/library.ts";
import { readScenario } from "../simulation/read-scenario.ts";
import type { Scenario } from "../simulation/scenario.ts";

export const EXIT_SCENARIO = 1;
export const EXIT_USAGE = 2;

/** Ends with the usage on standard error. */
export function failUsage(problem: string, usage: string): never {
  process.stderr.write(`${problem}\n${usage}\n`);
  process.exit(EXIT_USAGE);
}

/** Ends with what is wrong with a scenario. */
export function failScenario(file: string, problems: readonly string[]): never {
  for (const problem of problems) process.stderr.write(`${file}: ${problem}\n`);
  process.exit(EXIT_SCENARIO);
}

export type LoadedScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly string[] };

/** A scenario by file name, or by the id of one that comes with the program. */
export function loadScenario(name: string): LoadedScenario {
  const own = library.find((entry) => entry.id === name);
  if (own !== undefined) return { ok: true, scenario: own.scenario };
  let text: string;
  try {
    text = readFileSync(name, "utf8");
  } catch {
    const ids = library.map((entry) => entry.id).join(", ");
    return { ok: false, problems: [`no such file; name a scenario file, or one of: ${ids}`] };
  }
  return readScenario(text);
}

/** `--rate 200` as 200; ends with the usage when it is no positive number. */
export function positiveNumber(text: string | undefined, option: string, usage: string): number {
  const value = Number(text);
  if (text === undefined || !Number.isFinite(value) || value <= 0)
    failUsage(`${option} takes a positive number, got ${text ?? "nothing"}`, usage);
  return value;
}
