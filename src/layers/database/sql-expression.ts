// The expressions of SQL by precedence: OR, AND, NOT, comparisons, + and -, * and /, || and the atoms.
// Source: SQLite lang_expr.html, "Operators"; PostgreSQL 15, 4.1.6 Operator Precedence.
import {
  accept,
  type Cursor,
  expect,
  fail,
  inParentheses,
  list,
  name,
  peek,
  sees,
  seesName,
  take,
} from "./sql-cursor.ts";
import type { Expression } from "./sql-statement.ts";

const LEVELS: readonly (readonly string[])[] = [
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
  ["||"],
];

export function expression(cursor: Cursor): Expression {
  let left = conjunction(cursor);
  while (accept(cursor, "OR"))
    left = { kind: "binary", operator: "OR", left, right: conjunction(cursor) };
  return left;
}

function conjunction(cursor: Cursor): Expression {
  let left = negation(cursor);
  while (accept(cursor, "AND"))
    left = { kind: "binary", operator: "AND", left, right: negation(cursor) };
  return left;
}

function negation(cursor: Cursor): Expression {
  let count = 0;
  while (accept(cursor, "NOT")) count++;
  const inner = comparison(cursor);
  return count % 2 === 1 ? { kind: "not", argument: inner } : inner;
}

const EQUALITIES: Readonly<Record<string, string>> = {
  "=": "=",
  "==": "=",
  "<>": "<>",
  "!=": "<>",
};

function comparison(cursor: Cursor): Expression {
  let left = level(cursor, 0);
  for (;;) {
    const equality = EQUALITIES[peek(cursor).keyword];
    if (equality !== undefined) {
      take(cursor);
      left = { kind: "binary", operator: equality, left, right: level(cursor, 0) };
      continue;
    }
    const next = predicate(cursor, left);
    if (next === null) return left;
    left = next;
  }
}

/** What follows an operand without an operator sign: IS NULL, IN, BETWEEN, LIKE. */
function predicate(cursor: Cursor, argument: Expression): Expression | null {
  if (accept(cursor, "ISNULL")) return { kind: "isNull", argument, negated: false };
  if (accept(cursor, "NOTNULL")) return { kind: "isNull", argument, negated: true };
  if (accept(cursor, "IS")) return identity(cursor, argument);
  const negated =
    sees(cursor, "NOT") && ["IN", "BETWEEN", "LIKE", "ILIKE"].includes(peek(cursor, 1).keyword);
  if (negated) take(cursor);
  if (accept(cursor, "IN")) {
    const items = inParentheses(cursor, (inner) =>
      sees(inner, ")") ? [] : list(inner, expression),
    );
    return { kind: "in", argument, list: items, negated };
  }
  if (accept(cursor, "BETWEEN")) {
    const low = level(cursor, 0);
    expect(cursor, "AND");
    return { kind: "between", argument, low, high: level(cursor, 0), negated };
  }
  if (accept(cursor, "LIKE") || accept(cursor, "ILIKE"))
    return { kind: "like", argument, pattern: likePattern(cursor), negated };
  return null;
}

function identity(cursor: Cursor, argument: Expression): Expression {
  const negated = accept(cursor, "NOT");
  if (accept(cursor, "NULL")) return { kind: "isNull", argument, negated };
  return {
    kind: "binary",
    operator: negated ? "<>" : "=",
    left: argument,
    right: level(cursor, 0),
  };
}

function likePattern(cursor: Cursor): Expression {
  const pattern = level(cursor, 0);
  if (accept(cursor, "ESCAPE")) take(cursor);
  return pattern;
}

function level(cursor: Cursor, depth: number): Expression {
  if (depth === LEVELS.length) return atom(cursor);
  let left = level(cursor, depth + 1);
  while (LEVELS[depth].includes(peek(cursor).keyword)) {
    const operator = take(cursor).keyword;
    left = { kind: "binary", operator, left, right: level(cursor, depth + 1) };
  }
  return left;
}

const CONSTANTS: Readonly<Record<string, number | null>> = { NULL: null, TRUE: 1, FALSE: 0 };

function atom(cursor: Cursor): Expression {
  const token = peek(cursor);
  if (token.kind === "string") return { kind: "literal", value: take(cursor).text };
  if (token.kind === "number") return { kind: "literal", value: Number(take(cursor).text) };
  if (token.kind === "parameter") {
    take(cursor);
    return { kind: "parameter", index: cursor.parameters++ };
  }
  if (token.keyword === "(") return inParentheses(cursor, expression);
  if (token.keyword === "-" || token.keyword === "+") return signed(cursor);
  if (Object.hasOwn(CONSTANTS, token.keyword)) {
    take(cursor);
    return { kind: "literal", value: CONSTANTS[token.keyword] };
  }
  return seesName(cursor) ? named(cursor) : fail(cursor);
}

function signed(cursor: Cursor): Expression {
  let minus = false;
  while (sees(cursor, "-") || sees(cursor, "+")) if (take(cursor).keyword === "-") minus = !minus;
  const argument = atom(cursor);
  return minus ? { kind: "minus", argument } : argument;
}

/** A column, `table.column` or a function's call. */
function named(cursor: Cursor): Expression {
  const token = peek(cursor);
  const first = name(cursor);
  if (sees(cursor, "(") && token.kind === "word") return call(cursor, first);
  const quoted = token.kind === "name";
  if (!sees(cursor, "."))
    return { kind: "column", table: null, name: first, quoted, start: token.start };
  take(cursor);
  return { kind: "column", table: first, name: name(cursor), quoted, start: token.start };
}

function call(cursor: Cursor, written: string): Expression {
  return inParentheses(cursor, (inner) => {
    const star = accept(inner, "*");
    accept(inner, "DISTINCT");
    const items = star || sees(inner, ")") ? [] : list(inner, expression);
    return { kind: "call", name: written.toUpperCase(), arguments: items, star };
  });
}
