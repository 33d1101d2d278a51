// The accept queue: connections that the kernel has completed and no worker has taken yet. It is drawn
// where it is, between Nginx and the workers.

import type { Placed } from "./arrangements.ts";
import { BoxFrame } from "./BoxFrame.tsx";
import type { BoxProps } from "./box-props.ts";
import type { Rect } from "./rect.ts";
import { Line } from "./text.tsx";

const DOT = 11;

export function QueueBox({ arrangement, model, isActive }: BoxProps) {
  const box = arrangement.boxes.queue;
  if (box.mode === "hidden") return null;
  const { queued, queueMax } = model.scene.gunicorn;
  const isSlot = box.w < 100;
  const isFlat = box.h < 60;
  const text = `${queued} of ${queueMax}`;
  if (isSlot) return <Slot {...{ box, queued, queueMax, isActive }} />;
  const dots = isFlat
    ? { x: box.x + box.w * 0.42, y: box.y + box.h / 2 - 5, w: box.w * 0.26, h: DOT }
    : { x: box.x + 16, y: box.y + box.h - 24, w: box.w * 0.4, h: DOT };
  return (
    <BoxFrame
      {...{ box, tint: "gunicorn", title: "Accept queue", isActive, scene: arrangement.focus }}
    >
      {(!isFlat || box.w > 300) && <Dots at={dots} count={queued} />}
      <Line
        {...{ x: box.x + box.w - 14, y: isFlat ? box.y + 26 : box.y + box.h - 14, text }}
        width={box.w * 0.5}
        anchor="end"
        className="quiet"
      />
    </BoxFrame>
  );
}

interface SlotProps {
  readonly box: Placed;
  readonly queued: number;
  readonly queueMax: number;
  readonly isActive: boolean;
}

/** Upright between two boxes: the name above, dots in the middle, numbers below. */
function Slot({ box, queued, queueMax, isActive }: SlotProps) {
  const x = box.x + box.w / 2;
  const line = { x, width: box.w + 8, anchor: "middle" as const, size: 11, className: "quiet" };
  return (
    <g className={`tint-gunicorn slot ${isActive ? "is-active" : ""}`}>
      <rect
        className="slot-frame"
        x={x - 12}
        y={box.y + 30}
        width={24}
        height={box.h - 62}
        rx={8}
      />
      <Line {...line} y={box.y + 10} text="accept" />
      <Line {...line} y={box.y + 23} text="queue" />
      <Dots at={{ x: x - 5, y: box.y + 36, w: DOT, h: box.h - 74 }} count={queued} />
      <Line
        {...line}
        y={box.y + box.h - 16}
        text={String(queued)}
        face="strong"
        className="tinted"
      />
      <Line {...line} y={box.y + box.h - 2} text={`of ${queueMax}`} />
    </g>
  );
}

function Dots({ at, count }: { readonly at: Rect; readonly count: number }) {
  const perRow = Math.max(1, Math.floor(at.w / DOT));
  const room = perRow * Math.max(1, Math.floor(at.h / DOT));
  return Array.from({ length: Math.min(room, count) }, (_, i) => (
    <circle
      // biome-ignore lint/suspicious/noArrayIndexKey: the dots of a queue are places in it.
      key={i}
      className="queue-dot is-taken"
      cx={at.x + (i % perRow) * DOT + 5}
      cy={at.y + Math.floor(i / perRow) * DOT + 5}
      r={4}
    />
  ));
}
