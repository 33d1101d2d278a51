// GZipMiddleware and gzip_page. Source: django/middleware/gzip.py and django/utils/text.py, 3.2.
import { type Chunk, fillerChunk } from "../../host/network.ts";
import { gzipBytes } from "../../wire/deflate-size.ts";
import { GZIP_BYTE_NS } from "./costs.ts";
import { type Django, pay } from "./django.ts";
import { type HttpRequest, meta } from "./http-request.ts";
import {
  contentBytes,
  getHeader,
  isStreaming,
  patchVary,
  type Response,
  removeHeader,
  setHeader,
} from "./http-response.ts";
import type { Run } from "./run.ts";

/** Shorter contents are not worth it. */
const LENGTH_MIN = 200;
/** What Python's gzip uses: level 6, window and memory at their largest. */
const ZLIB = { level: 6, windowBits: 15, memoryLevel: 8 } as const;
/** The header that is flushed before the first item of a stream. */
const HEADER_BYTES = 10;

export function compressResponse(django: Django, run: Run, response: Response): void {
  if (!isStreaming(response) && contentBytes(response) < LENGTH_MIN) return;
  if (getHeader(response, "Content-Encoding") !== null) return;
  patchVary(response, "Accept-Encoding");
  if (!/\bgzip\b/.test(meta(run.http as HttpRequest, "HTTP_ACCEPT_ENCODING") ?? "")) return;
  if (response.stream !== null) {
    const plain = response.stream.chunks * response.stream.bytes;
    const packed = packedBytes([fillerChunk(plain)]);
    response.stream = { ...response.stream, gzip: [HEADER_BYTES, packed - HEADER_BYTES] };
    removeHeader(response, "Content-Length");
  } else {
    const plain = contentBytes(response);
    const packed = packedBytes(response.content);
    if (packed >= plain) return;
    response.content = Object.freeze([fillerChunk(packed)]);
    setHeader(response, "Content-Length", String(packed));
    pay(django, run, plain * GZIP_BYTE_NS);
  }
  const etag = getHeader(response, "ETag");
  if (etag?.startsWith('"')) setHeader(response, "ETag", `W/${etag}`);
  setHeader(response, "Content-Encoding", "gzip");
}

const FILLER = "0123456789abcdef";
/** Filler compresses by the same share however long it is; so much of it is enough to know. */
const SAMPLE_BYTES = 262_144;

const known = new Map<string, number>();
const KNOWN_MAX = 300;

/** The compressed size: a pure function of the content, so it is computed once for each. */
function packedBytes(content: readonly Chunk[]): number {
  const key = content.map((chunk) => chunk.text ?? `\u0100${chunk.bytes}`).join("\u0101");
  const before = known.get(key);
  if (before !== undefined) return before;
  if (known.size >= KNOWN_MAX) known.clear();
  const packed = pack(content);
  known.set(key, packed);
  return packed;
}

function pack(content: readonly Chunk[]): number {
  const text = content
    .map(
      (chunk) =>
        chunk.text ??
        FILLER.repeat(Math.ceil(Math.min(chunk.bytes, SAMPLE_BYTES) / 16)).slice(
          0,
          Math.min(chunk.bytes, SAMPLE_BYTES),
        ),
    )
    .join("");
  const bytes = content.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const packed = gzipBytes(text, ZLIB);
  return text.length >= bytes ? packed : Math.round((packed * bytes) / text.length);
}
