// Where each box stands, laid by hand: one picture for each layer that can be open. The layer at work is
// large, the others shrink to a line of status; everything that runs on the server stays inside it.
import { type BoxId, boxIds, type Focus } from "./places.ts";
import { type Point, type Rect, rect, sideOf } from "./rect.ts";

/** How much of itself a box shows. */
export type Mode = "open" | "medium" | "card" | "hidden";

export interface Placed extends Rect {
  readonly mode: Mode;
}

export interface Link {
  readonly a: BoxId;
  readonly b: BoxId;
  readonly points: readonly Point[];
  /** Dashed: a relation that no request travels. */
  readonly isAside?: true;
}

export interface Arrangement {
  readonly focus: Focus;
  readonly world: { readonly w: number; readonly h: number };
  readonly isCompact: boolean;
  readonly boxes: Readonly<Record<BoxId, Placed>>;
  readonly links: readonly Link[];
}

type Table = Readonly<
  Record<BoxId, readonly [mode: Mode, x: number, y: number, w: number, h: number]>
>;

/** The wide picture's own size. */
export const WORLD = { w: 1040, h: 612 } as const;

/** The server as a column of cards at the right, from `x` on. */
function serverColumn(x: number): Omit<Table, "browser" | "dns" | "network"> {
  const w = WORLD.w - 24 - x;
  const left = x + 24;
  const inner = w - 48;
  const half = (inner - 16) / 2;
  return {
    server: ["open", x, 40, w, 548],
    nginx: ["card", left, 92, inner, 72],
    queue: ["card", left, 184, inner, 44],
    gunicorn: ["card", left, 248, inner, 150],
    database: ["card", left, 422, inner, 66],
    supervisor: ["card", left, 508, half, 60],
    disk: ["card", left + half + 16, 508, half, 60],
  };
}

/** The trip so far as a strip of cards at the left, and the server's small parts beside it. */
const strip: Omit<Table, "gunicorn" | "database" | "supervisor"> = {
  dns: ["card", 16, 40, 152, 68],
  browser: ["card", 16, 132, 152, 68],
  network: ["card", 16, 224, 152, 68],
  server: ["open", 192, 40, 832, 552],
  nginx: ["card", 212, 216, 152, 84],
  queue: ["card", 212, 332, 152, 76],
  disk: ["card", 212, 512, 152, 64],
};

const tables: Readonly<Record<Focus, Table>> = {
  browser: {
    ...serverColumn(560),
    dns: ["medium", 24, 24, 330, 152],
    browser: ["open", 24, 216, 388, 372],
    network: ["medium", 416, 336, 96, 76],
  },
  dns: {
    ...serverColumn(624),
    dns: ["open", 24, 24, 556, 332],
    browser: ["medium", 24, 400, 330, 188],
    network: ["medium", 420, 456, 120, 76],
  },
  network: {
    ...serverColumn(760),
    dns: ["card", 24, 40, 226, 68],
    browser: ["medium", 24, 152, 226, 300],
    network: ["open", 286, 40, 438, 548],
  },
  nginx: {
    dns: ["medium", 24, 24, 292, 156],
    browser: ["medium", 24, 228, 236, 268],
    network: ["medium", 262, 300, 116, 76],
    server: ["open", 352, 40, 664, 548],
    nginx: ["open", 380, 92, 224, 404],
    queue: ["card", 610, 226, 48, 136],
    gunicorn: ["medium", 664, 92, 328, 404],
    supervisor: ["card", 380, 514, 130, 58],
    disk: ["card", 522, 514, 120, 58],
    database: ["card", 664, 514, 328, 58],
  },
  gunicorn: {
    ...strip,
    supervisor: ["card", 212, 104, 152, 76],
    gunicorn: ["open", 392, 60, 612, 428],
    database: ["card", 392, 512, 612, 62],
  },
  django: {
    ...strip,
    supervisor: ["card", 212, 104, 152, 76],
    gunicorn: ["open", 392, 58, 612, 442],
    database: ["card", 392, 518, 612, 58],
  },
  database: {
    ...strip,
    supervisor: ["card", 212, 104, 152, 76],
    gunicorn: ["medium", 392, 58, 612, 272],
    database: ["open", 392, 356, 612, 220],
  },
  supervisor: {
    ...strip,
    gunicorn: ["open", 392, 58, 612, 272],
    supervisor: ["open", 392, 352, 612, 146],
    database: ["card", 392, 518, 612, 58],
  },
};

