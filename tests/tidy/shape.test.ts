import { expect, test } from "vitest";
import { exemptFiles, exemptFunctions } from "./exemptions.ts";
import { parseModule, readModules } from "./modules.ts";
import { limits, lineCount, shapeViolations } from "./shape.ts";

const modules = readModules("src");

test("every source file has the shape of the house", () => {
  expect(modules.length).toBeGreaterThan(20);
  expect(modules.flatMap(shapeViolations)).toEqual([]);
});

test("every exemption is still needed", () => {
  const paths = modules.map((module) => module.path);
  const long = modules.filter((module) => lineCount(module) > limits.fileLines);
  expect(long.map((module) => module.path)).toEqual(expect.arrayContaining([...exemptFiles]));
  for (const name of exemptFunctions) expect(paths).toContain(name.split("#")[0]);
});

test("files over the soft limit are reported", ({ annotate }) => {
  const long = modules.filter((module) => lineCount(module) > limits.fileLinesSoft);
  const lines = long.map((module) => `${module.path}: ${lineCount(module)} lines`);
  return annotate(
    `${long.length} of ${modules.length} files are over the soft limit\n${lines.join("\n")}`,
  );
});

const half = "  go();\n".repeat(limits.functionLines / 2);
const longBody = "  go();\n".repeat(limits.functionLines);

test.each([
  ["src/kernel/a.ts", "enum Color { Red }", "enum"],
  ["src/kernel/a.ts", "export default function go() {}", "by default"],
  ["src/kernel/a.ts", "export default 1;", "by default"],
  ["src/kernel/a.ts", "const a = 1; export { a as default };", "by default"],
  ["src/kernel/a.ts", `export * from "./time.ts";`, "re-exports"],
  ["src/kernel/a.ts", "// TODO make it faster", "undone"],
  ["src/kernel/string-utils.ts", "", "drawer"],
  ["src/helpers/a.ts", "", "drawer"],
  ["src/kernel/eventQueue.ts", "", "kebab-case"],
  ["src/kernel/EventQueue.ts", "", "kebab-case"],
  ["src/kernel/a.ts", "go();\n".repeat(limits.fileLines), "longer than"],
  ["src/kernel/a.ts", `function go() {\n${longBody}}`, "go has 62 lines"],
  ["src/kernel/a.ts", `const go = () => {\n${longBody}};`, "go has 62 lines"],
  ["src/kernel/a.ts", "function go(a, b, c, d, e) {}", "takes 5 parameters"],
])("%s: %s", (path, text, message) => {
  const found = shapeViolations(parseModule(path, `// A planted file.\n${text}`));
  expect(found.join("\n")).toContain(message);
  expect(found.length).toBe(1);
});

test("a file that does not say what it is is caught", () => {
  expect(shapeViolations(parseModule("src/kernel/a.ts", "go();"))[0]).toMatch(/does not open/);
});

test.each([
  ["src/ui/panels/LogPanel.tsx", "// TODO #12 wrap long lines"],
  ["src/kernel/a.ts", "switch (x) { default: go(); }"],
  ["src/kernel/a.ts", `const a = 1; export { a };`],
  [
    "src/kernel/a.ts",
    `function outer() {\n  function a() {\n${half}}\n  function b() {\n${half}}\n}`,
  ],
])("%s: %s is allowed", (path, text) => {
  expect(shapeViolations(parseModule(path, `// A planted file.\n${text}`))).toEqual([]);
});
