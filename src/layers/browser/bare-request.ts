// The exact bytes of the bare client's request, as a program of steps: bytes to send, time to wait,
// FIN. The client is the one of the recordings: it sends Host, User-Agent, Accept, then cookies, the
// scenario's headers, Content-Length and Content-Type, and nothing of its own beside.
import { type Chunk, fillerChunk, textChunk } from "../../host/network.ts";
import { fromMs, type Span } from "../../kernel/time.ts";
import { toByteText } from "../../text/utf8.ts";
import type { HeaderFields } from "../http2-session.ts";
import { fieldsOf } from "./http2-client.ts";
import type { RequestSpec } from "./request-spec.ts";

export type SendStep =
  | { readonly kind: "bytes"; readonly chunk: Chunk }
  | { readonly kind: "wait"; readonly ns: Span }
  | { readonly kind: "fin" }
  /** HTTP/2: the request's head on a stream of its own, and its body. */
  | { readonly kind: "request"; readonly fields: HeaderFields; readonly end: boolean }
  | { readonly kind: "body"; readonly chunk: Chunk };

export interface BareUrl {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  /** Path and query, exactly as written. */
  readonly target: string;
  /** The value of Host: without a default port. */
  readonly authority: string;
}

const PORT_MAX = 65_535;

/** Splits an absolute URL; nothing is normalised. Null when it is not http or https. */
export function parseBareUrl(url: string): BareUrl | null {
  const found = /^(https?):\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d*))?([^#]*)/i.exec(url);
  if (found === null || found[2] === "") return null;
  const scheme = found[1].toLowerCase() === "https" ? "https" : "http";
  const defaultPort = scheme === "https" ? 443 : 80;
  const port = found[3] === undefined || found[3] === "" ? defaultPort : Number(found[3]);
  if (port > PORT_MAX || /^\[[^\]]*$/.test(found[2])) return null;
  const target = found[4].startsWith("/") ? found[4] : `/${found[4]}`;
  const authority = port === defaultPort ? found[2] : `${found[2]}:${port}`;
  return Object.freeze({ scheme, host: found[2].replace(/^\[|\]$/g, ""), port, target, authority });
}

/** What a cookie jar fills in. */
export interface Fillings {
  readonly cookie: string | null;
  /** Fills {{csrf}} and {{cookie:NAME}}; one that is unknown stays as it is. */
  readonly fill: (text: string) => string;
}

/** The steps of sending a request; `fillings` is null without a jar. */
export function sendSteps(
  spec: RequestSpec,
  url: BareUrl,
  fillings: Fillings | null,
): readonly SendStep[] {
  const fillRaw = (text: string) => (fillings === null ? text : fillings.fill(text));
  const fill = (text: string) => toByteText(fillRaw(text));
  const steps =
    spec.raw === undefined
      ? composedSteps(spec, url, { cookie: fillings?.cookie ?? null, fill })
      : rawSteps(spec.raw, fillRaw);
  if (spec.halfClose === true) steps.push({ kind: "fin" });
  return Object.freeze(steps.map((step) => Object.freeze(step)));
}

/** The steps of a request on a connection of HTTP/2. Source: recorded, net/http2-three-gets.json. */
export function streamSteps(
  spec: RequestSpec,
  url: BareUrl,
  fillings: Fillings | null,
): readonly SendStep[] {
  const fill = (text: string) => toByteText(fillings === null ? text : fillings.fill(text));
  const body = bodyOf(spec, fill);
  const parts = { cookie: fillings?.cookie ?? null, fill, bodyBytes: body?.bytes ?? null };
  const headers = headersOf(spec, url, parts);
  const authority = headers.find(([name]) => name.toLowerCase() === "host")?.[1];
  const fields: HeaderFields = Object.freeze([
    [":method", spec.method ?? "GET"] as const,
    [":path", fill(spec.target ?? url.target)] as const,
    [":scheme", url.scheme] as const,
    ...(authority === undefined ? [] : [[":authority", authority] as const]),
    ...fieldsOf(headers),
  ]);
  const steps: SendStep[] = [{ kind: "request", fields, end: body === null }];
  if (body === null) return steps;
  if (spec.bodyDelay !== undefined) steps.push({ kind: "wait", ns: fromMs(spec.bodyDelay) });
  return [...steps, { kind: "body", chunk: body }];
}

/** Raw bytes: a character of the scenario is one byte (latin-1), as the recordings show. */
function rawSteps(
  raw: string | readonly (string | number)[],
  fill: (text: string) => string,
): SendStep[] {
  return (typeof raw === "string" ? [raw] : raw).map((part) =>
    typeof part === "number"
      ? { kind: "wait", ns: fromMs(part) }
      : { kind: "bytes", chunk: textChunk(toLatin1(fill(part))) },
  );
}

function toLatin1(text: string): string {
  return text.replace(/[^\0-\xff]/g, (c) => String.fromCharCode(c.charCodeAt(0) & 255));
}

function composedSteps(spec: RequestSpec, url: BareUrl, fillings: Fillings): SendStep[] {
  const body = bodyOf(spec, fillings.fill);
  const head = composeHead(spec, url, {
    ...fillings,
    bodyBytes: body === null ? null : body.bytes,
  });
  const pieces =
    body === null ? [] : spec.chunked === undefined ? [body] : chunkedPieces(body, spec.chunked);
  if (spec.bodyDelay !== undefined && pieces.length > 0) {
    const wait: SendStep = { kind: "wait", ns: fromMs(spec.bodyDelay) };
    return [bytesStep(textChunk(head)), wait, ...joinText(pieces).map(bytesStep)];
  }
  return joinText([textChunk(head), ...pieces]).map(bytesStep);
}

function bytesStep(chunk: Chunk): SendStep {
  return { kind: "bytes", chunk };
}

function bodyOf(spec: RequestSpec, fill: (text: string) => string): Chunk | null {
  if (spec.body === undefined) return null;
  return typeof spec.body === "string" ? textChunk(fill(spec.body)) : fillerChunk(spec.body.bytes);
}

/** Neighbouring texts leave in one write. */
function joinText(chunks: readonly Chunk[]): Chunk[] {
  const joined: Chunk[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    if (chunk.bytes === 0) continue;
    if (last !== undefined && last.text !== null && chunk.text !== null) {
      joined[joined.length - 1] = textChunk(last.text + chunk.text);
    } else joined.push(chunk);
  }
  return joined;
}

/**
 * Bytes in a chunk when the scenario only says `chunked: true`. Simplification: the recordings show
 * no more than that it divides 1 MiB.
 */
const CHUNK_BYTES = 16_384;

function chunkedPieces(body: Chunk, chunked: true | number): Chunk[] {
  const size = chunked === true ? CHUNK_BYTES : Math.max(1, chunked);
  const pieces: Chunk[] = [];
  for (let at = 0; at < body.bytes; at += size) {
    const count = Math.min(size, body.bytes - at);
    pieces.push(textChunk(`${count.toString(16)}\r\n`));
    pieces.push(
      body.text === null ? fillerChunk(count, at % 16) : textChunk(body.text.slice(at, at + count)),
    );
    pieces.push(textChunk("\r\n"));
  }
  pieces.push(textChunk("0\r\n\r\n"));
  return pieces;
}

interface HeadParts extends Fillings {
  readonly bodyBytes: number | null;
}

function composeHead(spec: RequestSpec, url: BareUrl, parts: HeadParts): string {
  const target = spec.target ?? url.target;
  const version = spec.version === "1.0" ? "1.0" : "1.1";
  const lines = [`${spec.method ?? "GET"} ${parts.fill(target)} HTTP/${version}`];
  for (const [name, value] of headersOf(spec, url, parts)) lines.push(`${name}: ${value}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function headersOf(spec: RequestSpec, url: BareUrl, parts: HeadParts): [string, string][] {
  const headers: [string, string | null][] = [
    ["Host", toByteText(url.authority)],
    ["User-Agent", "client/1.0"],
    ["Accept", "*/*"],
  ];
  if (parts.cookie !== null) headers.push(["Cookie", parts.cookie]);
  for (const [name, value] of Object.entries(spec.headers ?? {})) {
    const filled = value === null ? null : parts.fill(value);
    const at = headers.findIndex(([key]) => key.toLowerCase() === name.toLowerCase());
    if (at >= 0) headers[at] = [name, filled];
    else headers.push([name, filled]);
  }
  addFraming(headers, spec, parts.bodyBytes);
  return headers.filter((header): header is [string, string] => header[1] !== null);
}

function addFraming(
  headers: [string, string | null][],
  spec: RequestSpec,
  bodyBytes: number | null,
): void {
  if (bodyBytes === null) return;
  const has = (name: string) => headers.some(([key]) => key.toLowerCase() === name);
  if (spec.chunked !== undefined) {
    if (!has("transfer-encoding")) headers.push(["Transfer-Encoding", "chunked"]);
  } else if (!has("content-length") && !has("transfer-encoding")) {
    headers.push(["Content-Length", String(bodyBytes)]);
  }
  const method = spec.method ?? "GET";
  const isForm = method === "POST" || method === "PUT" || method === "PATCH";
  if (isForm && !has("content-type")) {
    headers.push(["Content-Type", "application/x-www-form-urlencoded"]);
  }
}
