// Routes: path() with its converters and re_path(), compiled to regular expressions of the host.
// Source: django/urls/resolvers.py and converters.py, 3.2.
import { BoundedRegExp } from "../../text/bounded-regexp.ts";
import type { Span } from "../../text/diagnostic.ts";
import { reprText } from "./python-values.ts";

export interface Route {
  readonly kind: "path" | "re_path" | "locale";
  readonly text: string;
  /** Whether the route must match to the end (a view's), or only the start (an include's). */
  readonly isEndpoint: boolean;
  readonly regex: RegExp | null;
  /** The regular expression as Python writes it, for messages. */
  readonly pythonRegex: string;
  readonly converters: ReadonlyMap<string, Converter>;
  readonly groupCount: number;
  readonly prefixDefaultLanguage: boolean;
  readonly span: Span;
}

export interface RouteMatch {
  /** What is left of the path for the patterns below. */
  readonly rest: string;
  readonly args: readonly Argument[];
  readonly kwargs: ReadonlyMap<string, Argument>;
}

/** A value handed to a view: as str() and as repr() show it. */
export interface Argument {
  readonly text: string;
  readonly repr: string;
}

export interface Converter {
  readonly name: string;
  readonly regex: string;
  /** The Python value that the match becomes: `05` is the int 5. */
  toPython(text: string): Argument;
}

/** A Python string as an argument. */
export function textArgument(text: string): Argument {
  return { text, repr: reprText(text) };
}

export const CONVERTERS: Readonly<Record<string, Converter>> = {
  int: { name: "int", regex: "[0-9]+", toPython: integer },
  path: { name: "path", regex: ".+", toPython: textArgument },
  slug: { name: "slug", regex: "[-a-zA-Z0-9_]+", toPython: textArgument },
  str: { name: "str", regex: "[^/]+", toPython: textArgument },
  uuid: {
    name: "uuid",
    regex: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    toPython: (text) => ({ text, repr: `UUID(${reprText(text)})` }),
  },
};

function integer(text: string): Argument {
  const value = text.replace(/^0+(?=\d)/, "");
  return { text: value, repr: value };
}

/** The route of path(): literal text and `<converter:name>`; or Django's complaint. */
export function compilePath(
  text: string,
  isEndpoint: boolean,
  span: Span,
): Route | { readonly problem: string } {
  const converters = new Map<string, Converter>();
  let source = "^";
  let python = "";
  let rest = text;
  for (;;) {
    const match = /<(?:([^>:]+):)?([^>]+)>/.exec(rest);
    if (match === null) break;
    const [whole, converterName = "str", name] = match;
    if (/\s/.test(whole))
      return {
        problem: `URL route ${reprText(text)} cannot contain whitespace in angle brackets <…>.`,
      };
    const before = rest.slice(0, match.index);
    source += escapeForHost(before);
    python += escapeForPython(before);
    rest = rest.slice(match.index + whole.length);
    if (!/^[A-Za-z_]\w*$/.test(name))
      return {
        problem: `URL route ${reprText(text)} uses parameter name ${reprText(name)} which isn't a valid Python identifier.`,
      };
    if (converters.has(name))
      return {
        problem: `URL route ${reprText(text)} uses parameter name ${reprText(name)} more than once.`,
      };
    const converter: Partial<Converter> | undefined = CONVERTERS[converterName];
    if (converter?.regex === undefined)
      return { problem: `URL route ${reprText(text)} uses invalid converter '${converterName}'.` };
    converters.set(name, CONVERTERS[converterName]);
    source += `(?<${name}>${converter.regex})`;
    python += `(?P<${name}>${converter.regex})`;
  }
  source += escapeForHost(rest) + (isEndpoint ? "$" : "");
  python += escapeForPython(rest) + (isEndpoint ? "\\Z" : "");
  return Object.freeze({
    kind: "path",
    text,
    isEndpoint,
    // One converter tries each length once; several could multiply.
    regex:
      converters.size > 1 || source.length > SHORT ? hostRegex(source) : new RegExp(source, "u"),
    pythonRegex: python,
    converters,
    groupCount: converters.size,
    prefixDefaultLanguage: true,
    span,
  });
}

