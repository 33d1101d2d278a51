// The charts below the stage: which of them are shown is the reader's choice; a moment pointed at in one
// is read out in all.
import { useMemo, useState } from "react";
import type { TrafficResults } from "../../../simulation/traffic/results.ts";
import type { TimeBucket } from "../../../simulation/traffic/time-series.ts";
import { ChartFigure } from "./ChartFigure.tsx";
import { ChartTable, HistogramTable } from "./ChartTable.tsx";
import { momentText, nearestMoment } from "./chart-data.ts";
import {
  binsOf,
  type ChartId,
  chartIds,
  chartNames,
  chartOf,
  marksOf,
  spreadText,
} from "./chart-series.ts";
import { Histogram } from "./Histogram.tsx";
import { LineChart } from "./LineChart.tsx";

export interface ChartsProps {
  readonly shown: readonly ChartId[];
  readonly onShow: (shown: readonly ChartId[]) => void;
  /** Complete stretches of the run. */
  readonly buckets: readonly TimeBucket[];
  readonly results: TrafficResults | null;
  readonly pinned: TrafficResults | null;
  readonly endSeconds: number;
  /** How much larger than usual everything is drawn. */
  readonly textScale: number;
  readonly onSeek: (seconds: number) => void;
}

const BINS_MAX = 48;
const noBuckets: readonly TimeBucket[] = [];

export function Charts(props: ChartsProps) {
  const { shown, onShow } = props;
  const [moment, setMoment] = useState<number | null>(null);
  return (
    <section className="charts" aria-label="Charts">
      <fieldset className="chart-choice" aria-label="Which charts are shown">
        {chartIds.map((id) => {
          const isShown = shown.includes(id);
          return (
            <button
              key={id}
              type="button"
              className="chip-button"
              aria-pressed={isShown}
              onClick={() => onShow(toggled(shown, id))}
            >
              {chartNames[id]}
            </button>
          );
        })}
      </fieldset>
      <div className="chart-grid">
        {chartIds
          .filter((id) => shown.includes(id))
          .map((id) =>
            id === "spread" ? (
              <SpreadChart key={id} {...props} />
            ) : (
              <TimeChart key={id} {...props} id={id} moment={moment} onMoment={setMoment} />
            ),
          )}
      </div>
    </section>
  );
}

/** At least one chart stays. */
function toggled(shown: readonly ChartId[], id: ChartId): readonly ChartId[] {
  if (!shown.includes(id)) return [...shown, id];
  return shown.length === 1 ? shown : shown.filter((other) => other !== id);
}

interface TimeChartProps extends ChartsProps {
  readonly id: Exclude<ChartId, "spread">;
  readonly moment: number | null;
  readonly onMoment: (seconds: number | null) => void;
}

function TimeChart(props: TimeChartProps) {
  const { id, buckets, pinned, endSeconds, moment, onMoment, onSeek, textScale } = props;
  const data = useMemo(
    () => chartOf(id, buckets, pinned?.buckets ?? noBuckets),
    [id, buckets, pinned],
  );
  const index = moment === null ? -1 : nearestMoment(data.times, moment);
  const reading =
    index === -1 ? "" : `${data.times[index].toFixed(1)} s: ${momentText(data, index)}`;
  return (
    <ChartFigure
      {...{ title: data.title, unit: data.unit, reading }}
      picture={<LineChart {...{ data, endSeconds, moment, onMoment, onSeek, textScale }} />}
      table={() => <ChartTable data={data} />}
    />
  );
}

type SpreadChartProps = Pick<ChartsProps, "results" | "pinned" | "textScale">;

function SpreadChart({ results, pinned, textScale }: SpreadChartProps) {
  const bins = useMemo(
    () => (results === null ? [] : binsOf(results.histogram, BINS_MAX)),
    [results],
  );
  const before = useMemo(
    () => (pinned === null ? [] : binsOf(pinned.histogram, BINS_MAX)),
    [pinned],
  );
  return (
    <ChartFigure
      {...{ title: "Spread of response times", unit: spreadText(bins), reading: "" }}
      picture={
        <Histogram
          {...{ bins, textScale, pinned: before, marks: results === null ? [] : marksOf(results) }}
        />
      }
      table={() => <HistogramTable bins={bins} />}
    />
  );
}
