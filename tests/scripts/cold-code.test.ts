// The build that cuts the worker in two: what moves, what stays, and that both halves together are the
// module that they were.

import { parseAst } from "vite";
import { describe, expect, it } from "vitest";
import { entriesAsGetters } from "../../scripts/cold-code/entries.ts";
import { freeNames, type Node } from "../../scripts/cold-code/free-names.ts";
import { splitModule } from "../../scripts/cold-code/split.ts";

const statement = (code: string): Node => parseAst(code).body[0] as unknown as Node;

describe("freeNames", () => {
  const used = (code: string): string[] => [
    ...new Set(freeNames(statement(code)).references.map(({ name }) => name)),
  ];

  it.each([
    [
      "a parameter is its own",
      "function f(a, { b, c: [d = x] }, ...e) { return a + b + d + e; }",
      ["x"],
    ],
    ["a property is no name", "f(a.b, { c: d, e })", ["f", "a", "d", "e"]],
    ["a computed one is", "a[b] = { [c]: 1 }", ["a", "b", "c"]],
    [
      "an inner function sees the outer names",
      "function f() { let a; return () => a + b; }",
      ["b"],
    ],
    ["var is hoisted", "function f() { g(a); if (b) { var a = 1; } }", ["g", "b"]],
    ["let is not", "function f() { { let a; } return a; }", ["a"]],
    ["a caught error is its own", "try { f() } catch (e) { g(e) }", ["f", "g"]],
    ["a label is no name", "a: for (const b of c) { continue a; }", ["c"]],
  ])("%s", (_, code, names) => {
    expect(used(code)).toEqual(names);
  });

  it("tells what is assigned and what is called", () => {
    const { assigned, references } = freeNames(statement("{ a = b(); c++; [d.e, f] = g; }"));
    expect([...assigned]).toEqual(["a", "c", "f"]);
    expect(references.find(({ name }) => name === "b")?.called).toBe(true);
    expect(references.find(({ name }) => name === "g")?.called).toBe(false);
  });
});

const LONG = "'a text that is long enough to be worth moving to another file, away from here'";

const MODULE = `
const onlyCold = ${LONG};
const shared = { count: 7 };
function rare(a, b) { return onlyCold.length + shared.count + a * b + helper(a) + ${LONG}.length; }
function helper(a) { return a + ${LONG}.length; }
function passed(a) { return [passed === table.handler, a, ${LONG}]; }
const table = {
  handler: passed,
  words: { title: ${LONG} },
  spoken: { title: 'This one is read, so that it stays, however long the text may be that it holds' },
  act: (a, b) => { return [a, b, ${LONG}, shared.count]; },
};
function often(a) { return a < 0 ? rare(a, 2) : table.spoken.title.length; }
export { often, passed, table };
`;

/** The functions of \`code\` whose text begins so. */
function idle(code: string, ...beginnings: readonly string[]) {
  return beginnings.map((beginning) => {
    const start = code.indexOf(beginning);
    let depth = 0;
    let end = code.indexOf("{", start);
    do depth += { "{": 1, "}": -1 }[code[end++]] ?? 0;
    while (depth > 0);
    return { start, end };
  });
}

const instrumented = entriesAsGetters(MODULE);
const IDLE = ["function rare", "function helper", "function passed", "(a, b) =>", "get words"];
const functions = idle(instrumented, ...IDLE);
const halves = splitModule(instrumented, { functions, parts: functions }, "module.js");
const asUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

describe("splitModule", () => {
  it("keeps what ran and moves what did not, with what only that uses", () => {
    expect(halves?.hot).toContain("function often");
    expect(halves?.hot).toContain("spoken:");
    expect(halves?.hot).not.toContain("long enough to be worth moving");
    expect(halves?.cold).toContain("const onlyCold");
    expect(halves?.cold).not.toContain("function often");
  });

  it("calls from afar what is only called, and leaves a stub of what is passed on", () => {
    expect(halves?.hot).toMatch(/a < 0 \? \$cold\.\w\(a, 2\)/);
    expect(halves?.hot).toMatch(/function passed\(a\)\{return \$cold\.\w\(a\)\}/);
    expect(halves?.hot).not.toContain("function helper");
  });

  it("makes a module that does the same once its other half is there, and fails before", async () => {
    globalThis.coldCode = { missed: false, load: async () => {} };
    const hotUrl = asUrl(halves?.hot ?? "");
    const [whole, hot] = await Promise.all([import(asUrl(MODULE)), import(hotUrl)]);
    expect(hot.often(1)).toBe(whole.often(1));
    expect(globalThis.coldCode.missed).toBe(false);
    expect(() => hot.often(-1)).toThrow("cold code is missing");
    expect(globalThis.coldCode.missed).toBe(true);

    await import(asUrl((halves?.cold ?? "").replace('"./module.js"', `"${hotUrl}"`)));
    expect(hot.often(-1)).toBe(whole.often(-1));
    expect(hot.passed(3)).toEqual(whole.passed(3));
    expect(hot.table.act(1, 2)).toEqual(whole.table.act(1, 2));
    expect(hot.table.words).toEqual(whole.table.words);
    expect(hot.table.words).toBe(hot.table.words);
    globalThis.coldCode = undefined;
  });

  it("keeps every line where it was", () => {
    const lineOf = (text: string | undefined, piece: string): number =>
      text?.split("\n").findIndex((line) => line.includes(piece)) ?? -1;
    expect(lineOf(halves?.hot, "function often")).toBe(lineOf(MODULE, "function often"));
    expect(lineOf(halves?.cold, "function helper")).toBe(lineOf(MODULE, "function helper"));
  });
});

