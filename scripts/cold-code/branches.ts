// Branches that did not run, inside functions that did: an error that did not happen, a kind of request
// that did not come. One that only reads what surrounds it becomes a function of what it reads.
import { contains, type Range } from "./edits.ts";
import {
  boundNames,
  childrenOf,
  freeNames,
  isFunction,
  type Node,
  type Reference,
} from "./free-names.ts";
import type { Item } from "./items.ts";

/** A branch that goes: `call` is written in its place, `made` is the function that it becomes. */
export interface Branch {
  readonly range: Range;
  /** The names of the surrounding function that it reads. */
  readonly handed: readonly string[];
  readonly readsThis: boolean;
  /** What it uses of the module. */
  readonly references: readonly Reference[];
  readonly kind: "expression" | "statements" | "returning";
}

/** Shorter branches weigh no more than the call. */
const WORTH_MOVING_CHARACTERS = 20;

const HANDED_MAX = 8;

/** What is known of the names of an item. */
interface Names {
  /** Declared inside, with the place of the first declaration. */
  readonly inner: ReadonlyMap<string, number>;
  /** Used of the module. */
  readonly outer: ReadonlySet<string>;
  /** Given another value somewhere inside. */
  readonly changed: ReadonlySet<string>;
}

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

function namesOf(node: Node, references: readonly Reference[]): Names {
  const inner = new Map<string, number>();
  const changed = new Set<string>();
  const look = (part: Node): void => {
    // A function is there from the beginning of its block.
    const at = part.type === "FunctionDeclaration" ? 0 : part.start;
    for (const name of patternsIn(part).flatMap(boundNames))
      inner.set(name, Math.min(at, inner.get(name) ?? at));
    for (const name of boundNames(targetOf(part))) changed.add(name);
    for (const child of childrenOf(part)) look(child);
  };
  look(node);
  return { inner, changed, outer: new Set(references.map(({ name }) => name)) };
}

/** What a node assigns to. */
function targetOf(node: Node): Node | null {
  if (node.type === "AssignmentExpression") return node.left as Node;
  return node.type === "UpdateExpression" ? (node.argument as Node) : null;
}

/** The patterns by which a node declares names. */
function patternsIn(node: Node): readonly (Node | null)[] {
  const id = /^(VariableDeclarator|(Function|Class)(Declaration|Expression))$/.test(node.type);
  const params = isFunction(node) ? (node.params as readonly Node[]) : [];
  const param = node.type === "CatchClause" ? (node.param as Node | null) : null;
  return [id ? (node.id as Node | null) : null, param, ...params];
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

function branchOf({ range, parts, isExpression, isLast }: Region, names: Names): Branch | null {
  if (range.end - range.start < WORTH_MOVING_CHARACTERS) return null;
  const whole: Node = { type: "BlockStatement", ...range, body: parts };
  const { references, assigned, bound, readsThis } = freeNames(whole);
  const used = [...new Set(references.map(({ name }) => name))];
  const handed = used.filter((name) => names.inner.has(name));
  if (bound || assigned.size > 0 || handed.length > HANDED_MAX) return null;
  if (handed.some((name) => names.outer.has(name) || (names.inner.get(name) ?? 0) >= range.start))
    return null;
  if (handed.some((name) => names.changed.has(name)) && hasFunction(whole)) return null;
  const kind = isExpression ? "expression" : endOf(parts, isLast);
  if (kind === null || has(whole, /^(Yield|Await)Expression$|^FunctionDeclaration$/)) return null;
  const outer = references.filter(({ name }) => !names.inner.has(name));
  return { range, handed, readsThis, references: outer, kind };
}

/** How the statements end: in every case with a return, or never with one. Null when it depends. */
function endOf(parts: readonly Node[], isLast: boolean): Branch["kind"] | null {
  if (parts.some(leaves)) return null;
  if (/^(Return|Throw)Statement$/.test(parts[parts.length - 1]?.type ?? "")) return "returning";
  const returns = parts.some((part) => has(part, /^ReturnStatement$/));
  if (!returns) return "statements";
  return isLast ? "returning" : null;
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
