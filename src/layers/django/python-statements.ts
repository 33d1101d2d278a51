// Statements of a module: imports, assignments, definitions, and the conditions and try blocks that
// settings files use around them. What goes beyond is a diagnostic at its line.
import type { PythonNode as SyntaxNode } from "../../text/python-tree.ts";
import { evaluate, type Scope } from "./python-expressions.ts";
import {
  attributeOf,
  type Importer,
  importFrom,
  importModule,
  type Module,
} from "./python-modules.ts";
import { operate } from "./python-operators.ts";
import { type Source, spanOf } from "./python-syntax.ts";
import { bounded, itemsOf, type Py, type PyException, textOf, truth } from "./python-values.ts";

interface Frame {
  readonly importer: Importer;
  readonly module: Module;
  readonly scope: Scope;
}

export interface RaisedAt {
  readonly exception: PyException;
  readonly line: number;
}

/** Runs the statements below a node in a module's namespace. */
export function runStatements(
  importer: Importer,
  module: Module,
  source: Source,
  top: SyntaxNode,
): RaisedAt | null {
  const scope: Scope = {
    source,
    names: module.names,
    environment: importer.environment,
    attribute: (path, name) => attributeOf(importer, path, name),
    reuses: false,
    raised: null,
  };
  block({ importer, module, scope }, top);
  return scope.raised;
}

function block(frame: Frame, parent: SyntaxNode): void {
  for (
    let node = parent.firstChild;
    node !== null && frame.scope.raised === null;
    node = node.nextSibling
  )
    statement(frame, node);
}

function statement(frame: Frame, node: SyntaxNode): void {
  switch (node.name) {
    case "ImportStatement":
      importStatement(frame, node);
      return;
    case "AssignStatement":
      assign(frame, node);
      return;
    case "UpdateStatement":
      update(frame, node);
      return;
    case "ExpressionStatement":
      expression(frame, node);
      return;
    case "StatementGroup":
      block(frame, node);
      return;
    case "IfStatement":
      condition(frame, node);
      return;
    case "TryStatement":
      tryBlock(frame, node);
      return;
    case "RaiseStatement":
      raiseStatement(frame, node);
      return;
    case "FunctionDefinition":
    case "ClassDefinition":
    case "DecoratedStatement":
      define(frame, node);
      return;
    case "ForStatement":
    case "WhileStatement":
    case "WithStatement":
      notSimulated(frame, node, "this statement is not read; what it would set is not known");
      return;
    default:
  }
}

function notSimulated(frame: Frame, node: SyntaxNode, message: string): void {
  const span = spanOf(frame.scope.source, node);
  frame.importer.diagnostics.push({
    severity: "not-simulated",
    message,
    file: span.file,
    line: span.line,
    start: span.start,
    end: span.end,
  });
}

function fail(frame: Frame, node: SyntaxNode, exception: PyException): void {
  frame.scope.raised ??= { exception, line: spanOf(frame.scope.source, node).line };
}

