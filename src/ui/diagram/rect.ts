// Points and rectangles of the stage, in world units: one unit is one CSS pixel at zoom 1.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly w: number;
  readonly h: number;
}

export function rect(x: number, y: number, w: number, h: number): Rect {
  return { x, y, w, h };
}

export function centerOf(r: Rect): Point {
  return { x: r.x + r.w / 2, y: r.y + r.h / 2 };
}

/** A point on a side of `r`; `along` runs from 0 to 1, left to right or top to bottom. */
export function sideOf(r: Rect, side: "left" | "right" | "top" | "bottom", along = 0.5): Point {
  if (side === "left") return { x: r.x, y: r.y + r.h * along };
  if (side === "right") return { x: r.x + r.w, y: r.y + r.h * along };
  return { x: r.x + r.w * along, y: side === "top" ? r.y : r.y + r.h };
}

/** `count` equal cells side by side in `r`, `gap` apart. */
export function columnsOf(r: Rect, count: number, gap: number): readonly Rect[] {
  const w = (r.w - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, i) => rect(r.x + i * (w + gap), r.y, w, r.h));
}

/** Cells side by side in `r`, as wide as their shares, `gap` apart. */
export function sharesOf(r: Rect, shares: readonly number[], gap: number): readonly Rect[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const room = r.w - gap * (shares.length - 1);
  let x = r.x;
  return shares.map((share) => {
    const cell = rect(x, r.y, (room * share) / total, r.h);
    x += cell.w + gap;
    return cell;
  });
}

/** `count` equal cells under one another in `r`, `gap` apart and at most `heightMax` high. */
export function rowsOf(
  r: Rect,
  count: number,
  spacing: { gap: number; heightMax: number },
): readonly Rect[] {
  const { gap, heightMax } = spacing;
  const h = Math.min(heightMax, (r.h - gap * (count - 1)) / count);
  return Array.from({ length: count }, (_, i) => rect(r.x, r.y + i * (h + gap), r.w, h));
}
