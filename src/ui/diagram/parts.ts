// Where the parts of an open box lie: Nginx's phases, Gunicorn's workers, Django's nested middleware, the
// servers of the DNS. Pure: a rectangle and a number of parts go in, rectangles come out.
import type { PlaceId } from "../../simulation/journey.ts";
import type { Mode } from "./arrangements.ts";
import { columnsOf, type Rect, rect, rowsOf, sharesOf } from "./rect.ts";

/** Height of the line with a box's name. */
export const TITLE_HEIGHT = 44;

/** Rows for `count` phases under the title. */
export function phaseRows(box: Rect, count: number): readonly Rect[] {
  const body = rect(box.x + 14, box.y + TITLE_HEIGHT + 2, box.w - 28, box.h - TITLE_HEIGHT - 14);
  return rowsOf(body, count, { gap: count > 12 ? 3 : 5, heightMax: 32 });
}

export interface Rings {
  readonly rings: readonly Rect[];
  /** Height of the line with a ring's name. */
  readonly titleHeight: number;
  /** The innermost space, for URL resolver, view and template. */
  readonly core: Rect;
}

/** Under this height the line with a ring's name is too low for the name. */
export const NAMED_TITLE_MIN = 12;

/** `count` rectangles in one another, outermost first. Where they are many, their names have no room. */
export function ringsIn(area: Rect, count: number): Rings {
  const coreHeight = Math.max(44, Math.min(120, area.h * 0.3));
  const bottom = area.h > 240 ? 8 : 4;
  const room = area.h - coreHeight - count * bottom - 8;
  const titleHeight = Math.max(1, Math.min(40, room / Math.max(1, count)));
  const sideShare = area.w > 400 ? 0.36 : 0.24;
  const side = Math.min(22, (area.w * sideShare) / (2 * Math.max(1, count)));
  const nested = (depth: number): Rect =>
    rect(
      area.x + depth * side,
      area.y + depth * titleHeight,
      area.w - 2 * depth * side,
      area.h - depth * (titleHeight + bottom),
    );
  const rings = Array.from({ length: count }, (_, depth) => nested(depth));
  const inner = nested(count);
  const core = rect(inner.x + 6, inner.y + 4, inner.w - 12, inner.h - 8);
  return { rings, titleHeight, core };
}

/** From this width on a cell says its route, view or template under its name. */
export const DETAILED_WIDTH_MIN = 300;

/** Room for what a cell says: a route is long, "query" is short. */
const DETAIL_SHARES: Readonly<Record<string, number>> = {
  urls: 122,
  view: 100,
  model: 50,
  template: 84,
};

/** Cells for the URL resolver, view, model and template in the core of the rings. */
export function coreCells(core: Rect, names: readonly string[]): readonly Rect[] {
  const h = Math.min(60, core.h - 8);
  const side = core.w > 360 ? 6 : 0;
  const body = rect(core.x + side, core.y + (core.h - h) / 2 + 4, core.w - 2 * side, h);
  if (core.w > 480) return columnsOf(body, Math.max(1, names.length), 22);
  if (core.w >= DETAILED_WIDTH_MIN)
    return sharesOf(
      body,
      names.map((name) => DETAIL_SHARES[name] ?? name.length),
      6,
    );
  return sharesOf(
    body,
    names.map((name) => name.length + 3),
    4,
  );
}

export interface WorkerParts {
  /** Small cards of the workers that do not serve this request. */
  readonly chips: readonly Rect[];
  /** The worker that serves, opened; null when none does. */
  readonly open: Rect | null;
  /** How many workers no card is drawn for. */
  readonly unseen: number;
}

/** Gunicorn in medium size, and with Django open: a row of chips, and under it the worker opened. */
export function workerParts(box: Rect, others: number): WorkerParts {
  const perRow = Math.max(1, Math.floor((box.w - 28 + 8) / 96));
  const shown = Math.min(others, perRow);
  const row = rect(box.x + 14, box.y + TITLE_HEIGHT, box.w - 28, 44);
  const chips = shown === 0 ? [] : columnsOf(row, shown, 8);
  const top = shown === 0 ? row.y : row.y + row.h + 10;
  const open = rect(row.x, top, row.w, box.y + box.h - top - 12);
  return { chips, open, unseen: others - shown };
}

