// gunicorn.conf.py: the assignments at its top level. Literals, names assigned before, arithmetic and
// the two calls everybody uses (multiprocessing.cpu_count(), os.environ.get) are evaluated; anything
// else is a diagnostic, and the setting keeps its lower source.
import type { Diagnostic } from "../../text/diagnostic.ts";
import { type PythonValue, readAssignments } from "../../text/python-literals.ts";
import type { Cause } from "../layer.ts";
import { SETTING_BY_NAME, type SettingValue } from "./options.ts";

export interface ConfigFile {
  readonly values: readonly {
    readonly name: string;
    readonly value: SettingValue;
    readonly cause: Cause;
  }[];
  readonly diagnostics: readonly Diagnostic[];
  /** The last line of the traceback when Python cannot read the file. */
  readonly error: string | null;
}

/** Reads the settings of a configuration file. Never throws. */
export function readConfigFile(
  text: string,
  file: string,
  machine: { readonly env: Readonly<Record<string, string>>; readonly cores: number },
): ConfigFile {
  const read = readAssignments(text, file, { env: machine.env, cores: machine.cores });
  const values: ConfigFile["values"][number][] = [];
  for (const { name, value, span } of read.assignments) {
    if (!SETTING_BY_NAME.has(name)) continue;
    const { line, start, end } = span;
    const cause = { file, line, start, end, note: `${name} in ${file.split("/").at(-1)}` };
    values.push({ name, value: settingValue(value), cause });
  }
  const diagnostics = [...hooksIn(text, file), ...read.diagnostics].sort((a, b) => a.line - b.line);
  return { values, diagnostics, error: read.syntaxError };
}

/** Server hooks are functions, and no Python runs here: each is said at its line. */
function hooksIn(text: string, file: string): Diagnostic[] {
  return [...text.matchAll(/^def\s+(\w+)\s*\(/gm)].flatMap((match) => {
    const setting = SETTING_BY_NAME.get(match[1]);
    if (setting?.kind !== "hook") return [];
    const start = match.index;
    const line = text.slice(0, start).split("\n").length;
    const message = `the hook ${match[1]} does not run: ${setting.notSimulated ?? ""}`;
    return [
      { severity: "not-simulated", message, file, line, start, end: start + match[0].length },
    ];
  });
}

function settingValue(value: PythonValue): SettingValue {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return Object.freeze(value.map((each) => String(each)));
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)])),
  );
}
