// What a recorder shows of HTTP/2: the frames behind a row, from their bytes. Nothing here is kept, and
// nothing of it decides anything.
import type { Chunk } from "../../host/network.ts";
import { type DecodedField, decodeBlock, type FieldForm } from "../../wire/hpack.ts";
import { type HpackTable, STATIC_ENTRIES } from "../../wire/hpack-table.ts";
import {
  CLIENT_PREFACE,
  ERROR_CODES,
  FLAG,
  FRAME,
  FRAME_HEADER_BYTES,
  FRAME_TYPES,
  type FrameHeader,
  flagNames,
  readFrameHeader,
  readNumber,
  readPriority,
  readSettings,
  SETTING_NAMES,
} from "../../wire/http2-frame.ts";
import type { Http2Profile } from "../http2-session.ts";
import type { Field, Http2FrameView, Http2HeaderView, Message } from "../layer.ts";

/** Longest part of a frame whose bytes are shown. */
const SHOWN_BYTES_MAX = 512;
/** Frames of one message that are shown; a long body has hundreds. */
const SHOWN_FRAMES_MAX = 12;

/** The message of frames that were written together. */
export function framesMessage(
  { name, role }: Pick<Http2Profile, "name" | "role">,
  chunks: readonly Chunk[],
  table: HpackTable,
): Message | null {
  const frames = framesOf(chunks, table);
  if (frames.length === 0) return null;
  const bytes = frames.reduce((sum, frame) => sum + frame.bytes, 0);
  const shown = frames.slice(0, SHOWN_FRAMES_MAX);
  const left = frames.length - shown.length;
  return { kind: "http2", title: `${name} sends`, from: role, frames: shown, left, bytes };
}

function framesOf(chunks: readonly Chunk[], table: HpackTable): readonly Http2FrameView[] {
  const frames: Http2FrameView[] = [];
  let text = "";
  // Bytes of a counted body are not there: they are passed over, and only the frame's head is shown.
  let skip = 0;
  for (const chunk of chunks) {
    const passed = Math.min(skip, chunk.bytes);
    skip -= passed;
    if (chunk.text === null) continue;
    text = chunk.text.slice(passed);
    while (text.length > 0) {
      const read = nextFrame(text, table);
      frames.push(read.view);
      skip = Math.max(0, read.bytes - text.length);
      text = text.slice(read.bytes);
    }
  }
  return frames;
}

function nextFrame(
  text: string,
  table: HpackTable,
): { readonly view: Http2FrameView; readonly bytes: number } {
  if (text.startsWith(CLIENT_PREFACE)) {
    const { length } = CLIENT_PREFACE;
    const view = { ...EMPTY_VIEW, name: "connection preface", bytes: length };
    return { view: { ...view, shown: bytesOf(CLIENT_PREFACE) }, bytes: length };
  }
  const header = readFrameHeader(text);
  const bytes = FRAME_HEADER_BYTES + header.length;
  const payload = text.slice(FRAME_HEADER_BYTES, bytes);
  const view: Http2FrameView = {
    name: FRAME_TYPES[header.type] ?? `type ${header.type}`,
    flags: flagNames(header),
    stream: header.stream,
    bytes,
    fields: fieldsOf(header, payload),
    headers: header.type === FRAME.headers ? headersOf(header, payload, table) : [],
    shown: bytesOf(text.slice(0, Math.min(bytes, SHOWN_BYTES_MAX))),
  };
  return { view, bytes };
}

const EMPTY_VIEW: Http2FrameView = {
  name: "",
  flags: [],
  stream: 0,
  bytes: 0,
  fields: [],
  headers: [],
  shown: [],
};

function bytesOf(text: string): readonly number[] {
  return Array.from(text, (unit) => unit.charCodeAt(0));
}

function fieldsOf({ type, flags, length }: FrameHeader, payload: string): readonly Field[] {
  const bytes = (value: number) => `${value} bytes`;
  if (type === FRAME.settings)
    return readSettings(payload).map(([id, value]) => ({
      name: SETTING_NAMES[id] ?? `setting ${id}`,
      value: String(value),
    }));
  if (type === FRAME.windowUpdate)
    return [{ name: "increment", value: bytes(readNumber(payload, 0, 4)) }];
  if (type === FRAME.resetStream) return [errorField(readNumber(payload, 0, 4))];
  if (type === FRAME.goAway)
    return [
      { name: "last stream", value: String(readNumber(payload, 0, 4)) },
      errorField(readNumber(payload, 4, 4)),
    ];
  if (type === FRAME.data) return [{ name: "body", value: bytes(length) }];
  if (type !== FRAME.headers || (flags & FLAG.priority) === 0) return [];
  const { weight, dependsOn, exclusive } = readPriority(payload);
  const after = dependsOn === 0 ? "the connection" : `stream ${dependsOn}`;
  return [
    { name: "weight", value: String(weight) },
    { name: "depends on", value: exclusive ? `${after}, alone` : after },
  ];
}

function errorField(code: number): Field {
  return { name: "error", value: ERROR_CODES[code] ?? String(code) };
}

const PRIORITY_BYTES = 5;

function headersOf(
  { flags }: FrameHeader,
  payload: string,
  table: HpackTable,
): readonly Http2HeaderView[] {
  const block = payload.slice((flags & FLAG.priority) === 0 ? 0 : PRIORITY_BYTES);
  return decodeBlock(table, block)?.fields.map(headerView) ?? [];
}

function headerView({ field: [name, value], form, index, bytes }: DecodedField): Http2HeaderView {
  return { name, value, bytes, from: originOf(form, index) };
}

const KEPT: Readonly<Record<FieldForm, string>> = {
  indexed: "",
  added: ", added to the table",
  literal: "",
  never: ", never to be kept",
};

/** Where a field came from: an entry of a table, or its own text. */
function originOf(form: FieldForm, index: number): string {
  const entry =
    index <= STATIC_ENTRIES ? `static entry ${index}` : `dynamic entry ${index - STATIC_ENTRIES}`;
  if (form === "indexed") return entry;
  return `${index === 0 ? "written out" : `name from ${entry}`}${KEPT[form]}`;
}
