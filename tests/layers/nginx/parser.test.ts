import { describe, expect, test } from "vitest";
import { parseText } from "../../../src/layers/nginx/parser.ts";

const words = (text: string) =>
  parseText(text, "t").map((d) => [d.name, ...d.args.map((a) => a.text)]);

describe("nginx.conf is read as nginx reads it", () => {
  test("words, quotes and escapes", () => {
    expect(words(`a "b c" 'd"e' f\\ g "h\\"i" j\\nk;`)).toEqual([
      ["a", "b c", 'd"e', "f\\ g", 'h"i', "j\nk"],
    ]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx writes its variables like this.
    expect(words('log "x\\d" ${a}b;')).toEqual([["log", "x\\d", "${a}b"]]);
  });

  test("a comment begins only where a word may begin", () => {
    expect(words("a b#c; # rest ; }\nd;")).toEqual([["a", "b#c"], ["d"]]);
  });

  test("blocks nest, and every node knows its place", () => {
    const [http] = parseText("http {\n  server {\n    listen 80;\n  }\n}\n", "t");
    const listen = http.block?.[0].block?.[0];
    expect(listen?.name).toBe("listen");
    expect(listen?.line).toBe(3);
    expect([http.span.start, http.span.end]).toEqual([0, 38]);
  });

  test.each([
    ["a", 'unexpected end of file, expecting ";" or "}"', 1],
    ["a {\n b;\n", 'unexpected end of file, expecting "}"', 3],
    ["}\n", 'unexpected "}"', 1],
    ["a b\n}", 'unexpected "}"', 2],
    [";", 'unexpected ";"', 1],
    ['a "b"c;', 'unexpected "c"', 1],
  ])("%j is refused", (text, message, line) => {
    const last = (list: ReturnType<typeof parseText>): ReturnType<typeof parseText>[number] => {
      const node = list[list.length - 1];
      return node.unreadable === undefined && node.block ? last(node.block) : node;
    };
    expect([last(parseText(text, "t")).unreadable, last(parseText(text, "t")).line]).toEqual([
      message,
      line,
    ]);
  });

  test("no text makes the reader throw or hang", () => {
    const alphabet = ["a", " ", ";", "{", "}", '"', "'", "\\", "$", "#", "\n", "é"];
    let state = 7;
    for (let i = 0; i < 3000; i++) {
      let text = "";
      for (let k = 0; k < 12; k++) {
        state = (state * 1103515245 + 12345) % 2147483648;
        text += alphabet[Math.floor(state / 65536) % alphabet.length];
      }
      expect(Array.isArray(parseText(text, "t"))).toBe(true);
    }
  });
});
