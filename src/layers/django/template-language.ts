// Django's template language, as far as the scenarios' templates use it: variables with filters, if,
// for, with, block and extends, include, csrf_token, url, static, comment.
// Source: django/template/base.py and defaulttags.py, 3.2.
// Simplification: no custom tags or filters; conditions compare one pair or test one value. A tag or filter
// of Django's, or of a library that the template loads, which is not simulated is said at its line.
import { isOtherFilter, isOtherTag } from "./template-builtins.ts";
import { isFilter } from "./template-filters.ts";

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly expression: string }
  | {
      readonly kind: "if";
      readonly branches: readonly {
        readonly test: string;
        readonly body: readonly TemplateNode[];
      }[];
    }
  | {
      readonly kind: "for";
      readonly names: readonly string[];
      readonly over: string;
      readonly body: readonly TemplateNode[];
      readonly empty: readonly TemplateNode[];
    }
  | { readonly kind: "block"; readonly name: string; readonly body: readonly TemplateNode[] }
  | {
      readonly kind: "scope";
      readonly name: string;
      readonly argument: string;
      readonly body: readonly TemplateNode[];
    }
  | { readonly kind: "tag"; readonly name: string; readonly argument: string };

export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  /** The template this one extends, as an expression, or null. */
  readonly parent: string | null;
  /** TemplateSyntaxError's text, or null. */
  readonly problem: string | null;
  readonly notSimulated: readonly NotSimulated[];
}

/** A tag or filter without effect here. */
export interface NotSimulated {
  readonly what: string;
  readonly line: number;
}

interface Parsing {
  readonly tokens: readonly string[];
  at: number;
  line: number;
  parent: string | null;
  problem: string | null;
  /** A library of tags and filters was loaded: names that are unknown here may be its own. */
  loaded: boolean;
  /** How many tags the one being read lies in. */
  depth: number;
  /** Tags of which it is known that none of those to come has an end. */
  readonly unended: Set<string>;
  readonly notSimulated: NotSimulated[];
}

const parsed = new Map<string, ParsedTemplate>();
const PARSED_MAX = 200;

/** Parses a template; never throws. */
export function parseTemplate(text: string): ParsedTemplate {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const parsing: Parsing = {
    tokens: text.length < LONG ? text.split(TAG).filter((token) => token !== "") : longTokens(text),
    at: 0,
    line: 1,
    parent: null,
    problem: null,
    loaded: false,
    depth: 0,
    unended: new Set(),
    notSimulated: [],
  };
  const nodes = parseNodes(parsing, []);
  const { parent, problem, notSimulated } = parsing;
  const template = Object.freeze({ nodes, parent, problem, notSimulated });
  if (parsed.size >= PARSED_MAX) parsed.clear();
  parsed.set(text, template);
  return template;
}

