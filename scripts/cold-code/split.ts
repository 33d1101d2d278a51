// Cuts a module that a bundler wrote into what a first run used and what it did not: functions that did
// not run and constants and entries of tables that nothing read go to a second module, which fetches
// what it needs from the first. Code that stays calls what is gone by its number.
import { parseAst } from "vite";
import type { Branch } from "./branches.ts";
import { type Choice, type Cut, choose } from "./choose.ts";
import { type Edit, edited, keepLines, type Range } from "./edits.ts";
import { boundNames, type Node } from "./free-names.ts";
import { asEntry } from "./getters.ts";
import type { Idle } from "./idle.ts";
import { type Item, namesDeclaredBy } from "./items.ts";
import { fillTexts, standIns, withoutTexts } from "./texts.ts";

export interface Halves {
  readonly hot: string;
  readonly cold: string;
}

/** The object of what is gone, in the half that stays; and what ends a name that was changed. */
const COLD = "$cold";

/** What stands in for that object until the other half is there: any use is noted and fails. */
const MISSING =
  'new Proxy({},{get(){globalThis.coldCode.missed=true;throw new Error("cold code is missing")}})';

/**
 * The halves of `code`, in which the functions `idle` did not run; null when nothing is to be gained.
 * The cold half imports `file`, the hot one, and completes it when it is evaluated.
 */
export function splitModule(code: string, idle: Idle, file: string): Halves | null {
  const choice = choose(parseAst(code).body as unknown as readonly Node[], code, idle);
  const { moved, cuts, definitions, entries } = choice;
  const restored = entries.flatMap(asEntry);
  if (moved.length + cuts.length + definitions.length === 0)
    return restored.length === 0 ? null : { hot: edited(code, whole(code), restored), cold: "" };
  const given = namesGiven(choice);
  return {
    hot: hotHalf(code, choice, restored, given),
    cold: coldHalf(code, choice, { restored, given, file }),
  };
}

const whole = (code: string): Range => ({ start: 0, end: code.length });

/** What the cold half uses of the hot one: variables, imported one by one, and all that never changes. */
interface Given {
  readonly live: readonly string[];
  readonly fixed: readonly string[];
}

function namesGiven({ items, moved, stubbed, cuts }: Choice): Given {
  const used = namesUsed(moved, cuts);
  const gone = new Set(moved);
  const declared = items.filter((item) => !gone.has(item)).flatMap(namesDeclaredBy);
  const given = [...declared, ...stubbed.map(nameOf)].filter((name) => used.has(name));
  const assigned = new Set(items.flatMap((item) => [...item.assigned]));
  return {
    live: given.filter((name) => assigned.has(name)),
    fixed: given.filter((name) => !assigned.has(name)),
  };
}

