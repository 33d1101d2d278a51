// gzip: which answers are compressed, what that changes in their headers, and how long they become.
// Source: nginx 1.22.1, src/http/modules/ngx_http_gzip_filter_module.c; ngx_http_core_module.c (ngx_http_gzip_ok,
// ngx_http_gzip_accept_encoding).
// Simplification: the compressed bytes are counted, not made, and leave when the whole body is there.
import { parseHttpDate } from "../../host/calendar.ts";
import { type Chunk, fillerChunk, packedChunk } from "../../host/network.ts";
import { gzipBytes } from "../../wire/deflate-size.ts";
import type { Alternative } from "../layer.ts";
import { bytesOf, chunkText } from "./body-chunks.ts";
import { causeOf } from "./cause.ts";
import { argumentText, argumentTexts } from "./config-tree.ts";
import { boundedRow, flagRow, row, sizeRow } from "./directive-rows.ts";
import { isMsie6 } from "./keepalive.ts";
import type { Pattern } from "./pattern.ts";
import type { NginxContext, NginxModule } from "./phases.ts";
import type { HeaderOut, NginxRequest } from "./request.ts";
import { isConfigError, listRow } from "./setting-rows.ts";
import type { ConfigError, DirectiveRow } from "./settings.ts";
import { settingOf, valueAt } from "./settings.ts";

const CTX = "gzip";

const gzipRow = flagRow("gzip", false);
const varyRow = flagRow("gzip_vary", false);
const minLengthRow = sizeRow("gzip_min_length", 20);
const levelRow = boundedRow("gzip_comp_level", 1, [1, 9]);
const versionRow = row<number>("gzip_http_version", 1001, (directive) => {
  const text = argumentText(directive, 0);
  if (text === "1.0") return 1000;
  return text === "1.1" ? 1001 : { emerg: `invalid value "${text}"` };
});
const typesRow = listRow<string>("gzip_types", {
  fallback: ["text/html"],
  repeat: true,
  read: (directive, build, before) => {
    const types = argumentTexts(directive).map((type) => type.toLowerCase());
    const known = new Set([...before, "text/html"]);
    for (const type of types) {
      if (known.has(type)) build.warn(`duplicate MIME type "${type}"`, directive);
      known.add(type);
    }
    return before.length === 0 ? ["text/html", ...types] : types;
  },
});

/** `msie6`, or a regular expression that the User-Agent is compared with. */
const disableRow = listRow<"msie6" | Pattern>("gzip_disable", {
  fallback: [],
  repeat: true,
  read: (directive, build) => {
    const rules = argumentTexts(directive)
      .filter((text) => text !== "degradation")
      .map((text) => (text === "msie6" ? text : build.pattern(text, directive, true)));
    const bad = rules.find((rule): rule is ConfigError => isConfigError(rule));
    return bad ?? (rules as ("msie6" | Pattern)[]);
  },
});

const proxiedRow = listRow<string>("gzip_proxied", {
  fallback: ["off"],
  repeat: true,
  read: (directive) => {
    const known = /^(?:off|expired|no-cache|no-store|private|no_last_modified|no_etag|auth|any)$/;
    const bad = argumentTexts(directive).find((word) => !known.test(word));
    return bad === undefined ? argumentTexts(directive) : { emerg: `invalid value "${bad}"` };
  },
});

/** Whether an Accept-Encoding allows gzip (ngx_http_gzip_accept_encoding). */
export function acceptsGzip(value: string): boolean {
  const match = /(?:^|[ ,])gzip(?=[,; ]|$)(.*)$/i.exec(value);
  if (match === null) return false;
  const rest = match[1].replace(/^ +/, "");
  if (rest === "" || rest.startsWith(",")) return true;
  if (/^; *$/.test(rest)) return true;
  const quality = /^; *q=([01])(?:\.(\d{0,3}))?(?=[ ,]|$)/i.exec(rest);
  if (quality === null) return false;
  const digits = [...(quality[2] ?? "")].reduce((sum, digit) => sum + Number(digit), 0);
  const hundredths = Number(quality[1]) * 100 + digits;
  return hundredths > 0 && hundredths <= 100;
}

function headerIn(request: NginxRequest, key: string): string | null {
  return request.headersIn.find((header) => header.key === key)?.value ?? null;
}

function headersOut(request: NginxRequest, key: string): HeaderOut[] {
  return request.out.list.filter((header) => header.name.toLowerCase() === key);
}

