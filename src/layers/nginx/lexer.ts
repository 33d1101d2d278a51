// Splits nginx.conf into words, semicolons and braces, exactly as nginx's reader does: quotes only open
// at the start of a word, a backslash hides the next character, `${` does not open a block, `#` begins
// a comment only where a word could begin.
// Source: src/core/ngx_conf_file.c, ngx_conf_read_token (1.22.1).
import { toByteText } from "../../text/utf8.ts";
import type { Argument } from "./config-tree.ts";

/** What a read ends with: `;`, `{`, `}`, the end of the file, or an error in nginx's words. */
export type TokenEnd = ";" | "{" | "}" | "end" | { readonly error: string };

/** The words up to the next `;`, `{` or `}`. */
export interface Statement {
  readonly words: readonly Argument[];
  readonly end: TokenEnd;
  /** The line on which it ends: the one that nginx names in messages. */
  readonly line: number;
  readonly start: number;
  readonly stop: number;
}

/** Where the reader stands in a text. */
export interface Reader {
  readonly file: string;
  readonly text: string;
  at: number;
  line: number;
  /** How many blocks are open at this place. */
  depth?: number;
}

/** A parameter longer than nginx's reading buffer is refused. Source: NGX_CONF_BUFFER. */
const WORD_BYTES_MAX = 4096;

const isSpace = (ch: string): boolean => ch === " " || ch === "\t" || ch === "\r" || ch === "\n";

/** Reads the next statement. */
export function readStatement(reader: Reader): Statement {
  const words: Argument[] = [];
  const first = skipSpace(reader);
  for (;;) {
    const end = readEnd(reader, words.length) ?? readWord(reader, words);
    if (end !== null) {
      const start = words[0]?.span.start ?? Math.min(first, reader.at);
      return { words, end, line: reader.line, start, stop: reader.at };
    }
    skipSpace(reader);
  }
}

/** The end of the statement, if it is here. */
function readEnd(reader: Reader, wordCount: number): TokenEnd | null {
  const { text } = reader;
  const isEmpty = wordCount === 0;
  if (reader.at >= text.length)
    return isEmpty ? "end" : { error: `unexpected end of file, expecting ";" or "}"` };
  const ch = text[reader.at];
  if (ch !== ";" && ch !== "{" && ch !== "}") return null;
  reader.at++;
  const isWrong = ch === "}" ? !isEmpty : isEmpty;
  return isWrong ? { error: `unexpected "${ch}"` } : ch;
}

/** Skips blanks and comments; returns where the next word begins. */
function skipSpace(reader: Reader): number {
  const { text } = reader;
  while (reader.at < text.length) {
    const ch = text[reader.at];
    if (ch === "#") {
      const end = text.indexOf("\n", reader.at);
      reader.at = end < 0 ? text.length : end;
    } else if (isSpace(ch)) {
      if (ch === "\n") reader.line++;
      reader.at++;
    } else break;
  }
  return reader.at;
}

function readWord(reader: Reader, words: Argument[]): TokenEnd | null {
  const quote = reader.text[reader.at];
  const isQuoted = quote === '"' || quote === "'";
  const error = isQuoted ? readQuoted(reader, words, quote) : readBare(reader, words);
  return error === null ? null : { error };
}

function readBare(reader: Reader, words: Argument[]): string | null {
  const { text, line } = reader;
  const start = reader.at;
  let variable = false;
  while (reader.at < text.length) {
    const ch = text[reader.at];
    const opensName: boolean = ch === "{" && variable;
    if (reader.at > start && !opensName && endsWord(ch)) break;
    variable = ch === "$" || opensName;
    step(reader, ch);
  }
  if (reader.at >= text.length) {
    reader.at = text.length;
    return `unexpected end of file, expecting ";" or "}"`;
  }
  return pushWord(reader, words, { start, stop: reader.at, line, quoted: false });
}

const endsWord = (ch: string): boolean => isSpace(ch) || ch === ";" || ch === "{";

/** Goes on by one character, or by two when the first is a backslash. */
function step(reader: Reader, ch: string): void {
  const hidden = ch === "\\" ? reader.text[reader.at + 1] : "";
  if (ch === "\n" || hidden === "\n") reader.line++;
  reader.at += ch === "\\" ? 2 : 1;
}

function readQuoted(reader: Reader, words: Argument[], quote: string): string | null {
  const { text, line } = reader;
  const start = ++reader.at;
  while (reader.at < text.length && text[reader.at] !== quote) {
    step(reader, text[reader.at]);
    if (reader.at - start > WORD_BYTES_MAX) {
      reader.line = line;
      return `too long parameter, probably missing terminating "${quote}" character`;
    }
  }
  if (reader.at >= text.length) {
    reader.at = text.length;
    return `unexpected end of file, expecting ";" or "}"`;
  }
  const error = pushWord(reader, words, { start, stop: reader.at, line, quoted: true });
  reader.at++;
  return error ?? afterQuote(reader);
}

/** After a closing quote only a blank, `;`, `{` or `)` may follow. */
function afterQuote(reader: Reader): string | null {
  const ch = reader.text[reader.at];
  if (ch === undefined || isSpace(ch) || ch === ";" || ch === "{" || ch === ")") return null;
  reader.at++;
  return `unexpected "${ch}"`;
}

interface Extent {
  readonly start: number;
  readonly stop: number;
  readonly line: number;
  readonly quoted: boolean;
}

function pushWord(reader: Reader, words: Argument[], extent: Extent): string | null {
  const { start, stop, line, quoted } = extent;
  const raw = reader.text.slice(start, stop);
  if (raw.length > WORD_BYTES_MAX) {
    reader.line = line;
    return `too long parameter "${raw.slice(0, 10)}..." started`;
  }
  const span = {
    file: reader.file,
    start: quoted ? start - 1 : start,
    end: quoted ? stop + 1 : stop,
    line,
  };
  words.push(Object.freeze({ text: toByteText(resolveEscapes(raw)), quoted, span }));
  return null;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  t: "\t",
  r: "\r",
  n: "\n",
};

/** `\"`, `\'`, `\\`, `\t`, `\r` and `\n` are resolved; any other backslash stays, for patterns. */
function resolveEscapes(raw: string): string {
  return raw.replace(/\\(["'\\trn])/g, (_, ch: string) => ESCAPES[ch]);
}
