// Between a setting's value and the place of its slider. A setting that is thought of in ratios (a rate,
// a time) has a slider that moves in ratios.
import type { Setting, SettingId, SettingInput } from "../../../simulation/settings/setting.ts";
import { millisecondsText, shortNumber } from "../numbers.ts";

type NumberInput = Extract<SettingInput, { readonly kind: "number" }>;

/** Places of a slider that moves in ratios. */
export const LOG_PLACES = 200;

/** The place of `value` on the slider. */
export function placeOf(value: number, { min, max, step, scale }: NumberInput): number {
  if (scale === "linear") return value;
  const low = Math.max(min, step);
  if (value < low) return 0;
  return Math.round((Math.log(value / low) / Math.log(max / low)) * LOG_PLACES);
}

/** The value at a place of the slider, whole steps only. */
export function valueAt(place: number, { min, max, step, scale }: NumberInput): number {
  if (scale === "linear") return place;
  if (place <= 0) return min;
  const low = Math.max(min, step);
  const exact = low * (max / low) ** (place / LOG_PLACES);
  const stepped = Math.round(twoFigures(exact) / step) * step;
  return Math.min(max, Math.max(min, Number(stepped.toPrecision(12))));
}

function twoFigures(value: number): number {
  return Number(value.toPrecision(2));
}

/** What a zero says where it does not mean nothing. */
const zeroWords: Partial<Readonly<Record<SettingId, string>>> = {
  ...{ giveUpMs: "never", timeout: "never", maxRequests: "never", limitRate: "no limit" },
  ...{ clientMaxBodySize: "no limit" },
};

/** Choices whose own word is short for what it means. */
const optionWords: Readonly<Record<string, string>> = {
  "arrivals:poisson": "at random (Poisson)",
  "arrivals:constant": "evenly spaced",
  "arrivals:bursts": "in bursts",
  "arrivals:list": "by a recorded list",
  "arrivals:users": "from users who think",
  "spread:constant": "all the same",
  "thinking:constant": "all the same",
};

/** A choice in words. */
export function optionText(id: SettingId, option: string): string {
  return optionWords[`${id}:${option}`] ?? option;
}

/** A setting's value with its unit, as it is said: "30 ms", "4", "120 a second", "never". */
export function valueText(value: Setting["value"], { id, input }: Pick<Setting, "id" | "input">) {
  if (value === 0 && zeroWords[id] !== undefined) return zeroWords[id];
  return typeof value === "string" ? optionText(id, value) : textOf(value, input);
}

function textOf(value: Setting["value"], input: SettingInput): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (input.kind !== "number" || typeof value !== "number") return String(value);
  if (input.unit === "times") return `${shortNumber(value)}×`;
  if (input.unit === "ms") return millisecondsText(value);
  if (input.unit === "s") return `${shortNumber(value)} s`;
  if (input.unit === "per second") return `${shortNumber(value)} a second`;
  return shortNumber(value);
}
