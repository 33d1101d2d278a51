// What goes to an upstream and what comes back, byte for byte.
import { describe, expect, test } from "vitest";
import { fillerChunk, textChunk } from "../../../../src/host/network.ts";
import { chunkText } from "../../../../src/layers/nginx/body-chunks.ts";
import { decodeChunked, newChunkedState } from "../../../../src/layers/nginx/chunked-decoder.ts";
import { readProxyUrl } from "../../../../src/layers/nginx/proxy-pass.ts";
import { proxyRequestHead } from "../../../../src/layers/nginx/proxy-request.ts";
import { readResponseHead } from "../../../../src/layers/nginx/upstream-header.ts";
import { escapeUri } from "../../../../src/layers/nginx/uri.ts";
import { uwsgiPacket } from "../../../../src/layers/nginx/uwsgi-packet.ts";

const header = (name: string, value: string) => ({ name, key: name.toLowerCase(), value });

describe("the request of proxy_pass", () => {
  const client = [
    header("Host", "example.com"),
    header("User-Agent", "client/1.0"),
    header("Connection", "keep-alive"),
    header("X-Real-IP", "forged"),
  ];

  test("set headers come first, then defaults, then the client's own", () => {
    const head = proxyRequestHead({
      method: "POST",
      uri: "/cart?a=1",
      version: "1.0",
      set: [
        { name: "X-Real-IP", value: "203.0.113.10" },
        { name: "Accept-Encoding", value: "" },
      ],
      evaluate: (value) => value,
      host: "127.0.0.1:8000",
      bodyBytes: 3,
      client,
      revalidation: null,
    });
    expect(head.split("\r\n")).toEqual([
      "POST /cart?a=1 HTTP/1.0",
      "X-Real-IP: 203.0.113.10",
      "Host: 127.0.0.1:8000",
      "Connection: close",
      "Content-Length: 3",
      "User-Agent: client/1.0",
      "",
      "",
    ]);
  });
});

test("what is escaped in a URI that is passed on", () => {
  expect(escapeUri('/a b"#%?<>^`{|}é~')).toBe("/a%20b%22%23%25%3F%3C%3E%5E%60%7B%7C%7D%E9~");
});

describe("the URL of proxy_pass", () => {
  const url = (text: string) => {
    const read = readProxyUrl(text);
    return "error" in read ? read.error : [read.hostHeader, read.target.port, read.uri];
  };
  test("host, port and URI part", () => {
    expect(url("http://app")).toEqual(["app", 80, ""]);
    expect(url("http://app:80/")).toEqual(["app", 80, "/"]);
    expect(url("http://127.0.0.1:8000/x")).toEqual(["127.0.0.1:8000", 8000, "/x"]);
    expect(url("http://unix:/run/app.sock:/y")).toEqual(["localhost", 0, "/y"]);
    expect(url("http://app?x")).toEqual(["app", 80, "/?x"]);
    expect(url("ftp://app")).toBe("invalid URL prefix");
    expect(url("http://app:port")).toBe('invalid port in upstream "app:port"');
  });
});

test("a uwsgi packet: head, then pairs with their lengths, headers last", () => {
  const packet = uwsgiPacket({
    modifier1: 0,
    modifier2: 0,
    parameters: [
      { name: "QUERY_STRING", value: "", ifNotEmpty: false },
      { name: "HTTPS", value: "", ifNotEmpty: true },
      { name: "HTTP_HOST", value: "h", ifNotEmpty: false },
    ],
    client: [header("Host", "ignored"), header("X-A", "b")],
    revalidation: null,
  });
  const pairs = "\x0c\0QUERY_STRING\0\0\x09\0HTTP_HOST\x01\0h\x08\0HTTP_X_A\x01\0b";
  expect(packet).toBe(`\0${String.fromCharCode(pairs.length)}\0\0${pairs}`);
});

describe("the head of a response", () => {
  test("is read when its empty line is there", () => {
    expect(readResponseHead("HTTP/1.1 404 Not")).toEqual({ kind: "again" });
    expect(readResponseHead("HTTP/1.1 404 Not Found\r\nA: b\r\n")).toEqual({ kind: "again" });
    const read = readResponseHead("HTTP/1.1 404 Not Found\r\nA:  b \r\nBare\r\n\r\nbody");
    expect(read).toMatchObject({ kind: "head", length: 40 });
    if (read.kind !== "head") return;
    expect(read.head).toMatchObject({ status: 404, statusLine: "404 Not Found", version: 1001 });
    expect(read.head.headers.map(({ key, value }) => [key, value])).toEqual([
      ["a", "b"],
      ["bare", ""],
    ]);
  });

  test("no status line is HTTP/0.9; a space in a name is invalid", () => {
    expect(readResponseHead("<html>old</html>")).toEqual({ kind: "no status line" });
    expect(readResponseHead("hello\r\n\r\n")).toEqual({ kind: "no status line" });
    const invalid = readResponseHead("HTTP/1.1 200 OK\r\nno colon\r\n");
    expect(invalid).toEqual({ kind: "invalid", shown: "no\\x20..." });
  });
});

describe("chunked framing", () => {
  test("is taken off across pieces, filler included", () => {
    const state = newChunkedState();
    const pieces = [textChunk("5\r\nhel"), textChunk("lo\r\n20;x=y\r\n"), fillerChunk(32)];
    const parts = pieces.flatMap((piece) => decodeChunked(state, piece).data.map(chunkText));
    expect(parts).toEqual(["hel", "lo", "0123456789abcdef0123456789abcdef"]);
    expect(decodeChunked(state, textChunk("\r\n0\r\nT: 1\r\n\r\n")).done).toBe(true);
  });

  test("a size that is no number is invalid", () => {
    expect(decodeChunked(newChunkedState(), textChunk("zz\r\n")).invalid).toBe(true);
  });
});
