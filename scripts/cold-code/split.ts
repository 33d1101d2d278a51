// Cuts a module that a bundler wrote into what a first run used and what it did not. Functions that
// never ran move to a second module, with the constants that only they use. Where code that stays
// calls one of them, a stub of its name stays too and calls it there. Both halves keep every character
// at its place, blanks standing for what is gone, so that the source map of the whole fits both.
import { parseAst } from "vite";
import { boundNames, type FreeNames, freeNames, type Node } from "./free-names.ts";

/** Part of a text: offsets in UTF-16 units, the end not included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Halves {
  readonly hot: string;
  readonly cold: string;
}

/** A statement at the top of the module. */
interface Item extends FreeNames {
  readonly node: Node;
  /** The name that it declares, when it declares one and can be moved. */
  readonly name: string | null;
  readonly kind: "import" | "function" | "constant" | "rest";
}

/** A function moves when its stub is so much shorter: names become short later, and stubs cost too. */
const WORTH_MOVING_CHARACTERS = 60;

const COLD = "$cold";

/** What stands in for the moved functions until they are there: any use is noted and fails. */
const MISSING =
  'new Proxy([],{get(){globalThis.coldCode.missed=true;throw new Error("cold code is missing")}})';

/**
 * The halves of `code`; null when nothing is to be gained. `idle` are the functions that did not run.
 * The cold half imports `file`, the hot one, and completes it when it is evaluated.
 */
export function splitModule(code: string, idle: readonly Range[], file: string): Halves | null {
  const items = (parseAst(code).body as unknown as readonly Node[]).map(itemOf);
  const starts = new Set(idle.map(({ start }) => start));
  const isIdle = (item: Item): boolean => starts.has(functionOf(item.node).start);
  const { moved, stubs } = choose(items, isIdle);
  if (moved.length === 0) return null;
  return {
    hot: hotHalf(code, items, moved, stubs),
    cold: coldHalf(code, items, moved, stubs, file),
  };
}

/** The declaration below an `export`. */
const functionOf = (node: Node): Node => (node.declaration as Node | undefined) ?? node;

function itemOf(node: Node): Item {
  if (node.type === "ImportDeclaration")
    return { node, name: null, kind: "import", used: new Set(), assigned: new Set(), bound: false };
  const found = freeNames(node.type === "ExportNamedDeclaration" ? exported(node) : node);
  if (node.type === "FunctionDeclaration")
    return { node, name: (node.id as Node).name as string, kind: "function", ...found };
  const constant = nameOfConstant(node);
  return { node, name: constant, kind: constant === null ? "rest" : "constant", ...found };
}

/** The names that an export list gives away are used by it; what it calls them is not. */
function exported(node: Node): Node {
  const specifiers = (node.specifiers as readonly Node[]).map(({ local }) => local);
  return { type: "ExportNamedDeclaration", start: 0, end: 0, specifiers };
}

function nameOfConstant(node: Node): string | null {
  if (node.type !== "VariableDeclaration" || node.kind === "let") return null;
  const declarators = node.declarations as readonly Node[];
  const [{ id, init }] = declarators as unknown as readonly { id: Node; init: Node | null }[];
  const alone = declarators.length === 1 && id.type === "Identifier";
  return alone && init !== null && isInert(init) ? (id.name as string) : null;
}

/** True of an expression whose evaluation can neither be seen nor fail. */
function isInert(node: Node): boolean {
  switch (node.type) {
    case "Literal":
    case "Identifier":
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return true;
    case "ArrayExpression":
      return (node.elements as readonly (Node | null)[]).every(
        (part) => part !== null && isInert(part),
      );
    case "ObjectExpression":
      return (node.properties as readonly Node[]).every(
        (part) => part.type === "Property" && part.computed !== true && isInert(part.value as Node),
      );
    case "TemplateLiteral":
      return (node.expressions as readonly Node[]).every(isInert);
    case "UnaryExpression":
      return isInert(node.argument as Node);
    case "BinaryExpression":
      return isInert(node.left as Node) && isInert(node.right as Node);
    case "NewExpression":
      return (
        /^(Map|Set|WeakMap|WeakSet)$/.test(((node.callee as Node).name as string) ?? "") &&
        (node.arguments as readonly Node[]).every(isInert)
      );
    default:
      return false;
  }
}

interface Choice {
  readonly moved: readonly Item[];
  /** The moved functions that code which stays refers to. */
  readonly stubs: readonly Item[];
}

