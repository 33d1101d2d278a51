import { expect, test } from "vitest";
import { DIRECTIVE_GRAMMAR } from "../../../src/layers/nginx/directive-grammar.ts";
import { DIRECTIVE_GRAMMAR_REST } from "../../../src/layers/nginx/directive-grammar-rest.ts";
import { readGrammar } from "../../../src/layers/nginx/directive-rows.ts";
import { play, siteConfig } from "./sites.ts";

/** Repeatable numbers from 0 to `below`. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor(state / 65536) % below;
  };
}

const WORDS = [
  "on",
  "off",
  "1m",
  "10s",
  "/x",
  "~",
  "^/a(b)",
  "$uri",
  "$1",
  "=404",
  "@n",
  "http://127.0.0.1:1/",
  "zone=a:1m",
  "rate=1r/s",
  "",
  "(",
  "$x",
  "unix:/s",
  "*.a",
  "é",
];

test("no configuration makes nginx throw: it starts or says why not", () => {
  const next = numbers(11);
  const names = [...readGrammar(`${DIRECTIVE_GRAMMAR}${DIRECTIVE_GRAMMAR_REST}`).keys()];
  const directive = (depth: number): string => {
    const name = names[next(names.length)];
    const args = Array.from({ length: next(4) }, () => JSON.stringify(WORDS[next(WORDS.length)]));
    const block =
      depth > 0 && next(4) === 0 ? ` { ${directive(depth - 1)} ${directive(depth - 1)} }` : ";";
    return `${name} ${args.join(" ")}${block}`;
  };
  for (let i = 0; i < 400; i++) {
    const config = siteConfig(
      `${next(2) === 0 ? "" : "location / {"} ${directive(2)} ${next(2) === 0 ? "" : "}"}`,
    );
    const run = play({
      config,
      actions: [{ at: 0, request: { url: "http://example.com/", timeout: 50 } }],
    });
    const refused = run.exits?.nginx === 1;
    expect(
      refused ? run.logs.nginxStart?.some((line) => line.includes("[emerg]")) : true,
      config,
    ).toBe(true);
  }
}, 30_000);

test("no bytes make a worker throw, whatever the packets they come in", () => {
  const next = numbers(5);
  const pieces = [
    "GET ",
    "POST ",
    "/",
    "/a//../b%2f",
    "?x=1#y",
    " HTTP/1.1",
    " HTTP/1.0",
    "\r\n",
    "\n",
    "Host: a\r\n",
    "Content-Length: 3\r\n",
    "Transfer-Encoding: chunked\r\n",
    "abc",
    "3\r\nabc\r\n0\r\n\r\n",
    "\0",
    ": x\r\n",
    "Expect: 100-continue\r\n",
    "Range: bytes=0-1,3-4\r\n",
  ];
  const config = siteConfig(
    'location / { try_files $uri =404; } location /a { return 200 "$request_uri"; } location = /b { proxy_pass http://127.0.0.1:1; }',
  );
  for (let i = 0; i < 60; i++) {
    const actions = Array.from({ length: 10 }, (_, k) => {
      const raw = Array.from({ length: 1 + next(3) }, () =>
        Array.from({ length: next(8) }, () => pieces[next(pieces.length)]).join(""),
      );
      return {
        at: k * 200,
        request: {
          url: "http://example.com/",
          raw: raw.flatMap((text) => [text, 5]),
          timeout: 100,
        },
      };
    });
    expect(play({ config, actions }).requests).toHaveLength(10);
  }
}, 30_000);
