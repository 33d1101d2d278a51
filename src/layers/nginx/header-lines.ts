// The header lines of a request: names, values, and what nginx refuses or drops.
// Source: src/http/ngx_http_parse.c, ngx_http_parse_header_line (1.22.1).
import type { HeaderLine } from "./request.ts";

export type HeaderResult =
  | { readonly kind: "incomplete" }
  | { readonly kind: "done"; readonly end: number }
  | {
      readonly kind: "header";
      readonly header: HeaderLine;
      /** Has characters that make nginx drop it: `_`, `.`, others outside A-Z a-z 0-9 -. */
      readonly unusual: boolean;
      /** The line without its end, for the log. */
      readonly text: string;
      readonly end: number;
    }
  | { readonly kind: "error"; readonly text: string; readonly byte: number };

const NAME_CHARACTER = /[A-Za-z0-9-]/;

/** Parses one header line at a position of what has arrived. */
export function parseHeaderLine(text: string, start: number, underscores: boolean): HeaderResult {
  const first = text[start];
  if (first === undefined) return { kind: "incomplete" };
  if (first === "\n") return { kind: "done", end: start + 1 };
  if (first === "\r") {
    if (text[start + 1] === undefined) return { kind: "incomplete" };
    if (text[start + 1] === "\n") return { kind: "done", end: start + 2 };
    return { kind: "error", text: "", byte: 13 };
  }
  return scanName(text, start, underscores);
}

/** A usual name up to its colon, in one go. */
const USUAL_NAME = /[A-Za-z0-9-]+:/y;

function scanName(text: string, start: number, underscores: boolean): HeaderResult {
  USUAL_NAME.lastIndex = start;
  if (USUAL_NAME.test(text))
    return scanValue({ text, start, nameEnd: USUAL_NAME.lastIndex - 1, unusual: false });
  let unusual = false;
  for (let at = start; at < text.length; at++) {
    const ch = text[at];
    if (ch === ":" && at > start) return scanValue({ text, start, nameEnd: at, unusual });
    if (ch === "\n" || ch === "\r") return nameOnly({ text, start, nameEnd: at, unusual });
    if (ch <= " " || ch === "\x7f" || ch === ":")
      return { kind: "error", text: text.slice(start, at), byte: text.charCodeAt(at) };
    if (!NAME_CHARACTER.test(ch) && !(ch === "_" && underscores)) unusual = true;
  }
  return { kind: "incomplete" };
}

interface Named {
  readonly text: string;
  readonly start: number;
  readonly nameEnd: number;
  readonly unusual: boolean;
}

function nameOnly(named: Named): HeaderResult {
  return finishLine(named, named.nameEnd, named.nameEnd);
}

function scanValue(named: Named): HeaderResult {
  const { text, start, nameEnd } = named;
  let begin = nameEnd + 1;
  while (text[begin] === " ") begin++;
  VALUE_END.lastIndex = begin;
  const stop = VALUE_END.exec(text);
  if (stop === null) return { kind: "incomplete" };
  if (stop[0] === "\0") return { kind: "error", text: text.slice(start, stop.index), byte: 0 };
  return finishLine(named, begin, stop.index);
}

const VALUE_END = /[\0\r\n]/g;

/** After the value: CR LF or LF; several CR are accepted. */
function finishLine(named: Named, begin: number, valueEnd: number): HeaderResult {
  const { text, start, nameEnd, unusual } = named;
  let at = valueEnd;
  while (text[at] === "\r") at++;
  if (text[at] === undefined) return { kind: "incomplete" };
  let end = valueEnd;
  while (end > begin && text[end - 1] === " ") end--;
  if (text[at] !== "\n")
    return { kind: "error", text: text.slice(start, end), byte: text.charCodeAt(end) };
  const name = text.slice(start, nameEnd);
  const header = { name, key: name.toLowerCase(), value: text.slice(begin, end) };
  return { kind: "header", header, unusual, text: text.slice(start, end), end: at + 1 };
}

/** A Host that nginx accepts, in lower case without port and final dot; null when it is refused. */
export function validHost(host: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are refused.
  if (/\.\.|[/\x00-\x20\x7f]/.test(host)) return null;
  const literal = /^\[[^\]]*\]/.exec(host);
  const colon = host.indexOf(":");
  let name = host;
  if (literal !== null) name = literal[0];
  else if (colon >= 0 && !host.startsWith("[")) name = host.slice(0, colon);
  if (name.endsWith(".")) name = name.slice(0, -1);
  return name === "" ? null : name.toLowerCase();
}
