// A log-linear histogram of durations: 256 cells for every power of two, so that a value read from the
// middle of its cell is at most 0.2 % off. A sample costs a few nanoseconds: the number of its cell is the
// place of its highest bit and the eight bits after it.

const CELLS_PER_POWER = 256;
/** From 1 ns up to 2^46 ns, which is twenty hours. */
const POWERS = 46;
const CELLS = CELLS_PER_POWER * POWERS;
/** Durations up to here are whole numbers of 32 bits; longer ones are cut to such. */
const WHOLE_MAX = 2 ** 31;
const CUT_BITS = 23;
const CUT = 2 ** -CUT_BITS;

/** The cell of a duration in ns. */
export function cellOf(ns: number): number {
  if (!(ns >= 1)) return 0;
  if (ns < WHOLE_MAX) return cellOfWhole(ns | 0);
  const cell = cellOfWhole((ns * CUT) | 0) + CUT_BITS * CELLS_PER_POWER;
  return cell < CELLS ? cell : CELLS - 1;
}

function cellOfWhole(value: number): number {
  const power = 31 - Math.clz32(value);
  const bits = power >= 8 ? value >>> (power - 8) : value << (8 - power);
  return (power << 8) + (bits & 255);
}

/** The least duration that belongs to a cell, ns. */
export function cellStart(cell: number): number {
  const power = Math.floor(cell / CELLS_PER_POWER);
  return 2 ** power * (1 + (cell % CELLS_PER_POWER) / CELLS_PER_POWER);
}

/** The middle of a cell, ns: what its samples are taken for. */
export function cellMiddle(cell: number): number {
  return (cellStart(cell) + cellStart(cell + 1)) / 2;
}

export class LatencyHistogram {
  count = 0;
  sum = 0;
  max = 0;
  private readonly counts = new Uint32Array(CELLS);
  private least = CELLS;
  private greatest = -1;

  add(ns: number): void {
    const cell = cellOf(ns);
    this.counts[cell]++;
    this.count++;
    this.sum += ns;
    if (ns > this.max) this.max = ns;
    if (cell < this.least) this.least = cell;
    if (cell > this.greatest) this.greatest = cell;
  }

  /** The value at index floor(p n) of the sorted samples, ns; null without samples. */
  percentile(p: number): number | null {
    if (this.count === 0) return null;
    let left = Math.min(this.count - 1, Math.floor(p * this.count));
    for (let cell = this.least; cell <= this.greatest; cell++) {
      left -= this.counts[cell];
      if (left < 0) return Math.min(this.max, cellMiddle(cell));
    }
    return this.max;
  }

  get mean(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }

  /** The cells that hold samples, and how many each. */
  cells(): SparseCells {
    const cells: number[] = [];
    const counts: number[] = [];
    for (let cell = this.least; cell <= this.greatest; cell++) {
      if (this.counts[cell] === 0) continue;
      cells.push(cell);
      counts.push(this.counts[cell]);
    }
    return { cells, counts, sum: this.sum, max: this.max };
  }

  /** Adds the samples of another histogram. */
  addCells({ cells, counts, sum, max }: SparseCells): void {
    cells.forEach((cell, i) => {
      this.counts[cell] += counts[i];
      this.count += counts[i];
      if (cell < this.least) this.least = cell;
      if (cell > this.greatest) this.greatest = cell;
    });
    this.sum += sum;
    this.max = Math.max(this.max, max);
  }

  clear(): void {
    if (this.greatest >= 0) this.counts.fill(0, this.least, this.greatest + 1);
    this.count = this.sum = this.max = 0;
    this.least = CELLS;
    this.greatest = -1;
  }
}

/** A histogram's cells that are not empty. */
export interface SparseCells {
  readonly cells: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
  readonly max: number;
}
