import { fCdf, tQuantile, tTwoSided } from '../numerics/distributions.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { sumOf } from '../numerics/summation.js';
import { assertShare } from './arguments.js';
import type { Interval } from './arguments.js';

export interface Coefficient extends Interval {
  readonly estimate: number;
  readonly standardError: number;
  /** Null for a perfect fit, as is the p-value: it has no error to compare with. */
  readonly t: number | null;
  readonly pValue: number | null;
}

export interface LinearTrend {
  readonly n: number;
  readonly slope: Coefficient;
  readonly intercept: Coefficient;
  readonly confidence: number;
  readonly degreesOfFreedom: number;
  readonly residualStandardDeviation: number;
  readonly rSquared: number;
  readonly f: number | null;
  readonly pValue: number | null;
  /** Fitted values at `predictAt`, with the interval of the mean there and of one further value. */
  readonly predictions: readonly { readonly x: number; readonly fitted: number; readonly mean: Interval; readonly observation: Interval }[];
}

export interface LinearTrendOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default 1, 2, … */
  readonly x?: ArrayLike<number>;
  readonly predictAt?: readonly number[];
}

/**
 * Straight line by least squares, with t intervals. Computed from deviations from the means, in which large x and y lose no digits.
 * Source: NIST/SEMATECH e-Handbook sections 4.4.3.1 and 4.5.1; N. R. Draper and H. Smith, Applied Regression Analysis, chapter 1.
 *
 * @param values y in the order of x, null where one is missing
 * @throws StatisticsError `TOO_FEW_POINTS` below three values, `NOT_FINITE`, `BAD_DATA` where all x or all y are equal, `BAD_OPTION`
 */
export function linearTrend(values: ArrayLike<number | null>, options: LinearTrendOptions = {}): LinearTrend {
  const { confidence = 0.95, predictAt = [] } = options;
  assertShare(confidence, 'a confidence');
  const { x, y } = pairsOf(values, options.x);
  const n = x.length;
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  const [fromX, fromY] = [deviations(x, meanX), deviations(y, meanY)];
  const sxx = sumOf(fromX.map((d) => d * d));
  const syy = sumOf(fromY.map((d) => d * d));
  if (sxx === 0 || syy === 0) throw new StatisticsError('BAD_DATA', `all ${sxx === 0 ? 'x' : 'y'} are equal; a trend needs some spread`);
  const slope = sumOf(fromX.map((d, index) => d * fromY[index])) / sxx;
  const residuals = fromY.map((d, index) => d - slope * fromX[index]);
  const left = sumOf(residuals.map((residual) => residual * residual));
  const degreesOfFreedom = n - 2;
  const deviation = Math.sqrt(left / degreesOfFreedom);
  const quantile = tQuantile((1 + confidence) / 2, degreesOfFreedom);
  const coefficient = (estimate: number, standardError: number): Coefficient => {
    const t = standardError === 0 ? null : estimate / standardError;
    const pValue = t === null ? null : tTwoSided(t, degreesOfFreedom);
    return { estimate, standardError, t, pValue, lower: estimate - quantile * standardError, upper: estimate + quantile * standardError };
  };
  const f = left === 0 ? null : (slope * slope * sxx) / (deviation * deviation);
  return {
    n,
    confidence,
    degreesOfFreedom,
    residualStandardDeviation: deviation,
    rSquared: 1 - left / syy,
    slope: coefficient(slope, deviation / Math.sqrt(sxx)),
    intercept: coefficient(meanY - slope * meanX, deviation * Math.sqrt(1 / n + (meanX * meanX) / sxx)),
    f,
    pValue: f === null ? null : fCdf(1 / f, degreesOfFreedom, 1),
    predictions: predictAt.map((at) => {
      const fitted = meanY + slope * (finite(at) - meanX);
      const share = 1 / n + (at - meanX) ** 2 / sxx;
      const around = (width: number): Interval => ({ lower: fitted - width, upper: fitted + width });
      return {
        x: at,
        fitted,
        mean: around(quantile * deviation * Math.sqrt(share)),
        observation: around(quantile * deviation * Math.sqrt(1 + share)),
      };
    }),
  };
}

const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;

/** Deviations whose own mean is zero to the last digit. */
function deviations(values: readonly number[], mean: number): number[] {
  const rough = values.map((value) => value - mean);
  const rest = meanOf(rough);
  return rough.map((deviation) => deviation - rest);
}

function pairsOf(values: ArrayLike<number | null>, column: ArrayLike<number> | undefined): { x: number[]; y: number[] } {
  if (column !== undefined && column.length !== values.length)
    throw new StatisticsError('BAD_DATA', `${column.length} x for ${values.length} y`);
  const pairs = { x: [] as number[], y: [] as number[] };
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === null) continue;
    pairs.y.push(finite(value));
    pairs.x.push(finite(column === undefined ? index + 1 : column[index]));
  }
  if (pairs.x.length < 3) throw new StatisticsError('TOO_FEW_POINTS', 'a line with intervals needs at least three values');
  return pairs;
}
