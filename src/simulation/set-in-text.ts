// A setting written into the text that holds it, as the editor shows that text; and a whole scenario as
// the text of its file.
import { diffLines } from "../text/line-diff.ts";
import type { Scenario } from "./scenario.ts";
import { isJsonPart, jsonText, WORLD, worldOf } from "./scenario-parts.ts";
import type { SettingEdit, SettingId, SettingProblem, SettingValue } from "./settings/setting.ts";
import { withSetting } from "./settings/settings.ts";
import { applyEdit } from "./settings/texts.ts";

/** The one text that changes when the setting is given `value`; a problem says why it cannot be. */
export function setInText(
  scenario: Scenario,
  id: SettingId,
  value: SettingValue,
): SettingEdit | SettingProblem {
  const edit = withSetting(scenario, id, value);
  if ("problem" in edit) return edit;
  const isText = /^[/]|^command:/.test(edit.path);
  return isText ? edit : partEdit(scenario, applyEdit(scenario, edit), edit.path);
}

/** A part that is JSON is laid out as the editor shows it; what has no text of its own is in "world". */
function partEdit(before: Scenario, after: Scenario, part: string): SettingEdit {
  const path = isJsonPart(part) ? part : WORLD;
  const textOf = (scenario: Scenario): string =>
    jsonText(isJsonPart(path) ? scenario[path] : worldOf(scenario));
  const text = textOf(after);
  return { path, text, line: diffLines(textOf(before), text)[0]?.newFrom ?? 1 };
}

/** The scenario as a file of format 1 or 2: commands that were removed are left out. */
export function scenarioFile(scenario: Scenario): string {
  const processes = scenario.processes.filter((command) => command !== "");
  return jsonText({ ...scenario, processes });
}
