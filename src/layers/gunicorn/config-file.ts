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
  return { values, diagnostics: read.diagnostics, error: read.syntaxError };
}

function settingValue(value: PythonValue): SettingValue {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return Object.freeze(value.map((each) => String(each)));
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)])),
  );
}