function importStatement(frame: Frame, node: SyntaxNode): void {
  const text = frame.scope.source.text
    .slice(node.from, node.to)
    .replace(/#[^\n]*/g, "")
    .replace(/[()\\\n]/g, " ");
  const from = /^from\s+([.\w\s]*?)\s*\bimport\s+([\s\S]*)$/.exec(text);
  if (from === null) {
    for (const item of text.replace(/^import\s+/, "").split(","))
      plainImport(frame, node, item.trim());
    return;
  }
  const path = absoluteModule(frame, from[1].replace(/\s/g, ""));
  for (const item of from[2].split(",")) {
    const [name, alias] = item.trim().split(/\s+as\s+/);
    if (name === "") continue;
    if (name === "*") importStar(frame, node, path);
    else bindImport(frame, node, alias ?? name, importFrom(frame.importer, path, name));
    if (frame.scope.raised !== null) return;
  }
}

function plainImport(frame: Frame, node: SyntaxNode, item: string): void {
  const [path, alias] = item.split(/\s+as\s+/);
  if (path === "") return;
  const module = importModule(frame.importer, path);
  if (!("names" in module)) {
    fail(frame, node, module);
    return;
  }
  const bound = alias === undefined ? path.split(".")[0] : path;
  frame.module.names.set(alias ?? bound, {
    type: "name",
    path: bound,
    span: spanOf(frame.scope.source, node),
  });
}

/** `..x` of module a.b.c is a.x: one dot is the package the module is in. */
function absoluteModule(frame: Frame, written: string): string {
  const dots = /^\.*/.exec(written)?.[0].length ?? 0;
  if (dots === 0) return written;
  const parts = frame.module.name.split(".");
  const isPackage = frame.module.file?.endsWith("/__init__.py") ?? false;
  const base = parts.slice(0, parts.length - dots + (isPackage ? 1 : 0));
  const rest = written.slice(dots);
  return [...base, ...(rest === "" ? [] : [rest])].join(".");
}

function importStar(frame: Frame, node: SyntaxNode, path: string): void {
  const module = importModule(frame.importer, path);
  if (!("names" in module)) {
    fail(frame, node, module);
    return;
  }
  for (const [name, value] of module.names)
    if (!name.startsWith("_")) frame.module.names.set(name, value);
}

function bindImport(frame: Frame, node: SyntaxNode, name: string, value: Py | PyException): void {
  if (!("type" in value)) {
    fail(frame, node, value);
    return;
  }
  frame.module.names.set(name, value);
}

function assign(frame: Frame, node: SyntaxNode): void {
  const { targets, values, commas } = sidesOf(node);
  if (values.length === 0) return;
  const items = values.map((value) => evaluate(frame.scope, value));
  if (frame.scope.raised !== null) return;
  const value: Py =
    commas > 0 ? { type: "tuple", items, span: spanOf(frame.scope.source, node) } : items[0];
  if (targets.length > 1 && itemsOf(value).length === targets.length)
    for (const [i, target] of targets.entries()) store(frame, target, itemsOf(value)[i]);
  else for (const target of targets) store(frame, target, value);
}

/** What stands left and right of an assignment's `=`, and the commas on the right. */
function sidesOf(node: SyntaxNode): {
  readonly targets: readonly SyntaxNode[];
  readonly values: readonly SyntaxNode[];
  readonly commas: number;
} {
  const targets: SyntaxNode[] = [];
  const values: SyntaxNode[] = [];
  let side = targets;
  let commas = 0;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === "AssignOp") {
      if (side === values) targets.push(...values.splice(0));
      side = values;
    } else if (child.name === ",") commas += side === values ? 1 : 0;
    else if (child.name !== "TypeDef" && child.name !== "Comment") side.push(child);
  }
  return { targets, values, commas };
}

/** A setting whose value is not known here is said at its line. */
function storeName(frame: Frame, target: SyntaxNode, name: string, whole: Py): void {
  const value = frame.scope.reuses ? bounded(whole) : whole;
  if (value.type === "opaque" && /^[A-Z][A-Z0-9_]*$/.test(name))
    notSimulated(frame, target, `the value of ${name} is not evaluated here`);
  frame.module.names.set(name, value);
}

function store(frame: Frame, target: SyntaxNode, value: Py): void {
  const name = frame.scope.source.text.slice(target.from, target.to);
  if (target.name === "VariableName") storeName(frame, target, name, value);
  if (target.name !== "MemberExpression") return;
  const object = target.firstChild === null ? null : evaluate(frame.scope, target.firstChild);
  const keyNode = target.firstChild?.nextSibling?.nextSibling;
  const key = keyNode ? evaluateKey(frame, keyNode) : null;
  if (object?.type === "name" && object.path === "os.environ" && key !== null)
    frame.importer.environment.set(textOf(key) ?? "", textOf(value) ?? "");
  else if (object?.type === "dict" && key !== null) setItem(frame, target, object, [key, value]);
  else if (object?.type === "list" && key?.type === "number")
    setListItem(frame, target, object, [key.value, value]);
  else notSimulated(frame, target, `the assignment to ${name} is not followed`);
}

function evaluateKey(frame: Frame, node: SyntaxNode): Py | null {
  return node.name === "PropertyName" ? null : evaluate(frame.scope, node);
}

/** `DATABASES['default']['NAME'] = …`: the dictionary that a name holds is replaced by one with the entry. */
function setItem(
  frame: Frame,
  target: SyntaxNode,
  dict: Py & { type: "dict" },
  entry: readonly [Py, Py],
): void {
  const wanted = textOf(entry[0]);
  const entries = dict.entries.filter(([name]) => textOf(name) !== wanted);
  const replaced: Py = { ...dict, entries: [...entries, entry] };
  if (target.firstChild !== null) store(frame, target.firstChild, replaced);
}

