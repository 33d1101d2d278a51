// Seeded draws, keyed by (seed, entity, purpose) and never by the order of calls: a draw that one
// layer adds does not reshuffle another layer's, and changing one setting of a run keeps every other
// draw the same (common random numbers). No Math.log, exp or pow: their last bits differ between
// browsers, while + - * / and square roots are exact everywhere (IEEE 754).

/** Names what a draw is for. Fixed numbers, so that adding one does not move the others. */
export type Purpose = number;

/** A 32-bit hash of three 32-bit numbers (the finalizer of MurmurHash3, applied in turn). */
export function draw32(seed: number, entity: number, purpose: Purpose): number {
  return drawHashed(hashSeed(seed), entity, purpose);
}

/** The part of a draw that the seed alone decides. */
export function hashSeed(seed: number): number {
  return mix(seed | 0);
}

/** `draw32` for those who keep their seed's hash. */
export function drawHashed(seedHash: number, entity: number, purpose: Purpose): number {
  return mix(mix(seedHash ^ (entity | 0)) ^ Math.imul(purpose | 0, 0x9e3779b1)) >>> 0;
}

function mix(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) + 0x6d2b79f5) | 0;
}

/** Uniform in [0, 1), a multiple of 2^-32. */
export function uniform(seed: number, entity: number, purpose: Purpose): number {
  return uniformOf(draw32(seed, entity, purpose));
}

/** A draw as a number in [0, 1). */
export function uniformOf(draw: number): number {
  return draw / 4294967296;
}

/** Uniform whole number in [0, n). */
export function uniformInteger(seed: number, entity: number, purpose: Purpose, n: number): number {
  return Math.floor(uniform(seed, entity, purpose) * n);
}

/** Exponential with the given mean, from one 32-bit draw; the smallest possible u is 2^-33. */
export function exponential(seed: number, entity: number, purpose: Purpose, mean: number): number {
  return minusLogOfDraw(draw32(seed, entity, purpose)) * mean;
}

const LN2 = Math.LN2;
const scratch = new DataView(new ArrayBuffer(8));

/**
 * The natural logarithm of a positive number from exact operations only, so that it is the same in
 * every browser: ln x = e ln 2 + 2 atanh((m-1)/(m+1)) with x = m 2^e. Error below 1e-12.
 */
export function naturalLog(x: number): number {
  scratch.setFloat64(0, x);
  const high = scratch.getUint32(0);
  let exponent = ((high >>> 20) & 0x7ff) - 1023;
  scratch.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  let mantissa = scratch.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa *= 0.5;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  const series =
    1 +
    z *
      (1 / 3 +
        z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15)))))));
  return exponent * LN2 + 2 * s * series;
}

// Tables for `minusLogOfDraw`: for each of the intervals that [1, 2) is cut into, the reciprocal of
// its centre and that reciprocal's logarithm; and the powers of two that bring a draw into [1, 2).
const INTERVAL_BITS = 9;
const INTERVALS = 2 ** INTERVAL_BITS;
const reciprocal = new Float64Array(INTERVALS);
const minusLogOfReciprocal = new Float64Array(INTERVALS);
for (let i = 0; i < INTERVALS; i++) {
  reciprocal[i] = 1 / (1 + (i + 0.5) / INTERVALS);
  minusLogOfReciprocal[i] = -naturalLog(reciprocal[i]);
}
const scale = Float64Array.from({ length: 33 }, (_, leadingZeros) => 2 ** (leadingZeros - 31));

/**
 * -ln((draw + 0.5) / 2^32) by table and a short series, three times as fast as `naturalLog` because
 * it divides nowhere. The interval is cut out of the draw itself, so that the table is read while the
 * draw is still on its way to a double. Exact operations only; error below 1e-12.
 */
export function minusLogOfDraw(draw: number): number {
  const leadingZeros = Math.clz32(draw);
  const mantissa = (draw + 0.5) * scale[leadingZeros];
  const interval =
    draw < INTERVALS
      ? ((mantissa - 1) * INTERVALS) | 0
      : (draw << (leadingZeros + 1)) >>> (32 - INTERVAL_BITS);
  const r = mantissa * reciprocal[interval] - 1;
  const series = r * (1 - r * (1 / 2 - r * (1 / 3)));
  return (leadingZeros + 1) * LN2 - minusLogOfReciprocal[interval] - series;
}
