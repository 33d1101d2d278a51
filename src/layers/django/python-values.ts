// Values of the Python that is read from settings.py and urls.py: literals with their place in the
// file, and names of things that live elsewhere (a view, a class, a function that was called). What
// the reader cannot know is `opaque`.
import type { Span } from "../../text/diagnostic.ts";

export type Py =
  | { readonly type: "none"; readonly span: Span }
  | { readonly type: "bool"; readonly value: boolean; readonly span: Span }
  | { readonly type: "number"; readonly value: number; readonly span: Span }
  | { readonly type: "str"; readonly text: string; readonly span: Span }
  | { readonly type: "path"; readonly text: string; readonly span: Span }
  | { readonly type: "list" | "tuple" | "set"; readonly items: readonly Py[]; readonly span: Span }
  | { readonly type: "dict"; readonly entries: readonly (readonly [Py, Py])[]; readonly span: Span }
  /** A module, or something defined in one: `shop.views.home`. */
  | { readonly type: "name"; readonly path: string; readonly span: Span }
  | {
      readonly type: "call";
      readonly callee: string;
      readonly args: readonly Py[];
      readonly kwargs: ReadonlyMap<string, Py>;
      readonly span: Span;
    }
  | { readonly type: "opaque"; readonly why: string; readonly span: Span };

/** A Python exception: the class as tracebacks name it, its text, and where it came from. */
export interface PyException {
  readonly name: string;
  readonly message: string;
  /** The exception that was being handled when this one was raised. */
  readonly context?: PyException;
  /** The exception named by `raise … from …`. */
  readonly cause?: PyException;
}

export function opaque(span: Py["span"], why = "expression"): Py {
  return { type: "opaque", why, span };
}

/** A value that holds more than this is not followed: it may have doubled with every line. */
export const SIZE_MAX = 100_000;

const sizes = new WeakMap<Py, number>();

/** How many characters and values a value holds, counting what is in it twice as two. */
function sizeOf(value: Py): number {
  if (value.type === "str" || value.type === "path") return value.text.length;
  const inner = partsOf(value);
  if (inner.length === 0) return 1;
  let size = sizes.get(value);
  if (size === undefined) {
    size = inner.reduce((sum, part) => sum + sizeOf(part), 1);
    sizes.set(value, size);
  }
  return size;
}

/** The value itself, unless it is too large to be followed. */
export function bounded(value: Py): Py {
  return sizeOf(value) > SIZE_MAX ? opaque(value.span, "too large") : value;
}

function partsOf(value: Py): readonly Py[] {
  if ("items" in value) return value.items;
  if (value.type === "dict") return value.entries.flat();
  return value.type === "call" ? [...value.args, ...value.kwargs.values()] : [];
}

/** The plain JavaScript value, or undefined for what has none. */
export function plain(value: Py): unknown {
  switch (value.type) {
    case "none":
      return null;
    case "bool":
    case "number":
      return value.value;
    case "str":
    case "path":
      return value.text;
    case "list":
    case "tuple":
    case "set":
      return value.items.map(plain);
    case "dict":
      return Object.fromEntries(
        value.entries.map(([key, item]) => [String(plain(key)), plain(item)]),
      );
    case "call":
      return value.callee === "re.compile" ? compiledPattern(value.args) : undefined;
    default:
      return undefined;
  }
}

/** The pattern of `re.compile(…)`; a flag that is named stands in front of it, as Python writes it inline. */
function compiledPattern([pattern, flags]: readonly Py[]): string | undefined {
  const text = textOf(pattern);
  if (text === null) return undefined;
  const ignoresCase = flags?.type === "name" && /^re\.(I|IGNORECASE)$/.test(flags.path);
  return ignoresCase ? `(?i)${text}` : text;
}

/** The value's text when it is a string or a path. */
export function textOf(value: Py | undefined): string | null {
  return value !== undefined && (value.type === "str" || value.type === "path") ? value.text : null;
}

export function itemsOf(value: Py | undefined): readonly Py[] {
  return value !== undefined &&
    (value.type === "list" || value.type === "tuple" || value.type === "set")
    ? value.items
    : [];
}

/** Whether Python takes the value for true; null when that is not known. */
export function truth(value: Py): boolean | null {
  switch (value.type) {
    case "none":
      return false;
    case "bool":
      return value.value;
    case "number":
      return value.value !== 0;
    case "str":
      return value.text !== "";
    case "path":
      return true;
    case "list":
    case "tuple":
    case "set":
      return value.items.length > 0;
    case "dict":
      return value.entries.length > 0;
    default:
      return null;
  }
}

/** repr() of a text: single quotes unless the text has one and no double quote. */
export function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = "";
  for (const character of text) out += reprCharacter(character, quote);
  return quote + out + quote;
}

function reprCharacter(character: string, quote: string): string {
  const code = character.codePointAt(0) as number;
  if (character === "\\" || character === quote) return `\\${character}`;
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  if (code < 0x20 || (code >= 0x7f && code < 0xa1) || code === 0xad)
    return `\\x${code.toString(16).padStart(2, "0")}`;
  return character;
}

/** `text.encode("unicode_escape")`, as Django's logs escape their arguments since 3.2.25 of Debian. */
export function unicodeEscape(text: string): string {
  return PLAIN_TEXT.test(text) ? text : [...text].map(escapeCharacter).join("");
}

/** Printable ASCII without a backslash: nothing to escape. */
const PLAIN_TEXT = /^[ -[\]-~]*$/;

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function escapeCharacter(character: string): string {
  const named = NAMED_ESCAPES[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) as number;
  if (code >= 0x20 && code < 0x7f) return character;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}
