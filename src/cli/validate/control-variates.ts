// A mean known better than its samples tell. Beside what is asked for, each batch of a run reports sums whose
// true mean is nought (services longer than they should be on average, and the like). How the answer
// moves with them is fitted by least squares, and what they explain is taken away: the estimate stays one
// of the measured mean, with a part of its variance. Source: A. M. Law, Simulation Modeling and
// Analysis, section 11.4.

export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/** One batch: the mean that is asked for, and the controls, whose expectations are all zero. */
export interface Batch {
  readonly mean: number;
  readonly controls: readonly number[];
}

/** The mean where all controls are zero. Controls that never move are left out. */
export function estimate(batches: readonly Batch[]): Estimate {
  const count = batches.length;
  const moving = batches[0].controls.flatMap((_, i) =>
    batches.some(({ controls }) => Math.abs(controls[i]) > 0) ? [i] : [],
  );
  const rows = batches.map(({ controls }) => [1, ...moving.map((i) => controls[i])]);
  const means = batches.map(({ mean }) => mean);
  const size = moving.length + 1;
  const product = (i: number, j: number): number =>
    rows.reduce((sum, row) => sum + row[i] * row[j], 0);
  const matrix = rows[0].map((_, i) => rows[0].map((__, j) => product(i, j)));
  const inverse = inverted(matrix);
  const right = rows[0].map((_, i) => rows.reduce((sum, row, k) => sum + row[i] * means[k], 0));
  const coefficients = inverse.map((line) =>
    line.reduce((sum, value, j) => sum + value * right[j], 0),
  );
  const fitted = (row: readonly number[]): number =>
    row.reduce((sum, value, j) => sum + value * coefficients[j], 0);
  const squares = rows.reduce((sum, row, k) => sum + (means[k] - fitted(row)) ** 2, 0);
  const variance = squares / (count - size);
  return { mean: coefficients[0], standardError: Math.sqrt(variance * inverse[0][0]) };
}

/** Gauss and Jordan, with the largest pivot of each column. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < size; column++) {
    const below = rows.slice(column).map((row) => Math.abs(row[column]));
    const pivot = column + below.indexOf(Math.max(...below));
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    const scale = rows[column][column];
    rows[column] = rows[column].map((value) => value / scale);
    for (let i = 0; i < size; i++) {
      if (i === column) continue;
      const factor = rows[i][column];
      rows[i] = rows[i].map((value, j) => value - factor * rows[column][j]);
    }
  }
  return rows.map((row) => row.slice(size));
}
