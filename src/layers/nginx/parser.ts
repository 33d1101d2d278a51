// Reads nginx.conf and the files it includes from the disk into a tree of directives. A text that
// cannot be read leaves an `unreadable` node where reading stopped, since nginx acts on what comes
// before it and complains about that first.
// Source: src/core/ngx_conf_file.c, ngx_conf_parse and ngx_conf_include (1.22.1).
import { type Disk, isDiskError } from "../../host/disk.ts";
import type { Directive } from "./config-tree.ts";
import { diskErrorText } from "./error-text.ts";
import { matchGlob } from "./glob.ts";
import { type Reader, readStatement, type Statement } from "./lexer.ts";

/** Includes nested deeper than this are a cycle: nginx runs out of file descriptors. */
const INCLUDE_DEPTH_MAX = 40;
/** No context of nginx nests deeper, and the host's stack must not end here. */
const BLOCK_DEPTH_MAX = 200;

export interface ParsedFile {
  readonly directives: readonly Directive[];
  /** Every file read, in order, the first being the one asked for. */
  readonly files: readonly string[];
}

interface Source {
  readonly disk: Disk;
  readonly confDirectory: string;
  readonly files: string[];
  depth: number;
}

/** Reads a configuration file with its includes. Relative names are taken from its directory. */
export function parseConfigurationFile(disk: Disk, path: string): ParsedFile {
  const confDirectory = path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || "/";
  const source: Source = { disk, confDirectory, files: [], depth: 0 };
  return { directives: readFile(source, path, null), files: source.files };
}

/** Reads a text as a configuration file of its own, without a disk. */
export function parseText(text: string, file: string): readonly Directive[] {
  return readBlock({ file, text, at: 0, line: 1 }, null, false);
}

function readFile(source: Source, path: string, from: Directive | null): readonly Directive[] {
  const node = source.disk.open(path);
  if (isDiskError(node) || node.kind !== "file") {
    const reason = isDiskError(node) ? diskErrorText(node.error) : "(21: Is a directory)";
    return [unreadableAt(from, path, `open() "${path}" failed ${reason}`)];
  }
  if (source.depth >= INCLUDE_DEPTH_MAX)
    return [unreadableAt(from, path, `open() "${path}" failed (24: Too many open files)`)];
  source.files.push(path);
  const reader: Reader = { file: path, text: node.text ?? "", at: 0, line: 1 };
  source.depth++;
  const directives = readBlock(reader, source, false);
  source.depth--;
  return directives;
}

function unreadableAt(from: Directive | null, path: string, message: string): Directive {
  const file = from?.file ?? "";
  const span = from?.span ?? { file: path, start: 0, end: 0, line: 0 };
  return {
    name: "",
    args: [],
    block: null,
    span,
    file,
    line: from?.line ?? 0,
    unreadable: message,
  };
}

function readBlock(reader: Reader, source: Source | null, inner: boolean): readonly Directive[] {
  const directives: Directive[] = [];
  for (;;) {
    const statement = readStatement(reader);
    const { end } = statement;
    if (typeof end === "object") return [...directives, unreadable(reader, statement, end.error)];
    if (end === "}") {
      if (inner) return directives;
      return [...directives, unreadable(reader, statement, `unexpected "}"`)];
    }
    if (end === "end") {
      if (!inner) return directives;
      const message = `unexpected end of file, expecting "}"`;
      return [...directives, unreadable(reader, statement, message)];
    }
    directives.push(...readDirective(reader, source, statement));
    if (isBroken(directives.at(-1))) return directives;
  }
}

/** Whether reading stopped in or below this directive. */
function isBroken(directive: Directive | undefined): boolean {
  if (directive === undefined) return false;
  return directive.unreadable !== undefined || isBroken(directive.block?.at(-1));
}

function readInner(
  reader: Reader,
  source: Source | null,
  statement: Statement,
): readonly Directive[] {
  const depth = reader.depth ?? 0;
  if (depth >= BLOCK_DEPTH_MAX) return [unreadable(reader, statement, "too many nested blocks")];
  reader.depth = depth + 1;
  const block = readBlock(reader, source, true);
  reader.depth = depth;
  return block;
}

function readDirective(
  reader: Reader,
  source: Source | null,
  statement: Statement,
): readonly Directive[] {
  const [name, ...args] = statement.words;
  const block = statement.end === "{" ? readInner(reader, source, statement) : null;
  const directive: Directive = Object.freeze({
    name: name.text,
    args,
    block,
    span: { file: reader.file, start: statement.start, end: reader.at, line: name.span.line },
    file: reader.file,
    line: statement.line,
    ...(block !== null && { endLine: reader.line }),
  });
  const isInclude = source !== null && name.text === "include" && block === null;
  return isInclude && args.length === 1 ? include(source, directive) : [directive];
}

function include(source: Source, directive: Directive): readonly Directive[] {
  const written = directive.args[0].text;
  const path = written.startsWith("/") ? written : `${source.confDirectory}/${written}`;
  if (!/[*?[]/.test(path)) return readFile(source, path, directive);
  const directives: Directive[] = [];
  for (const found of matchGlob(source.disk, path)) {
    directives.push(...readFile(source, found, directive));
    if (isBroken(directives.at(-1))) break;
  }
  return directives;
}

function unreadable(reader: Reader, statement: Statement, message: string): Directive {
  const span = {
    file: reader.file,
    start: Math.min(statement.start, reader.at),
    end: reader.at,
    line: reader.line,
  };
  const place = { span, file: reader.file, line: reader.line };
  return Object.freeze({ name: "", args: [], block: null, ...place, unreadable: message });
}
