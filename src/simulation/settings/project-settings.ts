// Settings of the Django project: names of its settings.py, and CONN_MAX_AGE inside of DATABASES.
import type { Scenario } from "../scenario.ts";
import { assignmentIn, withAssignedText } from "./python-edit.ts";
import { type Found, logarithmic, type SettingRow } from "./row.ts";
import type { SettingEdit, SettingValue } from "./setting.ts";
import { lineOf, lineText, spliced, textFiles } from "./texts.ts";

interface SettingsFile {
  readonly path: string;
  readonly text: string;
}

/** The project's settings module: the file that names a URLconf or databases. */
function settingsFile(scenario: Scenario): SettingsFile | null {
  return (
    textFiles(scenario).find(
      ({ path, text }) =>
        path.endsWith(".py") && /^(ROOT_URLCONF|INSTALLED_APPS|DATABASES)\s*=/m.test(text),
    ) ?? null
  );
}

interface NameRow {
  readonly id: SettingRow["id"];
  readonly title: string;
  readonly input: SettingRow["input"];
  readonly name: string;
  readonly otherwise: SettingValue;
  read(python: string): SettingValue;
  write(value: SettingValue): string;
}

function nameRow({ id, title, input, name, otherwise, read, write }: NameRow): SettingRow {
  return {
    id,
    title,
    input,
    takesEffect: "gunicorn reload",
    find(scenario): Found | null {
      const file = settingsFile(scenario);
      if (file === null) return null;
      const assigned = assignmentIn(file.text, name);
      const line = lineOf(file.text, assigned?.start ?? file.text.trimEnd().length);
      return {
        value: assigned === null ? otherwise : read(assigned.value),
        place: {
          path: file.path,
          line,
          text: lineText(file.text, line),
          written: assigned !== null,
        },
      };
    },
    write(scenario, value): SettingEdit {
      const { path, text } = settingsFile(scenario) as SettingsFile;
      return { path, ...withAssignedText(text, name, write(value)) };
    },
  };
}

const bool = (python: string): SettingValue => python === "True";
const pythonBool = (value: SettingValue): string => (value === true ? "True" : "False");
const SWITCH = { kind: "switch" } as const;

/** `'CONN_MAX_AGE': 60` in DATABASES; after the ENGINE when it is not written. */
const AGE = /(['"])CONN_MAX_AGE\1\s*:\s*([^,}\n]+)/;
const ENGINE = /^([ \t]*)(['"])ENGINE\2\s*:[^\n]*?,?[ \t]*$/m;

const connMaxAgeRow: SettingRow = {
  id: "connMaxAge",
  title: "Django keeps database connections",
  input: logarithmic("s", 0, 86_400),
  takesEffect: "gunicorn reload",
  find(scenario): Found | null {
    const file = settingsFile(scenario);
    if (file === null) return null;
    const { path, text } = file;
    const age = AGE.exec(text);
    const at = age?.index ?? ENGINE.exec(text)?.index;
    if (at === undefined) return null;
    const line = lineOf(text, at);
    const place = { path, line, text: lineText(text, line), written: age !== null };
    return { value: age === null ? 0 : Number(age[2]) || 0, place };
  },
  write(scenario, value): SettingEdit {
    const { path, text } = settingsFile(scenario) as SettingsFile;
    const age = AGE.exec(text);
    if (age !== null) {
      const start = age.index + age[0].length - age[2].length;
      const end = start + age[2].trimEnd().length;
      return { path, text: spliced(text, start, end, String(value)), line: lineOf(text, start) };
    }
    const engine = ENGINE.exec(text) as RegExpExecArray;
    const end = engine.index + engine[0].length;
    const comma = engine[0].trimEnd().endsWith(",") ? "" : ",";
    const added = `${comma}\n${engine[1]}'CONN_MAX_AGE': ${value},`;
    return { path, text: spliced(text, end, end, added), line: lineOf(text, end) + 1 };
  },
};

export const projectRows: readonly SettingRow[] = [
  nameRow({
    id: "debug",
    title: "DEBUG",
    input: SWITCH,
    name: "DEBUG",
    otherwise: false,
    read: bool,
    write: pythonBool,
  }),
  nameRow({
    id: "allowedHosts",
    title: "ALLOWED_HOSTS, with spaces between",
    input: { kind: "text" },
    name: "ALLOWED_HOSTS",
    otherwise: "",
    read: (python) => [...python.matchAll(/(['"])(.*?)\1/g)].map((found) => found[2]).join(" "),
    write: (value) =>
      `[${String(value)
        .split(/[\s,]+/)
        .filter((name) => name !== "")
        .map((name) => `'${name.replace(/['\\]/g, "")}'`)
        .join(", ")}]`,
  }),
  nameRow({
    id: "appendSlash",
    title: "APPEND_SLASH",
    input: SWITCH,
    name: "APPEND_SLASH",
    otherwise: true,
    read: bool,
    write: pythonBool,
  }),
  connMaxAgeRow,
];
