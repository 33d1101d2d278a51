// Expressions of the Python that settings and URLconfs are written in: literals, names, attributes,
// calls, joins of strings and paths. Calls are kept by name, so that urlconf.ts can read `path(…)`.
// Simplification: comprehensions, lambdas and arithmetic on unknown values in settings.py and urls.py are not evaluated.
import type { PythonNode as SyntaxNode } from "../../text/python-tree.ts";
import { callBuiltin } from "./python-builtins.ts";
import { operate } from "./python-operators.ts";
import { stringValue } from "./python-strings.ts";
import { type Source, spanOf } from "./python-syntax.ts";
import {
  bounded,
  opaque,
  type Py,
  type PyException,
  plain,
  SIZE_MAX,
  textOf,
  truth,
} from "./python-values.ts";

/** What evaluating needs and leaves behind. */
export interface Scope {
  readonly source: Source;
  readonly names: Map<string, Py>;
  readonly environment: Map<string, string>;
  /** The attribute of a module, or null when the module has none of that name. */
  attribute(module: string, name: string): Py | null;
  /** Whether a text or a container was taken up again by its name: only what is used twice can double. */
  reuses: boolean;
  /** Set by the first exception; evaluation stops there. */
  raised: { readonly exception: PyException; readonly line: number } | null;
}

/** Deepest nesting that is read. */
const DEPTH_MAX = 60;

export function evaluate(scope: Scope, node: SyntaxNode, depth = 0): Py {
  if (depth > DEPTH_MAX) return opaque(spanOf(scope.source, node), "nested too deeply");
  const value = evaluateAtom(scope, node, depth);
  return scope.reuses ? bounded(value) : value;
}

function evaluateAtom(scope: Scope, node: SyntaxNode, depth: number): Py {
  const span = spanOf(scope.source, node);
  const text = scope.source.text.slice(node.from, node.to);
  switch (node.name) {
    case "None":
      return { type: "none", span };
    case "Boolean":
      return { type: "bool", value: text === "True", span };
    case "Number":
      return { type: "number", value: Number(text.replaceAll("_", "")), span };
    case "String":
    case "FormatString":
    case "ContinuedString":
      return stringValue(scope, node, depth);
    case "VariableName":
      return lookUp(scope, text, node);
    case "ParenthesizedExpression":
      return node.firstChild?.nextSibling
        ? evaluate(scope, node.firstChild.nextSibling, depth + 1)
        : opaque(span);
    case "ArrayExpression":
      return { type: "list", items: sequence(scope, node, depth), span };
    case "TupleExpression":
      return { type: "tuple", items: sequence(scope, node, depth), span };
    case "SetExpression":
      return { type: "set", items: sequence(scope, node, depth), span };
    case "DictionaryExpression":
      return { type: "dict", entries: dictionary(scope, node, depth), span };
    default:
      return evaluateOperation(scope, node, depth);
  }
}

function evaluateOperation(scope: Scope, node: SyntaxNode, depth: number): Py {
  switch (node.name) {
    case "MemberExpression":
      return member(scope, node, depth);
    case "CallExpression":
      return call(scope, node, depth);
    case "BinaryExpression":
      return binary(scope, node, depth);
    case "UnaryExpression":
      return unary(scope, node, depth);
    case "ConditionalExpression":
      return conditional(scope, node, depth);
    default:
      return opaque(spanOf(scope.source, node), node.name);
  }
}

function lookUp(scope: Scope, name: string, node: SyntaxNode): Py {
  const known = scope.names.get(name);
  const span = spanOf(scope.source, node);
  if (known?.type === "name") return { ...known, span };
  if (known !== undefined) {
    scope.reuses ||= known.type !== "path";
    return known;
  }
  if (BUILTINS.has(name)) return { type: "name", path: `builtins.${name}`, span };
  if (name === "__file__") return { type: "str", text: scope.source.file, span };
  raise(scope, node, "NameError", `name '${name}' is not defined`);
  return opaque(span);
}

