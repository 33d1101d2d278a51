// The axes of a chart, alike in all of them: rules across the picture with their values at the left, and
// the values of the other axis below.

/** Room around a picture for what its axes say, in pixels; each chart adds its own at the right. */
export const AXIS_ROOM = { left: 52, bottom: 22 } as const;

export interface Tick {
  /** Where on the axis, in pixels. */
  readonly at: number;
  readonly text: string;
}

export interface ChartAxesProps {
  readonly rows: readonly Tick[];
  readonly columns: readonly Tick[];
  /** Where the rules end at the right, in pixels. */
  readonly right: number;
  readonly h: number;
}

export function ChartAxes({ rows, columns, right, h }: ChartAxesProps) {
  return (
    <g className="chart-axes">
      {rows.map(({ at, text }) => (
        <g key={text}>
          <line className="chart-rule" x1={AXIS_ROOM.left} x2={right} y1={at} y2={at} />
          <text className="chart-tick" x={AXIS_ROOM.left - 8} y={at + 4} textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {columns.map(({ at, text }) => (
        <text key={text} className="chart-tick" x={at} y={h - 5} textAnchor="middle">
          {text}
        </text>
      ))}
    </g>
  );
}
