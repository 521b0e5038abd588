import { mean, standardDeviation } from '../numerics/moments.js';
import { normalCdf, normalQuantile } from '../numerics/distributions.js';
import { sumOf } from '../numerics/summation.js';
import { StatisticsError, finite } from '../statistics-error.js';

export interface AndersonDarling {
  readonly n: number;
  /** A². */
  readonly statistic: number;
  /** A²(1 + 0.75/n + 2.25/n²). */
  readonly adjusted: number;
  readonly pValue: number;
}

/** Fewer values than the p-value was fitted to. */
export const SMALLEST_NORMALITY_SAMPLE = 8;
/** Beyond it the fitted curve of the p-value would turn upwards again. */
const LARGEST_ADJUSTED = 10;

/**
 * Anderson–Darling test of a normal distribution whose mean and standard deviation come from the sample.
 * Source: R. B. D'Agostino, M. A. Stephens, Goodness-of-Fit Techniques, 1986, table 4.7 and 4.9 (p-value).
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below 8 values, `BAD_DATA` when all are equal, `NOT_FINITE`
 */
export function andersonDarling(sample: ArrayLike<number>): AndersonDarling {
  const values = sorted(sample, SMALLEST_NORMALITY_SAMPLE);
  const n = values.length;
  const center = mean(values);
  const sd = standardDeviation(values);
  const z = values.map((value) => (value - center) / sd);
  const terms = z.map((low, at) => (2 * at + 1) * (logNormalCdf(low) + logNormalCdf(-z[n - 1 - at])));
  const statistic = -n - sumOf(terms) / n;
  const adjusted = statistic * (1 + 0.75 / n + 2.25 / (n * n));
  return { n, statistic, adjusted, pValue: andersonDarlingPValue(adjusted) };
}

/** D'Agostino and Stephens, table 4.9, from the adjusted statistic. */
export function andersonDarlingPValue(adjusted: number): number {
  const a = Math.min(adjusted, LARGEST_ADJUSTED);
  if (a >= 0.6) return Math.exp(1.2937 - 5.709 * a + 0.0186 * a * a);
  if (a >= 0.34) return Math.exp(0.9177 - 4.279 * a - 1.38 * a * a);
  if (a >= 0.2) return 1 - Math.exp(-8.318 + 42.796 * a - 59.938 * a * a);
  return 1 - Math.exp(-13.436 + 101.14 * a - 223.73 * a * a);
}

export interface ShapiroWilk {
  readonly n: number;
  readonly w: number;
  readonly pValue: number;
}

const LARGEST_SHAPIRO_WILK_SAMPLE = 5000;

/**
 * Shapiro–Wilk test of a normal distribution.
 * Source: P. Royston, Remark AS R94: A Remark on Algorithm AS 181: The W-test for Normality, Applied Statistics 44 (1995).
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below 3 values, `BAD_DATA` above 5,000 or when all are equal, `NOT_FINITE`
 */
export function shapiroWilk(sample: ArrayLike<number>): ShapiroWilk {
  const values = sorted(sample, 3);
  const n = values.length;
  if (n > LARGEST_SHAPIRO_WILK_SAMPLE)
    throw new StatisticsError('BAD_DATA', 'the p-value of Shapiro and Wilk is known up to 5,000 values; use Anderson–Darling');
  const center = mean(values);
  const weights = shapiroWilkWeights(n);
  const contrast = sumOf(weights.map((weight, at) => weight * (values[n - 1 - at] - values[at])));
  const w = Math.min(1, contrast ** 2 / sumOf(values.map((value) => (value - center) ** 2)));
  return { n, w, pValue: shapiroWilkPValue(w, n) };
}

/** Of the differences of the i-th largest and the i-th smallest value. */
function shapiroWilkWeights(n: number): number[] {
  if (n === 3) return [Math.SQRT1_2];
  const half = Array.from({ length: Math.floor(n / 2) }, (_, at) => -normalQuantile((at + 0.625) / (n + 0.25)));
  const squares = 2 * sumOf(half.map((score) => score * score));
  const x = 1 / Math.sqrt(n);
  const first = polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], x) + half[0] / Math.sqrt(squares);
  if (n <= 5) {
    const scale = Math.sqrt((squares - 2 * half[0] ** 2) / (1 - 2 * first ** 2));
    return [first, ...half.slice(1).map((score) => score / scale)];
  }
  const second = polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], x) + half[1] / Math.sqrt(squares);
  const scale = Math.sqrt((squares - 2 * half[0] ** 2 - 2 * half[1] ** 2) / (1 - 2 * first ** 2 - 2 * second ** 2));
  return [first, second, ...half.slice(2).map((score) => score / scale)];
}

function shapiroWilkPValue(w: number, n: number): number {
  if (n === 3) return Math.max(0, (6 / Math.PI) * (Math.asin(Math.sqrt(w)) - Math.asin(Math.sqrt(0.75))));
  if (w === 1) return 1;
  const y = Math.log(1 - w);
  if (n <= 11) {
    // W is at least n·a₁²/(n − 1), so y stays below the bound.
    const bound = -2.273 + 0.459 * n;
    const center = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n);
    const sd = Math.exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n));
    return normalCdf((center + Math.log(bound - y)) / sd);
  }
  const size = Math.log(n);
  const center = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], size);
  const sd = Math.exp(polynomial([-0.4803, -0.082676, 0.0030302], size));
  return normalCdf((center - y) / sd);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

/** ln Φ(z), also where Φ is smaller than any double. */
function logNormalCdf(z: number): number {
  if (z > -35) return Math.log(normalCdf(z));
  return -0.5 * z * z - Math.log(-z) - 0.5 * Math.log(2 * Math.PI) - 1 / (z * z);
}

function sorted(sample: ArrayLike<number>, fewest: number): number[] {
  const values = Array.from(sample, finite).sort((one, other) => one - other);
  if (values.length < fewest) throw new StatisticsError('TOO_FEW_POINTS', `a test of normality needs at least ${fewest} values`);
  if (values[0] === values[values.length - 1])
    throw new StatisticsError('BAD_DATA', 'all values are equal: nothing to compare with a normal distribution');
  return values;
}
