// The first line of a request, read as it arrives: `GET /path HTTP/1.1`. An error is noticed at the
// byte that breaks the rule, before the line is complete, as nginx does.
// Source: src/http/ngx_http_parse.c, ngx_http_parse_request_line (1.22.1).

import { memoByText } from "../../kernel/memo.ts";

export interface RequestLine {
  readonly kind: "line";
  /** As sent, without leading empty lines and the line end. */
  readonly text: string;
  readonly method: string;
  /** `http`, of an absolute target. */
  readonly scheme: string | null;
  /** Host of an absolute target, without port, as sent. */
  readonly host: string | null;
  /** The raw target: path and arguments; `/` for an absolute one without a path. */
  readonly target: string;
  /** An absolute target with arguments but no path: `http://a?x`. */
  readonly emptyPath: boolean;
  /** 9, 1000, 1001… */
  readonly httpVersion: number;
  readonly protocol: string;
  /** Where the line begins, after empty lines, and where the headers do. */
  readonly start: number;
  readonly end: number;
}

export type LineError =
  | "client sent invalid method"
  | "client sent invalid request"
  | "client sent invalid version"
  | "client sent invalid method in HTTP/0.9 request";

export type RequestLineResult =
  | RequestLine
  | { readonly kind: "incomplete"; readonly start: number }
  | { readonly kind: "error"; readonly message: LineError; readonly text: string };

interface Scan {
  readonly text: string;
  at: number;
}

/** Longer beginnings hold more than a head, which makes them rarely the same. */
const REMEMBERED_BYTES_MAX = 4096;
const remembered = memoByText(parseAfresh);

/** Parses the request line at the start of what has arrived; a crowd sends the same again and again. */
export function parseRequestLine(text: string): RequestLineResult {
  return text.length <= REMEMBERED_BYTES_MAX ? remembered(text) : parseAfresh(text);
}

function parseAfresh(text: string): RequestLineResult {
  let start = 0;
  while (text[start] === "\r" || text[start] === "\n") start++;
  const scan: Scan = { text, at: start };
  const parts = scanLine(scan, start);
  if (parts === "incomplete") return { kind: "incomplete", start };
  if (typeof parts !== "string") return parts;
  const rest = /^[^\r\n]*/.exec(text.slice(start)) as RegExpExecArray;
  return { kind: "error", message: parts, text: rest[0] };
}

const METHOD_CHARACTER = /[A-Z_-]/;

function scanLine(scan: Scan, start: number): RequestLine | LineError | "incomplete" {
  const { text } = scan;
  while (scan.at < text.length && text[scan.at] !== " ") {
    if (!METHOD_CHARACTER.test(text[scan.at])) return "client sent invalid method";
    scan.at++;
  }
  if (scan.at >= text.length) return "incomplete";
  // A line that begins with a space has no method.
  if (scan.at === start) return "client sent invalid method";
  const method = text.slice(start, scan.at);
  while (text[scan.at] === " ") scan.at++;
  if (scan.at >= text.length) return "incomplete";
  const target = scanTarget(scan);
  if (typeof target === "string") return target;
  const version = scanVersion(scan);
  if (typeof version === "string") return version;
  if (version.httpVersion === 9 && method !== "GET")
    return "client sent invalid method in HTTP/0.9 request";
  const line = text.slice(start, version.lineEnd);
  return { kind: "line", text: line, method, ...target, ...version, start, end: scan.at };
}

interface Target {
  readonly scheme: string | null;
  readonly host: string | null;
  readonly target: string;
  readonly emptyPath: boolean;
}

const INVALID = "client sent invalid request";

function scanTarget(scan: Scan): Target | LineError | "incomplete" {
  const { text } = scan;
  if (text[scan.at] === "/") {
    const target = scanPath(scan);
    return typeof target === "string"
      ? target
      : { scheme: null, host: null, target: target.path, emptyPath: false };
  }
  return /[a-zA-Z]/.test(text[scan.at]) ? scanAbsolute(scan) : INVALID;
}

/** `http://host[:port]` before the path. */
function scanAbsolute(scan: Scan): Target | LineError | "incomplete" {
  const rest = scan.text.slice(scan.at);
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/(\[[^\]\s/]*\]|[a-zA-Z0-9.-]*)(:[0-9]*)?/.exec(
    rest,
  );
  if (match === null) return isPrefix(rest) ? "incomplete" : INVALID;
  const next = rest[match[0].length];
  if (next === undefined) return "incomplete";
  scan.at += match[0].length;
  const parts = { scheme: match[1], host: match[2] };
  if (next === " ") return { ...parts, target: "/", emptyPath: false };
  if (next !== "/" && next !== "?") return INVALID;
  const path = scanPath(scan);
  if (typeof path === "string") return path;
  return { ...parts, target: path.path, emptyPath: next === "?" };
}

/** Whether more bytes may still make an absolute target of it. */
function isPrefix(rest: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9+.-]*(?::\/?\/?)?$/.test(rest);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters end the path.
const PATH_END = /[\x00-\x20\x7f]/g;

function scanPath(scan: Scan): { readonly path: string } | LineError | "incomplete" {
  const { text } = scan;
  const start = scan.at;
  PATH_END.lastIndex = start;
  const stop = PATH_END.exec(text);
  if (stop === null) return "incomplete";
  scan.at = stop.index;
  const isEnd = stop[0] === " " || stop[0] === "\r" || stop[0] === "\n";
  return isEnd ? { path: text.slice(start, stop.index) } : INVALID;
}

interface Version {
  readonly httpVersion: number;
  readonly protocol: string;
  readonly lineEnd: number;
}

function scanVersion(scan: Scan): Version | LineError | "incomplete" {
  const { text } = scan;
  while (text[scan.at] === " ") scan.at++;
  const start = scan.at;
  const ch = text[start];
  if (ch === undefined) return "incomplete";
  if (ch === "\r" || ch === "\n") return scanEnd(scan, 9, "");
  for (const expected of "HTTP/") {
    if (text[scan.at] === undefined) return "incomplete";
    if (text[scan.at++] !== expected) return INVALID;
  }
  const number = scanNumber(scan);
  if (typeof number === "string") return number;
  const protocol = text.slice(start, scan.at);
  while (text[scan.at] === " ") scan.at++;
  return scanEnd(scan, number.httpVersion, protocol);
}

function scanNumber(scan: Scan): { readonly httpVersion: number } | LineError | "incomplete" {
  const { text } = scan;
  const major = text[scan.at];
  if (major === undefined) return "incomplete";
  if (major < "1" || major > "9") return INVALID;
  if (major > "1") return "client sent invalid version";
  const match = /^1(?:\.(\d*))?/.exec(text.slice(scan.at)) as RegExpExecArray;
  scan.at += match[0].length;
  const next = text[scan.at];
  if (next === undefined) return "incomplete";
  if (match[1] === undefined && /\d/.test(next)) return "client sent invalid version";
  if (match[1] === undefined || match[1] === "" || match[1].length > 3) return INVALID;
  return { httpVersion: 1000 + Number(match[1]) };
}

function scanEnd(
  scan: Scan,
  httpVersion: number,
  protocol: string,
): Version | LineError | "incomplete" {
  const { text } = scan;
  const lineEnd = scan.at;
  if (text[scan.at] === "\r") scan.at++;
  if (text[scan.at] === undefined) return "incomplete";
  if (text[scan.at] !== "\n") return INVALID;
  scan.at++;
  return { httpVersion, protocol, lineEnd };
}
