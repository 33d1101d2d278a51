// How the response times of the run are spread: one bar for each range of times, the ranges growing by
// the same factor, and the percentiles marked where they lie.
import { type ScaleLogarithmic, scaleLinear, scaleLog } from "d3";
import { useRef } from "react";
import { useSize } from "../../widgets/use-size.ts";
import { millisecondsText } from "../numbers.ts";
import { AXIS_ROOM, ChartAxes } from "./ChartAxes.tsx";

export interface HistogramBin {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

export interface HistogramMark {
  readonly label: string;
  readonly ms: number;
}

export interface HistogramProps {
  readonly bins: readonly HistogramBin[];
  readonly pinned: readonly HistogramBin[];
  readonly marks: readonly HistogramMark[];
  /** How much larger than usual everything is drawn. */
  readonly textScale: number;
}

const MARGIN = { ...AXIS_ROOM, top: 22, right: 16 } as const;
const LABEL_GAP = 34;

export function Histogram({ bins, pinned, marks, textScale }: HistogramProps) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  return (
    <div ref={frame} className="line-chart">
      {size !== null && size.w > 120 && bins.length > 0 && (
        <Bars
          {...{ bins, pinned, marks, textScale }}
          w={size.w / textScale}
          h={size.h / textScale}
        />
      )}
      {bins.length === 0 && <p className="empty">Nothing was answered yet.</p>}
    </div>
  );
}

type BarsProps = HistogramProps & { readonly w: number; readonly h: number };

/** So far apart stand two times of the axis, in CSS pixels. */
const TICK_GAP = 56;

/** Round times of the axis: powers of ten where there is room for no more. */
function timeTicks(x: ScaleLogarithmic<number, number>): readonly number[] {
  const [left, right] = x.range();
  const kept: number[] = [];
  const wanted = Math.max(2, Math.floor((right - left) / TICK_GAP));
  for (const ms of x.ticks(wanted)) {
    const last = kept.at(-1);
    if (last === undefined || x(ms) - x(last) >= TICK_GAP) kept.push(ms);
  }
  return kept;
}

function Bars({ bins, pinned, marks, textScale, w, h }: BarsProps) {
  const all = [...bins, ...pinned];
  const low = Math.max(0.01, Math.min(...all.map(({ fromMs }) => fromMs)));
  const high = Math.max(low * 2, ...all.map(({ toMs }) => toMs));
  const x = scaleLog([low, high], [MARGIN.left, w - MARGIN.right]).clamp(true);
  const most = Math.max(1, ...all.map(({ count }) => count));
  const y = scaleLinear([0, most], [h - MARGIN.bottom, MARGIN.top]).nice(4);
  const barOf = ({ fromMs, toMs, count }: HistogramBin) => {
    const left = x(Math.max(low, fromMs));
    const width = Math.max(1, x(toMs) - left - 1);
    return { x: left, y: y(count), width, height: h - MARGIN.bottom - y(count) };
  };
  return (
    <svg
      className="line-chart-svg"
      {...{ width: w * textScale, height: h * textScale, viewBox: `0 0 ${w} ${h}` }}
      aria-hidden="true"
    >
      <ChartAxes
        rows={y.ticks(4).map((tick) => ({ at: y(tick), text: String(tick) }))}
        columns={timeTicks(x).map((ms) => ({ at: x(ms), text: millisecondsText(ms) }))}
        {...{ h, right: w - MARGIN.right }}
      />
      {bins.map((bin) => (
        <rect key={bin.fromMs} className="histogram-bar" {...barOf(bin)} />
      ))}
      {pinned.map((bin) => (
        <rect key={bin.fromMs} className="histogram-bar is-pinned" {...barOf(bin)} />
      ))}
      <Marks marks={marks} place={(ms) => x(Math.max(low, ms))} bottom={h - MARGIN.bottom} />
    </svg>
  );
}

interface MarksProps {
  readonly marks: readonly HistogramMark[];
  readonly place: (ms: number) => number;
  readonly bottom: number;
}

/** The percentiles; where two stand together, the later one keeps its name. */
function Marks({ marks, place, bottom }: MarksProps) {
  const named = marks.filter(({ ms }, i) => {
    const next = marks[i + 1];
    return next === undefined || place(next.ms) - place(ms) >= LABEL_GAP;
  });
  return (
    <g>
      {marks.map(({ label, ms }) => (
        <line
          key={label}
          className="chart-moment"
          x1={place(ms)}
          x2={place(ms)}
          y1={16}
          y2={bottom}
        />
      ))}
      {named.map(({ label, ms }) => (
        <text key={label} className="chart-label" x={place(ms)} y={12} textAnchor="middle">
          {label}
        </text>
      ))}
    </g>
  );
}
