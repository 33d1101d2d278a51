// Single rules with worked examples: tokens, hosts, cookies, caching headers, digests.
import { describe, expect, test } from "vitest";
import { patchCacheControl } from "../../../src/layers/django/cache-control.ts";
import { maskSecret, NO_REFERER, unmaskToken } from "../../../src/layers/django/csrf.ts";
import { csrfFailurePage, csrfWords } from "../../../src/layers/django/csrf-page.ts";
import { domainOf, hostMatches } from "../../../src/layers/django/http-request.ts";
import {
  cookieText,
  deleteCookie,
  getHeader,
  hasVary,
  iriToUri,
  makeResponse,
  patchVary,
  redirectResponse,
  setCookie,
  utf8,
} from "../../../src/layers/django/http-response.ts";
import { acceptedLanguages } from "../../../src/layers/django/languages.ts";
import { dumpJson } from "../../../src/layers/django/python-json.ts";
import { readSigned, signData, unsign } from "../../../src/layers/django/signing.ts";
import { parseTemplate } from "../../../src/layers/django/template-language.ts";
import {
  decodeUtf8,
  fieldLists,
  parseQuery,
  urlQuote,
} from "../../../src/layers/django/url-encoding.ts";
import { md5 } from "../../../src/text/md5.ts";

describe("CSRF tokens", () => {
  const secret = "abcdefghijklmnopqrstuvwxyzABCDEF";

  test("two tokens of one secret differ, and unmask to it", () => {
    const tokens = ["0".repeat(32), "z9".repeat(16)].map((mask) => maskSecret(secret, mask));
    expect(tokens[0]).not.toBe(tokens[1]);
    expect(tokens.map(unmaskToken)).toEqual([secret, secret]);
  });

  test("the page without a Referer has 1867 bytes", () => {
    expect(utf8(csrfFailurePage(NO_REFERER, false, csrfWords("en-us", "en-us"))).length).toBe(1867);
  });

  test.each([
    ["de", 1977],
    ["fr", 2088],
    ["fr-ca", 2088],
    ["xx", 1867],
  ])("the same page in %s has %i bytes", (language, bytes) => {
    const page = csrfFailurePage(NO_REFERER, false, csrfWords(language, "en-us"));
    expect(utf8(page).length).toBe(bytes);
  });

  test("what a language lacks is said in LANGUAGE_CODE's language", () => {
    // Of these messages, Galician has one of its own.
    const galician = csrfWords("gl", "da");
    const danish = csrfWords("da", "da");
    expect(galician.title).toBe(danish.title);
    expect(galician.more).not.toBe(danish.more);
    expect(csrfWords("gl", "en-us").title).toBe("Forbidden");
  });
});

describe("hosts", () => {
  test.each([
    ["Example.com:8080", "example.com"],
    ["example.com.", "example.com"],
    ["[::1]:80", "[::1]"],
    ["exa_mple.com", ""],
    ["a.test, b.test", ""],
  ])("%s is the domain %s", (host, domain) => {
    expect(domainOf(host)).toBe(domain);
  });

  test("a pattern with a dot in front covers the domain and what is below it", () => {
    expect(
      ["example.com", "www.example.com", "notexample.com"].map((host) =>
        hostMatches(host, ".example.com"),
      ),
    ).toEqual([true, true, false]);
  });
});

describe("response headers", () => {
  test("attributes of a cookie are in the order of their names", () => {
    const response = makeResponse("");
    setCookie(response, "sid", "1", {
      path: "/",
      httponly: true,
      secure: true,
      samesite: "Lax",
      maxAge: 5,
      domain: "a.test",
    });
    expect(cookieText(response.cookies[0])).toBe(
      "sid=1; Domain=a.test; HttpOnly; Max-Age=5; Path=/; SameSite=Lax; Secure",
    );
    deleteCookie(response, "sid", { samesite: "Lax" });
    expect(cookieText(response.cookies[0])).toBe(
      'sid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax',
    );
  });

  test("Vary grows in place and knows its members", () => {
    const response = makeResponse("");
    patchVary(response, "Cookie");
    patchVary(response, "accept-encoding", "cookie");
    expect(getHeader(response, "vary")).toBe("Cookie, accept-encoding");
    expect(hasVary(response, "COOKIE")).toBe(true);
  });

  test("the smaller max-age stays, and private drops public", () => {
    const response = makeResponse("");
    patchCacheControl(response, { max_age: 60, public: true });
    patchCacheControl(response, { max_age: 600, private: true });
    expect(getHeader(response, "Cache-Control")).toBe("max-age=60, private");
  });

  test("a redirect to a script is refused", () => {
    expect(redirectResponse("javascript:alert(1)", false)).toMatchObject({
      name: "DisallowedRedirect",
    });
    expect(iriToUri("/x?y=é")).toBe("/x?y=%C3%A9");
  });
});

describe("texts", () => {
  test("UTF-8 that is broken becomes the replacement character", () => {
    expect(decodeUtf8("caf\xc3\xa9")).toBe("café");
    expect(decodeUtf8("a\xffb")).toBe("a\ufffdb");
    expect(decodeUtf8("\xed\xa0\x80", true)).toBeNull();
  });

  test("forms keep blank values and repeated names", () => {
    expect(fieldLists(parseQuery("a=1&a=2&b=%20&c"))).toEqual({ a: ["1", "2"], b: [" "], c: [""] });
  });

  test("quote() leaves the slash", () => {
    expect(urlQuote("/private/?x=1&y=é")).toBe("/private/%3Fx%3D1%26y%3D%C3%A9");
  });

  test("JSON is Python's: spaces after separators, ASCII only", () => {
    expect(dumpJson({ a: [1, "é", null, true] })).toBe('{"a": [1, "\\u00e9", null, true]}');
  });

  test("MD5 of the RFC's own examples", () => {
    expect(md5("")).toBe("d41d8cd98f00b204e9800998ecf8427e");
    expect(md5("message digest")).toBe("f96b697d7cb7938d525a2f31aaf161d0");
    expect(md5("1234567890".repeat(8))).toBe("57edf4a22be3c955ac49da2e2107b67a");
  });

  test("Accept-Language is sorted by quality; a broken one counts for nothing", () => {
    expect(acceptedLanguages("en;q=0.5, fr, de;q=0.8")).toEqual(["fr", "de", "en"]);
    expect(acceptedLanguages("not a language!")).toEqual([]);
  });

  test("a signed cookie that was changed is not believed", () => {
    const signed = signData("secret", { a: "1" }, 1000);
    expect(readSigned("secret", signed)).toEqual({ a: "1" });
    expect(readSigned("other", signed)).toBeNull();
    expect(unsign("secret", `x${signed}`)).toBeNull();
  });

  test("a tag that nobody knows is a TemplateSyntaxError", () => {
    expect(parseTemplate("a\n{% nothing %}").problem).toMatch(
      /^Invalid block tag on line 2: 'nothing'/,
    );
    expect(parseTemplate("{% if a %}").problem).toMatch(/^Unclosed tag/);
  });
});
