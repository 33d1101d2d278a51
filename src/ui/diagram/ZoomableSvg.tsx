// The drawing that can be zoomed and moved, in which the boxes of the stage stand.
import { type ReactNode, useEffect, useRef } from "react";
import { attachZoom, type ZoomControl } from "./zoom.ts";

export interface ZoomableSvgProps {
  readonly isStill: boolean;
  /** Hands the zoom commands to whoever has buttons and keys for them. */
  readonly onZoomReady: (control: ZoomControl | null) => void;
  readonly label: string;
  readonly w: number;
  readonly h: number;
  readonly children: ReactNode;
}

export function ZoomableSvg({ w, h, label, isStill, onZoomReady, children }: ZoomableSvgProps) {
  const svg = useRef<SVGSVGElement>(null);
  const content = useRef<SVGGElement>(null);
  const still = useRef(isStill);
  still.current = isStill;
  useEffect(() => {
    if (svg.current === null || content.current === null) return;
    const control = attachZoom(svg.current, content.current, () => still.current);
    onZoomReady(control);
    return () => {
      onZoomReady(null);
      control.destroy();
    };
  }, [onZoomReady]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG drawing is no fieldset.
    <svg ref={svg} className="stage-svg" viewBox={`0 0 ${w} ${h}`} role="group" aria-label={label}>
      <g ref={content} className="stage-content">
        {children}
      </g>
    </svg>
  );
}
