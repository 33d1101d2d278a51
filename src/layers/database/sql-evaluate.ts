// The value of an expression for a combination of rows, with SQL's three-valued logic: NULL is
// unknown, and what is computed from it is unknown too.
// Simplification: no types of columns beyond numbers and texts; text compares by code point.
import type { SqlValue } from "../database-client.ts";
import { columnIndex, type Table, type Values, valueAt } from "./row-store.ts";
import { type Dialect, noSuchColumn, StatementFailure } from "./sql-errors.ts";
import type { Expression } from "./sql-statement.ts";

/** A row of one of the tables that a statement names; null values stand for LEFT JOIN's empty row. */
export interface RowInScope {
  readonly alias: string;
  readonly table: Table;
  readonly values: Values | null;
}

export interface Scope {
  readonly sql: string;
  readonly dialect: Dialect;
  readonly params: readonly SqlValue[];
  readonly rows: readonly RowInScope[];
  /** The rows that an aggregate runs over; null outside of aggregates. */
  readonly group: readonly (readonly RowInScope[])[] | null;
}

export function evaluate(node: Expression, scope: Scope): SqlValue {
  switch (node.kind) {
    case "literal":
      return node.value;
    case "parameter":
      return scope.params[node.index] ?? null;
    case "column":
      return columnValue(node, scope);
    case "minus": {
      const value = evaluate(node.argument, scope);
      return value === null ? null : -Number(value);
    }
    case "not": {
      const value = truth(evaluate(node.argument, scope));
      return value === null ? null : value ? 0 : 1;
    }
    case "binary":
      return binary(node, scope);
    case "call":
      return callValue(node, scope);
    case "isNull":
      return bit((evaluate(node.argument, scope) === null) !== node.negated);
    default:
      return predicateValue(node, scope);
  }
}

/** Whether a condition holds: unknown does not. */
export function holds(condition: Expression | null, scope: Scope): boolean {
  return condition === null || truth(evaluate(condition, scope)) === true;
}

function bit(value: boolean): number {
  return value ? 1 : 0;
}

function truth(value: SqlValue): boolean | null {
  return value === null ? null : Number(value) !== 0 && !Number.isNaN(Number(value));
}

function columnValue(node: Extract<Expression, { kind: "column" }>, scope: Scope): SqlValue {
  for (const row of scope.rows) {
    if (node.table !== null && node.table.toLowerCase() !== row.alias.toLowerCase()) continue;
    const column = columnIndex(row.table, node.name);
    if (column >= 0) return row.values === null ? null : valueAt(row.table, row.values, column);
  }
  // SQLite takes a name in double quotes that is no column for a string. Source: sqlite.org/quirks.html.
  if (node.quoted && node.table === null && scope.dialect === "sqlite") return node.name;
  const written = node.table === null ? node.name : `${node.table}.${node.name}`;
  throw new StatementFailure(
    noSuchColumn(written, scope.dialect, { sql: scope.sql, start: node.start }),
  );
}

function binary(node: Extract<Expression, { kind: "binary" }>, scope: Scope): SqlValue {
  const { operator } = node;
  if (operator === "AND" || operator === "OR") return logical(node, scope);
  const left = evaluate(node.left, scope);
  const right = evaluate(node.right, scope);
  if (left === null || right === null) return null;
  if (operator === "||") return `${left}${right}`;
  return (
    ARITHMETIC[operator]?.(Number(left), Number(right)) ??
    bit(COMPARISONS[operator]?.(compareValues(left, right)) ?? false)
  );
}

