// The drawing that can be zoomed and moved, in which the boxes of the stage stand. It is drawn first; what
// listens to wheel and fingers is loaded when it has been painted.
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ZoomControl } from "./zoom.ts";
import { cssOf, transformOf, type ZoomPlace } from "./zoom-place.ts";

export interface ZoomableSvgProps {
  readonly isStill: boolean;
  /** Hands the zoom commands to whoever has buttons and keys for them. */
  readonly onZoomReady: (control: ZoomControl | null) => void;
  /** What is shown at first. */
  readonly place: ZoomPlace | null;
  readonly label: string;
  readonly w: number;
  readonly h: number;
  readonly children: ReactNode;
}

export function ZoomableSvg(props: ZoomableSvgProps) {
  const { w, h, label, isStill, place, onZoomReady, children } = props;
  const svg = useRef<SVGSVGElement>(null);
  const content = useRef<SVGGElement>(null);
  const still = useRef(isStill);
  still.current = isStill;
  // React writes it once and never again: from then on the zoom moves the picture.
  const [atFirst] = useState(() => ({ transform: cssOf(transformOf(place, [w, h])) }));
  useEffect(() => {
    let control: ZoomControl | null = null;
    let isGone = false;
    const attach = async (): Promise<void> => {
      const { attachZoom } = await import("./zoom.ts");
      if (isGone || svg.current === null || content.current === null) return;
      control = attachZoom(svg.current, content.current, () => still.current);
      onZoomReady(control);
    };
    // A picture that cannot be moved is better than none.
    const forget = whenPainted(() => void attach().catch(() => undefined));
    return () => {
      isGone = true;
      forget();
      if (control === null) return;
      onZoomReady(null);
      control.destroy();
    };
  }, [onZoomReady]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG drawing is no fieldset.
    <svg ref={svg} className="stage-svg" viewBox={`0 0 ${w} ${h}`} role="group" aria-label={label}>
      <g ref={content} className="stage-content" style={atFirst}>
        {children}
      </g>
    </svg>
  );
}

/** Does `task` when the next frame is on the screen. Returns what calls it off. */
function whenPainted(task: () => void): () => void {
  let timer = 0;
  const frame = requestAnimationFrame(() => {
    timer = window.setTimeout(task);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