describe("branches that did not run", () => {
  const code = `
const limit = 3;
function size(list, wide) {
  let total = 0;
  for (const item of list) {
    if (item > limit) { const more = item * 2; list.push(more, 'beyond the limit'); continue; }
    total += item;
  }
  if (wide) { const note = 'it is wide, so that it counts for more'; return [note, total, limit]; }
  const word = total > limit ? ['a lot of them', total, list.length] : 'few';
  if (list.length > 9) total = total + list.length + limit + list.length + total;
  if (list.length > 8) { return () => total + limit + list.length + word.length; }
  total += 1;
  return word + total;
}
export { size };
`;
  const part = (text: string) => {
    const start = code.indexOf(text);
    return { start, end: start + text.length };
  };
  const parts = [
    part("{ const more = item * 2; list.push(more, 'beyond the limit'); continue; }"),
    part("{ const note = 'it is wide, so that it counts for more'; return [note, total, limit]; }"),
    part("['a lot of them', total, list.length]"),
    part("total = total + list.length + limit + list.length + total;"),
    part("{ return () => total + limit + list.length + word.length; }"),
  ];
  const split = splitModule(code, { functions: [], parts }, "branches.js");

  it("go as functions of what they read", () => {
    expect(split?.hot).toMatch(/if \(wide\) \{return \$cold\.\w\(total\);\}/);
    expect(split?.hot).toMatch(/\? \$cold\.\w\(total,list\) :/);
  });

  it("stay when they leave a loop, set a variable, or keep one that changes", () => {
    expect(split?.hot).toContain("'beyond the limit'); continue;");
    expect(split?.hot).toContain("total = total + list.length");
    expect(split?.hot).toContain("return () => total");
  });

  it("answer as before", async () => {
    const hotUrl = asUrl(split?.hot ?? "");
    await import(asUrl((split?.cold ?? "").replace('"./branches.js"', `"${hotUrl}"`)));
    const [whole, hot] = await Promise.all([import(asUrl(code)), import(hotUrl)]);
    expect(hot.size([1, 2], true)).toEqual(whole.size([1, 2], true));
    expect(hot.size([2, 2], false)).toEqual(whole.size([2, 2], false));
  });
});

