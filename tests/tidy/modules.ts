// Reads this project's own files for the tidy checks. A module is parsed by the TypeScript compiler,
// never by regular expressions: a check that misreads its input passes on nothing.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export interface Module {
  /** From the project's root, with forward slashes: "src/kernel/time.ts". */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What is made by tools and never committed. */
const GENERATED = new Set([
  ...[".git", ".cache", "node_modules", "dist", "coverage"],
  ...["test-results", "playwright-report"],
]);

/** Every file of the project below `folder` ("" for all), by path from the root. */
export function listFiles(folder: string): readonly string[] {
  const found: string[] = [];
  for (const entry of readdirSync(ROOT + folder, { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile() && !GENERATED.has(entry.name)) found.push(path);
    else if (entry.isDirectory() && !GENERATED.has(entry.name)) found.push(...listFiles(path));
  }
  return found.sort();
}

export function readText(path: string): string {
  return readFileSync(ROOT + path, "utf8");
}

/** Parses a module's text; also how a test plants a violation. */
export function parseModule(path: string, text: string): Module {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) };
}

/** Every TypeScript module below `folder`. */
export function readModules(folder: string): readonly Module[] {
  return listFiles(folder)
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => parseModule(path, readText(path)));
}

/** Calls `visit` for every node of a module, parents first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** `path:line message`, the form in which every check reports. */
export function report(module: Module, node: ts.Node, message: string): string {
  const { line } = module.tree.getLineAndCharacterOfPosition(node.getStart(module.tree));
  return `${module.path}:${line + 1} ${message}`;
}
