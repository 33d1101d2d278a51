// Numbers and rules name where they come from: every file of costs cites a source or a measurement
// for what it holds, and every machine cites the document that draws it.
import ts from "typescript";
import { type Module, report, walk } from "./modules.ts";

const CITATION = /\b(Source|Measured|Measurement|Recorded|Recording|RFC \d+|design\/)/i;

export function missingSources(module: Module): readonly string[] {
  return [...uncitedCosts(module), ...uncitedMachines(module)];
}

function uncitedCosts(module: Module): readonly string[] {
  if (!module.path.endsWith("/costs.ts") || CITATION.test(module.text)) return [];
  return [`${module.path}:1 holds costs and cites no source`];
}

function uncitedMachines(module: Module): readonly string[] {
  const found: string[] = [];
  walk(module.tree, (node) => {
    if (!isMachineDefinition(node)) return;
    const source = sourceOf(module, node);
    if (source.length < 8) found.push(report(module, node, "defines a machine without a source"));
  });
  return found;
}

/** How many machines a module defines, so that a test can tell that the check saw them. */
export function countMachines(module: Module): number {
  let count = 0;
  walk(module.tree, (node) => {
    if (isMachineDefinition(node)) count++;
  });
  return count;
}

function isMachineDefinition(node: ts.Node): node is ts.CallExpression {
  return (
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === "defineMachine"
  );
}

function sourceOf(module: Module, call: ts.CallExpression): string {
  const [spec] = call.arguments;
  if (spec === undefined || !ts.isObjectLiteralExpression(spec)) return "";
  const property = spec.properties.find((item) => item.name?.getText() === "source");
  if (property === undefined || !ts.isPropertyAssignment(property)) return "";
  const { initializer } = property;
  return ts.isIdentifier(initializer)
    ? constantText(module, initializer.text)
    : initializer.getText().slice(1, -1);
}

/** The text of a constant that a module declares, for machines that share a source. */
function constantText(module: Module, name: string): string {
  let text = "";
  walk(module.tree, (node) => {
    const declares = ts.isVariableDeclaration(node) && node.name.getText() === name;
    if (declares && node.initializer !== undefined) text = node.initializer.getText().slice(1, -1);
  });
  return text;
}