/** Whether this request may get gzip at all (ngx_http_gzip_ok). */
export function isGzipAllowed(context: NginxContext, request: NginxRequest): boolean {
  if (request.parent !== null) return false;
  const accepted = headerIn(request, "accept-encoding");
  if (accepted === null || !acceptsGzip(accepted)) return false;
  if (request.httpVersion < valueAt(request.location, versionRow)) return false;
  if (isDisabled(request)) return false;
  return headerIn(request, "via") === null || isAllowedProxied(context, request);
}

/** gzip_disable: browsers that cannot be trusted with it. */
function isDisabled(request: NginxRequest): boolean {
  const agent = headerIn(request, "user-agent");
  if (agent === null) return false;
  return valueAt(request.location, disableRow).some((rule) =>
    rule === "msie6" ? isMsie6(agent) : rule.regex.test(agent),
  );
}

/** gzip_vary. */
export function setsVary(request: NginxRequest): boolean {
  return valueAt(request.location, varyRow);
}

function isAllowedProxied(context: NginxContext, request: NginxRequest): boolean {
  const words = new Set(valueAt(request.location, proxiedRow));
  if (words.has("off")) return false;
  if (words.has("any")) return true;
  if (words.has("auth") && headerIn(request, "authorization") !== null) return true;
  const [expires] = headersOut(request, "expires");
  if (expires !== undefined) {
    const ms = parseHttpDate(expires.value);
    return words.has("expired") && ms !== null && ms < context.nowMs();
  }
  const control = headersOut(request, "cache-control").map((header) => header.value.toLowerCase());
  if (control.length > 0) {
    const kinds = ["no-cache", "no-store", "private"];
    return kinds.some((kind) => words.has(kind) && control.some((value) => value.includes(kind)));
  }
  const hasLastModified =
    headersOut(request, "last-modified").length > 0 || request.out.lastModified !== null;
  if (words.has("no_last_modified") && hasLastModified) return false;
  return !(words.has("no_etag") && headersOut(request, "etag").length > 0);
}

/** Why this answer is compressed or not, for those who look. */
export function gzipFacts(context: NginxContext, request: NginxRequest): Alternative {
  const setting = settingOf(request.location, gzipRow);
  const problem = request.ctx[CTX] === undefined ? uncompressedBecause(context, request) : null;
  return {
    text: `gzip ${setting.value ? "on" : "off"}`,
    chosen: problem === null,
    verdict: problem === null ? "compressed: chunked, the length is not known" : problem,
    cause: causeOf(setting.span, "whether answers are compressed"),
  };
}

function uncompressedBecause(context: NginxContext, request: NginxRequest): string {
  const { out, location } = request;
  const type = (out.contentType ?? "").split(";")[0].trim().toLowerCase();
  const accepted = headerIn(request, "accept-encoding");
  const least = valueAt(location, minLengthRow);
  const types = valueAt(location, typesRow);
  if (!valueAt(location, gzipRow)) return "not compressed: gzip is off";
  if (![200, 403, 404].includes(out.status))
    return `not compressed: only 200, 403 and 404 are, not ${out.status}`;
  if (headersOut(request, "content-encoding").length > 0)
    return "not compressed: the answer is encoded already";
  if (out.contentLength !== null && out.contentLength < least)
    return `not compressed: ${out.contentLength} bytes are fewer than gzip_min_length ${least}`;
  if (!types.includes("*") && !types.includes(type))
    return `not compressed: ${type || "no type"} is not among gzip_types (${types.join(" ")})`;
  if (accepted === null) return "not compressed: the client sent no Accept-Encoding";
  if (!acceptsGzip(accepted))
    return `not compressed: the client accepts ${accepted === "" ? "nothing" : accepted}`;
  if (request.httpVersion < valueAt(location, versionRow))
    return "not compressed: the client's HTTP version is below gzip_http_version";
  return notAllowedBecause(context, request);
}

function notAllowedBecause(context: NginxContext, request: NginxRequest): string {
  if (isDisabled(request)) return "not compressed: gzip_disable names this browser";
  return isGzipAllowed(context, request)
    ? "not compressed: there is no body to compress"
    : "not compressed: the request came through a proxy (Via), see gzip_proxied";
}

function isCompressible(request: NginxRequest): boolean {
  const { out, location } = request;
  if (!valueAt(location, gzipRow) || ![200, 403, 404].includes(out.status)) return false;
  if (out.contentLength !== null && out.contentLength < valueAt(location, minLengthRow))
    return false;
  if (headersOut(request, "content-encoding").some((header) => header.value !== "")) return false;
  const type = (out.contentType ?? "").split(";")[0].trim().toLowerCase();
  const types = valueAt(location, typesRow);
  return type !== "" && (types.includes("*") || types.includes(type)) && !request.headerOnly;
}

