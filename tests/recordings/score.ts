// `npm run -s score`: the table of docs/FIDELITY.md.
import { parseArgs } from "node:util";
import { answerHelp, failUsage } from "../../src/cli/arguments.ts";
import { GROUPS, type Group } from "./compare.ts";
import { type FamilyScore, families, heldOut, noScore, scoreFamily } from "./corpus.ts";

const USAGE = `usage: npm run -s score [-- [--family NAME]... [--held-out] [--show N]]
Compares the simulator with the recordings of the real programs, request by request.
  --family NAME  only these: ${families.join(", ")}
  --held-out     only the recordings that are kept out of sight
  --show N       the differences of the first N requests that are not right in every field`;

answerHelp(USAGE);
const { values } = readArguments();

function readArguments() {
  try {
    return parseArgs({
      options: {
        family: { type: "string", multiple: true },
        "held-out": { type: "boolean", default: false },
        show: { type: "string", default: "0" },
      },
    });
  } catch (error) {
    return failUsage((error as Error).message, USAGE);
  }
}

const unknown = values.family?.find((family) => !families.includes(family));
if (unknown !== undefined) {
  const other = unknown === "load" ? "; for load: npm run -s validate -- --recordings" : "";
  failUsage(`no family "${unknown}" is scored here${other}`, USAGE);
}

const percent = (n: number, of: number): string =>
  of === 0 ? "–" : `${((100 * n) / of).toFixed(1)} %`;

function row(score: FamilyScore): string {
  const groups = (Object.keys(GROUPS) as Group[]).map((group) =>
    percent(score.groups[group], score.requests),
  );
  return `| ${[score.family, score.requests, percent(score.right, score.requests), ...groups, percent(score.logsRight, score.logs)].join(" | ")} |`;
}

const only = values["held-out"] ? (file: string) => heldOut.has(file) : () => true;
const scores = (values.family ?? families).map((family) => scoreFamily(family, only));
const total = noScore("all");
for (const score of scores) {
  total.requests += score.requests;
  total.right += score.right;
  total.logs += score.logs;
  total.logsRight += score.logsRight;
  for (const group of Object.keys(GROUPS) as Group[]) total.groups[group] += score.groups[group];
}

let left = Number(values.show);
for (const score of scores) {
  for (const crash of score.crashes) console.log(`${score.family}/${crash}`);
  for (const { file, request, differences } of score.wrong) {
    if (left-- <= 0) break;
    console.log(`${score.family}/${file} request ${request}`);
    for (const { path, expected, actual } of differences)
      console.log(
        `  ${path}\n    recorded  ${JSON.stringify(expected)}\n    simulated ${JSON.stringify(actual)}`,
      );
  }
}
console.log(
  `| family | requests | right in every field | ${Object.keys(GROUPS).join(" | ")} | logs |`,
);
console.log(`|---|---|---|${"---|".repeat(Object.keys(GROUPS).length + 1)}`);
for (const score of [...scores, total]) console.log(row(score));