const BUILTINS = new Set(
  (
    "str int float bool list tuple dict set len print open range sorted " +
    "map filter super object type isinstance getattr hasattr any all min max sum " +
    "zip enumerate globals locals Exception ValueError KeyError ImportError RuntimeError ModuleNotFoundError AttributeError bytes repr"
  ).split(" "),
);

export function raise(scope: Scope, node: SyntaxNode, name: string, message: string): void {
  scope.raised ??= { exception: { name, message }, line: spanOf(scope.source, node).line };
}

function isPunctuation(node: SyntaxNode): boolean {
  return /^[^A-Za-z]+$/.test(node.name) || node.name === "Comment";
}

function sequence(scope: Scope, node: SyntaxNode, depth: number): Py[] {
  const items: Py[] = [];
  let spread = false;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === "*") spread = true;
    if (isPunctuation(child)) continue;
    const value = evaluate(scope, child, depth + 1);
    if (spread && (value.type === "list" || value.type === "tuple")) append(items, value.items);
    else items.push(value);
    spread = false;
  }
  return items;
}

/** Adds one by one, and no more once there are too many to keep. */
function append<T>(items: T[], more: readonly T[]): void {
  for (const item of more) if (items.length <= SIZE_MAX) items.push(item);
}

function dictionary(scope: Scope, node: SyntaxNode, depth: number): (readonly [Py, Py])[] {
  const entries: (readonly [Py, Py])[] = [];
  let key: Py | null = null;
  let spread = false;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === "**") spread = true;
    if (isPunctuation(child)) continue;
    const value = evaluate(scope, child, depth + 1);
    if (spread) {
      if (value.type === "dict") append(entries, value.entries);
      spread = false;
    } else if (key === null) {
      key = value;
    } else {
      entries.push([key, value]);
      key = null;
    }
  }
  return entries;
}

function member(scope: Scope, node: SyntaxNode, depth: number): Py {
  const span = spanOf(scope.source, node);
  const object =
    node.firstChild === null ? opaque(span) : evaluate(scope, node.firstChild, depth + 1);
  const property = node.getChild("PropertyName");
  if (property === null) return subscript(scope, node, object, depth);
  const name = scope.source.text.slice(property.from, property.to);
  if (object.type === "path") return pathAttribute(object.text, name, span);
  if (object.type === "name") {
    const value = scope.attribute(object.path, name);
    if (value !== null) return value.type === "name" ? { ...value, span } : value;
    raise(scope, node, "AttributeError", `module '${object.path}' has no attribute '${name}'`);
    return opaque(span);
  }
  if (object.type === "str" || object.type === "list" || object.type === "dict")
    return { type: "call", callee: `.${name}`, args: [object], kwargs: new Map(), span };
  if (object.type === "call")
    return {
      type: "call",
      callee: `${object.callee}().${name}`,
      args: [object],
      kwargs: new Map(),
      span,
    };
  return opaque(span, "attribute");
}

function pathAttribute(text: string, name: string, span: Py["span"]): Py {
  const cut = text.lastIndexOf("/");
  if (name === "parent") return { type: "path", text: cut <= 0 ? "/" : text.slice(0, cut), span };
  if (name === "name") return { type: "str", text: text.slice(cut + 1), span };
  return {
    type: "call",
    callee: `.${name}`,
    args: [{ type: "path", text, span }],
    kwargs: new Map(),
    span,
  };
}

function subscript(scope: Scope, node: SyntaxNode, object: Py, depth: number): Py {
  const span = spanOf(scope.source, node);
  const index = node.firstChild?.nextSibling?.nextSibling;
  if (index?.nextSibling?.name !== "]") return opaque(span, "slice");
  const key = evaluate(scope, index, depth + 1);
  if (object.type === "name" && object.path === "os.environ") {
    const value = scope.environment.get(textOf(key) ?? "");
    if (value !== undefined) return { type: "str", text: value, span };
    raiseKeyError(scope, node, key);
  }
  if (object.type === "dict") {
    const entry = object.entries.find(([name]) => plain(name) === plain(key));
    if (entry !== undefined) return entry[1];
    raiseKeyError(scope, node, key);
  }
  if ((object.type === "list" || object.type === "tuple") && key.type === "number")
    return object.items.at(key.value) ?? opaque(span);
  return opaque(span, "subscript");
}

