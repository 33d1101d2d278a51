// The tokens of a Python file of the plain kind: names, numbers, strings, operators, and the lines and
// their indentation. What is rare (form feeds, tabs among spaces, digits that are not ASCII) is left to
// the full grammar: then there are no tokens. Source: the Python language reference 3.11, chapter 2.

export interface Token {
  /** An operator or keyword as it is written, or one of the kinds below. */
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly comments: readonly Token[];
}

const KEYWORDS = new Set(
  (
    "and as assert async await break class continue def del elif else except finally for from " +
    "global if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

const CONSTANTS: Readonly<Record<string, string>> = {
  True: "Boolean",
  False: "Boolean",
  None: "None",
};

const SPACE = /[ ]*/y;
const COMMENT = /#[^\n]*/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER =
  /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][+-]?\d+)?)(?![\w.])/y;
const STRING =
  /(?:[rR]?[bB]?|[bB][rR]|[uU])(?:"""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^\\\n"]|\\[\s\S])*"|'(?:[^\\\n']|\\[\s\S])*')/y;
const FORMAT_STRING = /[fF](?!""|'')(?:"(?:[^\\\n"]|\\[^{}N\n])*"|'(?:[^\\\n']|\\[^{}N\n])*')/y;
const OPERATOR = /\*\*=?|\/\/=?|<<=?|>>=?|->|\.\.\.|[=!<>]=|[-+*/%@&|^]=?|[<>=~.,:()[\]{}]/y;

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Where the reading of lines stands. */
interface Lines {
  readonly tokens: Token[];
  readonly indents: number[];
  /** How many brackets are open: within them a line break is a space. */
  depth: number;
  atStart: boolean;
}

/** The tokens of `text`, or null when it holds something that is not plain. */
export function plainTokens(text: string): Tokens | null {
  if (/[^\n\x20-\x7e\u00a0-\uffff]/.test(text)) return null;
  const lines: Lines = { tokens: [], indents: [0], depth: 0, atStart: true };
  const comments: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const start = match(SPACE, text, at);
    const end = match(COMMENT, text, start);
    if (end > start) comments.push({ kind: "Comment", from: start, to: end });
    const isEnd = text[end] === "\n" || end === text.length;
    const next = isEnd ? endLine(lines, end) : takeToken(lines, text, { from: at, to: start });
    if (next === null) return null;
    at = next;
  }
  endLine(lines, text.length);
  indent(lines, text.length, 0);
  lines.tokens.push({ kind: "end", from: text.length, to: text.length });
  return lines.depth === 0 ? { tokens: lines.tokens, comments } : null;
}

/** Takes the token after a space; where the next begins, or null when it is not plain. */
function takeToken(
  lines: Lines,
  text: string,
  space: { readonly from: number; readonly to: number },
): number | null {
  if (lines.atStart && !indent(lines, space.to, space.to - space.from)) return null;
  const token = tokenAt(text, space.to);
  if (token === null) return null;
  lines.tokens.push(token);
  lines.atStart = false;
  if ("([{".includes(token.kind)) lines.depth++;
  if (")]}".includes(token.kind)) lines.depth--;
  return token.to;
}

/** Where the next line begins. */
function endLine(lines: Lines, at: number): number {
  if (lines.depth === 0) {
    if (!lines.atStart) lines.tokens.push({ kind: "newline", from: at, to: at + 1 });
    lines.atStart = true;
  }
  return at + 1;
}

/** Notes that a line begins deeper or less deep than the one before; false when it fits none. */
function indent({ tokens, indents }: Lines, at: number, width: number): boolean {
  if (width > indents[indents.length - 1]) {
    indents.push(width);
    tokens.push({ kind: "indent", from: at, to: at });
  }
  for (; width < indents[indents.length - 1]; indents.pop())
    tokens.push({ kind: "dedent", from: at, to: at });
  return width === indents[indents.length - 1];
}

function tokenAt(text: string, from: number): Token | null {
  const kinds: readonly (readonly [RegExp, string])[] = [
    [STRING, "String"],
    [FORMAT_STRING, "FormatString"],
    [NAME, "VariableName"],
    [NUMBER, "Number"],
  ];
  for (const [pattern, kind] of kinds) {
    const to = match(pattern, text, from);
    if (to === from) continue;
    const word = text.slice(from, to);
    // The full grammar has nodes for escapes.
    if (/String$/.test(kind) && word.includes("\\") && !/^b?r/i.test(word)) return null;
    if (kind !== "VariableName") return { kind, from, to };
    const isKeyword = KEYWORDS.has(word);
    return { kind: isKeyword ? word : (CONSTANTS[word] ?? kind), from, to };
  }
  const to = match(OPERATOR, text, from);
  return to === from ? null : { kind: text.slice(from, to), from, to };
}
