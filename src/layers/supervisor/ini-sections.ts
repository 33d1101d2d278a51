// The sections of an ini file as Python's configparser gives them to supervisord: keys, values, and where they stand.
// Source: supervisor 4.2.5 options.py, UnhosedConfigParser (inline comments begin with ` ;`).
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { Cause } from "../layer.ts";

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly cause: Cause;
}

export interface Section {
  readonly name: string;
  readonly entries: Entry[];
  readonly line: number;
}

/** Reads the sections. Lines that are neither comment, header nor setting are errors in `diagnostics`. */
export function readIni(text: string, file: string, diagnostics: Diagnostic[]): Section[] {
  const sections: Section[] = [];
  let offset = 0;
  text.split("\n").forEach((raw, index) => {
    const start = offset;
    offset += raw.length + 1;
    const line = raw.replace(/\s;.*$/, "").trim();
    if (line === "" || line.startsWith(";") || line.startsWith("#")) return;
    const place = { file, line: index + 1, start, end: start + raw.length };
    const header = /^\[(.+)\]$/.exec(line);
    if (header !== null) {
      sections.push({ name: header[1].trim(), entries: [], line: index + 1 });
      return;
    }
    const match = /^([^=:]+)[=:](.*)$/.exec(line);
    const section = sections.at(-1);
    if (match === null || section === undefined) {
      diagnostics.push({
        severity: "error",
        message: `Source contains parsing errors: [line ${index + 1}]`,
        ...place,
      });
      return;
    }
    const key = match[1].trim();
    const value = match[2].trim();
    section.entries.push({ key, value, cause: { ...place, note: `${key} = ${value}` } });
  });
  return sections;
}

/** The value of a key, the last one if it stands there twice; null when it is missing. */
export function settingOf(section: Section | undefined, key: string): string | null {
  return section?.entries.findLast((entry) => entry.key === key)?.value ?? null;
}
