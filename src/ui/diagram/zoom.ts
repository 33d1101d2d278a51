// Zoom and pan by wheel, pinch and drag, and by commands for buttons and keys. The transform is set
// through the group's own style: no React while a finger moves.
import { type D3ZoomEvent, select, type ZoomTransform, zoom, zoomIdentity } from "d3";

/** How large the picture is shown and what stands in the middle: shares of its width and height. */
export interface ZoomPlace {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface ZoomControl {
  zoomBy(factor: number): void;
  panBy(dx: number, dy: number): void;
  /** Back to the whole picture. */
  reset(): void;
  /** Shows a place at once; null is the whole picture. */
  show(place: ZoomPlace | null): void;
  /** Calls back whenever the reader has moved the picture. */
  onMoved(listener: (place: ZoomPlace | null) => void): void;
  destroy(): void;
}

const SCALE_MIN = 0.7;
const SCALE_MAX = 6;
const GLIDE_MS = 200;
/** A link needs no more digits than this. */
const PLACE_DIGITS = 4;

type Size = readonly [w: number, h: number];

/** Makes `svg` zoomable; `content` is what moves. */
export function attachZoom(
  svg: SVGSVGElement,
  content: SVGGElement,
  isStill: () => boolean,
): ZoomControl {
  const root = select(svg);
  let moved: (place: ZoomPlace | null) => void = () => {};
  let isShowing = false;
  const size = (): Size => [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height];
  const behavior = zoom<SVGSVGElement, unknown>()
    .scaleExtent([SCALE_MIN, SCALE_MAX])
    .on("zoom", ({ transform }: D3ZoomEvent<SVGSVGElement, unknown>) => {
      content.style.transform = `translate(${transform.x}px, ${transform.y}px) scale(${transform.k})`;
    })
    .on("end", ({ transform }: D3ZoomEvent<SVGSVGElement, unknown>) => {
      if (!isShowing) moved(placeOf(transform, size()));
    });
  root.call(behavior).on("dblclick.zoom", null);
  const target = () => root.transition().duration(isStill() ? 0 : GLIDE_MS);
  return {
    zoomBy: (factor) => void target().call(behavior.scaleBy, factor),
    panBy: (dx, dy) => void target().call(behavior.translateBy, dx, dy),
    reset: () => void target().call(behavior.transform, zoomIdentity),
    show(place) {
      isShowing = true;
      root.call(behavior.transform, transformOf(place, size()));
      isShowing = false;
    },
    onMoved(listener) {
      moved = listener;
    },
    destroy: () => void root.on(".zoom", null),
  };
}

/** What a transform shows of a picture of that size. */
export function placeOf({ k, x, y }: ZoomTransform, [w, h]: Size): ZoomPlace | null {
  if (k === 1 && x === 0 && y === 0) return null;
  const short = (value: number): number => Number(value.toFixed(PLACE_DIGITS));
  return { scale: short(k), x: short((w / 2 - x) / k / w), y: short((h / 2 - y) / k / h) };
}

/** The transform that shows a place. */
export function transformOf(place: ZoomPlace | null, [w, h]: Size): ZoomTransform {
  if (place === null) return zoomIdentity;
  const k = Math.min(SCALE_MAX, Math.max(SCALE_MIN, place.scale));
  return zoomIdentity.translate(w / 2 - place.x * w * k, h / 2 - place.y * h * k).scale(k);
}