describe("branches that change names, return now and then, or belong to a method", () => {
  const code = `
class Counter {
  count = 0;
  add(step) {
    if (step > 5) { this.count += step * 2; this.last = 'a large step'; }
    this.count += step;
    return this.count;
  }
  drop() { this.count = 0; this.last = 'dropped, and so it begins again'; return this.count; }
}
function walk(list, stop) {
  let sum = 0;
  let last = null;
  let calls = 0;
  const call = () => { calls += 1; };
  for (const item of list) {
    if (item > 5) { last = item; sum = sum + item * 2 + list.length; }
    if (item > 7) { if (item === stop) return ['stopped at', item, sum]; list.reverse(); }
    if (item < 1) list.reverse(); else if (item === stop + 1) return ['stopped before', item]; else list.push(0.5);
    if (item < 0) { call(); call(); sum = calls * 100 + list.length + sum; }
    sum += item;
  }
  return [sum, last];
}
var Never = class { constructor() { this.words = 'nobody makes one of these, so it can go'; } };
const make = () => { const [made, other] = [new Never(), new Never()]; return [made.words, other.words]; };
export { Counter, walk, make };
`;
  const part = (text: string) => {
    const start = code.indexOf(text);
    return { start, end: start + text.length };
  };
  const method = part(
    "drop() { this.count = 0; this.last = 'dropped, and so it begins again'; return this.count; }",
  );
  const functions = [
    method,
    part(
      "() => { const [made, other] = [new Never(), new Never()]; return [made.words, other.words]; }",
    ),
  ];
  const parts = [
    ...functions,
    part("{ this.count += step * 2; this.last = 'a large step'; }"),
    part("{ last = item; sum = sum + item * 2 + list.length; }"),
    part("{ if (item === stop) return ['stopped at', item, sum]; list.reverse(); }"),
    part("if (item === stop + 1) return ['stopped before', item]; else list.push(0.5);"),
    part("{ call(); call(); sum = calls * 100 + list.length + sum; }"),
  ];
  const split = splitModule(code, { functions, parts }, "changes.js");

  it("go, and what they did comes back", () => {
    expect(split?.hot).toMatch(/\{\$cold\.\w\.call\(this,step\);\}/);
    expect(split?.hot).toMatch(/\{\[last,sum\]=\$cold\.\w\(last,item,sum,list\);\}/);
    expect(split?.hot).toMatch(/\{const \$=\$cold\.\w\(.*\);if\(\$\)return \$\[0\];\}/);
    expect(split?.hot).not.toContain("dropped");
    expect(split?.hot).not.toContain("nobody makes one");
  });

  it("stay when a function that they may call changes what they were handed", () => {
    expect(split?.hot).toContain("calls * 100");
  });

  it("answer as before", async () => {
    const hotUrl = asUrl(split?.hot ?? "");
    await import(asUrl((split?.cold ?? "").replace('"./changes.js"', `"${hotUrl}"`)));
    const [whole, hot] = await Promise.all([import(asUrl(code)), import(hotUrl)]);
    for (const [list, stop] of [
      [[1, 6, 8, 2], 9],
      [[1, 6, 8, 2], 8],
      [[3, -1, 2], 0],
    ] as const)
      expect(hot.walk([...list], stop)).toEqual(whole.walk([...list], stop));
    const [counter, expected] = [new hot.Counter(), new whole.Counter()];
    for (const step of [1, 9, 2]) expect(counter.add(step)).toBe(expected.add(step));
    expect(counter.drop()).toBe(0);
    expect({ ...counter, last: counter.last }).toEqual({
      ...expected,
      count: 0,
      last: counter.last,
    });
    expect(hot.make()).toEqual(whole.make());
  });
});

describe("texts of a definition", () => {
  const code = `
const define = (spec) => ({ spec, first: spec.edges.open.from });
const door = define({
  name: "door",
  source: "the manual of the door, chapter 3, section 2, as it was written before the door was hung",
  edges: {
    open: { from: "closed", on: "somebody turns the handle and pulls, or pushes, as it may be" },
    close: { from: "open", on: "the wind blows", after: "a while, which is not known before" },
  },
});
const gate = define({ name: "gate", edges: { open: { from: "closed", on: "x".repeat(200) } } });
export { door, gate };
`;
  const written = entriesAsGetters(code);
  // What reads the names and the origins is the compiler of the definition; nobody reads the rest.
  const unread = [...written.matchAll(/get (source|on|after)\(\)\{.*?\}/g)].map((match) => {
    return { start: match.index, end: match.index + match[0].length };
  });
  const split = splitModule(written, { functions: unread, parts: unread }, "texts.js");

  it("come later when nobody read one of their key", () => {
    expect(split?.hot).toContain('name:"door"');
    expect(split?.hot).toContain('from:"closed"');
    expect(split?.hot).not.toContain("the wind blows");
    expect(split?.hot).not.toContain("the manual");
    expect(split?.hot).toContain('"x".repeat(200)');
  });

  it("stay when one of their key was read", () => {
    const functions = unread.filter(({ end }) => !written.slice(0, end).endsWith('blows"}'));
    const other = splitModule(written, { functions, parts: functions }, "texts.js");
    expect(other?.hot).toContain("the handle");
    expect(other?.hot).not.toContain("the manual");
  });

  it("are missed when they are read too early, and then are where they were", async () => {
    globalThis.coldCode = { missed: false, load: async () => {} };
    const hotUrl = asUrl(split?.hot ?? "");
    const [whole, hot] = await Promise.all([import(asUrl(code)), import(hotUrl)]);
    expect(hot.door.first).toBe("closed");
    expect(() => hot.door.spec.edges.open.on).toThrow("cold code is missing");
    expect(globalThis.coldCode.missed).toBe(true);

    await import(asUrl((split?.cold ?? "").replace('"./texts.js"', `"${hotUrl}"`)));
    expect(hot.door).toEqual(whole.door);
    expect(Object.keys(hot.door.spec.edges.close)).toEqual(["from", "on", "after"]);
    expect(hot.door.spec.edges.open.after).toBeUndefined();
    globalThis.coldCode = undefined;
  });
});
