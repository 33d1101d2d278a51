import { expect, test } from "vitest";
import { forbiddenImports, importsOf } from "./imports.ts";
import { listFiles, parseModule, readModules } from "./modules.ts";

const files = listFiles("src").filter((path) => /\.tsx?$/.test(path));
const modules = readModules("src");

test("every module keeps to the import table", () => {
  expect(modules.flatMap(forbiddenImports)).toEqual([]);
});

test("the check has seen every module, and imports in them", () => {
  expect(modules.length).toBe(files.length);
  expect(modules.length).toBeGreaterThan(20);
  const imports = modules.flatMap(importsOf);
  const lines = modules.flatMap((module) => module.text.match(/^import .*from "/gm) ?? []);
  expect(imports.length).toBeGreaterThanOrEqual(lines.length);
  expect(lines.length).toBeGreaterThan(20);
});

/** What the check says of one planted line, without the place. */
function planted(path: string, line: string): string | undefined {
  return forbiddenImports(parseModule(path, line))[0]?.split(": ")[0];
}

test.each([
  ["src/kernel/a.ts", `import { Cursor } from "../text/cursor.ts";`],
  ["src/wire/a.ts", `import { Journal } from "../kernel/journal.ts";`],
  ["src/host/a.ts", `import { x } from "../wire/http.ts";`],
  ["src/layers/nginx/a.ts", `import { x } from "../gunicorn/layer.ts";`],
  ["src/layers/nginx/a.ts", `import { layers } from "../../layers/gunicorn/layer.ts";`],
  ["src/layers/nginx/a.ts", `import type { x } from "../gunicorn/config.ts";`],
  ["src/layers/nginx/a.ts", `const x = import("../gunicorn/config.ts");`],
  ["src/layers/nginx/a.ts", `let x: import("../gunicorn/config.ts").X;`],
  ["src/layers/nginx/a.ts", `import { readFileSync } from "node:fs";`],
  ["src/layers/layer.ts", `import { nginx } from "./nginx/layer.ts";`],
  ["src/simulation/a.ts", `import { scenarios } from "../scenarios/index.ts";`],
  ["src/simulation/a.ts", `export { go } from "../worker/entry.ts";`],
  ["src/scenarios/a.ts", `import { run } from "../simulation/run.ts";`],
  ["src/worker/a.ts", `import { App } from "../ui/app/App.tsx";`],
  ["src/cli/a.ts", `import { theme } from "../ui/session/theme.ts";`],
  ["src/ui/widgets/Tab.tsx", `import type { Machine } from "../../kernel/machine.ts";`],
  ["src/ui/diagram/Stage.tsx", `import { defineMachine } from "../../kernel/machine.ts";`],
  ["src/ui/session/a.ts", `import { useState } from "react";`],
  ["src/ui/panels/Log.tsx", `import { run } from "../../simulation/run.ts";`],
])("%s with %s is caught", (path, line) => {
  expect(planted(path, line)).toMatch(/may not import/);
});

test.each([
  ["src/kernel/a.ts", `import { assert } from "./assert.ts";`],
  [
    "src/layers/nginx/a.ts",
    `import { x } from "./config.ts"; import type { L } from "../layer.ts";`,
  ],
  ["src/layers/nginx/deep/a.ts", `import { x } from "../config.ts";`],
  ["src/layers/index.ts", `import { nginx } from "./nginx/layer.ts";`],
  ["src/layers/django/a.ts", `import { parser } from "@lezer/python";`],
  ["src/scenarios/a.ts", `import type { Scenario } from "../simulation/scenario.ts";`],
  ["src/scenarios/a.ts", `import { type Scenario } from "../simulation/scenario.ts";`],
  [
    "src/cli/a.ts",
    `import { readFileSync } from "node:fs"; import { run } from "../simulation/run.ts";`,
  ],
  ["src/ui/diagram/Stage.tsx", `import type { Machine } from "../../kernel/machine.ts";`],
])("%s with %s is allowed", (path, line) => {
  expect(planted(path, line)).toBeUndefined();
});

test("a module outside every folder of the table is caught", () => {
  expect(planted("src/extra/a.ts", "")).toMatch(/no folder of the import table/);
});
