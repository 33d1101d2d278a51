// String literals of Python: prefixes, escapes, triple quotes, adjacent literals joined, and
// f-strings whose replacements are known.

import { readEscapes } from "../../text/python-escapes.ts";
import type { PythonNode as SyntaxNode } from "../../text/python-tree.ts";
import { evaluate, type Scope } from "./python-expressions.ts";
import { spanOf } from "./python-syntax.ts";
import { opaque, type Py, plain, SIZE_MAX } from "./python-values.ts";

export function stringValue(scope: Scope, node: SyntaxNode, depth: number): Py {
  const span = spanOf(scope.source, node);
  if (node.name === "FormatString") return formatString(scope, node, depth);
  if (node.name === "String")
    return { type: "str", text: literal(scope.source.text.slice(node.from, node.to)), span };
  let text = "";
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== "String" && child.name !== "FormatString") continue;
    const part = stringValue(scope, child, depth + 1);
    if (part.type !== "str" || text.length > SIZE_MAX) return opaque(span, "f-string");
    text += part.text;
  }
  return { type: "str", text, span };
}

function formatString(scope: Scope, node: SyntaxNode, depth: number): Py {
  const span = spanOf(scope.source, node);
  const whole = scope.source.text;
  const quote = quoteOf(whole.slice(node.from, node.to));
  let text = "";
  let at = node.from + quote.prefix + quote.length;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== "FormatReplacement") continue;
    text += readEscapes(whole.slice(at, child.from), quote.raw);
    const inner = child.firstChild?.nextSibling;
    const value = inner ? plain(evaluate(scope, inner, depth + 1)) : undefined;
    if (value === undefined || text.length > SIZE_MAX) return opaque(span, "f-string");
    text += String(value);
    at = child.to;
  }
  text += readEscapes(whole.slice(at, node.to - quote.length), quote.raw);
  return { type: "str", text: text.replaceAll("{{", "{").replaceAll("}}", "}"), span };
}

function quoteOf(source: string): { prefix: number; length: number; raw: boolean } {
  const prefix = /^[a-zA-Z]*/.exec(source)?.[0] ?? "";
  const rest = source.slice(prefix.length);
  const length = rest.startsWith(rest[0].repeat(3)) && rest.length >= 6 ? 3 : 1;
  return { prefix: prefix.length, length, raw: /r/i.test(prefix) };
}

function literal(source: string): string {
  const quote = quoteOf(source);
  return readEscapes(
    source.slice(quote.prefix + quote.length, source.length - quote.length),
    quote.raw,
  );
}
