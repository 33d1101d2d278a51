// A scenario with changes to its texts: files, commands, zones, set-up SQL and the parts that are JSON.
// A part that is no JSON, or not what a scenario may hold, stays as it was and is said at its line.
import type { Diagnostic } from "../text/diagnostic.ts";
import { jsonLines, lineOfPath, lineOfSyntaxError } from "../text/json-lines.ts";
import { checkScenario } from "./read-scenario.ts";
import type { Scenario, ScenarioFile } from "./scenario.ts";
import {
  commandNumber,
  DATABASE,
  isJsonPart,
  isWorldPart,
  WORLD,
  WORLD_KEYS,
  zoneOrigin,
} from "./scenario-parts.ts";

/** New text by path (`/etc/…`, `command:N`, `zone:ORIGIN`, `views`, …); null: removed. */
export type Changes = Readonly<Record<string, string | null>>;

export interface EditedScenario {
  readonly scenario: Scenario;
  /** What of the changes could not be taken, at its line. */
  readonly diagnostics: readonly Diagnostic[];
}

/** More commands than this no scenario needs. */
const COMMANDS_MAX = 100;

/** `original` with `changes`. Never throws. */
export function editScenario(original: Scenario, changes: Changes): EditedScenario {
  const diagnostics: Diagnostic[] = [];
  let scenario = original;
  for (const [path, text] of Object.entries(changes)) {
    const edited = editPart(scenario, path, text);
    if ("severity" in edited) diagnostics.push(edited);
    else scenario = edited;
  }
  return { scenario, diagnostics };
}

function editPart(scenario: Scenario, path: string, text: string | null): Scenario | Diagnostic {
  const number = commandNumber(path);
  if (number !== null && number <= COMMANDS_MAX)
    return { ...scenario, processes: withCommand(scenario.processes, number, text) };
  const origin = zoneOrigin(path);
  if (origin !== null) return { ...scenario, zones: withEntry(scenario.zones, origin, text) };
  if (path === DATABASE) return { ...scenario, database: text ?? undefined };
  if (isJsonPart(path) || isWorldPart(path))
    return withJson(scenario, path, text ?? emptyPart(path));
  if (path === WORLD) return withJson(scenario, path, text ?? "{}");
  if (path.startsWith("/")) return { ...scenario, files: withFile(scenario.files, path, text) };
  return {
    ...{ severity: "error", file: path, line: 1 },
    message: `there is no text “${path}” in a scenario`,
    remedy: "A file's path begins with /.",
  };
}

function emptyPart(part: string): string {
  return part === "timeline" ? "[]" : "{}";
}

/** A removed command leaves its number free, so that the others keep theirs. */
function withCommand(
  commands: readonly string[],
  number: number,
  text: string | null,
): readonly string[] {
  const changed = [...commands];
  while (changed.length < number) changed.push("");
  changed[number - 1] = (text ?? "").trim();
  while (changed.at(-1) === "") changed.pop();
  return changed;
}

function withEntry<T>(
  record: Readonly<Record<string, T>> | undefined,
  key: string,
  value: T | null,
): Readonly<Record<string, T>> {
  const { [key]: _, ...others } = record ?? {};
  // A changed entry keeps its place: the order of files is the order in which they are shown.
  return value === null ? others : { ...record, [key]: value };
}

function withFile(
  files: Scenario["files"],
  path: string,
  text: string | null,
): Readonly<Record<string, ScenarioFile>> {
  const before = files[path];
  const hasText = typeof before === "object" && "text" in before;
  return withEntry(files, path, text !== null && hasText ? { ...before, text } : text);
}

function withJson(scenario: Scenario, path: string, text: string): Scenario | Diagnostic {
  const at = (line: number, message: string): Diagnostic => ({
    ...{ severity: "error", file: path, line, message },
    remedy: "The last text that could be read is used.",
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    return at(lineOfSyntaxError(text, message), `not JSON: ${message}`);
  }
  const candidate = path === WORLD ? withWorld(scenario, value) : { ...scenario, [path]: value };
  const read = checkScenario(candidate);
  // A part keeps the order in which it was written, so that its text stays what it was.
  if (read.ok) return path === WORLD ? read.scenario : { ...read.scenario, [path]: value };
  const [problem] = read.problems;
  return at(lineOfProblem(path, text, problem), problem);
}

function withWorld(scenario: Scenario, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const bare: Record<string, unknown> = { ...scenario };
  for (const key of WORLD_KEYS) delete bare[key];
  // What has a text of its own is not to be changed from here: it counts as an unknown key.
  const own = Object.entries(value).map(([key, item]) =>
    Object.hasOwn(bare, key) ? [`world.${key}`, item] : [key, item],
  );
  return { ...bare, ...Object.fromEntries(own) };
}

/** `timeline[2].at: expected …` speaks of the value `[2].at` in the text of the timeline. */
function lineOfProblem(path: string, text: string, problem: string): number {
  const [place] = /^[^\s:]*(?=:)/.exec(problem) ?? [""];
  const inner = path === WORLD ? place : place.slice(path.length).replace(/^\./, "");
  return lineOfPath(jsonLines(text), inner);
}
