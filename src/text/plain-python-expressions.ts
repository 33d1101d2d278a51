// Expressions of plain Python: names, literals, calls, attributes, subscripts, containers, operators
// and conditions. Comprehensions, lambdas, await, yield and := are left to the full grammar.
// Source: the Python language reference 3.11, chapter 6; node names of @lezer/python 1.1.19.
import type { Token } from "./plain-python-tokens.ts";
import { PlainNode } from "./plain-python-tree.ts";

/** The tokens that are left. */
export interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  at: number;
  /** How many expressions the one being read lies in. */
  depth: number;
}

/** Deeper nesting is left to the full grammar, which needs no stack for it. */
const DEPTH_MAX = 100;

function nested(reader: Reader, read: (reader: Reader) => PlainNode): PlainNode {
  if (++reader.depth > DEPTH_MAX) throw new NotPlain();
  const node = read(reader);
  reader.depth--;
  return node;
}

/** Thrown inside the parser at anything that is not plain, or no Python; its entry catches it. */
export class NotPlain extends Error {}

export const kindAt = (reader: Reader, ahead = 0): string =>
  reader.tokens[Math.min(reader.at + ahead, reader.tokens.length - 1)].kind;

/** The next token as a node, under another name than its own if one is given. */
export function leaf(reader: Reader, name?: string): PlainNode {
  const { kind, from, to } = reader.tokens[reader.at++];
  return new PlainNode(name ?? kind, from, to, []);
}

/** The next token, which must be of that kind. */
export function expect(reader: Reader, kind: string, name?: string): PlainNode {
  if (kindAt(reader) !== kind) throw new NotPlain();
  return leaf(reader, name);
}

export function over(name: string, children: PlainNode[]): PlainNode {
  return new PlainNode(name, children[0].from, children[children.length - 1].to, children);
}

/** `a if b else c`, or anything that binds closer. */
export function expression(reader: Reader): PlainNode {
  return nested(reader, conditional);
}

function conditional(reader: Reader): PlainNode {
  const value = binary(reader, 0);
  if (kindAt(reader) !== "if") return value;
  const word = leaf(reader);
  const condition = binary(reader, 0);
  return over("ConditionalExpression", [
    ...[value, word, condition, expect(reader, "else")],
    expression(reader),
  ]);
}

/** Operators from the loosest to the closest, each level with its node name. */
const LEVELS: readonly (readonly [string, readonly string[]])[] = [
  ["or", ["or"]],
  ["and", ["and"]],
  ["CompareOp", ["==", "!=", "<", ">", "<=", ">=", "in", "is", "not"]],
  ["BitOp", ["|"]],
  ["BitOp", ["^"]],
  ["BitOp", ["&"]],
  ["BitOp", ["<<", ">>"]],
  ["ArithOp", ["+", "-"]],
  ["ArithOp", ["*", "/", "//", "%"]],
];

function binary(reader: Reader, level: number): PlainNode {
  if (level === LEVELS.length) return unary(reader);
  const [name, operators] = LEVELS[level];
  let left = binary(reader, level + 1);
  while (operators.includes(kindAt(reader))) {
    const words = operator(reader, name);
    left = over("BinaryExpression", [left, ...words, binary(reader, level + 1)]);
  }
  return left;
}

/** `in`, `is`, `not in` and `is not` are words of their own. */
function operator(reader: Reader, name: string): PlainNode[] {
  const kind = kindAt(reader);
  // A token that means something else elsewhere keeps its own node inside.
  if (kind === "*") return [over(name, [leaf(reader)])];
  if (!/^[a-z]/.test(kind)) return [leaf(reader, name)];
  const word = leaf(reader);
  if (kind === "not") return [word, expect(reader, "in")];
  return kind === "is" && kindAt(reader) === "not" ? [word, leaf(reader)] : [word];
}

const SIGNS: Readonly<Record<string, string>> = { "-": "ArithOp", "+": "ArithOp", "~": "BitOp" };

function unary(reader: Reader): PlainNode {
  const kind = kindAt(reader);
  if (kind === "not") {
    const negated = over("UnaryExpression", [leaf(reader), primary(reader)]);
    // What follows binds differently in the grammar of @lezer/python than in Python.
    if (LEVELS.some(([, operators]) => operators.includes(kindAt(reader)))) throw new NotPlain();
    return negated;
  }
  if (kind in SIGNS)
    return over("UnaryExpression", [leaf(reader, SIGNS[kind]), nested(reader, unary)]);
  return primary(reader);
}

/** An atom with its calls, attributes and subscripts. */
function primary(reader: Reader): PlainNode {
  let node = atom(reader);
  for (;;) {
    const kind = kindAt(reader);
    if (kind === "(") node = over("CallExpression", [node, argumentList(reader)]);
    else if (kind === ".")
      node = over("MemberExpression", [
        ...[node, leaf(reader)],
        expect(reader, "VariableName", "PropertyName"),
      ]);
    else if (kind === "[") node = over("MemberExpression", [node, ...subscript(reader)]);
    else return node;
  }
}

