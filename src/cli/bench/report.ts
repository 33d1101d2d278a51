// The benchmark's results as a table for people; `--json` prints the same numbers for programs.
import type { Measurement } from "./measure.ts";

export function formatTable(measurements: Readonly<Record<string, Measurement>>): string {
  const header = [
    "model",
    "events/CPU s",
    "rows/CPU s",
    "simjs",
    "times simjs",
    "SimPy",
    "times SimPy",
    "mean",
    "p99",
  ];
  const rows = Object.entries(measurements).map(([name, m]) => [
    name,
    millions(m.eventsPerCpuSecond),
    millions(m.journalRowsPerCpuSecond),
    millions(m.simjsEventsPerCpuSecond),
    `${m.timesSimjs.toFixed(2)}x`,
    m.simpyEventsPerCpuSecond === null ? "-" : millions(m.simpyEventsPerCpuSecond),
    m.timesSimpy === null ? "-" : `${m.timesSimpy.toFixed(1)}x`,
    seconds(m.ours.meanSeconds),
    seconds(m.ours.p99Seconds),
  ]);
  return alignColumns([header, ...rows]);
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "),
  );
  return lines.join("\n");
}

function millions(rate: number): string {
  return `${(rate / 1e6).toFixed(2)} M`;
}

function seconds(value: number): string {
  return value < 0.1 ? `${(value * 1000).toFixed(2)} ms` : `${value.toFixed(4)} s`;
}
