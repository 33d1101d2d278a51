// HttpResponse: status, headers in the order they were set, cookies, and a body that is counted rather
// than held. Source: django/http/response.py, 3.2.
import { type Chunk, fillerChunk, textChunk } from "../../host/network.ts";
import type { PyException } from "./python-values.ts";
import { reasonOf } from "./status-reasons.ts";
import { isAscii, urlQuote } from "./url-encoding.ts";

export interface Morsel {
  name: string;
  value: string;
  domain: string;
  expires: string;
  httponly: boolean;
  maxAge: string;
  path: string;
  samesite: string;
  secure: boolean;
}

export interface StreamBody {
  readonly chunks: number;
  readonly bytes: number;
  readonly sleepNs: number;
  /** The chunk after which the generator raises, or -1. */
  readonly raiseAfter: number;
  /** When the stream is compressed: the size of each item as sent. */
  gzip: readonly number[] | null;
}

export interface Response {
  status: number;
  headers: [string, string][];
  cookies: Morsel[];
  /** The parts of the content; an HttpResponse joins them to one item. */
  content: readonly Chunk[];
  stream: StreamBody | null;
  /** wsgi.file_wrapper is used: a FileResponse. */
  file: boolean;
  logged: boolean;
  xframeExempt: boolean;
  csrfCookieSet: boolean;
  /** The md5 of a cached copy and the like is not kept: this marks a copy that came out of a cache. */
  fromCache: boolean;
  /** Content-Type is Django's own choice, which names DEFAULT_CHARSET. */
  readonly typeIsDefault: boolean;
  /** The content has been encoded as its charset says. */
  encoded: boolean;
  /** A TemplateResponse that is not rendered yet. */
  template: { readonly name: string; readonly context: Readonly<Record<string, unknown>> } | null;
  /** Code of the template or page that made the content, for the learner. */
  title: string;
}

export const DEFAULT_TYPE = "text/html; charset=utf-8";

export interface ResponseOptions {
  readonly status?: number;
  readonly type?: string;
}

export function makeResponse(
  content: string | readonly Chunk[],
  { status = 200, type }: ResponseOptions = {},
): Response {
  return {
    status,
    headers: [["Content-Type", type ?? DEFAULT_TYPE]],
    cookies: [],
    content: typeof content === "string" ? [textChunk(utf8(content))] : content,
    stream: null,
    file: false,
    logged: false,
    xframeExempt: false,
    csrfCookieSet: false,
    fromCache: false,
    typeIsDefault: type === undefined,
    encoded: false,
    template: null,
    title: "",
  };
}

/** A body of so many bytes: 0123456789abcdef, repeated. Short ones are text, so that they can be shown. */
export function fillerContent(bytes: number): readonly Chunk[] {
  if (bytes > FILLER_TEXT_MAX) return [fillerChunk(bytes)];
  return [textChunk("0123456789abcdef".repeat(Math.ceil(bytes / 16)).slice(0, bytes))];
}

const FILLER_TEXT_MAX = 4096;

