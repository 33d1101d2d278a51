// Reading and parsing a request's body: forms and multipart, with Django's limits.
// Source: django/http/request.py, _load_post_and_files; django/http/multipartparser.py, 3.2.25.
import type { Chunk } from "../../host/network.ts";
import { PARSE_BYTE_NS } from "./costs.ts";
import { type Django, fire, isIn, note, pay, settingsOf } from "./django.ts";
import type { HttpRequest, PostData } from "./http-request.ts";
import type { PyException } from "./python-values.ts";
import { type FrameOf, finish, type Run, raiseException } from "./run.ts";
import { type Settings, setting } from "./settings.ts";
import { decodeUtf8, parseQuery } from "./url-encoding.ts";

/** Reads the body if it is not read yet, and parses it when it is a form that was asked for. */
export function readBodyFrame(django: Django, run: Run, frame: FrameOf<"readBody">): void {
  const http = run.http as HttpRequest;
  if (http.body === null) {
    ask(django, run, http);
    return;
  }
  if (frame.pc === 0 && frame.parse) {
    parse(django, run, http);
    return;
  }
  finish(run, null);
}

function ask(django: Django, run: Run, http: HttpRequest): void {
  if (isIn(django, run, "view") || isIn(django, run, "view middleware")) {
    const inView = isIn(django, run, "view");
    const row = fire(django, run, inView ? "readBodyInView" : "readBody", http.contentLength);
    note(django, run, row, () => ({
      values: { bytes: http.contentLength, type: http.contentType },
    }));
  }
  if (http.contentLength === 0) {
    http.body = [];
    return;
  }
  run.wait = "body";
  django.servers[run.server].readBody(run.slot, null);
}

/**
 * The body is there. What the client did not send is missing from it, as with gunicorn's reader; a read
 * that failed is an OSError, which Django gives a name of its own.
 * Simplification: CsrfViewMiddleware, which goes on without the form then, raises it too.
 */
export function bodyRead(run: Run, body: readonly Chunk[] | null): void {
  (run.http as HttpRequest).body = Object.freeze([...(body ?? [])]);
  if (body !== null) return;
  raiseException(run, { name: "UnreadablePostError", message: "error during read on wsgi.input" });
}

function parse(django: Django, run: Run, http: HttpRequest): void {
  const bytes = bodyBytes(http);
  const parsed =
    http.contentType === "multipart/form-data"
      ? parseMultipart(settingsOf(django, run), http)
      : parseForm(settingsOf(django, run), http);
  if ("message" in parsed) {
    if (http.contentType === "multipart/form-data") http.post = EMPTY;
    raiseException(run, parsed);
    return;
  }
  http.post = Object.freeze(parsed);
  const frame = run.frames.at(-1);
  if (frame !== undefined) frame.pc = 1;
  pay(django, run, bytes * PARSE_BYTE_NS);
}

const EMPTY: PostData = Object.freeze({ fields: [], files: [], filler: null });

export function bodyBytes(http: HttpRequest): number {
  return (http.body ?? []).reduce((sum, chunk) => sum + chunk.bytes, 0);
}

/** The body's text (latin-1), or null when it is counted filler. */
function bodyText(http: HttpRequest): string | null {
  const body = http.body ?? [];
  return body.every((chunk) => chunk.text !== null)
    ? body.map((chunk) => chunk.text).join("")
    : null;
}

function parseForm(settings: Settings, http: HttpRequest): PostData | PyException {
  const text = bodyText(http);
  if (text === null) return { fields: [], files: [], filler: { name: "", bytes: bodyBytes(http) } };
  const limit = setting<number | null>(settings, "DATA_UPLOAD_MAX_NUMBER_FIELDS");
  if (limit !== null && text.split("&").length > limit) return tooManyFields();
  return { fields: parseQuery(text), files: [], filler: null };
}

export function tooManyFields(): PyException {
  return {
    name: "TooManyFieldsSent",
    message: "The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.",
  };
}

/** Simplification: transfer encodings of multipart parts and charsets other than UTF-8 are not decoded. */
function parseMultipart(settings: Settings, http: HttpRequest): PostData | PyException {
  const text = bodyText(http) ?? "";
  const fields: (readonly [string, string])[] = [];
  const files: { field: string; name: string; bytes: number }[] = [];
  let memory = 0;
  for (const part of text.split(`--${http.boundary}`).slice(1)) {
    if (part.startsWith("--")) break;
    const split = part.indexOf("\r\n\r\n");
    if (split < 0) continue;
    const head = part.slice(0, split);
    const name = parameter(head, "name");
    const content = part.slice(split + 4).replace(/\r\n$/, "");
    const filename = parameter(head, "filename");
    if (name === null) continue;
    if (filename !== null) {
      const base = filename
        .slice(Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\")) + 1)
        .trim();
      if (base !== "") files.push({ field: name, name: base, bytes: content.length });
    } else {
      memory += content.length + name.length + 2;
      fields.push([name, decodeUtf8(content) as string]);
    }
    const problem = multipartProblem(settings, {
      fields: fields.length,
      files: files.length,
      memory,
    });
    if (problem !== null) return problem;
  }
  return { fields, files, filler: null };
}

interface Counted {
  readonly fields: number;
  readonly files: number;
  readonly memory: number;
}

function multipartProblem(settings: Settings, counted: Counted): PyException | null {
  const memoryMax = setting<number | null>(settings, "DATA_UPLOAD_MAX_MEMORY_SIZE");
  const fieldsMax = setting<number | null>(settings, "DATA_UPLOAD_MAX_NUMBER_FIELDS");
  const filesMax = setting<number | null>(settings, "DATA_UPLOAD_MAX_NUMBER_FILES");
  if (memoryMax !== null && counted.memory > memoryMax)
    return {
      name: "RequestDataTooBig",
      message: "Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.",
    };
  if (fieldsMax !== null && counted.fields > fieldsMax) return tooManyFields();
  if (filesMax !== null && counted.files > filesMax)
    return {
      name: "TooManyFilesSent",
      message: "The number of files exceeded settings.DATA_UPLOAD_MAX_NUMBER_FILES.",
    };
  return null;
}

function parameter(head: string, name: string): string | null {
  const match =
    new RegExp(`[;\\s]${name}="((?:[^"\\\\]|\\\\.)*)"`, "i").exec(head) ??
    new RegExp(`[;\\s]${name}=([^;\\s]+)`, "i").exec(head);
  if (match === null) return null;
  // parse_header() undoes these two and no other: `C:\x` keeps its backslash.
  const plain = match[1].replaceAll("\\\\", "\\").replaceAll('\\"', '"');
  return decodeUtf8(plain) as string;
}
