// What gunicorn makes of the application's status and headers: which headers it drops and adds,
// whether it chunks, whether the connection ends after it.
// Source: gunicorn/http/wsgi.py Response 20.1.0; gunicorn/util.py hop_headers.
import { type Chunk, textChunk } from "../../host/network.ts";
import { memoByText } from "../../kernel/memo.ts";
import type { RequestHead } from "./request-parser.ts";
import { requestShouldClose } from "./request-parser.ts";

export type HeaderList = readonly (readonly [string, string])[];

/** A response under way; plain data, changed while bytes are written. */
export interface ResponseState {
  status: string;
  statusCode: number;
  headers: HeaderList;
  chunked: boolean;
  upgrade: boolean;
  /** Content-Length as the application gave it, or null. */
  length: number | null;
  mustClose: boolean;
  headersSent: boolean;
  /** Whether the peer was still there when the head was sent. */
  headMetPeer: boolean;
  /** Body bytes written, chunk framing not counted. */
  sent: number;
}

/** Server and Date count as hop-by-hop: gunicorn writes its own. */
const DROPPED = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailers",
  "transfer-encoding",
  "upgrade",
  "server",
  "date",
]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const BAD_IN_NAME = /[\0-\x1f\x7f()<>@,;:[\]={} \t\\"]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const BAD_IN_VALUE = /[\0-\x1f\x7f]/;

/** A name of a header as gunicorn sees it. Source: http/message.py HEADER_RE. */
interface HeaderName {
  readonly isBad: boolean;
  readonly trimmed: string;
  readonly lower: string;
}

const nameOf = memoByText(
  (name): HeaderName =>
    Object.freeze({
      isBad: BAD_IN_NAME.test(name),
      trimmed: name.trim(),
      lower: name.toLowerCase().trim(),
    }),
);

type Started = ResponseState | { badName: string } | { badValue: string };

/** What was made of headers that never change, for the last head that they answered. */
const known = new WeakMap<
  HeaderList,
  { readonly head: RequestHead; readonly made: ResponseState }
>();

/** start_response(): null instead when a header may not be sent, with the exception's words. */
export function startResponse(head: RequestHead, status: string, headers: HeaderList): Started {
  const before = known.get(headers);
  if (before?.head === head && before.made.status === status) return { ...before.made };
  const made = readHeaders(head, status, headers);
  if (Object.isFrozen(headers) && "sent" in made) known.set(headers, { head, made: { ...made } });
  return made;
}

/**
 * Frozen where they serve again. What is remembered of others would outlive them: V8 keeps the values of a WeakMap
 * until the whole heap is collected.
 */
function frozenLike(headers: HeaderList, kept: HeaderList): HeaderList {
  return Object.isFrozen(headers) ? Object.freeze(kept) : kept;
}

function readHeaders(head: RequestHead, status: string, headers: HeaderList): Started {
  const kept: (readonly [string, string])[] = [];
  let length: number | null = null;
  let upgrade = false;
  for (const [name, raw] of headers) {
    const { isBad, trimmed, lower } = nameOf(name);
    if (isBad) return { badName: name };
    // Source: http/wsgi.py HEADER_VALUE_RE.
    if (BAD_IN_VALUE.test(raw)) return { badValue: raw };
    const value = raw.trim();
    if (lower === "content-length") length = Number(value);
    if (DROPPED.has(lower)) {
      upgrade ||= lower === "connection" && value.toLowerCase() === "upgrade";
      if (lower === "upgrade" && value.toLowerCase() === "websocket") kept.push([trimmed, value]);
      continue;
    }
    kept.push([trimmed, value]);
  }
  const statusCode = Number.parseInt(status, 10);
  const chunked = length === null && isChunkable(head, statusCode);
  return {
    status,
    statusCode,
    headers: frozenLike(headers, kept),
    chunked,
    upgrade,
    length,
    mustClose: false,
    headersSent: false,
    headMetPeer: false,
    sent: 0,
  };
}

function isChunkable(head: RequestHead, statusCode: number): boolean {
  const [major, minor] = head.version;
  if (major < 1 || (major === 1 && minor === 0)) return false;
  return head.method !== "HEAD" && statusCode !== 204 && statusCode !== 304;
}

/** Whether the connection ends after this response. */
export function shouldClose(head: RequestHead, response: ResponseState): boolean {
  if (response.mustClose || requestShouldClose(head)) return true;
  if (response.length !== null || response.chunked || head.method === "HEAD") return false;
  const { statusCode } = response;
  return !(statusCode < 200 || statusCode === 204 || statusCode === 304);
}

/** The head as sent: gunicorn's lines first, then the application's in its order and case. */
export function responseHead(head: RequestHead, response: ResponseState, httpDate: string): Chunk {
  const closes = shouldClose(head, response);
  const before = written.get(response.headers);
  if (before?.head === head && before.closes === closes && before.httpDate === httpDate)
    return before.chunk;
  const chunk = headChunk(headText(head, response, httpDate));
  if (Object.isFrozen(response.headers))
    written.set(response.headers, { head, closes, httpDate, chunk });
  return chunk;
}

interface Written {
  readonly head: RequestHead;
  readonly closes: boolean;
  readonly httpDate: string;
  readonly chunk: Chunk;
}

/** The last head written with these headers, of which a crowd's answers have the same. */
const written = new WeakMap<HeaderList, Written>();
/** The same head is the same chunk, which its reader then knows: a crowd's answers differ once a second. */
const headChunk = memoByText(textChunk, 256);

function headText(head: RequestHead, response: ResponseState, httpDate: string): string {
  const connection = response.upgrade
    ? "upgrade"
    : shouldClose(head, response)
      ? "close"
      : "keep-alive";
  let text = `HTTP/${head.version[0]}.${head.version[1]} ${response.status}\r\nServer: gunicorn\r\nDate: ${httpDate}\r\nConnection: ${connection}\r\n`;
  if (response.chunked) text += "Transfer-Encoding: chunked\r\n";
  for (const [name, value] of response.headers) text += `${name}: ${value}\r\n`;
  return `${text}\r\n`;
}

/** How many of an item's bytes are written: never more than Content-Length allows. */
export function bytesToSend(response: ResponseState, itemBytes: number): number {
  if (response.length === null) return itemBytes;
  return Math.max(0, Math.min(response.length - response.sent, itemBytes));
}
