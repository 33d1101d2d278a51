// What every setting of this folder offers: where its value stands, and how another is written there.
import type { Scenario } from "../scenario.ts";
import type {
  SettingEdit,
  SettingId,
  SettingInput,
  SettingPlace,
  SettingProblem,
  SettingValue,
  TakesEffect,
} from "./setting.ts";

export interface Found {
  readonly value: SettingValue;
  readonly place: SettingPlace;
  /** Where the scenario's own words say more than the row's title. */
  readonly title?: string;
}

export interface SettingRow {
  readonly id: SettingId;
  readonly title: string;
  readonly input: SettingInput;
  readonly takesEffect: TakesEffect;
  /** What a scenario must have for it, in words that complete "needs …"; and how it gets that. */
  readonly needs?: string;
  /** Null when the scenario has nothing that the setting could stand in. */
  find(scenario: Scenario): Found | null;
  /** Called only when `find` found a place. The value has been checked against `input`. */
  write(scenario: Scenario, value: SettingValue): SettingEdit | SettingProblem;
}

/** A slider with even steps. */
export function linear(unit: string, min: number, max: number, step = 1): SettingInput {
  return { kind: "number", unit, min, max, step, scale: "linear" };
}

/** A slider whose steps are ratios, for what spans several powers of ten. */
export function logarithmic(unit: string, min: number, max: number, step = 1): SettingInput {
  return { kind: "number", unit, min, max, step, scale: "log" };
}
