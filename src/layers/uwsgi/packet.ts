// The uwsgi protocol's packet: four bytes of header, then pairs of counted keys and values. And the
// same pairs made of an HTTP request, for --http-socket.
// Source: uWSGI documentation, "The uwsgi Protocol"; proto/uwsgi.c, proto/http.c 2.0.21.
import { PACKET_HEADER_BYTES } from "./costs.ts";

export type Vars = ReadonlyMap<string, string>;

export type PacketResult =
  | { readonly kind: "more" }
  /** A block that does not fit buffer-size, or pairs that leave the block. */
  | { readonly kind: "too large"; readonly bytes: number }
  | { readonly kind: "bad" }
  | {
      readonly kind: "vars";
      readonly vars: Vars;
      readonly pairs: number;
      readonly bytes: number;
      readonly consumed: number;
    };

/** Reads a packet from the bytes received so far (latin-1). */
export function parsePacket(data: string, bufferSize: number): PacketResult {
  if (data.length < PACKET_HEADER_BYTES) return { kind: "more" };
  const bytes = sizeAt(data, 1);
  if (bytes > bufferSize) return { kind: "too large", bytes };
  const end = PACKET_HEADER_BYTES + bytes;
  if (data.length < end) return { kind: "more" };
  const vars = new Map<string, string>();
  let pairs = 0;
  for (let at = PACKET_HEADER_BYTES; at < end; pairs++) {
    const key = stringAt(data, at, end);
    const value = key === null ? null : stringAt(data, key.next, end);
    if (key === null || value === null) return { kind: "bad" };
    vars.set(key.text, value.text);
    at = value.next;
  }
  return { kind: "vars", vars, pairs, bytes, consumed: end };
}

function sizeAt(data: string, at: number): number {
  return data.charCodeAt(at) | (data.charCodeAt(at + 1) << 8);
}

function stringAt(data: string, at: number, end: number): { text: string; next: number } | null {
  if (at + 2 > end) return null;
  const next = at + 2 + sizeAt(data, at);
  return next > end ? null : { text: data.slice(at + 2, next), next };
}

/** An HTTP request on an http-socket, as the vars uWSGI makes of it. */
export function parseHttp(
  data: string,
  place: {
    readonly bufferSize: number;
    readonly remoteIp: string;
    readonly port: string;
    readonly hostname: string;
  },
): PacketResult {
  const end = data.indexOf("\r\n\r\n");
  if (end < 0)
    return data.length > place.bufferSize
      ? { kind: "too large", bytes: data.length }
      : { kind: "more" };
  const [line, ...fields] = data.slice(0, end).split("\r\n");
  const [method, uri, protocol] = line.split(" ");
  if (protocol === undefined) return { kind: "bad" };
  const mark = uri.indexOf("?");
  const path = mark < 0 ? uri : uri.slice(0, mark);
  const vars = new Map<string, string>([
    ["REQUEST_METHOD", method],
    ["REQUEST_URI", uri],
    ["PATH_INFO", unquote(path)],
    ["QUERY_STRING", mark < 0 ? "" : uri.slice(mark + 1)],
    ["SERVER_PROTOCOL", protocol],
    ["SCRIPT_NAME", ""],
    ["SERVER_NAME", place.hostname],
    ["SERVER_PORT", place.port],
    ["REMOTE_ADDR", place.remoteIp],
  ]);
  for (const field of fields) {
    const colon = field.indexOf(":");
    if (colon <= 0) continue;
    const name = field.slice(0, colon).toUpperCase().replace(/-/g, "_");
    const key = name === "CONTENT_TYPE" || name === "CONTENT_LENGTH" ? name : `HTTP_${name}`;
    vars.set(key, field.slice(colon + 1).trim());
  }
  let bytes = 0;
  for (const [key, value] of vars) bytes += 4 + key.length + value.length;
  return { kind: "vars", vars, pairs: vars.size, bytes, consumed: end + 4 };
}

function unquote(text: string): string {
  return text.replace(/%([\da-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
