// Ready-made rows for the plain kinds of directives: on or off, a size, a time, a number, a word, a
// choice. Contexts and argument counts come from the grammar table.
// Source: src/core/ngx_conf_file.c, ngx_conf_set_flag_slot and its sisters.
import { memoByText } from "../../kernel/memo.ts";
import { argumentText } from "./config-tree.ts";
import { DIRECTIVE_GRAMMAR } from "./directive-grammar.ts";
import { DIRECTIVE_GRAMMAR_REST } from "./directive-grammar-rest.ts";
import type { ArgumentCount, ConfigError, ContextName, DirectiveRow } from "./settings.ts";
import { parseNumber, parseSize, parseTimeMs } from "./units.ts";

/** Where a directive may stand and how many arguments it takes there. */
export interface Grammar {
  readonly contexts: readonly ContextName[];
  readonly takes: ArgumentCount;
  readonly isBlock: boolean;
}

const CONTEXT_LETTERS: Readonly<Record<string, ContextName>> = {
  M: "main",
  E: "events",
  H: "http",
  S: "server",
  L: "location",
  s: "if in server",
  l: "if in location",
  e: "limit_except",
  U: "upstream",
};

/** What nginx knows of a directive: one name may mean several things (error_log, server). */
export const grammarOf = (name: string): readonly Grammar[] | undefined =>
  tableOf(DIRECTIVE_GRAMMAR).get(name) ?? tableOf(DIRECTIVE_GRAMMAR_REST).get(name);

const tableOf = memoByText(readGrammar);

/** The directives of a grammar, by name. */
export function readGrammar(text: string): ReadonlyMap<string, readonly Grammar[]> {
  const table = new Map<string, readonly Grammar[]>();
  for (const line of text.split("\n")) {
    const [letters, counts, ...names] = line.split(" ");
    if (names.length === 0) continue;
    const entry: Grammar = {
      contexts: [...letters].map((letter) => CONTEXT_LETTERS[letter]),
      takes: readCounts(counts.replace("{", "")),
      isBlock: counts.endsWith("{"),
    };
    for (const name of names) table.set(name, [...(table.get(name) ?? []), entry]);
  }
  return table;
}

function readCounts(text: string): ArgumentCount {
  if (text === "flag") return "flag";
  if (text.endsWith("+")) return { min: Number(text.slice(0, -1)) };
  return [...text].map(Number);
}

/** Where a row's directive may stand, joined over its meanings. Rows are made of the first table alone. */
function placesOf(name: string): Pick<DirectiveRow, "contexts" | "takes"> {
  const entries = tableOf(DIRECTIVE_GRAMMAR).get(name) ?? [];
  const takes = entries[0]?.takes ?? { min: 0 };
  return { contexts: entries.flatMap((entry) => entry.contexts), takes };
}

/** Whether a directive may have so many arguments. */
export function fitsCount(takes: ArgumentCount, count: number): boolean {
  if (takes === "flag") return count === 1;
  if ("min" in takes) return count >= takes.min;
  return (takes as readonly number[]).includes(count);
}

type Extra<T> = Partial<Omit<DirectiveRow<T>, "name" | "parse" | "seen">>;

/** A row whose value is made from the directive; scalar and inherited unless said. */
export function row<T>(
  name: string,
  fallback: T,
  parse: DirectiveRow<T>["parse"],
  extra: Extra<T> = {},
): DirectiveRow<T> {
  const seen = { conf: null, setting: null };
  const plain = { name, inherit: "scalar", simulated: true, fallback, parse } as const;
  return { seen, ...plain, ...placesOf(name), ...extra };
}

/** `x on|off`. */
export function flagRow(
  name: string,
  fallback: boolean,
  extra: Extra<boolean> = {},
): DirectiveRow<boolean> {
  const parse = (directive: Parameters<DirectiveRow["parse"]>[0]): boolean | ConfigError => {
    const text = argumentText(directive, 0);
    const lower = text.toLowerCase();
    if (lower === "on") return true;
    if (lower === "off") return false;
    const problem = `invalid value "${text}" in "${name}" directive, it must be "on" or "off"`;
    return { emerg: problem };
  };
  return row<boolean>(name, fallback, parse, extra);
}

/** A size in bytes; `gigabytes` where nginx reads an offset. */
export function sizeRow(
  name: string,
  fallback: number,
  gigabytes = false,
  extra: Extra<number> = {},
): DirectiveRow<number> {
  const invalid: ConfigError = { emerg: `"${name}" directive invalid value` };
  return row<number>(
    name,
    fallback,
    (directive) => parseSize(argumentText(directive, 0), gigabytes) ?? invalid,
    extra,
  );
}

/** A time, kept in milliseconds. */
export function timeRow(
  name: string,
  fallbackMs: number,
  extra: Extra<number> = {},
): DirectiveRow<number> {
  const invalid: ConfigError = { emerg: `"${name}" directive invalid value` };
  return row<number>(
    name,
    fallbackMs,
    (directive) => parseTimeMs(argumentText(directive, 0)) ?? invalid,
    extra,
  );
}

/** A plain number. */
export function numberRow(
  name: string,
  fallback: number,
  extra: Extra<number> = {},
): DirectiveRow<number> {
  const invalid: ConfigError = { emerg: `"${name}" directive invalid number` };
  return row<number>(
    name,
    fallback,
    (directive) => parseNumber(argumentText(directive, 0)) ?? invalid,
    extra,
  );
}

/** A number between two others (ngx_conf_check_num_bounds). */
export function boundedRow(
  name: string,
  fallback: number,
  [least, most]: readonly [number, number],
): DirectiveRow<number> {
  return row<number>(name, fallback, (directive) => {
    const value = parseNumber(argumentText(directive, 0));
    if (value === null) return { emerg: `"${name}" directive invalid number` };
    if (value < least || value > most)
      return { emerg: `value must be between ${least} and ${most}` };
    return value;
  });
}

/** One word, taken as it is. */
export function textRow(
  name: string,
  fallback: string,
  extra: Extra<string> = {},
): DirectiveRow<string> {
  return row<string>(name, fallback, (directive) => argumentText(directive, 0), extra);
}

/** One of some words. */
export function choiceRow<const C extends string>(
  name: string,
  fallback: NoInfer<C>,
  choices: readonly C[],
  extra: Extra<C> = {},
): DirectiveRow<C> {
  const parse = (directive: Parameters<DirectiveRow["parse"]>[0]): C | ConfigError => {
    const text = argumentText(directive, 0);
    const found = choices.find((choice) => choice === text.toLowerCase());
    return found ?? { emerg: `invalid value "${text}"` };
  };
  return row<C>(name, fallback, parse, extra);
}
