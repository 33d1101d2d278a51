import { describe, expect, test } from "vitest";
import { findLocation } from "../../../src/layers/nginx/location.ts";
import { compilePattern } from "../../../src/layers/nginx/pattern.ts";
import type {
  LocationConf,
  LocationModifier,
  LocationTree,
} from "../../../src/layers/nginx/settings.ts";
import { ask, siteConfig } from "./sites.ts";

const span = { file: "t", start: 0, end: 0, line: 1 };
const none: LocationTree = { prefixes: [], regexes: [], named: new Map() };

function location(modifier: LocationModifier, name: string, line: number): LocationConf {
  const pattern = modifier.startsWith("~") ? compilePattern(name, modifier === "~*") : null;
  return {
    kind: "location",
    modifier,
    name,
    label: modifier === "" ? name : `${modifier} ${name}`,
    pattern: pattern !== null && "regex" in pattern ? pattern : null,
    inner: none,
    script: [],
    handler: null,
    limitExcept: null,
    autoRedirect: false,
    settings: new Map(),
    span: { ...span, line, start: line },
    line,
  };
}

function tree(locations: readonly LocationConf[]): LocationTree {
  const isRegex = (one: LocationConf) => one.modifier.startsWith("~");
  return {
    prefixes: locations.filter((l) => !isRegex(l)),
    regexes: locations.filter(isRegex),
    named: new Map(),
  };
}

/** The manual's algorithm, written as plainly as it can be. */
function oracle(locations: readonly LocationConf[], uri: string): string {
  const exact = locations.find((l) => l.modifier === "=" && l.name === uri);
  if (exact !== undefined) return exact.label;
  const prefixes = locations.filter(
    (l) => (l.modifier === "" || l.modifier === "^~") && uri.startsWith(l.name),
  );
  const longest = prefixes.sort((a, b) => b.name.length - a.name.length)[0];
  if (longest?.modifier === "^~") return longest.label;
  const regex = locations.find((l) => l.pattern?.regex.test(uri) === true);
  return regex?.label ?? longest?.label ?? "";
}

describe("which location serves a URI", () => {
  test("every choice of four among ten locations agrees with the manual's algorithm", () => {
    const all: [LocationModifier, string][] = [
      ["", "/"],
      ["", "/a"],
      ["", "/a/"],
      ["^~", "/a/b"],
      ["=", "/a"],
      ["=", "/"],
      ["~", "b$"],
      ["~*", "^/A"],
      ["~", "\\.png$"],
      ["^~", "/i/"],
    ];
    const uris = ["/", "/a", "/a/", "/a/b", "/A", "/i/x.png", "/x.png", "/a/b.png"];
    let compared = 0;
    for (let mask = 0; mask < 1024; mask++) {
      const chosen = all.filter((_, i) => (mask >> i) & 1);
      const names = chosen.map(([modifier, name]) => `${modifier === "=" ? "=" : ""}${name}`);
      if (chosen.length > 4 || new Set(names).size < names.length) continue;
      const locations = chosen.map(([modifier, name], i) => location(modifier, name, i + 1));
      for (const uri of uris) {
        const found = findLocation(tree(locations), uri, false);
        expect(found.location?.label ?? "", `${uri} in ${names.join(" ")}`).toBe(
          oracle(locations, uri),
        );
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(2500);
  });

  test("outer regexes beat a nested plain prefix, nested regexes beat outer ones", () => {
    const server = (inner: string) =>
      siteConfig(`location /a/ { ${inner} return 200 outer; } location ~ x$ { return 200 regex; }`);
    const body = (inner: string) => ask({ config: server(inner) }, "/a/x")[0].body;
    expect(body("location /a/x { return 200 nested; }")).toBe("regex");
    expect(body("location ~ a/x { return 200 nested; }")).toBe("nested");
    expect(body("location = /a/x { return 200 nested; }")).toBe("nested");
  });

  test("the losers say why they lost", () => {
    const locations = [
      location("", "/", 1),
      location("^~", "/static/", 2),
      location("~", "\\.css$", 3),
    ];
    const { trail } = findLocation(tree(locations), "/static/a.css", true);
    expect(trail.map((item) => [item.text, item.chosen, item.verdict])).toEqual([
      ["location /", false, "prefix matches, but a longer one does too"],
      ["location ^~ /static/", true, "longest matching prefix; ^~ skips regular expressions"],
      ["location ~ \\.css$", false, "not tried: ^~ won"],
    ]);
  });

  test("a location with a slash and proxy_pass redirects the URI without it, unless that is a location", () => {
    const proxy = "location /app/ { proxy_pass http://127.0.0.1:1; }";
    const [answer] = ask({ config: siteConfig(`${proxy} location / { return 200; }`) }, "/app?x=1");
    expect([answer.status, answer.headers.find(([name]) => name === "location")?.[1]]).toEqual([
      301,
      "http://example.com/app/?x=1",
    ]);
    const [other] = ask({ config: siteConfig(`${proxy} location = /app { return 204; }`) }, "/app");
    expect(other.status).toBe(204);
  });
});
