// The top-level assignments of a Python file whose values can be read without running Python:
// literals, containers of them, names assigned earlier, simple arithmetic, and the calls
// multiprocessing.cpu_count(), os.cpu_count(), os.environ.get() and os.getenv(). Everything else at
// the top level is reported and skipped; functions and classes are left alone.

import type { Diagnostic, Span } from "./diagnostic.ts";
import { readEscapes } from "./python-escapes.ts";
import { pythonTree } from "./python-parser.ts";
import type { PythonNode as SyntaxNode } from "./python-tree.ts";

export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

export interface PythonAssignment {
  readonly name: string;
  readonly value: PythonValue;
  readonly span: Span;
}

export interface PythonAssignments {
  readonly assignments: readonly PythonAssignment[];
  readonly diagnostics: readonly Diagnostic[];
  /** `SyntaxError: invalid syntax` when the file cannot be parsed. */
  readonly syntaxError: string | null;
}

/** What the few known calls answer. */
export interface PythonMachine {
  readonly env: Readonly<Record<string, string>>;
  readonly cores: number;
}

/** A value that only Python could compute. */
const UNKNOWN = Symbol("unknown");
type Evaluated = PythonValue | typeof UNKNOWN;

interface Scope {
  readonly text: string;
  readonly machine: PythonMachine;
  readonly names: Map<string, PythonValue>;
  /** How many expressions the one being read lies in. */
  readonly depth: number;
}

/** Reads the assignments in order; the last one of a name wins for whoever looks it up. */
export function readAssignments(
  text: string,
  file: string,
  machine: PythonMachine,
): PythonAssignments {
  const { top, error } = pythonTree(text);
  const assignments: PythonAssignment[] = [];
  const diagnostics: Diagnostic[] = [];
  const scope: Scope = { text, machine, names: new Map(), depth: 0 };
  const syntaxError = error === null ? null : "SyntaxError: invalid syntax";
  if (error !== null && syntaxError !== null) {
    const { from: start, to: end } = error;
    const line = lineAt(text, start);
    diagnostics.push({ severity: "error", message: syntaxError, file, line, start, end });
  }
  for (let node = top.firstChild; node !== null; node = node.nextSibling) {
    if (node.name !== "AssignStatement") continue;
    const span = { file, start: node.from, end: node.to, line: lineAt(text, node.from) };
    const read = readAssignment(node, scope);
    if (read === null) {
      const message = "this assignment is not read: only literals, arithmetic and a few calls are";
      diagnostics.push({ severity: "not-simulated", message, ...span });
      continue;
    }
    scope.names.set(read.name, read.value);
    assignments.push({ ...read, span });
  }
  return { assignments, diagnostics, syntaxError };
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

function readAssignment(
  node: SyntaxNode,
  scope: Scope,
): { name: string; value: PythonValue } | null {
  const target = node.firstChild;
  const equals = node.getChild("AssignOp");
  const source = equals?.nextSibling ?? null;
  if (target === null || target.name !== "VariableName" || source === null) return null;
  if (source.nextSibling !== null) return null;
  const value = evaluate(source, scope);
  return value === UNKNOWN || sizeOf(value) > SIZE_MAX
    ? null
    : { name: scope.text.slice(target.from, target.to), value };
}

/** Deeper and larger values than these are not read: a real file holds nothing like them. */
const DEPTH_MAX = 60;
const SIZE_MAX = 100_000;

const sizes = new WeakMap<object, number>();

/** How many characters and values a value holds, counting what is in it twice as two. */
function sizeOf(value: PythonValue): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  let size = sizes.get(value);
  if (size === undefined) {
    size = Object.values(value).reduce((sum: number, part: PythonValue) => sum + sizeOf(part), 1);
    sizes.set(value, size);
  }
  return size;
}

