// Which texts a client may be sent on to. Django 3.2.25's url_has_allowed_host_and_scheme() was asked of
// 4,000 random ones, over http and https; these are the rules that they showed.
import { expect, test } from "vitest";
import { type HttpRequest, isSafeUrl } from "../../../src/layers/django/http-request.ts";
import type { Settings } from "../../../src/layers/django/settings.ts";

const settings = {
  debug: false,
  allowedHosts: [{ path: "example.com" }],
  values: { SECURE_PROXY_SSL_HEADER: null, USE_X_FORWARDED_HOST: false },
} as unknown as Settings;

function isSafe(url: string, scheme = "http"): boolean {
  const environ = new Map([
    ["HTTP_HOST", "example.com"],
    ["wsgi.url_scheme", scheme],
  ]);
  return isSafeUrl(settings, { environ } as unknown as HttpRequest, url);
}

test.each([
  "/a/",
  "a?b=1",
  " /a/ ",
  "//example.com/b",
  "http://example.com",
  "HTTPS://example.com/",
])("%j stays on this host", (url) => expect(isSafe(url)).toBe(true));

test.each([
  ...["", " ", "//evil.example/", "https://evil.example/", "javascript:alert(1)", "http:/a"],
  ...["///example.com/a", "/\\evil.example", "\\\\evil.example", "\u0001/a", "ftp://example.com/"],
  ...["//example.com:80/", "//[::1/a"],
])("%j may lead elsewhere", (url) => expect(isSafe(url)).toBe(false));

test("over https a text without a scheme but with a host counts as http", () => {
  expect(isSafe("//example.com/b", "https")).toBe(false);
  expect(isSafe("http://example.com/b", "https")).toBe(false);
  expect(isSafe("https://example.com/b", "https")).toBe(true);
});
