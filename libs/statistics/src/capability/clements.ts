import { power } from '../numerics/power.js';
import { mean, standardDeviation } from '../numerics/moments.js';
import { sumOf } from '../numerics/summation.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { capabilityOfPercentiles } from './percentile-capability.js';
import type { PercentileCapability, ProcessPercentiles } from './percentile-capability.js';
import type { SpecificationLimits } from './specification.js';

export interface ClementsCapability extends PercentileCapability {
  readonly n: number;
  /** m₃/m₂^1.5 and m₄/m₂² of the sample; a normal distribution has 0 and 3. */
  readonly skewness: number;
  readonly kurtosis: number;
}

const TAIL = 0.00135;
const CELLS = 20_000;
/** Standard deviations beyond which a Pearson curve with a fourth moment has nothing that matters at the 0.135 % points. */
const WIDEST = 60;
/** A coefficient that is smaller than this share of the largest counts as 0: the curve of the next simpler type. */
const NEGLIGIBLE = 1e-7;

/**
 * Performance of a process that is not normal, by the percentiles of the Pearson curve with its mean, standard deviation,
 * skewness and kurtosis.
 * Source: J. A. Clements, Process Capability Calculations for Non-Normal Distributions, Quality Progress 22 (1989); the
 * percentiles, tabulated there, are calculated.
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below eight values, `BAD_DATA` without spread or for a J- or U-shaped curve, `BAD_LIMITS`, `NOT_FINITE`
 */
export function clementsCapability(sample: ArrayLike<number>, limits: SpecificationLimits): ClementsCapability {
  const values = Array.from(sample, finite);
  const n = values.length;
  if (n < 8) throw new StatisticsError('TOO_FEW_POINTS', 'skewness and kurtosis need at least eight values');
  const center = mean(values);
  const sd = standardDeviation(values);
  if (sd === 0) throw new StatisticsError('BAD_DATA', 'all values are equal: they have no shape');
  const moment = (order: number): number => sumOf(values.map((value) => power((value - center) / sd, order))) / n;
  const skewness = moment(3) / power(moment(2), 1.5);
  const kurtosis = moment(4) / moment(2) ** 2;
  const { lower, median, upper } = pearsonPercentiles(skewness, kurtosis);
  const percentiles = { lower: center + sd * lower, median: center + sd * median, upper: center + sd * upper };
  return { ...capabilityOfPercentiles(percentiles, limits), n, skewness, kurtosis };
}

/**
 * The 0.135 %, 50 % and 99.865 % points of the Pearson curve with mean 0 and standard deviation 1, good to about 1e-5.
 *
 * f′/f = −(Dx + c₁)/(c₀ + c₁x + c₂x²) with c₀ = 4β₂ − 3β₁, c₁ = √β₁(β₂ + 3), c₂ = 2β₂ − 3β₁ − 6, D = 10β₂ − 12β₁ − 18.
 * Source: W. P. Elderton, N. L. Johnson, Systems of Frequency Curves, 1969, chapter 4.
 * @param kurtosis β₂, 3 for a normal distribution
 * @throws StatisticsError `BAD_DATA` where no distribution has these moments, or the curve is J- or U-shaped
 */
export function pearsonPercentiles(skewness: number, kurtosis: number): ProcessPercentiles {
  const curve = curveOf(finite(skewness), finite(kurtosis));
  const { from, to } = supportOf(curve);
  const width = (to - from) / CELLS;
  const logs = Array.from({ length: CELLS }, (_, cell) => logDensity(curve, from + (cell + 0.5) * width));
  const peak = logs.reduce((most, log) => Math.max(most, log), -Infinity);
  const masses = logs.map((log) => Math.exp(log - peak));
  const total = sumOf(masses);
  const at = (p: number): number => {
    let below = 0;
    for (const [cell, mass] of masses.entries()) {
      if (below + mass >= p * total) return from + (cell + (p * total - below) / mass) * width;
      below += mass;
    }
    return to;
  };
  return { lower: at(TAIL), median: at(0.5), upper: at(1 - TAIL) };
}

interface Curve {
  readonly d: number;
  readonly c0: number;
  readonly c1: number;
  readonly c2: number;
}

function curveOf(skewness: number, kurtosis: number): Curve {
  const squared = skewness * skewness;
  if (kurtosis <= squared + 1)
    throw new StatisticsError('BAD_DATA', 'no distribution has this skewness and kurtosis but one of two values');
  const c0 = 4 * kurtosis - 3 * squared;
  const kept = (coefficient: number): number => (Math.abs(coefficient) < NEGLIGIBLE * c0 ? 0 : coefficient);
  return { d: 10 * kurtosis - 12 * squared - 18, c0, c1: kept(skewness * (kurtosis + 3)), c2: kept(2 * kurtosis - 3 * squared - 6) };
}

/** The interval around the mean on which the denominator is positive. */
function supportOf(curve: Curve): { readonly from: number; readonly to: number } {
  const { d, c0, c1, c2 } = curve;
  const discriminant = c1 * c1 - 4 * c0 * c2;
  const q = -(c1 + (c1 < 0 ? -1 : 1) * Math.sqrt(Math.max(0, discriminant))) / 2;
  const roots = discriminant < 0 ? [] : c2 === 0 ? (c1 === 0 ? [] : [-c0 / c1]) : [q / c2, c0 / q];
  const from = roots.filter((root) => root < 0).reduce((most, root) => Math.max(most, root), -WIDEST);
  const to = roots.filter((root) => root > 0).reduce((least, root) => Math.min(least, root), WIDEST);
  for (const bound of roots.filter((root) => root === from || root === to)) {
    // Near a bound the density is like its distance to the power of this.
    const power = -(d * bound + c1) / (c1 + 2 * c2 * bound);
    if (power < -1e-9) {
      throw new StatisticsError(
        'BAD_DATA',
        'the values pile up at a bound (a J- or U-shaped curve); use percentileCapability or a transformation',
      );
    }
  }
  return { from, to };
}

/** The integral of f′/f in closed form, up to a constant. */
function logDensity({ d, c0, c1, c2 }: Curve, x: number): number {
  if (c2 === 0) {
    if (c1 === 0) return (-d * x * x) / (2 * c0);
    return -(d * x) / c1 - (1 - (d * c0) / (c1 * c1)) * Math.log(Math.abs(c1 * x + c0));
  }
  const discriminant = c1 * c1 - 4 * c0 * c2;
  const root = Math.sqrt(Math.abs(discriminant));
  const slope = 2 * c2 * x + c1;
  const rest =
    discriminant < 0
      ? (2 / root) * Math.atan(slope / root)
      : discriminant === 0
        ? -2 / slope
        : Math.log(Math.abs((slope - root) / (slope + root))) / root;
  return -(d / (2 * c2)) * Math.log(c0 + c1 * x + c2 * x * x) - c1 * (1 - d / (2 * c2)) * rest;
}