/** Gunicorn open: the arbiter above, the workers below in up to two rows. */
export function arbiterAndWorkers(box: Rect, count: number) {
  const arbiter = rect(box.x + 16, box.y + TITLE_HEIGHT + 4, box.w - 32, 50);
  const perRow = Math.max(1, Math.min(count, Math.floor((box.w - 32 + 12) / 140)));
  const rowsMax = box.h > 380 ? 2 : 1;
  const rows = Math.max(1, Math.min(rowsMax, Math.ceil(count / perRow)));
  const top = arbiter.y + arbiter.h + 34;
  const body = rect(arbiter.x, top, arbiter.w, box.y + box.h - top - 16);
  const heightMax = rows === 1 ? 260 : 118;
  const bands = rowsOf(body, rows, { gap: 22, heightMax });
  const shown = Math.min(count, rows * perRow);
  const workers = bands.flatMap((band) => columnsOf(band, perRow, 12)).slice(0, shown);
  return { arbiter, workers, unseen: count - shown };
}

type DnsPlace = Extract<PlaceId, `dns.${string}`>;
export const dnsPlaces: readonly DnsPlace[] = [
  ...(["dns.stub", "dns.resolver", "dns.root", "dns.tld", "dns.authoritative"] as const),
];

/** The stub and the resolver in a line, and the three levels of the hierarchy to their right. */
export function dnsNodes(box: Rect, mode: Mode): Readonly<Record<DnsPlace, Rect>> {
  const isOpen = mode === "open";
  const h = isOpen ? 52 : 26;
  const top = box.y + TITLE_HEIGHT + (isOpen ? 8 : 0);
  const bottom = box.y + box.h - (isOpen ? 26 : 12);
  const gap = (bottom - top - 3 * h) / 2;
  const inner = { x: box.x + 16, w: box.w - 32 };
  const middle = top + h + gap;
  const [stubShare, resolverAt, resolverShare, serverAt] = isOpen
    ? [0.2, 0.29, 0.24, 0.64]
    : [0.18, 0.26, 0.27, 0.64];
  const server = (level: number): Rect =>
    rect(inner.x + inner.w * serverAt, top + level * (h + gap), inner.w * (1 - serverAt), h);
  return {
    "dns.stub": rect(inner.x, middle, inner.w * stubShare, h),
    "dns.resolver": rect(inner.x + inner.w * resolverAt, middle, inner.w * resolverShare, h),
    "dns.root": server(0),
    "dns.tld": server(1),
    "dns.authoritative": server(2),
  };
}

/** Rows of the exchange between client and server, oldest first. */
export function ladderRows(box: Rect, count: number): readonly Rect[] {
  const body = rect(box.x + 16, box.y + TITLE_HEIGHT + 44, box.w - 32, box.h - TITLE_HEIGHT - 60);
  return rowsOf(body, Math.max(1, count), { gap: 6, heightMax: 44 });
}

/** How many rows of the exchange fit. */
export function ladderCapacity(box: Rect): number {
  return Math.max(2, Math.floor((box.h - TITLE_HEIGHT - 60) / 46));
}

/** Chips in as many columns as fit, in up to two rows, for a shrunk Gunicorn. */
export function chipGrid(box: Rect, count: number): readonly Rect[] {
  const [w, h, gap] = [66, 28, 8];
  const perRow = Math.max(1, Math.floor((box.w - 28 + gap) / (w + gap)));
  const body = rect(box.x + 14, box.y + 60, box.w - 28, 2 * h + gap);
  return rowsOf(body, 2, { gap, heightMax: h })
    .flatMap((row) => columnsOf(row, perRow, gap))
    .slice(0, count);
}

/** Tiny chips at the right of the title of an opened worker: as many as fit in half of it. */
export function columnsOfChips(box: Rect, count: number): readonly Rect[] {
  const w = 64;
  const shown = Math.min(count, Math.floor((box.w * 0.5) / (w + 8)));
  const right = box.x + box.w - 44;
  return Array.from({ length: shown }, (_, i) =>
    rect(right - (shown - i) * (w + 8) + 8, box.y + 10, w, 26),
  );
}
