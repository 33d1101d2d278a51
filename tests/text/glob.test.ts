// Shell patterns, as `ls` and nginx's include read them.
import { describe, expect, it } from "vitest";
import { globPattern } from "../../src/text/glob.ts";

describe("shell patterns", () => {
  it.each([
    ["*.conf", "site.conf", true],
    ["*.conf", "site.conf.bak", false],
    ["site?", "site1", true],
    ["site?", "site", false],
    ["*", "", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["[a-c]x", "bx", true],
    ["[a-c]x", "dx", false],
    ["[!0-9]*", "site", true],
    ["[!0-9]*", "0site", false],
    ["a[b", "a[b", true],
    ["a+b", "a+b", true],
    ["/srv/*", "/srv/a/b", false],
  ])("%s and %s: %s", (pattern, name, fits) => {
    expect(globPattern(pattern).test(name)).toBe(fits);
  });

  it("take no time to speak of, however many stars there are", () => {
    expect(globPattern(`${"*a".repeat(40)}b`).test("a".repeat(5000))).toBe(false);
  });
});
