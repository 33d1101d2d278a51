// Which part of a picture is shown, as a link says it and as the drawing needs it.

/** How large the picture is shown and what stands in the middle: shares of its width and height. */
export interface ZoomPlace {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Scale, and how far the picture is moved then, in its own units. */
export interface Transform {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export type Size = readonly [w: number, h: number];

export const SCALE_MIN = 0.7;
export const SCALE_MAX = 6;
/** A link needs no more digits than this. */
const PLACE_DIGITS = 4;

/** What a transform shows of a picture of that size; null is the whole picture. */
export function placeOf({ k, x, y }: Transform, [w, h]: Size): ZoomPlace | null {
  if (k === 1 && x === 0 && y === 0) return null;
  const short = (value: number): number => Number(value.toFixed(PLACE_DIGITS));
  return { scale: short(k), x: short((w / 2 - x) / k / w), y: short((h / 2 - y) / k / h) };
}

/** The transform that shows a place. */
export function transformOf(place: ZoomPlace | null, [w, h]: Size): Transform {
  if (place === null) return { k: 1, x: 0, y: 0 };
  const k = Math.min(SCALE_MAX, Math.max(SCALE_MIN, place.scale));
  return { k, x: w / 2 - place.x * w * k, y: h / 2 - place.y * h * k };
}

/** A transform in the words of CSS. */
export const cssOf = ({ k, x, y }: Transform): string => `translate(${x}px, ${y}px) scale(${k})`;
