// What is wrong with a request, in the words of gunicorn's exceptions, and the page it answers with.
// Source: gunicorn/http/errors.py, gunicorn/workers/base.py handle_error 20.1.0.
import { pythonRepr } from "../../text/python-repr.ts";

export type RequestErrorName =
  | "InvalidRequestLine"
  | "InvalidRequestMethod"
  | "InvalidHTTPVersion"
  | "InvalidHeader"
  | "InvalidHeaderName"
  | "LimitRequestLine"
  | "LimitRequestHeaders"
  | "InvalidProxyLine"
  | "ForbiddenProxyRequest"
  | "InvalidSchemeHeaders"
  | "UnsupportedTransferCoding"
  /** A ValueError of int() while a chunked body is skipped: a page, but no line in the log. */
  | "ChunkSizeMissing";

/** The request as far as it was read, for the access log: only framing errors have one. */
export interface LoggedRequest {
  readonly method: string;
  readonly uri: string;
  readonly query: string;
  readonly version: readonly [number, number];
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface RequestError {
  readonly name: RequestErrorName;
  readonly status: number;
  readonly reason: string;
  /** The line on the error page. */
  readonly message: string;
  /** str() of the exception, for the debug log. */
  readonly text: string;
  readonly logged: LoggedRequest | null;
}

export interface ErrorDetails {
  readonly text?: string;
  readonly size?: number;
  readonly limit?: number;
  readonly logged?: LoggedRequest;
}

/** Builds the error with its page's status, reason and message. */
export function requestError(name: RequestErrorName, details: ErrorDetails): RequestError {
  const text = exceptionText(name, details);
  const logged = details.logged ?? null;
  if (name === "ForbiddenProxyRequest")
    return { name, status: 403, reason: "Forbidden", message: "Request forbidden", text, logged };
  if (name === "UnsupportedTransferCoding" || name === "ChunkSizeMissing")
    return { name, status: 500, reason: "Internal Server Error", message: "", text, logged };
  return {
    name,
    status: 400,
    reason: "Bad Request",
    message: pageMessage(name, text),
    text,
    logged,
  };
}

function exceptionText(name: RequestErrorName, { text = "", size, limit }: ErrorDetails): string {
  switch (name) {
    case "InvalidRequestLine":
      return `Invalid HTTP request line: ${pythonRepr(text)}`;
    case "InvalidRequestMethod":
      return `Invalid HTTP method: ${pythonRepr(text)}`;
    case "InvalidHTTPVersion":
      return `Invalid HTTP Version: ${pythonRepr(text)}`;
    case "InvalidHeader":
      return `Invalid HTTP Header: ${pythonRepr(text)}`;
    case "InvalidHeaderName":
      return `Invalid HTTP header name: ${pythonRepr(text)}`;
    case "LimitRequestLine":
      return `Request Line is too large (${size} > ${limit})`;
    case "InvalidProxyLine":
      return `Invalid PROXY line: ${pythonRepr(text)}`;
    case "ForbiddenProxyRequest":
      return `Proxy request from ${pythonRepr(text)} not allowed`;
    case "InvalidSchemeHeaders":
      return "Contradictory scheme headers";
    case "UnsupportedTransferCoding":
      return `Unsupported transfer coding: ${pythonRepr(text)}`;
    default:
      return text;
  }
}

function pageMessage(name: RequestErrorName, text: string): string {
  if (name === "InvalidRequestLine") return `Invalid Request Line '${text}'`;
  if (name === "InvalidRequestMethod") return `Invalid Method '${text}'`;
  if (name === "InvalidHTTPVersion") return `Invalid HTTP Version '${text}'`;
  if (name === "LimitRequestHeaders") return `Error parsing headers: '${text}'`;
  return name === "InvalidProxyLine" ? `'${text}'` : text;
}

/** The whole answer, head and page. Source: gunicorn/util.py write_error. */
export function errorResponse(
  status: number,
  reason: string,
  message: string,
): { head: string; body: string } {
  const body = [
    "<html>",
    "  <head>",
    `    <title>${reason}</title>`,
    "  </head>",
    "  <body>",
    `    <h1><p>${reason}</p></h1>`,
    `    ${escapeHtml(message)}`,
    "  </body>",
    "</html>",
    "",
  ].join("\n");
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    "Connection: close",
    "Content-Type: text/html",
    `Content-Length: ${body.length}`,
    "",
    "",
  ].join("\r\n");
  return { head, body };
}

function escapeHtml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#x27;");
}
