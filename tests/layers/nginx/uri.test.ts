import { describe, expect, test } from "vitest";
import { validHost } from "../../../src/layers/nginx/header-lines.ts";
import { parseRequestLine } from "../../../src/layers/nginx/request-line.ts";
import {
  escapeArgs,
  escapeUri,
  normaliseUri,
  unescapeRedirect,
} from "../../../src/layers/nginx/uri.ts";

describe("$uri from the request target", () => {
  test.each([
    ["/a//b", "/a/b"],
    ["/a/./b/../c", "/a/c"],
    ["/a/..", "/"],
    ["/a%2fb%2e%2e", "/a/b.."],
    ["/a/%2e%2e/b", "/b"],
    ["/%3f%23%25", "/?#%"],
    ["/a+b%20c", "/a+b c"],
    ["/a#b?c", "/a"],
    ["/...", "/..."],
  ])("%s is %s", (raw, uri) => {
    expect(normaliseUri(raw, true)?.uri).toBe(uri);
  });

  test.each(["/..", "/a/../..", "/%2e%2e/x", "/a%", "/a%zz", "/a%00"])("%s is refused", (raw) => {
    expect(normaliseUri(raw, true)).toBeNull();
  });

  test("arguments stay raw and end at #", () => {
    expect(normaliseUri("/a%20?x=%20#y", true)).toEqual({ uri: "/a ", args: "x=%20" });
  });

  test("merge_slashes off keeps runs", () => {
    expect(normaliseUri("//a///b", false)?.uri).toBe("//a///b");
  });

  test("escaping for Location and for arguments", () => {
    expect(escapeUri("/a b?é".replace("é", "\xc3\xa9"))).toBe("/a%20b%3F%C3%A9");
    expect(escapeArgs("a&b+c;d")).toBe("a%26b%2Bc%3Bd");
    expect(unescapeRedirect("/a%41%20?%41")).toBe("/aA%20?%41");
  });
});

describe("the request line", () => {
  const parse = (text: string) => {
    const result = parseRequestLine(text);
    return result.kind === "line"
      ? [result.method, result.target, result.httpVersion]
      : result.kind === "error"
        ? result.message
        : result.kind;
  };

  test.each([
    ["GET / HTTP/1.1\r\n", ["GET", "/", 1001]],
    ["\r\nGET  /a  HTTP/1.0 \n", ["GET", "/a", 1000]],
    ["GET http://a.test HTTP/1.1\r\n", ["GET", "/", 1001]],
    ["GET http://a.test:80?x HTTP/1.1\r\n", ["GET", "?x", 1001]],
    ["GET /\r\n", ["GET", "/", 9]],
    ["GET / HT", "incomplete"],
    ["get / HTTP/1.1\r\n", "client sent invalid method"],
    ["G", "incomplete"],
    ["\x16\x03", "client sent invalid method"],
    ["GET * HTTP/1.1\r\n", "client sent invalid request"],
    ["GET /\x01", "client sent invalid request"],
    ["GET / HTTP/2", "client sent invalid version"],
    ["GET / HTTP/11", "client sent invalid version"],
    ["POST /\r\n", "client sent invalid method in HTTP/0.9 request"],
  ])("%j", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test("host names: what passes and what does not", () => {
    expect(validHost("Example.COM.:8080")).toBe("example.com");
    expect(validHost("[::1]:80")).toBe("[::1]");
    expect(validHost("a_b%c@d:abc")).toBe("a_b%c@d");
    for (const bad of ["a b", "a/b", "a..b", "", ":80", "a\x00"]) expect(validHost(bad)).toBeNull();
  });
});
