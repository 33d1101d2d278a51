// Import directions: each import of a module is looked up in the import table.
import { posix } from "node:path";
import ts from "typescript";
import { type ImportRow, importTable } from "./import-table.ts";
import { type Module, report, walk } from "./modules.ts";

export interface Import {
  readonly node: ts.Node;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Every import of a module: declarations, re-exports, `import()` and `import("…")` types. */
export function importsOf(module: Module): readonly Import[] {
  const found: Import[] = [];
  walk(module.tree, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== null) found.push({ node, specifier, typeOnly: isTypeOnly(node) });
  });
  return found;
}

/** Imports that the table does not allow. */
export function forbiddenImports(module: Module): readonly string[] {
  const row = importTable.find((candidate) => covers(candidate.folder, module.path));
  if (row === undefined) return [`${module.path}:1 lies in no folder of the import table`];
  return importsOf(module)
    .filter((item) => !isAllowed(row, module.path, item))
    .map((item) =>
      report(module, item.node, `${row.folder} may not import ${item.specifier}: ${row.reason}`),
    );
}

function specifierOf(node: ts.Node): string | null {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
    return (node.moduleSpecifier as ts.StringLiteral).text;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return (node.argument.literal as ts.StringLiteral).text;
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword)
    return null;
  const [argument] = node.arguments;
  return ts.isStringLiteralLike(argument) ? argument.text : "(computed)";
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node)) return false;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false;
  return named.elements.every((element) => element.isTypeOnly);
}

function isAllowed(row: ImportRow, path: string, item: Import): boolean {
  if (!item.specifier.startsWith(".")) {
    return (row.packages ?? []).some((pattern) => matches(pattern, item.specifier, ".*"));
  }
  const target = posix.join(posix.dirname(path), item.specifier);
  if (covers(ownFolder(row, path), target)) return true;
  const allowed = item.typeOnly ? [...row.values, ...(row.types ?? [])] : row.values;
  return allowed.some((folder) => covers(folder, target));
}

/** The folder of the row with its `*` filled in: `layers/*` is `layers/tcp` for a module of tcp. */
function ownFolder(row: ImportRow, path: string): string {
  const depth = row.folder.split("/").length;
  return path
    .split("/")
    .slice(1, depth + 1)
    .join("/");
}

/** Whether `path` is the file, or lies in the folder, that a pattern below src names. */
function covers(pattern: string, path: string): boolean {
  const isFile = /\.tsx?$/.test(pattern);
  return matches(isFile ? `src/${pattern}` : `src/${pattern}/`, path, "[^/]*", !isFile);
}

function matches(pattern: string, text: string, star: string, prefix = false): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", star);
  return new RegExp(`^${source}${prefix ? "" : "$"}`).test(text);
}
