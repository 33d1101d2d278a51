// What single headers of a request mean to nginx, and the checks when all have come.
// Source: ngx_http_headers_in, ngx_http_process_host, ngx_http_process_request_header (1.22.1).

import { causeOf } from "./cause.ts";
import type { Core } from "./core.ts";
import { validHost } from "./header-lines.ts";
import type { HeaderLine, NginxRequest } from "./request.ts";
import { refuse } from "./request-reader.ts";
import { chooseServer, serverAlternatives } from "./server-selection.ts";
import { keepCaptures } from "./variables.ts";

/** Headers that may stand only once; nginx refuses a second line (ngx_http_process_unique_header_line). */
const UNIQUE: ReadonlySet<string> = new Set([
  "if-modified-since",
  "if-unmodified-since",
  "if-match",
  "if-none-match",
  "content-length",
  "content-range",
  "transfer-encoding",
  "expect",
  "upgrade",
]);

/** Takes a header into account. */
export function acceptHeader(core: Core, request: NginxRequest, header: HeaderLine): void {
  const { key } = header;
  if (key === "host") {
    acceptHost(core, request, header);
    return;
  }
  if (key === "connection") {
    const value = header.value.toLowerCase();
    if (value.includes("close")) request.connectionType = "close";
    else if (value.includes("keep-alive")) request.connectionType = "keep-alive";
    return;
  }
  if (!UNIQUE.has(key)) return;
  const earlier = request.headersIn.find((other) => other.key === key && other !== header);
  if (earlier === undefined) return;
  const shown = `"${header.name}: ${header.value}", previous value: "${earlier.name}: ${earlier.value}"`;
  refuse(core, request, `client sent duplicate header line: ${shown}`, 400);
}

function acceptHost(core: Core, request: NginxRequest, header: HeaderLine): void {
  const earlier = request.headersIn.find((other) => other.key === "host" && other !== header);
  if (earlier !== undefined) {
    const shown = `"${header.name}: ${header.value}", previous value: "${earlier.name}: ${earlier.value}"`;
    refuse(core, request, `client sent duplicate host header: ${shown}`, 400);
    return;
  }
  if (request.host === null)
    takeHost(core, request, header.value, "client sent invalid host header");
  else if (validHost(header.value) === null)
    refuse(core, request, "client sent invalid host header", 400);
}

/** Chooses the server by a host name; null: the request names none. */
export function takeHost(
  core: Core,
  request: NginxRequest,
  written: string | null,
  complaint: string,
): void {
  const host = written === null ? null : validHost(written);
  if (written !== null && host === null) {
    refuse(core, request, complaint, 400);
    return;
  }
  const choice = chooseServer(request.address, host);
  request.host = host;
  request.server = choice.server;
  request.location = choice.server.location;
  if (choice.match !== null) {
    const name = choice.server.names.find((candidate) => candidate.text === choice.name);
    keepCaptures(request, choice.match, name?.pattern?.names ?? []);
  }
  core.step(request, "chooseServer", choice.server.index, () => ({
    values: {
      host,
      server: choice.server.firstName,
      how: choice.how,
      name: choice.name,
      address: request.address.listen.text,
      servers: request.address.servers.length,
    },
    cause: causeOf(choice.server.span, "the server block that answers"),
    alternatives: serverAlternatives(request.address, host, choice),
  }));
}

/** The checks when the empty line has come. */
export function checkHeaders(core: Core, request: NginxRequest): void {
  if (request.host === null) takeHost(core, request, null, "");
  const problem = headersProblem(request);
  if (problem === null) return;
  refuse(core, request, problem.message, problem.status);
}

interface Problem {
  readonly message: string;
  readonly status: number;
}

function headersProblem(request: NginxRequest): Problem | null {
  const find = (key: string) => request.headersIn.find((header) => header.key === key);
  if (find("host") === undefined && request.httpVersion > 1000)
    return { message: 'client sent HTTP/1.1 request without "Host" header', status: 400 };
  const length = find("content-length");
  if (length !== undefined) {
    if (!/^\d{1,18}$/.test(length.value))
      return { message: 'client sent invalid "Content-Length" header', status: 400 };
    request.contentLengthIn = Number(length.value);
  }
  const encoding = find("transfer-encoding");
  if (encoding !== undefined) {
    const wrong = encodingProblem(request, encoding.value, length !== undefined);
    if (wrong !== null) return wrong;
    request.chunkedIn = true;
  }
  request.expect100 = find("expect")?.value.toLowerCase() === "100-continue";
  if (request.method === "CONNECT") return { message: "client sent CONNECT method", status: 405 };
  return request.method === "TRACE" ? { message: "client sent TRACE method", status: 405 } : null;
}

function encodingProblem(request: NginxRequest, value: string, hasLength: boolean): Problem | null {
  if (request.httpVersion < 1001)
    return { message: 'client sent HTTP/1.0 request with "Transfer-Encoding" header', status: 400 };
  if (value.toLowerCase() !== "chunked")
    return { message: `client sent unknown "Transfer-Encoding": "${value}"`, status: 501 };
  if (!hasLength) return null;
  const both = '"Content-Length" and "Transfer-Encoding" headers at the same time';
  return { message: `client sent ${both}`, status: 400 };
}