/** UTF-8 as one UTF-16 unit a byte. */
export function utf8(text: string): string {
  if (isAscii(text)) return text;
  let out = "";
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code < 0x80) out += character;
    else if (code < 0x800) out += String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000)
      out += String.fromCharCode(
        0xe0 | (code >> 12),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
    else
      out += String.fromCharCode(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return out;
}

/** response.streaming: the content is not there to be measured. */
export function isStreaming(response: Response): boolean {
  return response.stream !== null || response.file;
}

export function contentBytes(response: Response): number {
  return response.content.reduce((sum, chunk) => sum + chunk.bytes, 0);
}

/** The whole content as text (latin-1), or null when it is counted only. */
export function contentText(response: Response): string | null {
  return response.content.every((chunk) => chunk.text !== null)
    ? response.content.map((chunk) => chunk.text).join("")
    : null;
}

export function getHeader(response: Response, name: string): string | null {
  const wanted = name.toLowerCase();
  return response.headers.find(([key]) => key.toLowerCase() === wanted)?.[1] ?? null;
}

/** Sets a header: one that is there keeps its place. */
export function setHeader(response: Response, name: string, value: string): void {
  const wanted = name.toLowerCase();
  const index = response.headers.findIndex(([key]) => key.toLowerCase() === wanted);
  if (index < 0) response.headers.push([name, value]);
  else response.headers[index] = [name, value];
}

export function setDefaultHeader(response: Response, name: string, value: string): void {
  if (getHeader(response, name) === null) setHeader(response, name, value);
}

export function removeHeader(response: Response, name: string): void {
  const wanted = name.toLowerCase();
  response.headers = response.headers.filter(([key]) => key.toLowerCase() !== wanted);
}

/** BadHeaderError for a value with a line break, or null. */
export function headerProblem(value: string): PyException | null {
  if (!/[\r\n]/.test(value)) return null;
  const shown = value.replaceAll("\r", "\\r").replaceAll("\n", "\\n");
  return {
    name: "BadHeaderError",
    message: `Header values can't contain newlines (got '${shown}')`,
  };
}

/** Source: django/utils/cache.py, patch_vary_headers. */
export function patchVary(response: Response, ...names: readonly string[]): void {
  const present = (getHeader(response, "Vary") ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const known = new Set(present.map((name) => name.toLowerCase()));
  const all = [...present, ...names.filter((name) => !known.has(name.toLowerCase()))];
  setHeader(response, "Vary", all.includes("*") ? "*" : all.join(", "));
}

/** Source: django/utils/cache.py, has_vary_header. */
export function hasVary(response: Response, name: string): boolean {
  return (getHeader(response, "Vary") ?? "")
    .toLowerCase()
    .split(/\s*,\s*/)
    .includes(name.toLowerCase());
}

export interface CookieOptions {
  readonly maxAge?: number | null;
  /** The HTTP date that goes with maxAge. */
  readonly expires?: string;
  readonly path?: string;
  readonly domain?: string | null;
  readonly secure?: boolean;
  readonly httponly?: boolean;
  readonly samesite?: string | null | false;
}

export function setCookie(
  response: Response,
  name: string,
  value: string,
  options: CookieOptions = {},
): void {
  const morsel: Morsel = {
    name,
    value,
    domain: options.domain ?? "",
    expires: options.expires ?? "",
    httponly: options.httponly ?? false,
    maxAge: options.maxAge === undefined || options.maxAge === null ? "" : String(options.maxAge),
    path: options.path ?? "/",
    samesite: options.samesite ? options.samesite : "",
    secure: options.secure ?? false,
  };
  const index = response.cookies.findIndex((cookie) => cookie.name === name);
  if (index < 0) response.cookies.push(morsel);
  else response.cookies[index] = morsel;
}

/** delete_cookie(): empty, expired; Secure only for __Secure- and __Host- names and SameSite=None. */
export function deleteCookie(response: Response, name: string, options: CookieOptions = {}): void {
  const secure =
    /^__(Secure|Host)-/.test(name) || (options.samesite || "").toLowerCase() === "none";
  setCookie(response, name, "", {
    path: options.path,
    domain: options.domain,
    samesite: options.samesite,
    secure,
    maxAge: 0,
    expires: "Thu, 01 Jan 1970 00:00:00 GMT",
  });
}

/** A Set-Cookie value: attributes in the order of their names. Source: http.cookies.Morsel.OutputString. */
export function cookieText(morsel: Morsel): string {
  let text = `${morsel.name}=${cookieValue(morsel.value)}`;
  if (morsel.domain !== "") text += `; Domain=${morsel.domain}`;
  if (morsel.expires !== "") text += `; expires=${morsel.expires}`;
  if (morsel.httponly) text += "; HttpOnly";
  if (morsel.maxAge !== "") text += `; Max-Age=${morsel.maxAge}`;
  if (morsel.path !== "") text += `; Path=${morsel.path}`;
  if (morsel.samesite !== "") text += `; SameSite=${morsel.samesite}`;
  return morsel.secure ? `${text}; Secure` : text;
}

/** Quotes a value that has characters beyond those legal in a cookie. Source: http.cookies._quote. */
function cookieValue(value: string): string {
  if (value !== "" && /^[\w!#$%&'*+\-.^`|~:]*$/.test(value)) return value;
  return `"${[...value].map(quoteCharacter).join("")}"`;
}

function quoteCharacter(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  const code = character.charCodeAt(0);
  const legal = code >= 0x20 && code < 0x7f && character !== "," && character !== ";";
  if (code > 0xff) return utf8(character);
  return legal ? character : `\\${code.toString(8).padStart(3, "0")}`;
}

export function reasonPhrase(status: number): string {
  return reasonOf(status);
}

/** HttpResponseRedirect: the scheme is checked. A problem is DisallowedRedirect. */
export function redirectResponse(to: string, permanent: boolean): Response | PyException {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(to)?.[1].toLowerCase();
  if (scheme !== undefined && !["http", "https", "ftp"].includes(scheme)) {
    return {
      name: "DisallowedRedirect",
      message: `Unsafe redirect to URL with protocol '${scheme}'`,
    };
  }
  const response = makeResponse("", { status: permanent ? 301 : 302 });
  setHeader(response, "Location", iriToUri(to));
  return response;
}

/** Source: django/utils/encoding.py, iri_to_uri. */
export function iriToUri(iri: string): string {
  return urlQuote(iri, "/#%[]=:;$&()+,!?*@'~");
}
