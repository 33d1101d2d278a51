// What is known of the names of a function, before a piece of it becomes a function of its own: which
// are its own, and which may have another value after a call.
import {
  boundNames,
  childrenOf,
  freeNames,
  isFunction,
  type Node,
  type Reference,
} from "./free-names.ts";

export interface Names {
  /** Declared inside, with the place of the first declaration. */
  readonly inner: ReadonlyMap<string, number>;
  /** Where something of the module is used. */
  readonly outerAt: ReadonlySet<number>;
  /** Given another value somewhere inside. */
  readonly changed: ReadonlySet<string>;
  /** Used by a function inside that does not declare them. */
  readonly shared: ReadonlySet<string>;
  /** Given another value by a function inside that does not declare them. */
  readonly changedByOthers: ReadonlySet<string>;
  /** Something inside catches errors: what was changed before one can be seen after it. */
  readonly catches: boolean;
}

/** The names of `node`, which uses `references` of the module. */
export function namesOf(node: Node, references: readonly Reference[]): Names {
  const parts = partsOf(node);
  const inner = new Map<string, number>();
  for (const part of parts) {
    // A function is there from the beginning of its block.
    const at = part.type === "FunctionDeclaration" ? 0 : part.start;
    for (const name of patternsIn(part).flatMap(boundNames))
      inner.set(name, Math.min(at, inner.get(name) ?? at));
  }
  const others = parts.filter((part) => part !== node && isFunction(part)).map(freeNames);
  return {
    inner,
    outerAt: new Set(references.map(({ start }) => start)),
    changed: new Set(parts.map(targetOf).flatMap(boundNames)),
    shared: new Set(others.flatMap(({ references: used }) => used.map(({ name }) => name))),
    changedByOthers: new Set(others.flatMap(({ assigned }) => [...assigned])),
    catches: parts.some(({ type }) => type === "TryStatement"),
  };
}

const partsOf = (node: Node): readonly Node[] => [node, ...childrenOf(node).flatMap(partsOf)];

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
