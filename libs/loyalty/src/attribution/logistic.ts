import { Matrix } from 'ml-matrix';
import { StatisticsError } from '@touchstone/statistics';
import { maximise } from '@touchstone/statistics/newton';
import { logistic, softplus } from '../log-odds.js';

export interface LogisticFit {
  /** Intercept first, then one a column, in the units of the columns. */
  readonly coefficients: readonly number[];
  /** −2 · log-likelihood. */
  readonly deviance: number;
}

/**
 * Maximum-likelihood logistic regression of a 0/1 outcome, columns standardised within so that their units do not matter to Newton.
 * @throws StatisticsError `NO_CONVERGENCE` for columns that are collinear or separate the outcomes perfectly, `BAD_DATA` for an outcome of one kind only
 */
export function logisticFit(outcome: ArrayLike<number>, columns: readonly ArrayLike<number>[]): LogisticFit {
  const n = outcome.length;
  const events = total(outcome);
  if (events === 0 || events === n) throw new StatisticsError('BAD_DATA', 'a logistic model needs accounts with and without the event');
  const scales = columns.map(scaleOf);
  const design = columns.map((column, at) => Float64Array.from(column, (value) => (value - scales[at].center) / scales[at].spread));
  const surfaceAt = (theta: readonly number[]) => likelihoodAt(theta, outcome, design);
  const start = [Math.log(events / (n - events)), ...columns.map(() => 0)];
  const { at, value } = maximise(surfaceAt, start, { tolerance: 1e-16 });
  refuseSeparation(at, design);
  const slopes = at.slice(1).map((slope, column) => slope / scales[column].spread);
  const intercept = slopes.reduce((rest, slope, column) => rest - slope * scales[column].center, at[0]);
  return { coefficients: [intercept, ...slopes], deviance: -2 * value };
}

/** Smaller than any probability that data of this kind can show; a climb without end gets below it before its steps die out. */
const CERTAIN = 1e-12;

function refuseSeparation(theta: readonly number[], design: readonly Float64Array[]): void {
  for (let at = 0; at < (design[0]?.length ?? 0); at += 1) {
    const score = design.reduce((sum, column, index) => sum + theta[index + 1] * column[at], theta[0]);
    if (logistic(-Math.abs(score)) < CERTAIN) {
      throw new StatisticsError(
        'NO_CONVERGENCE',
        'a column separates the outcomes perfectly, so its effect runs to infinity; leave it out or join its levels',
      );
    }
  }
}

function likelihoodAt(
  theta: readonly number[],
  outcome: ArrayLike<number>,
  design: readonly Float64Array[],
): { value: number; gradient: Float64Array; information: Matrix } {
  const size = theta.length;
  const gradient = new Float64Array(size);
  const information = Matrix.zeros(size, size);
  const upper = new Float64Array(size * size);
  const row = new Float64Array(size);
  let value = 0;
  for (let at = 0; at < outcome.length; at += 1) {
    row[0] = 1;
    let score = theta[0];
    for (let column = 1; column < size; column += 1) {
      row[column] = design[column - 1][at];
      score += theta[column] * row[column];
    }
    const p = logistic(score);
    value -= outcome[at] === 1 ? softplus(-score) : softplus(score);
    const weight = p * (1 - p);
    for (let one = 0; one < size; one += 1) {
      gradient[one] += (outcome[at] - p) * row[one];
      for (let other = one; other < size; other += 1) upper[one * size + other] += weight * row[one] * row[other];
    }
  }
  for (let one = 0; one < size; one += 1) {
    for (let other = one; other < size; other += 1) {
      information.set(one, other, upper[one * size + other]);
      information.set(other, one, upper[one * size + other]);
    }
  }
  return { value, gradient, information };
}

function scaleOf(column: ArrayLike<number>): { center: number; spread: number } {
  const center = total(column) / column.length;
  let squares = 0;
  for (let at = 0; at < column.length; at += 1) squares += (column[at] - center) ** 2;
  if (squares === 0) throw new StatisticsError('BAD_DATA', 'a column that is the same for all accounts explains nothing; leave it out');
  return { center, spread: Math.sqrt(squares / column.length) };
}

function total(column: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < column.length; at += 1) sum += column[at];
  return sum;
}
