// Where the message stands in a picture: at the part of the box that works on it, outside the text.
import type { Scene } from "../../simulation/journey.ts";
import type { Arrangement } from "./arrangements.ts";
import type { StageModel } from "./model.ts";
import {
  arbiterAndWorkers,
  coreCells,
  dnsNodes,
  ladderCapacity,
  ladderRows,
  phaseRows,
  type Rings,
  TITLE_HEIGHT,
} from "./parts.ts";
import { boxOf } from "./places.ts";
import { centerOf, type Point, type Rect, sideOf } from "./rect.ts";
import { textWidth } from "./text-fit.ts";
import { djangoRings, openWorkerOf } from "./worker-rect.ts";

export interface Anchor extends Point {
  /** Which end of the label stands on the point. */
  readonly align: "start" | "middle" | "end";
  /** Where a name stands beside it, the label is no wider. */
  readonly widthMax?: number;
}

/** The message's place after the step of `model`. */
export function tokenAnchor(arrangement: Arrangement, model: StageModel): Anchor {
  const { token } = model.scene;
  const boxId = boxOf(token.at);
  const box = arrangement.boxes[boxId];
  if (box.mode === "hidden") return hiddenAnchor(arrangement);
  if (box.mode === "card") return on(sideOf(box, "bottom"));
  switch (boxId) {
    case "dns":
      return dnsAnchor(arrangement, model);
    case "network":
      return networkAnchor(arrangement, model);
    case "nginx":
      return nginxAnchor(arrangement, model);
    case "gunicorn":
      return gunicornAnchor(arrangement, model);
    case "browser":
      return on(sideOf(box, "bottom"));
    case "database":
      return on(sideOf(box, "top", 0.5));
    default:
      return on(sideOf(box, "top", 0.72));
  }
}

function on(point: Point): Anchor {
  return { ...point, align: "middle" };
}

/** In the small picture the message may be where nothing is drawn: it waits at the lower edge. */
function hiddenAnchor({ world }: Arrangement): Anchor {
  return { x: world.w / 2, y: world.h - 16, align: "middle" };
}

function dnsAnchor({ boxes }: Arrangement, { scene }: StageModel): Anchor {
  const { at } = scene.token;
  if (boxes.dns.mode !== "open" || !at.startsWith("dns.")) return on(sideOf(boxes.dns, "bottom"));
  const node = dnsNodes(boxes.dns, "open")[at as "dns.stub"];
  return on({ ...sideOf(node, "bottom"), y: node.y + node.h + BELOW_NODE });
}

/** Far enough below a server of the DNS that its name and part stay readable. */
const BELOW_NODE = 14;

const BELOW_ARROW = 13;

function networkAnchor({ boxes }: Arrangement, { ladder }: StageModel): Anchor {
  const box = boxes.network;
  if (box.mode !== "open" || ladder.length === 0) return on(centerOf(box));
  const shown = Math.min(ladder.length, ladderCapacity(box));
  const row = ladderRows(box, shown)[shown - 1];
  // Where this step sent nothing, the last arrow's label stays readable above the message.
  const below = ladder.at(-1)?.isNow === true ? 0 : BELOW_ARROW;
  return { ...on(centerOf(row)), y: row.y + row.h - 12 + below };
}

function nginxAnchor({ boxes, isCompact }: Arrangement, { scene }: StageModel): Anchor {
  const { phases } = scene.nginx;
  const now = phases.findIndex((phase) => phase.state === "now");
  const part = scene.token.part ?? now;
  const row = phaseRows(boxes.nginx, phases.length)[part];
  if (row === undefined) return on(sideOf(boxes.nginx, "top", isCompact ? 0.62 : 0.5));
  if (isCompact) {
    const widthMax = row.w - 44 - textWidth(phases[part]?.name ?? "", 12.5, "strong");
    return { x: row.x + row.w - 4, y: row.y + row.h / 2, align: "end", widthMax };
  }
  return { x: row.x + 4, y: row.y + row.h / 2, align: "end" };
}

function gunicornAnchor(arrangement: Arrangement, model: StageModel): Anchor {
  const box = arrangement.boxes.gunicorn;
  const { token } = model.scene;
  const rings = djangoRings(arrangement, model);
  if (token.at === "django" && rings !== null) {
    const height = tokenHeight(arrangement.isCompact);
    return djangoAnchor(rings, model.scene.django, height);
  }
  const opened = openWorkerOf(arrangement, model);
  if (opened !== null && token.at !== "gunicorn") return on(sideOf(opened, "top", 0.62));
  if (box.mode === "open" && arrangement.focus !== "django") {
    const { arbiter, workers } = arbiterAndWorkers(box, model.scene.gunicorn.workers.length);
    const card = token.at === "gunicorn" ? arbiter : workers[(token.worker ?? 1) - 1];
    return on(sideOf(card ?? arbiter, token.at === "django" ? "bottom" : "top"));
  }
  return on({ x: box.x + box.w * 0.5, y: box.y });
}

function djangoAnchor(
  rings: Rings,
  { middleware, inside }: Scene["django"],
  height: number,
): Anchor {
  const ringNow = middleware.findIndex((ring) => ring.state === "now");
  const ring = rings.rings[ringNow];
  if (ring !== undefined)
    return {
      x: ring.x + ring.w - 8,
      y: ring.y + rings.titleHeight / 2,
      align: "end",
      widthMax: ring.w - 44 - textWidth(middleware[ringNow].name, 12.5, "strong"),
    };
  const names = inside.map(({ name }) => name);
  const cell = coreCells(rings.core, names)[inside.findIndex((part) => part.state === "now")];
  if (cell !== undefined) return aboveCell(cell, rings.core, height);
  const isInside = middleware.some(({ state }) => state === "in");
  const edge = isInside ? rings.core : (rings.rings[0] ?? rings.core);
  return { x: rings.core.x + rings.core.w, y: edge.y, align: "end" };
}

/** Over the cell at work, so that its name and its neighbours' stay readable, but inside the core. */
function aboveCell(cell: Rect, core: Rect, height: number): Anchor {
  const above = cell.y - height / 2 - 3;
  return on({ x: cell.x + cell.w / 2, y: Math.max(core.y + height / 2 - 4, above) });
}

export const tokenHeight = (isSmall: boolean): number => (isSmall ? 22 : TITLE_HEIGHT - 18);
