// Where the boxes stand when a crowd is on its way: all at once, none open, with room for the queue
// between Nginx and the workers, because that is where a crowd waits.
import { type Arrangement, besideLinks, type Mode, type Placed, WORLD } from "./arrangements.ts";
import { type BoxId, boxIds } from "./places.ts";

type Row = readonly [mode: Mode, x: number, y: number, w: number, h: number];

const wide: Readonly<Record<BoxId, Row>> = {
  dns: ["medium", 24, 40, 292, 156],
  browser: ["medium", 24, 240, 236, 220],
  network: ["medium", 262, 300, 112, 76],
  server: ["open", 352, 40, 664, 548],
  nginx: ["medium", 376, 92, 196, 404],
  queue: ["card", 582, 92, 84, 404],
  gunicorn: ["medium", 676, 92, 316, 404],
  supervisor: ["card", 376, 514, 130, 58],
  disk: ["card", 518, 514, 148, 58],
  database: ["card", 676, 514, 316, 58],
};

/** The wide picture of a crowd. */
export function wideCrowd(): Arrangement {
  return arranged(wide, WORLD, false);
}

/** The small picture of a crowd: clients, Nginx, queue and workers in a row, the database below. */
export function compactCrowd(w: number, h: number): Arrangement {
  const [left, right, top] = [6, w - 6, 6];
  const databaseHeight = 56;
  const height = Math.max(80, h - databaseHeight - 18);
  const width = right - left;
  const share = (from: number, to: number): readonly [x: number, w: number] => [
    left + width * from,
    width * (to - from) - 6,
  ];
  const card = ([x, cardWidth]: readonly [number, number]): Row => [
    "card",
    x,
    top,
    cardWidth,
    height,
  ];
  const [clients, nginx] = [share(0, 0.24), share(0.3, 0.54)];
  const gap: Row = [
    "card",
    clients[0] + clients[1],
    top + height / 2 - 8,
    nginx[0] - clients[0] - clients[1],
    16,
  ];
  const hidden: Row = ["hidden", w / 2, h / 2, 0, 0];
  const rows: Readonly<Record<BoxId, Row>> = {
    ...{ dns: hidden, server: hidden, supervisor: hidden, disk: hidden },
    browser: card(clients),
    network: gap,
    nginx: card(nginx),
    queue: card(share(0.55, 0.68)),
    gunicorn: card(share(0.69, 1)),
    database: ["card", share(0.3, 1)[0], top + height + 8, share(0.3, 1)[1], databaseHeight],
  };
  return arranged(rows, { w, h }, true);
}

function arranged(
  rows: Readonly<Record<BoxId, Row>>,
  world: Arrangement["world"],
  isCompact: boolean,
): Arrangement {
  const boxes = Object.fromEntries(
    boxIds.map((id) => {
      const [mode, x, y, w, h] = rows[id];
      return [id, { mode, x, y, w, h }];
    }),
  ) as Record<BoxId, Placed>;
  const links = besideLinks(boxes).filter(
    ({ a, b }) => boxes[a].mode !== "hidden" && boxes[b].mode !== "hidden",
  );
  return { focus: "nginx", world, isCompact, boxes, links };
}
