// The frame of a box: it glides to its new place when another layer opens, and its content fades in.
import type { ReactNode } from "react";
import { actTargetOf } from "./act-target.ts";
import type { Placed } from "./arrangements.ts";
import type { Tint } from "./places.ts";
import { Line } from "./text.tsx";
import { textWidth } from "./text-fit.ts";

export interface BoxFrameProps {
  readonly box: Placed;
  readonly tint: Tint;
  readonly title: string;
  /** Small text at the right of the title. */
  readonly aside?: string;
  readonly asideFace?: "sans" | "mono";
  readonly isActive: boolean;
  /** Changes when the content should fade in anew. */
  readonly scene: string;
  readonly children?: ReactNode;
}

/** Room in the corner for the button that acts on what the box shows. */
const ACT_ROOM = 46;

/** Where a box's text begins, from its edge: a narrow one has no room to give away. */
function insetOf({ w }: Placed): number {
  return w < 80 ? 8 : 16;
}

/** A box with its name; nothing when the picture hides it. */
export function BoxFrame(props: BoxFrameProps) {
  const { box, tint, title, aside = "", asideFace = "sans", isActive, scene, children } = props;
  if (box.mode === "hidden") return null;
  const isCard = box.mode === "card";
  const titleSize = isCard ? 13 : 15;
  const titleWidth = textWidth(title, titleSize, "strong");
  const right = actTargetOf(tint) === null ? 16 : ACT_ROOM;
  const inset = insetOf(box);
  const titleY = box.y + (isCard ? 26 : 28);
  return (
    <g className={`box tint-${tint} ${isActive ? "is-active" : ""} is-${box.mode}`}>
      <rect
        className="box-frame"
        rx={isCard ? 8 : 10}
        style={{ x: box.x, y: box.y, width: box.w, height: box.h }}
      />
      <g key={scene} className="appear">
        <Line
          {...{ x: box.x + inset, y: titleY, text: title, size: titleSize }}
          width={box.w - 2 * inset + 4}
          face="strong"
          className="tinted"
        />
        {!isCard && aside !== "" && (
          <Line
            {...{ x: box.x + box.w - right, y: titleY, text: aside, face: asideFace }}
            width={box.w - 28 - right - titleWidth}
            anchor="end"
            className="quiet"
          />
        )}
        {children}
      </g>
    </g>
  );
}

/** The line of status that a shrunk box keeps. */
export function CardStatus({ box, text }: { readonly box: Placed; readonly text: string }) {
  const inset = insetOf(box);
  const width = box.w - 2 * inset + 4;
  return <Line x={box.x + inset} y={box.y + 46} text={text} width={width} className="quiet" />;
}