function logical(node: Extract<Expression, { kind: "binary" }>, scope: Scope): SqlValue {
  const decided = node.operator === "OR";
  const left = truth(evaluate(node.left, scope));
  if (left === decided) return bit(decided);
  const right = truth(evaluate(node.right, scope));
  if (right === decided) return bit(decided);
  return left === null || right === null ? null : bit(!decided);
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => SqlValue>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) =>
    b === 0 ? null : Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b,
  "%": (a, b) => (b === 0 ? null : a % b),
};

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** The order of two values: NULL first, numbers before texts unless the text reads as a number. */
export function compareValues(left: SqlValue, right: SqlValue): number {
  if (left === null) return right === null ? 0 : -1;
  if (right === null) return 1;
  if (typeof left === typeof right) return left < right ? -1 : Number(left > right);
  const [a, b] = [Number(left), Number(right)];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return typeof left === "number" ? -1 : 1;
}

type Predicate = Extract<Expression, { kind: "in" | "between" | "like" }>;

function predicateValue(node: Predicate, scope: Scope): SqlValue {
  const value = evaluate(node.argument, scope);
  if (value === null) return null;
  if (node.kind === "in") {
    const found = node.list.some((item) => compareValues(value, evaluate(item, scope)) === 0);
    return bit(found !== node.negated);
  }
  if (node.kind === "between") {
    const inside =
      compareValues(value, evaluate(node.low, scope)) >= 0 &&
      compareValues(value, evaluate(node.high, scope)) <= 0;
    return bit(inside !== node.negated);
  }
  return bit(
    isLike(String(value).toLowerCase(), String(evaluate(node.pattern, scope)).toLowerCase()) !==
      node.negated,
  );
}

/** `%` is any text, `_` any character. Greedy with one place to go back to, so it takes at most n·m. */
function isLike(text: string, pattern: string): boolean {
  let [at, place, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[place] === "%") {
      star = place++;
      mark = at;
    } else if (place < pattern.length && (pattern[place] === "_" || pattern[place] === text[at])) {
      at++;
      place++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[place] === "%") place++;
  return place === pattern.length;
}

const AGGREGATES = new Set(["COUNT", "SUM", "AVG", "MIN", "MAX"]);

/** Whether an expression runs over a group of rows. */
export function hasAggregate(node: Expression | null): boolean {
  if (node === null) return false;
  if (node.kind === "call") return AGGREGATES.has(node.name) || node.arguments.some(hasAggregate);
  if (node.kind === "binary") return hasAggregate(node.left) || hasAggregate(node.right);
  return (node.kind === "not" || node.kind === "minus") && hasAggregate(node.argument);
}

function callValue(node: Extract<Expression, { kind: "call" }>, scope: Scope): SqlValue {
  if (AGGREGATES.has(node.name) && scope.group !== null) return aggregate(node, scope, scope.group);
  const values = node.arguments.map((argument) => evaluate(argument, scope));
  return FUNCTIONS[node.name]?.(values) ?? null;
}

/** Simplification: a function that is not here has the value NULL. */
const FUNCTIONS: Readonly<Record<string, (values: readonly SqlValue[]) => SqlValue>> = {
  COALESCE: (values) => values.find((value) => value !== null) ?? null,
  LOWER: ([value]) => (value === null ? null : String(value).toLowerCase()),
  UPPER: ([value]) => (value === null ? null : String(value).toUpperCase()),
  LENGTH: ([value]) => (value === null ? null : String(value).length),
  ABS: ([value]) => (value === null ? null : Math.abs(Number(value))),
};

function aggregate(
  node: Extract<Expression, { kind: "call" }>,
  scope: Scope,
  group: readonly (readonly RowInScope[])[],
): SqlValue {
  if (node.star || node.arguments.length === 0) return group.length;
  const values = group
    .map((rows) => evaluate(node.arguments[0], { ...scope, rows, group: null }))
    .filter((value) => value !== null);
  if (node.name === "COUNT") return values.length;
  if (values.length === 0) return null;
  const sum = (): number => values.reduce<number>((total, value) => total + Number(value), 0);
  if (node.name === "SUM") return sum();
  if (node.name === "AVG") return sum() / values.length;
  const sign = node.name === "MIN" ? -1 : 1;
  return values.reduce((best, value) => (compareValues(value, best) * sign > 0 ? value : best));
}
