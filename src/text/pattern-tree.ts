// The shape of a regular expression in JavaScript's syntax: what repeats what. Single characters,
// classes and assertions stay expressions of the host, which match at one place.
// Simplification: a back-reference counts as empty here; only the bounded matcher's estimate reads it.

export type PatternNode =
  | { readonly kind: "item"; readonly regex: RegExp; readonly isWide: boolean }
  | { readonly kind: "sequence"; readonly nodes: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly nodes: readonly PatternNode[] }
  | {
      readonly kind: "repeat";
      readonly min: number;
      readonly max: number;
      readonly node: PatternNode;
    };

interface Reading {
  readonly source: string;
  readonly flags: string;
  at: number;
}

/** Reads a pattern that the host's own RegExp has accepted. */
export function readPattern(source: string, flags: string): PatternNode {
  return readChoice({ source, flags: `${flags.replace(/[gyd]/g, "")}y`, at: 0 });
}

function readChoice(reading: Reading): PatternNode {
  const nodes = [readSequence(reading)];
  while (reading.source[reading.at] === "|") {
    reading.at++;
    nodes.push(readSequence(reading));
  }
  return nodes.length === 1 ? nodes[0] : { kind: "choice", nodes };
}

function readSequence(reading: Reading): PatternNode {
  const nodes: PatternNode[] = [];
  while (reading.at < reading.source.length && !/[|)]/.test(reading.source[reading.at]))
    nodes.push(readQuantifier(reading, readAtom(reading)));
  return { kind: "sequence", nodes };
}

function readQuantifier(reading: Reading, node: PatternNode): PatternNode {
  const rest = reading.source.slice(reading.at, reading.at + 24);
  const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(rest);
  if (match === null) return node;
  reading.at += match[0].length;
  const [text, least, comma, most] = match;
  if (text[0] === "*") return { kind: "repeat", min: 0, max: Infinity, node };
  if (text[0] === "+") return { kind: "repeat", min: 1, max: Infinity, node };
  if (text[0] === "?") return { kind: "repeat", min: 0, max: 1, node };
  const min = Number(least);
  const max = comma === "" ? min : most === "" ? Infinity : Number(most);
  return { kind: "repeat", min, max, node };
}

function readAtom(reading: Reading): PatternNode {
  const rest = reading.source.slice(reading.at);
  if (rest[0] === "(") return readGroup(reading, rest);
  const back = /^\\(?:k<[^>]*>|[1-9]\d*)/.exec(rest);
  if (back !== null) {
    reading.at += back[0].length;
    return { kind: "sequence", nodes: [] };
  }
  const item = /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:x..|u\{[^}]*\}|u....|[pP]\{[^}]*\}|c.|.)|.)/su.exec(
    rest,
  );
  return readItem(reading, item?.[0] ?? rest[0]);
}

function readItem(reading: Reading, text: string): PatternNode {
  reading.at += text.length;
  const isWide = !/^(?:[\^$]|\\[bB]|\(\?<?[=!].*)$/s.test(text);
  return { kind: "item", regex: new RegExp(text, reading.flags), isWide };
}

function readGroup(reading: Reading, rest: string): PatternNode {
  if (/^\(\?<?[=!]/.test(rest)) return readItem(reading, rest.slice(0, groupEnd(rest)));
  reading.at += (/^\((?:\?(?::|<[^>]*>))?/.exec(rest) as RegExpExecArray)[0].length;
  const node = readChoice(reading);
  reading.at++;
  return node;
}

/** Length of the group that a text begins with. */
function groupEnd(text: string): number {
  let depth = 0;
  for (const match of text.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[()]/gs)) {
    if (match[0] === "(") depth++;
    if (match[0] === ")" && --depth === 0) return match.index + 1;
  }
  return text.length;
}
