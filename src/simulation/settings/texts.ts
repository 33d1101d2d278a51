// The texts of a scenario by path: its files, its commands (`command:N`, from 1), and as JSON the parts
// that are no files. What a setting rewrites is always one of these texts.
import type { Scenario, ScenarioFile } from "../scenario.ts";
import { trafficOf } from "../traffic/traffic-spec.ts";
import type { SettingEdit } from "./setting.ts";

/** Parts of a scenario that have no file of their own. */
const PARTS = ["traffic", "views", "host", "links"] as const;
export type PartName = (typeof PARTS)[number];

const COMMAND = /^command:(\d+)$/;

function isPart(path: string): path is PartName {
  return (PARTS as readonly string[]).includes(path);
}

/** A part as text. */
export function partText(part: unknown): string {
  return JSON.stringify(part, null, 2);
}

/** The text at a path, or null when there is none. */
export function textAt(scenario: Scenario, path: string): string | null {
  const command = COMMAND.exec(path);
  if (command !== null) return scenario.processes[Number(command[1]) - 1] ?? null;
  if (path === "traffic") return partText(trafficOf(scenario));
  if (isPart(path)) return partText(scenario[path] ?? {});
  return fileText(scenario.files[path]);
}

/** The text of a file, or null for what has none. */
export function fileText(file: ScenarioFile | undefined): string | null {
  if (file === undefined) return null;
  if (typeof file === "string") return file;
  return "text" in file ? file.text : null;
}

/** Every file with a text. */
export function textFiles(scenario: Scenario): { path: string; text: string }[] {
  return Object.entries(scenario.files).flatMap(([path, file]) => {
    const text = fileText(file);
    return text === null ? [] : [{ path, text }];
  });
}

/** The scenario with another text at a path. Throws when a part is no JSON. */
export function withText(scenario: Scenario, path: string, text: string): Scenario {
  const command = COMMAND.exec(path);
  if (command !== null) {
    const processes = scenario.processes.slice();
    processes[Number(command[1]) - 1] = text.trim();
    return { ...scenario, processes };
  }
  if (isPart(path)) return { ...scenario, [path]: JSON.parse(text) };
  const before = scenario.files[path];
  const file = typeof before === "object" && "text" in before ? { ...before, text } : text;
  return { ...scenario, files: { ...scenario.files, [path]: file } };
}

/** The scenario after an edit. */
export function applyEdit(scenario: Scenario, edit: SettingEdit): Scenario {
  return withText(scenario, edit.path, edit.text);
}

/** The line, from 1, in which a character stands. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** A line of a text without its indentation; an empty text when there is none. */
export function lineText(text: string, line: number): string {
  return (text.split("\n")[line - 1] ?? "").trim();
}

/** A text with the characters from `start` to `end` replaced. */
export function spliced(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
