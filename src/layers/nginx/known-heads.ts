// Heads that came whole in one chunk, as a crowd sends them again and again: what was read from one is set
// on the next request at once. What reading depends on beside the bytes is the address, with its servers;
// a head that was refused, dropped a line or left something in the request's variables is read each time.
import type { Chunk } from "../../host/network.ts";
import type { Core } from "./core.ts";
import type { ClientConnection, NginxRequest } from "./request.ts";
import type { Reading } from "./request-reader.ts";
import type { AddressConf } from "./settings.ts";

/** What reading a head leaves in a request. */
type Read = Pick<
  NginxRequest,
  | "requestLine"
  | "method"
  | "httpVersion"
  | "validUnparsedUri"
  | "quotedUri"
  | "plusInUri"
  | "uri"
  | "unparsedUri"
  | "args"
  | "hasArgs"
  | "requestBytes"
  | "headersIn"
  | "host"
  | "server"
  | "connectionType"
  | "contentLengthIn"
  | "chunkedIn"
  | "expect100"
  | "logAction"
>;

interface KnownHead {
  readonly address: AddressConf;
  readonly read: Read;
  readonly protocol: unknown;
  readonly reading: Readonly<Reading>;
}

const known = new WeakMap<Chunk, KnownHead>();

/** The chunk that is all of a head, if one is there alone. */
export function wholeHead({ pending }: ClientConnection): Chunk | null {
  return pending.length === 1 && pending[0].text !== null ? pending[0] : null;
}

/** Takes a head that was read before, unless somebody looks; false when it must be read. */
export function takeKnownHead(core: Core, request: NginxRequest, chunk: Chunk): boolean {
  const found = known.get(chunk);
  if (found?.address !== request.address || core.sim.recording(request.entity)) return false;
  setRead(request, found.read);
  request.kept.protocol = found.protocol;
  const reading = request.kept.reading as Reading;
  reading.phase = found.reading.phase;
  reading.headerLines = found.reading.headerLines;
  reading.room = found.reading.room;
  reading.largeBuffers = found.reading.largeBuffers;
  core.step(request, "readRequestLine");
  core.step(request, "chooseServer", request.server.index);
  return true;
}

function setRead(request: NginxRequest, read: Read): void {
  request.requestLine = read.requestLine;
  request.method = read.method;
  request.httpVersion = read.httpVersion;
  request.validUnparsedUri = read.validUnparsedUri;
  request.quotedUri = read.quotedUri;
  request.plusInUri = read.plusInUri;
  request.uri = read.uri;
  request.unparsedUri = read.unparsedUri;
  request.args = read.args;
  request.hasArgs = read.hasArgs;
  request.requestBytes = read.requestBytes;
  request.headersIn = read.headersIn;
  request.host = read.host;
  request.server = read.server;
  request.location = read.server.location;
  request.connectionType = read.connectionType;
  request.contentLengthIn = read.contentLengthIn;
  request.chunkedIn = read.chunkedIn;
  request.expect100 = read.expect100;
  request.logAction = read.logAction;
}

/** Remembers a head that was read from one chunk, down to its last byte, without a word of complaint. */
export function rememberHead(request: NginxRequest, chunk: Chunk): void {
  const { captures, headersIn, kept, address } = request;
  const reading = { ...(kept.reading as Reading) };
  const isPlain = captures.length === 0 && Object.keys(request.variables).length === 0;
  if (!isPlain || reading.headerLines !== headersIn.length) return;
  Object.freeze(headersIn);
  known.set(chunk, { address, read: readOf(request), protocol: kept.protocol, reading });
}

function readOf(request: NginxRequest): Read {
  // Written out, not spread: objects that are spread have a layout each, which V8 looks up every time.
  return {
    requestLine: request.requestLine,
    method: request.method,
    httpVersion: request.httpVersion,
    validUnparsedUri: request.validUnparsedUri,
    quotedUri: request.quotedUri,
    plusInUri: request.plusInUri,
    uri: request.uri,
    unparsedUri: request.unparsedUri,
    args: request.args,
    hasArgs: request.hasArgs,
    requestBytes: request.requestBytes,
    headersIn: request.headersIn,
    host: request.host,
    server: request.server,
    connectionType: request.connectionType,
    contentLengthIn: request.contentLengthIn,
    chunkedIn: request.chunkedIn,
    expect100: request.expect100,
    logAction: request.logAction,
  };
}
