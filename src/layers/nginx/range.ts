// Parts of a response: one range as 206, several as multipart/byteranges, 416 when none fits.
// Source: src/http/modules/ngx_http_range_filter_module.c (1.22.1).
import { type Chunk, textChunk } from "../../host/network.ts";
import { bytesOf, sliceChunk } from "./body-chunks.ts";
import { MAX_RANGES } from "./core-directives.ts";
import { parseHttpTime } from "./http-time.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { headerOut } from "./response-header.ts";
import { valueAt } from "./settings.ts";

interface Range {
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

/** What the body filter needs. Lies in request.ctx.range. */
interface RangeState {
  readonly ranges: readonly Range[];
  /** Text before each range of several; empty for a single one. */
  readonly heads: readonly string[];
  readonly tail: string;
  /** Bytes of the whole body that have come by. */
  offset: number;
  /** Of several ranges, the whole body is gathered first. */
  gathered: Chunk[];
}

/** Header filter: sets Content-Range or Accept-Ranges, or refuses with 416. */
export function rangeHeaderFilter(
  context: NginxContext,
  request: NginxRequest,
): number | undefined {
  const { out } = request;
  const isPossible =
    request.httpVersion >= 1000 && out.status === 200 && request.parent === null && out.allowRanges;
  if (!isPossible || out.contentLength === null) return;
  const most = valueAt(request.location, MAX_RANGES);
  if (most === 0) return;
  const wanted = request.headersIn.find((header) => header.key === "range")?.value ?? "";
  const isBytes = wanted.length >= 7 && wanted.toLowerCase().startsWith("bytes=");
  const ranges =
    isBytes && ifRangeHolds(request) ? parseRanges(wanted.slice(6), out.contentLength, most) : null;
  if (ranges === "unsatisfiable") {
    out.list.push({ name: "Content-Range", value: `bytes */${out.contentLength}` });
    return 416;
  }
  if (ranges === null) out.list.push({ name: "Accept-Ranges", value: "bytes" });
  else if (ranges.length === 1) single(request, ranges[0]);
  else multipart(context, request, ranges);
  return;
}

function ifRangeHolds(request: NginxRequest): boolean {
  const value = request.headersIn.find((header) => header.key === "if-range")?.value;
  if (value === undefined) return true;
  if (value.length >= 2 && value.endsWith('"')) return headerOut(request, "etag") === value;
  const { lastModified } = request.out;
  if (lastModified === null) return false;
  return parseHttpTime(value) === lastModified;
}

/** The ranges asked for; null: answer with the whole; "unsatisfiable": 416. */
export function parseRanges(
  text: string,
  size: number,
  most: number,
): readonly Range[] | null | "unsatisfiable" {
  const ranges: Range[] = [];
  let total = 0;
  for (const part of text.split(",")) {
    const range = parseRange(part, size);
    if (range === null) return "unsatisfiable";
    if (range.start < range.end) {
      if (ranges.length >= most) return null;
      ranges.push(range);
      total += range.end - range.start;
    } else if (range.start === 0) return null;
  }
  if (ranges.length === 0) return "unsatisfiable";
  return total > size ? null : ranges;
}

/** Offsets are signed 64-bit numbers. */
const OFFSET_MAX = 2 ** 63;

function parseRange(part: string, size: number): Range | null {
  const match = /^ *(?:(\d+) *- *(\d*)|-(\d+)) *$/.exec(part);
  if (match === null) return null;
  if (match[3] !== undefined && Number(match[3]) < OFFSET_MAX) {
    const last = Number(match[3]);
    const start = last < size ? size - last : 0;
    return { start, end: size };
  }
  if (match.slice(1).some((digits) => Number(digits ?? 0) >= OFFSET_MAX)) return null;
  const start = Number(match[1]);
  if (match[2] === "") return { start, end: size };
  const end = Number(match[2]);
  return { start, end: end >= size ? size : end + 1 };
}

function single(request: NginxRequest, range: Range): void {
  const { out } = request;
  const whole = out.contentLength;
  out.status = 206;
  out.statusLine = null;
  out.list.push({ name: "Content-Range", value: `bytes ${range.start}-${range.end - 1}/${whole}` });
  out.contentLength = range.end - range.start;
  const state: RangeState = { ranges: [range], heads: [], tail: "", offset: 0, gathered: [] };
  request.ctx.range = state;
}

function multipart(context: NginxContext, request: NginxRequest, ranges: readonly Range[]): void {
  const { out } = request;
  const counter = context.moduleState("range", () => ({ last: 0 }));
  counter.last++;
  const boundary = `${counter.last}`.padStart(20, "0");
  const charset = out.charset === null ? "" : `; charset=${out.charset}`;
  const type = out.contentType === null ? "" : `Content-Type: ${out.contentType}${charset}\r\n`;
  const heads = ranges.map(
    ({ start, end }) =>
      `\r\n--${boundary}\r\n${type}Content-Range: bytes ${start}-${end - 1}/${out.contentLength}\r\n\r\n`,
  );
  const tail = `\r\n--${boundary}--\r\n`;
  const bytes = ranges.reduce(
    (sum, range, i) => sum + heads[i].length + range.end - range.start,
    0,
  );
  out.status = 206;
  out.statusLine = null;
  out.contentType = `multipart/byteranges; boundary=${boundary}`;
  out.charset = null;
  out.contentLength = bytes + tail.length;
  const state: RangeState = { ranges, heads, tail, offset: 0, gathered: [] };
  request.ctx.range = state;
}

/** Body filter: keeps what was asked for. */
export function rangeBodyFilter(
  _: NginxContext,
  request: NginxRequest,
  chunks: readonly Chunk[],
  last: boolean,
): readonly Chunk[] {
  const state = request.ctx.range as RangeState | undefined;
  if (state === undefined) return chunks;
  if (state.heads.length > 0) return several(state, chunks, last);
  const [range] = state.ranges;
  const kept: Chunk[] = [];
  for (const chunk of chunks) {
    const from = Math.max(range.start - state.offset, 0);
    const to = Math.min(range.end - state.offset, chunk.bytes);
    if (from < to) kept.push(sliceChunk(chunk, from, to));
    state.offset += chunk.bytes;
  }
  return kept;
}

function several(state: RangeState, chunks: readonly Chunk[], last: boolean): readonly Chunk[] {
  state.gathered.push(...chunks);
  if (!last) return [];
  const parts = state.ranges.flatMap((range, i) => [
    textChunk(state.heads[i]),
    ...cut(state.gathered, range),
  ]);
  return [...parts, textChunk(state.tail)];
}

function cut(chunks: readonly Chunk[], range: Range): readonly Chunk[] {
  const kept: Chunk[] = [];
  let offset = 0;
  for (const chunk of chunks) {
    const from = Math.max(range.start - offset, 0);
    const to = Math.min(range.end - offset, chunk.bytes);
    if (from < to) kept.push(sliceChunk(chunk, from, to));
    offset += chunk.bytes;
  }
  return bytesOf(kept) === 0 ? [] : kept;
}
