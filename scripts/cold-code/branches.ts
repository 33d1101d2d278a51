// Branches that did not run, inside functions that did: an error that did not happen, a kind of request
// that did not come. One that only reads what surrounds it becomes a function of what it reads.
import { contains, type Range } from "./edits.ts";
import { childrenOf, freeNames, isFunction, type Node, type Reference } from "./free-names.ts";
import type { Item } from "./items.ts";
import { type Names, namesOf } from "./names.ts";

/** A branch that goes: `call` is written in its place, `made` is the function that it becomes. */
export interface Branch {
  readonly range: Range;
  /** The names of the surrounding function that it reads. */
  readonly handed: readonly string[];
  readonly readsThis: boolean;
  /** The names among them to which it gives another value, for those who come after it. */
  readonly changed: readonly string[];
  /** What it uses of the module. */
  readonly references: readonly Reference[];
  /** One that sometimes returns hands back what it returns in an array. */
  readonly kind: "expression" | "statements" | "returning" | "sometimes returning";
  /** The return statements that are its own. */
  readonly returns: readonly Node[];
}

/** Shorter branches weigh no more than the call. */
const WORTH_MOVING_CHARACTERS = 20;

const HANDED_MAX = 8;

/** The branches of `item` that did not run and can go, the outermost ones. */
export function idleBranches(item: Item, isIdle: (node: Range) => boolean): readonly Branch[] {
  const roots = methodsOf(item.node) ?? [item.node];
  return roots.flatMap((root) => idleIn(root, namesOf(root, item.references), isIdle));
}

/** The functions of the methods when `node` declares a class: each has names of its own. */
function methodsOf(node: Node): readonly Node[] | null {
  const declared =
    node.type === "VariableDeclaration" ? (node.declarations as readonly Node[]) : [];
  const classes = [node, ...declared.map(({ init }) => init as Node | null)];
  const found = classes.find((part) => /^Class(Declaration|Expression)$/.test(part?.type ?? ""));
  if (found == null) return null;
  const members = (found.body as Node).body as readonly Node[];
  return members.flatMap(({ type, value }) => (type === "MethodDefinition" ? [value as Node] : []));
}

function idleIn(root: Node, names: Names, isIdle: (node: Range) => boolean): readonly Branch[] {
  const found: Branch[] = [];
  const look = (node: Node): void => {
    for (const region of regionsOf(node)) {
      const branch = isIdle(region.range) ? branchOf(region, names) : null;
      if (branch !== null && !found.some(({ range }) => contains(range, branch.range)))
        found.push(branch);
    }
    for (const child of childrenOf(node))
      if (!found.some(({ range }) => contains(range, child))) look(child);
  };
  look(root);
  return found;
}

/** Something that could go: one expression, or the statements of a branch. */
interface Region {
  readonly range: Range;
  readonly parts: readonly Node[];
  readonly isExpression: boolean;
  /** The function ends where the region does. */
  readonly isLast: boolean;
}

/** The parts of `node` of which one may run without the other. */
function regionsOf(node: Node): readonly Region[] {
  const expression = (part: unknown): Region => ({
    ...{ range: part as Node, parts: [part as Node], isExpression: true, isLast: false },
  });
  switch (node.type) {
    case "ConditionalExpression":
      return [expression(node.consequent), expression(node.alternate)];
    case "LogicalExpression":
      return [expression(node.right)];
    case "IfStatement":
      return [node.consequent, node.alternate].flatMap((part) =>
        part ? [block(part as Node)] : [],
      );
    case "BlockStatement":
      return endsOf(node.body as readonly Node[], false);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression": {
      const body = node.body as Node;
      return body.type === "BlockStatement" ? endsOf(body.body as readonly Node[], true) : [];
    }
    case "SwitchCase":
      return endsOf(node.consequent as readonly Node[], false);
    default:
      return [];
  }
}

