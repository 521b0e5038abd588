import { betaQuantile, chiSquareQuantile, fQuantile } from '../numerics/distributions.js';
import { StatisticsError } from '../statistics-error.js';
import { pointAt } from './chart-method.js';
import type { ChartMethod } from './chart-method.js';
import type { ChartEstimates } from './chart-shape.js';
import { addVectors, choleskyOf, meanOf, noVectors, vectorEstimates, vectorsOf } from './vector-estimates.js';
import type { VectorEstimation, VectorPoint } from './vector-estimates.js';

export const DEFAULT_ALPHA = 0.0027;

export interface HotellingMemory {
  /** Cholesky factor of the covariance matrix. */
  readonly lower: readonly (readonly number[])[];
}

/**
 * T² = n·(x̄ − mean)ᵀ·S⁻¹·(x̄ − mean), of single vectors or of subgroups; only an upper limit, at probability `alpha` a point.
 *
 * - phase 1, single vectors: (m − 1)²/m · Beta(p/2, (m − p − 1)/2); by successive differences (f − p − 1)/2 with f = 2(m − 1)²/(3m − 4)
 * - phase 1, subgroups: (1 − n/N) · p·f/(f − p + 1) · F(p, f − p + 1), f = Σ(n − 1), N = Σn; for m of equal size p(m − 1)(n − 1)/(mn − m − p + 1) · F
 * - phase 2 and excluded points: (1 + n/N) · p·f/(f − p + 1) · F(p, f − p + 1); for single vectors p(m + 1)(m − 1)/(m(m − p)) · F(p, m − p)
 * - mean and covariance known exactly: chi-square with p degrees of freedom
 *
 * The center line is the median of the same distribution. A vector with a missing component is left out.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, section 11.3; N. D. Tracy, J. C. Young, R. L. Mason,
 * Multivariate Control Charts for Individual Observations, Journal of Quality Technology 24 (1992); J. H. Sullivan and W. H. Woodall,
 * A Comparison of Multivariate Control Charts for Individual Observations, Journal of Quality Technology 28 (1996).
 */
export const hotellingChart: ChartMethod<VectorPoint, VectorEstimation, HotellingMemory> = {
  plots: ['t2'],
  begin: () => noVectors,
  add: addVectors,
  estimate: vectorEstimates,
  monitor: ({ covariance }) => ({ lower: choleskyOf(covariance ?? []) }),
  step(memory, datum, at, estimates, options) {
    const point = vectorsOf(datum);
    const n = point?.vectors.length ?? 0;
    const alpha = options.alpha ?? DEFAULT_ALPHA;
    const judgedAs = { estimates, single: point?.kind !== 'subgroups', n: Math.max(1, n), phase: at.excluded ? 2 : at.phase };
    const limits = { center: hotellingQuantile(0.5, judgedAs), lcl: 0, ucl: hotellingQuantile(1 - alpha, judgedAs) };
    const value = point === null ? null : n * squaredDistance(meanOf(point.vectors), estimates.mean ?? [], memory.lower);
    return { memory, point: pointAt(at, n, value, limits, null), companion: null };
  },
};

function hotellingQuantile(
  probability: number,
  { estimates, single, n, phase }: { estimates: ChartEstimates; single: boolean; n: number; phase: 1 | 2 },
): number {
  const { mean, degreesOfFreedom: f, values, method } = estimates;
  const p = mean?.length ?? 0;
  if (f === null) return chiSquareQuantile(probability, p);
  if (phase === 1 && single && method !== 'given') {
    const rest = method === 'successive-differences' ? f : values - 1;
    const second = (rest - p) / 2;
    if (!(second > 0)) throw new StatisticsError('TOO_FEW_POINTS', `limits of ${p} variables need more vectors than ${values}`);
    return ((values - 1) ** 2 / values) * betaQuantile(probability, p / 2, method === 'successive-differences' ? (f - p - 1) / 2 : second);
  }
  const ofMean = values === 0 ? 0 : n / values;
  const share = phase === 1 && method !== 'given' ? 1 - ofMean : 1 + ofMean;
  return ((share * p * f) / (f - p + 1)) * fQuantile(probability, p, f - p + 1);
}

/** dᵀ·S⁻¹·d = |L⁻¹·d|², solved forward. @throws StatisticsError `BAD_DATA` for a vector of another length */
function squaredDistance(vector: readonly number[], mean: readonly number[], lower: readonly (readonly number[])[]): number {
  if (vector.length !== mean.length) throw new StatisticsError('BAD_DATA', `vectors have ${mean.length} components, not ${vector.length}`);
  const solved: number[] = [];
  let distance = 0;
  for (const [row, factors] of lower.entries()) {
    let rest = vector[row] - mean[row];
    for (let column = 0; column < row; column += 1) rest -= factors[column] * solved[column];
    solved.push(rest / factors[row]);
    distance += solved[row] ** 2;
  }
  return distance;
}
