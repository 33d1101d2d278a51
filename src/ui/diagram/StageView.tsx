// The stage: the picture of the path, drawn from one step's scene. Wide, every box has its hand-laid
// place; small, the open box stands alone. Nothing here knows how the step came about.
import { useEffect, useMemo, useRef, useState } from "react";
import type { Journey } from "../../simulation/journey.ts";
import { type Arrangement, compactArrangement, type Link, wideArrangement } from "./arrangements.ts";
import { BrowserBox } from "./BrowserBox.tsx";
import { DiagramNodes } from "./DiagramNodes.tsx";
import { DnsBox } from "./DnsBox.tsx";
import { LayerStrip } from "./LayerStrip.tsx";
import { GunicornBox } from "./GunicornBox.tsx";
import { stageModel } from "./model.ts";
import { NetworkBox } from "./NetworkBox.tsx";
import { NginxBox } from "./NginxBox.tsx";
import { type DiagramNode, diagramNodes } from "./nodes.ts";
import { boxOf, type Focus, focusOf } from "./places.ts";
import { QueueBox } from "./QueueBox.tsx";
import { DatabaseBox, DiskBox, ServerBox, SupervisorBox } from "./SmallBoxes.tsx";
import { type FrameLoop, Token } from "./Token.tsx";
import { attachZoom, type ZoomControl } from "./zoom.ts";

/** Smaller than this, the wide picture's text would be too small to read. */
const WIDE_SCALE_MIN = 0.74;

export interface StageViewProps {
  readonly journey: Journey;
  readonly step: number;
  /** A picture the reader opened; null follows the request. */
  readonly peek: Focus | null;
  readonly onChoose: (node: DiagramNode) => void;
  readonly onOpen: (focus: Focus) => void;
  /** Back to following the request. */
  readonly onEscape: () => void;
  readonly frames: FrameLoop;
  readonly isStill: boolean;
  /** Hands the zoom commands to whoever has buttons and keys for them. */
  readonly onZoomReady: (control: ZoomControl | null) => void;
}

export function StageView(props: StageViewProps) {
  const { journey, step, peek, onChoose, onOpen, onEscape, frames, isStill, onZoomReady } = props;
  const container = useRef<HTMLDivElement>(null);
  const size = useSize(container);
  const model = useMemo(() => stageModel(journey, step), [journey, step]);
  const focus = peek ?? focusOf(model.scene.open);
  const arrangement = useMemo(() => arrangementFor(focus, size), [focus, size]);
  const { isCompact } = arrangement;
  const nodes = useMemo(() => diagramNodes(arrangement, model), [arrangement, model]);
  const { w, h } = arrangement.world;
  const active = boxOf(model.scene.token.at);
  const box = { arrangement, model };
  return (
    <div ref={container} className="stage">
      {size !== null && isCompact && <LayerStrip model={model} focus={focus} onOpen={onOpen} />}
      {size !== null && (
        <ZoomableSvg {...{ w, h, isStill, onZoomReady }} key={isCompact ? "compact" : "wide"}>
          <g aria-hidden="true">
            <ServerBox {...box} />
            <Links links={arrangement.links} focus={focus} />
            <DnsBox {...box} isActive={active === "dns"} />
            <NetworkBox {...box} isActive={active === "network"} />
            <BrowserBox {...box} isActive={active === "browser"} />
            <SupervisorBox {...box} isActive={active === "supervisor"} />
            <DiskBox {...box} isActive={active === "disk"} />
            <DatabaseBox {...box} isActive={active === "database"} />
            <GunicornBox {...box} isActive={active === "gunicorn"} />
            <QueueBox {...box} isActive={active === "queue"} />
            <NginxBox {...box} isActive={active === "nginx"} />
          </g>
          <DiagramNodes nodes={nodes} onChoose={onChoose} onEscape={onEscape} />
          <Token {...box} frames={frames} isStill={isStill} />
        </ZoomableSvg>
      )}
    </div>
  );
}

interface Size {
  readonly w: number;
  readonly h: number;
}

/** Height of the strip of layers above a small picture. */
const STRIP_PX = 82;

function arrangementFor(focus: Focus, size: Size | null): Arrangement {
  const wide = wideArrangement(focus);
  if (size === null) return wide;
  const scale = Math.min(size.w / wide.world.w, size.h / wide.world.h);
  if (scale >= WIDE_SCALE_MIN) return wide;
  return compactArrangement(focus, Math.max(280, size.w), Math.max(120, size.h - STRIP_PX));
}

interface ZoomableSvgProps extends Pick<StageViewProps, "isStill" | "onZoomReady"> {
  readonly w: number;
  readonly h: number;
  readonly children: React.ReactNode;
}

function ZoomableSvg({ w, h, isStill, onZoomReady, children }: ZoomableSvgProps) {
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
    <svg
      ref={svg}
      className="stage-svg"
      viewBox={`0 0 ${w} ${h}`}
      role="group"
      aria-label="Diagram of the request's path. Arrow keys go from part to part, Enter opens one."
    >
      <g ref={content} className="stage-content">
        {children}
      </g>
    </svg>
  );
}

function Links({ links, focus }: { readonly links: readonly Link[]; readonly focus: Focus }) {
  return (
    <g key={focus} className="links appear">
      {links
        .filter(({ points }) => points.length > 1)
        .map(({ a, b, points, isAside }) => (
          <polyline
            key={`${a}-${b}`}
            className={`link link-${a}-${b} ${isAside === true ? "is-aside" : ""}`}
            points={points.map(({ x, y }) => `${x},${y}`).join(" ")}
          />
        ))}
    </g>
  );
}

/** The size of an element, kept up to date; null before the first measurement. */
function useSize(element: React.RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      setSize({ w: Math.round(width), h: Math.round(height) });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
