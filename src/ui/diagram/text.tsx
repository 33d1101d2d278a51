// Lines of text on the stage, cut to the width they have.
import { type Face, fitText } from "./text-fit.ts";

export interface LineProps {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly width: number;
  readonly size?: number;
  readonly face?: Face;
  readonly anchor?: "start" | "middle" | "end";
  readonly className?: string;
}

/** One line of text; `y` is its baseline. */
export function Line(props: LineProps) {
  const { x, y, text, width, size = 12, face = "sans", anchor = "start", className = "" } = props;
  const fitted = fitText(text, { width, size, face });
  if (fitted === "") return null;
  return (
    <text
      x={x}
      y={y}
      fontSize={size}
      textAnchor={anchor}
      className={`t ${face === "sans" ? "" : `t-${face}`} ${className}`}
    >
      {fitted}
    </text>
  );
}
