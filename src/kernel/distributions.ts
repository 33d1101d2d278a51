// Distributions beyond the exponential, from exact operations only, as random.ts demands: the normal by
// its inverse, and the log-normal by e to its power.
import { naturalLog } from "./random.ts";

// Source: P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution function
// (2003): rational approximations with a relative error below 1.15e-9.
const CENTRE_TOP = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2,
  -3.066479806614716e1, 2.506628277459239,
];
const CENTRE_BOTTOM = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
  -1.328068155288572e1, 1,
];
const TAIL_TOP = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
  4.374664141464968, 2.938163982698783,
];
const TAIL_BOTTOM = [
  7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1,
];
const TAIL = 0.02425;

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

/** The value that a standard normal variable is below with probability p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (p > 1 - TAIL) return -normalQuantile(1 - p);
  if (p < TAIL) {
    const q = Math.sqrt(-2 * naturalLog(p));
    return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q);
  }
  const q = p - 0.5;
  const r = q * q;
  return (q * polynomial(CENTRE_TOP, r)) / polynomial(CENTRE_BOTTOM, r);
}

const HALVINGS = 10;

/** e^x for |x| below 700: the series at x / 1024, squared ten times. Relative error below 1e-12. */
export function naturalExp(x: number): number {
  const small = x / (1 << HALVINGS);
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 8; n++) {
    term *= small / n;
    sum += term;
  }
  for (let i = 0; i < HALVINGS; i++) sum *= sum;
  return sum;
}

/** A log-normal value with this mean and coefficient of variation, from one 32-bit draw. */
export function logNormal(draw: number, mean: number, variation: number): number {
  const variance = naturalLog(1 + variation * variation);
  const z = normalQuantile((draw + 0.5) / 4294967296);
  return mean * naturalExp(Math.sqrt(variance) * z - variance / 2);
}
