// Who may pass: address ranges, passwords, and the real address behind a proxy.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "../../../../src/layers/nginx/base64.ts";
import { apacheMd5, passwordMatches, passwordOf } from "../../../../src/layers/nginx/htpasswd.ts";
import { type IpRange, inRange, parseRange } from "../../../../src/layers/nginx/ip-range.ts";
import { realAddress } from "../../../../src/layers/nginx/realip.ts";
import { sha1 } from "../../../../src/layers/nginx/sha1.ts";
import { md5 } from "../../../../src/text/md5.ts";

const range = (text: string) => parseRange(text) as IpRange;

test("ranges of allow and deny", () => {
  expect(inRange("203.0.113.10", range("203.0.113.0/24"))).toBe(true);
  expect(inRange("203.0.114.10", range("203.0.113.0/24"))).toBe(false);
  expect(inRange("203.0.113.10", range("203.0.113.10"))).toBe(true);
  expect(inRange("2001:db8::1", range("2001:db8::/32"))).toBe(true);
  expect(inRange("::ffff:10.0.0.1", range("10.0.0.0/8"))).toBe(true);
  expect(inRange("198.51.100.4", range("all"))).toBe(true);
  expect([parseRange("203.0.113"), parseRange("1.2.3.4/33"), parseRange("x")]).toEqual([
    null,
    null,
    null,
  ]);
});

describe("passwords", () => {
  const field = (name: string) =>
    passwordOf("# users\nann:{PLAIN}secret:comment\nbob:$apr1$x$y\n", name);

  test("are found by name", () => {
    expect([field("ann"), field("bob"), field("eve")]).toEqual([
      "{PLAIN}secret",
      "$apr1$x$y",
      null,
    ]);
  });

  test("of Apache's kind, as htpasswd -m makes them", () => {
    expect(apacheMd5("myPassword", "$apr1$r31.....")).toBe("$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/");
    expect(passwordMatches("myPassword", "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/")).toBe(true);
    expect(passwordMatches("wrong", "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/")).toBe(false);
  });

  test("of the {SHA} and {SSHA} kinds", () => {
    expect(passwordMatches("password", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=")).toBe(true);
    const salted = encodeBase64(`${sha1("passwordsalt")}salt`);
    expect(passwordMatches("password", `{SSHA}${salted}`)).toBe(true);
  });
});

test("digests agree with Node's", () => {
  for (const text of ["", "abc", "a".repeat(55), "b".repeat(56), "c".repeat(1000)]) {
    const real = (name: string) => createHash(name).update(text, "latin1").digest("hex");
    expect(md5(text)).toBe(real("md5"));
    const hex = [...sha1(text)].map((c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
    expect(hex).toBe(real("sha1"));
  }
});

test("base64 there and back", () => {
  expect(decodeBase64("YW5uOnNlY3JldA==")).toBe("ann:secret");
  expect(encodeBase64("ann:secret")).toBe("YW5uOnNlY3JldA==");
  expect(decodeBase64("not base64!")).toBeNull();
});

describe("the real address behind trusted proxies", () => {
  const trusted = [range("10.0.0.0/8")];
  const real = (peer: string, header: string, recursive: boolean) =>
    realAddress(peer, [header], { trusted, recursive })?.address ?? null;

  test("is the last of the header, or with recursive the last that is not trusted", () => {
    expect(real("10.0.0.1", "203.0.113.7, 10.0.0.2", false)).toBe("10.0.0.2");
    expect(real("10.0.0.1", "203.0.113.7, 10.0.0.2", true)).toBe("203.0.113.7");
    expect(real("198.51.100.1", "203.0.113.7", true)).toBeNull();
    expect(real("10.0.0.1", "garbage", false)).toBeNull();
  });
});
