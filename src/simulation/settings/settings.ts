// The settings of a scenario: which there are, what they are, and the one text that changes with each.
// Sliders, forms, `--set` and sweeps all come here, so that none of them knows how a text is edited.
import type { Scenario } from "../scenario.ts";
import { gunicornRows } from "./gunicorn-settings.ts";
import { nginxRows } from "./nginx-settings.ts";
import { postgresRows } from "./postgres-settings.ts";
import { projectRows } from "./project-settings.ts";
import type { SettingRow } from "./row.ts";
import { scenarioRows } from "./scenario-settings.ts";
import type {
  Setting,
  SettingEdit,
  SettingInput,
  SettingProblem,
  SettingValue,
} from "./setting.ts";
import { applyEdit } from "./texts.ts";

const rows: readonly SettingRow[] = [
  ...scenarioRows,
  ...nginxRows,
  ...gunicornRows,
  ...projectRows,
  ...postgresRows,
];

/** Every setting that the scenario has a place for, with its value. */
export function settingsOf(scenario: Scenario): readonly Setting[] {
  return rows.flatMap(({ id, title, input, takesEffect, find }) => {
    const found = find(scenario);
    return found === null ? [] : [{ id, title, input, takesEffect, ...found }];
  });
}

/** One setting, or null when the scenario has no place for it. */
export function settingOf(scenario: Scenario, id: string): Setting | null {
  return settingsOf(scenario).find((setting) => setting.id === id) ?? null;
}

/**
 * The new text of the one file, command or part in which the setting stands; everything else of that
 * text stays as it is, byte for byte. A problem says why not, and what can be given instead.
 */
export function withSetting(
  scenario: Scenario,
  id: string,
  value: SettingValue,
): SettingEdit | SettingProblem {
  const row = rows.find((candidate) => candidate.id === id);
  if (row === undefined)
    return { problem: `there is no setting ${id}; there are ${known(scenario)}` };
  if (row.find(scenario) === null) {
    if (row.needs !== undefined) return { problem: `${id} needs ${row.needs}` };
    return { problem: `${id} has no place in this scenario; it has ${known(scenario)}` };
  }
  const checked = checkedValue(row, value);
  return typeof checked === "object" ? checked : row.write(scenario, checked);
}

/** The scenario with several settings changed, or what is wrong with the first that cannot be. */
export function withSettings(
  scenario: Scenario,
  values: Readonly<Record<string, SettingValue>>,
): Scenario | SettingProblem {
  let changed = scenario;
  for (const [id, value] of Object.entries(values)) {
    const edit = withSetting(changed, id, value);
    if ("problem" in edit) return edit;
    changed = applyEdit(changed, edit);
  }
  return changed;
}

function known(scenario: Scenario): string {
  return settingsOf(scenario)
    .map((setting) => setting.id)
    .join(", ");
}

/** The value in the setting's own type; texts of numbers and switches are taken too. */
function checkedValue(
  { id, input }: SettingRow,
  value: SettingValue,
): SettingValue | SettingProblem {
  switch (input.kind) {
    case "number":
      return (
        numberIn(input, value) ??
        wrong(
          id,
          `a ${isWhole(input) ? "whole " : ""}number from ${input.min} to ${input.max}`,
          value,
        )
      );
    case "switch":
      return SWITCH_WORDS.get(String(value)) ?? wrong(id, "on or off", value);
    case "choice":
      return input.options.includes(String(value))
        ? String(value)
        : wrong(id, `one of ${input.options.join(", ")}`, value);
    case "text":
      return /[\n\r]/.test(String(value)) ? wrong(id, "one line", value) : String(value);
  }
}

const SWITCH_WORDS: ReadonlyMap<string, boolean> = new Map([
  ["on", true],
  ["true", true],
  ["1", true],
  ["off", false],
  ["false", false],
  ["0", false],
]);

type NumberInput = Extract<SettingInput, { readonly kind: "number" }>;

/** Things that are counted come in whole numbers; times and rates do not. */
const isWhole = ({ step, unit }: NumberInput): boolean =>
  Number.isInteger(step) && !["ms", "s", "per second"].includes(unit);

function numberIn(input: NumberInput, value: SettingValue): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !(number >= input.min && number <= input.max)) return null;
  return isWhole(input) && !Number.isInteger(number) ? null : number;
}

function wrong(id: string, wanted: string, value: SettingValue): SettingProblem {
  return { problem: `${id} takes ${wanted}, got ${value}` };
}
