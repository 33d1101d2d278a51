// What gunicorn's validators accept for each kind of setting, and what they say when they do not.
// Source: gunicorn/config.py 20.1.0, the validate_* functions.
import type { Setting, SettingValue } from "./options.ts";

/** An error of the configuration, in gunicorn's words: printed after `Error: `, exit 1. */
export class SettingError extends Error {}

export interface ValidationContext {
  readonly cwd: string;
  isDirectory(path: string): boolean;
  userExists(name: string): boolean;
}

/** The value as gunicorn keeps it. Throws SettingError with gunicorn's words. */
export function checkedValue(
  setting: Setting,
  value: SettingValue,
  context: ValidationContext,
): SettingValue {
  if (setting.name === "chdir") return checkedDirectory(value, context);
  if (setting.name === "user" || setting.name === "group")
    return checkedOwner(setting, value, context);
  switch (setting.kind) {
    case "integer":
      return checkedInteger(value);
    case "switch":
      return checkedSwitch(value);
    case "list":
      return typeof value === "string" ? [value.trim()] : value;
    case "comma-list":
      return checkedCommaList(value);
    case "dictionary":
      if (typeof value !== "object" || value === null || Array.isArray(value))
        throw new SettingError(`Value is not a dictionary: ${String(value)} `);
      return value;
    case "string":
      if (value === null) return null;
      if (typeof value !== "string") throw new SettingError(`Not a string: ${String(value)}`);
      return value.trim();
    default:
      return value;
  }
}

function checkedInteger(value: SettingValue): number {
  if (typeof value === "boolean") return value ? 1 : 0;
  const number = typeof value === "number" ? Math.trunc(value) : parsePythonInteger(String(value));
  if (number === null)
    throw new SettingError(`invalid literal for int() with base 0: '${String(value)}'`);
  if (number < 0) throw new SettingError(`Value must be positive: ${number}`);
  return number;
}

/** int(text, 0): decimal, or with the prefixes 0x, 0o and 0b; a leading 0 is octal for --umask. */
export function parsePythonInteger(text: string): number | null {
  const trimmed = text.trim().replace(/_/g, "");
  const sign = trimmed.startsWith("-") ? -1 : 1;
  const digits = trimmed.replace(/^[+-]/, "");
  if (/^0\d+$/.test(digits)) return sign * Number.parseInt(digits, 8);
  if (!/^(\d+|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.test(digits)) return null;
  return sign * Number(digits);
}

function checkedSwitch(value: SettingValue): boolean | null {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value !== "string")
    throw new SettingError(`Invalid type for casting: ${String(value)}`);
  const word = value.toLowerCase().trim();
  if (word !== "true" && word !== "false") throw new SettingError(`Invalid boolean: ${value}`);
  return word === "true";
}

function checkedCommaList(value: SettingValue): readonly string[] {
  if (value === null || value === "") return [];
  if (typeof value !== "string") throw new SettingError(`Not a string: ${String(value)}`);
  return value
    .split(",")
    .filter((each) => each !== "")
    .map((each) => each.trim());
}

function checkedDirectory(value: SettingValue, context: ValidationContext): string {
  if (typeof value !== "string") throw new SettingError(`Not a string: ${String(value)}`);
  const path = absolutePath(value.trim(), context.cwd);
  if (!context.isDirectory(path)) throw new SettingError(`can't chdir to '${value}'`);
  return path;
}

function absolutePath(path: string, cwd: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${cwd}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function checkedOwner(
  setting: Setting,
  value: SettingValue,
  context: ValidationContext,
): SettingValue {
  if (value === null) return null;
  const name = String(value);
  if (/^\d+$/.test(name) || context.userExists(name)) return name;
  throw new SettingError(`No such ${setting.name}: '${name}'`);
}
