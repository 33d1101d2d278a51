// Arguments of the commands, and how a wrong use is answered: with the remedy, and exit code 2.
import { readFileSync } from "node:fs";
import "../simulation/all-parts.ts";
import { library } from "../scenarios/library.ts";
import { readScenario } from "../simulation/read-scenario.ts";
import type { Scenario } from "../simulation/scenario.ts";

export const EXIT_SCENARIO = 1;
export const EXIT_USAGE = 2;

/** Ends with the problem and how the command is called on standard error, exit code 2. */
export function failUsage(problem: string, usage: string): never {
  const calls = usage.split("\n").filter((line) => /^(?:usage:| {7})\s*npm /.test(line));
  process.stderr.write(`${problem}\n${calls.join("\n")}\n(--help says more)\n`);
  process.exit(EXIT_USAGE);
}

/** Answers `--help`, wherever it stands on the command line: the usage on standard output, exit code 0. */
export function answerHelp(usage: string): void {
  if (!process.argv.slice(2).some((word) => word === "--help" || word === "-h")) return;
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

/** The scenario of this name, or the end with what is wrong with it. */
export function scenarioOrFail(file: string): Scenario {
  const loaded = loadScenario(file);
  if (loaded.ok) return loaded.scenario;
  for (const problem of loaded.problems) process.stderr.write(`${file}: ${problem}\n`);
  process.exit(loaded.exit);
}

/** Ends with the usage when something that looks like an option stands among the files. */
export function refuseOptions(files: readonly string[], usage: string): void {
  const option = files.find((file) => file.startsWith("-"));
  if (option !== undefined) failUsage(`unknown option ${option}`, usage);
}

export type LoadedScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | {
      readonly ok: false;
      /** 1 when the scenario is wrong, 2 when there is none by that name. */
      readonly exit: typeof EXIT_SCENARIO | typeof EXIT_USAGE;
      readonly problems: readonly string[];
    };

/** A scenario by file name, or by the id of one that comes with the program. */
export function loadScenario(name: string): LoadedScenario {
  const own = library.find((entry) => entry.id === name);
  if (own !== undefined) return { ok: true, scenario: own.scenario };
  let text: string;
  try {
    text = readFileSync(name, "utf8");
  } catch {
    const ids = library.map((entry) => entry.id).join(", ");
    return {
      ok: false,
      exit: EXIT_USAGE,
      problems: [`no file that can be read; name a scenario file, or one of: ${ids}`],
    };
  }
  const read = readScenario(text);
  return read.ok ? read : { ...read, exit: EXIT_SCENARIO };
}

/** `--rate 200` as 200; ends with the usage when it is no positive number. */
export function positiveNumber(text: string | undefined, option: string, usage: string): number {
  const value = Number(text);
  if (text === undefined || !Number.isFinite(value) || value <= 0)
    failUsage(`${option} takes a positive number, got ${text ?? "nothing"}`, usage);
  return value;
}
