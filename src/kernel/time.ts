// Simulated time: integer nanoseconds in a double, exact up to 2^53 ns (104 days).
// Files and screens use milliseconds; the engine never does.

/** A point in simulated time, in nanoseconds since the start of the run. */
export type Instant = number;
/** A length of simulated time, in nanoseconds. */
export type Span = number;

export const MICROSECOND: Span = 1_000;
export const MILLISECOND: Span = 1_000_000;
export const SECOND: Span = 1_000_000_000;

/** Milliseconds as written in a file (may have a fraction) to whole nanoseconds. */
export function fromMs(ms: number): Span {
  return Math.round(ms * MILLISECOND);
}

/** Seconds as written in a file (may have a fraction) to whole nanoseconds. */
export function fromSeconds(seconds: number): Span {
  return Math.round(seconds * SECOND);
}

/** Nanoseconds to milliseconds, for files and screens. */
export function toMs(span: Span): number {
  return span / MILLISECOND;
}

/** `1234567` as `1.23 ms`: three significant digits in the unit that suits the size. */
export function formatSpan(span: Span): string {
  const size = Math.abs(span);
  if (size < MICROSECOND) return `${span} ns`;
  if (size < MILLISECOND) return `${threeDigits(span / MICROSECOND)} µs`;
  if (size < SECOND) return `${threeDigits(span / MILLISECOND)} ms`;
  return `${threeDigits(span / SECOND)} s`;
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toFixed(decimals).replace(/\.0+$/, "");
}
