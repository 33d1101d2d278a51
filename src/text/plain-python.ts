// A small parser of plain Python, as nearly every settings.py, urls.py and models.py is written, and as
// the scenarios' are. It makes the tree that @lezer/python makes, node for node, and gives up at
// whatever it does not know, errors included: then the full grammar is asked, which is ten times as
// large and need not be loaded before. Source: the Python language reference 3.11, chapters 7 and 8.
import {
  argumentList,
  expect,
  expression,
  kindAt,
  leaf,
  NotPlain,
  over,
  type Reader,
} from "./plain-python-expressions.ts";
import { plainTokens } from "./plain-python-tokens.ts";
import { insertComment, linkSiblings, PlainNode } from "./plain-python-tree.ts";

/** The tree of `text`, or null when it is not plain. */
export function parsePlainPython(text: string): PlainNode | null {
  const found = plainTokens(text);
  if (found === null) return null;
  const reader: Reader = { text, tokens: found.tokens, at: 0, depth: 0 };
  try {
    const statements: PlainNode[] = [];
    while (kindAt(reader) !== "end") statements.push(statement(reader));
    const top = new PlainNode("Script", 0, text.length, statements);
    for (const { from, to } of found.comments)
      insertComment(top, new PlainNode("Comment", from, to, []));
    linkSiblings(top);
    return top;
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

function statement(reader: Reader): PlainNode {
  switch (kindAt(reader)) {
    case "def":
      return definition(reader);
    case "class":
      return classDefinition(reader);
    case "@":
      return decorated(reader);
    case "if":
      return conditional(reader);
    case "for":
      return loop(reader);
    case "try":
      return attempt(reader);
    default:
      return simpleLine(reader);
  }
}

function simpleLine(reader: Reader): PlainNode {
  const node = simpleStatement(reader);
  if (kindAt(reader) !== "newline") throw new NotPlain();
  reader.at++;
  return node;
}

function simpleStatement(reader: Reader): PlainNode {
  switch (kindAt(reader)) {
    case "import":
    case "from":
      return importStatement(reader);
    case "pass":
      return over("PassStatement", [leaf(reader)]);
    case "return": {
      const word = leaf(reader);
      const ends = kindAt(reader) === "newline";
      return over("ReturnStatement", [word, ...(ends ? [] : expressions(reader))]);
    }
    case "raise":
      return raiseStatement(reader);
    default:
      return assignment(reader);
  }
}

/** Expressions with commas between, as they stand on one side of an assignment. */
function expressions(reader: Reader): PlainNode[] {
  const parts = [expression(reader)];
  while (kindAt(reader) === ",") {
    parts.push(leaf(reader));
    if (!/^(newline|=)$/.test(kindAt(reader))) parts.push(expression(reader));
  }
  return parts;
}

/** Words that begin a statement of their own, in Python 2 or in 3.10 and later, if what follows fits. */
const SOFT_KEYWORDS = new Set(["print", "exec", "match", "type"]);

function assignment(reader: Reader): PlainNode {
  const { from, to } = reader.tokens[reader.at];
  const follows = kindAt(reader, 1);
  const isName = follows === "=" || follows === "." || follows === "(";
  if (SOFT_KEYWORDS.has(reader.text.slice(from, to)) && !isName) throw new NotPlain();
  const parts = expressions(reader);
  const kind = kindAt(reader);
  if (/^([-+*/%@&|^]|\*\*|\/\/|<<|>>)=$/.test(kind) && parts.length === 1)
    return over("UpdateStatement", [...parts, leaf(reader, "UpdateOp"), ...expressions(reader)]);
  if (kind === ":" && parts.length === 1)
    parts.push(over("TypeDef", [leaf(reader), expression(reader)]));
  const isBare = kind !== "=" && kind !== ":";
  while (kindAt(reader) === "=") parts.push(leaf(reader, "AssignOp"), ...expressions(reader));
  return over(isBare ? "ExpressionStatement" : "AssignStatement", parts);
}

function raiseStatement(reader: Reader): PlainNode {
  const parts = [leaf(reader)];
  if (kindAt(reader) !== "newline") parts.push(expression(reader));
  if (kindAt(reader) === "from") parts.push(leaf(reader), expression(reader));
  return over("RaiseStatement", parts);
}

function dottedName(reader: Reader): PlainNode[] {
  const parts = [expect(reader, "VariableName")];
  while (kindAt(reader) === ".") parts.push(leaf(reader), expect(reader, "VariableName"));
  return parts;
}

function alias(reader: Reader): PlainNode[] {
  return kindAt(reader) === "as" ? [leaf(reader), expect(reader, "VariableName")] : [];
}

function importStatement(reader: Reader): PlainNode {
  if (kindAt(reader) === "from") return fromImport(reader);
  const parts = [leaf(reader), ...dottedName(reader), ...alias(reader)];
  while (kindAt(reader) === ",") parts.push(leaf(reader), ...dottedName(reader), ...alias(reader));
  return over("ImportStatement", parts);
}

function fromImport(reader: Reader): PlainNode {
  const parts = [leaf(reader)];
  while (kindAt(reader) === ".") parts.push(leaf(reader));
  if (kindAt(reader) !== "import") parts.push(...dottedName(reader));
  parts.push(expect(reader, "import"));
  if (kindAt(reader) === "*") return over("ImportStatement", [...parts, leaf(reader)]);
  const isOpen = kindAt(reader) === "(";
  if (isOpen) parts.push(leaf(reader));
  for (;;) {
    parts.push(expect(reader, "VariableName"), ...alias(reader));
    if (kindAt(reader) !== ",") break;
    parts.push(leaf(reader));
    if (isOpen && kindAt(reader) === ")") break;
  }
  if (isOpen) parts.push(expect(reader, ")"));
  return over("ImportStatement", parts);
}

/** `: …` on the same line, or the indented lines below. */
function body(reader: Reader): PlainNode {
  const parts = [expect(reader, ":")];
  if (kindAt(reader) !== "newline") return over("Body", [...parts, simpleLine(reader)]);
  reader.at++;
  if (kindAt(reader) !== "indent") throw new NotPlain();
  reader.at++;
  while (kindAt(reader) !== "dedent") parts.push(statement(reader));
  reader.at++;
  return over("Body", parts);
}

function decorated(reader: Reader): PlainNode {
  const parts: PlainNode[] = [];
  while (kindAt(reader) === "@") {
    const decorator = [leaf(reader, "At"), ...dottedName(reader)];
    if (kindAt(reader) === "(") decorator.push(argumentList(reader));
    parts.push(over("Decorator", decorator));
    if (kindAt(reader) !== "newline") throw new NotPlain();
    reader.at++;
  }
  if (!/^(def|class)$/.test(kindAt(reader))) throw new NotPlain();
  return over("DecoratedStatement", [...parts, statement(reader)]);
}

function definition(reader: Reader): PlainNode {
  const parts = [leaf(reader), expect(reader, "VariableName"), parameters(reader)];
  if (kindAt(reader) === "->") throw new NotPlain();
  return over("FunctionDefinition", [...parts, body(reader)]);
}

function parameters(reader: Reader): PlainNode {
  const parts = [expect(reader, "(")];
  while (kindAt(reader) !== ")") {
    if (/^\*\*?$/.test(kindAt(reader))) parts.push(leaf(reader));
    parts.push(expect(reader, "VariableName"));
    if (kindAt(reader) === ":") parts.push(over("TypeDef", [leaf(reader), expression(reader)]));
    if (kindAt(reader) === "=") parts.push(leaf(reader, "AssignOp"), expression(reader));
    if (kindAt(reader) !== ")") parts.push(expect(reader, ","));
  }
  return over("ParamList", [...parts, leaf(reader)]);
}

function classDefinition(reader: Reader): PlainNode {
  const parts = [leaf(reader), expect(reader, "VariableName")];
  if (kindAt(reader) === "(") parts.push(argumentList(reader));
  return over("ClassDefinition", [...parts, body(reader)]);
}

function conditional(reader: Reader): PlainNode {
  const parts = [leaf(reader), expression(reader), body(reader)];
  while (kindAt(reader) === "elif") parts.push(leaf(reader), expression(reader), body(reader));
  if (kindAt(reader) === "else") parts.push(leaf(reader), body(reader));
  return over("IfStatement", parts);
}

function loop(reader: Reader): PlainNode {
  const parts = [leaf(reader), expect(reader, "VariableName"), expect(reader, "in")];
  return over("ForStatement", [...parts, expression(reader), body(reader)]);
}

function attempt(reader: Reader): PlainNode {
  const parts = [leaf(reader), body(reader)];
  if (kindAt(reader) !== "except") throw new NotPlain();
  while (kindAt(reader) === "except") {
    parts.push(leaf(reader));
    if (kindAt(reader) !== ":") parts.push(expression(reader), ...alias(reader));
    parts.push(body(reader));
  }
  return over("TryStatement", parts);
}
