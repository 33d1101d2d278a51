// Importing: modules of the project are read from the disk as Python would find them, those that
// hold only views or middleware of the scenario exist without a file, and libraries are known by name.
import { type Disk, isDiskError } from "../../host/disk.ts";
import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import { isKnownLibrary } from "./python-libraries.ts";
import { runStatements } from "./python-statements.ts";
import { parsePython, type Source } from "./python-syntax.ts";
import type { Py, PyException } from "./python-values.ts";

export interface Module {
  readonly name: string;
  /** Its file, or null for one that only the scenario describes. */
  readonly file: string | null;
  readonly names: Map<string, Py>;
  exception: PyException | null;
  /** Line of the statement that raised, 0 when none did. */
  exceptionLine: number;
}

export interface Importer {
  readonly disk: Disk;
  /** Directories that modules are looked for in. */
  readonly searchPath: readonly string[];
  readonly environment: Map<string, string>;
  /** Modules that exist because the scenario says what is in them: `shop.views`. */
  readonly described: ReadonlySet<string>;
  readonly modules: Map<string, Module>;
  readonly diagnostics: Diagnostic[];
}

const NOWHERE: Span = { file: "", start: 0, end: 0, line: 0 };
/** How deep imports may lead to imports. */
const IMPORTS_MAX = 100;

/** Imports a module and its packages; an exception when that fails. */
export function importModule(importer: Importer, name: string): Module | PyException {
  const parts = name.split(".");
  for (let i = 1; i <= parts.length; i++) {
    const prefix = parts.slice(0, i).join(".");
    const found = importOne(importer, prefix);
    if (!("names" in found)) return found;
    if (found.exception !== null) return found.exception;
  }
  return importer.modules.get(name) as Module;
}

function importOne(importer: Importer, name: string): Module | PyException {
  const known = importer.modules.get(name);
  if (known !== undefined) return known;
  const place = locate(importer, name);
  if (place === null || importer.modules.size > IMPORTS_MAX)
    return { name: "ModuleNotFoundError", message: `No module named '${name}'` };
  const module: Module = {
    name,
    file: place.file,
    names: new Map(),
    exception: null,
    exceptionLine: 0,
  };
  importer.modules.set(name, module);
  if (place.source !== null) run(importer, module, place.source);
  // A module whose import failed is taken out again, and tried anew by the next import.
  if (module.exception !== null) importer.modules.delete(name);
  return module;
}

interface Place {
  readonly file: string | null;
  readonly source: Source | null;
}

function locate(importer: Importer, name: string): Place | null {
  const relative = name.replaceAll(".", "/");
  for (const directory of importer.searchPath) {
    const base = `${directory}/${relative}`;
    for (const file of [`${base}/__init__.py`, `${base}.py`]) {
      const node = importer.disk.open(file);
      if (!isDiskError(node) && node.kind === "file")
        return { file, source: readSource(file, node.text ?? "") };
    }
    const folder = importer.disk.stat(base);
    // Simplification: a folder without __init__.py counts as a package that has an empty one.
    if (!isDiskError(folder) && folder.kind === "directory")
      return { file: `${base}/__init__.py`, source: null };
  }
  if (importer.described.has(name) || isDescribedByUse(importer, name) || isKnownLibrary(name))
    return { file: null, source: null };
  return null;
}

/** A package's `views` module exists even when the scenario lists none of its views. */
function isDescribedByUse(importer: Importer, name: string): boolean {
  if (!name.endsWith(".views")) return false;
  const relative = name.slice(0, -".views".length).replaceAll(".", "/");
  return importer.searchPath.some(
    (directory) => !isDiskError(importer.disk.stat(`${directory}/${relative}`)),
  );
}

const parsed = new Map<string, Source>();
const PARSED_MAX = 200;

/** Parsing is a pure function of file and text, so a worker that boots again need not do it again. */
function readSource(file: string, text: string): Source {
  const key = `${file}\n${text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  if (parsed.size >= PARSED_MAX) parsed.clear();
  const source = parsePython(file, text);
  parsed.set(key, source);
  return source;
}

function run(importer: Importer, module: Module, source: Source): void {
  if (source.problem !== null) {
    module.exception = { name: "SyntaxError", message: source.problem.message };
    module.exceptionLine = source.problem.line;
    importer.diagnostics.push({
      severity: "error",
      message: `SyntaxError: ${source.problem.message}`,
      file: source.file,
      line: source.problem.line,
      start: source.problem.start,
    });
    return;
  }
  const raised = runStatements(importer, module, source, source.top);
  if (raised === null) return;
  module.exception = raised.exception;
  module.exceptionLine = raised.line;
  const { name, message } = raised.exception;
  importer.diagnostics.push({
    severity: "error",
    message: `${name}: ${message}`,
    file: source.file,
    line: raised.line,
  });
}

/** The attribute of a module or of something in one, or null when there is none. */
export function attributeOf(importer: Importer, path: string, name: string): Py | null {
  const full = `${path}.${name}`;
  const module = importer.modules.get(path);
  const own = module?.names.get(name);
  if (own !== undefined) return own;
  if (importer.modules.has(full)) return { type: "name", path: full, span: NOWHERE };
  // What is in a file is known; what only the scenario describes has any name.
  if (module === undefined || module.file === null)
    return { type: "name", path: full, span: NOWHERE };
  return null;
}

/** `from module import name`: an attribute, or a module below. */
export function importFrom(importer: Importer, path: string, name: string): Py | PyException {
  const module = importModule(importer, path);
  if (!("names" in module)) return module;
  const own = attributeOf(importer, path, name);
  if (own !== null && (module.file !== null || isKnownLibrary(path))) return own;
  const below = importModule(importer, `${path}.${name}`);
  if ("names" in below) return { type: "name", path: `${path}.${name}`, span: NOWHERE };
  if (own !== null) return own;
  if (below.name !== "ModuleNotFoundError" || below.message !== `No module named '${path}.${name}'`)
    return below;
  return {
    name: "ImportError",
    message: `cannot import name '${name}' from '${path}' (${module.file ?? "unknown location"})`,
  };
}
