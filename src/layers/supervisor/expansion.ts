// `%(program_name)s` in the values of supervisord.conf: Python's `%` with a dictionary, and its errors.
// Source: supervisor 4.2.5 options.py expand(); Python 3.11 Objects/unicodeobject.c, PyUnicode_Format.
// Simplification: the environment of supervisord (%(ENV_X)s) is empty but for the program's own `environment`.
import { pythonRepr } from "../../text/python-repr.ts";

export type Names = Readonly<Record<string, string | number>>;

/** What a value of the configuration cannot be, in supervisord's words. */
export class BadValue extends Error {}

const FORMAT = /%(?:\(([^)]*)\))?([#0\- +]*)(\d*)(?:\.(\d+))?[hlL]?([\s\S]?)/g;

/** Fills in the names. Throws BadValue. */
export function expand(text: string, names: Names, option: string): string {
  if (!text.includes("%")) return text;
  return text.replace(FORMAT, (all: string, key: string | undefined, ...rest) => {
    const [flags, width, , conversion, at] = rest as [string, string, string, string, number];
    if (conversion === "%") return "%";
    if (key !== undefined && !Object.hasOwn(names, key))
      throw unknownName(text, names, option, key);
    const value = key === undefined ? "" : names[key];
    const problem = badConversion(conversion, value, at + all.length - 1);
    if (problem !== null) {
      const which = `Format string ${pythonRepr(text)} for ${pythonRepr(option)}`;
      throw new BadValue(`${which} is badly formatted: ${problem}`);
    }
    return padded(value, flags, Number(width));
  });
}

function badConversion(conversion: string, value: string | number, index: number): string | null {
  if (conversion === "") return "incomplete format";
  const code = conversion.charCodeAt(0).toString(16);
  if (!/[diouxXeEfFgGcrsa]/.test(conversion))
    return `unsupported format character '${conversion}' (0x${code}) at index ${index}`;
  return "diu".includes(conversion) && typeof value === "string"
    ? `%${conversion} format: a real number is required, not str`
    : null;
}

function padded(value: string | number, flags: string, columns: number): string {
  if (flags.includes("-")) return `${value}`.padEnd(columns);
  const isFilled = flags.includes("0") && typeof value === "number";
  return `${value}`.padStart(columns, isFilled ? "0" : " ");
}

function unknownName(text: string, names: Names, option: string, key: string): BadValue {
  const known = Object.keys(names).sort().join(", ");
  const missing = `contains names (${pythonRepr(key)}) which cannot be expanded`;
  return new BadValue(
    `Format string ${pythonRepr(text)} for ${pythonRepr(option)} ${missing}. Available names: ${known}`,
  );
}
