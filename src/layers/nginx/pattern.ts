// Regular expressions of the configuration: PCRE as nginx compiles it, translated to JavaScript's.
// Source: pcre2pattern(3); src/core/ngx_regex.c, ngx_regex_compile (1.22.1).
// Simplification: possessive quantifiers and atomic groups are treated as greedy ones, letters beyond
// ASCII fold their case, and inline options count for the whole pattern.

import { BoundedRegExp } from "../../text/bounded-regexp.ts";
import { ownValue } from "../../text/own-value.ts";
import type { ConfigError } from "./settings.ts";

/** A compiled regular expression as nginx was given it. */
export interface Pattern {
  /** As written in the configuration. */
  readonly source: string;
  readonly caseless: boolean;
  readonly regex: BoundedRegExp;
  /** Names of its groups, which become variables. */
  readonly names: readonly string[];
  /** How many groups it has. */
  readonly groups: number;
}

/** Compiles a PCRE pattern, or says what is wrong in PCRE's words. */
export function compilePattern(source: string, caseless: boolean): Pattern | ConfigError {
  const translation = translate(source);
  if ("problem" in translation) return failure(source, translation);
  const flags = caseless || translation.caseless ? "i" : "";
  try {
    const regex = new BoundedRegExp(translation.text, flags);
    const groups = (new RegExp(`${translation.text}|`).exec("")?.length ?? 1) - 1;
    return Object.freeze({ source, caseless, regex, names: translation.names, groups });
  } catch {
    return failure(source, { problem: "this pattern is beyond the simulator", at: source.length });
  }
}

/**
 * What nginx logs as an alert when PCRE gives up on a subject at its match limit; null when it does not.
 * Source: src/http/ngx_http_variables.c, ngx_http_regex_exec (1.22.1); pcre2.h, PCRE2_ERROR_MATCHLIMIT.
 */
export function matchFailure({ regex, source }: Pattern, subject: string): string | null {
  if (!regex.givesUp(subject)) return null;
  return `pcre2_match() failed: -47 on "${subject}" using "${source}"`;
}

interface Problem {
  readonly problem: string;
  readonly at: number;
}

interface Translation {
  readonly text: string;
  readonly caseless: boolean;
  readonly names: readonly string[];
}

function failure(source: string, { problem, at }: Problem): ConfigError {
  const place = at >= source.length ? "" : ` at "${source.slice(at)}"`;
  return { emerg: `pcre2_compile() failed: ${problem} in "${source}"${place}` };
}

interface State {
  readonly source: string;
  at: number;
  out: string;
  depth: number;
  caseless: boolean;
  /** The last item may be repeated. */
  repeatable: boolean;
  readonly names: string[];
  problem: Problem | null;
}

function translate(source: string): Translation | Problem {
  const initial = { at: 0, out: "", depth: 0, caseless: false, repeatable: false, problem: null };
  const state: State = { source, names: [], ...initial };
  while (state.at < source.length && state.problem === null) translateItem(state);
  if (state.problem !== null) return state.problem;
  if (state.depth > 0) return { problem: "missing closing parenthesis", at: source.length };
  return { text: state.out, caseless: state.caseless, names: state.names };
}

/** The end of the subject or before its last newline, which is what `$` means to PCRE. */
const DOLLAR = "(?=\\n?(?![\\s\\S]))";
const END = "(?![\\s\\S])";

function translateItem(state: State): void {
  const handler = ITEMS[state.source[state.at]];
  if (handler === undefined) plain(state);
  else handler(state);
}

const ITEMS: Readonly<Record<string, (state: State) => void>> = {
  "\\": escapeSequence,
  "[": characterClass,
  "(": openGroup,
  ")": closeGroup,
  "*": quantifier,
  "+": quantifier,
  "?": quantifier,
  "{": counted,
};

function plain(state: State): void {
  const ch = state.source[state.at++];
  state.repeatable = ch !== "|" && ch !== "^";
  if (ch === "$") state.out += DOLLAR;
  else if (ch === ".") state.out += "[^\\n]";
  else if (ch === "}" || ch === "]") state.out += `\\${ch}`;
  else state.out += ch;
}

function fail(state: State, problem: string, at: number): void {
  state.problem = { problem, at };
}

