// How long compressed bodies are, and who gets them.
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { acceptsGzip } from "../../../../src/layers/nginx/gzip.ts";
import { gzipBytes } from "../../../../src/wire/deflate-size.ts";

const filler = (bytes: number) => "0123456789abcdef".repeat(bytes / 16 + 1).slice(0, bytes);

// Node carries a variant of zlib; the stock zlib 1.2.13 makes 1643 bytes of this JSON at level 1.
describe("the length of a compressed text is close to zlib's", () => {
  const json = JSON.stringify(
    Array.from({ length: 300 }, (_, i) => ({ id: i, name: `row ${i * 7}` })),
  );
  for (const [name, text] of Object.entries({ short: filler(150), long: filler(100_000), json })) {
    for (const level of [1, 6]) {
      test(`${name}, level ${level}`, () => {
        const real = gzipSync(text, { level, windowBits: 15, memLevel: 8 }).length;
        const estimate = gzipBytes(text, { level, windowBits: 15, memoryLevel: 8 });
        expect(Math.abs(estimate - real) / real).toBeLessThan(0.08);
      });
    }
  }

  test("and exact for the fast levels of the stock zlib", () => {
    expect(gzipBytes(json, { level: 1, windowBits: 15, memoryLevel: 8 })).toBe(1643);
    expect(gzipBytes(json, { level: 3, windowBits: 15, memoryLevel: 8 })).toBe(1644);
  });
});

test("Accept-Encoding: the token in any case, a quality above zero", () => {
  const yes = ["gzip", "GZIP", "deflate, gzip", "gzip;q=0.001", "gzip; q=1", "br, gzip;q=0.5, x"];
  const no = ["gzip;q=0", "gzip;q=0.0", "gzip;q=2", "*", "x-gzip", "deflate", "gzipped"];
  expect(yes.filter((value) => !acceptsGzip(value))).toEqual([]);
  expect(no.filter(acceptsGzip)).toEqual([]);
});
