import { describe, expect, it } from "vitest";
import { BoundedRegExp } from "../../src/text/bounded-regexp.ts";

describe("a bounded regular expression", () => {
  it.each([
    ["^/(?<a>[a-z]+)/(.*)\\.(?:png|jpg)$", "/img/a/b/c.png"],
    ["^(?:/[^/]+)+$", `${"/ab".repeat(300)}`],
    ["^(?:/[^/]+)+$", `${"/ab".repeat(300)}/`],
    ["(\\d{4})-(\\d{2})(?=/)[\\]a-z/]*?x{2,3}$", `/2024-05/${"a".repeat(40)}xx`],
    ["^(.*)/(.*)/(.*)$", `/${"a".repeat(300)}/b/c`],
  ])("matches as the host's does: %s", (source, subject) => {
    expect(new BoundedRegExp(source, "").exec(subject)).toEqual(new RegExp(source).exec(subject));
  });

  it.each([
    ["^(a+)+$", "a"],
    ["^(a|aa)+$", "a"],
    ["(.*)*(.*)*(.*)*x$", "a"],
    ["^(\\w+\\s?)*$", "ab "],
  ])("gives up where the host's would go on for years: %s", (source, unit) => {
    expect(new BoundedRegExp(source, "").test(`${unit.repeat(3000)}!`)).toBe(false);
    expect(new BoundedRegExp(source, "").test(`${unit.repeat(30)}!`)).toBe(false);
  });
});
