// Reading the head of an upstream's response: the status line, then header lines, as far as they have come.
// Source: nginx 1.22.1, src/http/ngx_http_parse.c (ngx_http_parse_status_line, ngx_http_parse_header_line) and
// ngx_http_proxy_module.c (ngx_http_proxy_process_header).
import { memoByText } from "../../kernel/memo.ts";
import type { HeaderLine } from "./request.ts";

/** A response's head as it came. */
export interface ResponseHead {
  /** 9 without a status line, 1000 for HTTP/1.0, 1001 for HTTP/1.1. */
  readonly version: number;
  /** 0 without a status line. */
  readonly status: number;
  /** `404 Not Found`: from the code to the end of the line. */
  readonly statusLine: string;
  readonly headers: readonly HeaderLine[];
}

export type HeadReading =
  /** More bytes are needed. */
  | { readonly kind: "again" }
  /** No status line: the whole is a body, as in HTTP/0.9. */
  | { readonly kind: "no status line" }
  /** A bad header line: `no\x20...` as the log shows it. */
  | { readonly kind: "invalid"; readonly shown: string }
  | { readonly kind: "head"; readonly head: ResponseHead; readonly length: number };

const STATUS_LINE = /^HTTP\/([1-9]\d*)\.(\d+) +(\d{3})(?=[ .\r\n])([^\r\n]*)(\r?\n)/;
/** Every beginning of a status line. */
const STATUS_LINE_BEGUN =
  /^(?:H|HT|HTT|HTTP|HTTP\/|HTTP\/[1-9]\d*|HTTP\/[1-9]\d*\.\d*|HTTP\/[1-9]\d*\.\d+ +\d{0,3}|HTTP\/[1-9]\d*\.\d+ +\d{3}(?:[ .][^\r\n]*)?\r?)$/;

/** Longer texts have a body in them, which makes them rarely the same. */
const REMEMBERED_BYTES_MAX = 4096;
const remembered = memoByText(readAfresh, 256);

/** Reads a head from the bytes received so far (latin-1); a crowd gets the same one again and again. */
export function readResponseHead(text: string): HeadReading {
  return text.length <= REMEMBERED_BYTES_MAX ? remembered(text) : readAfresh(text);
}

function readAfresh(text: string): HeadReading {
  const match = STATUS_LINE.exec(text);
  if (match === null) {
    return STATUS_LINE_BEGUN.test(text) ? { kind: "again" } : { kind: "no status line" };
  }
  const version = Number(match[1]) * 1000 + Number(match[2]);
  const first = { version, status: Number(match[3]), statusLine: `${match[3]}${match[4]}` };
  return readHeaderLines(text, match[0].length, first);
}

/** Reads the header lines after a status line (or, for CGI-like answers, from the start). */
export function readHeaderLines(
  text: string,
  from: number,
  first: Omit<ResponseHead, "headers">,
): HeadReading {
  const headers: HeaderLine[] = [];
  let at = from;
  for (;;) {
    const line = readHeaderLine(text, at);
    if (line.kind !== "line") {
      if (line.kind !== "end") return line;
      const { version, status, statusLine } = first;
      const head = Object.freeze({ version, status, statusLine, headers: Object.freeze(headers) });
      return { kind: "head", head, length: line.end };
    }
    headers.push(line.header);
    at = line.end;
  }
}

type LineReading =
  | { readonly kind: "again" }
  | { readonly kind: "invalid"; readonly shown: string }
  | { readonly kind: "end"; readonly end: number }
  | { readonly kind: "line"; readonly header: HeaderLine; readonly end: number };

function readHeaderLine(text: string, start: number): LineReading {
  if (start >= text.length) return { kind: "again" };
  if (text[start] === "\n") return { kind: "end", end: start + 1 };
  if (text[start] === "\r") {
    if (start + 1 >= text.length) return { kind: "again" };
    return text[start + 1] === "\n"
      ? { kind: "end", end: start + 2 }
      : invalidAt(text, start, start + 1);
  }
  const nameEnd = endOfName(text, start);
  if (nameEnd >= text.length) return { kind: "again" };
  const stop = text[nameEnd];
  if (stop === ":" && nameEnd > start) return readValue(text, start, nameEnd);
  if ((stop === "\r" || stop === "\n") && nameEnd > start) {
    const end = text.indexOf("\n", nameEnd);
    if (end < 0) return { kind: "again" };
    return { kind: "line", header: headerLine(text.slice(start, nameEnd), ""), end: end + 1 };
  }
  return invalidAt(text, start, nameEnd);
}

function endOfName(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f || code === 0x3a) return at;
    at++;
  }
  return at;
}

function readValue(text: string, start: number, nameEnd: number): LineReading {
  const end = text.indexOf("\n", nameEnd);
  if (end < 0) return { kind: "again" };
  const raw = text.slice(nameEnd + 1, text[end - 1] === "\r" ? end - 1 : end);
  const zero = raw.indexOf("\0");
  if (zero >= 0) return invalidAt(text, start, nameEnd + 1 + zero);
  const value = raw.replace(/^ +| +$/g, "");
  return { kind: "line", header: headerLine(text.slice(start, nameEnd), value), end: end + 1 };
}

function headerLine(name: string, value: string): HeaderLine {
  return Object.freeze({ name, key: name.toLowerCase(), value });
}

function invalidAt(text: string, start: number, at: number): LineReading {
  const code = text.charCodeAt(at).toString(16).padStart(2, "0");
  return { kind: "invalid", shown: `${text.slice(start, at)}\\x${code}...` };
}
