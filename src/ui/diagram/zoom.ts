// Zoom and pan by wheel, pinch and drag, and by commands for buttons and keys. The transform is set
// through the group's own style: no React while a finger moves.
import { type D3ZoomEvent, select, zoom, zoomIdentity } from "d3";

export interface ZoomControl {
  zoomBy(factor: number): void;
  panBy(dx: number, dy: number): void;
  /** Back to the whole picture. */
  reset(): void;
  destroy(): void;
}

const SCALE_MIN = 0.7;
const SCALE_MAX = 6;
const GLIDE_MS = 200;

/** Makes `svg` zoomable; `content` is what moves. */
export function attachZoom(
  svg: SVGSVGElement,
  content: SVGGElement,
  isStill: () => boolean,
): ZoomControl {
  const root = select(svg);
  const behavior = zoom<SVGSVGElement, unknown>()
    .scaleExtent([SCALE_MIN, SCALE_MAX])
    .on("zoom", ({ transform }: D3ZoomEvent<SVGSVGElement, unknown>) => {
      content.style.transform = `translate(${transform.x}px, ${transform.y}px) scale(${transform.k})`;
    });
  root.call(behavior).on("dblclick.zoom", null);
  const target = () => root.transition().duration(isStill() ? 0 : GLIDE_MS);
  return {
    zoomBy: (factor) => void target().call(behavior.scaleBy, factor),
    panBy: (dx, dy) => void target().call(behavior.translateBy, dx, dy),
    reset: () => void target().call(behavior.transform, zoomIdentity),
    destroy: () => void root.on(".zoom", null),
  };
}