/** The wide picture: every box in its place. */
export function wideArrangement(focus: Focus): Arrangement {
  const boxes = placed(tables[focus]);
  return { focus, world: WORLD, isCompact: false, boxes, links: linksOf(focus, boxes) };
}

/** The small picture: the open box alone, as large as the space. */
export function compactArrangement(focus: Focus, w: number, h: number): Arrangement {
  const hidden: Placed = { ...rect(w / 2, h / 2, 0, 0), mode: "hidden" };
  const boxes = Object.fromEntries(boxIds.map((id) => [id, hidden])) as Record<BoxId, Placed>;
  const open = focus === "django" ? "gunicorn" : focus;
  boxes[open] = { ...rect(6, 6, w - 12, h - 12), mode: "open" };
  const links = w >= PAIR_MIN.w && h >= PAIR_MIN.h ? pairUp(boxes, focus, { w, h }) : [];
  return { focus, world: { w, h }, isCompact: true, boxes, links };
}

/** From this size on, as before an audience, the open box has its neighbour beside it. */
const PAIR_MIN = { w: 800, h: 240 } as const;

/** The two boxes that a wide, low picture shows: left, right, and how much of the width the left takes. */
const pairs: Readonly<Record<Focus, readonly [left: BoxId, right: BoxId, share: number]>> = {
  browser: ["browser", "dns", 0.5],
  dns: ["browser", "dns", 0.36],
  network: ["browser", "network", 0.36],
  nginx: ["nginx", "gunicorn", 0.45],
  gunicorn: ["nginx", "gunicorn", 0.36],
  django: ["gunicorn", "database", 0.62],
  database: ["gunicorn", "database", 0.5],
  supervisor: ["supervisor", "gunicorn", 0.4],
};

/** Lays the pair of `focus` into `boxes`; the link between them is returned. */
function pairUp(
  boxes: Record<BoxId, Placed>,
  focus: Focus,
  { w, h }: { readonly w: number; readonly h: number },
): readonly Link[] {
  const [a, b, share] = pairs[focus];
  const gap = 40;
  const room = w - 12 - gap;
  const [left, right] = [
    rect(6, 6, room * share, h - 12),
    rect(6 + room * share + gap, 6, room * (1 - share), h - 12),
  ];
  const open = focus === "django" ? "gunicorn" : focus;
  const modeOf = (id: BoxId): Mode =>
    id === open || id === "nginx" || id === "database" ? "open" : "medium";
  boxes[a] = { ...left, mode: modeOf(a) };
  boxes[b] = { ...right, mode: modeOf(b) };
  return [link(a, b, [sideOf(left, "right"), sideOf(right, "left")])];
}

function placed(table: Table): Record<BoxId, Placed> {
  const entries = boxIds.map((id) => {
    const [mode, x, y, w, h] = table[id];
    return [id, { mode, x, y, w, h }] as const;
  });
  return Object.fromEntries(entries) as Record<BoxId, Placed>;
}

type Boxes = Readonly<Record<BoxId, Placed>>;

function linksOf(focus: Focus, boxes: Boxes): readonly Link[] {
  if (focus === "nginx") return besideLinks(boxes);
  return focus === "browser" || focus === "dns" || focus === "network"
    ? columnLinks(boxes)
    : stripLinks(boxes);
}

