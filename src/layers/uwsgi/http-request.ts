// The vars that uWSGI makes of an HTTP request, in the workers (http-socket) and in the router (http).
// It takes what it is given: a head without a method or a protocol makes vars all the same.
// Source: uWSGI 2.0.21 proto/http.c http_parse, plugins/http/http.c http_headers_parse, core/utils.c
// http_url_decode.
import type { PacketResult } from "./packet.ts";

export interface HttpPlace {
  readonly bufferSize: number;
  readonly remoteIp: string;
  readonly port: string;
  readonly hostname: string;
  /** The port of the client when the router reads the request, which adds two vars of its own. */
  readonly routedFrom: string | null;
  /** manage-script-name: no empty SCRIPT_NAME stands in the way. */
  readonly managesScriptName: boolean;
}

/** Reads a request head from the bytes received so far (latin-1). */
export function parseHttp(data: string, place: HttpPlace): PacketResult {
  const end = data.indexOf("\r\n\r\n");
  const isRouted = place.routedFrom !== null;
  if (!isRouted && (end < 0 ? data.length : end + 4) > place.bufferSize)
    return { kind: "too large", bytes: data.length };
  if (end < 0) return { kind: "more" };
  const [line, ...fields] = data.slice(0, end).split("\r\n");
  const vars = new Map<string, string>();
  if (!addRequestLine(vars, data.slice(0, end + 4), line) && isRouted) return { kind: "bad" };
  addPlace(vars, place);
  addHeaders(vars, fields);
  let bytes = 0;
  for (const [key, value] of vars) bytes += 4 + key.length + value.length;
  if (bytes > place.bufferSize) return { kind: "too large", bytes };
  return { kind: "vars", vars, pairs: vars.size, bytes, consumed: end + 4 };
}

/** Method, target and protocol stand between blanks; false when one of them is not there. */
function addRequestLine(vars: Map<string, string>, head: string, line: string): boolean {
  const first = head.indexOf(" ");
  if (first < 0) return false;
  vars.set("REQUEST_METHOD", head.slice(0, first));
  const second = head.indexOf(" ", first + 1);
  if (second < 0) return false;
  const uri = head.slice(first + 1, second);
  const mark = uri.indexOf("?");
  vars.set("REQUEST_URI", uri);
  vars.set("PATH_INFO", decodePath(mark < 0 ? uri : uri.slice(0, mark)));
  vars.set("QUERY_STRING", mark < 0 ? "" : uri.slice(mark + 1));
  if (second >= line.length) return false;
  vars.set("SERVER_PROTOCOL", line.slice(second + 1));
  return true;
}

function addPlace(vars: Map<string, string>, place: HttpPlace): void {
  if (!place.managesScriptName || place.routedFrom !== null) vars.set("SCRIPT_NAME", "");
  vars.set("SERVER_NAME", place.hostname);
  vars.set("SERVER_PORT", place.port);
  if (place.routedFrom !== null) vars.set("UWSGI_ROUTER", "http");
  vars.set("REMOTE_ADDR", place.remoteIp);
  if (place.routedFrom !== null) vars.set("REMOTE_PORT", place.routedFrom);
}

/** Headers of one name are joined; a line that begins with a blank goes on with the one before. */
function addHeaders(vars: Map<string, string>, fields: readonly string[]): void {
  const seen = new Set<string>();
  const lines: string[] = [];
  for (const field of fields) {
    if (/^[ \t]/.test(field) && lines.length > 0) lines.push(`${lines.pop()}\r\n${field}`);
    else lines.push(field);
  }
  for (const field of lines) {
    const colon = field.indexOf(":");
    if (colon <= 0) continue;
    const name = field.slice(0, colon).toUpperCase().replace(/-/g, "_");
    const key = name === "CONTENT_TYPE" || name === "CONTENT_LENGTH" ? name : `HTTP_${name}`;
    const value = field.slice(colon + 1).replace(/^ +/, "");
    vars.set(key, seen.has(key) ? `${vars.get(key)}, ${value}` : value);
    seen.add(key);
  }
}

/** Percent signs are decoded and dot segments removed, in one pass and so not in what was decoded. */
export function decodePath(path: string): string {
  const segments: string[] = [];
  const raw = (path.split("#")[0] ?? "").split("/");
  raw.forEach((segment, i) => {
    const isLast = i === raw.length - 1;
    if (segment === "..") segments.pop();
    else if (segment !== ".") segments.push(unquote(segment));
    if (isLast && (segment === "." || segment === "..")) segments.push("");
  });
  return segments.join("/");
}

function unquote(text: string): string {
  return text.replace(/%(%|[\da-fA-F]{2})/g, (_, hex: string) =>
    hex === "%" ? "%" : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
