// The recordings that lie beside this file, by family, and the score of the simulator on them.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import "../../src/simulation/all-parts.ts";
import type { Observation } from "../../src/simulation/observation.ts";
import { observeScenario } from "../../src/simulation/observe-scenario.ts";
import { checkScenario } from "../../src/simulation/read-scenario.ts";
import {
  compareLog,
  compareRequest,
  type Difference,
  GROUPS,
  type Group,
  LOGS,
  type Recorded,
} from "./compare.ts";

const FOLDER = dirname(fileURLToPath(import.meta.url));

export interface FamilyScore {
  readonly family: string;
  scenarios: number;
  requests: number;
  /** Right in every compared field. */
  right: number;
  logs: number;
  logsRight: number;
  readonly groups: Record<Group, number>;
  /** Scenarios that could not be run at all: file and message. */
  readonly crashes: string[];
  readonly wrong: {
    readonly file: string;
    readonly request: number;
    readonly differences: readonly Difference[];
  }[];
}

/** Names of the families, and of the recordings kept out of sight while a family was built. */
export const families: readonly string[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "net" && entry.name !== "load")
  .map((entry) => entry.name)
  .sort();
export const heldOut: ReadonlySet<string> = new Set(
  JSON.parse(readFileSync(join(FOLDER, "held-out.json"), "utf8")) as string[],
);

/** The score before the first recording. */
export function noScore(family: string): FamilyScore {
  return {
    family,
    scenarios: 0,
    requests: 0,
    right: 0,
    logs: 0,
    logsRight: 0,
    groups: Object.fromEntries(Object.keys(GROUPS).map((group) => [group, 0])) as Record<
      Group,
      number
    >,
    crashes: [],
    wrong: [],
  };
}

/** Scores a family; `only` chooses among its files. */
export function scoreFamily(
  family: string,
  only: (file: string) => boolean = () => true,
): FamilyScore {
  const score = noScore(family);
  for (const file of readdirSync(join(FOLDER, family)).sort()) {
    if (file.endsWith(".json") && only(`${family}/${file}`))
      scoreRecording(
        score,
        file,
        JSON.parse(readFileSync(join(FOLDER, family, file), "utf8")) as Recorded,
      );
  }
  return score;
}

function scoreRecording(score: FamilyScore, file: string, recorded: Recorded): void {
  score.scenarios++;
  const observation = simulate(score, file, recorded);
  recorded.observation.requests.forEach((_, index) => {
    const differences = compareRequest(recorded, observation?.requests[index], index);
    score.requests++;
    if (differences.length === 0) score.right++;
    else score.wrong.push({ file, request: index, differences });
    for (const group of Object.keys(GROUPS) as Group[])
      if (!differences.some((difference) => difference.group === group)) score.groups[group]++;
  });
  for (const log of LOGS) {
    const right = compareLog(recorded, observation, log);
    if (right === null) continue;
    score.logs++;
    if (right) score.logsRight++;
  }
}

function simulate(score: FamilyScore, file: string, recorded: Recorded): Observation | null {
  const checked = checkScenario(recorded.scenario);
  if (!checked.ok) {
    score.crashes.push(`${file}: ${checked.problems.join("; ")}`);
    return null;
  }
  try {
    return observeScenario(checked.scenario);
  } catch (error) {
    score.crashes.push(`${file}: ${(error as Error).message}`);
    return null;
  }
}
