import { StatisticsError, sumOf } from '@touchstone/statistics';
import type { Surface } from '@touchstone/statistics/newton';
import { Matrix } from 'ml-matrix';
import type { DesignMatrix } from './design-matrix.js';
import { logistic, softplus } from '../log-odds.js';

/** The units the optimiser works in, so that neither large values nor far-off means cost digits. */
export interface Scaling {
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

export interface Likelihood {
  readonly design: DesignMatrix;
  /** From 0 to 1 for each row. */
  readonly targets: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
  readonly offset?: ArrayLike<number>;
  readonly scaling: Scaling;
  readonly l2: number;
}

/** Mean and standard deviation of each feature. @throws StatisticsError `BAD_DATA` for a constant one, where nothing else decides on it; `NOT_FINITE` */
export function scalingOf({ rows, features, values }: DesignMatrix, refuseConstant: boolean): Scaling {
  const width = features.length;
  if (values.length !== rows * width)
    throw new StatisticsError('BAD_DATA', `${rows} rows of ${width} features need ${rows * width} values, not ${values.length}`);
  const means = new Float64Array(width);
  const scales = new Float64Array(width).fill(1);
  for (const [index, { name }] of features.entries()) {
    const column = Float64Array.from({ length: rows }, (_, row) => values[row * width + index]);
    if (!column.every(Number.isFinite))
      throw new StatisticsError('NOT_FINITE', `feature "${name}" has a value that is not a finite number`);
    means[index] = sumOf(column) / rows;
    const constant = column.every((value) => value === column[0]);
    if (constant && refuseConstant)
      throw new StatisticsError('BAD_DATA', `feature "${name}" has one value only; it can explain nothing, leave it out`);
    if (!constant) scales[index] = Math.sqrt(sumOf(column.map((value) => (value - means[index]) ** 2)) / rows);
    if (!(scales[index] > 0 && scales[index] < Infinity)) {
      throw new StatisticsError(
        'BAD_DATA',
        `the values of feature "${name}" are too large or too close to have a spread; give it in another unit`,
      );
    }
  }
  return { means, scales };
}

/** The penalised log-likelihood over the intercept and the coefficients of scaled features. */
export function likelihoodSurface(likelihood: Likelihood): (theta: readonly number[]) => Surface {
  const { design, targets, weights, offset, scaling, l2 } = likelihood;
  assertRowValues(design.rows, weights, 'weight', 0);
  assertRowValues(design.rows, offset, 'offset', -Infinity);
  const width = design.features.length;
  const size = width + 1;
  return (theta) => {
    const value = new Accumulator(1);
    const gradient = new Accumulator(size);
    const information = new Float64Array(size * size);
    const scaled = new Float64Array(size);
    scaled[0] = 1;
    for (let row = 0; row < design.rows; row += 1) {
      let eta = theta[0] + (offset?.[row] ?? 0);
      for (let index = 0; index < width; index += 1) {
        const x = (design.values[row * width + index] - scaling.means[index]) / scaling.scales[index];
        scaled[index + 1] = x;
        eta += theta[index + 1] * x;
      }
      const weight = weights?.[row] ?? 1;
      const p = logistic(eta);
      value.add(0, weight * (targets[row] * eta - softplus(eta)));
      const residual = weight * (targets[row] - p);
      const curvature = weight * p * logistic(-eta);
      for (let one = 0; one < size; one += 1) {
        gradient.add(one, residual * scaled[one]);
        const times = curvature * scaled[one];
        if (times !== 0) for (let other = 0; other <= one; other += 1) information[one * size + other] += times * scaled[other];
      }
    }
    for (let index = 1; index < size; index += 1) {
      const strength = l2 / scaling.scales[index - 1] ** 2;
      value.add(0, -0.5 * strength * theta[index] ** 2);
      gradient.add(index, -strength * theta[index]);
      information[index * size + index] += strength;
    }
    return { value: value.at(0), gradient: gradient.all(), information: symmetric(information, size) };
  };
}

function assertRowValues(rows: number, values: ArrayLike<number> | undefined, what: string, least: number): void {
  if (values === undefined) return;
  if (values.length !== rows) throw new StatisticsError('BAD_DATA', `${rows} rows but ${values.length} ${what}s; give one for each row`);
  for (let row = 0; row < rows; row += 1) {
    if (!Number.isFinite(values[row]) || values[row] < least)
      throw new StatisticsError('BAD_DATA', `${what} of row ${row + 1} is ${values[row]}`);
  }
}

function symmetric(lower: Float64Array, size: number): Matrix {
  const matrix = new Matrix(size, size);
  for (let one = 0; one < size; one += 1) {
    for (let other = 0; other <= one; other += 1) {
      matrix.set(one, other, lower[one * size + other]);
      matrix.set(other, one, lower[one * size + other]);
    }
  }
  return matrix;
}

// Taken once: where specs run, each look-up of a global costs more than the sum itself.
const { abs } = Math;

/** Compensated sums side by side (Neumaier), without an object a term. */
class Accumulator {
  private readonly sums: Float64Array;
  private readonly lost: Float64Array;

  constructor(size: number) {
    this.sums = new Float64Array(size);
    this.lost = new Float64Array(size);
  }

  add(index: number, term: number): void {
    const before = this.sums[index];
    const after = before + term;
    this.lost[index] += abs(before) >= abs(term) ? before - after + term : term - after + before;
    this.sums[index] = after;
  }

  at(index: number): number {
    return this.sums[index] + this.lost[index];
  }

  all(): Float64Array {
    return this.sums.map((sum, index) => sum + this.lost[index]);
  }
}
