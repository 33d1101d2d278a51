import { expect, test } from "vitest";
import { engineFolders, indeterminism, isEngineModule } from "./determinism.ts";
import { parseModule, readModules } from "./modules.ts";

const modules = readModules("src").filter(isEngineModule);

test("the engine knows no clock, no screen and no chance but its own", () => {
  expect(modules.flatMap(indeterminism)).toEqual([]);
});

test.each(engineFolders)("the check has seen modules of %s", (folder) => {
  expect(modules.filter((module) => module.path.startsWith(`src/${folder}/`))).not.toEqual([]);
});

test.each([
  "document.title = name;",
  "const width = window.innerWidth;",
  "const now = Date.now();",
  "const now = new Date(0);",
  "const now = performance.now();",
  "setTimeout(go, 1);",
  "setInterval(go, 1);",
  "const chance = Math.random();",
  "const x = Math.log(2);",
  "const x = Math.exp(2);",
  "const x = Math.pow(2, 0.5);",
  "const x = Math.sin(2);",
  "const f = async () => 1;",
  "async function f() { return 1; }",
  "for await (const x of xs) go(x);",
  "await go();",
  "const page = fetch(address);",
  "console.log(1);",
  "const facts = { console };",
  "const home = process.env.HOME;",
  "names.sort((a, b) => a.localeCompare(b));",
])("%s is caught", (line) => {
  const found = indeterminism(parseModule("src/kernel/planted.ts", line));
  expect(found[0]).toMatch(/^src\/kernel\/planted\.ts:1 the engine may not use /);
});

test.each([
  "const size = segment.window;",
  "const window = 65535; send(window);",
  "const row = { document: 1, Date: text };",
  "interface Headers { Date: string }",
  "const x = Math.floor(Math.sqrt(2));",
  "type Phase = 'fetch'; const phase: Phase = 'fetch';",
])("%s is allowed", (line) => {
  expect(indeterminism(parseModule("src/kernel/planted.ts", line))).toEqual([]);
});
