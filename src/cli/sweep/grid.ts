// The grid of a sweep: every combination of the values of its settings, in a fixed order, each under a
// name of its own, so that a sweep that was broken off knows what is done.

export interface Axis {
  readonly key: string;
  readonly values: readonly string[];
}

export type Point = Readonly<Record<string, string>>;

const VALUES_MAX = 10_000;

/** `workers=1..16`, `workers=1..16..5`, `rate=50,100`: a key and its values; or what is wrong with it. */
export function readAxis(text: string): Axis | { readonly problem: string } {
  const cut = text.indexOf("=");
  if (cut <= 0) return { problem: `--set takes KEY=VALUES such as workers=1..16, got ${text}` };
  const values: string[] = [];
  for (const part of text.slice(cut + 1).split(",")) {
    const read = valuesOf(part);
    if (typeof read === "string") return { problem: `--set ${text}: ${read}` };
    values.push(...read);
  }
  return { key: text.slice(0, cut), values: [...new Set(values)] };
}

/** More runs than this no sweep has; it is rather a range with a digit too many. */
const POINTS_MAX = 1_000_000;

/** What is wrong with several axes together, or null. */
export function problemOfAxes(axes: readonly Axis[]): string | null {
  const twice = axes.find(({ key }, i) => axes.findIndex((each) => each.key === key) < i);
  if (twice !== undefined) return `--set ${twice.key} is given twice; write its values as a list`;
  const points = axes.reduce((product, { values }) => product * values.length, 1);
  return points > POINTS_MAX
    ? `the grid has ${points} points, and at most ${POINTS_MAX} run`
    : null;
}

/** One value or a range of them; a text says what is wrong. */
function valuesOf(part: string): readonly string[] | string {
  const range = /^(-?\d+)\.\.(-?\d+)(?:\.\.(\d+))?$/.exec(part);
  if (range === null) return part === "" ? "an empty value" : [part];
  const [from, to, step] = [Number(range[1]), Number(range[2]), Number(range[3] ?? 1)];
  if (from > to || step < 1) return "a range goes upwards";
  const count = Math.floor((to - from) / step) + 1;
  if (count > VALUES_MAX) return `more than ${VALUES_MAX} values`;
  return Array.from({ length: count }, (_, i) => String(from + i * step));
}

/** Every combination; the last axis changes fastest. */
export function gridOf(axes: readonly Axis[]): Point[] {
  return axes.reduce<Point[]>(
    (points, { key, values }) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [key]: value }))),
    [{}],
  );
}

/** What tells a run from the others of its sweep. 1e2, 100.0 and 100 are one value. */
export function pointName(point: Point, seed: number): string {
  const settings = Object.entries(point).map(([key, value]) => `${key}=${plain(String(value))}`);
  return [...settings, `seed=${seed}`].join(" ");
}

function plain(value: string): string {
  return value.trim() === "" || Number.isNaN(Number(value)) ? value : String(Number(value));
}
