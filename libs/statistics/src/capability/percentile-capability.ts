import { StatisticsError, finite } from '../statistics-error.js';
import { specificationOf } from './specification.js';
import type { SpecificationLimits } from './specification.js';

/** Sample percentiles as R. J. Hyndman and Y. Fan number them (The American Statistician 50, 1996): 6 Minitab, 7 R, 8 median-unbiased. */
export type QuantileType = 6 | 7 | 8;

/** The values below which 0.135 %, 50 % and 99.865 % lie: where ±3σ lie on a normal distribution. */
export interface ProcessPercentiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

export interface PercentileCapability {
  readonly n: number | null;
  readonly percentiles: ProcessPercentiles;
  readonly pp: number | null;
  readonly ppl: number | null;
  readonly ppu: number | null;
  readonly ppk: number;
  /** True where the percentiles are little more than the smallest and the largest value: fewer than 1,000 values. */
  readonly extremesOnly: boolean;
}

const TAIL = 0.00135;
/** From here on the 0.135 % point lies inside the sample. */
const SAMPLE_FOR_TAILS = 1000;

/**
 * Performance without a distribution: Pp = (U − L)/(x₉₉.₈₆₅ − x₀.₁₃₅), Ppu = (U − x₅₀)/(x₉₉.₈₆₅ − x₅₀), Ppl = (x₅₀ − L)/(x₅₀ − x₀.₁₃₅).
 * Source: ISO 22514-2:2017, general geometric method.
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below two values, `BAD_DATA` where the percentiles coincide, `BAD_LIMITS`, `NOT_FINITE`, `BAD_OPTION`
 */
export function percentileCapability(
  values: ArrayLike<number>,
  limits: SpecificationLimits,
  options: { readonly quantileType?: QuantileType } = {},
): PercentileCapability {
  const sorted = Array.from(values, finite).sort((one, other) => one - other);
  if (sorted.length < 2) throw new StatisticsError('TOO_FEW_POINTS', 'percentiles need at least two values');
  const at = (p: number): number => sampleQuantile(sorted, p, options.quantileType ?? 7);
  const result = capabilityOfPercentiles({ lower: at(TAIL), median: at(0.5), upper: at(1 - TAIL) }, limits);
  return { ...result, n: sorted.length, extremesOnly: sorted.length < SAMPLE_FOR_TAILS };
}

/** The same from percentiles known otherwise, such as of a fitted distribution. @throws StatisticsError `BAD_DATA`, `BAD_LIMITS` */
export function capabilityOfPercentiles(percentiles: ProcessPercentiles, limits: SpecificationLimits): PercentileCapability {
  const { lower, upper } = specificationOf(limits);
  const above = percentiles.upper - percentiles.median;
  const below = percentiles.median - percentiles.lower;
  if (!(above > 0 && below > 0))
    throw new StatisticsError('BAD_DATA', 'the percentiles do not differ: too few different values to judge the tails by');
  const ppl = lower === null ? null : (percentiles.median - lower) / below;
  const ppu = upper === null ? null : (upper - percentiles.median) / above;
  return {
    n: null,
    percentiles,
    pp: lower === null || upper === null ? null : (upper - lower) / (above + below),
    ppl,
    ppu,
    ppk: Math.min(ppl ?? Infinity, ppu ?? Infinity),
    extremesOnly: false,
  };
}

/** A percentile of values in ascending order. @throws StatisticsError `BAD_OPTION` */
export function sampleQuantile(sorted: readonly number[], p: number, type: QuantileType = 7): number {
  if (!(p >= 0 && p <= 1) || ![6, 7, 8].includes(type))
    throw new StatisticsError('BAD_OPTION', 'a percentile lies between 0 and 1 and its type is 6, 7 or 8');
  const n = sorted.length;
  const position = type === 6 ? (n + 1) * p : type === 7 ? (n - 1) * p + 1 : (n + 1 / 3) * p + 1 / 3;
  const inside = Math.min(Math.max(position, 1), n);
  const below = Math.floor(inside);
  const low = sorted[below - 1];
  return below === n ? low : low + (inside - below) * (sorted[below] - low);
}