function evaluate(node: SyntaxNode, outer: Scope): Evaluated {
  if (outer.depth > DEPTH_MAX) return UNKNOWN;
  const scope = { ...outer, depth: outer.depth + 1 };
  const text = scope.text.slice(node.from, node.to);
  switch (node.name) {
    case "String":
      return readString(text);
    case "ContinuedString":
      return joinStrings(children(node).map((child) => evaluate(child, scope)));
    case "Number":
      return readNumber(text);
    case "Boolean":
      return text === "True";
    case "None":
      return null;
    case "VariableName":
      return scope.names.get(text) ?? UNKNOWN;
    case "ParenthesizedExpression":
      return evaluate(node.firstChild?.nextSibling ?? node, scope);
    case "ArrayExpression":
    case "TupleExpression":
      return readItems(node, scope);
    case "DictionaryExpression":
      return readDictionary(node, scope);
    case "UnaryExpression":
      return negate(node, scope);
    case "BinaryExpression":
      return combine(node, scope);
    case "CallExpression":
      return call(node, scope);
    default:
      return UNKNOWN;
  }
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

const PUNCTUATION = new Set(["(", ")", "[", "]", "{", "}", ",", ":", "Comment"]);

function readItems(node: SyntaxNode, scope: Scope): Evaluated {
  const items: PythonValue[] = [];
  for (const child of children(node)) {
    if (PUNCTUATION.has(child.name)) continue;
    const value = evaluate(child, scope);
    if (value === UNKNOWN) return UNKNOWN;
    items.push(value);
  }
  return items;
}

function readDictionary(node: SyntaxNode, scope: Scope): Evaluated {
  const items = children(node).filter((child) => !PUNCTUATION.has(child.name));
  const values = items.map((item) => evaluate(item, scope));
  if (values.includes(UNKNOWN) || values.length % 2 !== 0) return UNKNOWN;
  const entries: [string, PythonValue][] = [];
  for (let i = 0; i < values.length; i += 2)
    entries.push([String(values[i]), values[i + 1] as PythonValue]);
  return Object.fromEntries(entries);
}

function joinStrings(parts: readonly Evaluated[]): Evaluated {
  return parts.every((part) => typeof part === "string") ? parts.join("") : UNKNOWN;
}

function readNumber(text: string): Evaluated {
  const plain = text.replace(/_/g, "");
  const number = Number(plain);
  return Number.isNaN(number) || /[jJ]$/.test(plain) ? UNKNOWN : number;
}

/** A string literal with its prefix and quotes; an f-string or bytes is unknown. */
function readString(text: string): Evaluated {
  const match = /^([a-zA-Z]*)('''|"""|'|")([\s\S]*)\2$/.exec(text);
  if (match === null || /[fFbB]/.test(match[1])) return UNKNOWN;
  return readEscapes(match[3], /[rR]/.test(match[1]));
}

function negate(node: SyntaxNode, scope: Scope): Evaluated {
  const operator = node.firstChild;
  const operand = operator?.nextSibling;
  if (operator === null || operator === undefined || operand === null || operand === undefined)
    return UNKNOWN;
  const value = evaluate(operand, scope);
  const sign = scope.text.slice(operator.from, operator.to);
  if (typeof value !== "number") return UNKNOWN;
  return sign === "-" ? -value : sign === "+" ? value : UNKNOWN;
}

function combine(node: SyntaxNode, scope: Scope): Evaluated {
  const [left, operator, right] = children(node);
  if (left === undefined || operator === undefined || right === undefined) return UNKNOWN;
  const a = evaluate(left, scope);
  const b = evaluate(right, scope);
  const sign = scope.text.slice(operator.from, operator.to);
  if (sign === "or") return a === UNKNOWN ? UNKNOWN : isTrue(a) ? a : b;
  if (typeof a === "string" && typeof b === "string" && sign === "+") return a + b;
  if (Array.isArray(a) && Array.isArray(b) && sign === "+") return [...a, ...b];
  if (typeof a !== "number" || typeof b !== "number") return UNKNOWN;
  return arithmetic(a, b, sign);
}

function isTrue(value: PythonValue): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function arithmetic(a: number, b: number, sign: string): Evaluated {
  if (sign === "+") return a + b;
  if (sign === "-") return a - b;
  if (sign === "*") return a * b;
  if (b === 0) return UNKNOWN;
  if (sign === "//") return Math.floor(a / b);
  return sign === "/" ? a / b : sign === "%" ? a - b * Math.floor(a / b) : UNKNOWN;
}

function call(node: SyntaxNode, scope: Scope): Evaluated {
  const callee = node.firstChild;
  const list = node.getChild("ArgList");
  if (callee === null || list === null) return UNKNOWN;
  const name = scope.text.slice(callee.from, callee.to).replace(/\s/g, "");
  const values = readItems(list, scope);
  if (!Array.isArray(values)) return UNKNOWN;
  if (/^(multiprocessing\.|os\.)?cpu_count$/.test(name)) return scope.machine.cores;
  if (/^(os\.)?(environ\.get|getenv)$/.test(name))
    return scope.machine.env[String(values[0])] ?? values[1] ?? null;
  const [only] = values;
  if (values.length !== 1) return UNKNOWN;
  if (name === "int") return toInteger(only);
  if (name === "str")
    return typeof only === "string" || typeof only === "number" ? String(only) : UNKNOWN;
  return UNKNOWN;
}

function toInteger(value: PythonValue): Evaluated {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && !Number.isNaN(number) ? Math.trunc(number) : UNKNOWN;
}
