// What may not stand below the drivers: a run is a function of (model version, scenario, seed,
// actions), so the engine knows no clock, no screen, no chance but its own, and no function whose
// result a browser or a locale may choose.
import ts from "typescript";
import { type Module, report, walk } from "./modules.ts";

/** The folders that the rule holds for. */
export const engineFolders = ["kernel", "text", "wire", "host", "layers", "simulation"] as const;

const BANNED_GLOBALS = new Set([
  ...["document", "window", "navigator", "localStorage", "requestAnimationFrame", "fetch"],
  ...["Date", "performance", "setTimeout", "setInterval", "queueMicrotask", "crypto", "Intl"],
  ...["console", "process", "globalThis", "require", "Buffer"],
]);

/** Exact in every browser (IEEE 754 or integer arithmetic); the last bits of the others are not. */
const EXACT_MATH = new Set([
  ...["abs", "ceil", "clz32", "floor", "fround", "imul", "max", "min", "round", "sign", "sqrt"],
  ...["trunc", "E", "LN2", "LN10", "LOG2E", "LOG10E", "PI", "SQRT1_2", "SQRT2"],
]);

const LOCALE_METHODS = new Set([
  ...["localeCompare", "toLocaleString", "toLocaleLowerCase", "toLocaleUpperCase"],
  ...["toLocaleDateString", "toLocaleTimeString"],
]);

export function isEngineModule(module: Module): boolean {
  return engineFolders.some((folder) => module.path.startsWith(`src/${folder}/`));
}

/** Uses of the outside world, of time that passes, and of chance. */
export function indeterminism(module: Module): readonly string[] {
  const declared = declaredNames(module);
  const found: string[] = [];
  walk(module.tree, (node) => {
    const name = bannedName(node, declared);
    if (name !== null) found.push(report(module, node, `the engine may not use ${name}`));
  });
  return found;
}

function bannedName(node: ts.Node, declared: ReadonlySet<string>): string | null {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return "async";
  if (node.kind === ts.SyntaxKind.AwaitKeyword || ts.isAwaitExpression(node)) return "await";
  if (ts.isPropertyAccessExpression(node)) return bannedProperty(node);
  if (!ts.isIdentifier(node) || declared.has(node.text) || !isReference(node)) return null;
  return BANNED_GLOBALS.has(node.text) ? node.text : null;
}

function bannedProperty(node: ts.PropertyAccessExpression): string | null {
  const property = node.name.text;
  if (LOCALE_METHODS.has(property)) return property;
  const isMath = ts.isIdentifier(node.expression) && node.expression.text === "Math";
  return isMath && !EXACT_MATH.has(property) ? `Math.${property}` : null;
}

/** Names that a module declares itself: TCP has a `window` of its own. */
function declaredNames(module: Module): ReadonlySet<string> {
  const names = new Set<string>();
  walk(module.tree, (node) => {
    const isDeclaration =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isImportSpecifier(node);
    if (isDeclaration && node.name !== undefined && ts.isIdentifier(node.name))
      names.add(node.name.text);
  });
  return names;
}

/** False for names that only look like the global: members, keys of a record, types. */
function isReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  const isMember =
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isGetAccessorDeclaration(parent) ||
    ts.isLiteralTypeNode(parent) ||
    ts.isNamedTupleMember(parent) ||
    ts.isBindingElement(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isInterfaceDeclaration(parent);
  return !isMember;
}
