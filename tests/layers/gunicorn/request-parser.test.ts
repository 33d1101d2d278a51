// The parser of request heads: what is accepted, what is refused, in which words.
import fc from "fast-check";
import { expect, test } from "vitest";
import { errorResponse } from "../../../src/layers/gunicorn/request-error.ts";
import {
  effectiveLimits,
  type ParserLimits,
  parseRequestHead,
} from "../../../src/layers/gunicorn/request-parser.ts";

const LIMITS: ParserLimits = effectiveLimits({
  lineBytes: 4094,
  fields: 100,
  fieldBytes: 8190,
  stripHeaderSpaces: false,
  proxyProtocol: false,
  proxyAllowIps: ["127.0.0.1"],
  tolerateDangerousFraming: false,
  secureSchemeHeaders: { "X-FORWARDED-PROTO": "https", "X-FORWARDED-SSL": "on" },
});
const PEER = { ip: "127.0.0.1", trusted: true, requestNumber: 1 };

function parse(
  data: string,
  limits: Partial<ParserLimits> = {},
): ReturnType<typeof parseRequestHead> {
  return parseRequestHead(data, effectiveLimits({ ...LIMITS, ...limits }), PEER);
}

function refusal(data: string, limits?: Partial<ParserLimits>): string {
  const result = parse(data, limits);
  return result.kind === "error" ? `${result.error.status} ${result.error.message}` : result.kind;
}

test.each([
  ["GET /\r\n\r\n", "400 Invalid Request Line 'Invalid HTTP request line: 'GET /''"],
  ["\r\nGET / HTTP/1.1\r\n\r\n", "400 Invalid Request Line 'Invalid HTTP request line: '''"],
  ["GET  / HTTP/1.1\r\n\r\n", "400 Invalid HTTP Version 'Invalid HTTP Version: '/ HTTP/1.1''"],
  ["G@T / HTTP/1.1\r\n\r\n", "400 Invalid Method 'Invalid HTTP method: 'G@T''"],
  [
    "\x16\x03\x01\x02\x00\r\n\r\n",
    "400 Invalid Request Line 'Invalid HTTP request line: '\\x16\\x03\\x01\\x02\\x00''",
  ],
  ["GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400 Invalid HTTP Header: 'CONTENT-LENGTH'"],
  [
    "GET / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
    "400 Invalid HTTP Header: 'CONTENT-LENGTH'",
  ],
  [
    "GET / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
    "400 Invalid HTTP Header: 'CONTENT-LENGTH'",
  ],
  [
    "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "400 Invalid HTTP Header: 'TRANSFER-ENCODING'",
  ],
  ["GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "500 "],
  ["GET / HTTP/1.1\r\nBad Header: x\r\n\r\n", "400 Invalid HTTP header name: 'BAD HEADER'"],
  ["GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400 Invalid HTTP header name: 'HOST '"],
  ["GET / HTTP/1.1\r\nNoColon\r\n\r\n", "400 Invalid HTTP Header: 'NoColon'"],
  [
    "GET / HTTP/1.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n\r\n",
    "400 Contradictory scheme headers",
  ],
  ["GET / HTTP/1.1\nHost: a\n\n", "more"],
])("%j", (data, expected) => {
  expect(refusal(data)).toBe(expected);
});

test("limits count the line without, and a header with its CRLF", () => {
  const line = (length: number) => `GET /${"u".repeat(length - 14)} HTTP/1.1\r\n\r\n`;
  expect(refusal(line(100), { lineBytes: 100 })).toBe("head");
  expect(refusal(line(101), { lineBytes: 100 })).toBe("400 Request Line is too large (101 > 100)");
  const field = (length: number) => `GET / HTTP/1.1\r\nX: ${"v".repeat(length - 5)}\r\n\r\n`;
  expect(refusal(field(50), { fieldBytes: 50 })).toBe("head");
  expect(refusal(field(51), { fieldBytes: 50 })).toBe(
    "400 Error parsing headers: 'limit request headers fields size'",
  );
  expect(refusal("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", { fields: 2 })).toBe(
    "400 Error parsing headers: 'limit request headers fields'",
  );
});

test("methods are upper-cased, odd versions echoed, folded lines joined", () => {
  const result = parse("get /a%20b?x=1#f HTTP/2.0\r\nX: a\r\n  folded \r\n\r\nrest");
  expect(result).toMatchObject({
    kind: "head",
    head: {
      method: "GET",
      path: "/a%20b",
      query: "x=1",
      version: [2, 0],
      headers: [["X", "a folded"]],
    },
  });
});

test("the error page has the recorded sizes: 141 without a message, 168 for CONTENT-LENGTH", () => {
  expect(errorResponse(500, "Internal Server Error", "").body).toHaveLength(141);
  expect(
    errorResponse(400, "Bad Request", "Invalid HTTP Header: 'CONTENT-LENGTH'").body,
  ).toHaveLength(168);
});

test("PROXY lines name the client, from allowed peers only", () => {
  const data = "PROXY TCP4 203.0.113.9 192.0.2.10 5555 80\r\nGET / HTTP/1.1\r\n\r\n";
  expect(parse(data, { proxyProtocol: true })).toMatchObject({
    head: { proxy: { clientIp: "203.0.113.9", clientPort: 5555 } },
  });
  expect(refusal(data, { proxyProtocol: true, proxyAllowIps: ["192.0.2.1"] })).toBe(
    "403 Request forbidden",
  );
  expect(refusal("PROXY x\r\n", { proxyProtocol: true })).toBe(
    "400 'Invalid PROXY line: 'PROXY x''",
  );
});

test("no bytes make it throw, and more bytes never take an answer back", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (start, rest) => {
      const first = parse(`GET / HTTP/1.1\r\n${start}`);
      if (first.kind === "error" && first.error.name === "LimitRequestLine") return;
      const second = parse(`GET / HTTP/1.1\r\n${start}${rest}`);
      if (first.kind === "head") expect(second.kind).toBe("head");
    }),
  );
});

test.each([
  ["GET / HTTP/1.1\r\nContent-Length: +5\r\n\r\n", { kind: "length", bytes: 5 }, false],
  ["GET / HTTP/1.1\r\nContent-Length: 1_0 \r\n\r\n", { kind: "length", bytes: 10 }, false],
  [
    "GET / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
    { kind: "chunked" },
    true,
  ],
  ["GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", { kind: "chunked" }, true],
  ["GET / HTTP/1.1\r\nTransfer-Encoding: \r\n\r\n", { kind: "length", bytes: 0 }, true],
])(
  "--tolerate-dangerous-framing reads %j, and closes what is ambiguous",
  (text, framing, close) => {
    const result = parse(text, { tolerateDangerousFraming: true });
    expect(result.kind === "head" && [result.head.framing, result.head.mustClose]).toEqual([
      framing,
      close,
    ]);
  },
);
