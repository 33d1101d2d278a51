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
}

/** A parameter longer than nginx's reading buffer is refused. Source: NGX_CONF_BUFFER. */
const WORD_BYTES_MAX = 4096;

const isSpace = (ch: string): boolean => ch === " " || ch === "\t" || ch === "\r" || ch === "\n";

/** Reads the next statement. */
export function readStatement(reader: Reader): Statement {
  const words: Argument[] = [];
  const begin = reader.at;
  let first = -1;
  for (;;) {
    const mark = skipSpace(reader);
    if (first < 0) first = mark;
    const finish = (end: TokenEnd): Statement => ({
      words,
      end,
      line: reader.line,
      start: words.length > 0 ? words[0].span.start : Math.min(first, reader.at),
      stop: Math.max(reader.at, begin),
    });
    const { text } = reader;
    if (reader.at >= text.length) {
      if (words.length === 0) return finish("end");
      return finish({ error: `unexpected end of file, expecting ";" or "}"` });
    }
    const ch = text[reader.at];
    if (ch === ";" || ch === "{") {
      reader.at++;
      if (words.length === 0) return finish({ error: `unexpected "${ch}"` });
      return finish(ch);
    }
    if (ch === "}") {
      reader.at++;
      return finish(words.length === 0 ? "}" : { error: `unexpected "}"` });
    }
    const error = readWord(reader, words);
    if (error !== null) return finish({ error });
  }
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

function readWord(reader: Reader, words: Argument[]): string | null {
  const { text } = reader;
  const quote = text[reader.at];
  return quote === '"' || quote === "'"
    ? readQuoted(reader, words, quote)
    : readBare(reader, words);
}

function readBare(reader: Reader, words: Argument[]): string | null {
  const { text, line } = reader;
  const start = reader.at;
  let variable = false;
  while (reader.at < text.length) {
    const ch = text[reader.at];
    if (ch === "{" && variable) {
      reader.at++;
      continue;
    }
    const isFirst = reader.at === start;
    variable = ch === "$";
    if (!isFirst && (isSpace(ch) || ch === ";" || ch === "{")) break;
    if (ch === "\n") reader.line++;
    if (ch === "\\") {
      if (text[reader.at + 1] === "\n") reader.line++;
      reader.at += 2;
    } else reader.at++;
  }
  if (reader.at >= text.length) {
    reader.at = text.length;
    return `unexpected end of file, expecting ";" or "}"`;
  }
  return pushWord(reader, words, { start, stop: reader.at, line, quoted: false });
}

function readQuoted(reader: Reader, words: Argument[], quote: string): string | null {
  const { text, line } = reader;
  const start = ++reader.at;
  while (reader.at < text.length && text[reader.at] !== quote) {
    if (text[reader.at] === "\n") reader.line++;
    if (text[reader.at] === "\\") {
      if (text[reader.at + 1] === "\n") reader.line++;
      reader.at++;
    }
    reader.at++;
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
  words.push(Object.freeze({ text: toByteText(unescape(raw)), quoted, span }));
  return null;
}

/** `\"`, `\'`, `\\`, `\t`, `\r` and `\n` are resolved; any other backslash stays, for patterns. */
function unescape(raw: string): string {
  if (!raw.includes("\\")) return raw;
  let out = "";
  for (let i = 0; i < raw.length; i++) {
    const next = raw[i + 1];
    if (raw[i] !== "\\" || next === undefined) out += raw[i];
    else if (next === '"' || next === "'" || next === "\\") {
      out += next;
      i++;
    } else if (next === "t" || next === "r" || next === "n") {
      out += { t: "\t", r: "\r", n: "\n" }[next];
      i++;
    } else out += raw[i];
  }
  return out;
}
