// Zoom and pan by wheel, pinch and drag, and by commands for buttons and keys. The transform is set
// through the group's own style: no React while a finger moves.
// Loaded when the first picture stands: it is what D3 weighs most with.
import { type D3ZoomEvent, select, zoom, zoomIdentity, zoomTransform } from "d3";
import {
  cssOf,
  placeOf,
  SCALE_MAX,
  SCALE_MIN,
  type Size,
  transformOf,
  type ZoomPlace,
} from "./zoom-place.ts";

export interface ZoomControl {
  zoomBy(factor: number): void;
  /** Moves the picture by so much as it is shown, in units of the drawing. */
  panBy(dx: number, dy: number): void;
  /** Back to the whole picture. */
  reset(): void;
  /** Shows a place at once; null is the whole picture. */
  show(place: ZoomPlace | null): void;
  /** Calls back whenever the reader has moved the picture. */
  onMoved(listener: (place: ZoomPlace | null) => void): void;
  destroy(): void;
}

const GLIDE_MS = 200;

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
      content.style.transform = cssOf(transform);
    })
    .on("end", ({ transform }: D3ZoomEvent<SVGSVGElement, unknown>) => {
      if (!isShowing) moved(placeOf(transform, size()));
    });
  root.call(behavior).on("dblclick.zoom", null);
  const target = () => root.transition().duration(isStill() ? 0 : GLIDE_MS);
  return {
    zoomBy: (factor) => void target().call(behavior.scaleBy, factor),
    panBy(dx, dy) {
      const { k } = zoomTransform(svg);
      target().call(behavior.translateBy, dx / k, dy / k);
    },
    reset: () => void target().call(behavior.transform, zoomIdentity),
    show(place) {
      isShowing = true;
      const { k, x, y } = transformOf(place, size());
      root.call(behavior.transform, zoomIdentity.translate(x, y).scale(k));
      isShowing = false;
    },
    onMoved(listener) {
      moved = listener;
    },
    destroy: () => void root.on(".zoom", null),
  };
}
