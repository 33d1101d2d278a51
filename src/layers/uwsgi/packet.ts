// The uwsgi protocol's packet: four bytes of header, then pairs of counted keys and values.
// Source: uWSGI documentation, "The uwsgi Protocol"; proto/uwsgi.c 2.0.21.
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