/** What moves: the idle functions, and the constants and functions that nothing which stays can reach. */
function choose(items: readonly Item[], isIdle: (item: Item) => boolean): Choice {
  const byName = new Map(items.flatMap((item) => (item.name === null ? [] : [[item.name, item]])));
  const assigned = new Set(items.flatMap((item) => [...item.assigned]));
  const canStub = (item: Item): boolean =>
    item.kind === "function" &&
    isIdle(item) &&
    !item.bound &&
    item.assigned.size === 0 &&
    !assigned.has(item.name as string) &&
    item.node.end - item.node.start > stubOf(item, items.length).length + WORTH_MOVING_CHARACTERS;
  const staying = new Set<Item>();
  const stubs = new Set<Item>();
  const stay = (item: Item): void => {
    if (staying.has(item)) return;
    staying.add(item);
    for (const name of item.used) {
      const target = byName.get(name);
      if (target === undefined) continue;
      if (canStub(target)) stubs.add(target);
      else stay(target);
    }
  };
  for (const item of items) {
    const changes = item.kind === "constant" && [...item.used].some((name) => assigned.has(name));
    if (changes || mustStay(item, canStub, isIdle)) stay(item);
  }
  return {
    moved: items.filter((item) => item.kind !== "import" && !staying.has(item)),
    stubs: [...stubs],
  };
}

/** Where the walk over what stays begins. */
function mustStay(
  item: Item,
  canStub: (item: Item) => boolean,
  isIdle: (item: Item) => boolean,
): boolean {
  if (item.kind === "rest" || item.assigned.size > 0) return true;
  return item.kind === "function" && !canStub(item) && !isIdle(item);
}

/** `code` with blanks for everything outside `kept`. */
function onlyRanges(code: string, kept: readonly Range[]): string {
  let at = 0;
  let text = "";
  for (const { start, end } of kept) {
    text += blank(code.slice(at, start)) + code.slice(start, end);
    at = end;
  }
  return text + blank(code.slice(at));
}

const blank = (text: string): string => text.replace(/[^\n]/g, " ");

function stubOf({ node, name }: Item, number: number): string {
  const params = node.params as readonly Node[];
  const plain = params.every(({ type }) => type === "Identifier");
  const list = plain ? params.flatMap(boundNames).join(",") : "...a";
  return `function ${name}(${list}){return ${COLD}[${number}](${list})}`;
}

const aliasOf = (number: number): string => `$${number.toString(36)}`;

function hotHalf(
  code: string,
  items: readonly Item[],
  moved: readonly Item[],
  stubs: readonly Item[],
): string {
  const gone = new Set(moved);
  const kept = items.filter((item) => !gone.has(item)).map(({ node }) => node);
  let text = onlyRanges(code, kept);
  for (const [number, item] of stubs.entries()) {
    const stub = stubOf(item, number);
    text = text.slice(0, item.node.start) + stub + text.slice(item.node.start + stub.length);
  }
  const given = takenNames(items, moved, stubs).own.map((name, i) => `${name} as ${aliasOf(i)}`);
  const complete = `export const $complete=functions=>{${COLD}=functions};`;
  return `${text}\nvar ${COLD}=${MISSING};${complete}export{${given.join(",")}};\n`;
}

/** The names that moved code takes from what stays: declared there, or imported by it. */
function takenNames(
  items: readonly Item[],
  moved: readonly Item[],
  stubs: readonly Item[],
): { readonly own: readonly string[]; readonly used: ReadonlySet<string> } {
  const used = new Set(moved.flatMap((item) => [...item.used]));
  const gone = new Set(moved);
  const own = items.filter((item) => !gone.has(item)).flatMap(({ node }) => namesDeclaredBy(node));
  const stubbed = stubs.map(({ name }) => name as string);
  return { own: [...own, ...stubbed].filter((name) => used.has(name)), used };
}

function namesDeclaredBy(node: Node): readonly string[] {
  if (node.type === "VariableDeclaration")
    return (node.declarations as readonly Node[]).flatMap(({ id }) => boundNames(id as Node));
  return /^(Function|Class)Declaration$/.test(node.type) ? boundNames(node.id as Node) : [];
}

function coldHalf(
  code: string,
  items: readonly Item[],
  moved: readonly Item[],
  stubs: readonly Item[],
  file: string,
): string {
  const { own, used } = takenNames(items, moved, stubs);
  const taken = own.map((name, i) => `${aliasOf(i)} as ${name}`);
  let text = onlyRanges(
    code,
    moved.map(({ node }) => node),
  );
  // From the end, so that the places before stay right.
  for (const { node } of [...stubs].sort((a, b) => b.node.start - a.node.start)) {
    const { end } = node.id as Node;
    text = text.slice(0, end) + COLD + text.slice(end);
  }
  const imports = items
    .filter(({ kind }) => kind === "import")
    .map(({ node }) => importOf(node, used));
  const made = stubs.map(({ name }) => `${name}${COLD}`).join(",");
  return `${text}\n${imports.join("")}import{$complete,${taken.join(",")}}from"./${file}";$complete([${made}]);\n`;
}

/** An import of the whole, with the names that moved code uses alone. */
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