function raiseKeyError(scope: Scope, node: SyntaxNode, key: Py): void {
  const text = textOf(key);
  raise(scope, node, "KeyError", text === null ? String(plain(key)) : `'${text}'`);
}

function call(scope: Scope, node: SyntaxNode, depth: number): Py {
  const span = spanOf(scope.source, node);
  const callee =
    node.firstChild === null ? opaque(span) : evaluate(scope, node.firstChild, depth + 1);
  const list = node.getChild("ArgList");
  const args: Py[] = [];
  const kwargs = new Map<string, Py>();
  if (list !== null) readArguments(scope, list, { args, kwargs, depth: depth + 1 });
  if (callee.type === "name")
    return callBuiltin(scope, node, { callee: callee.path, args, kwargs, span });
  // A method of a value that is known: `'a'.join(…)`, or `views.Home.as_view(…)`.
  if (callee.type === "call")
    return callBuiltin(scope, node, {
      callee: callee.callee,
      args: [...callee.args, ...args],
      kwargs,
      span,
    });
  return opaque(span, "call");
}

interface ReadArguments {
  readonly args: Py[];
  readonly kwargs: Map<string, Py>;
  readonly depth: number;
}

function readArguments(scope: Scope, list: SyntaxNode, into: ReadArguments): void {
  const { kwargs, depth } = into;
  let spread = "";
  for (let child = list.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === "*" || child.name === "**") spread = child.name;
    if (isPunctuation(child) || child.name === "AssignOp") continue;
    if (child.name === "VariableName" && child.nextSibling?.name === "AssignOp") {
      const value = child.nextSibling.nextSibling;
      if (value !== null)
        kwargs.set(scope.source.text.slice(child.from, child.to), evaluate(scope, value, depth));
      child = value ?? child;
      continue;
    }
    addArgument(evaluate(scope, child, depth), spread, into);
    spread = "";
  }
}

function addArgument(value: Py, spread: string, { args, kwargs }: ReadArguments): void {
  if (spread === "*" && (value.type === "list" || value.type === "tuple"))
    append(args, value.items);
  else if (spread === "**" && value.type === "dict")
    for (const [key, item] of value.entries) kwargs.set(textOf(key) ?? "", item);
  else args.push(value);
}

function binary(scope: Scope, node: SyntaxNode, depth: number): Py {
  const span = spanOf(scope.source, node);
  const left = node.firstChild;
  const operatorNode = left?.nextSibling ?? null;
  const right = node.lastChild;
  if (left === null || operatorNode === null || right === null) return opaque(span);
  const operator = scope.source.text.slice(operatorNode.from, right.from).trim();
  const a = evaluate(scope, left, depth + 1);
  if (operator === "and" || operator === "or") {
    const known = truth(a);
    if (known === null) return opaque(span, operator);
    return known === (operator === "and") ? evaluate(scope, right, depth + 1) : a;
  }
  return operate(operator, a, evaluate(scope, right, depth + 1), span);
}

function unary(scope: Scope, node: SyntaxNode, depth: number): Py {
  const span = spanOf(scope.source, node);
  const value = node.lastChild === null ? opaque(span) : evaluate(scope, node.lastChild, depth + 1);
  const operator = node.firstChild?.name;
  if (operator === "not") {
    const known = truth(value);
    return known === null ? opaque(span, "not") : { type: "bool", value: !known, span };
  }
  if (value.type === "number")
    return {
      type: "number",
      value: scope.source.text[node.from] === "-" ? -value.value : value.value,
      span,
    };
  return opaque(span, "unary operator");
}

function conditional(scope: Scope, node: SyntaxNode, depth: number): Py {
  const parts: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== "if" && child.name !== "else") parts.push(child);
  const span = spanOf(scope.source, node);
  if (parts.length < 3) return opaque(span);
  const known = truth(evaluate(scope, parts[1], depth + 1));
  if (known === null) return opaque(span, "condition");
  return evaluate(scope, known ? parts[0] : parts[2], depth + 1);
}
