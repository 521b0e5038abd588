import { StatisticsError, finite } from '../statistics-error.js';
import { sumOf } from './summation.js';

/** Arithmetic mean, in the unit of the values. @throws StatisticsError `TOO_FEW_POINTS` without values, `NOT_FINITE` */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'a mean needs at least one value');
  for (const value of values) finite(value);
  return sumOf(values) / values.length;
}

/**
 * Sample standard deviation (divisor n − 1), in the unit of the values.
 *
 * Two passes; the second removes what rounding left in the mean, which is what keeps the digits when the values are large
 * and close together (T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for Computing the Sample Variance, 1983).
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below two values, `NOT_FINITE`
 */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) throw new StatisticsError('TOO_FEW_POINTS', 'a standard deviation needs at least two values');
  return Math.sqrt(sumOfSquares(deviations(values)) / (values.length - 1));
}

/**
 * Lag-1 autocorrelation coefficient: the products of neighbouring deviations over the sum of their squares
 * (NIST/SEMATECH e-Handbook section 1.3.3.1).
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below two values or where all are equal, `NOT_FINITE`
 */
export function lag1Autocorrelation(values: readonly number[]): number {
  if (values.length < 2) throw new StatisticsError('TOO_FEW_POINTS', 'an autocorrelation needs at least two values');
  const from = deviations(values);
  const squares = sumOfSquares(from);
  if (squares === 0) throw new StatisticsError('TOO_FEW_POINTS', 'an autocorrelation needs values that differ');
  return sumOf(from.slice(1).map((deviation, index) => deviation * from[index])) / squares;
}

/** Deviations from the mean whose own mean is zero to the last digit, also where the mean itself cannot be a double. */
function deviations(values: readonly number[]): number[] {
  const center = mean(values);
  const rough = values.map((value) => value - center);
  const rest = sumOf(rough) / values.length;
  return rough.map((deviation) => deviation - rest);
}

function sumOfSquares(terms: readonly number[]): number {
  return sumOf(terms.map((term) => term * term));
}
