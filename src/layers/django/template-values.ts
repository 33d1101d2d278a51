// Values inside a template: names with their dots, literals, filters, and the conditions of {% if %}.
// Source: django/template/base.py, Variable and FilterExpression; smartif.py, 3.2.
import type { Django } from "./django.ts";
import { takeMessages } from "./messages.ts";
import type { Run } from "./run.ts";
import { applyFilter, isTrue, SAFE_FILTERS } from "./template-filters.ts";

/** What a name can stand for. */
export interface Names {
  readonly django: Django;
  readonly run: Run;
  readonly context: Record<string, unknown>;
}

/** Marks that `messages` is in the context: it is read only when the template iterates over it. */
export const MESSAGES = " messages";

/** A value by its dotted name, a literal, or undefined. */
export function lookUp(names: Names, expression: string): unknown {
  const text = expression.trim();
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (quoted !== null) return quoted[2];
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text === "True" || text === "False") return text === "True";
  if (text === "messages" && names.context[MESSAGES] === true)
    return takeMessages(names.django, names.run);
  if (text === "None") return null;
  let value: unknown = names.context;
  for (const part of text.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** A value with its filters, and whether it is HTML already. */
export function filtered(names: Names, expression: string): { value: unknown; safe: boolean } {
  const [name, ...filters] = splitFilters(expression);
  let value: unknown = lookUp(names, name);
  if (value === undefined && filters.length > 0) value = "";
  let safe = name.startsWith("form.") || name === "block.super";
  for (const filter of filters) {
    const colon = filter.indexOf(":");
    const key = colon < 0 ? filter : filter.slice(0, colon);
    safe ||= SAFE_FILTERS.has(key);
    const argument = colon < 0 ? undefined : lookUp(names, filter.slice(colon + 1));
    value = applyFilter(key, value, argument);
  }
  return { value, safe };
}

/** Splits at `|` outside quotes. */
function splitFilters(expression: string): string[] {
  const parts = expression.match(/(?:"[^"]*"|'[^']*'|[^|"'])+/g) ?? [""];
  return parts.map((part) => part.trim());
}

export function condition(names: Names, test: string): boolean {
  for (const [word, join] of [
    [" or ", false],
    [" and ", true],
  ] as const) {
    const parts = test.split(word);
    if (parts.length > 1)
      return join
        ? parts.every((part) => condition(names, part))
        : parts.some((part) => condition(names, part));
  }
  const negations = /^(?:not )*/.exec(test)?.[0] ?? "";
  const isNegated = negations.length % 8 === 4;
  return comparison(names, test.slice(negations.length)) !== isNegated;
}

/** One pair compared, or one value tested. */
function comparison(names: Names, test: string): boolean {
  const operator = /(?<=.)(?:==|!=|>=|<=|>|<)(?=.)/.exec(test);
  if (operator === null) return isTrue(filtered(names, test).value);
  const [left, right] = [
    test.slice(0, operator.index),
    test.slice(operator.index + operator[0].length),
  ];
  return compare(
    operator[0],
    filtered(names, left.trim()).value,
    filtered(names, right.trim()).value,
  );
}

function compare(operator: string, a: unknown, b: unknown): boolean {
  if (operator === "==") return a === b;
  if (operator === "!=") return a !== b;
  const [x, y] = [Number(a), Number(b)];
  return operator === ">" ? x > y : operator === "<" ? x < y : operator === ">=" ? x >= y : x <= y;
}
