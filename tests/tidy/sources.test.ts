import { expect, test } from "vitest";
import { parseModule, readModules } from "./modules.ts";
import { countMachines, missingSources } from "./sources.ts";

const modules = readModules("src");

test("every machine and every file of costs cites its source", () => {
  expect(modules.reduce((sum, module) => sum + countMachines(module), 0)).toBeGreaterThan(2);
  expect(modules.flatMap(missingSources)).toEqual([]);
});

test.each([
  ["src/layers/tcp/costs.ts", "// Round numbers.\nexport const RTT = 20;"],
  ["src/layers/tcp/machine.ts", `defineMachine({ name: "TCP", initial: "CLOSED" });`],
  ["src/layers/tcp/machine.ts", `defineMachine({ name: "TCP", source: "" });`],
])("%s: %s is caught", (path, text) => {
  expect(missingSources(parseModule(path, text)).length).toBe(1);
});

test.each([
  `defineMachine({ name: "TCP", source: "RFC 9293, section 3.3.2" });`,
  `const SOURCE = "RFC 9293, section 3.3.2"; defineMachine({ name: "TCP", source: SOURCE });`,
])("%s is allowed", (text) => {
  expect(missingSources(parseModule("src/layers/tcp/machine.ts", text))).toEqual([]);
});
