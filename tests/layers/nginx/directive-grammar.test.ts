// The two tables of nginx's directives: those of which the modules make rows, and the rest.
import { expect, it } from "vitest";
import { DIRECTIVE_GRAMMAR } from "../../../src/layers/nginx/directive-grammar.ts";
import { DIRECTIVE_GRAMMAR_REST } from "../../../src/layers/nginx/directive-grammar-rest.ts";
import { grammarOf, readGrammar } from "../../../src/layers/nginx/directive-rows.ts";
import { nginxModules } from "../../../src/layers/nginx/modules.ts";

const rest = readGrammar(DIRECTIVE_GRAMMAR_REST);

it("no directive stands in both tables, so that its meanings are together", () => {
  const both = [...readGrammar(DIRECTIVE_GRAMMAR).keys()].filter((name) => rest.has(name));
  expect(both).toEqual([]);
});

it("no module makes a row of a directive of the rest, which would have no place to stand", () => {
  const rows = nginxModules.flatMap(({ directives }) => directives ?? []);
  expect(rows.filter(({ name }) => rest.has(name))).toEqual([]);
});

it("both are known, and nothing else is", () => {
  expect(grammarOf("proxy_pass")?.[0].contexts).toContain("location");
  expect(grammarOf("fastcgi_pass")?.[0]).toMatchObject({ takes: [1], isBlock: false });
  expect(grammarOf("uwsgi_cache_convert_head")).toBeUndefined();
});