/** Escapes that mean something else, or nothing, in JavaScript. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: "^",
  z: END,
  Z: DOLLAR,
  s: "[\\t-\\r ]",
  S: "[^\\t-\\r ]",
  h: "[ \\t]",
  H: "[^ \\t]",
  R: "(?:\\r\\n|[\\n-\\r])",
  N: "[^\\n]",
  e: "\\x1b",
  a: "\\x07",
  G: "",
  K: "",
};

function escapeSequence(state: State): void {
  const { source } = state;
  const next = source[state.at + 1];
  if (next === undefined) {
    fail(state, "\\ at end of pattern", source.length);
    return;
  }
  state.repeatable = true;
  if (next === "Q") {
    literalRun(state);
    return;
  }
  const hex = /^\\x\{([0-9a-fA-F]+)\}/.exec(source.slice(state.at));
  if (hex !== null) {
    state.out += `\\x${(Number.parseInt(hex[1], 16) & 255).toString(16).padStart(2, "0")}`;
    state.at += hex[0].length;
    return;
  }
  const known = ESCAPES[next];
  if (known !== undefined) state.out += known;
  else if (/[A-Za-z0-9]/.test(next)) state.out += `\\${next}`;
  else state.out += /[\^$\\.*+?()[\]{}|/-]/.test(next) ? `\\${next}` : next;
  state.at += 2;
}

function literalRun(state: State): void {
  const end = state.source.indexOf("\\E", state.at + 2);
  const stop = end < 0 ? state.source.length : end;
  state.out += state.source.slice(state.at + 2, stop).replace(/[\^$\\.*+?()[\]{}|/-]/g, "\\$&");
  state.at = end < 0 ? stop : stop + 2;
}

const POSIX: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\t-\\r ",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  xdigit: "0-9A-Fa-f",
  word: "\\w",
  cntrl: "\\x00-\\x1f\\x7f",
  graph: "!-~",
  print: " -~",
};

function characterClass(state: State): void {
  const { source } = state;
  const isNegated = source[state.at + 1] === "^";
  let at = state.at + (isNegated ? 2 : 1);
  let out = isNegated ? "[^" : "[";
  for (let first = true; first || source[at] !== "]"; first = false) {
    if (at >= source.length) {
      fail(state, "missing terminating ] for character class", source.length);
      return;
    }
    const item = classItem(source, at);
    out += item.text;
    at += item.bytes;
  }
  state.out += `${out}]`;
  state.at = at + 1;
  state.repeatable = true;
}

/** One member of a character class. A `]` that stands first is an ordinary character. */
function classItem(source: string, at: number): { readonly text: string; readonly bytes: number } {
  const ch = source[at];
  const posix = /^\[:(\^?)([a-z]+):\]/.exec(source.slice(at, at + 12));
  if (posix !== null) return { text: ownValue(POSIX, posix[2]) ?? "", bytes: posix[0].length };
  if (ch === "\\") return { text: classEscape(source[at + 1]), bytes: 2 };
  return { text: ch === "[" || ch === "]" ? `\\${ch}` : ch, bytes: 1 };
}

function classEscape(ch: string | undefined): string {
  if (ch === "h") return " \\t";
  if (ch === "s") return "\\t-\\r ";
  return `\\${ch ?? "\\"}`;
}

function openGroup(state: State): void {
  const rest = state.source.slice(state.at);
  state.depth++;
  state.repeatable = false;
  const named = /^\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest);
  if (named !== null) {
    const name = named[1] ?? named[2];
    state.names.push(name);
    state.out += `(?<${name}>`;
    state.at += named[0].length;
    return;
  }
  const back = /^\(\?P=([A-Za-z_]\w*)\)/.exec(rest);
  if (back !== null) {
    replaceGroup(state, back[0], `\\k<${back[1]}>`);
    return;
  }
  const comment = /^\(\?#[^)]*\)/.exec(rest);
  if (comment !== null) {
    replaceGroup(state, comment[0], "");
    return;
  }
  const options = /^\(\?([imsxUJ-]+)([:)])/.exec(rest);
  if (options !== null) {
    inlineOptions(state, options);
    return;
  }
  const plain = /^\((?:\?(?:[:=!]|<[=!]|>))?/.exec(rest) as RegExpExecArray;
  if (plain[0] === "(" && rest[1] === "?") {
    const at = Math.min(state.at + 3, state.source.length);
    fail(state, "unrecognized character after (? or (?-", at - 1);
    return;
  }
  state.out += plain[0] === "(?>" ? "(?:" : plain[0];
  state.at += plain[0].length;
}

function replaceGroup(state: State, text: string, replacement: string): void {
  state.out += replacement;
  state.at += text.length;
  state.depth--;
  state.repeatable = replacement !== "";
}

function inlineOptions(state: State, options: RegExpExecArray): void {
  if (/^[^-]*i/.test(options[1])) state.caseless = true;
  if (options[2] === ")") {
    replaceGroup(state, options[0], "");
    return;
  }
  state.out += "(?:";
  state.at += options[0].length;
}

function closeGroup(state: State): void {
  if (state.depth === 0) {
    fail(state, "unmatched closing parenthesis", state.at);
    return;
  }
  state.depth--;
  state.out += ")";
  state.at++;
  state.repeatable = true;
}

function quantifier(state: State): void {
  if (!state.repeatable) {
    fail(state, "quantifier does not follow a repeatable item", state.at);
    return;
  }
  state.out += state.source[state.at++];
  suffix(state);
}

function counted(state: State): void {
  const match = /^\{\d+(?:,\d*)?\}/.exec(state.source.slice(state.at));
  if (match === null) {
    state.out += "\\{";
    state.at++;
    state.repeatable = true;
    return;
  }
  if (!state.repeatable) {
    fail(state, "quantifier does not follow a repeatable item", state.at);
    return;
  }
  state.out += match[0];
  state.at += match[0].length;
  suffix(state);
}

/** `?` after a quantifier makes it lazy, `+` possessive. */
function suffix(state: State): void {
  const next = state.source[state.at];
  if (next === "?") state.out += "?";
  if (next === "?" || next === "+") state.at++;
  state.repeatable = false;
}
