// The frame of a chart: its name, its unit or the moment that is read out, and the choice between the
// picture and the table.
import { type ReactNode, useState } from "react";

export interface ChartFigureProps {
  readonly title: string;
  readonly unit: string;
  /** What the chart says at the moment pointed at; empty when none is. */
  readonly reading: string;
  readonly picture: ReactNode;
  readonly table: () => ReactNode;
}

export function ChartFigure({ title, unit, reading, picture, table }: ChartFigureProps) {
  const [isTable, setIsTable] = useState(false);
  return (
    <figure className="chart-figure">
      <figcaption className="chart-caption">
        <span className="chart-title">{title}</span>
        <span className="chart-reading quiet">{reading === "" ? unit : reading}</span>
        <button
          type="button"
          className="link-button chart-switch"
          aria-label={isTable ? `${title}: show the chart` : `${title}: show the table`}
          onClick={() => setIsTable(!isTable)}
        >
          {isTable ? "Chart" : "Table"}
        </button>
      </figcaption>
      {isTable ? table() : picture}
    </figure>
  );
}
