// How a template is cut into tags, variables and comments.
import { expect, it } from "vitest";
import { longTokens, parseTemplate } from "../../../src/layers/django/template-language.ts";

it.each([
  ["a{{ b }}c", ["a", "{{ b }}", "c"]],
  ["{% if a %}{# b #}{% endif %}", ["{% if a %}", "{# b #}", "{% endif %}"]],
  ["{{ a\n}} {{ b }}", ["{{ a\n}} ", "{{ b }}"]],
  ["{{% a %}", ["{", "{% a %}"]],
  ["{% a }} {{ b", ["{% a }} {{ b"]],
])("cuts a long text as a short one: %j", (text, tokens) => {
  expect(longTokens(text)).toEqual(tokens);
  const short = text.split(/(\{%[^\n]*?%\}|\{\{[^\n]*?\}\}|\{#[^\n]*?#\})/);
  expect(short.filter((token) => token !== "")).toEqual(tokens);
});

it("takes openings without an end for text, a hundred thousand of them too", () => {
  const text = "{{ ".repeat(100_000);
  expect(parseTemplate(text).nodes).toEqual([{ kind: "text", text }]);
});

it("gives up at tags nested more deeply than Python can follow", () => {
  const text = `${"{% if a %}".repeat(5000)}${"{% endif %}".repeat(5000)}`;
  expect(parseTemplate(text).problem).toBe("maximum recursion depth exceeded");
});
