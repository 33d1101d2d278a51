// The numbers of a chart as a table, for those who cannot see it and for those who want to read them.
import { ScrollRegion } from "../../widgets/ScrollRegion.tsx";
import { millisecondsText } from "../numbers.ts";
import type { ChartData } from "./chart-data.ts";
import type { HistogramBin } from "./Histogram.tsx";

/** More rows than a reader would go through; a longer run is shown in steps. */
const ROWS_MAX = 60;

/** Every step-th index so that at most ROWS_MAX remain, the last one always among them. */
export function rowIndexes(count: number): readonly number[] {
  const step = Math.max(1, Math.ceil(count / ROWS_MAX));
  const indexes: number[] = [];
  for (let i = count - 1; i >= 0; i -= step) indexes.unshift(i);
  return indexes;
}

export function ChartTable({ data }: { readonly data: ChartData }) {
  const lines = data.lines.filter(({ isPinned }) => isPinned !== true);
  return (
    <ScrollRegion className="chart-table" label={`Table of ${data.title}`}>
      <table>
        <caption className="is-unseen">
          {data.title} over simulated time, in {data.unit}
        </caption>
        <thead>
          <tr>
            <th scope="col">Until</th>
            {lines.map(({ label }) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowIndexes(data.times.length).map((index) => (
            <tr key={index}>
              <th scope="row">{data.times[index].toFixed(1)} s</th>
              {lines.map(({ label, values }) => (
                <td key={label}>
                  {Number.isNaN(values[index]) ? "—" : data.format(values[index])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

export function HistogramTable({ bins }: { readonly bins: readonly HistogramBin[] }) {
  return (
    <ScrollRegion className="chart-table" label="Table of the spread of response times">
      <table>
        <caption className="is-unseen">How many requests took how long</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Requests</th>
          </tr>
        </thead>
        <tbody>
          {bins.map(({ fromMs, toMs, count }) => (
            <tr key={fromMs}>
              <th scope="row">{millisecondsText(fromMs)}</th>
              <td>{millisecondsText(toMs)}</td>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