/** The links of a picture in which the parts of the server stand side by side. */
export function besideLinks(boxes: Boxes): readonly Link[] {
  const { dns, browser, network, nginx, queue, gunicorn, database, supervisor, disk } = boxes;
  const wireY = network.y + network.h / 2;
  return [
    link("dns", "browser", vertical(dns, browser)),
    link("browser", "network", [{ x: browser.x + browser.w, y: wireY }, sideOf(network, "left")]),
    link("network", "nginx", [sideOf(network, "right"), { x: nginx.x, y: wireY }]),
    link("nginx", "queue", [sideOf(nginx, "right"), sideOf(queue, "left")]),
    link("queue", "gunicorn", [sideOf(queue, "right"), sideOf(gunicorn, "left")]),
    link("gunicorn", "database", vertical(gunicorn, database)),
    { ...link("supervisor", "nginx", vertical(supervisor, nginx)), isAside: true },
    { ...link("disk", "nginx", vertical(disk, nginx)), isAside: true },
  ];
}

function columnLinks(boxes: Boxes): readonly Link[] {
  const { dns, browser, network, nginx, queue, gunicorn, database, supervisor, disk } = boxes;
  const wireY = network.y + (network.mode === "open" ? 262 : network.h / 2);
  const bend = nginx.x - 48;
  const nginxLeft = sideOf(nginx, "left");
  const arrival =
    network.mode === "open"
      ? [{ x: network.x + network.w, y: nginxLeft.y }, nginxLeft]
      : [sideOf(network, "right"), { x: bend, y: wireY }, { x: bend, y: nginxLeft.y }, nginxLeft];
  return [
    link("dns", "browser", vertical(dns, browser)),
    link("browser", "network", [
      { x: browser.x + browser.w, y: wireY },
      { x: network.x, y: wireY },
    ]),
    link("network", "nginx", arrival),
    link("nginx", "queue", vertical(nginx, queue)),
    link("queue", "gunicorn", vertical(queue, gunicorn)),
    link("gunicorn", "database", vertical(gunicorn, database)),
    { ...link("supervisor", "database", vertical(supervisor, database)), isAside: true },
    { ...link("disk", "database", vertical(disk, database)), isAside: true },
  ];
}

function stripLinks(boxes: Boxes): readonly Link[] {
  const { dns, browser, network, nginx, queue, gunicorn, database, supervisor, disk } = boxes;
  const queueRight = sideOf(queue, "right");
  const entersWorker = queueRight.y < gunicorn.y + gunicorn.h;
  const bend = gunicorn.x - 14;
  const entry = { x: gunicorn.x, y: entersWorker ? queueRight.y : gunicorn.y + gunicorn.h * 0.8 };
  const supervises: readonly Point[] =
    supervisor.mode === "open"
      ? vertical(supervisor, gunicorn)
      : [sideOf(supervisor, "right"), { x: gunicorn.x, y: supervisor.y + supervisor.h / 2 }];
  return [
    link("dns", "browser", vertical(dns, browser)),
    link("browser", "network", vertical(browser, network)),
    link("network", "nginx", [sideOf(network, "right"), sideOf(nginx, "left")]),
    link("nginx", "queue", vertical(nginx, queue)),
    link("queue", "gunicorn", [
      queueRight,
      { x: bend, y: queueRight.y },
      { x: bend, y: entry.y },
      entry,
    ]),
    link("gunicorn", "database", vertical(gunicorn, database)),
    { ...link("supervisor", "gunicorn", supervises), isAside: true },
    { ...link("disk", "queue", vertical(disk, queue)), isAside: true },
  ];
}

function link(a: BoxId, b: BoxId, points: readonly Point[]): Link {
  return { a, b, points };
}

/** A straight line between two boxes that stand over one another, in the middle of the narrower. */
function vertical(a: Rect, b: Rect): readonly Point[] {
  const narrow = a.w < b.w ? a : b;
  const x = narrow.x + narrow.w / 2;
  return a.y < b.y
    ? [
        { x, y: a.y + a.h },
        { x, y: b.y },
      ]
    : [
        { x, y: a.y },
        { x, y: b.y + b.h },
      ];
}