function block(node: Node): Region {
  const parts = node.type === "BlockStatement" ? (node.body as readonly Node[]) : [node];
  return { range: node, parts, isExpression: false, isLast: false };
}

/** What stands from some statement to the end: the rest after a return that was always taken. */
function endsOf(statements: readonly Node[], isLast: boolean): readonly Region[] {
  return statements.map(({ start }, i) => ({
    range: { start, end: statements[statements.length - 1].end },
    ...{ parts: statements.slice(i), isExpression: false, isLast },
  }));
}

function branchOf(region: Region, names: Names): Branch | null {
  const { range, parts } = region;
  const { start, end } = range;
  if (end - start < WORTH_MOVING_CHARACTERS) return null;
  const whole: Node = { type: "BlockStatement", start, end, body: parts };
  const kind = kindOf(region, whole);
  if (kind === null || has(whole, /^(Yield|Await)Expression$|^FunctionDeclaration$/)) return null;
  const { references, assigned, bound, readsThis } = freeNames(whole);
  const outer = references.filter((each) => names.outerAt.has(each.start));
  const own = references.filter((each) => !names.outerAt.has(each.start));
  const handed = [...new Set(own.map(({ name }) => name))];
  const changed = [...assigned];
  if (bound || handed.length > HANDED_MAX || changed.some((name) => !handed.includes(name)))
    return null;
  if (!canBeHanded(handed, whole, names) || outer.some(({ name }) => handed.includes(name)))
    return null;
  if (changed.length > 0 && !canComeBack(changed, kind, names)) return null;
  const returns = kind === "sometimes returning" ? returnsIn(whole) : [];
  const comingBack = kind === "statements" ? changed : [];
  return { range, handed, readsThis, changed: comingBack, references: outer, kind, returns };
}

/** True when the values of `handed` at the beginning are those that the branch would see. */
function canBeHanded(handed: readonly string[], whole: Node, names: Names): boolean {
  const { inner, changed, changedByOthers } = names;
  if (handed.some((name) => (inner.get(name) ?? whole.start) >= whole.start)) return false;
  if (handed.some((name) => changedByOthers.has(name))) return false;
  return !hasFunction(whole) || !handed.some((name) => changed.has(name));
}

/** True when nobody but what follows the branch sees that it changed names. */
function canComeBack(changed: readonly string[], kind: Branch["kind"], names: Names): boolean {
  const isSeen = names.catches || changed.some((name) => names.shared.has(name));
  return !isSeen && (kind === "statements" || kind === "returning");
}

/** How the branch ends. Null when it goes on elsewhere. */
function kindOf({ parts, isExpression, isLast }: Region, whole: Node): Branch["kind"] | null {
  if (isExpression) return "expression";
  if (parts.some(leaves)) return null;
  if (/^(Return|Throw)Statement$/.test(parts[parts.length - 1]?.type ?? "")) return "returning";
  if (returnsIn(whole).length === 0) return "statements";
  return isLast ? "returning" : "sometimes returning";
}

function returnsIn(node: Node): readonly Node[] {
  if (isFunction(node)) return [];
  return node.type === "ReturnStatement" ? [node] : childrenOf(node).flatMap(returnsIn);
}

/** True when a break or continue in `node` goes to somewhere outside of it. */
function leaves(node: Node): boolean {
  if (isFunction(node)) return false;
  if (/^(Break|Continue)Statement$/.test(node.type)) return true;
  const holds = /^(For(In|Of)?|While|DoWhile)Statement$/.test(node.type);
  return !holds && childrenOf(node).some(leaves);
}

const hasFunction = (node: Node): boolean => isFunction(node) || childrenOf(node).some(hasFunction);

/** Whether a node of such a type is in `node`, not counting inner functions. */
function has(node: Node, type: RegExp): boolean {
  if (type.test(node.type)) return true;
  return !isFunction(node) && childrenOf(node).some((child) => has(child, type));
}