function escapeForHost(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** re.escape() of Python 3.7 and later. */
function escapeForPython(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\\-#&~ \t\n]/g, "\\$&");
}

/** Characters of a route that every host takes as a regular expression. */
const SHORT = 1000;

/** Null for what the host does not take, for being too long or of another syntax. */
function hostRegex(source: string): RegExp | null {
  try {
    return new BoundedRegExp(source, "u");
  } catch {
    return null;
  }
}

/** The route of re_path(); null regex with a diagnostic by the caller when it cannot be translated. */
export function compileRegex(text: string, isEndpoint: boolean, span: Span): Route {
  // Source: RegexPattern.match: an endpoint whose expression ends in $ must match the whole rest.
  const whole = isEndpoint && text.endsWith("$") && !text.endsWith("\\$");
  const regex = hostRegex(whole ? `^(?:${translate(text)})(?![\\s\\S])` : translate(text));
  return Object.freeze({
    kind: "re_path",
    text,
    isEndpoint,
    regex,
    pythonRegex: text,
    converters: new Map(),
    groupCount: (text.match(/\((?!\?)/g) ?? []).length,
    prefixDefaultLanguage: true,
    span,
  });
}

export function localeRoute(prefixDefaultLanguage: boolean, span: Span): Route {
  return Object.freeze({
    kind: "locale",
    text: "",
    isEndpoint: false,
    regex: null,
    pythonRegex: "",
    converters: new Map(),
    groupCount: 0,
    prefixDefaultLanguage,
    span,
  });
}

/** Python's re syntax to that of the host with the flag u. */
function translate(pattern: string): string {
  let out = "";
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === "\\") {
      out += translateEscape(pattern[++i] ?? "", inClass);
    } else if (inClass) {
      if (character === "]" && pattern[i - 1] !== "[") inClass = false;
      out += character === "[" ? "\\[" : character;
    } else {
      inClass = character === "[";
      const { text, length } = translateOutside(pattern, i);
      out += text;
      i += length - 1;
    }
  }
  return out;
}

/** What stands outside a character class: its translation, and how much of the pattern it covers. */
function translateOutside(
  pattern: string,
  at: number,
): { readonly text: string; readonly length: number } {
  if (pattern.startsWith("(?P<", at)) return { text: "(?<", length: 4 };
  if (pattern.startsWith("(?P=", at)) {
    const end = pattern.indexOf(")", at);
    const stop = end < 0 ? pattern.length : end;
    return { text: `\\k<${pattern.slice(at + 4, stop)}>`, length: stop - at + 1 };
  }
  // Python's $ also matches before a newline at the end.
  if (pattern[at] === "$") return { text: "(?=\\n?(?![\\s\\S]))", length: 1 };
  const isBrace = pattern[at] === "{" || pattern[at] === "}";
  return { text: isBrace ? translateBrace(pattern, at) : pattern[at], length: 1 };
}

function translateBrace(pattern: string, at: number): string {
  const isQuantifier =
    pattern[at] === "{"
      ? /^\{\d*,?\d*\}/.test(pattern.slice(at))
      : /\{\d*,?\d*$/.test(pattern.slice(0, at));
  return isQuantifier ? pattern[at] : `\\${pattern[at]}`;
}

const CLASS_ESCAPES: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  D: "\\P{Nd}",
  Z: "(?![\\s\\S])",
  A: "^",
};

function translateEscape(character: string, inClass: boolean): string {
  const known = CLASS_ESCAPES[character];
  if (known !== undefined) return known;
  if (character === "w") return inClass ? "\\p{L}\\p{N}_" : "[\\p{L}\\p{N}_]";
  if (character === "W") return inClass ? "\\W" : "[^\\p{L}\\p{N}_]";
  if (/[sSbBnrtfv0-9]/.test(character)) return `\\${character}`;
  if (/[\^$\\.*+?()[\]{}|/]/.test(character)) return `\\${character}`;
  return inClass && character === "-" ? "\\-" : character;
}

/** Matches a route against what is left of the path; null when it does not. */
export function matchRoute(route: Route, path: string, languagePrefix: string): RouteMatch | null {
  if (route.kind === "locale")
    return path.startsWith(languagePrefix)
      ? { rest: path.slice(languagePrefix.length), args: [], kwargs: NONE }
      : null;
  const match = route.regex?.exec(path) ?? null;
  if (match === null) return null;
  const rest = path.slice(match.index + match[0].length);
  if (route.kind === "path") {
    const kwargs = new Map<string, Argument>();
    for (const [name, converter] of route.converters)
      kwargs.set(name, converter.toPython(match.groups?.[name] ?? ""));
    return { rest, args: [], kwargs };
  }
  // Named groups win; those that took no part are left out (since 3.0).
  const named = Object.entries(match.groups ?? {});
  const kwargs = new Map(
    named
      .filter(([, text]) => text !== undefined)
      .map(([name, text]) => [name, textArgument(text)] as const),
  );
  const args =
    named.length > 0
      ? []
      : match.slice(1).map((text) => (text === undefined ? NO_VALUE : textArgument(text)));
  return { rest, args, kwargs };
}

const NONE: ReadonlyMap<string, Argument> = new Map();
const NO_VALUE: Argument = { text: "None", repr: "None" };
