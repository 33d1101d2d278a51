// Django's template filters, as far as scenarios' templates use them, and how values are printed.
// Source: django/template/defaultfilters.py, 3.2.
// Simplification: dates and numbers are not formatted for a language.
import { escapeHtml } from "./error-pages.ts";
import { pythonText } from "./python-json.ts";

/** The key under which an object of the context keeps what str() of it gives. */
export const PRINTED = "__str__";

/** str() of a value in a template. */
export function printed(value: unknown): string {
  if (typeof value === "object" && value !== null && PRINTED in value)
    return String((value as Record<string, unknown>)[PRINTED]);
  return pythonText(value);
}

/** bool() of a value. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== "object" || value === null) return Boolean(value);
  return PRINTED in value ? printed(value) !== "" : Object.keys(value).length > 0;
}

type Filter = (value: unknown, argument: unknown) => unknown;

const textFilter =
  (change: (text: string) => string): Filter =>
  (value) =>
    change(printed(value));

const FILTERS: Readonly<Record<string, Filter>> = {
  upper: textFilter((text) => text.toUpperCase()),
  lower: textFilter((text) => text.toLowerCase()),
  capfirst: textFilter((text) => text.charAt(0).toUpperCase() + text.slice(1)),
  title: textFilter((text) =>
    text.toLowerCase().replace(/(?<![\p{L}\p{N}'])\p{L}/gu, (letter) => letter.toUpperCase()),
  ),
  length: (value) =>
    Array.isArray(value) || typeof value === "string"
      ? value.length
      : typeof value === "object" && value !== null
        ? Object.keys(value).length
        : 0,
  default: (value, argument) => (isTrue(value) ? value : argument),
  default_if_none: (value, argument) => (value === null ? argument : value),
  join: (value, argument) =>
    Array.isArray(value) ? value.map(printed).join(String(argument ?? "")) : value,
  first: (value) => (Array.isArray(value) || typeof value === "string" ? (value[0] ?? "") : ""),
  last: (value) => (Array.isArray(value) || typeof value === "string" ? (value.at(-1) ?? "") : ""),
  add: (value, argument) => {
    const sum = integer(value) + integer(argument);
    if (!Number.isNaN(sum)) return sum;
    if (Array.isArray(value) && Array.isArray(argument)) return [...value, ...argument];
    return typeof value === "string" && typeof argument === "string" ? value + argument : "";
  },
  cut: (value, argument) => printed(value).replaceAll(String(argument), ""),
  yesno: (value, argument) => {
    const [yes = "yes", no = "no", maybe = no] = String(argument ?? "yes,no,maybe").split(",");
    return value === null ? maybe : isTrue(value) ? yes : no;
  },
  pluralize: (value, argument) => {
    const [one, many] = String(argument ?? "s").includes(",")
      ? String(argument).split(",")
      : ["", String(argument ?? "s")];
    const count = Array.isArray(value) ? value.length : Number(value);
    return count === 1 ? one : many;
  },
  floatformat: (value, argument) =>
    value === "" ? "" : floatFormat(Number(value), Number(argument ?? -1)),
  truncatechars: (value, argument) => {
    const text = printed(value);
    const most = Number(argument);
    return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;
  },
  wordcount: (value) =>
    printed(value)
      .split(/\s+/)
      .filter((word) => word !== "").length,
  slice: (value, argument) => sliced(value, String(argument)),
  urlencode: textFilter(encodeURI),
  linebreaksbr: textFilter((text) => escapeHtml(text).replaceAll("\n", "<br>")),
};

/** Filters whose result is HTML already. */
export const SAFE_FILTERS: ReadonlySet<string> = new Set(["safe", "linebreaksbr"]);

/** int(): NaN for what has none. */
function integer(value: unknown): number {
  if (typeof value === "number") return Math.trunc(value);
  return /^\s*[-+]?\d+\s*$/.test(printed(value)) ? Number(printed(value)) : Number.NaN;
}

function floatFormat(value: number, places: number): string {
  if (!Number.isFinite(value)) return "";
  if (places < 0 && Number.isInteger(value)) return String(value);
  return value.toFixed(Math.abs(places));
}

/** Python's slices without a step. */
function sliced(value: unknown, text: string): unknown {
  if (!Array.isArray(value) && typeof value !== "string") return value;
  const [from, to] = text.split(":").map((part) => (part === "" ? undefined : Number(part)));
  return text.includes(":") ? value.slice(from, to) : value.slice(0, from);
}

/** Whether a filter is simulated; `safe` and its like act on the escaping alone. */
export function isFilter(name: string): boolean {
  return Object.hasOwn(FILTERS, name) || SAFE_FILTERS.has(name);
}

/** A filter's result; one that is not simulated changes nothing. */
export function applyFilter(name: string, value: unknown, argument: unknown): unknown {
  return Object.hasOwn(FILTERS, name) ? FILTERS[name](value, argument) : value;
}
