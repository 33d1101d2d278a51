// The nodes that the parser of plain Python makes.
import type { PythonNode } from "./python-tree.ts";

export class PlainNode implements PythonNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly children: PlainNode[];
  nextSibling: PlainNode | null = null;

  /** A node over `children`, which are in the order of the text. */
  constructor(name: string, from: number, to: number, children: PlainNode[]) {
    this.name = name;
    this.from = from;
    this.to = to;
    this.children = children;
  }

  get firstChild(): PlainNode | null {
    return this.children[0] ?? null;
  }

  get lastChild(): PlainNode | null {
    return this.children.at(-1) ?? null;
  }

  getChild(name: string): PlainNode | null {
    return this.children.find((child) => child.name === name) ?? null;
  }

  getChildren(name: string): readonly PlainNode[] {
    return this.children.filter((child) => child.name === name);
  }
}

/** A comment lies in the innermost node around it, between the nodes there. */
export function insertComment(top: PlainNode, comment: PlainNode): void {
  let node = top;
  for (let around: PlainNode | undefined = top; around !== undefined; ) {
    node = around;
    around = node.children.find(({ from, to }) => from < comment.from && comment.to < to);
  }
  const next = node.children.findIndex(({ from }) => from > comment.from);
  node.children.splice(next < 0 ? node.children.length : next, 0, comment);
}

/** Joins the nodes below `node` to their neighbours, when all of them are there. */
export function linkSiblings(top: PlainNode): void {
  // A sum of ten thousand terms is a tree as deep: too deep for a function that calls itself.
  const left = [top];
  for (let node = left.pop(); node !== undefined; node = left.pop())
    for (const [i, child] of node.children.entries()) {
      child.nextSibling = node.children[i + 1] ?? null;
      left.push(child);
    }
}
