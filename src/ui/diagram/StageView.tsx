// The stage: the picture of the path, drawn from one step's scene. Wide, every box has its hand-laid
// place; small, the open box stands alone. Nothing here knows how the step came about.
import { type ReactNode, useMemo, useRef } from "react";
import type { Journey, JourneyRequest } from "../../simulation/journey.ts";
import { type Size, useSize } from "../widgets/use-size.ts";
import { compactArrangement, WORLD, wideArrangement } from "./arrangements.ts";
import { BrowserBox } from "./BrowserBox.tsx";
import { DiagramNodes } from "./DiagramNodes.tsx";
import { DnsBox } from "./DnsBox.tsx";
import { GunicornBox } from "./GunicornBox.tsx";
import { LayerStrip } from "./LayerStrip.tsx";
import { Links } from "./Links.tsx";
import { stageModel } from "./model.ts";
import { NetworkBox } from "./NetworkBox.tsx";
import { NginxBox } from "./NginxBox.tsx";
import { type DiagramNode, diagramNodes } from "./nodes.ts";
import { boxAtWork, type Focus, focusOfScene } from "./places.ts";
import { QueueBox } from "./QueueBox.tsx";
import { DatabaseBox, DiskBox, ServerBox, SupervisorBox } from "./SmallBoxes.tsx";
import { type FrameLoop, Token } from "./Token.tsx";
import { ZoomableSvg } from "./ZoomableSvg.tsx";
import type { ZoomControl } from "./zoom.ts";
import type { ZoomPlace } from "./zoom-place.ts";

/** Smaller than this, the wide picture's text would be too small to read. */
const WIDE_SCALE_MIN = 0.74;

/** Lower than this there is nothing to see: the sheet lies over the stage. */
const HEIGHT_MIN_PX = 60;

export interface StageViewProps {
  readonly journey: Journey;
  readonly step: number;
  /** The request that the step belongs to. */
  readonly request: JourneyRequest | undefined;
  /** A picture the reader opened; null follows the request. */
  readonly peek: Focus | null;
  readonly onChoose: (node: DiagramNode) => void;
  readonly onOpen: (focus: Focus) => void;
  /** Back to following the request. */
  readonly onEscape: () => void;
  readonly frames: FrameLoop;
  readonly isStill: boolean;
  /** How much larger than on a desk text must be: 1, or more before an audience. */
  readonly textScale: number;
  /** Hands the zoom commands to whoever has buttons and keys for them. */
  readonly onZoomReady: (control: ZoomControl | null) => void;
  /** What is shown at first. */
  readonly place: ZoomPlace | null;
  readonly zoomButtons: ReactNode;
}

export function StageView(props: StageViewProps) {
  const { journey, step, request, peek, onChoose, onOpen, onEscape, frames, isStill } = props;
  const { textScale, onZoomReady, place, zoomButtons } = props;
  const outer = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const space = useSize(outer);
  const canvas = useSize(inner);
  const model = useMemo(() => stageModel(journey, step, request), [journey, step, request]);
  const focus = peek ?? focusOfScene(model.scene);
  const isBeforeAudience = textScale > 1;
  const isCompact = isBeforeAudience || (space !== null && !fitsWide(space));
  const arrangement = useMemo(
    () =>
      isCompact && canvas !== null
        ? compactArrangement(focus, canvas.w / textScale, canvas.h / textScale)
        : wideArrangement(focus),
    [focus, isCompact, canvas, textScale],
  );
  const nodes = useMemo(() => {
    const all = diagramNodes(arrangement, model);
    // Presenting leaves nothing but the picture, the sentence and the timeline; the key still acts.
    return isBeforeAudience ? all.filter(({ acts }) => acts === undefined) : all;
  }, [arrangement, model, isBeforeAudience]);
  const { w, h } = arrangement.world;
  const active = boxAtWork(model.scene);
  const box = { arrangement, model };
  return (
    <div ref={outer} className={`stage ${isCompact ? "is-compact" : ""}`}>
      {isCompact && (
        <LayerStrip model={model} focus={focus} onOpen={onOpen}>
          {zoomButtons}
        </LayerStrip>
      )}
      <div ref={inner} className="stage-canvas">
        {space !== null && canvas !== null && canvas.h >= HEIGHT_MIN_PX && (
          <ZoomableSvg
            {...{ w, h, isStill, onZoomReady, place }}
            key={isCompact ? "compact" : "wide"}
            label="Diagram of the request's path. Arrow keys go from part to part, Enter opens one."
          >
            {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a drawing takes no focus. */}
            <g aria-hidden="true">
              <ServerBox {...box} />
              <Links links={arrangement.links} scene={focus} />
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
      {!isCompact && zoomButtons}
    </div>
  );
}

function fitsWide({ w, h }: Size): boolean {
  return Math.min(w / WORLD.w, h / WORLD.h) >= WIDE_SCALE_MIN;
}
