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

/** The places of a queue of `length`, the head of it at the bottom. */
export function queueGrid(box: Placed, length: number, isCompact: boolean): QueueGrid {
  const [above, below, side] = isCompact ? [44, 8, 6] : [64, 34, 9];
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

const CONNECTION = 9;

/** Where the dot of database connection `slot` stands: in rows at the right of the box. */
export function connectionPlace(box: Placed, slot: number): Point {
  const width = Math.max(CONNECTION, box.w * 0.42);
  const perRow = Math.max(1, Math.floor(width / CONNECTION));
  const rows = Math.max(1, Math.floor((box.h - 12) / CONNECTION));
  const kept = slot % (perRow * rows);
  return {
    x: box.x + box.w - 12 - (kept % perRow) * CONNECTION,
    y: box.y + 12 + Math.floor(kept / perRow) * CONNECTION,
  };
}

/** How many connections have a place of their own. */
export function connectionRoom(box: Placed): number {
  const perRow = Math.max(1, Math.floor((box.w * 0.42) / CONNECTION));
  return perRow * Math.max(1, Math.floor((box.h - 12) / CONNECTION));
}

/** Both ends of the way between the clients and Nginx. */
export function wireOf({ boxes }: Arrangement): { readonly from: Point; readonly to: Point } {
  const { browser, network, nginx } = boxes;
  const y = network.y + network.h / 2;
  return { from: { x: browser.x + browser.w, y }, to: { x: nginx.x, y } };
}