function headerFilter(context: NginxContext, request: NginxRequest): void {
  if (isCompressible(request)) announce(context, request);
}

/** The header of an answer that could be compressed, and of one that is. */
function announce(context: NginxContext, request: NginxRequest): void {
  if (setsVary(request)) request.ctx.gzipVary = true;
  if (!isGzipAllowed(context, request)) return;
  const { out } = request;
  request.ctx[CTX] = { length: out.contentLength, held: [] as Chunk[] };
  out.list.push({ name: "Content-Encoding", value: "gzip" });
  out.contentLength = null;
  out.allowRanges = false;
  out.list = out.list.filter((header) => header.name.toLowerCase() !== "accept-ranges");
  for (const etag of headersOut(request, "etag")) {
    if (etag.value.startsWith('"')) etag.value = `W/${etag.value}`;
  }
}

interface Held {
  readonly length: number | null;
  held: Chunk[];
}

function bodyFilter(
  _context: NginxContext,
  request: NginxRequest,
  chunks: readonly Chunk[],
  last: boolean,
): readonly Chunk[] {
  const state = request.ctx[CTX] as Held | undefined;
  return state === undefined ? chunks : compressed(request, state, chunks, last);
}

function compressed(
  request: NginxRequest,
  state: Held,
  chunks: readonly Chunk[],
  last: boolean,
): readonly Chunk[] {
  state.held.push(...chunks);
  if (!last) return [];
  const bytes = compressedBytes(state, valueAt(request.location, levelRow));
  request.kept.gzipRatio = [bytesOf(state.held), bytes];
  const text = state.held.some((chunk) => chunk.text === null) ? null : textOf(state.held);
  state.held = [];
  return [text === null ? fillerChunk(bytes) : packedChunk(bytes, text)];
}

function textOf(chunks: readonly Chunk[]): string {
  return chunks.map((chunk) => chunk.text ?? "").join("");
}

/** `$gzip_ratio`: how many times shorter the body became, to two decimals (ngx_http_gzip_ratio_variable). */
function gzipRatio(_: NginxContext, request: NginxRequest): string | null {
  const [read, written] = (request.kept.gzipRatio ?? []) as readonly number[];
  if (!written) return null;
  const thousandths = Math.floor((read * 1000) / written);
  return (Math.floor((thousandths + 5) / 10) / 100).toFixed(2);
}

/** Beyond this the compressed length of a body is extrapolated. */
const SAMPLE_BYTES = 131_072;
const known = new Map<string, number>();
const KNOWN_MAX = 1000;

function compressedBytes(state: Held, level: number): number {
  const total = bytesOf(state.held);
  const options = { level, ...windowFor(state.length) };
  let text = "";
  for (const chunk of state.held) {
    if (text.length >= SAMPLE_BYTES) break;
    text += chunk.text ?? chunkText({ ...chunk, bytes: Math.min(chunk.bytes, SAMPLE_BYTES) });
  }
  const sample = text.slice(0, SAMPLE_BYTES);
  const key = `${level} ${options.windowBits} ${sample}`;
  const bytes = known.get(key) ?? gzipBytes(sample, options);
  if (known.size > KNOWN_MAX) known.clear();
  known.set(key, bytes);
  return total <= sample.length ? bytes : Math.round((bytes * total) / sample.length);
}

/** A short body of known length gets a smaller window and less memory (ngx_http_gzip_filter_memory). */
function windowFor(length: number | null): { windowBits: number; memoryLevel: number } {
  let windowBits = 15;
  let memoryLevel = 8;
  if (length === null || length <= 0) return { windowBits, memoryLevel };
  while (windowBits > 9 && length < (1 << (windowBits - 1)) - 262) {
    windowBits--;
    memoryLevel--;
  }
  return { windowBits, memoryLevel: Math.max(1, memoryLevel) };
}

/** gzip. */
export const gzipModule: NginxModule = {
  name: "gzip",
  directives: [
    gzipRow,
    varyRow,
    minLengthRow,
    levelRow,
    versionRow,
    disableRow,
    typesRow,
    proxiedRow,
  ] as unknown as DirectiveRow[],
  variables: [{ name: "gzip_ratio", get: gzipRatio }],
  headerFilter,
  bodyFilter,
};