/** `TEMPLATES[0] = …`, and what lies in it. */
function setListItem(
  frame: Frame,
  target: SyntaxNode,
  list: Py & { type: "list" | "tuple" | "set" },
  [index, value]: readonly [number, Py],
): void {
  const inside =
    Number.isInteger(index) && index < list.items.length && index >= -list.items.length;
  if (!inside) {
    fail(frame, target, { name: "IndexError", message: "list assignment index out of range" });
    return;
  }
  const replaced: Py = { ...list, items: list.items.with(index, value) };
  if (target.firstChild !== null) store(frame, target.firstChild, replaced);
}

function update(frame: Frame, node: SyntaxNode): void {
  const target = node.firstChild;
  const operatorNode = node.getChild("UpdateOp");
  if (target === null || operatorNode === null || node.lastChild === null) return;
  const operator = frame.scope.source.text.slice(operatorNode.from, operatorNode.to - 1);
  const before = evaluate(frame.scope, target);
  const value = evaluate(frame.scope, node.lastChild);
  if (frame.scope.raised !== null) return;
  store(frame, target, operate(operator, before, value, spanOf(frame.scope.source, node)));
}

function expression(frame: Frame, node: SyntaxNode): void {
  const child = node.firstChild;
  if (child === null) return;
  const value = evaluate(frame.scope, child);
  if (value.type !== "call" || frame.scope.raised !== null) return;
  if (listMethod(frame, child, value)) return;
  if (value.callee.startsWith("builtins.print") || value.callee.startsWith("django.setup")) return;
  notSimulated(frame, node, `the call of ${value.callee} has no effect here`);
}

/** `MIDDLEWARE.append(…)` and its like, on a name. */
function listMethod(frame: Frame, node: SyntaxNode, value: Py & { type: "call" }): boolean {
  const target = node.firstChild?.firstChild;
  const [list, ...rest] = value.args;
  if (list?.type !== "list" || target === null || target === undefined) return false;
  const items = changedList(value.callee, list.items, rest);
  if (items === null) return false;
  store(frame, target, { ...list, items });
  return true;
}

function changedList(
  callee: string,
  items: readonly Py[],
  args: readonly Py[],
): readonly Py[] | null {
  if (args[0] === undefined) return null;
  if (callee === ".append") return [...items, args[0]];
  if (callee === ".extend") return [...items, ...itemsOf(args[0])];
  if (callee === ".insert" && args[0].type === "number" && args[1] !== undefined)
    return items.toSpliced(args[0].value, 0, args[1]);
  if (callee === ".remove") return items.filter((item) => textOf(item) !== textOf(args[0]));
  return null;
}

function condition(frame: Frame, node: SyntaxNode): void {
  let test: boolean | null = null;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === "if" || child.name === "elif") {
      test = child.nextSibling === null ? null : holds(frame, node, child.nextSibling);
      if (test === null) return;
    } else if (child.name === "else") {
      test = true;
    } else if (child.name === "Body" && test === true) {
      block(frame, child);
      return;
    }
  }
}

/** Whether a condition holds; null when it raised or cannot be known, which is said. */
function holds(frame: Frame, statementNode: SyntaxNode, test: SyntaxNode): boolean | null {
  const value = truth(evaluate(frame.scope, test));
  if (frame.scope.raised !== null) return null;
  if (value === null)
    notSimulated(frame, statementNode, "the condition is not known here; no branch is taken");
  return value;
}

/** Simplification: any except clause of settings.py and urls.py takes any exception. */
function tryBlock(frame: Frame, node: SyntaxNode): void {
  const bodies = node.getChildren("Body");
  block(frame, bodies[0]);
  const handler = node.getChild("except");
  if (frame.scope.raised === null || handler === null) return;
  frame.scope.raised = null;
  if (bodies[1] !== undefined) block(frame, bodies[1]);
}

function raiseStatement(frame: Frame, node: SyntaxNode): void {
  const value = node.firstChild?.nextSibling;
  const raised = value ? evaluate(frame.scope, value) : null;
  if (frame.scope.raised !== null) return;
  const path =
    raised?.type === "call"
      ? raised.callee
      : raised?.type === "name"
        ? raised.path
        : "builtins.RuntimeError";
  const message = raised?.type === "call" ? (textOf(raised.args[0]) ?? "") : "";
  fail(frame, node, { name: path.replace(/^builtins\./, ""), message });
}

function define(frame: Frame, node: SyntaxNode): void {
  const definition = node.name === "DecoratedStatement" ? node.lastChild : node;
  const name = definition?.getChild("VariableName");
  if (!name) return;
  const text = frame.scope.source.text.slice(name.from, name.to);
  frame.module.names.set(text, {
    type: "name",
    path: `${frame.module.name}.${text}`,
    span: spanOf(frame.scope.source, node),
  });
}
