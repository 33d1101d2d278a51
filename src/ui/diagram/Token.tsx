// The message on its way. React places it once; while it glides, its transform is set through a ref by
// the page's one frame loop. Where the reader asked for less motion it stands where it belongs at once.
import { useLayoutEffect, useRef } from "react";
import type { Arrangement } from "./arrangements.ts";
import type { StageModel } from "./model.ts";
import { ease, glideMs, pointAt, samplePath, waypoints } from "./path.ts";
import { boxOf } from "./places.ts";
import type { Point } from "./rect.ts";
import { fitText, textWidth } from "./text-fit.ts";
import { type Anchor, tokenAnchor, tokenHeight } from "./token-place.ts";

/** The frame loop, as the stage needs it. */
export interface FrameLoop {
  add(task: (nowMs: number) => boolean): () => void;
}

export interface TokenProps {
  readonly arrangement: Arrangement;
  readonly model: StageModel;
  readonly frames: FrameLoop;
  /** True where steps cut instead of glide. */
  readonly isStill: boolean;
}

const SIZE = 12;
const LABEL_WIDTH_MAX = 190;

/** Left end of the label for an anchor. */
function leftOf({ x, align }: Anchor, width: number): number {
  if (align === "start") return x;
  return align === "end" ? x - width : x - width / 2;
}

export function Token({ arrangement, model, frames, isStill }: TokenProps) {
  const group = useRef<SVGGElement>(null);
  const shown = useRef<{ readonly point: Point; readonly step: number } | null>(null);
  const { token } = model.scene;
  const { travel } = model;
  const arrow = travel.direction === "request" ? "→" : "←";
  const anchor = tokenAnchor(arrangement, model);
  const widthMax = Math.min(LABEL_WIDTH_MAX, Math.max(40, (anchor.widthMax ?? 999) - 40));
  const label = fitText(travel.label, { width: widthMax, size: SIZE, face: "mono" });
  const width = textWidth(`${label} ${arrow}`, SIZE, "mono") + 22;
  const height = tokenHeight(arrangement.isCompact);
  const { w } = arrangement.world;
  const x = Math.max(2, Math.min(w - width - 2, leftOf(anchor, width)));
  const y = Math.max(2, Math.min(arrangement.world.h - height - 2, anchor.y - height / 2));

  // The label's own place is known before paint; only the way to it is animated.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a glide begins when the place changes.
  useLayoutEffect(() => {
    const before = shown.current;
    const place = (point: Point): void => {
      shown.current = { point, step: model.step.index };
      if (group.current !== null)
        group.current.style.transform = `translate(${point.x}px, ${point.y}px)`;
    };
    const isNeighbour = before !== null && Math.abs(before.step - model.step.index) === 1;
    if (isStill || !isNeighbour) {
      place({ x, y });
      return;
    }
    const way = waypoints(arrangement, boxOf(token.from), boxOf(token.at));
    const shifted = way.map((point) => ({ x: point.x - width / 2, y: point.y - height / 2 }));
    const path = samplePath([before.point, ...shifted, { x, y }]);
    if (path.length < 1) {
      place({ x, y });
      return;
    }
    const durationMs = glideMs(path.length);
    let beganMs: number | null = null;
    return frames.add((nowMs) => {
      beganMs ??= nowMs;
      const share = Math.min(1, (nowMs - beganMs) / durationMs);
      place(pointAt(path, ease(share)));
      return share < 1;
    });
  }, [x, y, model.step.index, isStill]);

  if (label === "") return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a drawing takes no focus.
    <g ref={group} className={`token is-${travel.direction}`} aria-hidden="true">
      <rect className="token-frame" width={width} height={height} rx={height / 2} />
      <text className="t t-mono token-text" x={11} y={height / 2 + 4} fontSize={SIZE}>
        {travel.direction === "request" ? `${label} ${arrow}` : `${arrow} ${label}`}
      </text>
    </g>
  );
}
