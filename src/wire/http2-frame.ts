// The frames of HTTP/2: nine bytes that say how long, what, for which stream, and the payload.
// Bytes are latin-1 text, one unit a byte.
// Source: RFC 9113, sections 3.4, 4.1, 6 and 7.

export const FRAME_HEADER_BYTES = 9;
/** What a client says first of all; a server of HTTP/1.1 takes it for a request it must refuse. */
export const CLIENT_PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

export const FRAME_TYPES = [
  ...["DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY"],
  ...["WINDOW_UPDATE", "CONTINUATION"],
] as const;
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  resetStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const FLAG = { ack: 1, endStream: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

export const SETTING = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;
export const SETTING_NAMES: Readonly<Record<number, string>> = {
  1: "HEADER_TABLE_SIZE",
  2: "ENABLE_PUSH",
  3: "MAX_CONCURRENT_STREAMS",
  4: "INITIAL_WINDOW_SIZE",
  5: "MAX_FRAME_SIZE",
  6: "MAX_HEADER_LIST_SIZE",
};
export type Setting = readonly [id: number, value: number];

export const DEFAULT_WINDOW_BYTES = 65_535;
export const WINDOW_BYTES_MAX = 2 ** 31 - 1;
export const DEFAULT_FRAME_BYTES = 16_384;

/** Why a stream or a connection ended. Source: RFC 9113, section 7. */
export const ERROR_CODES = [
  ...["NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT"],
  ...["STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR"],
  ...["CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"],
] as const;
export const ERROR = {
  none: 0,
  protocol: 1,
  internal: 2,
  refusedStream: 7,
  cancel: 8,
  compression: 9,
  enhanceYourCalm: 11,
} as const;

export interface FrameHeader {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
}

function number(value: number, bytes: number): string {
  let text = "";
  for (let i = bytes - 1; i >= 0; i--)
    text += String.fromCharCode(Math.floor(value / 256 ** i) % 256);
  return text;
}

/** The number that `bytes` bytes of a text make, the highest first. */
export function readNumber(text: string, at: number, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value = value * 256 + text.charCodeAt(at + i);
  return value;
}

/** The nine bytes before a payload. */
export function frameHeader({ length, type, flags, stream }: FrameHeader): string {
  return number(length, 3) + String.fromCharCode(type, flags) + number(stream, 4);
}

/** Reads the nine bytes; the reserved bit is dropped. */
export function readFrameHeader(text: string, at = 0): FrameHeader {
  return {
    length: readNumber(text, at, 3),
    type: text.charCodeAt(at + 3),
    flags: text.charCodeAt(at + 4),
    stream: readNumber(text, at + 5, 4) % 2 ** 31,
  };
}

function frame(type: number, flags: number, stream: number, payload: string): string {
  return frameHeader({ length: payload.length, type, flags, stream }) + payload;
}

export function settingsFrame(settings: readonly Setting[]): string {
  const payload = settings.map(([id, value]) => number(id, 2) + number(value, 4)).join("");
  return frame(FRAME.settings, 0, 0, payload);
}

export const SETTINGS_ACK = frame(FRAME.settings, FLAG.ack, 0, "");

export function readSettings(payload: string): readonly Setting[] {
  const settings: Setting[] = [];
  for (let at = 0; at + 6 <= payload.length; at += 6)
    settings.push([readNumber(payload, at, 2), readNumber(payload, at + 2, 4)]);
  return settings;
}

export function windowUpdateFrame(stream: number, increment: number): string {
  return frame(FRAME.windowUpdate, 0, stream, number(increment, 4));
}

export function resetFrame(stream: number, code: number): string {
  return frame(FRAME.resetStream, 0, stream, number(code, 4));
}

export function goAwayFrame(lastStream: number, code: number): string {
  return frame(FRAME.goAway, 0, 0, number(lastStream, 4) + number(code, 4));
}

/** What a stream depends on and how much of the bandwidth it wants (deprecated by RFC 9113, still sent). */
export interface Priority {
  readonly exclusive: boolean;
  readonly dependsOn: number;
  /** 1 to 256. */
  readonly weight: number;
}

function priorityText({ exclusive, dependsOn, weight }: Priority): string {
  return number((exclusive ? 2 ** 31 : 0) + dependsOn, 4) + String.fromCharCode(weight - 1);
}

export function readPriority(payload: string): Priority {
  const word = readNumber(payload, 0, 4);
  const dependsOn = word % 2 ** 31;
  return { exclusive: word !== dependsOn, dependsOn, weight: payload.charCodeAt(4) + 1 };
}

export interface HeadersFrame {
  readonly stream: number;
  readonly block: string;
  readonly end: boolean;
  readonly priority: Priority | null;
}

/** HEADERS, and CONTINUATION frames after it when the block is longer than one frame may be. */
export function headersFrames({ stream, block, end, priority }: HeadersFrame): string {
  const whole = (priority === null ? "" : priorityText(priority)) + block;
  const pieces = whole.match(new RegExp(`[^]{1,${DEFAULT_FRAME_BYTES}}`, "g")) ?? [""];
  const flags = (end ? FLAG.endStream : 0) | (priority === null ? 0 : FLAG.priority);
  return pieces
    .map((piece, i) => {
      const last = i === pieces.length - 1 ? FLAG.endHeaders : 0;
      return i === 0
        ? frame(FRAME.headers, flags | last, stream, piece)
        : frame(FRAME.continuation, last, stream, piece);
    })
    .join("");
}

/** A frame's flags by name. */
export function flagNames({ type, flags }: FrameHeader): readonly string[] {
  const isAck = type === FRAME.settings || type === FRAME.ping;
  const names: readonly (readonly [bit: number, name: string])[] = isAck
    ? [[FLAG.ack, "ACK"]]
    : [
        [FLAG.endStream, "END_STREAM"],
        [FLAG.endHeaders, "END_HEADERS"],
        [FLAG.padded, "PADDED"],
        [FLAG.priority, "PRIORITY"],
      ];
  return names.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
}
