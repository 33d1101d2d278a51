import fc from "fast-check";
import { expect, test } from "vitest";
import { textChunk } from "../../../src/host/network.ts";
import { feed, finish, newReader } from "../../../src/layers/browser/response-reader.ts";
import { fromByteText, toByteText } from "../../../src/text/utf8.ts";

const CHUNKED =
  "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" +
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
  "5;ext=1\r\nhello\r\nA\r\n, worlds!!\r\n0\r\nX-Trailer: 1\r\n\r\n";

test("a chunked response reads the same in pieces of any size", () => {
  for (let size = 1; size <= CHUNKED.length; size++) {
    const reader = newReader("GET", 100);
    for (let at = 0; at < CHUNKED.length; at += size) {
      feed(reader, textChunk(CHUNKED.slice(at, at + size)));
    }
    expect(reader).toMatchObject({
      phase: "complete",
      interim: [103],
      bodyBytes: 15,
      kept: "hello, worlds!!",
    });
  }
});

test("HEAD, 204 and 304 have no body", () => {
  for (const [method, status] of [
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ] as const) {
    const reader = newReader(method, 100);
    feed(reader, textChunk(`HTTP/1.1 ${status} X\r\nContent-Length: 9\r\n\r\n`));
    expect(reader.phase).toBe("complete");
  }
});

test("bytes that are no response never throw", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary-ascii" })), (pieces) => {
      const reader = newReader("GET", 10);
      for (const piece of pieces) feed(reader, textChunk(piece));
      const total = pieces.join("").length;
      if (reader.phase === "no status line") expect(reader.bodyBytes).toBe(total);
      expect(typeof finish(reader)).toBe("string");
    }),
  );
});

test("UTF-8 there and back, and null for what is none", () => {
  expect(toByteText("é٣€😀")).toBe("\xc3\xa9\xd9\xa3\xe2\x82\xac\xf0\x9f\x98\x80");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(fromByteText(toByteText(text))).toBe(text);
    }),
  );
  for (const bytes of ["\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\x1f\x8b"]) {
    expect(fromByteText(bytes)).toBeNull();
  }
});
