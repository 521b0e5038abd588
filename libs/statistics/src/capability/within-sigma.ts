import { d2, d3 } from '../charts/constants.js';
import { chiMean, equivalentDegreesOfFreedom } from '../measurement-systems/range-factors.js';
import { sumOf } from '../numerics/summation.js';
import { standardDeviation } from '../numerics/moments.js';
import { StatisticsError } from '../statistics-error.js';

/** `range`: mean of R/d2; `standard-deviation`: mean of s/c4; `pooled`: root of the pooled variance; `moving-range`: MR̄/d2(2). */
export type WithinMethod = 'range' | 'standard-deviation' | 'pooled' | 'moving-range';

export interface WithinSigma {
  readonly method: WithinMethod;
  readonly sigma: number;
  /** Of a χ distribution that scatters as much as this estimate; of `pooled` exactly. */
  readonly degreesOfFreedom: number;
}

/**
 * Covariance of neighbouring moving ranges in σ²: their differences have correlation −½, and E|XY| of two normal variables
 * with variance 2 is (4/π)(√(1 − ρ²) + ρ·asin ρ).
 */
const NEIGHBOURING_RANGES = (4 / Math.PI) * (Math.sqrt(3) / 2 + Math.PI / 12 - 1);

/**
 * Standard deviation within subgroups.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, sections 6.2 and 6.3; degrees of freedom of ranges by
 * P. B. Patnaik, Biometrika 37 (1950).
 *
 * @param subgroups complete values only; those with fewer than two say nothing and are passed over
 * @param unbiased divides the pooled estimate by c4 of its degrees of freedom, as some software does
 * @throws StatisticsError `TOO_FEW_POINTS`, `SIZE_OUT_OF_RANGE` by range above 100 values, `BAD_DATA` without spread
 */
export function withinSigma(
  subgroups: readonly (readonly number[])[],
  method: Exclude<WithinMethod, 'moving-range'>,
  unbiased = false,
): WithinSigma {
  const usable = subgroups.filter((subgroup) => subgroup.length > 1);
  if (usable.length === 0)
    throw new StatisticsError('TOO_FEW_POINTS', 'the spread within subgroups needs a subgroup of at least two values');
  if (method === 'pooled') return pooled(usable, unbiased);
  const factor = method === 'range' ? rangeFactor : deviationFactor;
  const parts = usable.map((subgroup) => {
    const { mean, sd } = factor(subgroup.length);
    const spread = method === 'range' ? Math.max(...subgroup) - Math.min(...subgroup) : standardDeviation(subgroup);
    return { sigma: spread / mean, variance: (sd / mean) ** 2 };
  });
  const degreesOfFreedom = equivalentDegreesOfFreedom(sumOf(parts.map(({ variance }) => variance)) / parts.length ** 2);
  return checked({ method, sigma: sumOf(parts.map(({ sigma }) => sigma)) / parts.length, degreesOfFreedom });
}

/**
 * Short-term standard deviation of single values by their moving ranges.
 * @param values in the order of time; null where one is missing, which no moving range reaches across
 * @throws StatisticsError `TOO_FEW_POINTS` without two neighbours, `BAD_DATA` without spread
 */
export function movingRangeSigma(values: readonly (number | null)[]): WithinSigma {
  const ranges: number[] = [];
  let overlapping = 0;
  for (const [at, value] of values.entries()) {
    const before = at === 0 ? null : values[at - 1];
    if (value === null || before === null) continue;
    ranges.push(Math.abs(value - before));
    if (at > 1 && values[at - 2] !== null) overlapping += 1;
  }
  if (ranges.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'a moving range needs two neighbouring values');
  const variance = ranges.length * d3(2) ** 2 + 2 * overlapping * NEIGHBOURING_RANGES;
  const degreesOfFreedom = equivalentDegreesOfFreedom(variance / (ranges.length * d2(2)) ** 2);
  return checked({ method: 'moving-range', sigma: sumOf(ranges) / ranges.length / d2(2), degreesOfFreedom });
}

/** Mean and standard deviation of the relative range, and of s/σ. */
export const rangeFactor = (n: number): { readonly mean: number; readonly sd: number } => ({ mean: d2(n), sd: d3(n) });
export const deviationFactor = (n: number): { readonly mean: number; readonly sd: number } => {
  const mean = chiMean(n - 1);
  return { mean, sd: Math.sqrt(1 - mean * mean) };
};

function pooled(subgroups: readonly (readonly number[])[], unbiased: boolean): WithinSigma {
  const degreesOfFreedom = sumOf(subgroups.map((subgroup) => subgroup.length - 1));
  const squares = sumOf(subgroups.map((subgroup) => (subgroup.length - 1) * standardDeviation(subgroup) ** 2));
  const sigma = Math.sqrt(squares / degreesOfFreedom);
  return checked({ method: 'pooled', sigma: unbiased ? sigma / chiMean(degreesOfFreedom) : sigma, degreesOfFreedom });
}

function checked(estimate: WithinSigma): WithinSigma {
  if (estimate.sigma > 0) return estimate;
  throw new StatisticsError('BAD_DATA', 'neighbouring values never differ: is the gage too coarse, or a value repeated?');
}
