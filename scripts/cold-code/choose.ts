// What of a module stays in its hot half. Everything that the first visit ran stays, with all that it
// refers to; where it refers to something that did not run, the walk ends, and there the module is cut.

import { type Branch, idleBranches } from "./branches.ts";
import { contains, type Range } from "./edits.ts";
import { entriesOf } from "./entries.ts";
import { childrenOf, freeNames, isFunction, type Node, type Reference } from "./free-names.ts";
import type { Entry } from "./getters.ts";
import { type Idle, type IdleTest, idleTest } from "./idle.ts";
import { type Item, itemOf } from "./items.ts";
import { type Definition, definitionOf, textsOf } from "./texts.ts";

/** Something inside a statement that stays: it goes alone. */
export type Cut =
  | {
      readonly kind: "branch";
      readonly range: Range;
      readonly references: readonly Reference[];
      readonly branch: Branch;
    }
  | { readonly kind: "function"; readonly range: Node; readonly references: readonly Reference[] }
  | {
      readonly kind: "entry";
      readonly range: Range;
      readonly references: readonly Reference[];
      readonly entry: Entry;
    };

export interface Choice {
  readonly items: readonly Item[];
  /** Statements that go as they are. */
  readonly moved: readonly Item[];
  /** Functions among them that code which stays calls, and does nothing else with. */
  readonly called: readonly Item[];
  /** Functions among them that code which stays refers to otherwise: a function of that name must stay. */
  readonly stubbed: readonly Item[];
  readonly cuts: readonly Cut[];
  /** Definitions that stay without some of their texts. */
  readonly definitions: readonly Definition[];
  /** Entries and texts that are not cut out. */
  readonly entries: readonly Entry[];
}

/** A function goes when it is so much longer than what stays in its place. */
const WORTH_MOVING_CHARACTERS = 5;

/** The choice for the module `code`, in which the functions `idle` did not run. */
export function choose(statements: readonly Node[], code: string, idle: Idle): Choice {
  const items = statements.map(itemOf);
  const byName = new Map(items.flatMap((item) => (item.name === null ? [] : [[item.name, item]])));
  const assigned = new Set(items.flatMap((item) => [...item.assigned]));
  const test = idleTest(idle);
  const cutsOf = new Map<Item, readonly Cut[]>();
  const called = new Set<Item>();
  const stubbed = new Set<Item>();
  const stay = (item: Item): void => {
    if (cutsOf.has(item)) return;
    const cuts = cutsIn(item, code, test, assigned);
    cutsOf.set(item, cuts);
    for (const reference of item.references) {
      const target = byName.get(reference.name);
      if (target === undefined || cuts.some(({ range }) => contains(range, reference))) continue;
      if (!canGo(target, test, assigned)) stay(target);
      else if (reference.called) called.add(target);
      else stubbed.add(target);
    }
  };
  for (const item of items) if (mustStay(item, test, assigned)) stay(item);
  const cuts = [...cutsOf.values()].flat();
  const definitions = [...cutsOf.keys()].flatMap(
    ({ node }) => definitionOf(node, code, test.isIdleFunction) ?? [],
  );
  const absent = new Set(definitions.flatMap(({ texts }) => texts.map(({ property }) => property)));
  const entries = items.flatMap(({ node }) => [...entriesOf(node, code), ...textsOf(node, code)]);
  return {
    items,
    moved: items.filter((item) => item.kind !== "import" && !cutsOf.has(item)),
    called: [...called].filter((item) => !stubbed.has(item)),
    stubbed: [...stubbed],
    cuts,
    definitions,
    entries: entries.filter(
      ({ property }) => !absent.has(property) && !cuts.some(({ range }) => range === property),
    ),
  };
}

/** True of a function that did not run and may be called from afar. */
function canGo(item: Item, { isIdleFunction }: IdleTest, assigned: ReadonlySet<string>): boolean {
  const { node, name } = item;
  return (
    item.kind === "function" &&
    isIdleFunction(node) &&
    !item.bound &&
    !item.readsThis &&
    item.assigned.size === 0 &&
    !assigned.has(name as string) &&
    isLong(node)
  );
}

/** True when a function is longer by far than one that hands its parameters on. */
function isLong(node: Node): boolean {
  const params = node.params as readonly Node[];
  const handed = 2 * params.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  return node.end - node.start > handed + WORTH_MOVING_CHARACTERS + 20;
}

/** Where the walk begins. */
function mustStay(
  item: Item,
  { isIdleFunction }: IdleTest,
  assigned: ReadonlySet<string>,
): boolean {
  if (item.kind === "import") return false;
  if (item.kind === "rest" || item.assigned.size > 0) return true;
  if (item.kind === "function") return !isIdleFunction(item.node);
  // Its value is that of a variable at this moment.
  return item.references.some(({ name }) => assigned.has(name));
}

/** What of a statement that stays can go: idle entries and functions, then idle branches elsewhere. */
function cutsIn(
  item: Item,
  code: string,
  test: IdleTest,
  assigned: ReadonlySet<string>,
): readonly Cut[] {
  if (item.kind === "import") return [];
  const hasValues = item.kind !== "function" && item.node.type !== "ClassDeclaration";
  const whole = hasValues ? wholeCuts(item.node, code, test, assigned) : [];
  const taken = [
    ...whole,
    ...textsOf(item.node, code).map(({ property }) => ({ range: property })),
  ];
  const branches = idleBranches(item, test.isIdlePart)
    .filter(({ range: a }) => !taken.some(({ range: b }) => a.start < b.end && b.start < a.end))
    .map((branch): Cut => {
      const { range, references } = branch;
      return { kind: "branch", range, references, branch };
    });
  return [...whole, ...branches];
}

/** The idle entries and functions of a statement, the outermost ones. */
function wholeCuts(
  node: Node,
  code: string,
  { isIdleFunction }: IdleTest,
  assigned: ReadonlySet<string>,
): readonly Cut[] {
  const cuts: Cut[] = [];
  for (const entry of entriesOf(node, code))
    if (
      isIdleFunction(entry.property) &&
      !cuts.some(({ range }) => contains(range, entry.property))
    )
      cuts.push({ kind: "entry", range: entry.property, entry, ...partOf(entry.value) });
  const look = (part: Node): void => {
    if (cuts.some(({ range }) => contains(range, part))) return;
    if (!isFunction(part)) {
      for (const child of childrenOf(part)) look(child);
      return;
    }
    const { references, assigned: assigns, bound, readsThis } = freeNames(part);
    const isOwn = !bound && !readsThis;
    const fixed = assigns.size === 0 && isOwn && !references.some(({ name }) => assigned.has(name));
    if (fixed && isExpression(part, code) && isIdleFunction(part) && isLong(part))
      cuts.push({ kind: "function", range: part, references });
  };
  look(node);
  return cuts;
}

const partOf = (node: Node): { readonly references: readonly Reference[] } => ({
  references: freeNames(node).references,
});

/** A function that stands as a value, not as a method. */
const isExpression = (node: Node, code: string): boolean =>
  node.type === "ArrowFunctionExpression" ||
  (node.type === "FunctionExpression" && code.startsWith("function", node.start));
