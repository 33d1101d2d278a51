// The shape of the source: names, sizes, what a file opens with, and constructs the house avoids.
import ts from "typescript";
import { exemptFiles, exemptFunctions } from "./exemptions.ts";
import { type Module, report, walk } from "./modules.ts";

export const limits = {
  fileLines: 400,
  fileLinesSoft: 250,
  functionLines: 60,
  parameters: 4,
} as const;

const DRAWERS = new Set(["utils", "util", "helpers", "helper", "common", "manager", "misc"]);

/** The sum of the checks of one module. */
export function shapeViolations(module: Module): readonly string[] {
  return [
    ...fileName(module),
    ...fileSize(module),
    ...opening(module),
    ...unfinished(module),
    ...constructs(module),
    ...functionShapes(module),
  ];
}

export function lineCount(module: Module): number {
  return module.text.trimEnd().split("\n").length;
}

function fileName(module: Module): readonly string[] {
  const name = module.path.split("/").at(-1) ?? "";
  const isComponent = /^[A-Z][A-Za-z0-9]*\.tsx$/.test(name);
  const isKebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|spec|config|d))?\.tsx?$/.test(name);
  const found: string[] = [];
  if (!isComponent && !isKebab)
    found.push(`${module.path}:1 is neither kebab-case nor a component's PascalCase`);
  const words = module.path.replace(/\.\w+$/, "").split(/[/.-]/);
  const drawer = words.find((word) => DRAWERS.has(word.toLowerCase()));
  if (drawer !== undefined) found.push(`${module.path}:1 is a drawer: "${drawer}" names nothing`);
  return found;
}

function fileSize(module: Module): readonly string[] {
  const lines = lineCount(module);
  if (lines <= limits.fileLines || exemptFiles.has(module.path)) return [];
  return [`${module.path}:${lines} is longer than ${limits.fileLines} lines`];
}

function opening(module: Module): readonly string[] {
  if (/^(#!.*\n)?\/[/*]/.test(module.text)) return [];
  return [`${module.path}:1 does not open with a comment that says what it is`];
}

function unfinished(module: Module): readonly string[] {
  return module.text
    .split("\n")
    .map((line, index) => ({ line, at: `${module.path}:${index + 1}` }))
    .filter(({ line }) => /(\/\/|\*).*\b(TODO|FIXME|XXX|HACK)\b/.test(line) && !/#\d+/.test(line))
    .map(({ at }) => `${at} leaves work undone without naming its issue`);
}

function constructs(module: Module): readonly string[] {
  const found: string[] = [];
  walk(module.tree, (node) => {
    const avoided = avoidedConstruct(node);
    if (avoided !== null) found.push(report(module, node, avoided));
  });
  return found;
}

function avoidedConstruct(node: ts.Node): string | null {
  if (ts.isEnumDeclaration(node)) return "declares an enum: use a const record";
  if (ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword)
    return isDefaultExport(node) ? "exports by default: name it" : null;
  if (ts.isExportSpecifier(node) && node.name.text === "default")
    return "exports by default: name it";
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
    return "re-exports another module: import it where it is defined";
  return null;
}

/** The `default` of a switch is the same keyword, but inside a clause. */
function isDefaultExport(node: ts.Node): boolean {
  return ts.isExportAssignment(node) || !ts.isDefaultClause(node.parent);
}

function functionShapes(module: Module): readonly string[] {
  const found: string[] = [];
  walk(module.tree, (node) => {
    if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return;
    const name = functionName(node);
    if (exemptFunctions.has(`${module.path}#${name}`)) return;
    const lines = ownLines(module, node);
    if (lines > limits.functionLines)
      found.push(report(module, node, `${name} has ${lines} lines, over ${limits.functionLines}`));
    if (node.parameters.length > limits.parameters)
      found.push(report(module, node, `${name} takes ${node.parameters.length} parameters`));
  });
  return found;
}

/** A function's own lines: the functions inside it are measured for themselves. */
function ownLines(module: Module, node: ts.Node): number {
  let lines = linesOf(module, node);
  const subtract = (child: ts.Node): void => {
    if (ts.isFunctionLike(child)) lines -= linesOf(module, child) - 1;
    else ts.forEachChild(child, subtract);
  };
  ts.forEachChild(node, subtract);
  return lines;
}

function linesOf(module: Module, node: ts.Node): number {
  const first = module.tree.getLineAndCharacterOfPosition(node.getStart(module.tree)).line;
  const last = module.tree.getLineAndCharacterOfPosition(node.getEnd()).line;
  return last - first + 1;
}

function functionName(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  const parent = node.parent;
  const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  return isNamed ? parent.name.getText() : "(anonymous)";
}
