// Text of a scenario file to a Scenario, or to messages that name the wrong value by its path. The
// text is untrusted: nothing in it is run, and its size is bounded before it is looked at.
import * as v from "valibot";
import type { Action, Scenario } from "./scenario.ts";
import { CHUNKS_MAX, scenarioSchema, TEXT_CHARACTERS_MAX } from "./scenario-schema.ts";

export type ReadScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly string[] };

/** How many wrong values are named at once. */
const PROBLEMS_MAX = 5;

/** Reads a scenario from JSON text. Never throws. */
export function readScenario(text: string): ReadScenario {
  if (text.length > TEXT_CHARACTERS_MAX) {
    return refuse(
      `the scenario has ${text.length} characters; at most ${TEXT_CHARACTERS_MAX} are read`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`not JSON: ${(error as Error).message}`);
  }
  return checkScenario(value);
}

/** Checks a value that was parsed already. */
export function checkScenario(value: unknown): ReadScenario {
  // A recording holds its scenario beside the observation.
  const inner = isRecord(value) && isRecord(value.scenario) ? value.scenario : value;
  const result = v.safeParse(scenarioSchema, inner);
  if (!result.success)
    return { ok: false, problems: result.issues.slice(0, PROBLEMS_MAX).map(describe) };
  const scenario = result.output as Scenario;
  const disorder = scenario.timeline.findIndex(
    (action, i) => i > 0 && action.at < scenario.timeline[i - 1].at,
  );
  if (disorder > 0)
    return refuse(
      `timeline[${disorder}].at: expected at least ${scenario.timeline[disorder - 1].at}, the time of the action before it`,
    );
  const crumbs = scenario.timeline.findIndex(isInCrumbs);
  if (crumbs >= 0)
    return refuse(
      `timeline[${crumbs}].request.chunked: expected chunks so large that there are at most ${CHUNKS_MAX}`,
    );
  return { ok: true, scenario };
}

/** Whether a body goes out in more chunks than can be simulated one by one. */
function isInCrumbs(action: Action): boolean {
  if (!("request" in action)) return false;
  const { body, chunked } = action.request;
  const bytes = typeof body === "object" ? body.bytes : 0;
  return typeof chunked === "number" && bytes / chunked > CHUNKS_MAX;
}

function refuse(problem: string): ReadScenario {
  return { ok: false, problems: [problem] };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(issue: v.BaseIssue<unknown>): string {
  const place = pathOf(issue) || "the scenario";
  if (issue.expected === "never") return `${place}: unknown key; remove it or correct its name`;
  // An object without a key it must have: "expected" is only that key's name again.
  if (issue.type === "strict_object" && issue.received === "undefined")
    return `${place}: missing; it must be there`;
  const spoken = ["regex", "starts_with", "max_length", "custom"].includes(issue.type);
  return `${place}: expected ${spoken ? issue.message : (issue.expected ?? issue.message)}, got ${shorten(issue.received)}`;
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  let text = "";
  for (const item of issue.path ?? []) {
    if (typeof item.key === "number") text += `[${item.key}]`;
    else if (/^[A-Za-z_]\w*$/.test(String(item.key)))
      text += text === "" ? String(item.key) : `.${String(item.key)}`;
    else text += `[${JSON.stringify(item.key)}]`;
  }
  return text;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