function subscript(reader: Reader): PlainNode[] {
  const parts = [leaf(reader)];
  while (kindAt(reader) !== "]")
    parts.push(/^[:,]$/.test(kindAt(reader)) ? leaf(reader) : expression(reader));
  const isEmpty = parts.some(({ name }, i) => name === "," && /^[[,]$/.test(parts[i - 1].name));
  if (parts.length === 1 || isEmpty) throw new NotPlain();
  return [...parts, leaf(reader)];
}

function atom(reader: Reader): PlainNode {
  switch (kindAt(reader)) {
    case "VariableName":
      return name(reader);
    case "Number":
    case "Boolean":
    case "None":
      return leaf(reader);
    case "...":
      return leaf(reader, "Ellipsis");
    case "String":
    case "FormatString":
      return strings(reader);
    case "(":
      return parentheses(reader);
    case "[":
      return over("ArrayExpression", list(reader, "]"));
    case "{":
      return braces(reader);
    default:
      throw new NotPlain();
  }
}

/** Python 2 and what is left of it in the full grammar took `print` for a statement. */
function name(reader: Reader): PlainNode {
  const node = leaf(reader);
  if (reader.text.slice(node.from, node.to) === "print" && kindAt(reader) !== "(")
    throw new NotPlain();
  return node;
}

function strings(reader: Reader): PlainNode {
  const parts: PlainNode[] = [];
  while (/String$/.test(kindAt(reader)))
    parts.push(kindAt(reader) === "String" ? leaf(reader) : formatString(reader));
  return parts.length === 1 ? parts[0] : over("ContinuedString", parts);
}

/** An f-string whose replacements are names with attributes: `{name}`, `{name.attribute}`. */
function formatString(reader: Reader): PlainNode {
  const node = leaf(reader);
  const inner = reader.text.slice(node.from, node.to);
  if (/\{\{|\}\}/.test(inner)) throw new NotPlain();
  for (const { 0: written, index } of inner.matchAll(/\{[^}]*\}|[{}]/g)) {
    const name = /^\{([A-Za-z_]\w*)\}$/.exec(written)?.[1];
    if (name === undefined || /^(True|False|None)$/.test(name)) throw new NotPlain();
    const from = node.from + index;
    const to = from + written.length;
    const replaced = [
      new PlainNode("{", from, from + 1, []),
      new PlainNode("VariableName", from + 1, to - 1, []),
      new PlainNode("}", to - 1, to, []),
    ];
    node.children.push(over("FormatReplacement", replaced));
  }
  return node;
}

/** Brackets with what stands in them: `*` before an item, commas between. */
function list(reader: Reader, close: string): PlainNode[] {
  const parts = [leaf(reader)];
  while (kindAt(reader) !== close) {
    if (kindAt(reader) === "*") parts.push(leaf(reader));
    parts.push(expression(reader));
    if (kindAt(reader) !== close) parts.push(expect(reader, ","));
  }
  return [...parts, leaf(reader)];
}

function parentheses(reader: Reader): PlainNode {
  const parts = list(reader, ")");
  const isTuple = parts.length === 2 || parts.some(({ name }) => name === ",");
  if (!isTuple && parts.length !== 3) throw new NotPlain();
  return over(isTuple ? "TupleExpression" : "ParenthesizedExpression", parts);
}

function braces(reader: Reader): PlainNode {
  const parts = [leaf(reader)];
  let isSet = false;
  while (kindAt(reader) !== "}") {
    if (kindAt(reader) === "**") {
      parts.push(leaf(reader), expression(reader));
    } else {
      parts.push(expression(reader));
      isSet = kindAt(reader) !== ":";
      if (!isSet) parts.push(leaf(reader), expression(reader));
    }
    if (kindAt(reader) !== "}") parts.push(expect(reader, ","));
  }
  parts.push(leaf(reader));
  if (isSet && parts.some(({ name }) => /^(\*\*|:)$/.test(name))) throw new NotPlain();
  return over(isSet ? "SetExpression" : "DictionaryExpression", parts);
}

export function argumentList(reader: Reader): PlainNode {
  const parts = [expect(reader, "(")];
  while (kindAt(reader) !== ")") {
    if (/^\*\*?$/.test(kindAt(reader))) parts.push(leaf(reader));
    else if (kindAt(reader, 1) === "=" && kindAt(reader) === "VariableName")
      parts.push(leaf(reader), leaf(reader, "AssignOp"));
    parts.push(expression(reader));
    if (kindAt(reader) !== ")") parts.push(expect(reader, ","));
  }
  return over("ArgList", [...parts, leaf(reader)]);
}