/** Source: django/template/base.py, tag_re. It looks for a closing from each opening on. */
const TAG = /(\{%[^\n]*?%\}|\{\{[^\n]*?\}\}|\{#[^\n]*?#\})/;

/** From here on a text of nothing but openings would keep that expression busy for seconds. */
const LONG = 20_000;

/** What TAG cuts a text into, with each closing looked for once. */
export function longTokens(text: string): string[] {
  const tokens: string[] = [];
  const nextAt = new Map<string, number>();
  const next = (mark: string, from: number): number => {
    let at = nextAt.get(mark) ?? -1;
    if (at < from) {
      at = text.indexOf(mark, from);
      if (at < 0) at = text.length;
      nextAt.set(mark, at);
    }
    return at;
  };
  let start = 0;
  for (const { index } of text.matchAll(/\{(?=[%{#])/g)) {
    if (index < start) continue;
    const end = next(CLOSINGS[text[index + 1]], index + 2) + 2;
    if (end > next("\n", index)) continue;
    if (index > start) tokens.push(text.slice(start, index));
    tokens.push(text.slice(index, end));
    start = end;
  }
  if (start < text.length) tokens.push(text.slice(start));
  return tokens;
}

const CLOSINGS: Readonly<Record<string, string>> = { "%": "%}", "{": "}}", "#": "#}" };

/** Deeper ones end in a RecursionError after about as many. */
const DEPTH_MAX = 300;

/** Nodes up to one of the closing tags, which is left as the next token. */
function parseNodes(parsing: Parsing, until: readonly string[]): TemplateNode[] {
  const nodes: TemplateNode[] = [];
  if (++parsing.depth > DEPTH_MAX) parsing.problem ??= "maximum recursion depth exceeded";
  while (parsing.at < parsing.tokens.length && parsing.problem === null) {
    const token = parsing.tokens[parsing.at];
    if (token.startsWith("{%") && token.endsWith("%}")) {
      const content = token.slice(2, -2).trim();
      if (until.includes(content.split(/\s/, 1)[0])) {
        parsing.depth--;
        return nodes;
      }
      parsing.at++;
      nodes.push(...parseTag(parsing, content));
    } else {
      parsing.at++;
      if (token.startsWith("{{")) checkFilters(parsing, token);
      nodes.push(...parseText(token));
    }
    parsing.line += token.split("\n").length - 1;
  }
  parsing.depth--;
  if (until.length > 0)
    parsing.problem ??= `Unclosed tag on line ${parsing.line}. Looking for one of: ${until.join(", ")}.`;
  return nodes;
}

/** Text, a variable, or nothing for a comment. */
function parseText(token: string): TemplateNode[] {
  if (token.startsWith("{{") && token.endsWith("}}"))
    return [{ kind: "variable", expression: token.slice(2, -2).trim() }];
  const isComment = token.startsWith("{#") && token.endsWith("#}");
  return isComment ? [] : [{ kind: "text", text: token }];
}

/** The closing tag's content, taken. */
function take(parsing: Parsing): string {
  const token = parsing.tokens[parsing.at++] ?? "";
  return token.slice(2, -2).trim();
}

const SIMPLE_TAGS = new Set([
  "csrf_token",
  "include",
  "url",
  "static",
  "now",
  "get_static_prefix",
  "firstof",
  "cycle",
]);

/** `Invalid filter: 'x'`, unless it is known to Django or may be a library's. */
function checkFilters(parsing: Parsing, token: string): void {
  const bare = token.replace(/"[^"]*"|'[^']*'/g, "");
  for (const [, name] of bare.matchAll(/\|\s*(\w+)/g)) {
    if (isFilter(name)) continue;
    if (isOtherFilter(name) || parsing.loaded)
      parsing.notSimulated.push({ what: `the filter ${name}`, line: parsing.line });
    else parsing.problem ??= `Invalid filter: '${name}'`;
  }
}

function parseTag(parsing: Parsing, content: string): TemplateNode[] {
  const [name, ...rest] = content.split(/\s+/);
  const argument = content.slice(name.length).trim();
  checkFilters(parsing, argument);
  switch (name) {
    case "extends":
      parsing.parent = argument;
      return [];
    case "comment":
      parseNodes(parsing, ["endcomment"]);
      take(parsing);
      return [];
    case "if":
      return [parseIf(parsing, argument)];
    case "for":
      return [parseFor(parsing, argument)];
    case "block": {
      const body = parseNodes(parsing, ["endblock"]);
      take(parsing);
      return [{ kind: "block", name: rest[0] ?? "", body }];
    }
    case "autoescape":
    case "filter":
    case "ifchanged":
    case "spaceless":
    case "with": {
      const body = parseNodes(parsing, [`end${name}`]);
      take(parsing);
      return [{ kind: "scope", name, argument, body }];
    }
    case "verbatim":
      return [{ kind: "text", text: takeVerbatim(parsing) }];
    case "load":
      parsing.loaded ||= rest.some((library) => library !== "static");
      return [];
    default:
      return SIMPLE_TAGS.has(name) ? [{ kind: "tag", name, argument }] : otherTag(parsing, name);
  }
}

/** A tag that is not simulated: its body, if it has one. */
function otherTag(parsing: Parsing, name: string): TemplateNode[] {
  if (!isOtherTag(name) && !parsing.loaded) {
    parsing.problem ??= `Invalid block tag on line ${parsing.line}: '${name}'. Did you forget to register or load this tag?`;
    return [];
  }
  parsing.notSimulated.push({ what: `the tag ${name}`, line: parsing.line });
  if (!hasEnd(parsing, name)) return [];
  const body = parseNodes(parsing, [`end${name}`]);
  take(parsing);
  return [...body];
}

function hasEnd({ tokens, at, unended }: Parsing, name: string): boolean {
  if (unended.has(name)) return false;
  const end = new RegExp(`^\\{%\\s*end${name}\\b`);
  if (tokens.some((token, i) => i >= at && end.test(token))) return true;
  unended.add(name);
  return false;
}

/** Everything up to endverbatim, as it is written. */
function takeVerbatim(parsing: Parsing): string {
  const start = parsing.at;
  const rest = parsing.tokens.slice(start);
  const end = rest.findIndex((token) => /^\{%\s*endverbatim\s*%\}$/.test(token));
  parsing.at = end < 0 ? parsing.tokens.length : start + end + 1;
  return rest.slice(0, end < 0 ? rest.length : end).join("");
}

function parseIf(parsing: Parsing, first: string): TemplateNode {
  const branches: { test: string; body: readonly TemplateNode[] }[] = [];
  let test = first;
  for (;;) {
    const body = parseNodes(parsing, ["elif", "else", "endif"]);
    branches.push({ test, body });
    const closing = take(parsing);
    if (parsing.problem !== null || closing.startsWith("endif") || closing === "")
      return { kind: "if", branches };
    test = closing.startsWith("elif") ? closing.slice(4).trim() : "True";
  }
}

function parseFor(parsing: Parsing, argument: string): TemplateNode {
  const [names, over = ""] = argument.split(/\s+in\s+/);
  const body = parseNodes(parsing, ["empty", "endfor"]);
  let empty: readonly TemplateNode[] = [];
  if (take(parsing).startsWith("empty")) {
    empty = parseNodes(parsing, ["endfor"]);
    take(parsing);
  }
  return { kind: "for", names: names.split(/\s*,\s*/), over, body, empty };
}
