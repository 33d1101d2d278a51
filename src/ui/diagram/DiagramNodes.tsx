// What can be pointed at: one focusable shape for each node of the diagram, over the drawing. Exactly one
// is in the tab order; arrow keys go through the others.
import { type KeyboardEvent, useRef, useState } from "react";
import type { DiagramNode } from "./nodes.ts";

export interface DiagramNodesProps {
  readonly nodes: readonly DiagramNode[];
  readonly onChoose: (node: DiagramNode) => void;
  /** Back to following the request. */
  readonly onEscape: () => void;
}

export function DiagramNodes({ nodes, onChoose, onEscape }: DiagramNodesProps) {
  const group = useRef<SVGGElement>(null);
  const [current, setCurrent] = useState("");
  const found = nodes.findIndex(({ key }) => key === current);
  const currentIndex = Math.max(0, found);

  function focus(index: number): void {
    const node = nodes[index];
    if (node === undefined) return;
    setCurrent(node.key);
    group.current?.querySelectorAll<SVGElement>("[data-node]")[index]?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    // With Shift the arrows move the picture.
    if (event.shiftKey) return;
    const isChoice = event.key === "Enter" || event.key === " ";
    const target = isChoice ? currentIndex : arrowTarget(nodes, currentIndex, event.key);
    if (event.key === "Escape") onEscape();
    else if (isChoice) onChoose(nodes[currentIndex]);
    else if (target === null) return;
    else focus(target);
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the nodes in it take the focus.
    <g ref={group} className="nodes" onKeyDown={onKeyDown}>
      {nodes
        .filter(({ acts }) => acts !== undefined)
        .map(({ key, at, box }) => (
          <path
            key={key}
            className={`act-sign act-${box}`}
            d={`M${at.x + at.w / 2 + 2},${at.y + at.h / 2 - 8}l-7,9h5l-2,7l7,-9h-5z`}
          />
        ))}
      {nodes.map((node, i) => (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no button element.
        <rect
          key={node.key}
          data-node={node.key}
          className={node.acts === undefined ? undefined : "act-node"}
          role="button"
          aria-label={node.label}
          tabIndex={i === currentIndex ? 0 : -1}
          {...{ x: node.at.x, y: node.at.y, width: node.at.w, height: node.at.h, rx: 8 }}
          onFocus={() => setCurrent(node.key)}
          onClick={() => onChoose(node)}
        >
          <title>{node.label}</title>
        </rect>
      ))}
    </g>
  );
}

/** Left and right go from box to box along the request's way; up and down go node by node. */
export function arrowTarget(
  nodes: readonly DiagramNode[],
  index: number,
  key: string,
): number | null {
  const last = nodes.length - 1;
  switch (key) {
    case "ArrowDown":
      return Math.min(last, index + 1);
    case "ArrowUp":
      return Math.max(0, index - 1);
    case "Home":
      return 0;
    case "End":
      return last;
    case "ArrowRight": {
      const next = nodes.findIndex((node, i) => i > index && node.part === undefined);
      return next === -1 ? index : next;
    }
    case "ArrowLeft": {
      const before = nodes.slice(0, index).findLastIndex((node) => node.part === undefined);
      return Math.max(0, before);
    }
    default:
      return null;
  }
}
