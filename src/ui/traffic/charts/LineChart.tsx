// A chart of lines over simulated time. Each line has its label at its end; a moment chosen with the
// mouse or the arrow keys is read out above and marked in every chart at once.
import { line, scaleLinear } from "d3";
import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from "react";
import { useSize } from "../../widgets/use-size.ts";
import { AXIS_ROOM, ChartAxes } from "./ChartAxes.tsx";
import {
  type ChartData,
  type ChartLine,
  largestValue,
  lastMeasured,
  momentText,
  nearestMoment,
} from "./chart-data.ts";
import { labelPlaces } from "./label-places.ts";

export interface LineChartProps {
  readonly data: ChartData;
  /** Where the axis of time ends, in seconds. */
  readonly endSeconds: number;
  /** The moment read out, in seconds; null for none. */
  readonly moment: number | null;
  readonly onMoment: (seconds: number | null) => void;
  /** How much larger than usual everything is drawn. */
  readonly textScale: number;
  /** The reader wants the run shown at this moment. */
  readonly onSeek: (seconds: number) => void;
}

const MARGIN = { ...AXIS_ROOM, top: 10, right: 96 } as const;
const LABEL_HEIGHT = 15;
const CHARACTER = 6.7;

/** Scales from data to pixels. */
interface Scales {
  readonly x: (seconds: number) => number;
  readonly y: (value: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  readonly w: number;
  readonly h: number;
  secondsAt(px: number): number;
}

function scalesOf(data: ChartData, endSeconds: number, w: number, h: number): Scales {
  const x = scaleLinear([0, endSeconds], [MARGIN.left, w - MARGIN.right]);
  const y = scaleLinear([0, largestValue(data)], [h - MARGIN.bottom, MARGIN.top]).nice(4);
  const xTicks = x.ticks(Math.max(2, Math.floor((w - MARGIN.left - MARGIN.right) / 90)));
  return { x, y, xTicks, yTicks: y.ticks(4), w, h, secondsAt: (px) => x.invert(px) };
}

export function LineChart(props: LineChartProps) {
  const { data, endSeconds, moment, onMoment, onSeek, textScale } = props;
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const { times } = data;
  const index = moment === null ? -1 : nearestMoment(times, moment);
  const scales = useMemo(
    () =>
      size === null ? null : scalesOf(data, endSeconds, size.w / textScale, size.h / textScale),
    [data, endSeconds, size, textScale],
  );

  function onKeyDown(event: KeyboardEvent): void {
    const last = times.length - 1;
    const from = index === -1 ? last : index;
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last },
      ...{ PageDown: from - 10, PageUp: from + 10 },
    };
    if (event.key === "Escape" && moment !== null) onMoment(null);
    else if (event.key === "Enter" && index !== -1) onSeek(times[index]);
    else if (steps[event.key] !== undefined && last >= 0)
      onMoment(times[Math.max(0, Math.min(last, steps[event.key]))]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function secondsOf(event: PointerEvent): number | null {
    if (scales === null || frame.current === null) return null;
    const px = (event.clientX - frame.current.getBoundingClientRect().left) / textScale;
    return Math.max(0, Math.min(endSeconds, scales.secondsAt(px)));
  }

  return (
    <div
      ref={frame}
      className="line-chart"
      role="slider"
      tabIndex={0}
      aria-label={`${data.title}, ${data.unit}: the moment that is read out`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, times.length - 1)}
      aria-valuenow={index === -1 ? Math.max(0, times.length - 1) : index}
      aria-valuetext={spokenMoment(data, index === -1 ? times.length - 1 : index)}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => onMoment(secondsOf(event))}
      onPointerLeave={() => onMoment(null)}
      onBlur={() => onMoment(null)}
      onClick={() => index !== -1 && onSeek(times[index])}
    >
      {size !== null && scales !== null && size.w > 120 && (
        <svg
          className="line-chart-svg"
          {...{ width: size.w, height: size.h, viewBox: `0 0 ${scales.w} ${scales.h}` }}
          aria-hidden="true"
        >
          <Axes data={data} scales={scales} />
          {data.lines.map((own) => (
            <Path key={keyOf(own)} {...{ data, own, scales }} />
          ))}
          {index !== -1 && <Crosshair {...{ data, scales, index }} />}
          <EndLabels data={data} scales={scales} />
        </svg>
      )}
    </div>
  );
}

function spokenMoment(data: ChartData, index: number): string {
  if (index < 0) return "nothing measured yet";
  return `${data.times[index].toFixed(1)} seconds: ${momentText(data, index) || "nothing measured"}`;
}

const keyOf = ({ label, isPinned }: ChartLine): string => `${label} ${isPinned === true}`;

function Axes({ data, scales }: { readonly data: ChartData; readonly scales: Scales }) {
  const { x, y, xTicks, yTicks, w, h } = scales;
  return (
    <ChartAxes
      rows={yTicks.map((tick) => ({ at: y(tick), text: data.format(tick) }))}
      columns={xTicks.map((tick) => ({ at: x(tick), text: `${tick} s` }))}
      {...{ h, right: w - MARGIN.right }}
    />
  );
}

interface PathProps {
  readonly data: ChartData;
  readonly own: ChartLine;
  readonly scales: Scales;
}

function Path({ data, own, scales }: PathProps) {
  const { values } = own;
  const times = own.times ?? data.times;
  const path = useMemo(
    () =>
      line<number>()
        .defined((value) => !Number.isNaN(value))
        .x((_, i) => scales.x(times[i]))
        .y((value) => scales.y(value))(values),
    [values, times, scales],
  );
  if (path === null) return null;
  return (
    <path className={`chart-line tint-${own.tint} ${own.isPinned ? "is-pinned" : ""}`} d={path} />
  );
}

function Crosshair({ data, scales, index }: Omit<PathProps, "own"> & { readonly index: number }) {
  const x = scales.x(data.times[index]);
  const shown = data.lines.filter(
    ({ values, isPinned }) => isPinned !== true && !Number.isNaN(values[index] ?? Number.NaN),
  );
  return (
    <g>
      <line className="chart-moment" x1={x} x2={x} y1={MARGIN.top} y2={scales.h - MARGIN.bottom} />
      {shown.map((own) => (
        <circle
          key={keyOf(own)}
          className={`chart-point tint-${own.tint}`}
          {...{ cx: x, cy: scales.y(own.values[index]), r: 3.5 }}
        />
      ))}
    </g>
  );
}

/** The name and the last value of each line, where it ends. */
function EndLabels({ data, scales }: { readonly data: ChartData; readonly scales: Scales }) {
  const ends = data.lines.flatMap((own) => {
    const last = lastMeasured(own);
    return last === null ? [] : [{ own, ...last }];
  });
  const room = scales.h - MARGIN.bottom;
  const places = labelPlaces(
    ends.map(({ value }) => scales.y(value)),
    LABEL_HEIGHT,
    room,
  );
  return (
    <g>
      {ends.map(({ own, index, value }, i) => {
        const text = own.isPinned ? `${own.label} before` : `${own.label} ${data.format(value)}`;
        const end = scales.x((own.times ?? data.times)[index]) + 6;
        const x = Math.min(end, scales.w - text.length * CHARACTER - 2);
        return (
          <text
            key={keyOf(own)}
            className={`chart-label tint-${own.tint} ${own.isPinned ? "is-pinned" : ""}`}
            x={x}
            y={places[i] + 4}
          >
            {text}
          </text>
        );
      })}
    </g>
  );
}
