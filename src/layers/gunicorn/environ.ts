// The WSGI environ of a request, in the order gunicorn fills it.
// Source: gunicorn/http/wsgi.py base_environ, default_environ, create 20.1.0; PEP 3333.
import type { Address } from "../../host/network.ts";
import type { RequestHead } from "./request-parser.ts";

export interface EnvironSources {
  readonly head: RequestHead;
  /** The listening socket's own address. */
  readonly server: Address;
  readonly peer: Address;
  readonly multithread: boolean;
  readonly multiprocess: boolean;
  /** SCRIPT_NAME of the process environment. */
  readonly scriptName: string;
}

/** Values that are no text are written as Python prints them: they are shown, not used. */
const FIXED: readonly (readonly [string, string])[] = [
  ["wsgi.errors", "<gunicorn.http.wsgi.WSGIErrorsWrapper>"],
  ["wsgi.version", "(1, 0)"],
];

interface Remembered {
  readonly sources: EnvironSources;
  readonly environ: ReadonlyMap<string, string> | null;
}

/** The last environ made of a head: on one listening socket only the peer's port differs. */
const remembered = new WeakMap<RequestHead, Remembered>();

/**
 * The environ; null when SCRIPT_NAME does not occur in the path (IndexError in 20.1). When nobody looks the
 * environ of an earlier request with the same head may be given, whose REMOTE_PORT no application here reads.
 */
export function environOf(
  sources: EnvironSources,
  isShown: boolean,
): ReadonlyMap<string, string> | null {
  const known = remembered.get(sources.head);
  if (known !== undefined && isAlike(known.sources, sources)) {
    const { environ: made } = known;
    if (made === null || sources.peer.kind === "unix" || !isShown) return made;
    const environ = new Map(known.environ);
    if (sources.head.proxy === null) environ.set("REMOTE_PORT", String(sources.peer.port));
    return environ;
  }
  const environ = buildEnviron(sources);
  remembered.set(sources.head, { sources, environ });
  return environ;
}

function isAlike(one: EnvironSources, other: EnvironSources): boolean {
  return (
    one.scriptName === other.scriptName &&
    one.multithread === other.multithread &&
    one.multiprocess === other.multiprocess &&
    isSameAddress(one.server, other.server) &&
    one.peer.kind === other.peer.kind &&
    (one.peer.kind === "unix" || other.peer.kind === "unix" || one.peer.ip === other.peer.ip)
  );
}

function isSameAddress(one: Address, other: Address): boolean {
  if (one.kind === "unix") return other.kind === "unix" && one.path === other.path;
  return other.kind === "tcp" && one.ip === other.ip && one.port === other.port;
}

function buildEnviron(sources: EnvironSources): Map<string, string> | null {
  const { head, peer } = sources;
  const environ = new Map<string, string>(FIXED);
  environ.set("wsgi.multithread", sources.multithread ? "True" : "False");
  environ.set("wsgi.multiprocess", sources.multiprocess ? "True" : "False");
  environ.set("wsgi.run_once", "False");
  environ.set("wsgi.file_wrapper", "<class 'gunicorn.http.wsgi.FileWrapper'>");
  environ.set("wsgi.input_terminated", "True");
  environ.set("SERVER_SOFTWARE", "gunicorn/20.1.0");
  environ.set("wsgi.input", "<gunicorn.http.body.Body>");
  environ.set("gunicorn.socket", "<socket>");
  environ.set("REQUEST_METHOD", head.method);
  environ.set("QUERY_STRING", head.query);
  environ.set("RAW_URI", head.uri);
  environ.set("SERVER_PROTOCOL", `HTTP/${head.version[0]}.${head.version[1]}`);
  const { host, scriptName } = addHeaders(environ, sources);
  environ.set("wsgi.url_scheme", head.scheme);
  environ.set("REMOTE_ADDR", peer.kind === "tcp" ? peer.ip : "");
  if (peer.kind === "tcp") environ.set("REMOTE_PORT", String(peer.port));
  const [name, port] = serverNameAndPort(sources.server, host, head.scheme);
  environ.set("SERVER_NAME", name);
  environ.set("SERVER_PORT", port);
  const path = withoutScriptName(head.path, scriptName);
  if (path === null) return null;
  environ.set("PATH_INFO", unquoteToBytes(path));
  environ.set("SCRIPT_NAME", scriptName);
  addProxyProtocol(environ, head);
  return environ;
}

function addHeaders(
  environ: Map<string, string>,
  sources: EnvironSources,
): { host: string | null; scriptName: string } {
  let host: string | null = null;
  let { scriptName } = sources;
  for (const [name, value] of sources.head.headers) {
    if (name === "HOST") host = value;
    else if (name === "SCRIPT_NAME") scriptName = value;
    else if (name === "CONTENT-TYPE") {
      environ.set("CONTENT_TYPE", value);
      continue;
    } else if (name === "CONTENT-LENGTH") {
      environ.set("CONTENT_LENGTH", value);
      continue;
    }
    const key = `HTTP_${name.replace(/-/g, "_")}`;
    const known = environ.get(key);
    environ.set(key, known === undefined ? value : `${known},${value}`);
  }
  return { host, scriptName };
}

/** On a unix socket the Host header has to stand in for an address. */
function serverNameAndPort(server: Address, host: string | null, scheme: string): [string, string] {
  if (server.kind === "tcp") return [server.ip, String(server.port)];
  const source = server.path.includes(":") ? server.path : (host ?? server.path);
  const parts = source.split(":");
  if (parts.length > 1) return [parts[0], parts[1]];
  if (host === null) return [server.path, ""];
  return [parts[0], scheme === "https" ? "443" : "80"];
}

/** `path.split(script_name, 1)[1]`: what follows the first occurrence, wherever it is. */
function withoutScriptName(path: string, scriptName: string): string | null {
  if (scriptName === "") return path;
  const at = path.indexOf(scriptName);
  return at < 0 ? null : path.slice(at + scriptName.length);
}

/** Percent-decoding to "bytes in a str"; characters above ASCII were latin-1 and become UTF-8 bytes. */
export function unquoteToBytes(text: string): string {
  const decoded = text.replace(
    /%([\da-fA-F]{2})|([\x80-\xff])/g,
    (_, hex?: string, high?: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      const code = (high ?? "").charCodeAt(0);
      return String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    },
  );
  return decoded;
}

function addProxyProtocol(environ: Map<string, string>, head: RequestHead): void {
  const { proxy } = head;
  if (proxy === null) return;
  environ.set("PROXY_PROTOCOL", proxy.protocol);
  environ.set("REMOTE_ADDR", proxy.clientIp);
  environ.set("REMOTE_PORT", String(proxy.clientPort));
  environ.set("PROXY_ADDR", proxy.proxyIp);
  environ.set("PROXY_PORT", String(proxy.proxyPort));
}

/** Keys of the structured observation of a request. */
const OBSERVED =
  /^(REQUEST_METHOD|SCRIPT_NAME|PATH_INFO|QUERY_STRING|RAW_URI|SERVER_NAME|SERVER_PORT|SERVER_PROTOCOL|REMOTE_ADDR|CONTENT_TYPE|CONTENT_LENGTH|wsgi\.url_scheme|HTTP_.*)$/;

/** The part of the environ that observations report. */
export function observedEnviron(environ: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...environ].filter(([key]) => OBSERVED.test(key)));
}
