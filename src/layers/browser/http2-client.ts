// How Chromium and the client of the recordings speak HTTP/2: their settings and windows, and the fields
// of their requests.
// Source: recorded, net/br-http2-page.json (Chromium 156) and net/http2-*.json (curl 7.88.1).

import type { HeaderField } from "../../wire/hpack-table.ts";
import { type Priority, SETTING } from "../../wire/http2-frame.ts";
import type { HeaderFields, Http2Profile } from "../http2-session.ts";
import type { ResponseHead } from "./response-reader.ts";

/** Source: recorded; the window is filled up when half of it is used (SpdySession, nghttp2). */
const HALF = 1 / 2;

export const CHROMIUM_HTTP2: Http2Profile = Object.freeze({
  role: "client",
  name: "Chromium",
  settings: Object.freeze([
    [SETTING.headerTableSize, 65_536],
    [SETTING.enablePush, 0],
    [SETTING.initialWindowSize, 6_291_456],
    [SETTING.maxHeaderListSize, 262_144],
  ] as const),
  connectionWindowBytes: 15_728_640,
  refillsAfter: HALF,
  policy: "chromium",
});

export const CLIENT_HTTP2: Http2Profile = Object.freeze({
  role: "client",
  name: "The client",
  settings: Object.freeze([
    [SETTING.maxConcurrentStreams, 100],
    [SETTING.initialWindowSize, 33_554_432],
    [SETTING.enablePush, 0],
  ] as const),
  connectionWindowBytes: 33_554_432,
  refillsAfter: HALF,
  policy: "nghttp2",
});

/** The most that one DATA frame of a request carries: the size that every server takes. */
export const DATA_BYTES_MAX = 16_384;

/** How urgent Chromium finds a request, 0 first; the `priority` header and the weight say it. */
export type Urgency = 0 | 1 | 2 | 3;

/** Source: recorded, browser.md section 4; 3 is the default and is not said. */
export function priorityHeader(urgency: Urgency): HeaderField {
  return ["priority", urgency === 3 ? "i" : `u=${urgency}, i`];
}

/** Source: Chromium, Spdy3PriorityToHttp2Weight. */
const WEIGHTS = [256, 220, 183, 147] as const;

/**
 * A stream's place in the tree of priorities: behind the newest stream that is at least as urgent.
 * Source: Chromium, net/spdy/http2_priority_dependencies.cc. `others` are the streams under way, the
 * oldest first.
 */
export function priorityAmong(
  urgency: Urgency,
  others: readonly { readonly stream: number; readonly urgency: Urgency }[],
): Priority {
  let dependsOn = 0;
  let best = -1;
  for (const other of others) {
    if (other.urgency > urgency || other.urgency < best) continue;
    best = other.urgency;
    dependsOn = other.stream;
  }
  return { exclusive: true, dependsOn, weight: WEIGHTS[urgency] };
}

/** Headers of a connection that HTTP/2 has no use for. Source: RFC 9113, section 8.2.2. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  ...["host", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"],
]);

/** Headers as fields of HTTP/2: names in lower case, without those of the connection. */
export function fieldsOf(headers: readonly (readonly [string, string])[]): HeaderFields {
  return headers.flatMap(([name, value]): HeaderField[] => {
    const key = name.toLowerCase();
    return OF_CONNECTION.has(key) ? [] : [[key, value]];
  });
}

/** Fields as a person reads them. */
export function fieldText(fields: HeaderFields): string {
  return fields.map(([name, value]) => `${name}: ${value}`).join("\r\n");
}

/** A response's fields as a head, of which :status is the status line. */
export function headOfFields(fields: HeaderFields): ResponseHead {
  return Object.freeze({
    version: "2",
    status: Number(fields.find(([name]) => name === ":status")?.[1] ?? 0),
    reason: "",
    headers: Object.freeze(fields.filter(([name]) => !name.startsWith(":"))),
    text: fieldText(fields),
  });
}
