// The configuration as gunicorn itself writes it out: at --log-level debug before the first line, and
// on standard output with --print-config.
// Source: gunicorn/arbiter.py setup, config.py Config.__str__ 20.1.0.
import { pythonRepr } from "../../text/python-repr.ts";
import type { GunicornConfig } from "./config.ts";
import { SETTINGS, type Setting, type SettingValue } from "./options.ts";

/** Source: /etc/passwd and /etc/group of Debian 12. */
const NUMBERS: Readonly<Record<string, string>> = {
  root: "0",
  daemon: "1",
  "www-data": "33",
  nobody: "65534",
  nogroup: "65534",
};

/** Where the first hook stands in memory, and how far the next one is from it. */
const FIRST_FUNCTION = 0x7f5b35121da0;
const FUNCTION_BYTES = 0x140;

/** `Current configuration:` and a line for each setting, in the order of gunicorn's own table. */
export function configurationLines(config: GunicornConfig): string[] {
  return SETTINGS.map((setting) => `  ${setting.name}: ${shownValue(config, setting)}`);
}

/** --print-config: by name, in two columns. */
export function printedConfiguration(config: GunicornConfig): string[] {
  const width = Math.max(...SETTINGS.map(({ name }) => name.length));
  return [...SETTINGS]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((setting) => {
      const value =
        setting.kind === "hook" ? `<${qualifiedName(setting)}()>` : shownValue(config, setting);
      return `${setting.name.padEnd(width)} = ${value}`;
    });
}

/** Simplification: a user that Debian does not bring has no number here and is shown by name. */
function shownValue(config: GunicornConfig, setting: Setting): string {
  const value = config.settings.get(setting.name)?.value ?? null;
  if (setting.kind === "hook") return functionText(setting);
  if (setting.name === "user" || setting.name === "group")
    return NUMBERS[String(value ?? "root")] ?? String(value);
  return typeof value === "string" ? value : pythonText(value);
}

function pythonText(value: SettingValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return pythonRepr(value);
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  const pairs = Object.entries(value).map(
    ([key, each]) => `${pythonRepr(key)}: ${pythonRepr(each)}`,
  );
  return `{${pairs.join(", ")}}`;
}

/** Simplification: where a function stands in memory differs from run to run in reality. */
function functionText(setting: Setting): string {
  const index = SETTINGS.filter(({ kind }) => kind === "hook").indexOf(setting);
  const address = (FIRST_FUNCTION + index * FUNCTION_BYTES).toString(16);
  return `<function ${qualifiedName(setting)} at 0x${address}>`;
}

/** `pre_request` is `PreRequest.pre_request`. Source: config.py: two classes are named otherwise. */
function qualifiedName({ name }: Setting): string {
  const words = name.replace(/^(pre|post)_fork$/, "$1fork").replace("nworkers", "num_workers");
  const className = words.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `${className}.${name}`;
}
