// Normalising and escaping of URIs: %XX decoded, `//` merged, `.` and `..` resolved, as nginx's
// character machine does it. Bytes are UTF-16 units 0-255.
// Source: src/http/ngx_http_parse.c, ngx_http_parse_complex_uri; src/core/ngx_string.c (1.22.1).

export interface NormalUri {
  readonly uri: string;
  /** Null when there are none; a `?` at the very end begins none, either. */
  readonly args: string | null;
}

type State = "usual" | "slash" | "dot" | "dot dot";

interface Machine {
  readonly raw: string;
  readonly mergeSlashes: boolean;
  at: number;
  out: string;
  state: State;
}

/**
 * $uri and $args of a raw request target that begins with a slash (or `?`, for an absolute target without a path);
 * null when nginx answers 400: a bad escape, %00, or `..` above the root.
 */
export function normaliseUri(raw: string, mergeSlashes: boolean): NormalUri | null {
  if (!/[%#]|\/\.|\/\/|^\?/.test(raw)) return splitArgs(raw);
  const out = raw.startsWith("?") ? "/" : "";
  const machine: Machine = { raw, mergeSlashes, at: 0, out, state: "usual" };
  while (!atPathEnd(machine)) if (!step(machine)) return null;
  if (!finish(machine)) return null;
  return { uri: machine.out, args: argsOf(raw, machine.at) };
}

function atPathEnd({ raw, at }: Machine): boolean {
  return at >= raw.length || raw[at] === "#" || raw[at] === "?";
}

/** One character or escape; false on a bad escape or a way out of the root. */
function step(machine: Machine): boolean {
  const { raw } = machine;
  const ch = raw[machine.at++];
  if (ch !== "%") return take(machine, ch);
  const decoded = decodeAt(raw, machine.at);
  if (decoded === null || decoded === "\0") return false;
  machine.at += 2;
  // A decoded %, # or ? is an ordinary character; anything else is path syntax again.
  if (decoded !== "%" && decoded !== "#" && decoded !== "?") return take(machine, decoded);
  literal(machine, decoded);
  return true;
}

function splitArgs(raw: string): NormalUri {
  const mark = raw.indexOf("?");
  return { uri: mark < 0 ? raw : raw.slice(0, mark), args: argsOf(raw, mark) };
}

function argsOf(raw: string, at: number): string | null {
  if (raw[at] !== "?" || at + 1 === raw.length) return null;
  const hash = raw.indexOf("#", at);
  return raw.slice(at + 1, hash < 0 ? undefined : hash);
}

function decodeAt(raw: string, at: number): string | null {
  const hex = raw.slice(at, at + 2);
  return /^[0-9a-fA-F]{2}$/.test(hex) ? String.fromCharCode(Number.parseInt(hex, 16)) : null;
}

function literal(machine: Machine, ch: string): void {
  machine.out += ch;
  machine.state = "usual";
}

/** One character of the path; false when `..` leaves the root. */
function take(machine: Machine, ch: string): boolean {
  if (ch === "/") return slash(machine);
  if (ch === "." && machine.state !== "usual" && machine.state !== "dot dot") {
    machine.state = machine.state === "slash" ? "dot" : "dot dot";
    machine.out += ch;
    return true;
  }
  literal(machine, ch);
  return true;
}

function slash(machine: Machine): boolean {
  switch (machine.state) {
    case "usual":
      machine.out += "/";
      break;
    case "slash":
      if (!machine.mergeSlashes) machine.out += "/";
      break;
    case "dot":
      machine.out = machine.out.slice(0, -1);
      break;
    case "dot dot":
      if (!up(machine)) return false;
      break;
  }
  machine.state = "slash";
  return true;
}

/** Drops `..` and the segment before it, back to the slash that began that segment. */
function up(machine: Machine): boolean {
  const before = machine.out.length - 4;
  if (before < 0) return false;
  const cut = machine.out.lastIndexOf("/", before);
  if (cut < 0) return false;
  machine.out = machine.out.slice(0, cut + 1);
  return true;
}

function finish(machine: Machine): boolean {
  if (machine.state === "dot") machine.out = machine.out.slice(0, -1);
  return machine.state !== "dot dot" || up(machine);
}

function escapeBytes(text: string, mustEscape: RegExp): string {
  return text.replace(mustEscape, (ch) => `%${hexByte(ch)}`);
}

const hexByte = (ch: string): string =>
  ch.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");

/** Escapes a path that is passed on or put into a Location (NGX_ESCAPE_URI). */
export function escapeUri(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
  return escapeBytes(text, /[\x00-\x20"#%<>?\\^`{|}\x7f-\xff]/g);
}

/** Escapes a captured part of a URI for arguments (NGX_ESCAPE_ARGS). */
export function escapeArgs(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
  return escapeBytes(text, /[\x00-\x20"#%&+;<>?\\^`{|}\x7f-\xff]/g);
}

/** Escapes a file name inside a link of a listing (NGX_ESCAPE_URI_COMPONENT). */
export function escapeUriComponent(text: string): string {
  return escapeBytes(text, /[^A-Za-z0-9._~-]/g);
}

/**
 * Decodes a URL that a rewrite made, up to its first `?`: only what needs no escape is decoded
 * (NGX_UNESCAPE_REDIRECT).
 */
export function unescapeRedirect(text: string): string {
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const ch = text[at];
    if (ch === "?") return out + text.slice(at);
    const decoded = ch === "%" ? decodeAt(text, at + 1) : null;
    if (decoded === null) {
      out += ch;
      continue;
    }
    if (decoded === "?") return `${out}?${text.slice(at + 3)}`;
    out += decoded > "%" && decoded < "\x7f" ? decoded : text.slice(at, at + 3);
    at += 2;
  }
  return out;
}

/** Text inside HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
