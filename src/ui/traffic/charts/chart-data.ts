// What a chart draws: lines over simulated time. Pure data, so that the picture, the table and the words
// for a screen reader say the same numbers.

/** The names of the colours that a line can take (`.tint-…` in the style sheets). */
export type LineTint =
  | "browser"
  | "network"
  | "nginx"
  | "gunicorn"
  | "django"
  | "database"
  | "dns"
  | "error";

export interface ChartLine {
  /** The label at the line's end. */
  readonly label: string;
  readonly tint: LineTint;
  /** One for each moment; NaN where there was nothing to measure. */
  readonly values: readonly number[];
  /** Moments of its own in seconds, for a line of another run; the chart's otherwise. */
  readonly times?: readonly number[];
  /** A line of the run that was pinned: dashed, and never the one that is read out first. */
  readonly isPinned?: true;
}

export interface ChartData {
  readonly id: string;
  readonly title: string;
  /** What the numbers are: "milliseconds", "requests a second". */
  readonly unit: string;
  readonly lines: readonly ChartLine[];
  /** Ends of the measured moments, in seconds of simulated time. */
  readonly times: readonly number[];
  /** A value with its unit, as short as a label must be. */
  readonly format: (value: number) => string;
  /** The least that the scale goes up to, so that a quiet run does not look wild. */
  readonly least: number;
}

/** The last value of `line` that was measured, and its index; null for an empty line. */
export function lastMeasured(
  line: ChartLine,
): { readonly index: number; readonly value: number } | null {
  for (let index = line.values.length - 1; index >= 0; index -= 1)
    if (!Number.isNaN(line.values[index])) return { index, value: line.values[index] };
  return null;
}

/** The largest value of any line, at least `least`. */
export function largestValue({ lines, least }: ChartData): number {
  let largest = least;
  for (const { values } of lines)
    for (let i = 0; i < values.length; i += 1) if (values[i] > largest) largest = values[i];
  return largest;
}

/** The index of the moment nearest to `seconds`; -1 when nothing was measured yet. */
export function nearestMoment(times: readonly number[], seconds: number): number {
  if (times.length === 0) return -1;
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < seconds) low = middle + 1;
    else high = middle;
  }
  const isEarlierNearer = low > 0 && seconds - times[low - 1] < times[low] - seconds;
  return isEarlierNearer ? low - 1 : low;
}

/** What the lines say at a moment: "p50 41 ms, p99 2.3 s". */
export function momentText({ lines, format }: ChartData, index: number): string {
  return lines
    .filter(({ values, isPinned }) => isPinned !== true && index < values.length)
    .filter(({ values }) => !Number.isNaN(values[index]))
    .map(({ label, values }) => `${label} ${format(values[index])}`)
    .join(", ");
}
