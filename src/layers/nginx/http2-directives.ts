// The directives of HTTP/2 that a client can see the effect of. The names that 1.19.7 gave up are known
// and say so.
// Source: src/http/v2/ngx_http_v2_module.c (1.22.1).
import { argumentText } from "./config-tree.ts";
import { numberRow, row, sizeRow } from "./directive-rows.ts";
import type { DirectiveRow } from "./settings.ts";
import { parseSize } from "./units.ts";

export const HTTP2_MAX_CONCURRENT_STREAMS = numberRow("http2_max_concurrent_streams", 128);
/** What a client may send of a body before nginx wants it. */
export const HTTP2_BODY_PREREAD_SIZE = sizeRow("http2_body_preread_size", 65_536);
/** The most that one DATA frame carries. */
export const HTTP2_CHUNK_SIZE = row<number>("http2_chunk_size", 8192, (directive) => {
  const bytes = parseSize(argumentText(directive, 0));
  if (bytes === null) return { emerg: '"http2_chunk_size" directive invalid value' };
  return bytes === 0 ? { emerg: "the http2 chunk size cannot be zero" } : bytes;
});

export const http2Directives: readonly DirectiveRow[] = [
  HTTP2_MAX_CONCURRENT_STREAMS,
  HTTP2_BODY_PREREAD_SIZE,
  HTTP2_CHUNK_SIZE,
];
