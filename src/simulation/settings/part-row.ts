// Settings that stand in a part of the scenario that is no file: its traffic, its machine, its links, its
// views. The part is shown and rewritten as JSON.
import type { Scenario } from "../scenario.ts";
import type { Found, SettingRow } from "./row.ts";
import type { SettingEdit, SettingInput, SettingProblem, SettingValue } from "./setting.ts";
import { lineText, type PartName, partText } from "./texts.ts";

export interface PartRow<P> {
  readonly part: PartName;
  read(scenario: Scenario): P;
  /** The value in the part; undefined when it is not written, null when there is no place for it. */
  value(part: P, scenario: Scenario): SettingValue | null | undefined;
  readonly otherwise: SettingValue;
  /** The part with another value; a text says why it cannot be. */
  replace(part: P, value: SettingValue, scenario: Scenario): P;
}

export type RowHead = Pick<SettingRow, "id" | "title" | "input" | "takesEffect" | "needs">;

/** A setting of a part, found and written by its JSON. */
export function partRow<P>(
  base: RowHead,
  { part, read, value, otherwise, replace }: PartRow<P>,
): SettingRow {
  return {
    ...base,
    find(scenario): Found | null {
      const now = read(scenario);
      const current = value(now, scenario);
      if (current === null) return null;
      const text = partText(now);
      const other = otherValue(base.input, current ?? otherwise);
      const line = changedLine(text, partText(replace(now, other, scenario)));
      return {
        value: current ?? otherwise,
        place: { path: part, line, text: lineText(text, line), written: current !== undefined },
      };
    },
    write(scenario, given): SettingEdit | SettingProblem {
      const before = read(scenario);
      const text = partText(replace(before, given, scenario));
      return { path: part, text, line: changedLine(partText(before), text) };
    },
  };
}

/**
 * A value that is not this one: where the text would change with it is the setting's line. Of choices the
 * last, since the first may be written by leaving it out.
 */
function otherValue(input: SettingInput, value: SettingValue): SettingValue {
  if (input.kind === "number") return Number(value) + 1;
  if (input.kind === "switch") return value !== true;
  if (input.kind === "choice") return input.options.findLast((option) => option !== value) ?? value;
  return `${value}.`;
}

/** The first line of `after` that is not the same in `before`; the first when all are. */
function changedLine(before: string, after: string): number {
  const old = before.split("\n");
  const at = after.split("\n").findIndex((line, i) => line !== old[i]);
  return at < 0 ? 1 : at + 1;
}