function namesUsed(moved: readonly Item[], cuts: readonly Cut[]): ReadonlySet<string> {
  return new Set(
    [...moved, ...cuts].flatMap(({ references }) => references.map(({ name }) => name)),
  );
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** The key of something in the object of what is gone: a, b, …, Z, aa, ab, … */
function keyOf(number: number): string {
  const rest = Math.floor(number / LETTERS.length);
  return (rest === 0 ? "" : keyOf(rest - 1)) + LETTERS[number % LETTERS.length];
}

/** Something that is gone, as the half that stays calls it. */
const farOf = (number: number): string => `${COLD}.${keyOf(number)}`;

const nameOf = ({ name }: Item): string => name as string;

const aliasOf = (number: number): string => `$${number.toString(36)}`;

/** `function name(a,b){return $cold.h(a,b)}`, or the same as an arrow function without a name. */
function handingOn(node: Node, name: string | null, number: number): string {
  const params = node.params as readonly Node[];
  const plain = params.every(({ type }) => type === "Identifier");
  const list = plain ? params.flatMap(boundNames).join(",") : "...a";
  const call = `${farOf(number)}(${list})`;
  return name === null ? `((${list})=>${call})` : `function ${name}(${list}){return ${call}}`;
}

function hotHalf(code: string, choice: Choice, restored: readonly Edit[], given: Given): string {
  const { moved, stubbed, called, cuts, definitions } = choice;
  const numberOf = new Map([...stubbed, ...called].map((item, number) => [item, number]));
  const gone = moved.map((item) => {
    const { start, end } = item.node;
    const number = numberOf.get(item);
    const isStub = number !== undefined && stubbed.includes(item);
    return { start, end, text: isStub ? handingOn(item.node, item.name, number) : "" };
  });
  const cutOut = cuts.map((cut, i) => insteadOf(cut, numberOf.size + i));
  const bare = definitions.flatMap(withoutTexts);
  const edits = [...restored, ...gone, ...cutOut, ...bare, ...farCalls(choice, numberOf)];
  const exports = given.live.map((name, i) => `${name} as ${aliasOf(i)}`).join(",");
  const complete = `export const $complete=functions=>{${COLD}=functions};export{${exports}};`;
  const late = definitions.length > 0 ? "export{$late};" : "";
  const fixed = `export const $given=()=>[${given.fixed.join(",")}];${late}`;
  const before = standIns(definitions, `${COLD}.$`);
  return `${before}${edited(code, whole(code), edits)}\nvar ${COLD}=${MISSING};${complete}${fixed}\n`;
}

function insteadOf(cut: Cut, number: number): Edit {
  const { start, end } = cut.range;
  if (cut.kind === "function") return { start, end, text: handingOn(cut.range, null, number) };
  if (cut.kind === "branch") return { start, end, text: callOf(cut.branch, number) };
  return { start, end, text: `get ${cut.entry.key}(){return ${farOf(number)}()}` };
}

function callOf({ kind, handed, readsThis, changed }: Branch, number: number): string {
  const call = readsThis
    ? `${farOf(number)}.call(${["this", ...handed].join(",")})`
    : `${farOf(number)}(${handed.join(",")})`;
  if (kind === "expression") return call;
  if (kind === "returning") return `{return ${call};}`;
  if (kind === "sometimes returning") return `{const $=${call};if($)return $[0];}`;
  return changed.length === 0 ? `{${call};}` : `{${comingBack(changed)}=${call};}`;
}

/** How the values of changed names are handed back, and taken. */
const comingBack = (changed: readonly string[]): string =>
  changed.length === 1 ? changed[0] : `[${changed.join(",")}]`;

/** In what stays, calls of functions that are gone without a stub. */
function farCalls(
  { items, moved, called }: Choice,
  numberOf: ReadonlyMap<Item, number>,
): readonly Edit[] {
  const textOf = new Map(called.map((item) => [item.name, farOf(numberOf.get(item) as number)]));
  const gone = new Set(moved);
  return items
    .filter((item) => !gone.has(item))
    .flatMap(({ references }) => references)
    .flatMap(({ name, start, end }) => {
      const text = textOf.get(name);
      return text === undefined ? [] : [{ start, end, text }];
    });
}

interface ColdParts {
  readonly restored: readonly Edit[];
  readonly given: Given;
  readonly file: string;
}

function coldHalf(
  code: string,
  { items, moved, called, stubbed, cuts, definitions }: Choice,
  { restored, given, file }: ColdParts,
): string {
  const renamed = stubbed.map(({ node }) => {
    const { end } = node.id as Node;
    return { start: end, end, text: COLD };
  });
  const edits = [...restored, ...renamed, ...cuts.flatMap(returnedInArrays)];
  const pieces = [
    ...moved.map(({ node }) => ({ range: node as Range, before: "", after: "" })),
    ...cuts.map((cut, i) => pieceOf(cut, i)),
  ].sort((a, b) => a.range.start - b.range.start);
  let at = 0;
  let text = "";
  for (const { range, before, after } of pieces) {
    text += keepLines("", code.slice(at, range.start)) + before;
    text += edited(code, range, edits) + after;
    at = range.end;
  }
  const used = namesUsed(moved, cuts);
  const imports = items.flatMap((item) =>
    item.kind === "import" ? [importOf(item.node, used)] : [],
  );
  const live = given.live.map((name, i) => `,${aliasOf(i)} as ${name}`).join("");
  const made = [
    ...stubbed.map((item) => nameOf(item) + COLD),
    ...called.map(nameOf),
    ...cuts.map((cut, i) => (cut.kind === "entry" ? `()=>${COLD}${i}` : `${COLD}${i}`)),
  ];
  const fixed = `const[${given.fixed.join(",")}]=$given();`;
  const late = definitions.length > 0 ? ",$late" : "";
  const own = `import{$complete,$given${late}${live}}from"./${file}";$complete({${made.map((value, i) => `${keyOf(i)}:${value}`)}});`;
  return `${fixed}${text}\n${imports.join("")}${own}${fillTexts(definitions, code)}\n`;
}

interface Piece {
  readonly range: Range;
  readonly before: string;
  readonly after: string;
}

/** Of a branch that sometimes returns, what tells a return from going on. */
function returnedInArrays(cut: Cut): readonly Edit[] {
  if (cut.kind !== "branch") return [];
  return cut.branch.returns.flatMap(({ start, argument }) => {
    const value = argument as Node | null;
    const at = value ?? { start: start + "return".length, end: start + "return".length };
    return [
      { start: at.start, end: at.start, text: "[" },
      { start: at.end, end: at.end, text: "]" },
    ];
  });
}

/** A cut as a constant of the cold half. */
function pieceOf(cut: Cut, number: number): Piece {
  const name = `const ${COLD}${number}=`;
  if (cut.kind === "branch") {
    const { handed, kind, readsThis, changed } = cut.branch;
    const list = `(${handed.join(",")})`;
    const head = `${name}${readsThis ? `function${list}` : `${list}=>`}`;
    if (kind === "expression") return { range: cut.range, before: `${head}{return(`, after: ")};" };
    const last = changed.length === 0 ? "" : `;return ${comingBack(changed)}`;
    return { range: cut.range, before: `${head}{`, after: `${last}};` };
  }
  return { range: cut.kind === "entry" ? cut.entry.value : cut.range, before: name, after: ";" };
}

/** An import of the whole, of those names alone that are used. */
function importOf(node: Node, used: ReadonlySet<string>): string {
  const specifiers = (node.specifiers as readonly Node[]).filter(({ local }) =>
    used.has((local as Node).name as string),
  );
  if (specifiers.length === 0) return "";
  const list = specifiers.map(({ type, imported, local }) => {
    if (type !== "ImportSpecifier") throw new Error(`The splitter cannot read a ${type}.`);
    return `${(imported as Node).name} as ${(local as Node).name}`;
  });
  return `import{${list.join(",")}}from${JSON.stringify((node.source as Node).value)};`;
}
