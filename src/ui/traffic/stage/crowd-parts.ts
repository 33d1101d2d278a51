// Where the parts of the crowd's boxes lie: places in the queue, workers with room for their requests,
// connections of the database. Drawing and dots ask the same functions. Pure.
import type { Arrangement, Placed } from "../../diagram/arrangements.ts";
import { type Point, type Rect, rect } from "../../diagram/rect.ts";

/** Sizes that a place in the queue can have: smaller ones as the queue grows. */
const CELLS = [11, 8, 5.5, 4, 3] as const;

export interface QueueGrid {
  readonly area: Rect;
  readonly cell: number;
  readonly perRow: number;
  /** How many places are drawn; what waits beyond is in the number. */
  readonly room: number;
}

export interface QueueLength {
  readonly length: number;
  /** How many of those nobody waits for any more. */
  readonly left: number;
}

/** What the number of those keeps free under the places. */
const LEFT_HEIGHT = 18;
const LEFT_HEIGHT_COMPACT = 32;

/** The places of a queue of `length`, the head of it at the bottom. */
export function queueGrid(
  box: Placed,
  { length, left }: QueueLength,
  isCompact: boolean,
): QueueGrid {
  const kept = left === 0 ? 0 : isCompact ? LEFT_HEIGHT_COMPACT : LEFT_HEIGHT;
  const [above, foot, side] = isCompact ? [44, 8, 6] : [64, 34, 9];
  const below = foot + kept;
  const area = rect(box.x + side, box.y + above, box.w - 2 * side, box.h - above - below);
  const sized = CELLS.map((cell) => {
    const perRow = Math.max(1, Math.floor(area.w / cell));
    return { area, cell, perRow, room: perRow * Math.max(1, Math.floor(area.h / cell)) };
  });
  return sized.find(({ room }) => room >= length) ?? sized[sized.length - 1];
}

/** The middle of place `slot` of the queue. */
export function queuePlace({ area, cell, perRow, room }: QueueGrid, slot: number): Point {
  const kept = Math.min(slot, room - 1);
  const row = Math.floor(kept / perRow);
  const inset = (area.w - perRow * cell) / 2;
  return {
    x: area.x + inset + ((kept % perRow) + 0.5) * cell,
    y: area.y + area.h - (row + 0.5) * cell,
  };
}

export interface WorkerGrid {
  readonly cells: readonly Rect[];
  /** How many workers no cell is drawn for. */
  readonly unseen: number;
}

const CELL_HEIGHT_MAX = 164;
const CELL_HEIGHT_MIN = 26;

/** One cell for each of `count` workers. */
export function workerGrid(box: Placed, count: number, isCompact: boolean): WorkerGrid {
  const [above, side, gap] = isCompact ? [40, 6, 4] : [48, 12, 8];
  const area = rect(box.x + side, box.y + above, box.w - 2 * side, box.h - above - side);
  const columns = columnsFor(count, area.w);
  const rowsMax = Math.max(1, Math.floor((area.h + gap) / (CELL_HEIGHT_MIN + gap)));
  const rows = Math.min(rowsMax, Math.ceil(count / columns));
  const w = (area.w - gap * (columns - 1)) / columns;
  const h = Math.min(CELL_HEIGHT_MAX, (area.h - gap * (rows - 1)) / Math.max(1, rows));
  const shown = Math.min(count, rows * columns);
  const cells = Array.from({ length: shown }, (_, i) =>
    rect(area.x + (i % columns) * (w + gap), area.y + Math.floor(i / columns) * (h + gap), w, h),
  );
  return { cells, unseen: count - shown };
}

/** Few workers stand large, many small; at least 30 units each. */
function columnsFor(count: number, width: number): number {
  const wanted =
    count <= 2 ? Math.max(1, count) : count <= 4 ? 2 : count <= 9 ? 3 : count <= 24 ? 4 : 6;
  return Math.max(1, Math.min(wanted, Math.floor(width / 30)));
}

/** Where the `index`-th request of a worker stands in its cell. */
export function requestPlace(cell: Rect, index: number): Point {
  const perRow = Math.max(1, Math.floor((cell.w - 16) / 10));
  const x = cell.x + 13 + (index % perRow) * 10;
  return { x, y: cell.y + (cell.h < 44 ? cell.h / 2 + 6 : 34) + Math.floor(index / perRow) * 10 };
}

export interface ConnectionGrid {
  /** The middle of the first place. */
  readonly first: Point;
  readonly pitch: number;
  readonly perRow: number;
  /** How many connections have a place of their own. */
  readonly room: number;
}

/** Distances that places of connections can have: nearer as there are more. */
const PITCHES = [9, 7.5, 6.3] as const;

/** The places of `max` connections of the database: rows at the right of the box, in its middle. */
export function connectionGrid(box: Placed, max: number): ConnectionGrid {
  const width = box.w * 0.42;
  const sized = PITCHES.map((pitch) => {
    const perRow = Math.max(1, Math.floor(width / pitch));
    return { pitch, perRow, room: perRow * Math.max(1, Math.floor((box.h - 8) / pitch)) };
  });
  const grid = sized.find(({ room }) => room >= max) ?? sized[sized.length - 1];
  const { pitch, perRow, room } = grid;
  const rows = Math.ceil(Math.min(max, room) / perRow);
  return {
    ...grid,
    first: {
      x: box.x + box.w - 12 - (perRow - 1) * pitch,
      y: box.y + box.h / 2 - ((rows - 1) * pitch) / 2,
    },
  };
}

/** Where the dot of database connection `slot` stands. */
export function connectionPlace(grid: ConnectionGrid, slot: number): Point {
  const { first, pitch, perRow, room } = grid;
  const kept = slot % room;
  return { x: first.x + (kept % perRow) * pitch, y: first.y + Math.floor(kept / perRow) * pitch };
}

/** Both ends of the way between the clients and Nginx. */
export function wireOf({ boxes }: Arrangement): { readonly from: Point; readonly to: Point } {
  const { browser, network, nginx } = boxes;
  const y = network.y + network.h / 2;
  return { from: { x: browser.x + browser.w, y }, to: { x: nginx.x, y } };
}
